//! Stand-ins for what is outside the machine, as real servers on loopback ports.
//!
//! [`venue::VenueServer`] is an exchange over a synthetic market. Faults are made to order, so that tests can say what must
//! come of them.
//!
//! Deliberately absent: any knowledge of Pitwire's inside. Callers are tests, and `pitwire demo` for its market.

pub mod venue;
