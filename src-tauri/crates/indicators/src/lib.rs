//! Technical indicators as Pine Script defines them, one bar at a time, and the expressions that name them.
//!
//! An [`Expression`] is read once ([`Expression::parse`]); a [`Study`] is one running over a series of [`Bar`]s. A
//! study is `Clone`: a clone that is given the running bar shows its value without any state being changed. There is
//! no separate batch computation: a batch is a study that is given all bars, so the two cannot differ.
//!
//! What is not known is *na*: `None` here. A bar whose inputs are na is skipped whole and changes nothing. Numbers
//! are `f64`, as they are in Pine; money never comes through here.
//!
//! Deliberately absent: input and output, clocks, candles from anywhere. The callers are `strategy` and `desk`.

mod atr;
mod bar;
mod bollinger;
mod cci;
mod dmi;
mod ema;
mod expression;
mod extreme;
mod function;
mod indicator;
mod macd;
mod mfi;
mod obv;
#[cfg(test)]
mod property_tests;
mod rma;
mod roc;
mod rsi;
mod sma;
mod stdev;
mod stoch;
mod study;
mod supertrend;
#[cfg(test)]
mod tests;
mod vwap;
mod warm_up;
mod window;
mod wma;
mod wpr;

pub use atr::{Atr, TrueRange};
pub use bar::{Bar, Field};
pub use bollinger::{Bands, Bollinger};
pub use cci::Cci;
pub use dmi::{Dmi, Movement};
pub use ema::Ema;
pub use expression::{Expression, ExpressionError, Problem};
pub use extreme::{Highest, Lowest};
pub use function::{Function, Parameter, Signature};
pub use indicator::{Indicator, MAGNITUDE_MAX, TOLERANCE};
pub use macd::{Macd, MacdLines};
pub use mfi::Mfi;
pub use obv::Obv;
pub use rma::Rma;
pub use roc::Roc;
pub use rsi::Rsi;
pub use sma::Sma;
pub use stdev::Stdev;
pub use stoch::{Stoch, StochInput};
pub use study::{OUTPUTS_MAX, Study, Values};
pub use supertrend::{Supertrend, Trend};
pub use vwap::Vwap;
pub use warm_up::WarmUp;
pub use window::Window;
pub use wma::Wma;
pub use wpr::Wpr;
