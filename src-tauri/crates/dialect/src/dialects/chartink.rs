//! Chartink: `{"stocks":"SEPOWER,ASTEC","trigger_prices":"3.75,541.8","scan_name":"…","triggered_at":"2:34 pm"}`.
//!
//! Many symbols, one signal each, each with its price. The message has no action: BUY, SELL, SHORT or COVER counts
//! when it stands in the scan's name as a word of its own in capitals, otherwise the webhook's default side does.
//! `triggered_at` has neither date nor zone and stays among the extras.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::draft::{self, Start, enters, leaves};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::read::SIGNALS_MAX;
use crate::settings::Settings;
use crate::symbol;
use domain::{DialectName, OrderSide, Price, ReasonCode, Side};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Chartink,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.all(&[Mark::Stocks, Mark::TriggerPrices]))),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let stocks = fields.required_word("stocks")?;
    let prices = fields.required_word("trigger_prices")?;
    let names: Vec<&str> = stocks.split(',').map(str::trim).collect();
    let figures: Vec<&str> = prices.split(',').map(str::trim).collect();
    if names.len() != figures.len() {
        let problem =
            format!("has {} prices for {} stocks: one for each is wanted", figures.len(), names.len());
        return Err(fields.invalid("trigger_prices", &problem));
    }
    if names.len() > SIGNALS_MAX {
        return Err(fields.invalid("stocks", "names more than 100 stocks"));
    }
    let scan = fields.text(&["scan_name"])?;
    let (action, said, order_side) = direction(scan.as_deref().unwrap_or_default(), settings)?;
    let mut signals = Vec::with_capacity(names.len());
    for (index, (name, figure)) in names.iter().zip(&figures).enumerate() {
        let instrument = symbol::mapped(name, &settings.symbol_map)
            .map_err(|error| of_stock(index, crate::assemble::invalid_symbol("stocks", name, &error)))?;
        let price = Price::parse(figure).map_err(|_| {
            of_stock(index, fields.invalid("trigger_prices", "has something that is no price"))
        })?;
        let start = Start { action: action.to_owned(), said, order_side, instrument, size: None };
        let mut signal = draft::begin(fields, start, settings)?;
        signal.price = Some(price);
        signal.strategy.clone_from(&scan);
        signals.push(signal);
    }
    fields.skip(&["webhook_url"]);
    Ok(signals)
}

fn of_stock(index: usize, error: ReadError) -> ReadError {
    ReadError { sentence: format!("Stock {}: {}", index + 1, error.sentence), ..error }
}

/// The first word of the scan's name that is a direction, else the webhook's side.
fn direction(scan: &str, settings: &Settings) -> Result<(&'static str, Said, Option<OrderSide>), ReadError> {
    let words: Vec<&str> = scan.split(|c: char| !c.is_alphanumeric()).collect();
    let mut known = ["BUY", "SELL", "SHORT", "COVER"].into_iter().filter(|word| words.contains(word));
    let (action, (said, order_side)) = match (known.next(), known.next()) {
        (Some(_), Some(_)) => {
            let sentence = "The name of the scan has two of BUY, SELL, SHORT and COVER: which one is meant cannot be guessed.";
            return Err(ReadError::new(ReasonCode::InvalidField, sentence).at_field("scan_name"));
        }
        (Some("BUY"), None) => ("buy", enters(Side::Long)),
        (Some("SELL"), None) => ("sell", leaves(Side::Long)),
        (Some("SHORT"), None) => ("short", enters(Side::Short)),
        (Some(_), None) => ("cover", leaves(Side::Short)),
        (None, _) => ("scan", enters(settings.side_or_refused()?)),
    };
    Ok((action, said, order_side))
}
