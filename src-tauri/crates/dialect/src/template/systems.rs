//! The messages of the other systems, as their documents tell users to write them; secrets are for the user to keep.

use super::TemplateKind;
use domain::DialectName;

/// Each system with its message for a strategy's alert and for an indicator's.
type Row = (DialectName, &'static str, &'static str);

/// The message of a dialect beyond the four small ones; nothing for those.
pub(super) fn message(dialect: DialectName, kind: TemplateKind) -> Option<String> {
    let (_, strategy, indicator) = MESSAGES.iter().find(|(name, _, _)| *name == dialect)?;
    Some(match kind {
        TemplateKind::Strategy => (*strategy).to_owned(),
        TemplateKind::Indicator => (*indicator).to_owned(),
    })
}

const MESSAGES: &[Row] = &[
    (
        DialectName::TradersPost,
        r#"{
  "ticker": "{{ticker}}",
  "action": "{{strategy.order.action}}",
  "sentiment": "{{strategy.market_position}}",
  "quantity": "{{strategy.order.contracts}}",
  "price": "{{close}}",
  "time": "{{timenow}}"
}"#,
        r#"{
  "ticker": "{{ticker}}",
  "action": "buy",
  "sentiment": "bullish",
  "price": "{{close}}",
  "time": "{{timenow}}"
}"#,
    ),
    (DialectName::TrendSpider, TRENDSPIDER, TRENDSPIDER),
    (
        DialectName::ThreeCommasStrategy,
        r#"{
  "secret": "YOUR_SECRET",
  "max_lag": "300",
  "timestamp": "{{timenow}}",
  "trigger_price": "{{close}}",
  "tv_exchange": "{{exchange}}",
  "tv_instrument": "{{ticker}}",
  "action": "{{strategy.order.action}}",
  "bot_uuid": "YOUR_BOT",
  "strategy_info": {
    "market_position": "{{strategy.market_position}}",
    "market_position_size": "{{strategy.market_position_size}}",
    "prev_market_position": "{{strategy.prev_market_position}}",
    "prev_market_position_size": "{{strategy.prev_market_position_size}}"
  },
  "order": {"amount": "{{strategy.order.contracts}}", "currency_type": "base"}
}"#,
        r#"{
  "secret": "YOUR_SECRET",
  "timestamp": "{{timenow}}",
  "trigger_price": "{{close}}",
  "tv_instrument": "{{ticker}}",
  "action": "buy",
  "bot_uuid": "YOUR_BOT",
  "strategy_info": {"market_position": "long", "prev_market_position": "flat"},
  "order": {"amount": "1", "currency_type": "base"}
}"#,
    ),
    (DialectName::ThreeCommasCustom, THREE_COMMAS, THREE_COMMAS),
    (DialectName::ThreeCommasDca, DCA, DCA),
    (
        DialectName::PineConnector,
        "YOUR_LICENSE_ID,{{strategy.order.action}},{{ticker}},vol_lots={{strategy.order.contracts}}",
        "YOUR_LICENSE_ID,buy,{{ticker}},vol_lots=1",
    ),
    (
        DialectName::OpenAlgo,
        r#"{
  "apikey": "YOUR_KEY",
  "strategy": "TradingView",
  "symbol": "{{ticker}}",
  "action": "{{strategy.order.action}}",
  "quantity": "{{strategy.order.contracts}}",
  "pricetype": "MARKET"
}"#,
        r#"{
  "apikey": "YOUR_KEY",
  "strategy": "TradingView",
  "symbol": "{{ticker}}",
  "action": "BUY",
  "quantity": "1",
  "pricetype": "MARKET"
}"#,
    ),
    (DialectName::Chartink, CHARTINK, CHARTINK),
    (
        DialectName::OctoBot,
        "EXCHANGE={{exchange}}\nSYMBOL={{ticker}}\nSIGNAL={{strategy.order.action}}\nVOLUME={{strategy.order.contracts}}\nPRICE={{close}}",
        "EXCHANGE={{exchange}}\nSYMBOL={{ticker}}\nSIGNAL=BUY\nPRICE={{close}}",
    ),
    (
        DialectName::Alertatron,
        "MyKeys({{ticker}}) {\n    market(side={{strategy.order.action}}, amount={{strategy.order.contracts}});\n}\n#bot",
        "MyKeys({{ticker}}) {\n    market(side=buy, amount=100%a);\n}\n#bot",
    ),
    (DialectName::AlertatronLite, LITE, LITE),
    (DialectName::WunderTrading, WUNDER, WUNDER),
    (DialectName::Okx, SIGNAL_BOT, ENTER_LONG),
    (DialectName::BloFin, SIGNAL_BOT, ENTER_LONG),
    (
        DialectName::Finandy,
        r#"{"name": "TradingView", "secret": "YOUR_SECRET", "side": "{{strategy.order.action}}", "symbol": "{{ticker}}"}"#,
        r#"{"name": "TradingView", "secret": "YOUR_SECRET", "side": "buy", "symbol": "{{ticker}}"}"#,
    ),
    (
        DialectName::PickMyTrade,
        r#"{"symbol": "{{ticker}}", "date": "{{timenow}}", "data": "{{strategy.order.action}}", "quantity": "{{strategy.order.contracts}}", "price": "{{close}}", "token": "YOUR_TOKEN"}"#,
        r#"{"symbol": "{{ticker}}", "date": "{{timenow}}", "data": "buy", "quantity": "1", "price": "{{close}}", "token": "YOUR_TOKEN"}"#,
    ),
    (DialectName::TvHub, TV_HUB, TV_HUB),
    (DialectName::Altrady, ALTRADY, ALTRADY),
    (
        DialectName::Jackrabbit,
        r#"{"Exchange": "{{exchange}}", "Account": "main", "Action": "{{strategy.order.action}}", "Asset": "{{ticker}}", "Units": "{{strategy.order.contracts}}", "Identity": "YOUR_IDENTITY"}"#,
        r#"{"Exchange": "{{exchange}}", "Account": "main", "Action": "Buy", "Asset": "{{ticker}}", "Identity": "YOUR_IDENTITY"}"#,
    ),
    (
        DialectName::Tickerly,
        r#"{"ticker": "{{ticker}}", "action": "{{strategy.order.action}}", "prev_position": "{{strategy.prev_market_position}}", "quantity": "{{strategy.order.contracts}}", "pointer": "YOUR_POINTER"}"#,
        r#"{"ticker": "{{ticker}}", "action": "buy", "prev_position": "flat", "quantity": "1", "pointer": "YOUR_POINTER"}"#,
    ),
    (DialectName::Thibaultyou, STUB, STUB),
    (
        DialectName::Junta,
        r#"{"exchange": "dydx", "strategy": "TradingView", "market": "{{ticker}}", "size": "{{strategy.order.contracts}}", "order": "{{strategy.order.action}}", "price": "{{strategy.order.price}}", "position": "{{strategy.market_position}}", "reverse": false, "passphrase": "YOUR_PASSPHRASE"}"#,
        r#"{"exchange": "dydx", "strategy": "TradingView", "market": "{{ticker}}", "size": "1", "order": "buy", "price": "{{close}}", "position": "long", "reverse": false, "passphrase": "YOUR_PASSPHRASE"}"#,
    ),
    (DialectName::MetaApi, METAAPI, METAAPI),
    (
        DialectName::CrossTrade,
        "key=YOUR_KEY;\ncommand=PLACE;\naccount=sim101;\ninstrument={{ticker}};\naction={{strategy.order.action}};\nqty={{strategy.order.contracts}};\norder_type=MARKET;\ntif=DAY;",
        "key=YOUR_KEY;\ncommand=PLACE;\naccount=sim101;\ninstrument={{ticker}};\naction=BUY;\nqty=1;\norder_type=MARKET;\ntif=DAY;",
    ),
    (
        DialectName::Whook,
        "account {{ticker}} {{strategy.order.action}} {{strategy.order.contracts}}",
        "account {{ticker}} buy 1",
    ),
    (DialectName::Autoview, AUTOVIEW, AUTOVIEW),
    (
        DialectName::Frostybot,
        "trade:mystub:{{strategy.order.action}} symbol={{ticker}} base={{strategy.order.contracts}}",
        "trade:mystub:long symbol={{ticker}} size=1000",
    ),
    (
        DialectName::Bva,
        "YOUR_KEY|TradingView|{{strategy.order.action}}|{{ticker}}",
        "YOUR_KEY|TradingView|buy|{{ticker}}",
    ),
    (
        DialectName::Password,
        "YOUR_PASSWORD\n{{strategy.order.action}} {{ticker}} q={{strategy.order.contracts}}",
        "YOUR_PASSWORD\nlong {{ticker}} q=1",
    ),
    (
        DialectName::Generic,
        r#"{"side": "{{strategy.order.action}}", "symbol": "{{ticker}}", "quantity": "{{strategy.order.contracts}}", "price": "{{close}}"}"#,
        r#"{"side": "buy", "symbol": "{{ticker}}", "price": "{{close}}"}"#,
    ),
];

const TRENDSPIDER: &str = r#"{"ticker": "%alert_symbol%", "action": "buy", "price": "%last_price%"}"#;
const THREE_COMMAS: &str = r#"{
  "secret": "YOUR_SECRET",
  "bot_uuid": "YOUR_BOT",
  "action": "enter_long",
  "tv_exchange": "{{exchange}}",
  "tv_instrument": "{{ticker}}",
  "trigger_price": "{{close}}",
  "max_lag": 300,
  "timestamp": "{{timenow}}"
}"#;
const DCA: &str = r#"{"message_type": "bot", "bot_id": "YOUR_BOT", "email_token": "YOUR_TOKEN", "delay_seconds": 0, "pair": "{{ticker}}"}"#;
const CHARTINK: &str =
    r#"{"stocks": "{{ticker}}", "trigger_prices": "{{close}}", "scan_name": "BUY from TradingView"}"#;
const LITE: &str = r#"{"side": "long", "amount": "25%", "price": "{{close}}"}"#;
const WUNDER: &str =
    r#"{"code": "ENTER-LONG_{{exchange}}_{{ticker}}_BOT_1H_YOUR_ID", "orderType": "market"}"#;
const SIGNAL_BOT: &str = r#"{
  "id": "{{strategy.order.id}}",
  "action": "{{strategy.order.action}}",
  "marketPosition": "{{strategy.market_position}}",
  "prevMarketPosition": "{{strategy.prev_market_position}}",
  "marketPositionSize": "{{strategy.market_position_size}}",
  "prevMarketPositionSize": "{{strategy.prev_market_position_size}}",
  "instrument": "{{ticker}}",
  "signalToken": "YOUR_TOKEN",
  "timestamp": "{{timenow}}",
  "maxLag": "60",
  "investmentType": "base",
  "amount": "{{strategy.order.contracts}}"
}"#;
const ENTER_LONG: &str = r#"{
  "action": "ENTER_LONG",
  "instrument": "{{ticker}}",
  "signalToken": "YOUR_TOKEN",
  "timestamp": "{{timenow}}",
  "maxLag": "60",
  "investmentType": "base",
  "amount": "1"
}"#;
const TV_HUB: &str = r#"{"exchange": "{{exchange}}", "pair": "{{ticker}}", "isBuy": true, "units": 1, "unitsType": "absolute", "price": "{{close}}", "token": "YOUR_TOKEN"}"#;
const ALTRADY: &str = r#"{"api_key": "YOUR_KEY", "api_secret": "YOUR_SECRET", "action": "open", "exchange": "{{exchange}}", "symbol": "{{ticker}}", "side": "long", "signal_price": "{{close}}"}"#;
const STUB: &str = r#"{"stub": "dev", "direction": "long", "symbol": "{{ticker}}", "size": "50"}"#;
const METAAPI: &str =
    r#"{"symbol": "{{ticker}}", "type": "POSITION_TYPE_BUY", "time": "{{timenow}}", "volume": "0.01"}"#;
const AUTOVIEW: &str = "b=long q=1 s={{ticker}} e={{exchange}} t=market";
