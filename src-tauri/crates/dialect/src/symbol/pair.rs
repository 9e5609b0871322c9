//! Pairs with separators, perpetuals under their many names, and dated futures of other platforms.

use super::currency::{ends_in_quote, quote_rank};

/// The letters of the delivery months, January to December.
pub(super) const MONTH_LETTERS: &[u8; 12] = b"FGHJKMNQUVXZ";
const MONTH_NAMES: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// Endings that mean a perpetual, the longest first.
const PERPETUAL: &[&str] = &["PERPETUAL", "PERP", "SWAP", "P"];

/// What a symbol turned out to be.
pub(super) enum Form {
    /// Nothing that needs a change.
    Plain,
    /// Something with another normalised form.
    Pair(String),
    /// The same, with the exchange in the symbol.
    OnExchange {
        /// Its name.
        exchange: String,
        /// The normalised form.
        symbol: String,
    },
}

/// Finds the normalised form of an upper-case symbol without prefix.
pub(super) fn normalise(text: &str) -> Form {
    if let Some(symbol) = settled_perpetual(text).or_else(|| dated_future(text)) {
        return Form::Pair(symbol);
    }
    let (body, suffix) = match perpetual(text) {
        Some(body) => (body, ".P"),
        None => (text, ""),
    };
    if let Some(joined) = pair(body) {
        return Form::Pair(format!("{joined}{suffix}"));
    }
    if let Some((exchange, rest)) = body.split_once('_')
        && rest.contains('_')
        && quote_rank(exchange).is_none()
        && is_word(exchange)
        && let Some(joined) = pair(rest)
    {
        return Form::OnExchange { exchange: exchange.to_owned(), symbol: format!("{joined}{suffix}") };
    }
    if suffix.is_empty() || !is_word(body) { Form::Plain } else { Form::Pair(format!("{body}{suffix}")) }
}

/// `BTC/USDT:USDT`: a pair and the currency that it settles in, which is one of the two.
fn settled_perpetual(text: &str) -> Option<String> {
    let (body, settlement) = text.split_once(':')?;
    let settles = body.split('/').any(|side| side == settlement);
    if settles { pair(body).map(|joined| format!("{joined}.P")) } else { None }
}

/// Whether a text is a pair with the currency that it settles in.
pub(super) fn is_settled(text: &str) -> bool {
    settled_perpetual(text).is_some()
}

/// What stands before the ending of a perpetual; without a separator only where a quote currency comes before it.
fn perpetual(text: &str) -> Option<&str> {
    for ending in PERPETUAL {
        let Some(body) = text.strip_suffix(ending) else { continue };
        if *ending == "P" {
            return body.strip_suffix('.').filter(|b| !b.is_empty());
        }
        if let Some(body) = body.strip_suffix(['-', '_', '.', '/']).filter(|b| !b.is_empty()) {
            return Some(body);
        }
        return (is_word(body) && ends_in_quote(body)).then_some(body);
    }
    None
}

/// Two names with one separator, at least one of them a quote currency; joined with the base first.
fn pair(text: &str) -> Option<String> {
    let (first, second) = text.split_once(['-', '_', '/'])?;
    if !is_word(first) || !is_word(second) {
        return None;
    }
    match (quote_rank(first), quote_rank(second)) {
        (None, None) => None,
        (Some(left), Some(right)) if left > right => Some(format!("{second}{first}")),
        (Some(_), None) => Some(format!("{second}{first}")),
        (Some(_) | None, Some(_)) => Some(format!("{first}{second}")),
    }
}

/// `MNQ 06-25` and `ES SEP25` as TradingView writes them: `MNQM2025`, `ESU2025`.
fn dated_future(text: &str) -> Option<String> {
    let (root, date) = text.split_once(' ')?;
    let (month, year) = match date.split_once('-') {
        Some((month, year)) if month.len() == 2 => (month.parse::<usize>().ok()?.checked_sub(1)?, year),
        Some(_) => return None,
        None => {
            let (name, year) = date.split_at_checked(3)?;
            (MONTH_NAMES.iter().position(|known| *known == name)?, year)
        }
    };
    let letter = char::from(*MONTH_LETTERS.get(month)?);
    let two_digits = year.len() == 2 && year.bytes().all(|b| b.is_ascii_digit());
    (is_word(root) && two_digits).then(|| format!("{root}{letter}20{year}"))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
