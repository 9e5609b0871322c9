//! Strategies: a tree of conditions over indicators and alerts, and what it says of a signal.
//!
//! A [`Strategy`] is checked when it is made. It says which candles it needs ([`Strategy::needs`]), computes its
//! operands over them ([`Strategy::observe`]) and judges a signal by the result ([`Strategy::judge`]); the two steps are
//! apart so that signals which share their candles share the computation. A [`Judgement`] holds every condition with
//! the values it was judged by, and comes to a [`domain::Verdict`].
//!
//! Deliberately absent: files and their format, candles from anywhere, clocks. What cannot be known confirms nothing:
//! candles that are missing, too old or too few are [`Unknown`], an operand that is na makes its condition na, and na is
//! not true in whatever it is put. The caller is `desk`.

mod check;
mod condition;
mod judge;
mod judgement;
mod observe;
mod operand;
mod operator;
#[cfg(test)]
mod property_tests;
mod strategy;
mod supply;
#[cfg(test)]
mod tests;

pub use check::{Fault, Problem};
pub use condition::{Condition, Leaf, Test};
pub use judgement::{Judgement, LeafReport, Outcome, Unknown, UnknownCause, Value};
pub use observe::{Observed, Observer};
pub use operand::{AlertField, Operand};
pub use operator::{Comparison, Crossing, Slope, TREND_MAX};
pub use strategy::{
    ApplyTo, CANDLES_MAX, CANDLES_MIN, DEPTH_MAX, Definition, LEAVES_MAX, Moment, NAME_MAX, OnUnknown,
    SERIES_MAX, Strategy, TIMEFRAMES_MAX,
};
pub use supply::{Candles, Need, SeriesKey};
