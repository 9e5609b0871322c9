//! TV-Hub: `{"exchange":"binance","pair":"BTCUSDT","isBuy":true,"units":0.01,"unitsType":"absolute","token":"…"}`.
//!
//! Exactly one of `isBuy`, `isSell` and `isClose` is true. A sell does what the webhook's sell mode says.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::instrument;
use crate::draft::{self, Start, traded};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use domain::{
    BracketLevel, DialectName, OrderRequest, OrderSide, OrderType, ReasonCode, Signal, Size, SizeUnit,
    StopLoss, TakeProfit, Trail, TrailUnit,
};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::TvHub,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.has(Mark::Pair) && marks.any(&[Mark::IsBuy, Mark::IsSell, Mark::IsClose])
    })),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "pair", settings)?;
    let mut set = Vec::new();
    for name in ["isBuy", "isSell", "isClose"] {
        set.extend(fields.choice(name)?.unwrap_or(false).then_some(name));
    }
    let (action, (said, order_side)) = match set.as_slice() {
        ["isBuy"] => ("buy", traded(OrderSide::Buy, settings.sell_mode)),
        ["isSell"] => ("sell", traded(OrderSide::Sell, settings.sell_mode)),
        ["isClose"] => ("close", (Said::Leave(None), None)),
        _ => {
            let sentence = "Exactly one of isBuy, isSell and isClose must be true.";
            return Err(ReadError::new(ReasonCode::InvalidField, sentence).at_field("isBuy"));
        }
    };
    let size = size(fields)?;
    let start = Start { action: action.to_owned(), said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    signal.price = fields.price_unless_zero(&["price"])?;
    signal.order = order(fields, &signal)?;
    signal.stop_loss = stop_loss(fields)?;
    signal.take_profit = targets(fields, &mut signal)?;
    signal.alert_time = fields.time(&["alertTimestamp"])?;
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let percent = fields.unless_zero(&["unitsPercent"])?;
    let units = fields.unless_zero(&["units"])?;
    let word = fields.word(&["unitsType"])?.map(|word| word.to_ascii_lowercase());
    let unit = match word.as_deref() {
        None | Some("absolute") => SizeUnit::Base,
        Some("percent" | "percentbalance") => SizeUnit::PercentAvailable,
        Some(other) => {
            let problem = format!("must be absolute or percent, not {}", visible(other));
            return Err(fields.invalid("unitsType", &problem));
        }
    };
    match (units, percent) {
        (Some(_), Some(_)) => Err(fields.contradiction("units", "unitsPercent")),
        (Some(value), None) => Ok(Some(Size { value, unit })),
        (None, percent) => Ok(percent.map(|value| Size { value, unit: SizeUnit::PercentAvailable })),
    }
}

fn order(fields: &mut Fields<'_>, signal: &Signal) -> Result<OrderRequest, ReadError> {
    let limit = fields.choice("isLimit")?.unwrap_or(false);
    let market = fields.choice("isMarket")?.unwrap_or(false);
    let word = fields.word(&["orderType"])?.map(|word| word.to_ascii_lowercase());
    let kind = match (limit, market, word.as_deref()) {
        (true, true, _) => return Err(fields.contradiction("isLimit", "isMarket")),
        (true, false, _) | (false, false, Some("limit")) => OrderType::Limit,
        (false, _, None | Some("market")) | (false, true, Some(_)) => OrderType::Market,
        (false, false, Some(other)) => {
            return Err(
                fields.invalid("orderType", &format!("must be market or limit, not {}", visible(other)))
            );
        }
    };
    draft::order(fields, kind, &["price"], &[], signal.price)
}

fn stop_loss(fields: &mut Fields<'_>) -> Result<Option<StopLoss>, ReadError> {
    let kind = fields.word(&["stopLossType"])?.map(|word| word.to_ascii_lowercase());
    let trails = kind.is_some_and(|kind| kind.contains("trail"));
    let Some(value) = fields.unless_zero(&["stopLossPercent"])? else { return Ok(None) };
    Ok(Some(if trails {
        StopLoss { level: None, limit: None, trail: Some(Trail { value, unit: TrailUnit::Percent }) }
    } else {
        draft::stop_at(BracketLevel::Percent(value))
    }))
}

fn targets(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<Vec<TakeProfit>, ReadError> {
    let mut found = Vec::new();
    for mut step in fields.objects("targets", "targets.")? {
        let percent =
            step.positive(&["takeProfitPercent"])?.ok_or_else(|| step.missing("takeProfitPercent"))?;
        let portion = step.positive(&["amount"])?;
        fields.adopt(step, &mut signal.extras);
        found.push(draft::target(BracketLevel::Percent(percent), portion));
    }
    draft::within_whole(fields, "targets", &found)?;
    Ok(found)
}
