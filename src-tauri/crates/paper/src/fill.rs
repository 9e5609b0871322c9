//! Fills, and why they have their price.

use crate::fee::Liquidity;
use crate::order::Origin;
use crate::price::PriceSource;
use domain::{FillId, Money, OrderId, OrderSide, Price, Quantity, Symbol, Timestamp};
use rust_decimal::Decimal;

/// How a fill came by its price: `price = reference + spread + slippage + rounding + cap`, exactly. Each part is signed;
/// none but `cap` is in the trader's favour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// The price that the fill started from: the ask, the bid, the last price, a point of a bar, or the order's own
    /// level.
    pub reference: Price,
    /// Where the reference came from.
    pub source: PriceSource,
    /// When the reference was observed.
    pub observed_at: Timestamp,
    /// Half the account's spread; zero where the reference is a side of a quote.
    pub spread: Decimal,
    /// The account's slippage.
    pub slippage: Decimal,
    /// What rounding to the tick added.
    pub rounding: Decimal,
    /// What the order's own limit took back of it.
    pub cap: Decimal,
}

/// How a fill came by its fee: `notional * bps / 10000`, rounded half away from zero to `dp` decimals, then at least
/// `minimum` where that is above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeParts {
    /// Quantity times price times multiplier.
    pub notional: Money,
    /// The rate, in basis points; below zero is a rebate.
    pub bps: Decimal,
    /// The decimals.
    pub dp: u32,
    /// The least that a fill costs; zero for none.
    pub minimum: Decimal,
}

/// A trade of the paper broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// Its public id.
    pub id: FillId,
    /// The order that it fills.
    pub order_id: OrderId,
    /// Who asked for the order.
    pub origin: Origin,
    /// What was traded.
    pub symbol: Symbol,
    /// The direction.
    pub side: OrderSide,
    /// How much, above zero.
    pub quantity: Quantity,
    /// At what price, on the tick.
    pub price: Price,
    /// The fee, in the account's currency.
    pub fee: Money,
    /// Whether it took or made.
    pub liquidity: Liquidity,
    /// When.
    pub at: Timestamp,
    /// The profit or loss that it realised, fees not included; zero for entries.
    pub realized: Money,
    /// Where its price comes from.
    pub why: Why,
    /// Where its fee comes from.
    pub fee_parts: FeeParts,
}
