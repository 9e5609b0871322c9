//! Symbols as the many systems write them, brought into the one form under which books are kept.
//!
//! Prefix and delay suffix go, letters are upper case, pairs have no separator and their base first, perpetuals end
//! in `.P`. Continuous and dated futures stay as TradingView writes them, options as sent. What is no pair for
//! certain (`BRK-B`, `AAPL/MSFT`) is left as it is: a wrong guess would trade another instrument.

mod currency;
mod lookalike;
mod pair;
mod same;

use crate::settings::SymbolMap;
use domain::{Market, Symbol, SymbolError};
use unicode_normalization::UnicodeNormalization;

pub use same::same_instrument;

/// The longest text that is looked at, in bytes; compatibility normalisation can make it eighteen times as long.
const RAW_MAX: usize = 160;
/// The longest name of an exchange, in characters.
const EXCHANGE_MAX: usize = 32;

/// What a symbol field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instrument {
    /// The normalised symbol.
    pub(crate) symbol: Symbol,
    /// The field as sent; empty when the webhook supplied the symbol.
    pub(crate) raw: String,
    /// The exchange of the prefix.
    pub(crate) exchange: Option<String>,
    /// The kind of market, where the form of the symbol says so.
    pub(crate) market: Option<Market>,
}

impl Instrument {
    /// The webhook's own symbol, for a message that has none.
    pub(crate) fn of_webhook(symbol: &Symbol) -> Self {
        let market = market_of(symbol.as_str());
        Self { symbol: symbol.clone(), raw: String::new(), exchange: None, market }
    }
}

/// Reads a symbol field.
pub(crate) fn parse(raw: &str) -> Result<Instrument, SymbolError> {
    if raw.len() > RAW_MAX {
        return Err(SymbolError::TooLong);
    }
    let text = folded(raw);
    let (exchange, body) = split_prefix(&text);
    let body = without_delay(body).trim_end();
    let (exchange, normalised) = match pair::normalise(body) {
        pair::Form::Plain => (exchange, body.to_owned()),
        pair::Form::Pair(symbol) => (exchange, symbol),
        pair::Form::OnExchange { exchange: named, symbol } => (exchange.or(Some(named)), symbol),
    };
    let symbol = Symbol::new(&normalised)?;
    let market = market_of(symbol.as_str());
    Ok(Instrument { symbol, raw: raw.to_owned(), exchange, market })
}

/// Reads a symbol field of a webhook that trades some symbols under another name; the table is asked for the name as
/// sent first, then for the normalised one.
pub(crate) fn mapped(raw: &str, map: &SymbolMap) -> Result<Instrument, SymbolError> {
    if let Some(to) = map.get(raw) {
        let exchange = split_prefix(&folded(raw)).0;
        return Ok(Instrument {
            symbol: to.clone(),
            raw: raw.to_owned(),
            exchange,
            market: market_of(to.as_str()),
        });
    }
    let found = parse(raw)?;
    Ok(match map.get(found.symbol.as_str()) {
        Some(to) => Instrument { symbol: to.clone(), market: market_of(to.as_str()), ..found },
        None => found,
    })
}

/// The symbol that was probably meant by one that was refused: look-alike letters made plain, endings of other
/// systems taken off. Never used by itself, only offered.
pub(crate) fn suggestion(raw: &str) -> Option<Symbol> {
    let text = folded(raw.get(..RAW_MAX).unwrap_or(raw));
    let plain: String = text.chars().map(lookalike::plain).collect();
    let plain = ["=X", "=F"].iter().find_map(|ending| plain.strip_suffix(ending)).unwrap_or(&plain);
    let kept: String =
        plain.chars().filter(|c| c.is_ascii_alphanumeric() || " ._:!/&*+-".contains(*c)).collect();
    parse(kept.trim_start_matches(|c: char| !c.is_ascii_alphanumeric())).ok().map(|found| found.symbol)
}

/// Reads a field that names an exchange; nothing when it cannot be a name.
pub(crate) fn parse_exchange(raw: &str) -> Option<String> {
    let text = folded(raw.get(..RAW_MAX).unwrap_or(raw));
    let name = without_delay(&text);
    let plain = |c: char| c.is_ascii_alphanumeric() || " ._:/&*+-".contains(c);
    (!name.is_empty() && name.len() <= EXCHANGE_MAX && name.chars().all(plain)).then(|| name.to_owned())
}

/// Look-alikes of compatibility (full-width letters) become plain; upper case for ASCII alone, so that `ı` does not
/// turn into an `I`.
pub(crate) fn folded(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.trim().to_ascii_uppercase();
    }
    raw.nfkc().collect::<String>().trim().to_ascii_uppercase()
}

/// `BINANCE:BTCUSDT` into exchange and symbol. The colon of `BTC/USDT:USDT` and of spreads is another one.
fn split_prefix(text: &str) -> (Option<String>, &str) {
    match text.split_once(':') {
        Some((prefix, rest)) if is_exchange(prefix) && (!rest.contains(':') || pair::is_settled(rest)) => {
            (Some(without_delay(prefix).to_owned()), rest.trim())
        }
        Some(_) | None => (None, text),
    }
}

fn is_exchange(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !without_delay(text).is_empty() && text.len() <= EXCHANGE_MAX && text.bytes().all(plain)
}

/// Data that is delayed is marked `NASDAQ_DLY:AAPL`.
fn without_delay(text: &str) -> &str {
    text.trim_end_matches("_DLY").trim_end_matches("_DL")
}

/// The kind of market, only where the form leaves no doubt.
fn market_of(symbol: &str) -> Option<Market> {
    if symbol.ends_with(".P") {
        return Some(Market::Perpetual);
    }
    if symbol.ends_with("1!") || symbol.ends_with("2!") || is_dated_future(symbol) {
        return Some(Market::Future);
    }
    is_option(symbol).then_some(Market::Option)
}

/// `MNQU2025`: a root, the letter of a month and a year in full.
fn is_dated_future(symbol: &str) -> bool {
    let Some((head, year)) = symbol.split_at_checked(symbol.len().saturating_sub(4)) else { return false };
    let month = head.as_bytes().last().is_some_and(|b| pair::MONTH_LETTERS.contains(b));
    month && head.len() >= 2 && year.starts_with("20") && year.bytes().all(|b| b.is_ascii_digit())
}

/// `SPY 250624C596`: a root, a blank, six digits of a date, call or put, the strike.
fn is_option(symbol: &str) -> bool {
    let Some((_, contract)) = symbol.split_once(' ') else { return false };
    let Some((date, strike)) = contract.trim_start().split_at_checked(6) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    digits(date) && !date.contains('.') && strike.strip_prefix(['C', 'P']).is_some_and(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, symbol: &str, exchange: Option<&str>, market: Option<Market>) {
        let found = parse(raw).unwrap_or_else(|e| panic!("{raw:?}: {e}"));
        let named = (found.symbol.as_str(), found.exchange.as_deref(), found.market);
        assert_eq!(named, (symbol, exchange, market), "{raw:?}");
        assert_eq!(found.raw, raw);
        assert_eq!(parse(symbol).unwrap().symbol.as_str(), symbol, "{raw:?} does not stay as it became");
    }

    #[test]
    fn tradingviews_own_symbols_stay() {
        let (perpetual, future) = (Some(Market::Perpetual), Some(Market::Future));
        check("BTCUSDT", "BTCUSDT", None, None);
        check("BTCUSDT.P", "BTCUSDT.P", None, perpetual);
        check("BTCUSD.P", "BTCUSD.P", None, perpetual);
        check("BINANCE:BTCUSDT.P", "BTCUSDT.P", Some("BINANCE"), perpetual);
        check("binance:btcusdt", "BTCUSDT", Some("BINANCE"), None);
        check("ES1!", "ES1!", None, future);
        check("CME_MINI:NQ1!", "NQ1!", Some("CME_MINI"), future);
        check("CME_MINI_DL:ES2!", "ES2!", Some("CME_MINI"), future);
        check("MNQU2025", "MNQU2025", None, future);
        check("NQH6", "NQH6", None, None);
        check("ESU5", "ESU5", None, None);
        check("AAPL", "AAPL", None, None);
        check("NASDAQ_DLY:AAPL", "AAPL", Some("NASDAQ"), None);
        check("AAPL_DLY", "AAPL", None, None);
        check("OANDA:EURUSD", "EURUSD", Some("OANDA"), None);
        check("NYSE:BRK.B", "BRK.B", Some("NYSE"), None);
        check("SPY 250624C596", "SPY 250624C596", None, Some(Market::Option));
        check("  aapl ", "AAPL", None, None);
        check("ＢＴＣＵＳＤＴ", "BTCUSDT", None, None);
    }

    #[test]
    fn pairs_of_other_systems_are_brought_into_form() {
        let perpetual = Some(Market::Perpetual);
        check("BTC/USDT", "BTCUSDT", None, None);
        check("BTC-USD", "BTCUSD", None, None);
        check("eth_usdc", "ETHUSDC", None, None);
        check("KRAKEN:XBT/EUR", "XBTEUR", Some("KRAKEN"), None);
        check("BTC/USDT:USDT", "BTCUSDT.P", None, perpetual);
        check("BYBIT:BTC/USDT:USDT", "BTCUSDT.P", Some("BYBIT"), perpetual);
        check("BTC/USD:BTC", "BTCUSD.P", None, perpetual);
        check("BTC-USDT-SWAP", "BTCUSDT.P", None, perpetual);
        check("BTC-USD-PERPETUAL", "BTCUSD.P", None, perpetual);
        check("BTC-USDT.P", "BTCUSDT.P", None, perpetual);
        check("BTCUSD_PERP", "BTCUSD.P", None, perpetual);
        check("BTCUSDTPERP", "BTCUSDT.P", None, perpetual);
        check("BTC_USDT_PERP", "BTCUSDT.P", None, perpetual);
        check("ETH-PERP", "ETH.P", None, perpetual);
        check("USDT_BTC", "BTCUSDT", None, None);
        check("USDT-BTC", "BTCUSDT", None, None);
        check("BTC_ETH", "ETHBTC", None, None);
        check("ETH-BTC", "ETHBTC", None, None);
        check("EUR_USD", "EURUSD", None, None);
        check("USD_JPY", "USDJPY", None, None);
        check("EUR/USDT", "EURUSDT", None, None);
        check("USDC-USDT", "USDCUSDT", None, None);
        check("BYBI_USDT_SOL", "SOLUSDT", Some("BYBI"), None);
        check("MNQ 06-25", "MNQM2025", None, Some(Market::Future));
        check("ES 09-25", "ESU2025", None, Some(Market::Future));
        check("ES SEP25", "ESU2025", None, Some(Market::Future));
    }

    #[test]
    fn what_is_no_pair_for_certain_is_left_alone() {
        for raw in [
            "BRK-B",
            "BRK/B",
            "AAPL/MSFT",
            "NASDAQ:AAPL/NASDAQ:MSFT",
            "BTC-USD-250926",
            "BTC-USD-250926-50000-C",
        ] {
            assert!(!parse(raw).unwrap().symbol.as_str().contains(".P"), "{raw}");
        }
        check("BRK-B", "BRK-B", None, None);
        check("AAPL/MSFT", "AAPL/MSFT", None, None);
        check("BTC-USD-250926", "BTC-USD-250926", None, None);
        check("BTC/USDT:USDT-250926", "BTC/USDT:USDT-250926", None, None);
        check("PF_XBTUSD", "PF_XBTUSD", None, None);
        check("BTCPERP", "BTCPERP", None, None);
        check("MNQ 13-25", "MNQ 13-25", None, None);
    }

    #[test]
    fn what_no_symbol_has_is_refused() {
        for wrong in
            ["BTС", "AAPL\u{202e}", "A<b>", "EURUSD=X", "", ":", "BINANCE:", "💰", "A\nB", ".P", "🅰BC", "ıbm"]
        {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(parse(&"A".repeat(41)), Err(SymbolError::TooLong));
        assert_eq!(parse(&"A".repeat(500)), Err(SymbolError::TooLong));
    }

    #[test]
    fn exchanges_are_names() {
        assert_eq!(parse_exchange("Binance").as_deref(), Some("BINANCE"));
        assert_eq!(parse_exchange("CME_MINI_DL").as_deref(), Some("CME_MINI"));
        assert_eq!(parse_exchange("NYSE Arca").as_deref(), Some("NYSE ARCA"));
        for wrong in ["", " ", "<b>", &"X".repeat(33), &"é".repeat(200)] {
            assert_eq!(parse_exchange(wrong), None, "{wrong:?}");
        }
    }

    mod property_tests {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn any_text_is_answered_and_a_symbol_stays_as_it_became(
                raw in prop_oneof![
                    ".{0,60}",
                    "[A-Z]{2,5}[-_/ :.][A-Z]{2,5}([-_:.][A-Z]{1,5})?",
                    "(USDT|BTC|EUR|USD|ETH)[-_/](USDT|BTC|EUR|SOL|ETH)(-SWAP|_PERP|:USDT|[.]P)?",
                ],
            ) {
                if let Ok(found) = parse(&raw) {
                    let again = parse(found.symbol.as_str()).unwrap();
                    prop_assert_eq!(again.symbol, found.symbol);
                }
                let _answered = parse_exchange(&raw);
            }
        }
    }
}
