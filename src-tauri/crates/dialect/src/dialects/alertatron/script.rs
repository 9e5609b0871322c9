//! The grammar of Alertatron scripts: blocks `Name(SYMBOL) { command(name=value, …); … }`, and `#bot` somewhere.

use crate::text::{Message, Messages, Parts, TextError, assignment, pieces};

/// The blocks of a script, one message each; nothing for a text that does not begin with one.
pub(super) fn messages(text: &str) -> Option<Messages> {
    let head = text.trim_start();
    let (name, rest) = head.split_once('(')?;
    let (symbol, rest) = rest.split_once(')')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
    let is_block = rest.trim_start().starts_with('{');
    let named = !name.trim().is_empty() && name.chars().all(plain) && !symbol.contains('\n');
    (is_block && named).then(|| blocks(text))
}

fn blocks(text: &str) -> Messages {
    let mut messages = Vec::new();
    let mut at = 0;
    loop {
        at = skip(text, at);
        if at >= text.len() {
            return Ok(messages);
        }
        let (message, end) = block(text, at)?;
        messages.push(message);
        at = end;
    }
}

/// Blanks and `#tags`.
fn skip(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blanks = rest.len() - rest.trim_start().len();
        at += blanks;
        if !text[at..].starts_with('#') {
            return at;
        }
        at += text[at..].find(char::is_whitespace).unwrap_or(text.len() - at);
    }
}

fn block(text: &str, at: usize) -> Result<(Message, usize), TextError> {
    let find = |from: usize, mark: char, sentence: &str| {
        text[from..]
            .find(mark)
            .map(|length| from + length)
            .ok_or_else(|| TextError::malformed(from, sentence))
    };
    let open = find(at, '(', "A block begins with the name of an account and a symbol: Name(SYMBOL) { … }.")?;
    let close = find(open, ')', "The bracket after the account's name is never closed.")?;
    let begin = find(close, '{', "The commands of a block stand between braces: { … }.")?;
    let end = find(begin, '}', "The block that begins here is never closed: } is missing.")?;
    let between = text[close + 1..begin].trim();
    if !between.is_empty() {
        return Err(TextError::malformed(close + 1, "Only { may follow the symbol of a block."));
    }
    let mut parts = Parts::default();
    parts.add("account", text[at..open].trim(), at)?;
    parts.add("symbol", text[open + 1..close].trim(), open + 1)?;
    let mut commands = Vec::new();
    for (offset, piece) in pieces(&text[begin + 1..end], |c| c == ';') {
        commands.push(command(piece, begin + 1 + offset)?);
    }
    parts.add_list("commands", commands, begin);
    Ok((Message { offset: at, parts }, end + 1))
}

/// `name(part=value, …)`.
fn command(piece: &str, at: usize) -> Result<Message, TextError> {
    let wrong = || TextError::malformed(at, "A command is name(part=value, …).");
    let (name, rest) = piece.split_once('(').ok_or_else(wrong)?;
    let inside = rest.trim_end().strip_suffix(')').ok_or_else(wrong)?;
    let mut parts = Parts::default();
    parts.add("command", name.trim(), at)?;
    let start = at + name.len() + 1;
    for (offset, part) in pieces(inside, |c| c == ',') {
        let place = start + offset;
        // `wait(5m)` has a part without a name.
        let (name, value) = assignment(part).unwrap_or(("value", part));
        parts.add(name, value, place)?;
    }
    Ok(Message { offset: at, parts })
}
