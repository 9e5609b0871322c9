//! Comments that say how much of a position to leave.

use crate::error::{ReadError, visible};
use domain::{ReasonCode, parse_decimal};
use rust_decimal::Decimal;

/// How much of the position a comment leaves, in percent above 0 and up to 100; nothing when it is an ordinary one.
///
/// `EXIT_50`, `EXIT_HALF`, `EXIT_FINAL`, `EXIT_ALL`, whatever the case. `EXIT_` and letters that are none of these
/// (`Exit_Long`) is an ordinary comment, except where `strict` says that the dialect has no other `EXIT_` comments.
///
/// # Errors
/// `INVALID_EXIT_PERCENT` for a number outside 1 to 100.
pub(crate) fn percent(comment: &str, strict: bool) -> Result<Option<Decimal>, ReadError> {
    let upper = comment.trim().to_ascii_uppercase();
    let Some(amount) = upper.strip_prefix("EXIT_") else { return Ok(None) };
    let named = match amount {
        "HALF" => Some(Decimal::from(50)),
        "FINAL" | "ALL" => Some(Decimal::ONE_HUNDRED),
        number => parse_decimal(number.strip_suffix('%').unwrap_or(number)).ok(),
    };
    let is_number = amount.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    match named.filter(|p| *p >= Decimal::ONE && *p <= Decimal::ONE_HUNDRED) {
        Some(percent) => Ok(Some(percent)),
        None if is_number || named.is_some() || strict => {
            let sentence = format!(
                "The comment {} does not say how much to exit: EXIT_1 to EXIT_100, EXIT_HALF, EXIT_FINAL and EXIT_ALL do.",
                visible(comment)
            );
            Err(ReadError::new(ReasonCode::InvalidExitPercent, sentence).at_field("comment"))
        }
        None => Ok(None),
    }
}

/// Whether a comment says that the order is an entry.
pub(crate) fn is_entry(comment: Option<&str>) -> bool {
    comment.is_some_and(|c| c.trim().eq_ignore_ascii_case("ENTRY"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(comment: &str, strict: bool, expected: Result<Option<&str>, ReasonCode>) {
        let found = percent(comment, strict).map(|p| p.map(|p| p.to_string())).map_err(|e| e.code);
        assert_eq!(found, expected.map(|p| p.map(str::to_owned)), "{comment:?}");
    }

    #[test]
    fn exit_comments_name_a_share_or_are_refused() {
        for (comment, share) in [
            ("EXIT_50", "50"),
            ("EXIT_HALF", "50"),
            ("exit_33", "33"),
            (" Exit_25 ", "25"),
            ("EXIT_12.5", "12.5"),
            ("EXIT_1", "1"),
            ("EXIT_100", "100"),
            ("EXIT_75%", "75"),
            ("EXIT_FINAL", "100"),
            ("EXIT_ALL", "100"),
        ] {
            check(comment, true, Ok(Some(share)));
            check(comment, false, Ok(Some(share)));
        }
        for comment in
            ["EXIT_0", "EXIT_101", "EXIT_-5", "EXIT_0.5", "EXIT_1e99", "EXIT_5x", "EXIT_999999999999999999"]
        {
            check(comment, true, Err(ReasonCode::InvalidExitPercent));
            check(comment, false, Err(ReasonCode::InvalidExitPercent));
        }
        for comment in ["EXIT_", "EXIT_LONG", "EXIT_SOME"] {
            check(comment, true, Err(ReasonCode::InvalidExitPercent));
            check(comment, false, Ok(None));
        }
        for comment in ["", "ENTRY", "EXIT", "Long", "MY EXIT_50"] {
            check(comment, true, Ok(None));
        }
    }
}
