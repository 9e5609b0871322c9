//! The report of an account's present run, or of what a webhook made of it.
//!
//! Money that was paid in or out is no profit: the curve is the equity less what was transferred since the run began,
//! so that it begins with the opening capital and ends with capital and profit.

use super::accounts::{id_or_first, opened};
use super::orders::webhook_id;
use super::store_error;
use crate::analytics;
use crate::context::Context;
use crate::wire::{EquityMark, Report, ReportQuery, RpcError};
use domain::{AccountId, Money, ReasonCode, Timestamp, WebhookId, parse_decimal};
use paper::analytics::{ClosedTrade, DrawdownPoint, EquityCurve, EquityPoint, drawdown_curve};
use store::accounts::AccountRow;
use store::trades::{TradeFilter, TradeNo, TradeRow};
use store::{StoreError, View};

/// Rows read at once.
const PAGE: u32 = 5_000;
/// Points of a curve that names no number.
const POINTS: u32 = 1_000;
/// Points of a curve at most.
const POINTS_MAX: u32 = 5_000;

pub(crate) fn report(context: &Context, query: &ReportQuery) -> Result<Report, RpcError> {
    let wanted = query.points.unwrap_or(POINTS);
    if !(2..=POINTS_MAX).contains(&wanted) {
        return Err(RpcError::invalid("points", "The number of points must be 2 to 5000."));
    }
    let settings = analytics::settings(query.periods.unwrap_or(365), query.risk_free.unwrap_or(0.0))?;
    let webhook = query.webhook_id.as_deref().filter(|t| !t.is_empty()).map(webhook_id).transpose()?;
    let id = account_of(context, query, webhook.as_ref())?;
    let (row, broker) = opened(context, &id)?;
    let read = context.store.reader().read(|view| {
        let trades = trades(view, &row, webhook.as_ref())?;
        let points = match webhook {
            Some(_) => profits(&row, &trades),
            None => equity(view, &row)?,
        };
        Ok((trades, points))
    });
    let (trades, points) = read.map_err(|e| store_error(&e))?;
    let curve = EquityCurve::new(Some(row.opening), points.ok_or_else(overflow)?)
        .map_err(|e| RpcError::new("NO_EQUITY_CURVE", format!("There is no equity curve: {e}.")))?;
    let closed: Vec<ClosedTrade> = trades.iter().map(closed).collect();
    let marks = drawdown_curve(&curve).map_err(|_| overflow())?;
    let limit = usize::try_from(wanted).unwrap_or(usize::MAX);
    let to = curve.points().last().map_or(row.opened_at, |point| point.at);
    Ok(Report {
        account_id: id.to_string(),
        webhook_id: webhook.map(|id| id.to_string()),
        from: row.opened_at.to_string(),
        to: to.to_string(),
        opening: row.opening.to_string(),
        transferred: broker.state().funds.transferred.to_string(),
        equity: broker.balances().equity.to_string(),
        analytics: analytics::analyze(&curve, Some(&closed), settings)?,
        thinned: marks.len() > limit,
        curve: thinned(&marks, limit).into_iter().map(shown).collect(),
        currency: row.currency,
    })
}

fn overflow() -> RpcError {
    RpcError::reason(ReasonCode::ArithmeticOverflow)
}

/// The account named, else the webhook's, else the first one.
fn account_of(
    context: &Context,
    query: &ReportQuery,
    webhook: Option<&WebhookId>,
) -> Result<AccountId, RpcError> {
    let named = query.account_id.as_deref().filter(|t| !t.is_empty());
    let Some(webhook) = webhook else { return id_or_first(context, named) };
    context.directory.reload().map_err(|e| store_error(&e))?;
    let rows = context.directory.rows();
    let row = rows.get(webhook).ok_or_else(|| RpcError::not_found("webhook", webhook.as_str()))?;
    id_or_first(context, Some(named.unwrap_or_else(|| row.webhook.account_id.as_str())))
}

/// The round trips of the present run, the first closed first.
fn trades(view: &View, row: &AccountRow, webhook: Option<&WebhookId>) -> Result<Vec<TradeRow>, StoreError> {
    let filter = TradeFilter { account: Some(&row.id), webhook };
    let mut all = Vec::new();
    let mut before: Option<TradeNo> = None;
    loop {
        let page = store::trades::list(view, filter, before, PAGE)?;
        before = page.last().map(|trade| trade.no);
        let read = page.len();
        all.extend(page.into_iter().take_while(|trade| trade.opened_at >= row.opened_at));
        let ended = all.last().is_none_or(|last: &TradeRow| Some(last.no) != before);
        if read == 0 || ended {
            all.reverse();
            return Ok(all);
        }
    }
}

fn closed(trade: &TradeRow) -> ClosedTrade {
    ClosedTrade {
        closed_at: trade.closed_at,
        net: trade.net,
        fees: trade.fees,
        r: trade.r.as_deref().and_then(|r| parse_decimal(r).ok()),
        mae: Some(trade.mae),
        mfe: Some(trade.mfe),
    }
}

/// The capital with the profit of the round trips so far; nothing when a sum is too large.
fn profits(row: &AccountRow, trades: &[TradeRow]) -> Option<Vec<EquityPoint>> {
    let mut equity = row.opening;
    let mut points = vec![EquityPoint { at: row.opened_at, equity }];
    for trade in trades {
        equity = equity.checked_add(trade.net)?;
        points.push(EquityPoint { at: trade.closed_at, equity });
    }
    Some(points)
}

/// The equity of the present run without what was paid in or out; nothing when a difference is too large.
fn equity(view: &View, row: &AccountRow) -> Result<Option<Vec<EquityPoint>>, StoreError> {
    let transfers: Vec<(Timestamp, Money)> = store::ledger::transfers(view, &row.id, row.opened_at)?
        .into_iter()
        .filter(|entry| entry.reference.as_deref() != Some("opening"))
        .map(|entry| (entry.at, entry.amount))
        .collect();
    let mut waiting = transfers.into_iter().peekable();
    let mut transferred = Money::ZERO;
    let mut points = vec![EquityPoint { at: row.opened_at, equity: row.opening }];
    let mut from = row.opened_at;
    loop {
        let page = store::equity_points::history(view, &row.id, from, PAGE)?;
        let Some(last) = page.last() else { return Ok(Some(points)) };
        from = last.at.plus_micros(1);
        for point in page {
            while let Some((_, amount)) = waiting.next_if(|(at, _)| *at <= point.at) {
                let Some(sum) = transferred.checked_add(amount) else { return Ok(None) };
                transferred = sum;
            }
            let Some(equity) = point.equity.get().checked_sub(transferred.get()) else { return Ok(None) };
            points.push(EquityPoint { at: point.at, equity: Money::new(equity) });
        }
    }
}

fn shown(point: &DrawdownPoint) -> EquityMark {
    EquityMark { at: point.at.to_string(), equity: point.equity.to_string(), drawdown: point.fraction }
}

/// At most `limit` points: the ends, and of each piece between them the highest, the lowest and the deepest one.
fn thinned(points: &[DrawdownPoint], limit: usize) -> Vec<&DrawdownPoint> {
    let [first, between @ .., last] = points else { return points.iter().collect() };
    if points.len() <= limit {
        return points.iter().collect();
    }
    let pieces = limit.saturating_sub(2) / 3;
    let mut kept = vec![first];
    if let Some(size) = between.len().checked_div(pieces) {
        for piece in between.chunks(size.saturating_add(1)) {
            kept.extend(extremes(piece));
        }
    }
    kept.push(last);
    kept
}

fn extremes(piece: &[DrawdownPoint]) -> impl Iterator<Item = &DrawdownPoint> {
    let places = || 0..piece.len();
    let by_equity = |a: &usize, b: &usize| piece[*a].equity.cmp(&piece[*b].equity);
    let by_depth = |a: &usize, b: &usize| piece[*a].fraction.total_cmp(&piece[*b].fraction);
    let mut found: Vec<usize> =
        [places().max_by(by_equity), places().min_by(by_equity), places().min_by(by_depth)]
            .into_iter()
            .flatten()
            .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|place| &piece[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    /// A thousand marks at 100, but for a peak, a trough and a fall that is deeper than the trough before the peak.
    fn check(limit: usize) {
        let equity = |second: i64| match second {
            200 => 90,
            500 => 150,
            501 => 95,
            _ => 100,
        };
        let point = |second| EquityPoint {
            at: Timestamp::from_seconds(second),
            equity: Money::new(Decimal::from(equity(second))),
        };
        let points = (0..1_000).map(point).collect();
        let marks = drawdown_curve(&EquityCurve::new(None, points).unwrap()).unwrap();
        let kept: Vec<i64> = thinned(&marks, limit).iter().map(|mark| mark.at.as_seconds()).collect();
        assert!(kept.len() <= limit && kept.is_sorted(), "{limit}: {kept:?}");
        assert_eq!((kept.first(), kept.last()), (Some(&0), Some(&999)));
        let extremes = [200, 500, 501].iter().filter(|second| kept.contains(second)).count();
        // One piece has room for its highest, its lowest and its deepest mark: the three of this curve.
        assert_eq!(extremes, if limit < 5 { 0 } else { 3 }, "{limit}: {kept:?}");
    }

    #[test]
    fn a_thinned_curve_keeps_its_ends_and_extremes() {
        for limit in [2, 4, 5, 8, 50, 999, 1_000, 5_000] {
            check(limit);
        }
    }
}
