//! Free text: words of the body, the symbol and the action.

use crate::support::{TestSignal, TestStore, at, decision, webhook_id};
use domain::{SignalStatus, Symbol};
use store::signals::SignalFilter;

fn find(test: &TestStore, words: &str) -> Vec<String> {
    test.writer().index_signals().unwrap();
    let filter = SignalFilter { words: Some(words.to_owned()), ..SignalFilter::default() };
    let page = test.reader().read(|view| store::signals::list(view, &filter, None, 50)).unwrap();
    page.signals.into_iter().map(|s| s.id.to_string()).collect()
}

fn filled() -> TestStore {
    let test = TestStore::ready();
    let add = |id: &str, symbol: &str, body: &[u8]| {
        test.add(TestSignal { symbol: Symbol::new(symbol).ok(), body: body.to_vec(), ..TestSignal::new(id) })
    };
    add("sig_1", "BTCUSDT.P", br#"{"strategy":"Golden Cross","qty":"0.5"}"#);
    add("sig_2", "AAPL", br#"{"strategy":"Death Cross","qty":"10"}"#);
    add("sig_3", "ES1!", "büro \u{0} \u{fffd} golden".as_bytes());
    add("sig_4", "AAPL", b"\xff\xfe broken bytes");
    test
}

#[test]
fn every_word_must_be_there() {
    let test = filled();
    let check = |words: &str, expected: &[&str]| assert_eq!(find(&test, words), expected, "{words:?}");
    check("cross", &["sig_2", "sig_1"]);
    check("GOLDEN", &["sig_3", "sig_1"]);
    check("golden cross", &["sig_1"]);
    check("btcusdt.p", &["sig_1"]);
    check("ES1!", &["sig_3"]);
    check("aapl death", &["sig_2"]);
    check("gold*", &["sig_3", "sig_1"]);
    check("gold", &[]);
    check("büro", &["sig_3"]);
    check("broken", &["sig_4"]);
    check("0.5", &["sig_1"]);
    check("cross OR broken", &[]);
    check("\"golden\" NEAR(", &[]);
    // Nothing that could be a word narrows nothing.
    check(" - ", &["sig_4", "sig_3", "sig_2", "sig_1"]);
}

#[test]
fn only_the_head_of_a_long_body_is_searched() {
    let test = TestStore::ready();
    let mut body = vec![b' '; 8_192];
    body[..5].copy_from_slice(b"first");
    body.extend_from_slice(b"last");
    test.add(TestSignal { body, ..TestSignal::new("sig_1") });
    assert_eq!(find(&test, "first"), ["sig_1"]);
    assert_eq!(find(&test, "last"), Vec::<String>::new());
}

#[test]
fn what_is_deleted_is_not_found_and_the_index_stays_sound() {
    let test = filled();
    test.writer()
        .run(|tx| {
            for id in ["sig_1", "sig_4"] {
                store::signals::decide(
                    tx,
                    &crate::support::signal_id(id),
                    &decision(SignalStatus::Executed),
                )?;
            }
            // Four rows, at most one to be kept, and only two that may go; one more is added in the same commit.
            store::signals::retain(tx, 1)?;
            store::signals::insert(tx, &TestSignal::new("sig_5").row())
        })
        .unwrap();
    assert_eq!(find(&test, "golden"), ["sig_3"]);
    assert_eq!(find(&test, "broken"), Vec::<String>::new());
    assert_eq!(find(&test, "action"), ["sig_5"]);
    test.raw()
        .execute_batch("INSERT INTO signal_search (signal_search, rank) VALUES ('integrity-check', 1)")
        .unwrap();
    test.writer().run(store::signals::rebuild_search).unwrap();
    assert_eq!(find(&test, "golden"), ["sig_3"]);
}

#[test]
fn a_signal_that_comes_and_goes_in_one_commit_leaves_nothing_behind() {
    let test = TestStore::ready();
    test.writer()
        .run(|tx| {
            let rejected = TestSignal { status: SignalStatus::Rejected, ..TestSignal::new("sig_1") };
            store::signals::insert(tx, &rejected.row())?;
            store::signals::retain(tx, 0)
        })
        .unwrap();
    test.add(TestSignal::new("sig_2"));
    assert_eq!(find(&test, "btcusdt"), ["sig_2"]);
    test.raw()
        .execute_batch("INSERT INTO signal_search (signal_search, rank) VALUES ('integrity-check', 1)")
        .unwrap();
}

#[test]
fn a_broken_index_does_not_keep_signals_out() {
    for damage in [
        "UPDATE signal_search_data SET block = x'00' WHERE id = 10",
        "UPDATE signal_search_data SET block = x'ffffffff' WHERE id > 10",
        "DELETE FROM signal_search_data",
        "DELETE FROM signal_search_config",
        "DELETE FROM signal_search_progress",
    ] {
        broken_by(damage);
    }
}

fn broken_by(damage: &str) {
    let test = filled();
    test.raw().execute_batch(damage).unwrap();
    let id = test.add(TestSignal::new("sig_5"));
    let webhook = webhook_id("wh_aaaaaaaaaaaa");
    assert!(test.reader().read(|view| store::signals::get(view, &id)).unwrap().is_some());
    let listed = SignalFilter { webhook: Some(webhook), ..SignalFilter::default() };
    let page = test.reader().read(|view| store::signals::list(view, &listed, None, 50)).unwrap();
    assert_eq!(page.signals.len(), 5, "{damage}");
    assert_eq!(page.signals[0].received_at, at(1));
}
