//! The paste box: which format a message is, what it would do, and which settings are missing. Nothing is written.

use super::signals::read_error;
use super::trial::{Message, Trial};
use super::webhooks::row_of;
use crate::context::Context;
use crate::random;
use crate::wire::{Canonical, MissingSetting, PasteRequest, Pasted, RpcError};
use dialect::{ReadError, Reading, Settings};
use domain::{DialectName, ReasonCode, Side, Symbol};
use std::sync::Arc;
use store::webhooks::WebhookRow;

/// The most settings that one message can leave open: symbol, side and four units.
const MISSING_MAX: usize = 6;

pub(crate) fn paste(context: &Arc<Context>, request: &PasteRequest) -> Result<Pasted, RpcError> {
    let webhook = request.webhook_id.as_deref().map(|id| row_of(context, id)).transpose()?;
    let settings = webhook
        .as_ref()
        .map_or_else(Settings::default, |row| crate::directory::reading_settings(&row.webhook));
    let body = request.body.as_bytes();
    match dialect::read(body, &settings) {
        Ok(reading) => understood(context, body, &reading, webhook.as_ref()),
        Err(error) => Ok(refused(body, &error, settings)),
    }
}

fn understood(
    context: &Arc<Context>,
    body: &[u8],
    reading: &Reading,
    webhook: Option<&WebhookRow>,
) -> Result<Pasted, RpcError> {
    let repairs: Vec<String> = reading.repairs.iter().map(dialect::Repair::sentence).collect();
    let mut outcomes = Vec::new();
    if let Some(webhook) = webhook {
        let now = context.clock.now();
        let mut trial = Trial::of(webhook, "paste", None, now);
        for (leg, signal) in (0..).zip(reading.signals.iter().cloned()) {
            let message = Message { dialect: Some(reading.dialect), repairs: repairs.clone(), signal, leg };
            let tried = trial.run(context, &random::signal_id(now), body, Ok(&message))?;
            outcomes.push(tried.row);
        }
    }
    Ok(Pasted {
        dialect: Some(reading.dialect.as_str().to_owned()),
        title: Some(reading.dialect.title().to_owned()),
        repairs,
        signals: reading.signals.iter().map(Canonical::from).collect(),
        outcomes,
        missing: Vec::new(),
        error: None,
    })
}

fn refused(body: &[u8], error: &ReadError, settings: Settings) -> Pasted {
    Pasted {
        dialect: error.dialect.map(|d| d.as_str().to_owned()),
        title: error.dialect.map(|d| DialectName::title(d).to_owned()),
        repairs: Vec::new(),
        signals: Vec::new(),
        outcomes: Vec::new(),
        missing: missing(body, error, settings),
        error: Some(read_error(error)),
    }
}

/// Every setting that the message needs: each is supposed to be set, and the message is read again.
fn missing(body: &[u8], error: &ReadError, mut settings: Settings) -> Vec<MissingSetting> {
    let mut found = Vec::new();
    let mut error = error.clone();
    while error.code == ReasonCode::SettingRequired && found.len() < MISSING_MAX {
        let Some(field) =
            error.field.as_deref().map(|field| field.rsplit_once("].").map_or(field, |(_, f)| f))
        else {
            break;
        };
        let (option, choices) = match field {
            "symbol" => {
                settings.symbol = Symbol::new("BTCUSDT").ok();
                ("--symbol".to_owned(), Vec::new())
            }
            "default_side" => {
                settings.default_side = Some(Side::Long);
                ("--default-side".to_owned(), vec!["long".to_owned(), "short".to_owned()])
            }
            unit => {
                let key = unit.strip_prefix("unit.").unwrap_or(unit);
                let choices: Vec<String> =
                    dialect::Units::choices(key).iter().map(|word| (*word).to_owned()).collect();
                let supposed = choices.first().is_some_and(|word| settings.units.set(key, word).is_ok());
                if !supposed {
                    break;
                }
                (format!("--set {unit}="), choices)
            }
        };
        let setting = field.to_owned();
        found.push(MissingSetting { setting, sentence: error.sentence.clone(), option, choices });
        match dialect::read(body, &settings) {
            Ok(_) => break,
            Err(next) => error = next,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &[&str]) {
        let error = dialect::read(body.as_bytes(), &Settings::default()).unwrap_err();
        let found = missing(body.as_bytes(), &error, Settings::default());
        let settings: Vec<&str> = found.iter().map(|missing| missing.setting.as_str()).collect();
        assert_eq!(settings, expected, "{body}");
        assert!(found.iter().all(|missing| missing.sentence.contains("--")), "{found:?}");
    }

    #[test]
    fn every_setting_that_is_missing_is_named_at_once() {
        check(
            "60123456789,buystop,EURUSD,risk=1,price=1,sl=5,tp=9",
            &["unit.risk", "unit.price", "unit.sl", "unit.tp"],
        );
        check(r#"{"message_type":"bot","bot_id":1,"email_token":"t"}"#, &["symbol", "default_side"]);
        check(r#"[{"side":"long","amount":"5%"}]"#, &["symbol"]);
        check(r#"{"action":"hold","symbol":"X"}"#, &[]);
    }
}
