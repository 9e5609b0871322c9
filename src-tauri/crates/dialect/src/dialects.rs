//! The dialects: one file each, and the order in which their marks are looked for.

mod alertatron;
mod alertatron_lite;
mod algo_trade_analytics;
mod altrady;
mod atomik;
mod autoview;
mod blofin;
mod bva;
mod chartink;
mod crosstrade;
mod finandy;
mod frostybot;
mod generic;
mod jackrabbit;
mod junta;
mod marks;
mod metaapi;
mod octobot;
mod okx;
mod openalgo;
mod password;
mod pickmytrade;
mod pineconnector;
pub(crate) mod stratone;
mod thibaultyou;
mod three_commas_custom;
mod three_commas_dca;
mod three_commas_strategy;
mod tickerly;
mod traderspost;
mod trendspider;
mod tv_hub;
pub(crate) mod vantixs;
mod whook;
mod wundertrading;

use crate::error::ReadError;
use crate::fields::Fields;
use crate::json::Object;
use crate::settings::Settings;
use crate::text::Messages;
use domain::{DialectName, Signal};
use marks::{Mark, Marks};

/// What is read out of one message: one signal, or several steps in the order in which they are to be done.
pub(crate) type Signals = Result<Vec<Signal>, ReadError>;

/// What a dialect can do.
pub(crate) struct Dialect {
    /// Its name.
    pub(crate) name: DialectName,
    /// Its form in JSON, if it has one.
    pub(crate) json: Option<JsonForm>,
    /// Its form as text, if it has one: the messages of a text that has its marks, nothing for any other text.
    pub(crate) text: Option<fn(&str) -> Option<Messages>>,
    /// Reads a message; what it does not ask for becomes extras of its last signal.
    pub(crate) read: fn(&mut Fields<'_>, &Settings) -> Signals,
}

/// How a JSON object is recognised.
pub(crate) enum JsonForm {
    /// By its keys, given that no earlier dialect claimed it.
    Recognised(fn(&Marks<'_>, &Settings) -> bool),
    /// Never by itself: only where the webhook says so.
    Chosen,
}

/// The JSON dialects, the more particular marks first; the small formats next, and what is like any of them last.
const JSON: &[&Dialect] = &[
    &algo_trade_analytics::DIALECT,
    &three_commas_strategy::DIALECT,
    &three_commas_custom::DIALECT,
    &three_commas_dca::DIALECT,
    &okx::DIALECT,
    &chartink::DIALECT,
    &openalgo::DIALECT,
    &tv_hub::DIALECT,
    &altrady::DIALECT,
    &jackrabbit::DIALECT,
    &tickerly::DIALECT,
    &thibaultyou::DIALECT,
    &junta::DIALECT,
    &metaapi::DIALECT,
    &wundertrading::DIALECT,
    &finandy::DIALECT,
    &pickmytrade::DIALECT,
    &alertatron_lite::DIALECT,
    &traderspost::DIALECT,
    &generic::DIALECT,
    &vantixs::DIALECT,
    &stratone::DIALECT,
    &atomik::DIALECT,
];

/// The text dialects, in the order in which a text is offered to them.
const TEXT: &[&Dialect] = &[
    &pineconnector::DIALECT,
    &crosstrade::DIALECT,
    &octobot::DIALECT,
    &alertatron::DIALECT,
    &wundertrading::DIALECT,
    &frostybot::DIALECT,
    &autoview::DIALECT,
    &bva::DIALECT,
    &password::DIALECT,
    &whook::DIALECT,
];

/// Keys of the smallest messages, which no other dialect's marks are among.
const SMALLEST: [&str; 5] = ["action", "symbol", "price", "time", "id"];

/// The dialect whose marks an object has.
pub(crate) fn detect(object: &Object, settings: &Settings) -> Option<&'static Dialect> {
    if is_smallest(object) {
        return Some(&vantixs::DIALECT);
    }
    let marks = Marks::of(object);
    JSON.iter().copied().find(|dialect| match dialect.json {
        Some(JsonForm::Recognised(recognises)) => recognises(&marks, settings),
        Some(JsonForm::Chosen) | None => false,
    })
}

/// The most common message is told at a glance.
fn is_smallest(object: &Object) -> bool {
    let of_action = |name: &str| object.iter().any(|(key, _)| key == name);
    object.iter().all(|(key, _)| SMALLEST.contains(&key.as_str()))
        && of_action("action")
        && of_action("symbol")
}

/// The dialect whose marks a text has, with the messages of the text.
pub(crate) fn detect_text(text: &str) -> Option<(&'static Dialect, Messages)> {
    TEXT.iter().copied().find_map(|dialect| {
        let messages = dialect.text.and_then(|split| split(text))?;
        Some((dialect, messages))
    })
}

/// Whether a word is a command of PineConnector, whose secret has only its place.
pub(crate) fn is_pineconnector_command(word: &str) -> bool {
    pineconnector::is_command(word)
}

/// The dialect of a name.
pub(crate) fn named(name: DialectName) -> &'static Dialect {
    match name {
        DialectName::Vantixs => &vantixs::DIALECT,
        DialectName::AlgoTradeAnalytics => &algo_trade_analytics::DIALECT,
        DialectName::StratOne => &stratone::DIALECT,
        DialectName::Atomik => &atomik::DIALECT,
        DialectName::TradersPost => &traderspost::DIALECT,
        DialectName::TrendSpider => &trendspider::DIALECT,
        DialectName::ThreeCommasStrategy => &three_commas_strategy::DIALECT,
        DialectName::ThreeCommasCustom => &three_commas_custom::DIALECT,
        DialectName::ThreeCommasDca => &three_commas_dca::DIALECT,
        DialectName::PineConnector => &pineconnector::DIALECT,
        DialectName::OpenAlgo => &openalgo::DIALECT,
        DialectName::Chartink => &chartink::DIALECT,
        DialectName::OctoBot => &octobot::DIALECT,
        DialectName::Alertatron => &alertatron::DIALECT,
        DialectName::AlertatronLite => &alertatron_lite::DIALECT,
        DialectName::WunderTrading => &wundertrading::DIALECT,
        DialectName::Okx => &okx::DIALECT,
        DialectName::BloFin => &blofin::DIALECT,
        DialectName::Finandy => &finandy::DIALECT,
        DialectName::PickMyTrade => &pickmytrade::DIALECT,
        DialectName::TvHub => &tv_hub::DIALECT,
        DialectName::Altrady => &altrady::DIALECT,
        DialectName::Jackrabbit => &jackrabbit::DIALECT,
        DialectName::Tickerly => &tickerly::DIALECT,
        DialectName::Thibaultyou => &thibaultyou::DIALECT,
        DialectName::Junta => &junta::DIALECT,
        DialectName::MetaApi => &metaapi::DIALECT,
        DialectName::CrossTrade => &crosstrade::DIALECT,
        DialectName::Whook => &whook::DIALECT,
        DialectName::Autoview => &autoview::DIALECT,
        DialectName::Frostybot => &frostybot::DIALECT,
        DialectName::Bva => &bva::DIALECT,
        DialectName::Password => &password::DIALECT,
        DialectName::Generic => &generic::DIALECT,
    }
}
