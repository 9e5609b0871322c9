//! The timeline of the tunnel with its gaps, and what each webhook may have missed in them.

use crate::context::Context;
use crate::rpc::store_error;
use crate::tunnel::gaps::{self, Gap};
use crate::tunnel::reason_of;
use crate::wire::{
    GapWebhook, RpcError, Timeline, TimelineQuery, TimelineRow as Shown, TunnelGap, TunnelReason, TunnelState,
};
use ::tunnel::{Cause, Fault, State};
use domain::Timestamp;
use store::tunnel::TimelineRow;
use store::webhooks::WebhookRow;
use store::{StoreError, View};

/// Rows on a page unless the query says otherwise, and at most.
const ROWS: u32 = 100;
const ROWS_MAX: u32 = 500;
/// How far back alerts are counted, in microseconds: seven days.
const BACK_US: i64 = 7 * 86_400 * 1_000_000;
/// The newest signals of a webhook, of each status, among which they are counted.
const OF_NEWEST: u32 = 5_000;

/// What the tunnel went through, newest first.
///
/// # Errors
/// `INVALID_FIELD` for the query, and the database's own.
pub(crate) fn timeline(context: &Context, query: &TimelineQuery) -> Result<Timeline, RpcError> {
    let limit = query.limit.unwrap_or(ROWS);
    if !(1..=ROWS_MAX).contains(&limit) {
        return Err(RpcError::invalid("limit", format!("The limit must be from 1 to {ROWS_MAX}.")));
    }
    let before = query.before.as_deref().map(cursor).transpose()?;
    let now = context.clock.now();
    let read = |view: &View| page(view, before, limit, now);
    context.store.reader().read(read).map_err(|e| store_error(&e))
}

fn cursor(text: &str) -> Result<i64, RpcError> {
    let wrong = || RpcError::invalid("before", "The cursor is not one that a page gave out.");
    text.parse().map_err(|_| wrong())
}

fn page(view: &View, before: Option<i64>, limit: u32, now: Timestamp) -> Result<Timeline, StoreError> {
    // One more row: it tells whether the oldest one on the page began a gap, and whether there is a next page.
    let mut rows = store::tunnel::page(view, before, limit + 1)?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    let webhooks = store::webhooks::list(view)?;
    // A gap that began on this page may have ended on the one before.
    let after = match rows.first() {
        Some(newest) => store::tunnel::from(view, newest.id + 1, ROWS_MAX)?,
        None => Vec::new(),
    };
    let chain: Vec<TimelineRow> = rows.iter().rev().cloned().chain(after).collect();
    if more {
        rows.pop();
    }
    let is_here = |gap: &Gap| rows.iter().any(|row| row.id == gap.row.id);
    let mut found: Vec<Gap> = gaps::find(&chain).into_iter().filter(is_here).collect();
    found.reverse();
    let gaps = found.into_iter().map(|gap| shown(view, gap, &webhooks, now)).collect::<Result<_, _>>()?;
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok(Timeline { rows: rows.into_iter().map(row_shown).collect(), gaps, next })
}

fn shown(view: &View, gap: Gap, webhooks: &[WebhookRow], now: Timestamp) -> Result<TunnelGap, StoreError> {
    let until = gap.to.unwrap_or(now).max(gap.from);
    let length_us = until.as_micros() - gap.from.as_micros();
    let back = gap.from.plus_micros(-BACK_US);
    let mut at_risk = Vec::new();
    for webhook in webhooks.iter().map(|row| &row.webhook) {
        if webhook.created_at >= until || webhook.paused {
            continue;
        }
        let alerts = store::tunnel::signals_between(view, &webhook.id, back, gap.from, OF_NEWEST)?;
        at_risk.push(GapWebhook {
            id: webhook.id.to_string(),
            name: webhook.name.clone(),
            alerts_7d: alerts,
            at_risk: share(alerts, length_us),
        });
    }
    at_risk.sort_by(|a, b| b.at_risk.total_cmp(&a.at_risk));
    let reason = reason(&gap.row).unwrap_or_else(|| reason_of(&Fault::of(Cause::Cut)));
    Ok(TunnelGap {
        from: gap.from.to_string(),
        to: gap.to.map(|to| to.to_string()),
        seconds: length_us / 1_000_000,
        reason,
        webhooks: at_risk,
    })
}

/// How many of `alerts` in seven days fall into a time of this length, to two places.
fn share(alerts: i64, length_us: i64) -> f64 {
    // All are far below 2^53.
    let expected = alerts as f64 * length_us as f64 / BACK_US as f64;
    (expected * 100.0).round() / 100.0
}

fn row_shown(row: TimelineRow) -> Shown {
    let state = match State::parse(&row.state) {
        Some(state) => crate::tunnel::now::state_of(state),
        None => TunnelState::Off,
    };
    Shown {
        id: row.id.to_string(),
        at: row.at.to_string(),
        state,
        reason: reason(&row),
        public_url: row.public_url,
    }
}

fn reason(row: &TimelineRow) -> Option<TunnelReason> {
    let cause = Cause::parse(row.code.as_deref()?)?;
    let (service_code, detail) = (row.service_code.clone(), row.detail.clone());
    Some(reason_of(&Fault { service_code, detail, ..Fault::of(cause) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_at_risk_is_the_share_of_a_week() {
        // 700 a week are 100 a day: an hour has 100 / 24 of them, a minute 0.07.
        for (alerts, seconds, expected) in
            [(700, 3_600, 4.17), (700, 60, 0.07), (0, 3_600, 0.0), (7, 86_400, 1.0), (700, 0, 0.0)]
        {
            let found = share(alerts, seconds * 1_000_000);
            assert!((found - expected).abs() < 1e-9, "{alerts} {seconds}: {found}");
        }
    }
}
