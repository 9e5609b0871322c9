//! The trading vocabulary that every other crate speaks: prices, quantities, money, symbols, sides, ids,
//! timestamps, candles, the canonical [`Signal`] and the catalogue of [`ReasonCode`]s.
//!
//! Deliberately absent: input and output, clocks, randomness, serialisation. Values here are checked when they
//! are made and never afterwards.

mod candle;
mod dialect_name;
mod id;
mod money;
mod number;
mod price;
mod quantity;
mod reason;
mod side;
mod signal;
mod sizing;
mod status;
mod symbol;
mod timeframe;
mod timestamp;
mod verdict;

pub use candle::{Candle, CandleError};
pub use dialect_name::DialectName;
pub use id::{AccountId, FillId, IdError, OrderId, SignalId, StrategyId, WebhookId};
pub use money::Money;
pub use number::{NumberError, parse_decimal};
pub use price::Price;
pub use quantity::{NetQuantity, Quantity};
pub use reason::{Audience, ReasonCode, UnknownReasonCode};
pub use side::{OrderSide, Side};
pub use signal::{
    BracketLevel, Intent, Market, OrderRequest, OrderType, Signal, Size, SizeUnit, StopLoss, TakeProfit,
    TimeInForce, Trail, TrailUnit,
};
pub use sizing::{SellMode, Sizing, SizingError};
pub use status::{SignalStatus, StatusError, StatusEvent};
pub use symbol::{Symbol, SymbolError};
pub use timeframe::{Timeframe, TimeframeError};
pub use timestamp::{Timestamp, TimestampError};
pub use verdict::Verdict;

#[cfg(test)]
mod value_tests;
