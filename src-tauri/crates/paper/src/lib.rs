//! The paper broker: signals and prices in, orders, fills and balanced books out; pure, deterministic, exact.
//!
//! A [`Broker`] is one account. [`Broker::apply`] takes one [`Input`] and returns the [`Event`]s that the caller
//! writes down; [`Broker::state`] is all that must survive a restart. [`duplicate`] is the rule by which a repeated
//! message is recognised, on its own because it is asked before a signal is accepted.
//!
//! Deliberately absent: clocks, randomness, input and output, serialisation, exchange rates. Time and ids come in
//! with the input. No number is ever rounded silently: what cannot be held exactly is `ARITHMETIC_OVERFLOW`.
//! The caller is `desk`.

pub mod analytics;
mod balance;
#[cfg(test)]
mod bench;
mod broker;
mod check;
mod config;
#[cfg(test)]
mod coverage_tests;
mod currency;
pub mod duplicate;
mod event;
mod exact;
mod fee;
mod figure;
mod fill;
mod hours;
mod input;
mod instrument;
mod intent;
mod ledger;
mod order;
mod position;
mod price;
mod risk;
mod sizing;
mod state;
mod trade;

pub use balance::Balances;
pub use broker::{Broker, Needs};
pub use check::{Check, CheckName, Checks, Outcome, Reason};
pub use config::{BarPath, Config, ConfigError, ConfigErrorKind, ConfigKey, GeneralInstrument, LimitFill};
pub use currency::{Currency, CurrencyError, quote_currency};
pub use event::{Decision, Event};
pub use exact::Overflow;
pub use fee::{FeeSchedule, Liquidity};
pub use figure::Figure;
pub use fill::{FeeParts, Fill, Why};
pub use hours::{TradingHours, Zone};
pub use input::{Bar, Input, SignalInput, WebhookRules, WebhookState};
pub use instrument::{Instrument, InstrumentSettings};
pub use ledger::{Entry, LedgerAccount, LedgerTotals, Subject, Transaction};
pub use order::{
    CancelReason, ClientOrderId, Order, OrderEvent, OrderStatus, OrderStatusError, Origin, Role, Trailing,
};
pub use position::Position;
pub use price::{Observation, PriceChoice, PriceSource, Quote, Seen, Slippage, SlippageKind};
pub use risk::{Amount, Directions, DrawdownFrom, RiskLimits, RiskState};
pub use state::{Funds, State, StateError};
pub use trade::{ExitReason, ExitReasons, OpenTrade, Trade};
