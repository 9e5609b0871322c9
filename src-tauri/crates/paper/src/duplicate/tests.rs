//! Which messages count as repetitions.

use super::*;
use domain::{Intent, Price, Side, Size, SizeUnit, Symbol};
use std::collections::BTreeMap;

fn buy() -> Signal {
    let mut signal = Signal::new(Intent::Open, Some(Side::Long), "buy", Symbol::new("BTCUSDT").unwrap());
    signal.size = Some(Size { value: Decimal::ONE, unit: SizeUnit::Base });
    signal
}

fn with(change: impl FnOnce(&mut Signal)) -> Signal {
    let mut signal = buy();
    change(&mut signal);
    signal
}

/// A table of keys as the caller keeps it.
#[derive(Default)]
struct Table(BTreeMap<(WebhookId, [u8; 32]), Recorded>);

impl Table {
    fn deliver(&mut self, millis: i64, webhook: &str, signal: &Signal, body: &str, window_ms: u32) -> bool {
        let webhook = WebhookId::parse(webhook).unwrap();
        let message = Message { webhook: &webhook, body: body.as_bytes(), index: 0, signal, window_ms };
        let now = Timestamp::from_millis(millis);
        let keys = keys(&message);
        match judge(&keys, now, |key| self.0.get(&(webhook.clone(), key.hash)).cloned()) {
            Verdict::DuplicateOf(_) => false,
            Verdict::New { record } => {
                let signal = SignalId::parse(&format!("sig_{}", self.0.len())).unwrap();
                for key in record {
                    self.0.insert(
                        (webhook.clone(), key.hash),
                        Recorded { first_at: now, signal: signal.clone() },
                    );
                }
                true
            }
        }
    }
}

/// Delivers at the times given in milliseconds; `expected` says which are new.
fn check(signal: &Signal, body: &str, window_ms: u32, deliveries: &[(i64, bool)]) {
    let mut table = Table::default();
    for (millis, expected) in deliveries {
        assert_eq!(table.deliver(*millis, "wh_a", signal, body, window_ms), *expected, "at {millis}");
    }
}

#[test]
fn the_window_is_fixed_and_ends_before_its_length() {
    check(
        &buy(),
        "",
        1_000,
        &[(0, true), (0, false), (999, false), (1_000, true), (1_999, false), (2_000, true)],
    );
    // Duplicates do not extend it: a stream every 600 ms is new, duplicate, new, duplicate.
    check(&buy(), "", 1_000, &[(0, true), (600, false), (1_200, true), (1_800, false)]);
    check(&buy(), "", 0, &[(0, true), (0, true)]);
    check(&buy(), "", 60_000, &[(0, true), (59_999, false), (60_000, true)]);
}

#[test]
fn an_id_is_unique_for_ever_and_alone_decides() {
    let id = with(|s| s.id = Some("A1".to_owned()));
    check(&id, "", 1_000, &[(0, true), (1_000, false), (10_000_000_000, false)]);
    let mut table = Table::default();
    assert!(table.deliver(0, "wh_a", &id, "", 1_000));
    let other = with(|s| s.id = Some("A2".to_owned()));
    assert!(table.deliver(1, "wh_a", &other, "", 1_000), "the meaning does not count where an id stands");
    assert!(table.deliver(2, "wh_b", &id, "", 1_000), "ids are unique per webhook");
    assert!(table.deliver(3, "wh_a", &buy(), "", 1_000), "a message with an id starts no window");
}

/// Ids of up to 30 bytes are kept as they are, longer ones hashed; neither may be taken for another.
#[test]
fn ids_of_every_length_are_told_apart() {
    let texts = ["1", "10", "1\0", "", &"a".repeat(30), &"a".repeat(31), &"a".repeat(32)];
    for (place, text) in texts.iter().enumerate() {
        for (other, again) in texts.iter().enumerate() {
            let mut table = Table::default();
            assert!(table.deliver(0, "wh_a", &with(|s| s.id = Some((*text).to_owned())), "", 0));
            let repeated = !table.deliver(1, "wh_a", &with(|s| s.id = Some((*again).to_owned())), "", 0);
            assert_eq!(repeated, other == place, "{text:?} then {again:?}");
        }
    }
}

#[test]
fn a_body_with_a_time_is_the_same_alert_for_a_minute() {
    let timed = with(|s| s.alert_time = Some(Timestamp::from_seconds(5)));
    check(&timed, "body", 1_000, &[(0, true), (1_000, false), (59_999, false), (60_000, true)]);
    let bar = with(|s| s.bar_time = Some(Timestamp::from_seconds(5)));
    check(&bar, "body", 1_000, &[(0, true), (1_000, false), (60_000, true)]);
    // Without a time the same bytes are a new signal once the window is over.
    check(&buy(), "body", 1_000, &[(0, true), (1_000, true)]);
    let mut table = Table::default();
    assert!(table.deliver(0, "wh_a", &timed, "one", 1_000));
    assert!(!table.deliver(500, "wh_a", &timed, "two", 1_000), "the meaning is the same");
    assert!(table.deliver(1_500, "wh_a", &timed, "two", 1_000), "the bytes are not");
}

#[test]
fn a_clock_set_back_does_not_keep_a_window_open() {
    check(&buy(), "", 1_000, &[(10_000_000, true), (9_999_500, false), (9_000_000, true)]);
}

#[test]
fn the_meaning_is_everything_but_time_and_trifles() {
    let price = |text: &str| Price::parse(text).unwrap();
    let base = with(|s| s.price = Some(price("100")));
    let mut table = Table::default();
    assert!(table.deliver(0, "wh_a", &base, "", 1_000));
    let same = [
        with(|s| s.price = Some(price("100.00"))),
        with(|s| (s.price, s.alert_time) = (Some(price("100")), Some(Timestamp::from_seconds(9)))),
        with(|s| (s.price, s.symbol_raw) = (Some(price("100")), "BINANCE:BTCUSDT".to_owned())),
        with(|s| (s.price, s.strategy) = (Some(price("100")), Some("other".to_owned()))),
    ];
    for signal in &same {
        assert!(!table.deliver(1, "wh_a", signal, "x", 1_000), "{signal:?}");
    }
    let different = [
        with(|s| s.price = Some(price("100.01"))),
        with(|s| (s.price, s.action) = (Some(price("100")), "long".to_owned())),
        with(|s| (s.price, s.comment) = (Some(price("100")), Some("ENTRY".to_owned()))),
        with(|s| (s.price, s.size) = (Some(price("100")), None)),
        with(|s| (s.price, s.reduce_only) = (Some(price("100")), true)),
        with(|s| {
            s.price = Some(price("100"));
            s.take_profit = vec![TakeProfit { level: BracketLevel::Price(price("110")), portion_pct: None }];
        }),
        with(|s| {
            s.price = Some(price("100"));
            s.stop_loss =
                Some(StopLoss { level: Some(BracketLevel::Percent(Decimal::ONE)), limit: None, trail: None });
        }),
        with(|s| {
            s.price = Some(price("100"));
            s.stop_loss = Some(StopLoss {
                level: Some(BracketLevel::Absolute(Decimal::ONE)),
                limit: None,
                trail: None,
            });
        }),
        with(|s| {
            s.price = Some(price("100"));
            s.stop_loss =
                Some(StopLoss { level: Some(BracketLevel::Percent(Decimal::TWO)), limit: None, trail: None });
        }),
        with(|s| (s.price, s.symbol) = (Some(price("100")), Symbol::new("ETHUSDT").unwrap())),
    ];
    for signal in &different {
        assert!(table.deliver(1, "wh_a", signal, "x", 1_000), "{signal:?}");
    }
    assert!(table.deliver(1, "wh_b", &base, "", 1_000), "another webhook");
}

#[test]
fn the_elements_of_one_body_are_told_apart() {
    let timed = with(|s| s.alert_time = Some(Timestamp::from_seconds(5)));
    let other = with(|s| (s.alert_time, s.action) = (Some(Timestamp::from_seconds(5)), "long".to_owned()));
    let webhook = WebhookId::parse("wh_a").unwrap();
    let key = |signal: &Signal, index| {
        keys(&Message { webhook: &webhook, body: b"[1,2]", index, signal, window_ms: 1_000 })
    };
    let (first, second) = (key(&timed, 0), key(&other, 1));
    assert!(first.iter().all(|a| second.iter().all(|b| a.hash != b.hash)));
    assert_eq!(first.iter().map(|k| k.kind).collect::<Vec<_>>(), [KeyKind::Meaning, KeyKind::Body]);
}

#[test]
fn a_record_may_go_when_its_window_is_over() {
    let key = |window| Key { kind: KeyKind::Meaning, hash: [0; 32], window };
    let now = Timestamp::from_millis(5);
    assert_eq!(key(Window::Forever).expires_at(now), None);
    assert_eq!(key(Window::Millis(1_000)).expires_at(now), Some(Timestamp::from_millis(1_005)));
}

/// The database keeps these keys, so that another form of them would forget what was received. The digest is that of
/// Python's hashlib over the fields, each text behind its length in one byte, each that may be absent behind 0 or 1.
#[test]
fn a_key_is_the_digest_of_the_meaning() {
    let webhook = WebhookId::parse("wh_a").unwrap();
    let keys_of =
        |signal: &Signal| keys(&Message { webhook: &webhook, body: b"", index: 0, signal, window_ms: 1 });
    let expected = "6824ba5e4f001342f0a4e18d44ef7386c82ed8b23f5999aea02661291b6ad134";
    let hex: String = keys_of(&buy())[0].hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, expected);
    let same = with(|signal| signal.size = Some(Size { value: Decimal::new(10, 1), unit: SizeUnit::Base }));
    assert_eq!(keys_of(&same), keys_of(&buy()));
}
