//! The history: pages, one signal with everything, and what a message would say.

use super::store_error;
use super::webhooks::row_of;
use crate::context::Context;
use crate::drift;
use crate::rpc::orders::{shown_fill, shown_order};
use crate::wire::{
    Canonical, ExplainRequest, Explained, RpcError, SignalDetail, SignalDrift, SignalPage, SignalQuery,
    SignalRef, SignalRow,
};
use domain::{DialectName, ReasonCode, SignalId, SignalStatus, WebhookId};
use std::collections::BTreeMap;
use store::signals::{Cursor, SignalFilter};
use store::webhooks::WebhookMode;
use store::{StoreError, View};

/// Rows of a page that names no number.
const PAGE: u32 = 100;
/// Rows of a page at most.
const PAGE_MAX: u32 = 500;
/// The longest search text, in bytes.
const QUERY_MAX: usize = 500;

pub(crate) fn list(context: &Context, query: &SignalQuery) -> Result<SignalPage, RpcError> {
    let filter = filter(query)?;
    let before = query.before.as_deref().map(Cursor::parse).transpose().map_err(|e| store_error(&e))?;
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(RpcError::invalid("limit", "The limit must be 1 to 500."));
    }
    index_for(context, &filter);
    context
        .store
        .reader()
        .read(|view| {
            let page = store::signals::list(view, &filter, before, limit)?;
            let signals = page.signals.into_iter().map(|row| shown(view, row)).collect::<Result<_, _>>()?;
            Ok(SignalPage { signals, next: page.next.map(|c| c.to_string()), trials: Vec::new() })
        })
        .map_err(|e| store_error(&e))
}

/// Signals join the search index a moment after they came; a search does not miss them for that.
pub(crate) fn index_for(context: &Context, filter: &SignalFilter) {
    if filter.words.is_some()
        && let Err(error) = context.store.writer().index_signals()
    {
        tracing::warn!(%error, "the newest signals cannot be searched");
    }
}

/// What a query narrows to; the same for pages and exports.
pub(crate) fn filter(query: &SignalQuery) -> Result<SignalFilter, RpcError> {
    let mut filter = SignalFilter::default();
    if let Some(text) = query.webhook_id.as_deref().filter(|t| !t.is_empty()) {
        filter.webhook = Some(WebhookId::parse(text).map_err(|_| RpcError::not_found("webhook", text))?);
    }
    for word in query.status.iter().flatten() {
        match (word.as_str(), SignalStatus::parse(word)) {
            ("replayed", _) => filter.replayed = true,
            (_, Some(status)) => filter.statuses.push(status),
            (_, None) => {
                let text =
                    format!("{word:?} is no status; use received, executed, rejected, failed or replayed.");
                return Err(RpcError::invalid("status", text));
            }
        }
    }
    if let Some(words) = query.query.as_deref().map(str::trim).filter(|w| !w.is_empty()) {
        if words.len() > QUERY_MAX {
            let text = format!("The search text may have {QUERY_MAX} bytes at most.");
            return Err(RpcError::invalid("query", text));
        }
        // The index knows nothing but words, so punctuation alone would narrow nothing down and find everything.
        if !words.chars().any(|c| c.is_ascii_alphanumeric() || !c.is_ascii()) {
            let text = format!(
                "The search text {words:?} has no word in it: search for whole words, or with word* for their beginning."
            );
            return Err(RpcError::invalid("query", text));
        }
        filter.words = Some(words.to_owned());
    }
    Ok(filter)
}

/// The rows of these signals, in their order; those that are gone are left out.
pub(crate) fn rows_of(context: &Context, ids: &[SignalId]) -> Result<Vec<SignalRow>, RpcError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    context
        .store
        .reader()
        .read(|view| {
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(found) = store::signals::get(view, id)? {
                    rows.push(shown(view, found.signal)?);
                }
            }
            Ok(rows)
        })
        .map_err(|e| store_error(&e))
}

/// A row as the history shows it.
pub(crate) fn shown(view: &View, row: store::signals::SignalRow) -> Result<SignalRow, StoreError> {
    let replays = store::signals::replays_of(view, &row.id)?;
    let mut orders = Vec::new();
    if row.status == SignalStatus::Executed {
        for order in store::orders::of_signal(view, &row.id)? {
            orders.push(shown_order(view, order)?);
        }
    }
    let details = read_json::<BTreeMap<String, String>>(row.details.as_deref());
    let is_resync = row.source == super::resync::SOURCE;
    let pipeline = match row.mode {
        WebhookMode::Direct => None,
        WebhookMode::Pipeline => store::verdicts::of_signal(view, &row.id)?,
    };
    let pipeline = pipeline.and_then(|verdict| serde_json::from_str(&verdict.report).ok());
    Ok(SignalRow {
        id: row.id.to_string(),
        webhook_id: row.webhook_id.to_string(),
        webhook_name: row.webhook_name,
        mode: row.mode.as_str().to_owned(),
        received_at: row.received_at.to_string(),
        source: row.source,
        source_ip: row.source_ip,
        dialect: row.dialect.map(|d| d.as_str().to_owned()),
        repairs: read_json(row.repairs.as_deref()),
        action: row.action,
        symbol: row.symbol.map(|s| s.to_string()),
        status: row.status.as_str().to_owned(),
        reason_code: row.reason_code.map(|c| c.as_str().to_owned()),
        reason: row.reason,
        fix: row.reason_code.map(|c| c.fix().to_owned()),
        docs: row.reason_code.map(ReasonCode::page),
        reordered: ["reordered_before", "reordered_after"].iter().any(|name| details.contains_key(*name)),
        drift: drift_of(&details),
        details,
        replayed: row.replay_of.is_some(),
        replay_of: row.replay_of.map(|id| id.to_string()),
        replays: replays.iter().map(ToString::to_string).collect(),
        orders,
        pipeline,
        timings_us: read_json(row.timings.as_deref()),
        alert_time: row.alert_time.map(|t| t.to_string()),
        lag_ms: row.lag_ms,
        leg: row.leg,
        test: row.test,
        replayable: !is_resync && row.reason_code.and_then(bar_to_replay).is_none(),
        also_refused: i64::from(row.refused_count),
    })
}

/// What a decision noted of the strategy's position and the account's.
fn drift_of(details: &BTreeMap<String, String>) -> Option<SignalDrift> {
    let text = |name: &str| details.get(name).cloned();
    Some(SignalDrift { stated: text(drift::STATED)?, held: text(drift::HELD)? })
}

/// Why rows with these codes cannot be replayed: their sender was not known, or their message is not there.
const BARS_TO_REPLAY: [(&[ReasonCode], &str); 5] = [
    (
        &[
            ReasonCode::InvalidToken,
            ReasonCode::TokenExpired,
            ReasonCode::InvalidSignature,
            ReasonCode::TimestampOutOfTolerance,
            ReasonCode::UnknownWebhook,
            ReasonCode::OriginNotAllowed,
        ],
        "This request was refused before it showed a valid secret, so it cannot be replayed. Copy its body into the editor of another signal.",
    ),
    (
        &[ReasonCode::AddressNotAllowed],
        "This request came from an address that is not on the webhook's allow-list, so it cannot be replayed. Allow the address and send the message again.",
    ),
    (
        &[ReasonCode::BodyTooLarge],
        "This request cannot be replayed: its body was over 256 KiB, so only its first 8 KiB were kept. Send a smaller message.",
    ),
    (
        &[ReasonCode::BodyTimeout],
        "This request cannot be replayed: its body did not arrive in time and was not kept. Send the message again.",
    ),
    (
        &[ReasonCode::MethodNotAllowed, ReasonCode::HeadersTooLarge],
        "This request cannot be replayed: it was refused by its head, and its body was not kept. Send the message again.",
    ),
];

/// Why a row with this code cannot be replayed; nothing when it can.
pub(crate) fn bar_to_replay(code: ReasonCode) -> Option<&'static str> {
    BARS_TO_REPLAY.iter().find(|(codes, _)| codes.contains(&code)).map(|(_, why)| *why)
}

fn read_json<T: serde::de::DeserializeOwned + Default>(text: Option<&str>) -> T {
    text.and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
}

pub(crate) fn show(context: &Context, which: &SignalRef) -> Result<SignalDetail, RpcError> {
    let id = id_of(&which.id)?;
    context
        .store
        .reader()
        .read(|view| store::signals::get(view, &id)?.map(|found| detail(view, found)).transpose())
        .map_err(|e| store_error(&e))?
        .ok_or_else(|| RpcError::not_found("signal", &which.id))
}

pub(crate) fn id_of(text: &str) -> Result<SignalId, RpcError> {
    SignalId::parse(text).map_err(|_| RpcError::not_found("signal", text))
}

pub(crate) fn detail(view: &View, found: store::signals::SignalDetail) -> Result<SignalDetail, StoreError> {
    let config = found.config.as_deref().and_then(|c| serde_json::from_str(c).ok());
    let fills = store::fills::of_signal(view, &found.signal.id)?;
    Ok(SignalDetail {
        fills: fills.into_iter().map(shown_fill).collect(),
        raw_body: String::from_utf8_lossy(&found.raw_body).into_owned(),
        content_type: found.content_type,
        headers: read_json(found.headers.as_deref()),
        canonical: found.canonical.as_deref().and_then(|c| serde_json::from_str::<Canonical>(c).ok()),
        checks: crate::wire::checks::shown(found.checks.as_deref()),
        config: config.unwrap_or(serde_json::Value::Null),
        row: shown(view, found.signal)?,
    })
}

pub(crate) fn explain(context: &Context, request: &ExplainRequest) -> Result<Explained, RpcError> {
    let settings = match &request.webhook_id {
        Some(id) => crate::directory::reading_settings(&row_of(context, id)?.webhook),
        None => dialect::Settings::default(),
    };
    explain_bytes(request.body.as_bytes(), &settings)
}

/// What a message says, without anything being done.
pub(crate) fn explain_bytes(body: &[u8], settings: &dialect::Settings) -> Result<Explained, RpcError> {
    let reading = dialect::read(body, settings).map_err(|e| read_error(&e))?;
    Ok(Explained {
        dialect: DialectName::as_str(reading.dialect).to_owned(),
        repairs: reading.repairs.iter().map(dialect::Repair::sentence).collect(),
        signals: reading.signals.iter().map(Canonical::from).collect(),
    })
}

pub(crate) fn read_error(error: &dialect::ReadError) -> RpcError {
    RpcError {
        field: error.field.clone(),
        line: error.line,
        column: error.column,
        ..RpcError::new(error.code.as_str(), error.sentence.clone())
    }
}
