//! The alert messages to paste into TradingView.

mod systems;

use domain::DialectName;

/// What stands in a template where the dialect wants the webhook's token in the body; replace it with the token.
pub const AUTH_KEY_PLACEHOLDER: &str = "YOUR_AUTH_KEY_HERE";

/// The kind of alert that a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// An alert of a strategy: TradingView fills in the order and the position.
    Strategy,
    /// An alert of an indicator: the action is written out, one alert per action.
    Indicator,
}

/// The message to paste, in `dialect` or, without one, in Pitwire's own format, which is Vantixs's with more fields.
///
/// Pitwire's own names a price, since an account that is priced by its alerts has no other, the positions before and
/// after the order, and an id that no other alert has: the order's name alone comes again with every trade.
/// Placeholders stand inside quotes, so that an empty one does not break the JSON. No template names a quantity where
/// the dialect does not: the webhook's sizing decides, and adding `"quantity"` overrides it.
#[must_use]
pub fn template(dialect: Option<DialectName>, kind: TemplateKind) -> String {
    let lines: &[(&str, &str)] = match (dialect, kind) {
        (None, TemplateKind::Strategy) => OWN_STRATEGY,
        (None, TemplateKind::Indicator) => OWN_INDICATOR,
        (Some(DialectName::Vantixs), TemplateKind::Strategy) => VANTIXS_STRATEGY,
        (Some(DialectName::Vantixs), TemplateKind::Indicator) => VANTIXS_INDICATOR,
        (Some(DialectName::StratOne), TemplateKind::Strategy) => STRATONE_STRATEGY,
        (Some(DialectName::StratOne), TemplateKind::Indicator) => STRATONE_INDICATOR,
        (Some(DialectName::Atomik), TemplateKind::Strategy) => ATOMIK_STRATEGY,
        (Some(DialectName::Atomik), TemplateKind::Indicator) => ATOMIK_INDICATOR,
        (Some(DialectName::AlgoTradeAnalytics), kind) => return algo_trade_analytics(kind),
        (Some(other), kind) => return systems::message(other, kind).unwrap_or_default(),
    };
    object(lines)
}

const OWN_STRATEGY: &[(&str, &str)] = &[
    ("action", "{{strategy.order.action}}"),
    ("symbol", "{{ticker}}"),
    ("exchange", "{{exchange}}"),
    ("price", "{{strategy.order.price}}"),
    ("market_position", "{{strategy.market_position}}"),
    ("market_position_size", "{{strategy.market_position_size}}"),
    ("prev_market_position", "{{strategy.prev_market_position}}"),
    ("prev_market_position_size", "{{strategy.prev_market_position_size}}"),
    (
        "id",
        "{{timenow}} {{ticker}} {{strategy.order.id}} {{strategy.market_position}} {{strategy.market_position_size}}",
    ),
    ("time", "{{timenow}}"),
];
const OWN_INDICATOR: &[(&str, &str)] = &[
    ("action", "buy"),
    ("symbol", "{{ticker}}"),
    ("exchange", "{{exchange}}"),
    ("price", "{{close}}"),
    ("time", "{{timenow}}"),
];
const VANTIXS_STRATEGY: &[(&str, &str)] = &[
    ("action", "{{strategy.order.action}}"),
    ("symbol", "{{ticker}}"),
    ("price", "{{strategy.order.price}}"),
];
const VANTIXS_INDICATOR: &[(&str, &str)] =
    &[("action", "buy"), ("symbol", "{{ticker}}"), ("price", "{{close}}")];
const STRATONE_STRATEGY: &[(&str, &str)] = &[
    ("ticker", "{{ticker}}"),
    ("action", "{{strategy.order.action}}"),
    ("orderType", "market"),
    ("price", "{{strategy.order.price}}"),
    ("quantity", "{{strategy.order.contracts}}"),
];
const STRATONE_INDICATOR: &[(&str, &str)] =
    &[("ticker", "{{ticker}}"), ("action", "buy"), ("orderType", "market"), ("price", "{{close}}")];
const ATOMIK_STRATEGY: &[(&str, &str)] = &[
    ("action", "{{strategy.order.action}}"),
    ("comment", "{{strategy.order.comment}}"),
    ("price", "{{strategy.order.price}}"),
];
const ATOMIK_INDICATOR: &[(&str, &str)] = &[("action", "BUY"), ("comment", "ENTRY"), ("price", "{{close}}")];

fn object(lines: &[(&str, &str)]) -> String {
    let lines: Vec<String> = lines.iter().map(|(key, value)| format!("  \"{key}\": \"{value}\"")).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// The direction is a word of its own here that no placeholder fills, so both kinds write it out.
fn algo_trade_analytics(kind: TemplateKind) -> String {
    let (quantity, price) = match kind {
        TemplateKind::Strategy => {
            ("  \"qty\": \"{{strategy.order.contracts}}\",\n", "{{strategy.order.price}}")
        }
        TemplateKind::Indicator => ("", "{{close}}"),
    };
    format!(
        r#"{{
  "auth_key": "{AUTH_KEY_PLACEHOLDER}",
  "ticker": "{{{{ticker}}}}",
  "positionDirection": "entryLong",
  "orderType": "market",
{quantity}  "marketPrice": "{price}",
  "metadata": {{
    "timestamp": "{{{{timenow}}}}",
    "strategy": "My Strategy",
    "signal": "Buy Signal"
  }}
}}"#
    )
}
