//! Currencies that prices are quoted in, and which of two is the quote.

/// Coins that follow a currency.
const STABLE: &[&str] = &[
    "USDT", "USDC", "FDUSD", "BUSD", "TUSD", "DAI", "PYUSD", "USDE", "USDP", "GUSD", "EURT", "EURC", "RLUSD",
];
/// Currencies of states.
const FIAT: &[&str] = &[
    "USD", "EUR", "GBP", "JPY", "AUD", "NZD", "CAD", "CHF", "TRY", "BRL", "RUB", "UAH", "ZAR", "INR", "KRW",
    "CNY", "CNH", "HKD", "SGD", "MXN", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "THB", "IDR", "PHP", "ILS",
    "AED", "NGN",
];

/// How strongly a currency is the quote of a pair; nothing for one that prices are never quoted in.
///
/// Of two the higher is the quote: bitcoin is priced in dollars and everything else in bitcoin.
pub(super) fn quote_rank(name: &str) -> Option<u8> {
    if STABLE.contains(&name) || FIAT.contains(&name) {
        return Some(4);
    }
    match name {
        "BTC" | "XBT" => Some(3),
        "ETH" => Some(2),
        "BNB" => Some(1),
        _ => None,
    }
}

/// Whether a symbol without separators ends in a currency that perpetuals are quoted in, and is more than that.
pub(super) fn ends_in_quote(symbol: &str) -> bool {
    let quotes = ["USDT", "USDC", "FDUSD", "BUSD", "USD", "EUR"];
    quotes.iter().any(|quote| symbol.strip_suffix(quote).is_some_and(|base| base.len() >= 2))
}
