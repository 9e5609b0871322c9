//! Which of the symbols that are known is probably the instrument of one that is not: `XBTUSD` is `BTCUSD`, and
//! `BTCUSDT` may be traded as `BTCUSDT.P`. Never used by itself, only offered.

use super::currency::quote_rank;
use domain::Symbol;

/// The known symbol of the same base, the one most like `symbol` first; nothing when it is known itself.
pub fn same_instrument<'a>(symbol: &Symbol, known: impl Iterator<Item = &'a Symbol>) -> Option<&'a Symbol> {
    let wanted = Parts::of(symbol.as_str());
    let mut best: Option<(u8, &Symbol)> = None;
    for other in known {
        if other == symbol {
            return None;
        }
        let parts = Parts::of(other.as_str());
        if parts.base != wanted.base || wanted.quote.is_empty() != parts.quote.is_empty() {
            continue;
        }
        let likeness =
            u8::from(parts.quote == wanted.quote) * 2 + u8::from(parts.perpetual == wanted.perpetual);
        if best.is_none_or(|(found, _)| likeness > found) {
            best = Some((likeness, other));
        }
    }
    best.map(|(_, other)| other)
}

/// A symbol taken apart.
struct Parts<'a> {
    base: &'a str,
    quote: &'a str,
    perpetual: bool,
}

impl<'a> Parts<'a> {
    fn of(symbol: &'a str) -> Self {
        let (pair, perpetual) = match symbol.strip_suffix(".P") {
            Some(pair) => (pair, true),
            None => (symbol, false),
        };
        let split = |base_min: usize| {
            [5, 4, 3].into_iter().find_map(|length| {
                let (base, quote) = pair.split_at_checked(pair.len().checked_sub(length)?)?;
                (base.len() >= base_min && quote_rank(quote) == Some(4)).then_some((base, quote))
            })
        };
        // Three letters first: `XBTUSD` is no XB in TUSD.
        let split = split(3).or_else(|| split(2));
        let (base, quote) = split.unwrap_or((pair, ""));
        Self { base: if base == "XBT" { "BTC" } else { base }, quote, perpetual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(symbol: &str, known: &[&str], expected: Option<&str>) {
        let known: Vec<Symbol> = known.iter().map(|text| Symbol::new(text).unwrap()).collect();
        let found = same_instrument(&Symbol::new(symbol).unwrap(), known.iter());
        assert_eq!(found.map(Symbol::as_str), expected, "{symbol}");
    }

    #[test]
    fn the_most_alike_of_the_same_base_is_offered() {
        check("XBTUSD", &["ETHUSD", "BTCUSDT", "BTCUSD"], Some("BTCUSD"));
        check("BTCUSDT", &["BTCUSDT.P", "BTCUSD"], Some("BTCUSDT.P"));
        check("BTCUSD.P", &["BTCUSDT.P", "BTCUSDT"], Some("BTCUSDT.P"));
        check("BTCUSDT", &["BTCUSDT", "BTCUSD"], None);
        check("OPUSD", &["OPUSDT", "BTCTUSD"], Some("OPUSDT"));
        check("AAPL", &["MSFT", "AAPLUSD"], None);
        check("ETHUSD", &[], None);
    }
}
