//! The words of a line of whook.

use crate::fields::number_and_suffix;
use crate::text::{Message, Messages, Parts, TextError, lines};

const COMMANDS: [&str; 5] = ["buy", "sell", "pos", "position", "close"];

/// A text of lines that each have a command with a symbol and a quantity, or a `cancel:`.
pub(super) fn messages(text: &str) -> Option<Messages> {
    let said = || lines(text).filter(|(_, line)| !line.starts_with("//"));
    let looks_right = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let cancels = words.iter().any(|word| after(word, "cancel:").is_some());
        let commands = words.iter().any(|word| is_command(word));
        let names = words.iter().any(|word| is_symbol(word));
        let counts = words
            .iter()
            .any(|word| number_and_suffix(word).is_some() || is_command(word) && *word == "close");
        // A line of three bare words may be anything: the quantity or the slash of a pair makes it whook's.
        cancels || (commands && names && (counts || words.iter().any(|word| word.contains('/'))))
    };
    let mut any = false;
    for (_, line) in said() {
        if !looks_right(line) && !any {
            return None;
        }
        any = true;
    }
    any.then(|| said().map(message).collect())
}

fn message((offset, line): (usize, &str)) -> Result<Message, TextError> {
    let mut parts = Parts::default();
    let mut account: Option<(&str, usize)> = None;
    let line = line.split("//").next().unwrap_or_default();
    let start = line.as_ptr() as usize;
    for word in line.split_whitespace() {
        let at = offset + (word.as_ptr() as usize - start);
        if is_command(word) {
            parts.add("command", word, at)?;
        } else if let Some(which) = after(word, "cancel:") {
            parts.add("cancel", which, at)?;
        } else if let Some(rest) = after(word, "limit:") {
            let (id, price) = rest
                .split_once(':')
                .ok_or_else(|| TextError::malformed(at, "A limit order is limit:id:price."))?;
            parts.add("limit_id", id, at)?;
            parts.add("limit", price, at)?;
        } else if let Some(factor) = leverage(word) {
            parts.add("leverage", factor, at)?;
        } else if ["reduce", "reduceonly"].iter().any(|known| known.eq_ignore_ascii_case(word)) {
            parts.add("reduce", "true", at)?;
        } else if ["nominal", "collateral"].iter().any(|known| known.eq_ignore_ascii_case(word)) {
            parts.add("counting", word, at)?;
        } else if number_and_suffix(word).is_some_and(|(_, suffix)| matches!(suffix, "" | "$" | "@" | "%")) {
            parts.add("quantity", word, at)?;
        } else if is_symbol(word) && !parts.has("symbol") {
            parts.add("symbol", word, at)?;
        } else if account.is_none() {
            account = Some((word, at));
        } else {
            let sentence = format!(
                "`{}` is no word of whook, and the account is named already.",
                crate::error::visible(word)
            );
            return Err(TextError::malformed(at, sentence));
        }
    }
    if let Some((account, at)) = account {
        parts.add("account", account, at)?;
    }
    Ok(Message { offset, parts })
}

fn is_command(word: &str) -> bool {
    COMMANDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// A pair with a slash, or a word in capitals such as `BTCUSDT.P`.
fn is_symbol(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b"._:!/-".contains(&b);
    word.len() >= 3 && word.bytes().all(plain) && word.bytes().any(|b| b.is_ascii_uppercase())
}

fn leverage(word: &str) -> Option<&str> {
    let number = word.strip_prefix(['x', 'X']).or_else(|| word.strip_suffix(['x', 'X']))?;
    domain::parse_decimal(number).is_ok().then_some(number)
}

fn after<'a>(word: &'a str, prefix: &str) -> Option<&'a str> {
    let head = word.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) {
        word.get(prefix.len()..).filter(|rest| !rest.is_empty())
    } else {
        None
    }
}
