//! What every JSON dialect shares: the optional fields that any message may carry, and the signal made of them.

use crate::draft;
use crate::error::{ReadError, visible};
use crate::exit;
use crate::fields::Fields;
use crate::meaning::{self, Said, Statement};
use crate::position;
use crate::protection;
use crate::settings::Settings;
use crate::symbol::{self, Instrument};
use domain::{OrderRequest, OrderSide, OrderType, Price, ReasonCode, Side, Signal, SymbolError, TimeInForce};

const QUANTITY: &[&str] = &["quantity", "qty"];
const PRICE: &[&str] = &["price", "marketPrice", "market_price"];
const ORDER_TYPE: &[&str] = &["orderType", "order_type"];
const LIMIT: &[&str] = &["limitPrice", "limit_price"];
const STOP: &[&str] = &["stopPrice", "stop_price"];
const ACTIVATION: &[&str] = &["activationPrice", "activation_price"];
const TIME_IN_FORCE: &[&str] = &["timeInForce", "time_in_force"];
const ID: &[&str] = &["id", "signal_id", "signalId"];
/// Beside one of these, `time` is the bar's: TradingView calls the firing `{{timenow}}` and the bar `{{time}}`.
const FIRED_AT: &[&str] = &["timenow", "alert_time"];
const ALERT_TIME: &[&str] = &["time", "timestamp"];
const BAR_TIME: &[&str] = &["bar_time", "barTime"];
const STRATEGY: &[&str] = &["strategy", "strategy_name"];
/// Where formats name the symbol; a message that names two must mean the same by both.
const SYMBOLS: [&str; 2] = ["symbol", "ticker"];
/// Words in the names of commands that move funds.
pub(crate) const FORBIDDEN: [&str; 2] = ["withdraw", "transfer"];
/// The longest id of a sender, in bytes.
const ID_MAX: usize = 256;

/// What a dialect found out by itself about a message.
pub(crate) struct Head {
    /// The action word, lower case.
    pub(crate) action: String,
    /// What the word says, the comment `ENTRY` included.
    pub(crate) said: Said,
    /// Whether the word buys or sells.
    pub(crate) order_side: Option<OrderSide>,
    /// What is traded.
    pub(crate) instrument: Instrument,
    /// The comment.
    pub(crate) comment: Option<String>,
    /// Whether every comment with `EXIT_` must name a share.
    pub(crate) strict_exits: bool,
    /// Whether `price` is the limit or the stop of an order that has no other.
    pub(crate) price_is_level: bool,
}

impl Head {
    /// A head with the usual answers to the rarer questions.
    pub(crate) fn new(
        action: String,
        said: Said,
        order_side: Option<OrderSide>,
        instrument: Instrument,
    ) -> Self {
        Self {
            action,
            said,
            order_side,
            instrument,
            comment: None,
            strict_exits: false,
            price_is_level: false,
        }
    }
}

/// Reads the fields that all dialects share and makes the signal.
pub(crate) fn signal(fields: &mut Fields<'_>, head: Head, settings: &Settings) -> Result<Signal, ReadError> {
    let comment = match head.comment {
        Some(comment) => Some(comment),
        None => fields.text(&["comment"])?,
    };
    let exit_percent = comment.as_deref().map(|c| exit::percent(c, head.strict_exits)).transpose()?.flatten();
    let size = fields.quantity(QUANTITY)?;
    let positions = position::read(fields)?;
    let statement = Statement {
        said: head.said,
        order_side: head.order_side,
        exit_percent,
        size,
        positions,
        sell_mode: settings.sell_mode,
    };
    let meaning = meaning::of(&statement)?;

    let mut signal = Signal::new(meaning.intent, meaning.side, &head.action, head.instrument.symbol);
    signal.symbol_raw = head.instrument.raw;
    signal.exchange = match fields.word(&["exchange"])? {
        Some(name) => {
            let known = symbol::parse_exchange(&name);
            Some(known.ok_or_else(|| fields.invalid("exchange", "cannot be the name of an exchange"))?)
        }
        None => head.instrument.exchange,
    };
    signal.market = head.instrument.market;
    signal.size = meaning.size;
    signal.target_position = positions.target.and_then(position::Position::net);
    signal.previous_position = positions.previous.and_then(position::Position::net);
    signal.price = fields.price(PRICE)?;
    signal.order = order(fields, signal.price.filter(|_| head.price_is_level))?;
    protection::read(fields, &mut signal)?;
    signal.alert_time = match fields.time(FIRED_AT)? {
        Some(time) => Some(time),
        None => fields.time(ALERT_TIME)?,
    };
    signal.bar_time = fields.time(BAR_TIME)?;
    signal.id = fields.text(ID)?;
    if signal.id.as_ref().is_some_and(|id| id.len() > ID_MAX) {
        return Err(fields.invalid("id", "is longer than 256 bytes"));
    }
    signal.strategy = fields.text(STRATEGY)?;
    signal.comment = comment;
    signal.test = fields.flag("test")?;
    // What few messages have, asked for only where something is left.
    draft::rest(fields, &mut signal, &["exchange", "price"])?;
    Ok(signal)
}

/// The order asked for; prices that its type has no use for stay among the extras.
fn order(fields: &mut Fields<'_>, level: Option<Price>) -> Result<OrderRequest, ReadError> {
    let Some(word) = fields.word(ORDER_TYPE)? else { return Ok(OrderRequest::MARKET) };
    let folded: String =
        word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let kind = match folded.as_str() {
        "market" => OrderType::Market,
        "limit" => OrderType::Limit,
        "stop" => OrderType::Stop,
        "stoplimit" => OrderType::StopLimit,
        "trailingstop" => OrderType::TrailingStop,
        _ => {
            let problem =
                format!("must be market, limit, stop, stop_limit or trailing_stop, not {}", visible(&word));
            return Err(fields.invalid(ORDER_TYPE[0], &problem));
        }
    };
    let mut order = OrderRequest { kind, ..OrderRequest::MARKET };
    if matches!(kind, OrderType::Limit | OrderType::StopLimit) {
        let named = fields.price(LIMIT)?.or(level);
        order.limit = Some(named.ok_or_else(|| fields.missing(LIMIT[0]))?);
    }
    if matches!(kind, OrderType::Stop | OrderType::StopLimit) {
        let named = fields.price(STOP)?.or(level);
        order.stop = Some(named.ok_or_else(|| fields.missing(STOP[0]))?);
    }
    if kind == OrderType::TrailingStop {
        order.trail = Some(protection::trail(fields)?.ok_or_else(|| fields.missing("trailPercent"))?);
        order.activation = fields.price(ACTIVATION)?;
    }
    if kind != OrderType::Market
        && let Some(word) = fields.word(TIME_IN_FORCE)?
    {
        let known = TimeInForce::parse(&word.to_ascii_lowercase());
        let problem = || format!("must be gtc, day or ioc, not {}", visible(&word));
        order.time_in_force = Some(known.ok_or_else(|| fields.invalid(TIME_IN_FORCE[0], &problem()))?);
    }
    Ok(order)
}

/// Reads a required symbol field.
pub(crate) fn instrument(
    fields: &mut Fields<'_>,
    name: &str,
    settings: &Settings,
) -> Result<Instrument, ReadError> {
    let raw = fields.required_word(name)?;
    let map = &settings.symbol_map;
    let found = symbol::mapped(&raw, map).map_err(|error| invalid_symbol(name, &raw, &error))?;
    let other = if name == SYMBOLS[0] { SYMBOLS[1] } else { SYMBOLS[0] };
    let agrees = |text| symbol::mapped(text, map).is_ok_and(|also| also.symbol == found.symbol);
    if fields.peek(other).is_some_and(|text| !agrees(text)) {
        return Err(fields.contradiction(name, other));
    }
    Ok(found)
}

/// The refusal of a symbol, with what was probably meant.
pub(crate) fn invalid_symbol(name: &str, raw: &str, error: &SymbolError) -> ReadError {
    let meant = symbol::suggestion(raw).map(|meant| {
        format!(
            " If {meant} is meant, send it so, or map it on the webhook with --map \"{}={meant}\".",
            visible(raw)
        )
    });
    let sentence = format!("The field {name} is no symbol: {error}.{}", meant.unwrap_or_default());
    ReadError::new(ReasonCode::InvalidSymbol, sentence).at_field(name)
}

/// The refusal of an action, with those that the dialect knows.
pub(crate) fn unsupported_action(name: &str, found: &str, known: &[&str]) -> ReadError {
    let lower = found.to_ascii_lowercase();
    if FORBIDDEN.iter().any(|word| lower.contains(word)) {
        return forbidden(name, found);
    }
    let sentence = format!("The action {} is not known here: {} are.", visible(found), known.join(", "));
    ReadError::new(ReasonCode::UnsupportedAction, sentence).at_field(name)
}

/// The refusal of a command that moves funds.
pub(crate) fn forbidden(name: &str, found: &str) -> ReadError {
    let sentence = format!(
        "The command {} moves funds: withdrawals and transfers are never done, whatever a message says.",
        visible(found)
    );
    ReadError::new(ReasonCode::ForbiddenCommand, sentence).at_field(name)
}

/// Entering for an order side that a comment `ENTRY` declares an entry.
pub(crate) fn entered_by(order_side: OrderSide) -> Said {
    Said::Enter(match order_side {
        OrderSide::Buy => Side::Long,
        OrderSide::Sell => Side::Short,
    })
}
