//! From bytes to signals: the order of the checks, and the choice of the dialect.

use crate::dialects::{self, JsonDialect};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::json::{self, Fault, JsonError, NESTING_MAX, Object, Value};
use crate::placeholder;
use crate::protection;
use crate::reading::{Reading, Repair, Settings};
use domain::{ReasonCode, Signal};

/// The most signals that one body may hold.
pub const SIGNALS_MAX: usize = 100;

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
    if let Some(error) = placeholder::unresolved(text) {
        return Err(ReadError { dialect: settings.dialect, ..error });
    }
    if !text.trim_start_matches(json::is_blank).starts_with(looks_like_json) {
        return Err(unknown_text(text, settings));
    }
    let parsed = json::parse(text).map_err(|error| from_json(text, error, settings))?;
    if text.starts_with(json::is_blank) || text.ends_with(json::is_blank) {
        repairs.push(Repair::SurroundingWhitespace);
    }
    if parsed.invisible_blanks > 0 {
        repairs.push(Repair::InvisibleBlanks { count: parsed.invisible_blanks });
    }
    match &parsed.value {
        Value::Object(object) => one(object, repairs, settings),
        Value::Array(items) => several(items, repairs, settings),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => Err(unrecognised(
            "The message is JSON, but no object: {\"action\":\"buy\",…} is wanted.",
            settings,
        )),
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
    let signal = signal(dialect, object, &mut repairs, settings)?;
    Ok(Reading { dialect: dialect.name, repairs, signals: vec![signal] })
}

/// The first element decides the dialect of all: a body has one writer.
fn several(items: &[Value], mut repairs: Vec<Repair>, settings: &Settings) -> Result<Reading, ReadError> {
    if items.len() > SIGNALS_MAX {
        let sentence =
            format!("The message holds {} signals: at most {SIGNALS_MAX} may come at once.", items.len());
        return Err(ReadError {
            dialect: settings.dialect,
            ..ReadError::new(ReasonCode::InvalidField, sentence)
        });
    }
    let mut chosen: Option<&JsonDialect> = None;
    let mut signals = Vec::with_capacity(items.len());
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
        let signal = signal(dialect, object, &mut repairs, settings);
        signals.push(signal.map_err(|error| of_element(index, error))?);
    }
    match chosen {
        Some(dialect) => Ok(Reading { dialect: dialect.name, repairs, signals }),
        None => Err(unrecognised("The message is an empty array: it holds no signal.", settings)),
    }
}

fn choose(object: &Object, settings: &Settings) -> Result<&'static JsonDialect, ReadError> {
    let chosen = settings.dialect.map(dialects::named).or_else(|| dialects::detect(object, settings));
    chosen.ok_or_else(|| {
        let sentence =
            "The message has the marks of no known format: the smallest has `action` and `symbol`.";
        unrecognised(sentence, settings)
    })
}

fn signal(
    dialect: &JsonDialect,
    object: &Object,
    repairs: &mut Vec<Repair>,
    settings: &Settings,
) -> Result<Signal, ReadError> {
    let mut fields = Fields::of(object);
    let mut signal = (dialect.read)(&mut fields, settings)
        .and_then(|signal| protection::refuse_unread(&fields).map(|()| signal))
        .map_err(|error| ReadError { dialect: Some(dialect.name), ..error })?;
    fields.finish(&mut signal.extras, repairs);
    Ok(signal)
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
