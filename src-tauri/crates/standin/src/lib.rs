//! Stand-ins for what is outside the machine, as real servers on loopback ports.
//!
//! [`venue::VenueServer`] is an exchange over a synthetic market. `Edge` (feature `edge`) is the edge of a tunnel service
//! as ngrok's crate speaks to it. Faults are made to order, so that tests can say what must come of them.
//!
//! Deliberately absent: any knowledge of Pitwire's inside. Callers are tests, and `pitwire demo` for its market.

#[cfg(feature = "edge")]
mod authority;
#[cfg(feature = "edge")]
pub mod edge;
pub mod venue;

#[cfg(feature = "edge")]
pub use authority::{Authority, AuthorityError};
#[cfg(feature = "edge")]
pub use edge::Edge;
