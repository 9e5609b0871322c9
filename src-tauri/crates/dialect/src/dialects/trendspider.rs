//! TrendSpider: TradersPost's fields with placeholders of its own, `{"ticker":"%alert_symbol%","action":"buy"}`.
//!
//! Filled in, nothing tells such a message from the others with a `ticker`, so it is read as its own only where the
//! webhook says so; left open, the placeholders are refused by name.

use super::{Dialect, JsonForm, traderspost};
use domain::DialectName;

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::TrendSpider,
    json: Some(JsonForm::Chosen),
    text: None,
    read: traderspost::read,
};
