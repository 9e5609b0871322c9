//! The checks that need no money: is the signal to be looked at, can the broker do it, and at what price.

use super::decide::is_exit;
use super::draft::Draft;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::currency::quote_currency;
use crate::exact;
use crate::figure::Figure;
use crate::input::{SignalInput, WebhookState};
use crate::intent::{Move, Refusal};
use crate::price::{Observation, PriceChoice, Seen};
use domain::{Intent, ReasonCode, Side, Signal, SignalId, Size, SizeUnit};
use rust_decimal::Decimal;

/// The checks before the price.
pub(super) fn admit(
    draft: &Draft<'_>,
    input: &SignalInput,
    read: &Result<Move, Refusal>,
    checks: &mut CheckList,
) -> Result<(), Reason> {
    checks.judge(CheckName::KillSwitch, kill_switch(input.kill_switch))?;
    standing(draft, input, read, checks)?;
    let is_exit = is_exit(read, input);
    if !input.replay && !is_exit {
        age(input, checks)?;
    }
    if !input.replay {
        checks.judge(CheckName::Duplicate, duplicate(input.duplicate_of.as_ref()))?;
    }
    checks.judge(CheckName::Symbol, symbol(draft, input, is_exit))?;
    checks.judge(CheckName::Action, action(input, read))
}

/// Whether webhook and account take such a signal.
pub(super) fn standing(
    draft: &Draft<'_>,
    input: &SignalInput,
    read: &Result<Move, Refusal>,
    checks: &mut CheckList,
) -> Result<(), Reason> {
    let enters = matches!(read, Ok(Move::Enter(..)));
    checks.judge(CheckName::WebhookState, webhook_state(input.rules.state, enters))?;
    checks.judge(CheckName::AccountState, account_state(draft, enters))
}

/// Whether the opening half of a reversal is taken.
pub(super) fn entries_allowed(
    draft: &Draft<'_>,
    input: &SignalInput,
    checks: &mut CheckList,
) -> Result<(), Reason> {
    checks.judge(CheckName::WebhookState, webhook_state(input.rules.state, true))?;
    checks.judge(CheckName::AccountState, account_state(draft, true))
}

/// Chooses the price, and returns the alert's where that is to be heard. An alert's price counts as the last price at
/// the time it was received and takes the place of a quote.
pub(super) fn price(
    draft: &Draft<'_>,
    input: &SignalInput,
    is_exit: bool,
    checks: &mut CheckList,
) -> Result<Option<Observation>, Reason> {
    let config = &draft.broker.config;
    let fresh = |seen: &Observation| seen.is_fresh(input.decided_at, config.max_price_age_ms);
    let alert =
        input.signal.price.map(|price| Observation { seen: Seen::Alert(price), at: input.received_at });
    let known = draft.now.position.observation;
    let market = known.filter(Observation::is_market);
    let chosen = match config.price_source {
        PriceChoice::Market => market,
        PriceChoice::Alert => alert.or(known),
        PriceChoice::MarketThenAlert => market.filter(fresh).or(alert).or(known),
    };
    let Some(chosen) = chosen else {
        return Err(checks.fail(CheckName::Price, Reason::bare(ReasonCode::PriceUnavailable)));
    };
    let limit = Figure::Millis(i64::try_from(config.max_price_age_ms).unwrap_or(i64::MAX));
    let age = Figure::Millis(input.decided_at.micros_since(chosen.at) / 1_000);
    if !fresh(&chosen) {
        return Err(checks.fail(CheckName::Price, Reason::with(ReasonCode::PriceStale, limit, age)));
    }
    checks.pass(CheckName::Price, Passed::with(limit, age));
    if !is_exit {
        deviation(draft, input, market.filter(fresh), checks)?;
    }
    Ok(Some(chosen).filter(|chosen| known.as_ref() != Some(chosen)))
}

/// Compares the alert's price with the mark of a market price that was fresh when the signal came.
fn deviation(
    draft: &Draft<'_>,
    input: &SignalInput,
    market: Option<Observation>,
    checks: &mut CheckList,
) -> Result<(), Reason> {
    let limit = draft.broker.config.risk.max_price_deviation_bps;
    let (Some(limit), Some(alert), Some(market)) = (limit, input.signal.price, market) else { return Ok(()) };
    let distance = || {
        let mark = market.mark()?.get();
        let away = exact::sub(alert.get(), mark)?.abs();
        let scaled = exact::mul_near(away, Decimal::from(10_000))?;
        // Compared as a product so that a rounded quotient cannot decide.
        Ok((exact::div(scaled, mark)?, scaled > exact::mul_near(mark, limit)?))
    };
    let found = match distance() {
        Err(overflow @ exact::Overflow) => Err(overflow.into()),
        Ok((bps, beyond)) => {
            let (limit, actual) =
                (Figure::BasisPoints(limit), Figure::BasisPoints(bps.round_dp(4).normalize()));
            if beyond {
                Err(Reason::with(ReasonCode::PriceDeviation, limit, actual))
            } else {
                Ok(Passed::with(limit, actual))
            }
        }
    };
    checks.judge(CheckName::PriceDeviation, found)
}

/// The symbol is one that the account trades, in its currency. What is held can always be left.
fn symbol(draft: &Draft<'_>, input: &SignalInput, is_exit: bool) -> Result<Passed, Reason> {
    let (config, symbol) = (&draft.broker.config, &input.signal.symbol);
    let position = &draft.now.position;
    if is_exit && (position.net.side().is_some() || !draft.now.orders.is_empty()) {
        return Ok(Passed::default());
    }
    let listed = config.risk.symbols.as_ref().is_none_or(|list| list.contains(symbol));
    if !listed {
        return Err(Reason::with(ReasonCode::SymbolNotAllowed, "the account's list", symbol.to_string()));
    }
    let own = &config.currency;
    match quote_currency(symbol, position.market.or(input.signal.market)) {
        Some(quote) if !own.settles(quote, config.stablecoins_at_par) => {
            Err(Reason::with(ReasonCode::CurrencyMismatch, own.to_string(), quote))
        }
        Some(_) | None => Ok(Passed::default()),
    }
}

fn kill_switch(on: bool) -> Result<Passed, Reason> {
    if on {
        Err(Reason::with(ReasonCode::KillSwitchActive, "off", "on"))
    } else {
        Ok(Passed::with("off", "off"))
    }
}

fn webhook_state(state: WebhookState, enters: bool) -> Result<Passed, Reason> {
    match state {
        WebhookState::Paused => {
            Err(Reason::with(ReasonCode::WebhookDisabled, WebhookState::Active.as_str(), state.as_str()))
        }
        WebhookState::ReduceOnly if enters => Err(Reason::with(ReasonCode::ReduceOnlyMode, "exits", "entry")),
        WebhookState::Active | WebhookState::ReduceOnly => Ok(Passed::actual(state.as_str())),
    }
}

fn account_state(draft: &Draft<'_>, enters: bool) -> Result<Passed, Reason> {
    if draft.ruined || draft.broker.state.liquidated_at.is_some() {
        Err(Reason::with(ReasonCode::AccountLiquidated, "active", "liquidated"))
    } else if enters && draft.broker.config.risk.reduce_only {
        Err(Reason::with(ReasonCode::ReduceOnlyMode, "exits", "entry"))
    } else {
        Ok(Passed::default())
    }
}

/// Measured against the time of firing, never against the bar's.
fn age(input: &SignalInput, checks: &mut CheckList) -> Result<(), Reason> {
    let limits = [input.signal.max_lag_s, input.rules.max_lag_s];
    let (Some(limit), Some(fired_at)) = (limits.into_iter().flatten().min(), input.signal.alert_time) else {
        return Ok(());
    };
    let age = input.decided_at.micros_since(fired_at);
    let shown_limit = Figure::Seconds(limit.into());
    let shown_age = Figure::Seconds(Decimal::new(age / 1_000, 3).normalize());
    let found = if age > i64::from(limit) * 1_000_000 {
        Err(Reason::with(ReasonCode::StaleSignal, shown_limit, shown_age))
    } else {
        Ok(Passed::with(shown_limit, shown_age))
    };
    checks.judge(CheckName::Age, found)
}

fn duplicate(of: Option<&SignalId>) -> Result<Passed, Reason> {
    match of {
        Some(first) => Err(Reason {
            code: ReasonCode::DuplicateSignal,
            limit: None,
            actual: Some(first.to_string().into()),
        }),
        None => Ok(Passed::default()),
    }
}

fn action(input: &SignalInput, read: &Result<Move, Refusal>) -> Result<Passed, Reason> {
    match read {
        Err(refusal) if refusal.check == CheckName::Action => Err(refusal.reason.clone()),
        Ok(_) | Err(_) => {
            Ok(Passed::with(input.signal.intent.as_str(), input.signal.side.map_or("", Side::as_str)))
        }
    }
}

/// A share of the position that the message states is between 1 and 100 percent.
pub(super) fn exit_percent(signal: &Signal, checks: &mut CheckList) -> Result<(), Reason> {
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
