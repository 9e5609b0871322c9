//! What strategies say of signals, case by case.

use crate::{
    ApplyTo, Candles, Comparison, Condition, Crossing, Definition, Judgement, Leaf, Moment, Observer,
    OnUnknown, Operand, Outcome, Problem, SeriesKey, Slope, Strategy, Test,
};
use domain::{
    Candle, Intent, Price, Quantity, ReasonCode, Side, Signal, Symbol, Timeframe, Timestamp, Verdict,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

const HOUR: i64 = 3_600_000_000;

pub(crate) fn definition(when: Condition) -> Definition {
    Definition {
        name: "Test".to_owned(),
        apply_to: ApplyTo::Entries,
        moment: Moment::OnClose,
        on_unknown: OnUnknown::Reject,
        source: None,
        when,
    }
}

fn strategy(when: Condition) -> Strategy {
    Strategy::new(definition(when)).unwrap()
}

pub(crate) fn operand(text: &str) -> Operand {
    match text.parse() {
        Ok(number) => Operand::Number(number),
        Err(_) => Operand::parse(text).unwrap(),
    }
}

/// `left op right`, `left between low high`, `left rising n`; on the hour.
pub(crate) fn leaf(text: &str) -> Condition {
    on(text, Some(Timeframe::H1), None)
}

fn on(text: &str, timeframe: Option<Timeframe>, symbol: Option<&str>) -> Condition {
    let words: Vec<&str> = text.split(' ').collect();
    let right = |index: usize| operand(words[index]);
    let test = if let Some(comparison) = Comparison::parse(words[1]) {
        Test::Compare(comparison, right(2))
    } else if let Some(crossing) = Crossing::parse(words[1]) {
        Test::Cross(crossing, right(2))
    } else if let Some(slope) = Slope::parse(words[1]) {
        Test::Trend(slope, words[2].parse().unwrap())
    } else {
        Test::Between(right(2), right(3))
    };
    let symbol = symbol.map(|s| Symbol::new(s).unwrap());
    Condition::Leaf(Box::new(Leaf { left: operand(words[0]), test, timeframe, symbol }))
}

pub(crate) fn btc() -> Symbol {
    Symbol::new("BTCUSDT").unwrap()
}

pub(crate) fn signal() -> Signal {
    let mut signal = Signal::new(Intent::Open, Some(Side::Long), "buy", btc());
    signal.price = Price::new(Decimal::new(1_005, 1));
    signal.extras.insert("confidence".to_owned(), "82.5".to_owned());
    signal.extras.insert("grade".to_owned(), "A".to_owned());
    signal
}

/// `count` hours that end with these closes, before them 100 in every hour; the last one closes at `now`.
pub(crate) fn hours(closes: &[i64], count: usize) -> Candles {
    Candles::new(closed(closes, count), None)
}

fn closed(closes: &[i64], count: usize) -> Vec<Candle> {
    let price = |tenths: i64| Price::new(Decimal::new(tenths * 10, 1)).unwrap();
    let first = now().as_micros() - HOUR * i64::try_from(count).unwrap();
    let candle = |index: usize| {
        let close = (index + closes.len()).checked_sub(count).map_or(100, |at| closes[at]);
        Candle {
            opened_at: Timestamp::from_micros(first + HOUR * i64::try_from(index).unwrap()),
            open: price(close),
            high: price(close + 1),
            low: price(close - 1),
            close: price(close),
            volume: Quantity::ZERO,
        }
    };
    (0..count).map(candle).collect()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_seconds(1_778_220_000)
}

fn supply(candles: Candles) -> BTreeMap<SeriesKey, Candles> {
    BTreeMap::from([(SeriesKey { symbol: btc(), timeframe: Timeframe::H1 }, candles)])
}

fn judge(strategy: &Strategy, supply: &BTreeMap<SeriesKey, Candles>, at: Timestamp) -> Judgement {
    match strategy.observe(&btc(), at, supply) {
        Ok(observed) => strategy.judge(&observed, &signal()),
        Err(unknown) => strategy.without_verdict(unknown, &signal()),
    }
}

/// `expected` is true, false or na of a single condition over closes that end like this.
#[track_caller]
fn check(text: &str, closes: &[i64], expected: Option<bool>) {
    let strategy = strategy(leaf(text));
    let judgement = judge(&strategy, &supply(hours(closes, 500)), now());
    assert_eq!(judgement.leaves[0].passed, expected, "{text}: {judgement:?}");
    let confirmed = judgement.outcome == Outcome::Confirm;
    assert_eq!(confirmed, expected == Some(true), "{text}: {judgement:?}");
}

#[test]
fn every_operator_on_candles() {
    let (yes, no) = (Some(true), Some(false));
    check("close > 100", &[101], yes);
    check("close > 101", &[101], no);
    check("close >= 101", &[101], yes);
    check("close < 101", &[101], no);
    check("close < 102", &[101], yes);
    check("close <= 101", &[101], yes);
    check("close == 101", &[101], yes);
    check("close == 100", &[101], no);
    check("100 < close", &[101], yes);
    check("close between 100 102", &[101], yes);
    check("close between 101 101", &[101], yes);
    check("close between 102 103", &[101], no);
    check("close between lowest(low,5) highest(high,5)", &[101], yes);
    check("close crosses_above 100", &[99, 101], yes);
    check("close crosses_above 100", &[101, 102], no);
    check("close crosses_below sma(close,3)", &[101, 103, 97], yes);
    check("close crosses_below sma(close,3)", &[99, 98, 97], no);
    check("close rising 3", &[101, 102, 103], yes);
    check("close rising 4", &[101, 101, 102, 103], no);
    check("close falling 2", &[99, 98], yes);
    check("sma(close,2) falling 3", &[99, 98, 97], yes);
    check("rsi(close,14) == 100", &[100], yes);
    check("stoch(close,close,close,14) > 50", &[100], None);
    check("stoch(close,close,close,14) rising 1", &[100], None);
    check("stoch(close,close,close,14) crosses_above 50", &[100], None);
    check("50 between stoch(close,close,close,14) 60", &[100], None);
}

#[test]
fn fields_of_the_alert_are_operands() {
    let (yes, no) = (Some(true), Some(false));
    check("alert.price > close", &[100], yes);
    check("alert.price == 100.5", &[100], yes);
    check("alert.confidence >= 80", &[100], yes);
    check("alert.confidence between 90 100", &[100], no);
    check("close crosses_above alert.price", &[100, 101], yes);
    check("close crosses_above alert.price", &[101, 102], no);
    check("alert.grade > 1", &[100], None);
    check("alert.nothing > 1", &[100], None);
    check("alert.quantity > 1", &[100], None);
    let only_alert = strategy(on("alert.confidence > 80", None, None));
    assert!(only_alert.needs(&btc()).is_empty());
    assert_eq!(judge(&only_alert, &BTreeMap::new(), now()).outcome, Outcome::Confirm);
}

#[test]
fn a_tree_blames_the_first_condition_that_keeps_it_from_being_true() {
    let truth = |word: &str| match word {
        "t" => leaf("close > 0"),
        "f" => leaf("close < 0"),
        _ => leaf("alert.nothing > 1"),
    };
    // Words in the order of a stack machine: leaves, `not`, and `all2`, `any3` over so many before them.
    let build = |text: &str| {
        let mut stack: Vec<Condition> = Vec::new();
        for word in text.split(' ') {
            let mut last = |count: &str| stack.split_off(stack.len() - count.parse::<usize>().unwrap());
            let made = if word == "not" {
                Condition::Not(Box::new(last("1").remove(0)))
            } else if let Some(count) = word.strip_prefix("all") {
                Condition::All(last(count))
            } else if let Some(count) = word.strip_prefix("any") {
                Condition::Any(last(count))
            } else {
                truth(word)
            };
            stack.push(made);
        }
        stack.remove(0)
    };
    let check = |text: &str, expected: Option<&str>| {
        let judgement = judge(&strategy(build(text)), &supply(hours(&[], 500)), now());
        let expected = match expected {
            None => Outcome::Confirm,
            Some(path) => Outcome::Deny { first_failing: path.to_owned() },
        };
        assert_eq!(judgement.outcome, expected, "{text}");
    };
    check("t", None);
    check("f", Some("when"));
    check("na", Some("when"));
    check("t t all2", None);
    check("t f na all3", Some("when.all[1]"));
    check("t na f all3", Some("when.all[1]"));
    check("f t any2", None);
    check("na t any2", None);
    check("f f any2", Some("when.any[0]"));
    check("f not", None);
    check("t not", Some("when.not"));
    // What is not known is not denied either.
    check("na not", Some("when.not"));
    check("na not not", Some("when.not.not"));
    check("na f all2 not", None);
    check("t f all2 not", None);
    check("t t all2 not", Some("when.not.all[0]"));
    check("f t any2 not", Some("when.not.any[1]"));
    check("f na any2 not", Some("when.not.any[1]"));
    check("t f f any2 all2", Some("when.all[1].any[0]"));
    check("f t not any2 t any2", None);
}

#[test]
fn every_value_is_reported_with_its_candle() {
    let rule = strategy(Condition::All(vec![
        leaf("close crosses_above sma(close,2)"),
        on("alert.price > 5", None, None),
    ]));
    let judgement = judge(&rule, &supply(hours(&[98, 104], 500)), now());
    let report = &judgement.leaves[0];
    assert_eq!(
        (report.path.as_str(), report.text.as_str()),
        ("when.all[0]", "close crosses_above sma(close,2)")
    );
    assert_eq!(report.opened_at, Some(now().plus_micros(-HOUR)));
    assert_eq!((report.symbol.clone(), report.timeframe), (Some(btc()), Some(Timeframe::H1)));
    let values: Vec<_> = report.values.iter().map(|v| (v.operand.as_str(), v.value, v.before)).collect();
    assert_eq!(values, [("close", Some(104.0), Some(98.0)), ("sma(close,2)", Some(101.0), Some(99.0))]);
    let other = &judgement.leaves[1];
    assert_eq!((other.opened_at, other.values[0].value), (None, Some(100.5)));
    assert_eq!(judgement.verdict(OnUnknown::Reject, ApplyTo::All), Some(Verdict::Confirm));
}

#[test]
fn what_is_unknown_is_rejected_with_its_reason() {
    let check = |candles: Option<Candles>, at: Timestamp, code: ReasonCode, said: &str| {
        let supply = candles.map(supply).unwrap_or_default();
        let judgement = judge(&strategy(leaf("close > 0")), &supply, at);
        let Outcome::Unknown(unknown) = &judgement.outcome else { panic!("{judgement:?}") };
        assert_eq!((unknown.code(), unknown.to_string()), (code, said.to_owned()));
        assert_eq!(judgement.verdict(OnUnknown::Reject, ApplyTo::All), Some(Verdict::Deny(code)));
        assert_eq!(judgement.verdict(OnUnknown::Reject, ApplyTo::Entries), Some(Verdict::DenyEntries(code)));
        assert_eq!(judgement.verdict(OnUnknown::SkipPipeline, ApplyTo::All), None);
    };
    check(None, now(), ReasonCode::CandlesUnavailable, "BTCUSDT 1h: there are no candles");
    let none = Some(Candles::default());
    check(none, now(), ReasonCode::CandlesUnavailable, "BTCUSDT 1h: there are no candles");
    let mut unordered = closed(&[], 500);
    unordered.swap(3, 4);
    check(
        Some(Candles::new(unordered, None)),
        now(),
        ReasonCode::CandlesUnavailable,
        "BTCUSDT 1h: there are no candles",
    );
    let early = now().plus_micros(-600 * HOUR);
    check(Some(hours(&[], 500)), early, ReasonCode::CandlesUnavailable, "BTCUSDT 1h: there are no candles");
    let few = Some(hours(&[], 499));
    check(few, now(), ReasonCode::WarmingUp, "BTCUSDT 1h: 500 closed candles are needed, 499 are there");
    let late = now().plus_micros(2 * HOUR + 1);
    let said = "BTCUSDT 1h: the newest closed candle opened at 2026-05-08T05:00:00.000000Z";
    check(Some(hours(&[], 500)), late, ReasonCode::CandlesStale, said);
    let edge = judge(&strategy(leaf("close > 0")), &supply(hours(&[], 500)), now().plus_micros(2 * HOUR));
    assert_eq!(edge.outcome, Outcome::Confirm);
}

#[test]
fn only_candles_that_were_closed_by_then_count_and_no_more_than_needed() {
    let rule = strategy(leaf("close == 105"));
    let candles = supply(hours(&[105, 107], 501));
    assert_eq!(judge(&rule, &candles, now()).leaves[0].values[0].value, Some(107.0));
    let before = judge(&rule, &candles, now().plus_micros(-1));
    assert_eq!(before.leaves[0].values[0].value, Some(105.0));
    // An average that never forgets is begun at the same candle, however many there are.
    let average = strategy(leaf("ema(close,20) > 0"));
    let of = |candles: Candles| judge(&average, &supply(candles), now()).leaves[0].values[0].value;
    let short = hours(&[90, 120, 95], 500);
    let mut long = closed(&[90, 120, 95], 900);
    long[100].close = Price::new(Decimal::from(101)).unwrap();
    assert_eq!(of(short), of(Candles::new(long, None)));
}

#[test]
fn signals_that_share_their_candles_are_judged_as_each_alone() {
    let rule =
        strategy(Condition::All(vec![leaf("close crosses_above sma(close,3)"), leaf("alert.price > close")]));
    let candles = supply(hours(&[90, 99, 120, 97, 101, 99, 105], 520));
    let mut observer = Observer::default();
    for minutes in 0..60 * 14 {
        let at = now().plus_micros(HOUR / 60 * (minutes - 60 * 12));
        let together = observer.judge(&rule, &signal(), at, &candles);
        assert_eq!(together, judge(&rule, &candles, at), "{at}");
    }
}

#[test]
fn the_running_candle_is_looked_at_where_it_is_asked_for() {
    let closed = closed(&[101], 501);
    let mut running = closed[500];
    running.opened_at = now();
    running.close = Price::new(Decimal::from(109)).unwrap();
    let candles = Candles::new(closed, Some(running));
    let of = |moment: Moment, at: Timestamp| {
        let rule = Strategy::new(Definition { moment, ..definition(leaf("close > 0")) }).unwrap();
        judge(&rule, &supply(candles.clone()), at).leaves[0].values[0].value
    };
    assert_eq!(of(Moment::OnClose, now()), Some(101.0));
    assert_eq!(of(Moment::Intrabar, now()), Some(109.0));
    assert_eq!(of(Moment::Intrabar, now().plus_micros(-1)), Some(100.0));
    assert_eq!(of(Moment::Intrabar, now().plus_micros(HOUR)), Some(101.0));
}

#[test]
fn needs_are_named_once_and_at_their_most() {
    let rule = strategy(Condition::All(vec![
        leaf("ema(close,200) > sma(close,5)"),
        leaf("close > 1"),
        on("dmi(14,14).adx > 20", Some(Timeframe::H4), None),
        on("close > vwap()", Some(Timeframe::M1), Some("ETHUSDT")),
        on("alert.price > 1", Some(Timeframe::H4), None),
    ]));
    let needs: Vec<String> =
        rule.needs(&btc()).iter().map(|need| format!("{} {}", need.key, need.candles)).collect();
    assert_eq!(needs, ["BTCUSDT 1h 1582", "BTCUSDT 4h 500", "ETHUSDT 1m 1441"]);
    let timeframes: Vec<Timeframe> = rule.timeframes().into_iter().collect();
    assert_eq!(timeframes, [Timeframe::M1, Timeframe::H1, Timeframe::H4]);
}

#[test]
fn what_is_no_strategy_is_said_with_its_place() {
    let check = |when: Condition, expected: &[(&str, Problem)]| {
        let faults = Strategy::new(definition(when)).err().unwrap_or_default();
        let found: Vec<_> = faults.iter().map(|f| (f.path.as_str(), f.problem.clone())).collect();
        assert_eq!(found, expected);
    };
    let all = Condition::All;
    check(all(vec![]), &[("when.all", Problem::EmptyGroup)]);
    check(
        all(vec![leaf("close > 1"), Condition::Not(Box::new(Condition::Any(vec![])))]),
        &[("when.all[1].not.any", Problem::EmptyGroup)],
    );
    check(leaf("1 > 2"), &[("when", Problem::Constant)]);
    check(leaf("1 between 0 2"), &[("when", Problem::Constant)]);
    check(leaf("close rising 0"), &[("when.n", Problem::Steps)]);
    check(leaf("close rising 101"), &[("when.n", Problem::Steps)]);
    check(
        leaf("alert.price falling 1"),
        &[("when.left", Problem::NoPast { operand: "alert.price".to_owned() })],
    );
    check(
        on("close > 1", None, None),
        &[("when.timeframe", Problem::TimeframeMissing { expression: "close".to_owned() })],
    );
    check(
        leaf("rma(close,1000) > 1"),
        &[("when", Problem::TooManyCandles { expression: "rma(close,1000)".to_owned(), candles: 14_809 })],
    );
    let four = ["1m", "5m", "1h", "1d"].map(|t| on("close > 1", Some(Timeframe::parse(t).unwrap()), None));
    check(all(four.to_vec()), &[("when", Problem::TooManyTimeframes { found: 4 })]);
    let seven = ["A", "B", "C", "D", "E", "F", "G"].map(|s| on("close > 1", Some(Timeframe::H1), Some(s)));
    check(all(seven.to_vec()), &[("when", Problem::TooManySeries { found: 7 })]);
    check(all(vec![leaf("close > 1"); 51]), &[("when", Problem::TooManyLeaves { found: 51 })]);
    let nested =
        |levels: usize| (0..levels).fold(leaf("close > 1"), |inner, _| Condition::Not(Box::new(inner)));
    check(nested(7), &[]);
    check(nested(8), &[("when.not.not.not.not.not.not.not.not", Problem::TooDeep)]);
    let unnamed = Definition { name: " ".to_owned(), ..definition(leaf("close > 1")) };
    assert_eq!(Strategy::new(unnamed).unwrap_err()[0].to_string(), "name: a name has 1 to 80 characters");
}
