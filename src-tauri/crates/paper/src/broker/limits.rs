//! The limits of the account on entries: hours, sizes, losses, pauses.

use super::draft::Draft;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::exact::{self, Overflow};
use crate::figure::Figure;
use crate::risk::{Amount, DrawdownFrom};
use domain::{Money, ReasonCode, Timestamp};
use rust_decimal::Decimal;

/// The most orders that may rest on an account at once, children of brackets included.
pub(super) const ORDERS_LIVE_MAX: usize = 1_000;

/// An entry as the limits see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) units: Decimal,
    /// Units times price times multiplier.
    pub(super) notional: Decimal,
    /// Price times multiplier.
    pub(super) per_unit: Decimal,
    /// Whether it may leave orders behind.
    pub(super) rests: bool,
}

impl Draft<'_> {
    /// The limits from the worth of the order to the pauses after losses, in their order.
    pub(super) fn limits(&self, wanted: &Wanted, checks: &mut CheckList) -> Result<(), Reason> {
        let risk = &self.broker.config.risk;
        if let Some(max) = risk.max_order_notional {
            let found = at_most(wanted.notional, max, ReasonCode::OrderNotionalExceedsLimit);
            checks.judge(CheckName::OrderNotional, found)?;
        }
        self.position_size(wanted, checks)?;
        if let Some(max) = risk.max_open_positions {
            checks.judge(CheckName::OpenPositions, self.open_positions(max))?;
        }
        if let Some(max) = risk.max_gross_exposure_pct {
            checks.judge(CheckName::Exposure, self.exposure(wanted, max))?;
        }
        if let Some(max) = risk.max_daily_loss {
            checks.judge(CheckName::DailyLoss, self.daily_loss(max))?;
        }
        if let Some(max) = risk.max_drawdown_pct {
            checks.judge(CheckName::Drawdown, self.drawdown(max))?;
        }
        self.order_counts(wanted, checks)?;
        if let Some(max) = risk.max_consecutive_losses {
            let streak = self.now.risk.losses_in_a_row;
            checks.judge(CheckName::LosingStreak, below(streak, max, ReasonCode::ConsecutiveLosses))?;
        }
        let pauses = [
            (risk.cooldown_after_loss_ms, self.now.risk.last_loss_at),
            (risk.symbol_cooldown_ms, self.now.position.last_loss_at),
        ];
        for (pause, loss) in pauses {
            if let (Some(pause), Some(loss)) = (pause, loss) {
                checks.judge(CheckName::Cooldown, cooled(pause, loss, self.at))?;
            }
        }
        Ok(())
    }

    pub(super) fn trading_hours(&self, checks: &mut CheckList) -> Result<(), Reason> {
        let risk = &self.broker.config.risk;
        let Some(hours) = &risk.hours else { return Ok(()) };
        let (limit, at) = (format!("{hours} {}", risk.zone), self.at.to_string());
        let found = if hours.contain(&risk.zone, self.at) {
            Ok(Passed::with(limit, at))
        } else {
            Err(Reason::with(ReasonCode::OutsideTradingHours, limit, at))
        };
        checks.judge(CheckName::TradingHours, found)
    }

    fn position_size(&self, wanted: &Wanted, checks: &mut CheckList) -> Result<(), Reason> {
        let risk = &self.broker.config.risk;
        let code = ReasonCode::PositionNotionalExceedsLimit;
        let held = self.now.position.net.magnitude().get();
        if let Some(max) = risk.max_position_notional {
            let after =
                exact::mul_near(held, wanted.per_unit).and_then(|held| exact::add(held, wanted.notional));
            let found = after.map_err(Reason::from).and_then(|after| at_most(after, max, code));
            checks.judge(CheckName::PositionNotional, found)?;
        }
        if let Some(max) = risk.max_position_qty {
            let after = exact::add(held, wanted.units).map_err(Reason::from);
            let found = after.and_then(|after| at_most(after, max, code));
            checks.judge(CheckName::PositionNotional, found)?;
        }
        Ok(())
    }

    /// An entry into a symbol that is held opens no further position.
    fn open_positions(&self, max: u32) -> Result<Passed, Reason> {
        let open = self.sums()?.open;
        let adds = self.now.position.net.side().is_some();
        if adds || open < max {
            Ok(Passed::with(max, open))
        } else {
            Err(Reason::with(ReasonCode::MaxOpenPositions, max, open))
        }
    }

    fn exposure(&self, wanted: &Wanted, max: Decimal) -> Result<Passed, Reason> {
        let after = exact::add(self.sums()?.gross, wanted.notional)?;
        let limit = exact::div(exact::mul_near(self.now.balances.equity.get(), max)?, Decimal::ONE_HUNDRED)?;
        at_most(after, limit, ReasonCode::ExposureLimit)
    }

    fn daily_loss(&self, max: Amount) -> Result<Passed, Reason> {
        let start = self.now.risk.equity_day_start;
        let loss = difference(start, self.now.balances.equity)?;
        let (limit, shown): (Decimal, Figure) = match max {
            Amount::Money(amount) => (amount, amount.into()),
            Amount::Percent(share) => (
                exact::div(exact::mul_near(start.get(), share)?, Decimal::ONE_HUNDRED)?,
                max.to_string().into(),
            ),
        };
        if loss >= limit {
            Err(Reason::with(ReasonCode::DailyLossLimit, shown, loss))
        } else {
            Ok(Passed::with(shown, loss))
        }
    }

    fn drawdown(&self, max: Decimal) -> Result<Passed, Reason> {
        let equity = self.now.balances.equity;
        let from = match self.broker.config.risk.drawdown {
            DrawdownFrom::Trailing => self.now.risk.equity_peak.max(equity),
            DrawdownFrom::Static => self.now.funds.capital()?,
        };
        let loss = exact::mul_near(difference(from, equity)?, Decimal::ONE_HUNDRED)?;
        // Compared as a product, so that a rounded quotient cannot decide; an account without capital has no share.
        let reached = loss >= exact::mul_near(from.get(), max)?;
        let share = exact::div(loss, from.get()).unwrap_or(Decimal::ONE_HUNDRED).round_dp(4).normalize();
        if reached {
            Err(Reason::with(ReasonCode::MaxDrawdown, Figure::Percent(max), Figure::Percent(share)))
        } else {
            Ok(Passed::with(Figure::Percent(max), Figure::Percent(share)))
        }
    }

    fn order_counts(&self, wanted: &Wanted, checks: &mut CheckList) -> Result<(), Reason> {
        if let Some(max) = self.broker.config.risk.max_orders_per_day {
            let found = below(self.now.risk.orders_today, max, ReasonCode::MaxOrdersPerDay);
            checks.judge(CheckName::OrdersPerDay, found)?;
        }
        if wanted.rests {
            self.room_to_rest(checks)?;
        }
        Ok(())
    }

    /// Resting orders are limited, whatever the settings.
    pub(super) fn room_to_rest(&self, checks: &mut CheckList) -> Result<(), Reason> {
        let live: usize = self.broker.state.orders.values().map(Vec::len).sum();
        if live < ORDERS_LIVE_MAX {
            return Ok(());
        }
        let reason = Reason::with(ReasonCode::TooManyOrders, count(ORDERS_LIVE_MAX), count(live));
        Err(checks.fail(CheckName::OrdersPerDay, reason))
    }
}

fn count(number: usize) -> Figure {
    Figure::Count(u64::try_from(number).unwrap_or(u64::MAX))
}

fn difference(from: Money, to: Money) -> Result<Decimal, Overflow> {
    exact::sub(from.get(), to.get())
}

fn at_most(actual: Decimal, max: Decimal, code: ReasonCode) -> Result<Passed, Reason> {
    if actual > max { Err(Reason::with(code, max, actual)) } else { Ok(Passed::with(max, actual)) }
}

fn below(actual: u32, max: u32, code: ReasonCode) -> Result<Passed, Reason> {
    if actual >= max { Err(Reason::with(code, max, actual)) } else { Ok(Passed::with(max, actual)) }
}

fn cooled(pause_ms: u64, loss: Timestamp, now: Timestamp) -> Result<Passed, Reason> {
    let pause = i64::try_from(pause_ms).unwrap_or(i64::MAX);
    let since = now.micros_since(loss);
    let (limit, actual) = (Figure::Millis(pause), Figure::Millis(since / 1_000));
    if since < pause.saturating_mul(1_000) {
        Err(Reason::with(ReasonCode::CooldownActive, limit, actual))
    } else {
        Ok(Passed::with(limit, actual))
    }
}
