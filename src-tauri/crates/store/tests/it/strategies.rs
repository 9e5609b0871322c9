//! Strategies keep every revision, and verdicts keep what they were judged by.

use crate::support::{TestSignal, TestStore, at, decision};
use domain::{SignalStatus, StrategyId};
use store::StoreError;
use store::signals::SignalNo;
use store::verdicts::VerdictRow;
use store::{signals, strategies, verdicts};

fn id(text: &str) -> StrategyId {
    StrategyId::parse(text).unwrap()
}

fn generation(test: &TestStore) -> i64 {
    test.reader().read(store::settings::config_generation).unwrap()
}

#[test]
fn a_change_is_a_new_revision_and_the_old_ones_stay() {
    let test = TestStore::new();
    let (one, two) = (id("str_one"), id("str_two"));
    let write = test.writer();
    let before = generation(&test);
    write.run(|tx| strategies::insert(tx, &id("str_one"), "One", "first", at(1))).unwrap();
    write.run(|tx| strategies::insert(tx, &id("str_two"), "Two", "other", at(2))).unwrap();
    write.run(|tx| strategies::revise(tx, &id("str_one"), "One again", "second", at(3))).unwrap();
    write.run(|tx| strategies::set_enabled(tx, &id("str_one"), false, at(4))).unwrap();
    assert_eq!(generation(&test), before + 4, "requests are judged by strategies");
    let rows = test.reader().read(strategies::list).unwrap();
    let seen: Vec<_> =
        rows.iter().map(|r| (r.name.as_str(), r.revision, r.file.as_str(), r.enabled)).collect();
    assert_eq!(seen, [("One again", 2, "second", false), ("Two", 1, "other", true)]);
    assert_eq!((rows[0].created_at, rows[0].updated_at), (at(1), at(4)));
    let numbers = |rows: Vec<strategies::RevisionRow>| {
        rows.iter().map(|r| (r.number, r.created_at)).collect::<Vec<_>>()
    };
    let revisions = test.reader().read(|view| strategies::revisions(view, &one)).unwrap();
    assert_eq!(numbers(revisions), [(1, at(1)), (2, at(3))]);

    write.run(|tx| strategies::delete(tx, &id("str_one"), at(5))).unwrap();
    assert_eq!(test.reader().read(|view| strategies::get(view, &one)).unwrap(), None);
    assert_eq!(test.reader().read(strategies::list).unwrap().len(), 1);
    let file = |number: u32| test.reader().read(|view| strategies::file_of(view, &one, number)).unwrap();
    assert_eq!((file(1).as_deref(), file(2).as_deref(), file(3)), (Some("first"), Some("second"), None));
    for result in [
        write.run(|tx| strategies::delete(tx, &id("str_one"), at(6))),
        write.run(|tx| strategies::revise(tx, &id("str_one"), "n", "f", at(6))),
        write.run(|tx| strategies::set_enabled(tx, &id("str_none"), true, at(6))),
    ] {
        assert!(matches!(result, Err(StoreError::Missing { what: "strategy" })), "{result:?}");
    }
    assert!(write.run(|tx| strategies::insert(tx, &id("str_two"), "Two", "again", at(7))).is_err());
    assert_eq!(test.reader().read(|view| strategies::get(view, &two)).unwrap().unwrap().file, "other");
    let altered = test.raw().execute("UPDATE strategy_revisions SET file = 'x'", []).unwrap_err();
    assert!(altered.to_string().contains("a revision stays as it is"), "{altered}");
}

#[test]
fn a_verdict_goes_with_its_signal_and_cannot_be_altered() {
    let test = TestStore::ready();
    let signal = test.add(TestSignal::new("sig_a"));
    let other = test.add(TestSignal::new("sig_b"));
    let verdict = VerdictRow {
        strategy: id("str_one"),
        revision: 3,
        verdict: "deny".to_owned(),
        report: "{}".to_owned(),
    };
    let (row, of) = (verdict.clone(), signal.clone());
    test.writer().run(move |tx| verdicts::insert(tx, &of, &row)).unwrap();
    let read = |of| test.reader().read(|view| verdicts::of_signal(view, of)).unwrap();
    assert_eq!((read(&signal), read(&other)), (Some(verdict.clone()), None));
    let (row, of) = (verdict.clone(), signal.clone());
    assert!(test.writer().run(move |tx| verdicts::insert(tx, &of, &row)).is_err(), "a second verdict");
    let row = verdict;
    let gone = test.writer().run(move |tx| verdicts::insert(tx, &crate::support::signal_id("sig_c"), &row));
    assert!(matches!(gone, Err(StoreError::Missing { what: "signal" })), "{gone:?}");
    let altered = test.raw().execute("UPDATE verdicts SET verdict = 'confirm'", []).unwrap_err();
    assert!(altered.to_string().contains("a verdict is final"), "{altered}");
}

#[test]
fn what_signals_said_is_read_in_their_order() {
    let test = TestStore::ready();
    let ids: Vec<_> = ["sig_a", "sig_b", "sig_c"].map(|id| test.add(TestSignal::new(id))).to_vec();
    let (first, outcome) = (ids[0].clone(), decision(SignalStatus::Executed));
    test.writer().run(move |tx| signals::decide(tx, &first, &outcome)).unwrap();
    let webhook = TestSignal::new("sig_x").webhook;
    let page = |after, limit| test.reader().read(|view| signals::said(view, &webhook, after, limit)).unwrap();
    let rows = page(SignalNo::ZERO, 2);
    assert_eq!(
        rows.iter().map(|r| (&r.id, r.status)).collect::<Vec<_>>(),
        [(&ids[0], SignalStatus::Executed), (&ids[1], SignalStatus::Received),]
    );
    assert_eq!(rows[0].canonical, "{}");
    assert_eq!(page(rows[1].no, 2).iter().map(|r| &r.id).collect::<Vec<_>>(), [&ids[2]]);
}
