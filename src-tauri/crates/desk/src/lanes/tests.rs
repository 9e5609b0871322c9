//! What is due when, in which order, and what is said of signals that changed places.

use super::*;
use domain::{Intent, NetQuantity, Side, Signal, WebhookId};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// An alert on its way: when it comes, in milliseconds, and what it says.
#[derive(Debug, Clone)]
struct Alert {
    ms: i64,
    signal: Signal,
    webhook: &'static str,
    pace: Pace,
    asked_for: bool,
}

fn signal(intent: Intent, side: Side) -> Signal {
    Signal::new(intent, Some(side), "any", Symbol::new("BTCUSDT").unwrap())
}

/// An alert with positions before and after.
fn moves(ms: i64, before: i64, after: i64) -> Alert {
    let intent = if after == 0 { Intent::Close } else { Intent::Open };
    let side = if before > 0 || after > 0 { Side::Long } else { Side::Short };
    let mut signal = signal(intent, side);
    signal.previous_position = Some(NetQuantity::new(Decimal::from(before)));
    signal.target_position = Some(NetQuantity::new(Decimal::from(after)));
    Alert { ms, signal, webhook: "wh_a", pace: Pace::default(), asked_for: false }
}

/// An alert without positions, held for `hold_ms`.
fn plain(ms: i64, intent: Intent, hold_ms: u32) -> Alert {
    let pace = Pace { hold_ms: Some(hold_ms), delay_s: None };
    Alert { ms, signal: signal(intent, Side::Long), webhook: "wh_a", pace, asked_for: false }
}

impl Alert {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn fired(self, second: i64) -> Self {
        self.with(|alert| alert.signal.alert_time = Some(Timestamp::from_seconds(second)))
    }

    fn delayed(self, seconds: u32) -> Self {
        self.with(|alert| alert.pace.delay_s = Some(seconds))
    }
}

fn id(place: usize) -> SignalId {
    SignalId::parse(&format!("sig_{place}")).unwrap()
}

/// Delivers alerts, looks whenever the lanes ask for it, and says what was decided when: `750: 1< 0>` is that at 750
/// ms number 1 was decided, before one that had come earlier, and then number 0, after one that came later. A `!` is
/// on what a later alert has made out of date.
fn decided(alerts: &[Alert], known: Option<i64>) -> String {
    let (shown, _) = run(alerts, known, false);
    shown.join(", ")
}

/// The same moment by moment, and when each alert was decided. A process that `forgets` after every look reads again
/// what waits, as after a restart.
fn run(alerts: &[Alert], known: Option<i64>, forgets: bool) -> (Vec<String>, Vec<(usize, i64)>) {
    let mut decided = Vec::new();
    let mut lanes: Lanes<usize> = Lanes::default();
    let mut shown = Vec::new();
    let mut comes: Vec<(i64, usize)> = alerts.iter().enumerate().map(|(place, a)| (a.ms, place)).collect();
    comes.sort_unstable();
    let mut comes = comes.into_iter().peekable();
    loop {
        let look = lanes.next_look().map(Timestamp::as_millis);
        let arrival = comes.peek().map(|(ms, _)| *ms);
        let Some(now) = look.into_iter().chain(arrival).min() else { break };
        while let Some((_, place)) = comes.next_if(|(ms, _)| *ms == now) {
            let alert = &alerts[place];
            let received_at = Timestamp::from_millis(alert.ms);
            let (id, webhook) = (id(place), WebhookId::parse(alert.webhook).unwrap());
            let arrived = Arrived {
                id: &id,
                place: i64::try_from(place).unwrap(),
                webhook: &webhook,
                received_at,
                test: false,
            };
            let waiting = if alert.asked_for {
                Waiting::asked_for(arrived, &alert.signal)
            } else {
                Waiting::of(arrived, &alert.signal, alert.pace)
            };
            let stream = waiting.stream.clone();
            if let Some(net) = known.filter(|_| !lanes.knows(&stream)) {
                let to = NetQuantity::new(Decimal::from(net)).into();
                let signal = SignalId::parse("sig_before").unwrap();
                lanes.learn(stream, Some(Statement { from: None, to, fired_at: None, signal }));
            }
            let account = AccountId::parse("acc_a").unwrap();
            let lane = LaneKey { account, symbol: alert.signal.symbol.clone() };
            lanes.put(lane, waiting, place);
        }
        let due = lanes.take_due(Timestamp::from_millis(now));
        decided.extend(due.iter().map(|due| (due.item, now)));
        if forgets {
            lanes = read_again(lanes);
            assert!(lanes.take_due(Timestamp::from_millis(now)).is_empty(), "{alerts:?}");
        }
        if !due.is_empty() {
            let mark = |due: &Due<usize>| {
                let turn = match &due.reordered {
                    None => "",
                    Some(Reordered::Before(_)) => "<",
                    Some(Reordered::After(_)) => ">",
                };
                format!(" {}{turn}{}", due.item, due.superseded_by.as_ref().map_or("", |_| "!"))
            };
            shown.push(format!("{now}:{}", due.iter().map(mark).collect::<String>()));
        }
    }
    assert_eq!(lanes.waiting, 0, "{alerts:?} are left: {lanes:?}");
    (shown, decided)
}

/// The lanes as another process would find them: the rows that wait, and what the strategies said last.
fn read_again(before: Lanes<usize>) -> Lanes<usize> {
    let mut after = Lanes { heard: before.heard, ..Lanes::default() };
    for (key, lane) in before.lanes {
        for (waiting, seat) in lane.rows.into_iter().zip(lane.seats) {
            after.put(key.clone(), waiting, seat.item);
        }
    }
    after
}

fn check(alerts: &[Alert], known: Option<i64>, expected: &str) {
    assert_eq!(decided(alerts, known), expected, "{alerts:?}");
}

#[test]
fn who_names_no_positions_waits_only_where_the_webhook_says_so() {
    use Intent::{Close, Open};
    let at_once = |ms, intent| plain(ms, intent, 0);
    check(&[at_once(0, Open), at_once(0, Close), at_once(5, Open)], None, "0: 0 1, 5: 2");
    // Exits first within the window, each when its own is over.
    check(&[plain(0, Open, 500), plain(100, Close, 500)], None, "600: 1< 0>");
    check(&[plain(0, Open, 500), plain(501, Close, 500)], None, "500: 0, 1001: 1");
    check(&[plain(0, Close, 500), plain(100, Open, 500)], None, "500: 0, 600: 1");
    check(&[plain(0, Open, 500), plain(10, Open, 500), plain(20, Close, 500)], None, "520: 2< 0> 1>");
    // Where all say when they fired, that comes before what they are.
    check(&[plain(0, Open, 500).fired(1), plain(100, Close, 500).fired(2)], None, "500: 0, 600: 1");
    check(&[plain(0, Open, 500).fired(1), plain(100, Close, 500).fired(1)], None, "600: 1< 0>");
    check(&[plain(0, Close, 500).fired(2), plain(100, Open, 500).fired(1)], None, "600: 1< 0>");
    check(&[plain(0, Open, 500).fired(1), plain(100, Close, 500)], None, "600: 1< 0>");
}

#[test]
fn a_reversed_pair_is_turned_round() {
    check(&[moves(0, 1, 0), moves(5, 0, -1)], Some(1), "750: 0, 755: 1");
    check(&[moves(0, 0, -1), moves(5, 1, 0)], Some(1), "755: 1< 0>");
    check(&[moves(0, 0, -1), moves(749, 1, 0)], Some(1), "1499: 1< 0>");
    // Too late for the window.
    check(&[moves(0, 0, -1), moves(751, 1, 0)], Some(1), "750: 0, 1501: 1!");
    // Three in the wrong order, each within the window of the next.
    check(&[moves(0, 1, 0), moves(500, 2, 1), moves(1000, 3, 2)], Some(3), "1750: 2< 1> 0>");
    // The times decide where positions leave it open.
    check(&[moves(0, 0, 1).fired(9), moves(5, 1, 0).fired(8)], Some(1), "755: 1< 0>");
    check(&[moves(0, 1, 0).fired(9), moves(5, 0, 1).fired(8)], Some(0), "755: 1< 0>");
    let by_hand = |alert: Alert| alert.with(|a| a.pace.hold_ms = Some(0));
    check(&[by_hand(moves(0, 0, -1)), by_hand(moves(5, 1, 0))], Some(1), "0: 0, 5: 1!");
}

#[test]
fn strategies_and_symbols_do_not_get_into_each_others_order() {
    // Two strategies on one webhook: each has its own chain, and keeps its places.
    let named = |alert: Alert, name: &str| alert.with(|a| a.signal.strategy = Some(name.to_owned()));
    check(
        &[named(moves(0, 0, 1), "a"), named(moves(1, 0, 1), "b"), named(moves(2, 1, 2), "a")],
        None,
        "750: 0, 751: 1, 752: 2",
    );
    let other = |alert: Alert| alert.with(|a| a.webhook = "wh_b");
    check(&[moves(0, 1, 0), other(moves(1, 0, 1)), moves(2, 2, 1)], Some(2), "752: 2< 1> 0>");
    // Another symbol does not wait.
    let eth = |alert: Alert| alert.with(|a| a.signal.symbol = Symbol::new("ETHUSDT").unwrap());
    check(&[moves(0, 0, 1), eth(plain(10, Intent::Open, 0))], None, "10: 1, 750: 0");
    // One of the same symbol does: it came later.
    check(&[moves(0, 0, 1), plain(10, Intent::Close, 0)], None, "750: 0 1");
    // So does a replay, which is not put before what came earlier either.
    let replay = plain(10, Intent::Close, 0).with(|a| a.asked_for = true);
    check(&[plain(0, Intent::Open, 500), replay], None, "500: 0 1");
}

#[test]
fn a_delay_puts_the_arrival_off() {
    check(&[plain(0, Intent::Open, 0).delayed(5), plain(10, Intent::Close, 0)], None, "10: 1, 5000: 0");
    check(&[moves(0, 0, 1).delayed(5)], None, "5750: 0");
    // The message's own delay counts before the webhook's.
    let own = moves(0, 0, 1).delayed(5).with(|a| a.signal.delay_s = Some(1));
    check(&[own], None, "1750: 0");
    // Both halves are delayed alike, and still turned round.
    check(&[moves(0, 0, -1).delayed(5), moves(300, 1, 0).delayed(5)], Some(1), "6050: 1< 0>");
}

#[test]
fn a_clock_that_was_set_back_makes_nobody_wait() {
    let mut lanes: Lanes<()> = Lanes::default();
    let webhook = WebhookId::parse("wh_a").unwrap();
    let alert = moves(3_600_000, 0, 1);
    let received_at = Timestamp::from_millis(alert.ms);
    let id = id(1);
    let arrived = Arrived { id: &id, place: 1, webhook: &webhook, received_at, test: false };
    let waiting = Waiting::of(arrived, &alert.signal, Pace::default());
    let lane = LaneKey { account: AccountId::parse("acc_a").unwrap(), symbol: alert.signal.symbol };
    lanes.put(lane.clone(), waiting, ());
    assert!(!lanes.is_free(&lane));
    assert_eq!(lanes.take_due(Timestamp::from_millis(0)).len(), 1);
    assert!(lanes.is_free(&lane) && lanes.next_look().is_none());
}

fn any_alert() -> impl Strategy<Value = Alert> {
    let moved = (-2_i64..=2, -2_i64..=2).prop_map(|(before, after)| moves(0, before, after));
    let intent = prop::sample::select(vec![Intent::Open, Intent::Close]);
    let unmoved = intent.prop_map(|intent| plain(0, intent, 0));
    let hold_ms = prop::option::of(prop::sample::select(vec![0_u32, 100, 900]));
    let fired = prop::option::of(0_i64..4);
    let which =
        (prop::sample::select(vec!["BTCUSDT", "ETHUSDT"]), prop::sample::select(vec!["wh_a", "wh_b"]));
    (prop_oneof![moved, unmoved], 0_i64..3_000, hold_ms, 0_u32..3, fired, which, prop::bool::weighted(0.1))
        .prop_map(|(alert, ms, hold_ms, delay_s, fired, (symbol, webhook), asked_for)| {
            alert.with(|alert| {
                (alert.ms, alert.webhook, alert.asked_for) = (ms, webhook, asked_for);
                alert.pace = Pace { hold_ms, delay_s: (delay_s > 0).then_some(delay_s) };
                alert.signal.symbol = Symbol::new(symbol).unwrap();
                alert.signal.alert_time = fired.map(Timestamp::from_seconds);
            })
        })
}

/// When the window of an alert is over.
fn ready_ms(alert: &Alert) -> i64 {
    let linked = alert.signal.target_position.is_some();
    let hold_ms = alert.pace.hold_ms.unwrap_or(if linked { 750 } else { 0 });
    let waits = i64::from(hold_ms) + i64::from(alert.pace.delay_s.unwrap_or(0)) * 1_000;
    alert.ms + if alert.asked_for { 0 } else { waits }
}

proptest! {
    /// Every signal is decided, once, not before its window is over and not after the last one of its lane is; and a
    /// process that forgets everything between two looks decides the same at the same times.
    #[test]
    fn everything_is_decided_in_its_time_also_across_restarts(alerts in prop::collection::vec(any_alert(), 1..12)) {
        let (_, decided) = run(&alerts, None, false);
        let mut seen: Vec<usize> = decided.iter().map(|(item, _)| *item).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..alerts.len()).collect::<Vec<_>>());
        for &(item, at) in &decided {
            let lane = |alert: &&Alert| alert.signal.symbol == alerts[item].signal.symbol;
            let last = alerts.iter().filter(lane).map(ready_ms).max().unwrap();
            prop_assert!(ready_ms(&alerts[item]) <= at && at <= last, "{} at {}: {:?}", item, at, alerts);
        }
        prop_assert_eq!(run(&alerts, None, true).1, decided);
    }
}
