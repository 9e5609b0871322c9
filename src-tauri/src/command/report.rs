//! `report`: the figures of an account's present run, or of the round trips that a webhook opened.

use super::{Place, analyze};
use crate::terminal::Done;
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct Report {
    /// The account; the first one, or the webhook's, when absent.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Only what this webhook made of it.
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
    /// Periods a year: 365 where the market never closes, 252 for exchanges.
    #[arg(long, value_name = "365|252", default_value_t = 365, value_parser = analyze::periods())]
    periods: u32,
    /// The risk-free rate a year as a fraction: 0.02 is 2 %.
    #[arg(long, value_name = "R", default_value_t = 0.0, allow_negative_numbers = true)]
    rf: f64,
}

impl Report {
    pub(super) fn run(&self, place: &Place) -> Done {
        let query = json!({
            "account_id": self.account, "webhook_id": self.webhook, "periods": self.periods, "risk_free": self.rf,
        });
        let report = place.desk()?.call("report", query)?;
        if place.terminal.json {
            return place.terminal.object("report", &report);
        }
        for (title, key) in [
            ("Account", "account_id"),
            ("Webhook", "webhook_id"),
            ("From", "from"),
            ("To", "to"),
            ("Opening", "opening"),
            ("Paid in less out", "transferred"),
            ("Equity", "equity"),
        ] {
            if let Value::String(text) = &report[key] {
                place.terminal.line(&format!("{title:<16}  {text}"))?;
            }
        }
        analyze::print(place.terminal, &report["analytics"])
    }
}
