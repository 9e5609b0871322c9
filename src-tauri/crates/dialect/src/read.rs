//! From bytes to signals.

use crate::error::ReadError;
use crate::reading::{Reading, Settings};
use domain::ReasonCode;

/// The most signals that one body may hold.
pub const SIGNALS_MAX: usize = 100;

/// Reads a body into one or more signals.
///
/// # Errors
/// [`ReadError`] with the code of the first thing that is wrong. An unresolved placeholder wins over an error of
/// JSON; one bad element of an array refuses all of it.
pub fn read(body: &[u8], settings: &Settings) -> Result<Reading, ReadError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::new(ReasonCode::EmptyBody, ReasonCode::EmptyBody.sentence()));
    }
    let mut error = ReadError::new(ReasonCode::Unrecognised, ReasonCode::Unrecognised.sentence());
    error.dialect = settings.dialect;
    Err(error)
}
