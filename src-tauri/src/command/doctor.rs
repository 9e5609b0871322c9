//! `doctor`: each check with its finding and its fix.

use super::Place;
use crate::terminal::{Done, Failure};
use desk::wire::RpcError;
use serde_json::json;

pub(super) fn run(place: &Place) -> Done {
    let checks = place.desk()?.call("doctor", json!({}))?;
    let rows = checks.as_array().cloned().unwrap_or_default();
    if place.terminal.json {
        place.terminal.value(&json!({ "checks": checks }))?;
    } else {
        for check in &rows {
            let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
            place.terminal.line(&format!(
                "{:<8} {:<10} {}",
                text("outcome"),
                text("name"),
                text("finding")
            ))?;
            if let Some(fix) = check["fix"].as_str() {
                place.terminal.line(&format!("{:<8} {:<10} → {fix}", "", ""))?;
            }
        }
    }
    let broken: Vec<&str> =
        rows.iter().filter(|c| c["outcome"] == "error").filter_map(|c| c["name"].as_str()).collect();
    if broken.is_empty() {
        return Ok(());
    }
    let text = format!("These checks found errors: {}.", broken.join(", "));
    Err(Failure::Refused(RpcError::new("UNHEALTHY", text)))
}
