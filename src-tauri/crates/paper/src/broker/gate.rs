//! The checks that need no money: is the signal to be looked at, can the broker do it, and at what price.

use super::Broker;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::currency::quote_currency;
use crate::exact;
use crate::input::{SignalInput, WebhookState};
use crate::intent::{self, Move, Refusal};
use crate::position::Position;
use crate::price::{Observation, PriceChoice, Seen};
use domain::{Intent, ReasonCode, Side, Signal, SignalId, Size, SizeUnit};
use rust_decimal::Decimal;

/// A signal that passed the gate.
#[derive(Debug)]
pub(super) struct Admitted {
    /// What it comes to.
    pub(super) r#move: Move,
    /// The position with the price that the decision uses.
    pub(super) position: Position,
}

impl Broker {
    /// Runs the checks from the kill switch to the position.
    pub(super) fn admit(&self, input: &SignalInput, checks: &mut CheckList) -> Result<Admitted, Reason> {
        let mut position = self.position(&input.signal.symbol);
        position.market = position.market.or(input.signal.market);
        let mode = input.rules.sell_mode.unwrap_or(self.config.sell_mode);
        let read = intent::read(&input.signal, mode, position.net);
        let is_exit = match &read {
            Ok(read) => read.is_exit(),
            Err(_) => matches!(input.signal.intent, Intent::Reduce | Intent::Close),
        };

        checks.judge(CheckName::KillSwitch, kill_switch(input.kill_switch))?;
        checks.judge(CheckName::WebhookState, webhook_state(input.rules.state, &read))?;
        if !input.replay && !is_exit {
            age(input, checks)?;
        }
        if !input.replay {
            checks.judge(CheckName::Duplicate, duplicate(input.duplicate_of.as_ref()))?;
        }
        checks.judge(CheckName::Symbol, self.currency(input, &position))?;
        checks.judge(CheckName::Action, action(input, &read))?;
        let market = position.observation.filter(Observation::is_market);
        checks.judge(CheckName::Price, self.price(input, &mut position))?;
        if !is_exit {
            self.deviation(input, market, checks)?;
        }
        exit_percent(&input.signal, checks)?;
        match read {
            Err(refusal) => Err(checks.fail(refusal.check, refusal.reason)),
            Ok(r#move) => {
                checks.pass(CheckName::Position, Passed::actual(position.net));
                Ok(Admitted { r#move, position })
            }
        }
    }

    fn currency(&self, input: &SignalInput, position: &Position) -> Result<Passed, Reason> {
        let quote = quote_currency(&input.signal.symbol, position.market);
        let own = &self.config.currency;
        match quote {
            Some(quote) if !own.settles(quote, self.config.stablecoins_at_par) => {
                Err(Reason::with(ReasonCode::CurrencyMismatch, own, quote))
            }
            Some(quote) => Ok(Passed::with(own, quote)),
            None => Ok(Passed::with(own, own)),
        }
    }

    /// Chooses the price and puts it into the position. An alert's price counts as the last price at the time it was
    /// received and takes the place of a quote.
    fn price(&self, input: &SignalInput, position: &mut Position) -> Result<Passed, Reason> {
        let fresh = |seen: &Observation| seen.is_fresh(input.decided_at, self.config.max_price_age_ms);
        let alert =
            input.signal.price.map(|price| Observation { seen: Seen::Alert(price), at: input.received_at });
        let known = position.observation;
        let chosen = match self.config.price_source {
            PriceChoice::Market => known.filter(Observation::is_market),
            PriceChoice::Alert => alert.or(known),
            PriceChoice::MarketThenAlert => {
                known.filter(|seen| seen.is_market() && fresh(seen)).or(alert).or(known)
            }
        };
        let limit = format!("{} ms", self.config.max_price_age_ms);
        let Some(chosen) = chosen else { return Err(Reason::bare(ReasonCode::PriceUnavailable)) };
        let age = format!("{} ms", input.decided_at.micros_since(chosen.at) / 1_000);
        if !fresh(&chosen) {
            return Err(Reason::with(ReasonCode::PriceStale, limit, age));
        }
        if position.observation != Some(chosen) {
            *position = position.observed(chosen);
        }
        Ok(Passed::with(limit, age))
    }

    /// Compares the alert's price with the mark of a market price that was fresh when the signal came.
    fn deviation(
        &self,
        input: &SignalInput,
        market: Option<Observation>,
        checks: &mut CheckList,
    ) -> Result<(), Reason> {
        let fresh = |seen: &Observation| seen.is_fresh(input.decided_at, self.config.max_price_age_ms);
        let (Some(limit), Some(alert), Some(market)) =
            (self.config.max_price_deviation_bps, input.signal.price, market.filter(fresh))
        else {
            return Ok(());
        };
        let distance = || {
            let mark = market.mark()?.get();
            let away = exact::sub(alert.get(), mark)?.abs();
            let bps = exact::div(exact::mul_near(away, Decimal::from(10_000))?, mark)?;
            // Compared as a product so that a rounded quotient cannot decide.
            let beyond = exact::mul_near(away, Decimal::from(10_000))? > exact::mul_near(mark, limit)?;
            Ok((bps, beyond))
        };
        let found = match distance() {
            Err(overflow @ exact::Overflow) => Err(overflow.into()),
            Ok((bps, beyond)) => {
                let (limit, actual) =
                    (format!("{limit} bps"), format!("{} bps", bps.round_dp(4).normalize()));
                if beyond {
                    Err(Reason::with(ReasonCode::PriceDeviation, limit, actual))
                } else {
                    Ok(Passed::with(limit, actual))
                }
            }
        };
        checks.judge(CheckName::PriceDeviation, found)
    }
}

fn kill_switch(on: bool) -> Result<Passed, Reason> {
    if on {
        Err(Reason::with(ReasonCode::KillSwitchActive, "off", "on"))
    } else {
        Ok(Passed::with("off", "off"))
    }
}

fn webhook_state(state: WebhookState, read: &Result<Move, Refusal>) -> Result<Passed, Reason> {
    match (state, read) {
        (WebhookState::Paused, _) => {
            Err(Reason::with(ReasonCode::WebhookDisabled, WebhookState::Active.as_str(), state.as_str()))
        }
        (WebhookState::ReduceOnly, Ok(Move::Enter(..))) => {
            Err(Reason::with(ReasonCode::ReduceOnlyMode, "exits", "entry"))
        }
        (WebhookState::Active | WebhookState::ReduceOnly, _) => Ok(Passed::actual(state.as_str())),
    }
}

/// Measured against the time of firing, never against the bar's.
fn age(input: &SignalInput, checks: &mut CheckList) -> Result<(), Reason> {
    let limits = [input.signal.max_lag_s, input.rules.max_lag_s];
    let (Some(limit), Some(fired_at)) = (limits.into_iter().flatten().min(), input.signal.alert_time) else {
        return Ok(());
    };
    let age = input.decided_at.micros_since(fired_at);
    let (shown_limit, shown_age) =
        (format!("{limit} s"), format!("{} s", Decimal::new(age / 1_000, 3).normalize()));
    let found = if age > i64::from(limit) * 1_000_000 {
        Err(Reason::with(ReasonCode::StaleSignal, shown_limit, shown_age))
    } else {
        Ok(Passed::with(shown_limit, shown_age))
    };
    checks.judge(CheckName::Age, found)
}

fn duplicate(of: Option<&SignalId>) -> Result<Passed, Reason> {
    match of {
        Some(first) => {
            Err(Reason { code: ReasonCode::DuplicateSignal, limit: None, actual: Some(first.to_string()) })
        }
        None => Ok(Passed::default()),
    }
}

fn action(input: &SignalInput, read: &Result<Move, Refusal>) -> Result<Passed, Reason> {
    match read {
        Err(refusal) if refusal.check == CheckName::Action => Err(refusal.reason.clone()),
        Ok(_) | Err(_) => {
            let side = input.signal.side.map_or("", Side::as_str);
            Ok(Passed::actual(format!("{} {side}", input.signal.intent.as_str()).trim_end()))
        }
    }
}

/// A share of the position that the message states is between 1 and 100 percent.
fn exit_percent(signal: &Signal, checks: &mut CheckList) -> Result<(), Reason> {
    let (Intent::Reduce | Intent::Close, Some(Size { value, unit: SizeUnit::PercentPosition })) =
        (signal.intent, signal.size)
    else {
        return Ok(());
    };
    let found = if (Decimal::ONE..=Decimal::ONE_HUNDRED).contains(&value) {
        Ok(Passed::with("1 to 100", value))
    } else {
        Err(Reason::with(ReasonCode::InvalidExitPercent, "1 to 100", value))
    };
    checks.judge(CheckName::ExitPercent, found)
}
