//! From bytes to signals: the order of the checks, and the choice of the dialect.

use crate::assemble::{FORBIDDEN, forbidden};
use crate::dialects::{self, Dialect};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::json::{self, Fault, JsonError, NESTING_MAX, Object, Parsed, Value};
use crate::placeholder;
use crate::protection;
use crate::reading::{Reading, Repair};
use crate::repair;
use crate::settings::Settings;
use crate::text::pieces;
use crate::wrapper;
use domain::{DialectName, ReasonCode, Signal};

/// The most signals that one body may hold.
pub const SIGNALS_MAX: usize = 100;
/// How many words of a text of no known format are looked at for a command that moves funds.
const FORBIDDEN_WITHIN: usize = 16;

/// Reads a body into one or more signals.
///
/// # Errors
/// [`ReadError`] with the code of the first thing that is wrong. An unresolved placeholder wins over an error of
/// JSON; one bad element of an array refuses all of it.
///
/// ```
/// let body = br#"{"action":"buy","symbol":"BINANCE:BTCUSDT.P"}"#;
/// let reading = dialect::read(body, &dialect::Settings::default()).unwrap();
/// assert_eq!(reading.signals[0].symbol.as_str(), "BTCUSDT.P");
/// ```
pub fn read(body: &[u8], settings: &Settings) -> Result<Reading, ReadError> {
    let mut repairs = Vec::new();
    let text = decode(body, &mut repairs)?;
    if text.chars().all(json::is_blank) {
        return Err(refusal(ReasonCode::EmptyBody));
    }
    from_any(text, repairs, settings, Layer::Whole)
}

/// Whether a text is the whole body or what a wrapper holds; a wrapper in a wrapper is none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Whole,
    Wrapped,
}

/// The messages of a text, be it JSON or not.
fn from_any(
    text: &str,
    mut repairs: Vec<Repair>,
    settings: &Settings,
    layer: Layer,
) -> Result<Reading, ReadError> {
    if let Some(error) = placeholder::unresolved(text) {
        return Err(ReadError { dialect: settings.dialect, ..error });
    }
    if !text.trim_start_matches(json::is_blank).starts_with(looks_like_json) {
        return from_text(text, repairs, settings);
    }
    let (parsed, made) = match json::parse(text) {
        Ok(parsed) => (parsed, Vec::new()),
        Err(error) => repaired(text).ok_or_else(|| from_json(text, error, settings))?,
    };
    note_whitespace(text, &mut repairs);
    if parsed.invisible_blanks > 0 {
        repairs.push(Repair::InvisibleBlanks { count: parsed.invisible_blanks });
    }
    repairs.extend(made);
    match &parsed.value {
        Value::Object(object) => match wrapper::message(object).filter(|_| layer == Layer::Whole) {
            Some(message) => unwrapped(message, repairs, settings).map_err(wrapper::of_message),
            None => one(object, repairs, settings),
        },
        Value::Array(items) => several(items, repairs, settings),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => Err(unrecognised(
            "The message is JSON, but no object: {\"action\":\"buy\",…} is wanted.",
            settings,
        )),
    }
}

/// The messages in a wrapper.
fn unwrapped(message: &Value, mut repairs: Vec<Repair>, settings: &Settings) -> Result<Reading, ReadError> {
    repairs.push(Repair::Wrapper);
    match message {
        Value::Object(object) => one(object, repairs, settings),
        Value::Array(items) => several(items, repairs, settings),
        Value::Text(text) if !text.chars().all(json::is_blank) => {
            from_any(text, repairs, settings, Layer::Wrapped)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
            Err(ReadError { dialect: settings.dialect, ..wrapper::without_message(message) })
        }
    }
}

/// The body as text without its byte order mark.
fn decode<'a>(body: &'a [u8], repairs: &mut Vec<Repair>) -> Result<&'a str, ReadError> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let good = String::from_utf8_lossy(&body[..error.valid_up_to()]);
        let json = good.trim_start_matches(json::is_blank).starts_with(looks_like_json);
        let code = if json { ReasonCode::MalformedJson } else { ReasonCode::MalformedText };
        ReadError::new(code, "The message is not UTF-8 text from here on.").at_offset(&good, good.len())
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => {
            repairs.push(Repair::ByteOrderMark);
            rest
        }
        None => text,
    })
}

/// Quotes too: a message without its braces, or with the quotes of a command line around it, is meant as JSON.
fn looks_like_json(c: char) -> bool {
    matches!(c, '{' | '[' | '"' | '\'' | '\u{201c}' | '\u{201d}')
}

fn unknown_text(text: &str, settings: &Settings) -> ReadError {
    let control = text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
    match control {
        Some((offset, _)) => {
            let sentence = "The message is no text: it has a control character here.";
            ReadError::new(ReasonCode::MalformedText, sentence).at_offset(text, offset)
        }
        None => unknown_words(text, settings),
    }
}

fn unknown_words(text: &str, settings: &Settings) -> ReadError {
    let mut words = pieces(text, |c| !(c.is_alphanumeric() || c == '_')).take(FORBIDDEN_WITHIN);
    let moves =
        |(_, word): &(usize, &str)| FORBIDDEN.iter().any(|known| word.to_ascii_lowercase().contains(known));
    if let Some((offset, word)) = words.find(moves) {
        let error = forbidden("command", word).at_offset(text, offset);
        return ReadError { dialect: settings.dialect, ..error };
    }
    match settings.dialect {
        Some(name) if dialects::named(name).text.is_none() => {
            let sentence = format!(
                "The webhook takes messages of {} only, which are JSON; this one is text.",
                name.title()
            );
            unrecognised(&sentence, settings)
        }
        Some(name) => {
            let sentence =
                format!("The webhook takes messages of {} only; this one has not their form.", name.title());
            unrecognised(&sentence, settings)
        }
        None => unrecognised("The message is text of no known format.", settings),
    }
}

fn from_json(text: &str, error: JsonError, settings: &Settings) -> ReadError {
    let found = match error.fault {
        Fault::Malformed(cause) => ReadError::new(ReasonCode::MalformedJson, cause),
        Fault::DuplicateKey(key) => {
            let sentence =
                format!("The key {} stands twice: which one is meant cannot be guessed.", visible(&key));
            ReadError::new(ReasonCode::DuplicateKey, sentence).at_field(&key)
        }
        Fault::TooDeep => {
            let sentence = format!("The message is nested more than {NESTING_MAX} levels deep here.");
            ReadError::new(ReasonCode::NestingTooDeep, sentence)
        }
    };
    ReadError { dialect: settings.dialect, ..found.at_offset(text, error.offset) }
}

fn one(object: &Object, mut repairs: Vec<Repair>, settings: &Settings) -> Result<Reading, ReadError> {
    let dialect = choose(object, settings)?;
    let signals = signals(dialect, object, &mut repairs, settings)?;
    limited(Reading { dialect: dialect.name, repairs, signals })
}

/// The first element decides the dialect of all: a body has one writer.
fn several(items: &[Value], mut repairs: Vec<Repair>, settings: &Settings) -> Result<Reading, ReadError> {
    if items.len() > SIGNALS_MAX {
        return Err(too_many(items.len(), settings.dialect));
    }
    let mut chosen: Option<&Dialect> = None;
    let mut all = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let Value::Object(object) = item else {
            let sentence = "It is no object: {\"action\":\"buy\",…} is wanted.";
            return Err(of_element(index, unrecognised(sentence, settings)));
        };
        let dialect = match chosen {
            Some(dialect) => dialect,
            None => choose(object, settings).map_err(|error| of_element(index, error))?,
        };
        chosen = Some(dialect);
        let found = signals(dialect, object, &mut repairs, settings);
        all.extend(found.map_err(|error| of_element(index, error))?);
    }
    match chosen {
        Some(dialect) => limited(Reading { dialect: dialect.name, repairs, signals: all }),
        None => Err(unrecognised("The message is an empty array: it holds no signal.", settings)),
    }
}

/// The messages of a text, by the webhook's dialect or by the one whose marks it has.
fn from_text(text: &str, mut repairs: Vec<Repair>, settings: &Settings) -> Result<Reading, ReadError> {
    note_whitespace(text, &mut repairs);
    let plain = plain_text(text, &mut repairs);
    let found = match settings.dialect.map(dialects::named) {
        Some(dialect) => dialect.text.and_then(|split| split(&plain)).map(|messages| (dialect, messages)),
        None => dialects::detect_text(&plain),
    };
    let Some((dialect, messages)) = found else { return Err(unknown_text(&plain, settings)) };
    let known = |error: ReadError| ReadError { dialect: Some(dialect.name), ..error };
    let messages = messages.map_err(|error| known(error.at(&plain)))?;
    if messages.len() > SIGNALS_MAX {
        return Err(too_many(messages.len(), Some(dialect.name)));
    }
    let mut all = Vec::with_capacity(messages.len());
    for (index, message) in messages.iter().enumerate() {
        let found = signals(dialect, message.parts.object(), &mut repairs, settings).map_err(|error| {
            let place = error.field.as_deref().map_or(message.offset, |field| message.place_of(field));
            let placed = error.at_offset(&plain, place);
            if messages.len() > 1 { of_element(index, placed) } else { placed }
        });
        all.extend(found?);
    }
    limited(Reading { dialect: dialect.name, repairs, signals: all })
}

/// The text with invisible blanks and written-out line breaks as plain ones, every byte still in its place.
fn plain_text(text: &str, repairs: &mut Vec<Repair>) -> String {
    let count = text.trim_matches(json::is_blank).chars().filter(|c| json::is_invisible_blank(*c)).count();
    if count > 0 {
        repairs.push(Repair::InvisibleBlanks { count });
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if json::is_invisible_blank(c) {
            plain.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            plain.push(c);
        }
    }
    let breaks = plain.matches("\\n").count();
    if breaks == 0 {
        return plain;
    }
    repairs.push(Repair::WrittenLineBreaks { count: breaks });
    plain.replace("\\n", "\n ")
}

fn note_whitespace(text: &str, repairs: &mut Vec<Repair>) {
    if text.starts_with(json::is_blank) || text.ends_with(json::is_blank) {
        repairs.push(Repair::SurroundingWhitespace);
    }
}

/// The JSON that was certainly meant by a text that is none.
fn repaired(text: &str) -> Option<(Parsed, Vec<Repair>)> {
    let repaired = repair::repaired(text)?;
    json::parse(&repaired.text).ok().map(|parsed| (parsed, repaired.repairs))
}

fn limited(reading: Reading) -> Result<Reading, ReadError> {
    let count = reading.signals.len();
    if count > SIGNALS_MAX { Err(too_many(count, Some(reading.dialect))) } else { Ok(reading) }
}

fn too_many(count: usize, dialect: Option<DialectName>) -> ReadError {
    let sentence = format!("The message holds {count} signals: at most {SIGNALS_MAX} may come at once.");
    ReadError { dialect, ..ReadError::new(ReasonCode::InvalidField, sentence) }
}

fn choose(object: &Object, settings: &Settings) -> Result<&'static Dialect, ReadError> {
    let Some(name) = settings.dialect else {
        return dialects::detect(object, settings).ok_or_else(|| {
            let sentence =
                "The message has the marks of no known format: the smallest has `action` and `symbol`.";
            unrecognised(sentence, settings)
        });
    };
    let dialect = dialects::named(name);
    if dialect.json.is_some() {
        return Ok(dialect);
    }
    let sentence =
        format!("The webhook takes messages of {} only, which are text; this one is JSON.", name.title());
    Err(unrecognised(&sentence, settings))
}

fn signals(
    dialect: &Dialect,
    object: &Object,
    repairs: &mut Vec<Repair>,
    settings: &Settings,
) -> Result<Vec<Signal>, ReadError> {
    let mut fields = Fields::of(object);
    let mut signals = (dialect.read)(&mut fields, settings)
        .and_then(|signals| protection::refuse_unread(&fields).map(|()| signals))
        .map_err(|error| ReadError { dialect: Some(dialect.name), ..error })?;
    if let Some(last) = signals.last_mut() {
        fields.finish(&mut last.extras, repairs);
    }
    Ok(signals)
}

fn of_element(index: usize, error: ReadError) -> ReadError {
    let field = error.field.as_ref().map(|field| format!("[{index}].{field}"));
    let field = Some(field.unwrap_or_else(|| format!("[{index}]")));
    ReadError { sentence: format!("Element {}: {}", index + 1, error.sentence), field, ..error }
}

fn unrecognised(sentence: &str, settings: &Settings) -> ReadError {
    ReadError { dialect: settings.dialect, ..ReadError::new(ReasonCode::Unrecognised, sentence) }
}

fn refusal(code: ReasonCode) -> ReadError {
    ReadError::new(code, code.sentence())
}
