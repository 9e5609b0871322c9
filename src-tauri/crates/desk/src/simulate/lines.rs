//! Lines of a stream of steps, one at a time.

use crate::wire::RpcError;
use domain::ReasonCode;
use std::io::{BufRead, Read};

/// The longest line of a stream of steps, in bytes.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// Lines of text that are not blank.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0 }
    }

    /// The next one with its number, counted from 1; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<(&str, usize)>, RpcError> {
        loop {
            self.line.clear();
            self.number += 1;
            let mut limited = (&mut self.input).take(LINE_BYTES_MAX + 1);
            let read = limited.read_until(b'\n', &mut self.line).map_err(|error| {
                at_line(RpcError::new("FAILED", format!("The steps cannot be read: {error}.")), self.number)
            })?;
            if read == 0 {
                return Ok(None);
            }
            if u64::try_from(read).unwrap_or(u64::MAX) > LINE_BYTES_MAX {
                let sentence = format!("The line is longer than {LINE_BYTES_MAX} bytes.");
                return Err(at_line(RpcError::new(ReasonCode::BodyTooLarge.as_str(), sentence), self.number));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        utf8(&self.line, self.number).map(|text| Some((text, self.number)))
    }
}

/// The text that `bytes` are, without a byte order mark; its first line has the number `line_first`.
pub(super) fn utf8(bytes: &[u8], line_first: usize) -> Result<&str, RpcError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = line_first + before.iter().filter(|byte| **byte == b'\n').count();
        at_line(
            RpcError::new(ReasonCode::MalformedJson.as_str(), "This is no UTF-8 text from here on."),
            line,
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).trim_end())
}

fn at_line(error: RpcError, line: usize) -> RpcError {
    RpcError { line: u32::try_from(line).ok(), ..error }
}
