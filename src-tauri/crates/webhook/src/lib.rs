//! The HTTP listener: routes, authentication, limits, answers.
//!
//! [`Gate`] judges requests, [`serve()`] gives it connections. What is known about webhooks comes from a
//! [`Directory`]; what was received goes to a [`SignalSink`], and the sender is told only what the sink has said.
//!
//! Deliberately absent: the database, the broker, the window, clocks. No request is executed here and no token
//! leaves this crate: bodies and headers are masked before the sink sees them. `desk` is the only caller.

mod address;
mod allowance;
mod answer;
mod authenticate;
mod body;
mod clock;
mod directory;
mod gate;
mod headers;
mod host;
mod judge;
mod limits;
mod noted;
mod probe;
mod receive;
mod reply_times;
mod routes;
mod serve;
mod sink;
mod traffic;

pub use address::TRADINGVIEW_ADDRESSES;
pub use clock::Clock;
pub use directory::{Directory, Entry, Rate, Snapshot, StrategyState};
pub use gate::{Gate, GateParts};
pub use limits::Limits;
pub use reply_times::{ReplyQuantiles, ReplyTimes};
pub use serve::{Doorway, Drained, Entrant, serve};
pub use sink::{AcceptAnswer, Arrival, Note, Received, Refusal, SignalSink, Signed, Timings, Via};
pub use traffic::Traffic;
