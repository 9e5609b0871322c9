//! One step of a scenario.

use super::object::{Number, Object, Place};
use crate::wire::RpcError;
use domain::{
    BracketLevel, OrderType, Price, ReasonCode, TakeProfit, TimeInForce, Timestamp, TrailUnit, parse_decimal,
};
use paper::{Bar, Role};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::borrow::Cow;

/// A step and its time.
#[derive(Debug)]
pub(crate) struct Timed<'a> {
    pub(crate) at: Timestamp,
    pub(crate) step: Step<'a>,
}

/// What happens.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// A last price.
    Last(Price),
    /// A quote.
    Quote { bid: Price, ask: Price },
    /// A closed bar that opened at the step's time.
    Bar(Bar),
    /// An alert.
    Signal(Box<Alert<'a>>),
    /// The user cancels an order.
    Cancel(OrderName),
    /// The kill switch is thrown or released.
    Kill(bool),
}

/// An alert as the scenario has it.
#[derive(Debug)]
pub(crate) struct Alert<'a> {
    pub(crate) action: Cow<'a, str>,
    pub(crate) symbol: Cow<'a, str>,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) kind: OrderType,
    pub(crate) limit: Option<Price>,
    pub(crate) stop: Option<Price>,
    pub(crate) trail: Option<Decimal>,
    pub(crate) trail_unit: TrailUnit,
    pub(crate) activation: Option<Price>,
    pub(crate) time_in_force: Option<TimeInForce>,
    pub(crate) take_profit: Vec<TakeProfit>,
    pub(crate) stop_loss: Option<Price>,
    pub(crate) comment: Option<Cow<'a, str>>,
    pub(crate) price: Option<Price>,
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) replay: bool,
    /// Why a message with such a number would be refused: the alert is rejected for it.
    pub(crate) refused: Option<ReasonCode>,
}

/// An order as a scenario names it: `o3`, or `o3.tp` and `o3.sl` for the children of its bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderName {
    /// The how manieth of the account it is.
    pub(crate) number: u64,
    /// What it is within its bracket.
    pub(crate) role: Role,
}

impl OrderName {
    /// Reads the name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('o')?;
        let (number, role) = match rest.split_once('.') {
            Some((number, role)) => (number, Role::parse(role).filter(|role| *role != Role::Main)?),
            None => (rest, Role::Main),
        };
        let number = number.parse().ok().filter(|n| *n > 0)?;
        number_is_plain(rest).then_some(Self { number, role })
    }
}

/// `o01` and `o+1` would be second names of the same order.
fn number_is_plain(rest: &str) -> bool {
    rest.as_bytes().first().is_some_and(|b| matches!(b, b'1'..=b'9'))
}

impl std::fmt::Display for OrderName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.role {
            Role::Main => write!(f, "o{}", self.number),
            role @ (Role::TakeProfit(_) | Role::StopLoss) => write!(f, "o{}.{role}", self.number),
        }
    }
}

const TYPES: [&str; 6] = ["last", "quote", "bar", "signal", "cancel", "kill"];
const SIGNAL_KEYS: [&str; 19] = [
    "t",
    "type",
    "action",
    "symbol",
    "qty",
    "order_type",
    "limit",
    "stop",
    "trail",
    "trail_kind",
    "activation",
    "tif",
    "tp",
    "sl",
    "comment",
    "price",
    "id",
    "replay",
    "title",
];

impl<'a> Timed<'a> {
    /// Reads a step.
    pub(crate) fn read(place: &Place<'a>) -> Result<Self, RpcError> {
        let mut object = place.object()?;
        let at = time(&mut object)?;
        let kind = object.required("type")?;
        let step = match kind.as_ref() {
            "last" => {
                let price = price(&mut object, "price")?;
                object.finish(&["t", "type", "price"])?;
                Step::Last(price)
            }
            "quote" => {
                let (bid, ask) = (price(&mut object, "bid")?, price(&mut object, "ask")?);
                object.finish(&["t", "type", "bid", "ask"])?;
                Step::Quote { bid, ask }
            }
            "bar" => Step::Bar(bar(&mut object)?),
            "signal" => Step::Signal(Box::new(alert(&mut object)?)),
            "cancel" => Step::Cancel(cancel(&mut object)?),
            "kill" => {
                let missing = || object_missing(place, "on");
                let on = object.flag("on")?.ok_or_else(missing)?;
                object.finish(&["t", "type", "on"])?;
                Step::Kill(on)
            }
            other => {
                let sentence = format!(
                    "There is no step {:?}; there are {}.",
                    super::object::cut(other),
                    TYPES.join(", ")
                );
                return Err(object.error("type", ReasonCode::InvalidField, sentence));
            }
        };
        Ok(Self { at, step })
    }
}

fn object_missing(place: &Place<'_>, key: &str) -> RpcError {
    let sentence = format!("{} is missing.", place.path_of(key));
    RpcError { path: Some(place.path_of(key).into()), ..place.error(ReasonCode::MissingField, sentence) }
}

fn time(object: &mut Object<'_>) -> Result<Timestamp, RpcError> {
    let text = object.required("t")?;
    let plain: Option<i64> = text.parse().ok();
    let millis = plain.or_else(|| parse_decimal(&text).ok().filter(Decimal::is_integer)?.to_i64());
    millis.map(Timestamp::from_millis).ok_or_else(|| {
        let sentence = "t must be a whole number of milliseconds.".to_owned();
        object.error("t", ReasonCode::InvalidField, sentence)
    })
}

/// A price of the market that must be there.
fn price(object: &mut Object<'_>, key: &'static str) -> Result<Price, RpcError> {
    let number = object.number(key)?.ok_or_else(|| object_missing(&object.place(), key))?;
    let Number::Exact(value) = number else {
        let sentence = format!("{key} has more digits than can be held exactly: at most 28 can.");
        return Err(object.error(key, ReasonCode::ArithmeticOverflow, sentence));
    };
    Price::new(value).ok_or_else(|| {
        object.error(key, ReasonCode::InvalidField, format!("{key} must be a price above zero."))
    })
}

fn bar(object: &mut Object<'_>) -> Result<Bar, RpcError> {
    let bar = Bar {
        open: price(object, "o")?,
        high: price(object, "h")?,
        low: price(object, "l")?,
        close: price(object, "c")?,
    };
    object.finish(&["t", "type", "o", "h", "l", "c"])?;
    Ok(bar)
}

fn cancel(object: &mut Object<'_>) -> Result<OrderName, RpcError> {
    let name = object.required("order")?;
    object.finish(&["t", "type", "order"])?;
    OrderName::parse(&name).ok_or_else(|| {
        let sentence = "order must be the name of an order, such as o1, o1.tp or o1.sl.".to_owned();
        object.error("order", ReasonCode::InvalidField, sentence)
    })
}

fn alert<'a>(object: &mut Object<'a>) -> Result<Alert<'a>, RpcError> {
    let mut refused = None;
    let action = object.required("action")?;
    let symbol = object.required("symbol")?;
    let quantity = amount(object, "qty", &mut refused)?;
    let kind = match object.text("order_type")? {
        None => OrderType::Market,
        Some(word) => word_of(object, "order_type", &word, OrderType::ALL, OrderType::as_str)?,
    };
    let trail = amount(object, "trail", &mut refused)?;
    let trail_unit = match object.text("trail_kind")? {
        None => TrailUnit::Absolute,
        Some(word) => word_of(object, "trail_kind", &word, TrailUnit::ALL, TrailUnit::as_str)?,
    };
    let time_in_force = match object.text("tif")? {
        None => None,
        Some(word) => Some(word_of(object, "tif", &word, TimeInForce::ALL, TimeInForce::as_str)?),
    };
    let take_profit = targets(object, &mut refused)?;
    let mut level = |object: &mut Object<'a>, key| level(object, key, &mut refused);
    let alert = Alert {
        action,
        symbol,
        quantity,
        kind,
        limit: level(object, "limit")?,
        stop: level(object, "stop")?,
        trail,
        trail_unit,
        activation: level(object, "activation")?,
        time_in_force,
        take_profit,
        stop_loss: level(object, "sl")?,
        price: level(object, "price")?,
        comment: object.text("comment")?.filter(|comment| !comment.trim().is_empty()),
        id: object.text("id")?.filter(|id| !id.trim().is_empty()),
        replay: object.flag("replay")?.unwrap_or(false),
        refused: None,
    };
    object.ignore(&["title"]);
    object.finish(&SIGNAL_KEYS)?;
    Ok(Alert { refused, ..alert })
}

/// One target, or several of which each may say how much it takes.
fn targets(object: &mut Object<'_>, refused: &mut Option<ReasonCode>) -> Result<Vec<TakeProfit>, RpcError> {
    let at = |price, portion_pct| TakeProfit { level: BracketLevel::Price(price), portion_pct };
    if !object.is_array("tp") {
        return Ok(level(object, "tp", refused)?.map(|price| at(price, None)).into_iter().collect());
    }
    let mut targets = Vec::new();
    for place in object.array("tp")? {
        let mut target = place.object()?;
        let portion = amount(&mut target, "portion_pct", refused)?;
        let price = level(&mut target, "price", refused)?;
        target.finish(&["price", "portion_pct"])?;
        match price {
            Some(price) => targets.push(at(price, portion)),
            None if refused.is_some() => {}
            None => return Err(object_missing(&place, "price")),
        }
    }
    Ok(targets)
}

fn word_of<T: Copy>(
    object: &Object<'_>,
    key: &str,
    word: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, RpcError> {
    let names = || all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
    all.iter().copied().find(|one| name(*one) == word).ok_or_else(|| {
        object.error(key, ReasonCode::InvalidField, format!("{key} must be one of {}.", names()))
    })
}

/// A number of an alert. One that cannot be held is a fault of the alert, as it is when a message has it.
fn amount(
    object: &mut Object<'_>,
    key: &'static str,
    refused: &mut Option<ReasonCode>,
) -> Result<Option<Decimal>, RpcError> {
    Ok(match object.number(key)? {
        Some(Number::Exact(value)) => Some(value),
        Some(Number::TooLong) => {
            refused.get_or_insert(ReasonCode::ArithmeticOverflow);
            None
        }
        None => None,
    })
}

/// A price of an alert.
fn level(
    object: &mut Object<'_>,
    key: &'static str,
    refused: &mut Option<ReasonCode>,
) -> Result<Option<Price>, RpcError> {
    let Some(value) = amount(object, key, refused)? else { return Ok(None) };
    let price = Price::new(value);
    if price.is_none() {
        refused.get_or_insert(ReasonCode::InvalidField);
    }
    Ok(price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::scenario::Document;

    /// The debug form of a step must contain `expected`; a refusal shows as its code and path.
    fn check(json: &str, expected: &str) {
        let document = Document::new(json, 7);
        let shown = match Timed::read(&document.root()) {
            Ok(timed) => format!("{timed:?}"),
            Err(error) => format!("{} {} {error}", error.code, error.path.clone().unwrap_or_default()),
        };
        assert!(shown.contains(expected), "{json}: {shown}");
    }

    #[test]
    fn steps_are_read_or_refused_with_their_place() {
        check(r#"{"t":1,"type":"last","price":67123.450000000004}"#, "Last(Price(67123.450000000004))");
        check(r#"{"t":"1e3","type":"last","price":"1e-28"}"#, "0.0000000000000000000000000001");
        check(r#"{"t":1,"type":"quote","bid":"1","ask":"2"}"#, "Quote { bid: Price(1), ask: Price(2) }");
        check(r#"{"t":1,"type":"kill","on":true}"#, "Kill(true)");
        check(r#"{"t":1,"type":"cancel","order":"o12.tp2"}"#, "number: 12, role: TakeProfit(2)");
        check(r#"{"t":1,"type":"signal","action":"buy","symbol":"A","qty":"\u0031"}"#, "quantity: Some(1)");
        check(
            r#"{"t":1,"type":"signal","action":"buy","symbol":"A","qty":1e29}"#,
            "refused: Some(ArithmeticOverflow)",
        );
        check(
            r#"{"t":1,"type":"signal","action":"buy","symbol":"A","sl":-1}"#,
            "refused: Some(InvalidField)",
        );
        let tif =
            |word: &str| format!(r#"{{"t":1,"type":"signal","action":"buy","symbol":"A","tif":"{word}"}}"#);
        check(&tif("day"), "time_in_force: Some(Day)");
        check(&tif("fok"), "INVALID_FIELD tif tif must be one of gtc, day, ioc.");
        let tp = |tp: &str| format!(r#"{{"t":1,"type":"signal","action":"buy","symbol":"A","tp":{tp}}}"#);
        check(&tp("9"), "take_profit: [TakeProfit { level: Price(Price(9)), portion_pct: None }]");
        check(
            &tp(r#"[{"price":"9","portion_pct":40},{"price":10}]"#),
            "Price(Price(9)), portion_pct: Some(40) }, ",
        );
        check(&tp(r#"[{"price":-9}]"#), "refused: Some(InvalidField)");
        check(&tp(r#"[{"portion_pct":40}]"#), "MISSING_FIELD tp[0].price");
        check(&tp(r#"[{"price":9,"portion":40}]"#), "INVALID_FIELD tp[0].portion");
        check(&tp("[9]"), "INVALID_FIELD tp[0]");
        check(r#"{"t":1,"type":"last"}"#, "MISSING_FIELD price");
        check(r#"{"type":"last","price":1}"#, "MISSING_FIELD t");
        check(r#"{"t":1.5,"type":"last","price":1}"#, "INVALID_FIELD t");
        check(r#"{"t":1,"price":1}"#, "MISSING_FIELD type");
        check(r#"{"t":1,"type":"tick"}"#, "INVALID_FIELD type");
        check(r#"{"t":1,"type":"last","price":0}"#, "INVALID_FIELD price");
        check(r#"{"t":1,"type":"last","price":"NaN"}"#, "INVALID_FIELD price price must be a number");
        check(r#"{"t":1,"type":"last","price":true}"#, "INVALID_FIELD price");
        check(r#"{"t":1,"type":"last","price":1e40}"#, "ARITHMETIC_OVERFLOW price");
        check(r#"{"t":1,"type":"last","prise":1,"price":1}"#, "INVALID_FIELD prise");
        check(r#"{"t":1,"type":"last","prise":1,"price":1}"#, "did you mean price?");
        check(r#"{"t":1,"t":1,"type":"last","price":1}"#, "DUPLICATE_KEY t");
        check(r#"{"t":1,"type":"kill","on":"yes"}"#, "INVALID_FIELD on");
        check(r#"{"t":1,"type":"kill"}"#, "MISSING_FIELD on");
        for name in ["1", "o", "o0", "o01", "o+1", "o1.", "o1.xl", "o1.tp1", "O1"] {
            check(&format!(r#"{{"t":1,"type":"cancel","order":"{name}"}}"#), "INVALID_FIELD order");
        }
        check(r#"{"t":1,"type":"signal","symbol":"A"}"#, "MISSING_FIELD action");
        check(
            r#"{"t":1,"type":"signal","action":"buy","symbol":"A","order_type":"maket"}"#,
            "INVALID_FIELD order_type",
        );
        check(r#"[]"#, "INVALID_FIELD");
        check(r#"{"t":1,"#, "MALFORMED_JSON");
    }

    #[test]
    fn an_error_knows_its_line_and_column() {
        let document = Document::new("{\"t\":1,\n \"type\":\"last\",\n \"prise\":1}", 7);
        let error = Timed::read(&document.root()).unwrap_err();
        assert_eq!((error.line, error.column), (Some(7), Some(1)), "{error:?}");
        let document = Document::new("{\"t\":1,\n \"type\":\"last\",\n \"price\":1,\n \"prise\":1}", 7);
        let error = Timed::read(&document.root()).unwrap_err();
        assert_eq!((error.line, error.column), (Some(10), Some(10)), "{error:?}");
        let document = Document::new("{\"t\":1,\n \"type\" \"last\"}", 7);
        let error = Timed::read(&document.root()).unwrap_err();
        assert_eq!((error.line, error.column), (Some(8), Some(9)), "{error:?}");
    }
}
