//! The limits of an account and how much of each is used.

use super::accounts::{id_or_first, opened};
use crate::context::Context;
use crate::wire::{AccountRef, RiskUse, RpcError};
use domain::{Money, Timestamp};
use paper::{Amount, Broker, Config, ConfigKey, DrawdownFrom, Position, RiskState};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::HashMap;

/// What a limit counts, and what of it is used.
struct Found {
    key: &'static str,
    name: &'static str,
    unit: &'static str,
    limit: Option<String>,
    actual: Option<Decimal>,
    /// The limit in the unit of `actual`.
    bound: Option<Decimal>,
    refuses: bool,
}

pub(crate) fn usage(context: &Context, which: &AccountRef) -> Result<Vec<RiskUse>, RpcError> {
    let id = id_or_first(context, which.account_id.as_deref())?;
    let (_, broker) = opened(context, &id)?;
    Ok(of(&broker, context.clock.now()))
}

fn of(broker: &Broker, now: Timestamp) -> Vec<RiskUse> {
    let meanings: HashMap<&str, ConfigKey> = Config::keys().into_iter().map(|key| (key.key, key)).collect();
    let view = Now::of(broker, now);
    let found = view.losses().into_iter().chain(view.sizes()).chain(view.counts()).chain(view.switches());
    found
        .map(|found| RiskUse {
            meaning: meanings.get(found.key).map_or_else(String::new, |key| key.description.to_owned()),
            used: found
                .actual
                .zip(found.bound)
                .and_then(|(actual, bound)| actual.checked_div(bound)?.to_f64()),
            key: found.key.to_owned(),
            name: found.name.to_owned(),
            unit: found.unit.to_owned(),
            limit: found.limit,
            actual: found.actual.map(|actual| actual.normalize().to_string()),
            refuses: found.refuses,
        })
        .collect()
}

/// The account at this time: a new day begins when something happens on it, and is shown from its first second.
struct Now<'a> {
    broker: &'a Broker,
    risk: RiskState,
    at: Timestamp,
}

fn off_or(limit: Option<impl ToString>) -> Option<String> {
    limit.map(|limit| limit.to_string())
}

fn share(of: Decimal, whole: Decimal) -> Option<Decimal> {
    of.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole).map(|share| share.round_dp(4))
}

impl<'a> Now<'a> {
    fn of(broker: &'a Broker, at: Timestamp) -> Self {
        let known = broker.state().risk;
        let day = broker.config().risk.zone.day(at);
        let equity = broker.balances().equity;
        let risk = if known.day.is_some_and(|known| day <= known) {
            known
        } else {
            RiskState {
                day: Some(day),
                equity_day_start: equity,
                orders_today: 0,
                losses_in_a_row: 0,
                ..known
            }
        };
        Self { broker, risk, at }
    }

    fn held(&self) -> impl Iterator<Item = (Decimal, Decimal)> + Clone {
        let state = self.broker.state();
        state.positions.iter().filter(|(_, p)| p.net.side().is_some()).map(|(symbol, p)| {
            let worth = worth(p, self.broker.instrument(symbol).multiplier).unwrap_or(Decimal::ZERO);
            (p.net.get().abs(), worth)
        })
    }

    fn losses(&self) -> [Found; 2] {
        let limits = &self.broker.config().risk;
        let equity = self.broker.balances().equity;
        let start = self.risk.equity_day_start;
        let lost = |from: Money| from.get().checked_sub(equity.get()).unwrap_or(Decimal::ZERO);
        let loss = lost(start).max(Decimal::ZERO);
        let (unit, actual, bound) = match limits.max_daily_loss {
            Some(Amount::Percent(limit)) => ("percent", share(loss, start.get()), Some(limit)),
            Some(Amount::Money(limit)) => ("money", Some(loss), Some(limit)),
            None => ("money", Some(loss), None),
        };
        let from = match limits.drawdown {
            DrawdownFrom::Trailing => self.risk.equity_peak.max(equity),
            DrawdownFrom::Static => self.broker.state().funds.capital().unwrap_or(equity),
        };
        let fall = share(lost(from).max(Decimal::ZERO), from.get());
        let reached = |actual: Option<Decimal>, bound: Option<Decimal>| {
            actual.zip(bound).is_some_and(|(actual, bound)| actual >= bound)
        };
        [
            Found {
                key: "risk.max_daily_loss",
                name: "Loss today",
                unit,
                limit: off_or(limits.max_daily_loss),
                actual,
                bound,
                refuses: reached(actual, bound),
            },
            Found {
                key: "risk.max_drawdown_pct",
                name: "Drawdown",
                unit: "percent",
                limit: off_or(limits.max_drawdown_pct),
                actual: fall,
                bound: limits.max_drawdown_pct,
                refuses: reached(fall, limits.max_drawdown_pct),
            },
        ]
    }

    /// Limits on size are asked of each entry, so none of them refuses by itself.
    fn sizes(&self) -> [Found; 4] {
        let limits = &self.broker.config().risk;
        let largest = self.held().map(|(_, worth)| worth).max().unwrap_or(Decimal::ZERO);
        let most = self.held().map(|(units, _)| units).max().unwrap_or(Decimal::ZERO);
        let all = self.held().try_fold(Decimal::ZERO, |sum, (_, worth)| sum.checked_add(worth));
        let exposure = all.and_then(|all| share(all, self.broker.balances().equity.get()));
        let size = |key, name, unit, limit: Option<Decimal>, actual| Found {
            key,
            name,
            unit,
            limit: off_or(limit),
            actual,
            bound: limit,
            refuses: false,
        };
        [
            size("risk.max_order_notional", "Largest entry", "money", limits.max_order_notional, None),
            size(
                "risk.max_position_notional",
                "Largest position",
                "money",
                limits.max_position_notional,
                Some(largest),
            ),
            size("risk.max_position_qty", "Most units held", "quantity", limits.max_position_qty, Some(most)),
            size(
                "risk.max_gross_exposure_pct",
                "Gross exposure",
                "percent",
                limits.max_gross_exposure_pct,
                exposure,
            ),
        ]
    }

    fn counts(&self) -> [Found; 3] {
        let limits = &self.broker.config().risk;
        let open = u32::try_from(self.held().count()).unwrap_or(u32::MAX);
        let count = |key, name, limit: Option<u32>, actual: u32| Found {
            key,
            name,
            unit: "count",
            limit: off_or(limit),
            actual: Some(actual.into()),
            bound: limit.map(Decimal::from),
            refuses: limit.is_some_and(|limit| actual >= limit),
        };
        [
            count("risk.max_open_positions", "Open positions", limits.max_open_positions, open),
            count(
                "risk.max_orders_per_day",
                "Entries ordered today",
                limits.max_orders_per_day,
                self.risk.orders_today,
            ),
            count(
                "risk.max_consecutive_losses",
                "Losses in a row",
                limits.max_consecutive_losses,
                self.risk.losses_in_a_row,
            ),
        ]
    }

    fn switches(&self) -> [Found; 4] {
        let limits = &self.broker.config().risk;
        let last_in_symbol = self.broker.state().positions.values().filter_map(|p| p.last_loss_at).max();
        let pause = |key, name, pause: Option<u64>, loss: Option<Timestamp>| {
            let since = loss.map(|loss| self.at.micros_since(loss).max(0) / 1_000);
            let (since, bound) = (since.map(Decimal::from), pause.map(Decimal::from));
            let left = bound.zip(since).and_then(|(pause, since)| pause.checked_sub(since));
            let left = left.filter(|left| *left > Decimal::ZERO);
            Found {
                key,
                name,
                unit: "ms",
                limit: off_or(pause),
                actual: pause.and(Some(left.unwrap_or(Decimal::ZERO))),
                bound,
                refuses: left.is_some(),
            }
        };
        let closed = limits.hours.as_ref().is_some_and(|hours| !hours.contain(&limits.zone, self.at));
        let word = |key, name, limit: Option<String>, refuses| Found {
            key,
            name,
            unit: "word",
            limit,
            actual: None,
            bound: None,
            refuses,
        };
        [
            pause(
                "risk.cooldown_after_loss_ms",
                "Pause after a loss, left",
                limits.cooldown_after_loss_ms,
                self.risk.last_loss_at,
            ),
            pause(
                "risk.symbol_cooldown_ms",
                "Pause of a symbol after a loss, left",
                limits.symbol_cooldown_ms,
                last_in_symbol,
            ),
            word(
                "risk.trading_hours",
                "Trading hours",
                limits.hours.as_ref().map(|hours| format!("{hours} {}", limits.zone)),
                closed,
            ),
            word(
                "risk.reduce_only",
                "Exits only",
                limits.reduce_only.then(|| "true".to_owned()),
                limits.reduce_only,
            ),
        ]
    }
}

/// What a holding is worth at its mark, long or short.
fn worth(position: &Position, multiplier: Decimal) -> Option<Decimal> {
    let mark = position.observation.as_ref()?.mark().ok()?;
    Some(position.net.get().checked_mul(mark.get())?.checked_mul(multiplier)?.abs())
}
