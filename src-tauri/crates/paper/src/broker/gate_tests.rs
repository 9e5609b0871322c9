//! Every refusal once, with its figures.

use crate::bench::{Bench, at, d};
use crate::{Config, Event, Input, Outcome, SignalInput, WebhookState};
use domain::{
    BracketLevel, DialectName, Intent, Market, Money, OrderType, Price, ReasonCode, SellMode, Side, Size,
    SizeUnit, Sizing, StopLoss, Symbol, Verdict,
};

/// An account of 1,000 with a price of 100 for a whole-share instrument; `hold` units are held.
fn bench(hold: &str, settings: &[(&str, &str)]) -> Bench {
    let mut all = vec![("instrument.step", "1"), ("instrument.tick", "0.01")];
    all.extend_from_slice(settings);
    let mut bench = Bench::new("AAPL", "1000", &all);
    bench.step("0 last 100.00");
    if hold != "0" {
        let action = if hold.starts_with('-') { "short" } else { "buy" };
        bench.step(&format!("1 {action} qty={}", hold.trim_start_matches('-')));
        assert_eq!(bench.decided, ["executed"]);
    }
    bench
}

/// Decides a buy of 1 that `change` has altered; `expected` is `executed`, or code, limit and actual.
fn check_on(bench: &mut Bench, expected: &str, change: impl FnOnce(&mut SignalInput)) {
    let mut input = bench.signal(10, "buy", &["qty=1"]);
    input.duplicate_of = None;
    change(&mut input);
    let events = bench.apply(Input::Signal(Box::new(input)));
    let Some(Event::Decided(decision)) = events.last() else { panic!("a signal is always decided") };
    let shown = decision.reason.as_ref().map_or(decision.status.to_string(), |reason| {
        let figures =
            [&reason.limit, &reason.actual].map(|f| f.as_ref().map(ToString::to_string).unwrap_or_default());
        format!("{} {} / {}", reason.code, figures[0], figures[1])
    });
    assert_eq!(shown, expected);
    let made = decision.checks.made();
    assert!(made.is_sorted_by(|one, next| one.name < next.name), "every check once, in order: {made:?}");
    assert!(made.iter().all(|check| check.outcome != Outcome::Skipped), "{made:?}");
    let failed = made.iter().position(|check| matches!(check.outcome, Outcome::Fail(_)));
    if let Some(failed) = failed
        && decision.status == domain::SignalStatus::Rejected
    {
        assert_eq!(failed + 1, made.len(), "what comes after the failure is skipped: {made:?}");
    }
}

fn check(expected: &str, change: impl FnOnce(&mut SignalInput)) {
    check_on(&mut bench("0", &[]), expected, change);
}

fn set(input: &mut SignalInput, intent: Intent, side: Option<Side>) {
    (input.signal.intent, input.signal.side, input.signal.size) = (intent, side, None);
}

#[test]
fn the_signal_itself_is_refused() {
    check("executed", |_| {});
    check("executed", |i| i.signal.test = true);
    check("KILL_SWITCH_ACTIVE off / on", |i| i.kill_switch = true);
    check("WEBHOOK_DISABLED active / paused", |i| i.rules.state = WebhookState::Paused);
    check("REDUCE_ONLY_MODE exits / entry", |i| i.rules.state = WebhookState::ReduceOnly);
    check("DUPLICATE_SIGNAL  / sig_1", |i| i.duplicate_of = Some(i.id.clone()));
    check("MISSING_FIELD limit / limit", |i| i.signal.order.kind = OrderType::Limit);
    check("MISSING_FIELD stop / stop", |i| i.signal.order.kind = OrderType::Stop);
    check("MISSING_FIELD stop_limit / stop", |i| {
        i.signal.order.kind = OrderType::StopLimit;
        i.signal.order.limit = Price::parse("100").ok();
    });
    check("MISSING_FIELD trailing_stop / trail", |i| i.signal.order.kind = OrderType::TrailingStop);
    check("BRACKET_INVALID a level or a trail / neither", |i| {
        i.signal.stop_loss = Some(StopLoss { level: None, limit: None, trail: None });
    });
    check("BRACKET_INVALID 100.00 / 100.01", |i| {
        let level = Some(BracketLevel::Price(Price::parse("100.01").unwrap()));
        i.signal.stop_loss = Some(StopLoss { level, limit: None, trail: None });
    });
    check("ORDER_NOT_LIVE  / ", |i| i.signal.intent = Intent::Cancel);
    check("WARMING_UP  / ", |i| i.verdict = Some(Verdict::Deny(ReasonCode::WarmingUp)));
    check("WARMING_UP  / ", |i| i.verdict = Some(Verdict::DenyEntries(ReasonCode::WarmingUp)));
    check("executed", |i| i.verdict = Some(Verdict::Confirm));
    // After a loss 60 s are waited, of which 5 have passed.
    let mut lost = bench("1", &[("risk.cooldown_after_loss_ms", "60000")]);
    lost.step("2 last 99.00");
    lost.step("3 sell");
    let price = Price::parse("99").ok();
    check_on(&mut lost, "COOLDOWN_ACTIVE 60000 ms / 5000 ms", |i| {
        (i.received_at, i.decided_at, i.signal.price) = (at(5_003), at(5_003), price);
    });
    // An exit heeds only what concerns exits too.
    let exit = |expected, verdict| {
        check_on(&mut bench("2", &[]), expected, |i| {
            set(i, Intent::Close, Some(Side::Long));
            i.verdict = Some(verdict);
        });
    };
    exit("WARMING_UP  / ", Verdict::Deny(ReasonCode::WarmingUp));
    exit("executed", Verdict::DenyEntries(ReasonCode::WarmingUp));
    for intent in [Intent::OrderUpdate, Intent::Pause, Intent::Resume, Intent::Trigger] {
        let expected = format!(
            "UNSUPPORTED_ACTION open, increase, reduce, close, reverse, target, cancel / {}",
            intent.as_str()
        );
        check(&expected, |i| i.signal.intent = intent);
    }
    check("UNSUPPORTED_ACTION open, increase, reduce, close, reverse, target, cancel / open", |i| {
        i.signal.side = None
    });
    check("CURRENCY_MISMATCH USD / EUR", |i| i.signal.symbol = Symbol::new("BTCEUR").unwrap());
    check("POSITION_FIELDS_MISSING  / ", |i| i.rules.sell_mode = Some(SellMode::Target));
    check("NO_POSITION long / 0", |i| set(i, Intent::Close, Some(Side::Long)));
    check("NO_POSITION long or short / 0", |i| set(i, Intent::Close, None));
    check("NO_POSITION short / 0", |i| i.signal.reduce_only = true);
}

#[test]
fn the_age_is_that_of_the_firing_and_stops_no_exit() {
    let aged = |i: &mut SignalInput, seconds: i64, limit: u32| {
        i.signal.alert_time = Some(i.decided_at.plus_micros(-seconds * 1_000_000));
        i.signal.max_lag_s = Some(limit);
    };
    check("executed", |i| aged(i, 300, 300));
    check("STALE_SIGNAL 300 s / 301 s", |i| aged(i, 301, 300));
    check("STALE_SIGNAL 5 s / 301 s", |i| (aged(i, 301, 300), i.rules.max_lag_s = Some(5)).1);
    check("executed", |i| (aged(i, 301, 300), i.replay = true).1);
    check("executed", |i| (i.signal.bar_time = Some(at(-900_000)), i.rules.max_lag_s = Some(5)).1);
    check_on(&mut bench("2", &[]), "executed", |i| {
        set(i, Intent::Close, Some(Side::Long));
        aged(i, 301, 300);
    });
}

#[test]
fn the_price_is_checked_with_its_age() {
    let later = |i: &mut SignalInput, millis| (i.received_at, i.decided_at) = (at(millis), at(millis));
    check("executed", |i| later(i, 60_000));
    check("PRICE_STALE 60000 ms / 60001 ms", |i| later(i, 60_001));
    check("PRICE_UNAVAILABLE  / ", |i| i.signal.symbol = Symbol::new("MSFT").unwrap());
    check("PRICE_DEVIATION 500 bps / 501 bps", |i| i.signal.price = Price::parse("94.99").ok());
    check("executed", |i| i.signal.price = Price::parse("95").ok());
    // An alert that waited for its decision is as old as its receipt.
    check("PRICE_STALE 60000 ms / 60001 ms", |i| {
        i.signal.price = Price::parse("100").ok();
        i.decided_at = at(60_011);
    });
    // Slippage that leaves nothing of the price leaves a tick.
    let mut gone = bench("5", &[("slippage.kind", "ticks"), ("slippage.value", "9999")]);
    gone.step("2 last 5.00");
    check_on(&mut gone, "executed", |i| set(i, Intent::Close, None));
    assert_eq!(gone.fills[1].price, Price::parse("0.01").unwrap());
}

#[test]
fn positions_stop_what_does_not_fit_them() {
    let short = |i: &mut SignalInput| i.signal.side = Some(Side::Short);
    check_on(&mut bench("2", &[]), "OPPOSITE_POSITION short / 2", short);
    check_on(&mut bench("-2", &[]), "OPPOSITE_POSITION long / -2", |_| {});
    check_on(&mut bench("2", &[]), "MAX_ENTRIES_REACHED 1 / 1", |_| {});
    check_on(&mut bench("2", &[("max_entries", "2")]), "executed", |_| {});
    check_on(&mut bench("2", &[]), "NO_POSITION short / 2", |i| set(i, Intent::Reduce, Some(Side::Short)));
    check_on(&mut bench("0", &[("instrument.shortable", "false")]), "SHORT_NOT_ALLOWED long / short", short);
    let percent = |value: &'static str| {
        move |i: &mut SignalInput| {
            set(i, Intent::Reduce, Some(Side::Long));
            i.signal.size = Some(Size { value: d(value), unit: SizeUnit::PercentPosition });
        }
    };
    check_on(&mut bench("2", &[]), "INVALID_EXIT_PERCENT 1 to 100 / 0.5", percent("0.5"));
    check_on(&mut bench("2", &[]), "INVALID_EXIT_PERCENT 1 to 100 / 101", percent("101"));
    check("INVALID_EXIT_PERCENT 1 to 100 / 101", percent("101"));
}

#[test]
fn sizes_stop_what_cannot_be_traded() {
    let qty = |value: &'static str| {
        move |i: &mut SignalInput| i.signal.size = Some(Size { value: d(value), unit: SizeUnit::Base })
    };
    check("QUANTITY_BELOW_MINIMUM 1 / 0", qty("0.9"));
    check("INSUFFICIENT_BALANCE 1000 / 1100.00", qty("11.9"));
    check("executed", qty("10"));
    check("ARITHMETIC_OVERFLOW  / ", qty("79228162514264337593543950335"));
    check_on(&mut bench("0", &[("instrument.min_qty", "3")]), "QUANTITY_BELOW_MINIMUM 3 / 2", qty("2"));
    check_on(&mut bench("0", &[("instrument.max_qty", "3")]), "QUANTITY_EXCEEDS_MAXIMUM 3 / 4", qty("4"));
    let notional = [("instrument.min_notional", "200.01")];
    check_on(&mut bench("0", &notional), "NOTIONAL_BELOW_MINIMUM 200.01 / 200.00", qty("2"));
    check("STOP_REQUIRED a stop loss / risk-pct:1", |i| {
        i.signal.size = None;
        i.rules.sizing = Some(Sizing::RiskPercent(d("1")));
    });
    check("STOP_REQUIRED a stop loss / 5 risk_quote", |i| {
        i.signal.size = Some(Size { value: d("5"), unit: SizeUnit::RiskQuote });
    });
    // A partial exit keeps the minimums, a full one does not.
    let mut some = bench("5", &[]);
    some.step("2 set-now instrument.min_qty 3");
    some.step("3 set-now instrument.min_notional 350");
    let sell = |units: &'static str| {
        move |i: &mut SignalInput| {
            set(i, Intent::Reduce, Some(Side::Long));
            i.signal.size = Some(Size { value: d(units), unit: SizeUnit::Base });
        }
    };
    check_on(&mut some, "QUANTITY_BELOW_MINIMUM 3 / 2", sell("2"));
    check_on(&mut some, "NOTIONAL_BELOW_MINIMUM 350 / 300.00", sell("3"));
    check_on(&mut some, "executed", sell("4"));
    check_on(&mut some, "executed", sell("1"));
}

/// A buy of TradersPost while short closes the short first; a plain one asks the webhook, and its target stays one.
#[test]
fn entries_of_some_formats_turn_the_position_round() {
    let from = |dialect: Option<DialectName>, mode: SellMode, expected: &str| {
        check_on(&mut bench("-1", &[("instrument.shortable", "true")]), expected, |i| {
            i.dialect = dialect;
            i.rules.sell_mode = Some(mode);
        });
    };
    from(Some(DialectName::TradersPost), SellMode::Directional, "executed");
    from(Some(DialectName::PickMyTrade), SellMode::Directional, "executed");
    from(Some(DialectName::Vantixs), SellMode::Directional, "OPPOSITE_POSITION long / -1");
    from(None, SellMode::Flip, "executed");
    from(Some(DialectName::TradersPost), SellMode::Target, "POSITION_FIELDS_MISSING  / ");
}

#[test]
fn the_size_is_the_messages_then_the_webhooks_then_the_accounts_then_the_dialects() {
    let held = |settings: &[(&str, &str)], expected: &str, change: &dyn Fn(&mut SignalInput)| {
        let mut bench = Bench::new("AAPL", "1000000", settings);
        bench.step("0 last 100.00");
        check_on(&mut bench, "executed", |i| {
            i.signal.size = None;
            change(i);
        });
        assert_eq!(bench.broker.state.positions[&bench.symbol].net.get(), d(expected));
    };
    let stratone = |i: &mut SignalInput| i.dialect = Some(DialectName::StratOne);
    held(&[], "1", &|_| {});
    held(&[], "100", &stratone);
    held(&[("sizing", "fixed:7")], "7", &stratone);
    held(&[("sizing", "fixed:7")], "8", &|i| i.rules.sizing = Sizing::parse("fixed:8").ok());
    held(&[], "9", &|i| {
        stratone(i);
        i.rules.sizing = Sizing::parse("fixed:8").ok();
        i.signal.size = Some(Size { value: d("9"), unit: SizeUnit::Contracts });
    });
    // 5,050 / 100 = 50.5; 10 % of 1,000,000 / 100 = 1,000; collateral of 5,050 at 3 is 15,150
    let size = |value: &'static str, unit| {
        move |i: &mut SignalInput| i.signal.size = Some(Size { value: d(value), unit })
    };
    held(&[], "50", &size("5050", SizeUnit::Quote));
    held(&[], "1000", &size("10", SizeUnit::PercentEquity));
    held(&[], "1000", &size("10", SizeUnit::PercentAvailable));
    held(&[], "151", &|i| {
        size("5050", SizeUnit::Margin)(i);
        i.signal.leverage = Some(d("3"));
    });
    // A pair is divisible where a stock is not.
    held(&[], "50.5", &|i| {
        size("5050", SizeUnit::Quote)(i);
        i.signal.market = Some(Market::Spot);
    });
}

#[test]
fn reduce_only_lets_the_closing_half_of_a_reversal_through() {
    let mut bench = bench("2", &[]);
    check_on(&mut bench, "REDUCE_ONLY_MODE exits / entry", |i| {
        set(i, Intent::Reverse, Some(Side::Short));
        i.rules.state = WebhookState::ReduceOnly;
    });
    assert_eq!(bench.decided[1], "executed:REDUCE_ONLY_MODE");
    assert_eq!(bench.fills.len(), 2);
}

#[test]
fn commands_close_deposit_and_withdraw_or_say_why_not() {
    let mut bench = bench("4", &[]);
    let denied = |events: Vec<Event>| match events.last() {
        Some(Event::CommandDenied { reason, .. }) => Some(reason.code),
        _ => None,
    };
    let money = |text: &str| Money::new(d(text));
    let withdraw = |amount: &str| Input::Withdraw { command: "c1".into(), amount: money(amount), at: at(3) };
    // 600 of 1,000 are available
    assert_eq!(denied(bench.apply(withdraw("600.01"))), Some(ReasonCode::InsufficientBalance));
    assert_eq!(denied(bench.apply(withdraw("0"))), Some(ReasonCode::InvalidField));
    assert_eq!(denied(bench.apply(withdraw("600"))), None);
    assert_eq!(
        denied(bench.apply(Input::Deposit { command: "c2".into(), amount: money("50"), at: at(4) })),
        None
    );
    assert_eq!(bench.broker.balances().equity, money("450"));
    // A day later the price is stale for a signal and good enough for a click.
    let close = |name: &str| Input::Close {
        command: name.into(),
        symbol: Symbol::new("AAPL").unwrap(),
        at: at(86_400_000),
    };
    assert_eq!(denied(bench.apply(close("c3"))), None);
    assert_eq!(denied(bench.apply(close("c4"))), Some(ReasonCode::NoPosition));
    assert_eq!(
        denied(bench.apply(Input::Flatten { command: "c5".into(), at: at(5) })),
        Some(ReasonCode::NoPosition)
    );
    assert_eq!(bench.broker.balances().cash, money("450"));
    assert!(bench.broker.state().agrees_with(&bench.ledger_totals()));
}

#[test]
fn a_price_or_setting_that_the_account_cannot_be_valued_with_is_refused() {
    let refused = |events: &[Event]| match events {
        [Event::InputRefused { reason, .. }] => Some(reason.code),
        _ => None,
    };
    let mut bench = bench("4", &[]);
    let before = bench.broker.clone();
    let symbol = bench.symbol.clone();
    let price = |text: &str| Price::parse(text).unwrap();
    let huge =
        Input::Last { symbol: symbol.clone(), price: price("79228162514264337593543950335"), at: at(9) };
    assert_eq!(refused(&bench.apply(huge)), Some(ReasonCode::ArithmeticOverflow));
    let crossed = Input::Quote { symbol, bid: price("101"), ask: price("100"), at: at(9) };
    assert_eq!(refused(&bench.apply(crossed)), Some(ReasonCode::InvalidField));
    assert_eq!(bench.broker, before);
    bench.step("9 last 100.01");
    let before_config = bench.broker.clone();
    // 4 * 100.01 * 10^-28 has thirty decimals.
    let mut config = Config::default();
    config.set("instrument.init_margin_long", "1e-28").unwrap();
    let events = bench.apply(Input::Configure { config: Box::new(config), at: at(9) });
    assert_eq!(refused(&events), Some(ReasonCode::ArithmeticOverflow));
    assert_eq!(bench.broker, before_config);
    let mut config = Config::default();
    config.set("instrument.init_margin_long", "0.5").unwrap();
    bench.apply(Input::Configure { config: Box::new(config), at: at(9) });
    // 1,000 + 4 * 0.01 - 4 * 100.01 / 2
    assert_eq!(bench.broker.balances().available, Money::new(d("800.02")));
}
