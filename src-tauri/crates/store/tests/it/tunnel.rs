//! The timeline of the tunnel, its requests a day, and what may be missing.

use crate::support::{TestSignal, TestStore, webhook_id};
use domain::{SignalStatus, Timestamp};
use store::tunnel::{TIMELINE_MAX, TimelineRow};

fn row(second: i64, state: &str) -> TimelineRow {
    TimelineRow {
        id: 0,
        at: Timestamp::from_micros(second * 1_000_000),
        state: state.to_owned(),
        code: Some("CUT".to_owned()),
        service_code: None,
        detail: None,
        public_url: None,
    }
}

#[test]
fn the_timeline_is_read_in_pages_from_its_end() {
    let test = TestStore::new();
    for second in 1..=5 {
        test.writer().run(move |tx| store::tunnel::append(tx, &row(second, "online"))).unwrap();
    }
    let page = |before, limit| test.reader().read(|view| store::tunnel::page(view, before, limit)).unwrap();
    let seconds = |rows: &[TimelineRow]| -> Vec<i64> { rows.iter().map(|r| r.at.as_seconds()).collect() };
    let first = page(None, 2);
    assert_eq!(seconds(&first), [5, 4]);
    assert_eq!(seconds(&page(Some(first[1].id), 9)), [3, 2, 1]);
    let later = test.reader().read(|view| store::tunnel::from(view, first[1].id, 9)).unwrap();
    assert_eq!(seconds(&later), [4, 5]);
    assert!(test.writer().run(|tx| store::tunnel::append(tx, &row(6, "sideways"))).is_err());
}

#[test]
fn the_timeline_forgets_its_oldest_rows() {
    let test = TestStore::new();
    let over = TIMELINE_MAX + 10;
    test.writer()
        .run(move |tx| (0..over).try_for_each(|n| store::tunnel::append(tx, &row(n, "online")).map(|_| ())))
        .unwrap();
    assert_eq!(test.number("SELECT count(*) FROM tunnel_timeline"), TIMELINE_MAX);
    assert_eq!(test.number("SELECT min(at) / 1000000 FROM tunnel_timeline"), 10);
}

#[test]
fn requests_are_summed_by_day_and_facts_are_replaced() {
    let test = TestStore::new();
    for (day, requests) in [("2026-10-31", 5), ("2026-11-01", 7), ("2026-11-01", 1), ("2026-11-25", 2)] {
        test.writer().run(move |tx| store::tunnel::count_requests(tx, day, requests)).unwrap();
    }
    let since = |day: &'static str| test.reader().read(|v| store::tunnel::requests_since(v, day)).unwrap();
    assert_eq!([since("2026-11-01"), since("2026-11-02"), since("2026-12-01")], [10, 2, 0]);
    let set = |value: Option<&'static str>| {
        test.writer().run(move |tx| store::tunnel::set_fact(tx, "wish", value)).unwrap();
        test.reader().read(|view| store::tunnel::fact(view, "wish")).unwrap()
    };
    assert_eq!(set(Some("a")).as_deref(), Some("a"));
    assert_eq!(set(Some("b")).as_deref(), Some("b"));
    assert_eq!(set(None), None);
}

#[test]
fn facts_and_changes_of_the_tunnel_are_no_new_configuration() {
    let test = TestStore::new();
    let generation = || test.reader().read(store::settings::config_generation).unwrap();
    let before = generation();
    test.writer()
        .run(|tx| {
            store::tunnel::append(tx, &row(1, "online"))?;
            store::tunnel::count_requests(tx, "2026-11-25", 1)?;
            store::tunnel::set_fact(tx, "standing", Some("{}"))
        })
        .unwrap();
    assert_eq!(generation(), before);
}

#[test]
fn decided_alerts_of_a_time_are_counted() {
    let test = TestStore::ready();
    for id in ["sig_1", "sig_2"] {
        test.add(TestSignal { status: SignalStatus::Rejected, ..TestSignal::new(id) });
    }
    test.add(TestSignal::new("sig_waits"));
    let count = |from, to, newest| {
        let (from, to) = (Timestamp::from_micros(from), Timestamp::from_micros(to));
        let webhook = webhook_id("wh_aaaaaaaaaaaa");
        let read = |view: &store::View| store::tunnel::signals_between(view, &webhook, from, to, newest);
        test.reader().read(read).unwrap()
    };
    assert_eq!((count(0, i64::MAX, 100), count(0, i64::MAX, 1), count(0, 1, 100)), (2, 1, 0));
}
