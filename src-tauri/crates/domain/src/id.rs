//! Public identifiers: a prefix that names the kind, then random text.

use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// The longest identifier, in bytes.
const ID_MAX: usize = 64;

/// A text that is no identifier of the kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an id of this kind: {expected} is wanted")]
pub struct IdError {
    /// What such an id looks like.
    pub expected: &'static str,
}

fn tail_is_plain(tail: &str) -> bool {
    !tail.is_empty()
        && tail.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $($prefix:literal)|+, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads an id.
            ///
            /// # Errors
            /// [`IdError`] when the prefix or a character is wrong, or it is over 64 bytes.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let known = [$($prefix),+].into_iter().any(|p| text.strip_prefix(p).is_some_and(tail_is_plain));
                if known && text.len() <= ID_MAX { Ok(Self(text.into())) } else { Err(IdError { expected: $expected }) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A webhook: `wh_` and 12 lowercase base32 characters.
    WebhookId, "wh_", "wh_ and lowercase letters or digits"
);
id!(
    /// A signal: `sig_…`, or `replayed-…` for a replay.
    SignalId, "sig_" | "replayed-", "sig_… or replayed-…"
);
id!(
    /// A paper account: `acc_…`.
    AccountId, "acc_", "acc_…"
);
id!(
    /// A strategy: `str_…`.
    StrategyId, "str_", "str_…"
);
id!(
    /// An order: `ord_…`.
    OrderId, "ord_", "ord_…"
);
id!(
    /// A fill: `fil_…`.
    FillId, "fil_", "fil_…"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_kind() {
        assert_eq!(WebhookId::parse("wh_abcdefghij23").unwrap().as_str(), "wh_abcdefghij23");
        assert!(SignalId::parse("replayed-7k2").is_ok());
        assert!(WebhookId::parse("wh_two-part_tail").is_ok());
        for wrong in ["", "wh_", "WH_abc", "wh_ABC", "sig_abc", "wh_a/b", "wh_a\n"] {
            assert!(WebhookId::parse(wrong).is_err(), "{wrong:?}");
        }
        assert!(WebhookId::parse(&format!("wh_{}", "a".repeat(62))).is_err());
    }
}
