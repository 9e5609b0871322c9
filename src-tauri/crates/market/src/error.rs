//! Why a venue has no answer, and what the user can do about it.

use crate::listing::ListingError;
use crate::venue::Venue;
use domain::Timeframe;
use std::time::Duration;
use thiserror::Error;

/// The longest piece of a venue's own words that is passed on, in characters.
const SAID_MAX: usize = 200;

/// Why a venue has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MarketError {
    /// The symbol is none of the venue's.
    #[error(transparent)]
    Listing(#[from] ListingError),
    /// The venue has no candles of this length.
    #[error("{} has no candles of {timeframe}; it has {has}", venue.title())]
    Timeframe {
        /// The venue.
        venue: Venue,
        /// The length asked for.
        timeframe: Timeframe,
        /// The lengths that it has.
        has: String,
    },
    /// No connection, or none that answered in time.
    #[error("{} cannot be reached: {cause}", venue.title())]
    Unreachable {
        /// The venue.
        venue: Venue,
        /// The system's own words.
        cause: String,
    },
    /// Too many requests (HTTP 429, and 418 when it was ignored).
    #[error("{} wants no more requests for {} s", venue.title(), wait.as_secs().max(1))]
    TooManyRequests {
        /// The venue.
        venue: Venue,
        /// How long nothing is asked.
        wait: Duration,
        /// Whether the venue calls it a ban.
        banned: bool,
    },
    /// Not served where this machine is (HTTP 451).
    #[error("{} does not serve the place where this machine is", venue.title())]
    Location {
        /// The venue.
        venue: Venue,
    },
    /// The venue knows the request and refuses it.
    #[error("{} refuses the request: {said}", venue.title())]
    Refused {
        /// The venue.
        venue: Venue,
        /// Its own words.
        said: String,
    },
    /// An answer that is none of those documented.
    #[error("{} answers something that cannot be read: {finding}", venue.title())]
    Garbage {
        /// The venue.
        venue: Venue,
        /// What is wrong with it.
        finding: String,
    },
}

impl MarketError {
    /// Whether the same request may succeed later without anything being changed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TooManyRequests { .. } | Self::Garbage { .. } => true,
            Self::Listing(_) | Self::Timeframe { .. } | Self::Location { .. } | Self::Refused { .. } => false,
        }
    }

    /// What to do about it, in a sentence.
    #[must_use]
    pub fn fix(&self) -> &'static str {
        match self {
            Self::Listing(ListingError::NoPair { .. }) => {
                "Trade the symbol on an account whose prices come from the alerts."
            }
            Self::Listing(ListingError::NoPerpetuals { .. }) => {
                "Use an account on Bybit or OKX, or the spot symbol without .P."
            }
            Self::Timeframe { .. } => "Choose one of these timeframes, or another source.",
            Self::Unreachable { .. } => {
                "Check the network and the venue's status page; it is tried again by itself."
            }
            Self::TooManyRequests { banned: false, .. } => {
                "Nothing: Pitwire waits as long as the venue asks."
            }
            Self::TooManyRequests { banned: true, .. } => {
                "Nothing now: Pitwire waits. If it comes again, look for other programs that use the venue from here."
            }
            Self::Location { .. } => {
                "Choose another venue for the account: Kraken and Coinbase serve most countries."
            }
            Self::Refused { .. } => "Check that the venue lists the symbol under this name.",
            Self::Garbage { .. } => {
                "Check market.<venue>.rest_url and ws_url; if they are right, update Pitwire."
            }
        }
    }
}

/// A piece of a venue's answer that can be shown: one line of printable characters, at most 200 of them.
pub(crate) fn shown(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = plain.take(SAID_MAX).collect();
    if text.chars().nth(SAID_MAX).is_some() {
        shown.push('…');
    }
    shown.trim().to_owned()
}

/// An answer that cannot be read; the client adds whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// It is not of the documented form.
    #[error("{0}")]
    Garbage(String),
    /// It says in its own form that the request is refused.
    #[error("{0}")]
    Refused(String),
    /// It says in its own form that there are too many requests.
    #[error("too many requests")]
    TooManyRequests,
}

impl ReadError {
    pub(crate) fn garbage(finding: impl Into<String>) -> Self {
        Self::Garbage(finding.into())
    }

    /// The venue's own words, made fit to be shown.
    pub(crate) fn refused(said: &str) -> Self {
        Self::Refused(shown(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venues_words_are_shown_in_one_short_line() {
        assert_eq!(shown("Invalid\u{1b}[31m\nsymbol\t"), "Invalid [31m symbol");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), SAID_MAX + 1);
    }

    #[test]
    fn every_error_says_what_to_do() {
        let venue = Venue::Binance;
        let wait = Duration::from_millis(500);
        for (error, passing, part) in [
            (
                MarketError::Location { venue },
                false,
                "Binance does not serve the place where this machine is",
            ),
            (MarketError::TooManyRequests { venue, wait, banned: false }, true, "no more requests for 1 s"),
            (
                MarketError::Unreachable { venue, cause: "timed out".into() },
                true,
                "cannot be reached: timed out",
            ),
            (
                MarketError::Refused { venue, said: "Invalid symbol.".into() },
                false,
                "refuses the request: Invalid",
            ),
            (MarketError::Garbage { venue, finding: "no JSON".into() }, true, "cannot be read: no JSON"),
        ] {
            assert_eq!(error.is_passing(), passing, "{error}");
            assert!(error.to_string().contains(part) && error.fix().ends_with('.'), "{error}");
        }
    }
}
