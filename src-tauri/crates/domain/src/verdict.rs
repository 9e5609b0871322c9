//! What a strategy says of a signal, as the broker hears it.

use crate::reason::ReasonCode;

/// What a strategy's pipeline says of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be executed.
    Confirm,
    /// It may not; the code says why.
    Deny(ReasonCode),
    /// It may not where it opens or adds to a position; an exit passes by.
    DenyEntries(ReasonCode),
}
