//! Positions of the broker and their rows: columns for what is shown, JSON for the rest.

use super::money;
use domain::{AccountId, Market, NetQuantity, OrderId, Price, Quantity, Symbol, Timestamp};
use paper::{ExitReasons, Observation, OpenTrade, Position, Quote, Seen};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::positions::PositionRow;

/// What `positions.state` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PositionState {
    entries: u32,
    fees: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    opened_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<SeenState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<QuoteState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trade: Option<Box<TradeState>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_loss_at: Option<i64>,
    price_scale: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SeenState {
    Quote { bid: String, ask: String },
    Last(String),
    Alert(String),
    Bar(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuoteState {
    bid: String,
    ask: String,
    at: i64,
}

/// The round trip that the holding is in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TradeState {
    opened_by: String,
    opened_at: i64,
    quantity_max: String,
    entry_quantity: String,
    entry_notional: String,
    exit_quantity: String,
    exit_notional: String,
    gross: String,
    fees: String,
    risk: Option<String>,
    mae: String,
    mfe: String,
    bars: u32,
    exits: String,
}

fn price(text: &str) -> Result<Price, String> {
    Price::parse(text).map_err(|e| e.to_string())
}

fn quantity(text: &str) -> Result<Quantity, String> {
    Quantity::parse(text).map_err(|e| e.to_string())
}

impl SeenState {
    fn of(seen: Seen) -> Self {
        match seen {
            Seen::Quote { bid, ask } => Self::Quote { bid: bid.to_string(), ask: ask.to_string() },
            Seen::Last(price) => Self::Last(price.to_string()),
            Seen::Alert(price) => Self::Alert(price.to_string()),
            Seen::Bar(price) => Self::Bar(price.to_string()),
        }
    }

    fn read(&self) -> Result<Seen, String> {
        Ok(match self {
            Self::Quote { bid, ask } => Seen::Quote { bid: price(bid)?, ask: price(ask)? },
            Self::Last(text) => Seen::Last(price(text)?),
            Self::Alert(text) => Seen::Alert(price(text)?),
            Self::Bar(text) => Seen::Bar(price(text)?),
        })
    }
}

impl QuoteState {
    fn of(quote: &Quote) -> Self {
        Self { bid: quote.bid.to_string(), ask: quote.ask.to_string(), at: quote.at.as_micros() }
    }

    fn read(&self) -> Result<Quote, String> {
        Ok(Quote { bid: price(&self.bid)?, ask: price(&self.ask)?, at: Timestamp::from_micros(self.at) })
    }
}

impl TradeState {
    fn of(trade: &OpenTrade) -> Self {
        Self {
            opened_by: trade.opened_by.to_string(),
            opened_at: trade.opened_at.as_micros(),
            quantity_max: trade.quantity_max.to_string(),
            entry_quantity: trade.entry_quantity.to_string(),
            entry_notional: trade.entry_notional.to_string(),
            exit_quantity: trade.exit_quantity.to_string(),
            exit_notional: trade.exit_notional.to_string(),
            gross: trade.gross.to_string(),
            fees: trade.fees.to_string(),
            risk: trade.risk.map(|risk| risk.to_string()),
            mae: trade.mae.to_string(),
            mfe: trade.mfe.to_string(),
            bars: trade.bars,
            exits: trade.exits.to_string(),
        }
    }

    fn read(&self) -> Result<OpenTrade, String> {
        Ok(OpenTrade {
            opened_by: OrderId::parse(&self.opened_by).map_err(|e| e.to_string())?,
            opened_at: Timestamp::from_micros(self.opened_at),
            quantity_max: quantity(&self.quantity_max)?,
            entry_quantity: quantity(&self.entry_quantity)?,
            entry_notional: money(&self.entry_notional)?,
            exit_quantity: quantity(&self.exit_quantity)?,
            exit_notional: money(&self.exit_notional)?,
            gross: money(&self.gross)?,
            fees: money(&self.fees)?,
            risk: self.risk.as_deref().map(money).transpose()?,
            mae: money(&self.mae)?,
            mfe: money(&self.mfe)?,
            bars: self.bars,
            exits: ExitReasons::parse(&self.exits).ok_or_else(|| format!("{:?} are no exits", self.exits))?,
        })
    }
}

/// The position that a row keeps.
pub(super) fn read(row: &PositionRow) -> Result<Position, String> {
    let state: PositionState = serde_json::from_str(&row.state).map_err(|e| e.to_string())?;
    let seen = state.seen.as_ref().map(SeenState::read).transpose()?;
    let at = state.seen_at.map(Timestamp::from_micros);
    Ok(Position {
        net: row.quantity,
        cost: row.cost,
        entries: state.entries,
        realized: row.realized,
        fees: money(&state.fees)?,
        opened_at: state.opened_at.map(Timestamp::from_micros),
        observation: seen.zip(at).map(|(seen, at)| Observation { seen, at }),
        quote: state.quote.as_ref().map(QuoteState::read).transpose()?,
        trade: state.trade.map(|trade| trade.read().map(Box::new)).transpose()?,
        last_loss_at: state.last_loss_at.map(Timestamp::from_micros),
        price_scale: state.price_scale,
        market: state.market.as_deref().and_then(Market::parse),
    })
}

/// The row of a position as it now is.
pub(crate) fn position_row(
    account: &AccountId,
    symbol: &Symbol,
    position: &Position,
    multiplier: Decimal,
) -> PositionRow {
    let average = position.price_average(multiplier).and_then(Price::new);
    let observation = position.observation.as_ref();
    let state = PositionState {
        entries: position.entries,
        fees: position.fees.to_string(),
        opened_at: position.opened_at.map(Timestamp::as_micros),
        seen: observation.map(|o| SeenState::of(o.seen)),
        seen_at: observation.map(|o| o.at.as_micros()),
        quote: position.quote.as_ref().map(QuoteState::of),
        trade: position.trade.as_deref().map(|trade| Box::new(TradeState::of(trade))),
        last_loss_at: position.last_loss_at.map(Timestamp::as_micros),
        price_scale: position.price_scale,
        market: position.market.map(|m| m.as_str().to_owned()),
    };
    PositionRow {
        account_id: account.clone(),
        symbol: symbol.clone(),
        quantity: NetQuantity::new(position.net.get()),
        cost: position.cost,
        price_average: average,
        mark: observation.and_then(|o| o.mark().ok()),
        mark_at: observation.map(|o| o.at),
        realized: position.realized,
        state: serde_json::to_string(&state).expect("BUG: texts and numbers are always JSON"),
    }
}
