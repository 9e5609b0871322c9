//! The way from the internet to the listener: an ngrok session under supervision, or a public URL of one's own.
//!
//! [`supervise`] keeps what [`Plan`] asks for: it connects through a [`Connector`], watches the link, and connects
//! again for as long as it takes. [`Standing`] is what it says about itself, [`Cause`] why. [`probe()`] sends a request
//! to the public address and says how far it came.
//!
//! Deliberately absent: the database, HTTP served, the window, clocks and randomness (both are handed in). Whoever is
//! handed an [`Incoming`] serves it. `desk` is the only caller.

mod backoff;
mod cause;
mod connector;
mod cuttable;
mod machine;
mod ngrok_session;
mod plan;
mod policy;
mod probe;
mod standing;
mod supervisor;
mod trust;

pub use backoff::Backoff;
pub use cause::{Cause, Fault};
pub use connector::{Beat, Connector, Held, Hold, Incoming, Link, OpenPort, OwnUrlPort, Stream, Visitor};
pub use ngrok_session::NgrokConnector;
pub use plan::{NgrokPlan, OwnUrlPlan, Plan, Timing};
pub use probe::{ProbeRequest, Probed, Reached, probe};
pub use standing::{Standing, State};
pub use supervisor::{Supervised, Wish, supervise};
pub use trust::TrustError;
