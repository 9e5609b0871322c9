//! One signal: what is written is read back, decided once, and never altered.

use crate::support::{TestSignal, TestStore, account_id, at, decision, signal_id, webhook_id};
use domain::{DialectName, ReasonCode, SignalStatus, Symbol};
use store::dedupe::Sighting;
use store::signals::{Decision, NewSignal, SignalNo};
use store::webhooks::WebhookMode;
use store::{StoreError, View};

#[test]
fn every_field_is_read_back() {
    let test = TestStore::ready();
    let original = test.add(TestSignal::new("sig_original"));
    let revision = test
        .reader()
        .read(|view| store::webhooks::get(view, &webhook_id("wh_aaaaaaaaaaaa")))
        .unwrap()
        .unwrap()
        .revision;
    let (id, parent, symbol) =
        (signal_id("replayed-1"), signal_id("sig_parent"), Symbol::new("ES1!").unwrap());
    let (body, webhook) = (b"\xff\x00 not text".to_vec(), webhook_id("wh_aaaaaaaaaaaa"));
    let stored = (id.clone(), parent.clone(), symbol.clone(), body.clone(), original.clone());
    test.writer()
        .run(move |tx| {
            let (id, parent, symbol, body, original) = stored;
            let signal = NewSignal {
                id: &id,
                webhook_id: &webhook,
                revision: Some(revision),
                status: SignalStatus::Rejected,
                mode: WebhookMode::Pipeline,
                source: "script",
                source_ip: Some("::1"),
                received_at: at(5),
                dialect: Some(DialectName::StratOne),
                repairs: Some("[\"bom\"]"),
                action: Some("BUY"),
                symbol: Some(&symbol),
                reason_code: Some(ReasonCode::ALL[0]),
                reason: Some("because"),
                details: Some("{\"limit\":1}"),
                canonical: Some("{\"intent\":\"open\"}"),
                raw_body: &body,
                content_type: Some("text/plain"),
                headers: Some("{\"a\":\"b\"}"),
                timings: Some("{\"auth\":1}"),
                replay_of: Some(&original),
                parent: Some(&parent),
                leg: 2,
                alert_time: Some(at(4)),
                lag_ms: Some(1_000),
                test: true,
            };
            store::signals::insert(tx, &signal)
        })
        .unwrap();
    let detail = test.reader().read(|view| store::signals::get(view, &id)).unwrap().unwrap();
    let row = &detail.signal;
    assert_eq!((&row.id, &row.parent, &row.replay_of), (&id, &Some(parent.clone()), &Some(original.clone())));
    assert_eq!((row.webhook_name.as_str(), row.revision), ("Breakout", Some(revision)));
    assert_eq!(
        (row.status, row.mode, row.leg, row.test),
        (SignalStatus::Rejected, WebhookMode::Pipeline, 2, true)
    );
    assert_eq!((row.source.as_str(), row.source_ip.as_deref()), ("script", Some("::1")));
    assert_eq!((row.received_at, row.alert_time, row.lag_ms), (at(5), Some(at(4)), Some(1_000)));
    assert_eq!((row.dialect, row.symbol.as_ref()), (Some(DialectName::StratOne), Some(&symbol)));
    assert_eq!((row.action.as_deref(), row.reason_code), (Some("BUY"), Some(ReasonCode::ALL[0])));
    assert_eq!((row.reason.as_deref(), row.details.as_deref()), (Some("because"), Some("{\"limit\":1}")));
    assert_eq!((row.repairs.as_deref(), row.timings.as_deref()), (Some("[\"bom\"]"), Some("{\"auth\":1}")));
    assert_eq!((detail.raw_body, row.refused_count), (body, 0));
    assert_eq!(detail.content_type.as_deref(), Some("text/plain"));
    assert_eq!(detail.headers.as_deref(), Some("{\"a\":\"b\"}"));
    assert_eq!(detail.canonical.as_deref(), Some("{\"intent\":\"open\"}"));
    assert_eq!((detail.checks, detail.config.as_deref()), (None, Some("{}")));
    assert_eq!(
        test.reader().read(|view| store::signals::replays_of(view, &original)).unwrap(),
        std::slice::from_ref(&id)
    );
    assert_eq!(test.reader().read(|view| store::signals::siblings_of(view, &parent)).unwrap(), [id]);
}

#[test]
fn a_decision_is_final_and_the_queue_forgets_it() {
    let test = TestStore::ready();
    let (first, second) = (test.add(TestSignal::new("sig_1")), test.add(TestSignal::new("sig_2")));
    let waiting = |after: SignalNo| {
        let read = |view: &View| {
            let places = store::signals::waiting(view, after, 10)?;
            places.into_iter().map(|no| store::signals::received(view, no)).collect::<Result<Vec<_>, _>>()
        };
        let rows = test.reader().read(read).unwrap();
        rows.into_iter().flatten().map(|r| (r.signal.no, r.signal.id)).collect::<Vec<_>>()
    };
    let queue = waiting(SignalNo::ZERO);
    assert_eq!(queue.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>(), [first.clone(), second.clone()]);
    assert_eq!(waiting(queue[0].0).len(), 1);
    let id = first.clone();
    let executed = Decision {
        reason_code: Some(ReasonCode::ALL[1]),
        checks: Some("[]".to_owned()),
        timings: Some("{}".to_owned()),
        ..decision(SignalStatus::Executed)
    };
    test.writer().run(move |tx| store::signals::decide(tx, &id, &executed)).unwrap();
    assert_eq!(waiting(SignalNo::ZERO), queue[1..]);
    assert_eq!(test.reader().read(|view| store::signals::received(view, queue[0].0)).unwrap(), None);
    let detail = test.reader().read(|view| store::signals::get(view, &first)).unwrap().unwrap();
    assert_eq!(
        (detail.signal.status, detail.signal.reason_code),
        (SignalStatus::Executed, Some(ReasonCode::ALL[1]))
    );
    assert_eq!(detail.checks.as_deref(), Some("[]"));
    for status in SignalStatus::ALL {
        let id = first.clone();
        let again = test.writer().run(move |tx| store::signals::decide(tx, &id, &decision(status)));
        assert_eq!(again, Err(StoreError::Decided { id: first.clone() }));
        let (no, id) = queue[0].clone();
        let again = test.writer().run(move |tx| {
            store::signals::decide_known(tx, no, &webhook_id("wh_aaaaaaaaaaaa"), &id, &decision(status))
        });
        assert_eq!(again, Err(StoreError::Decided { id: first.clone() }));
    }
    let nobody = test
        .writer()
        .run(|tx| store::signals::decide(tx, &signal_id("sig_none"), &decision(SignalStatus::Failed)));
    assert_eq!(nobody, Err(StoreError::Missing { what: "signal" }));
    let (no, id) = queue[1].clone();
    let known = test.writer().run(move |tx| {
        store::signals::decide_known(
            tx,
            no,
            &webhook_id("wh_aaaaaaaaaaaa"),
            &id,
            &decision(SignalStatus::Failed),
        )
    });
    assert_eq!((known, waiting(SignalNo::ZERO)), (Ok(()), Vec::new()));
    let detail = test.reader().read(|view| store::signals::get(view, &second)).unwrap().unwrap();
    assert_eq!(detail.signal.status, SignalStatus::Failed);
}

#[test]
fn sql_from_anywhere_cannot_undo_a_decision_or_alter_evidence() {
    let test = TestStore::ready();
    let mut signal = TestSignal::new("sig_1");
    signal.status = SignalStatus::Rejected;
    test.add(signal);
    for sql in [
        "UPDATE signal_decisions SET status = 'executed'",
        "INSERT INTO signal_decisions (signal, webhook, status) VALUES (1, 1, 'executed')",
        "INSERT INTO signal_decisions (signal, webhook, status) VALUES (2, 1, 'executed')",
        "UPDATE signals SET raw_body = x'00'",
        "UPDATE signals SET received_at = 0",
        "UPDATE signals SET uid = 'sig_other'",
        "UPDATE signals SET webhook = 2",
        "UPDATE signals SET canonical = NULL",
        "UPDATE signal_decisions SET reason = 'another'",
    ] {
        assert!(test.raw().execute(sql, []).is_err(), "{sql}");
    }
    // What is lost or received is not decided.
    test.add(TestSignal::new("sig_2"));
    for status in ["lost", "received"] {
        let sql = "INSERT INTO signal_decisions (signal, webhook, status) VALUES (2, 1, ?1)";
        assert!(test.raw().execute(sql, [status]).is_err(), "{status}");
    }
    // A decided signal that is put back into the queue waits no more than before.
    test.raw().execute("INSERT INTO signal_queue (signal) VALUES (1)", []).unwrap();
    let waiting = test.reader().read(|view| store::signals::waiting(view, SignalNo::ZERO, 10)).unwrap();
    assert_eq!(waiting.iter().map(|no| no.get()).collect::<Vec<_>>(), [2]);
}

#[test]
fn an_id_or_a_webhook_that_does_not_fit_is_a_conflict() {
    let test = TestStore::ready();
    test.add(TestSignal::new("sig_1"));
    let insert = |signal: TestSignal| test.writer().run(move |tx| store::signals::insert(tx, &signal.row()));
    assert!(matches!(insert(TestSignal::new("sig_1")), Err(StoreError::Conflict { .. })));
    let stranger = TestSignal { webhook: webhook_id("wh_zzzzzzzzzzzz"), ..TestSignal::new("sig_2") };
    assert!(matches!(insert(stranger), Err(StoreError::Conflict { .. })));
}

#[test]
fn refused_requests_are_counted_on_the_row_of_their_like() {
    let test = TestStore::ready();
    let code = ReasonCode::ALL[0];
    let mut signal = TestSignal::new("sig_1");
    signal.status = SignalStatus::Rejected;
    let id = signal.id.clone();
    test.writer()
        .run(move |tx| store::signals::insert(tx, &NewSignal { reason_code: Some(code), ..signal.row() }))
        .unwrap();
    let webhook = webhook_id("wh_aaaaaaaaaaaa");
    let like = |code, since| {
        test.reader().read(|view| store::signals::refused_since(view, &webhook, code, at(since))).unwrap()
    };
    assert_eq!(like(code, 1), Some(id.clone()));
    assert_eq!(like(code, 2), None);
    assert_eq!(like(ReasonCode::ALL[1], 0), None);
    let counted = id.clone();
    test.writer().run(move |tx| store::signals::count_refused(tx, &counted, 3)).unwrap();
    let row = test.reader().read(|view| store::signals::get(view, &id)).unwrap().unwrap().signal;
    assert_eq!(row.refused_count, 3);
}

#[test]
fn first_sights_are_kept_per_webhook_until_they_expire() {
    let test = TestStore::ready();
    test.writer()
        .run(|tx| store::webhooks::insert(tx, &crate::support::webhook("wh_bbbbbbbbbbbb"), "{}"))
        .unwrap();
    let sighting = |seconds, expires: Option<i64>| Sighting {
        first_at: at(seconds),
        signal_id: signal_id("sig_1"),
        expires_at: expires.map(at),
    };
    let put = |webhook: &str, key: &'static [u8], sighting: Sighting| {
        let webhook = webhook_id(webhook);
        test.writer().run(move |tx| store::dedupe::put(tx, &webhook, key, &sighting)).unwrap();
    };
    let get = |webhook: &str, key: &[u8]| {
        let (webhook, key) = (webhook_id(webhook), key.to_vec());
        test.writer().run(move |tx| store::dedupe::get(tx, &webhook, &key)).unwrap()
    };
    put("wh_aaaaaaaaaaaa", b"k", sighting(1, Some(2)));
    put("wh_aaaaaaaaaaaa", b"for ever", sighting(1, None));
    assert_eq!(get("wh_aaaaaaaaaaaa", b"k"), Some(sighting(1, Some(2))));
    assert_eq!(get("wh_bbbbbbbbbbbb", b"k"), None);
    put("wh_aaaaaaaaaaaa", b"k", sighting(5, Some(6)));
    assert_eq!(get("wh_aaaaaaaaaaaa", b"k"), Some(sighting(5, Some(6))));
    let forget = |now| test.writer().run(move |tx| store::dedupe::forget_expired(tx, at(now))).unwrap();
    assert_eq!((forget(6), forget(7), forget(1_000_000)), (0, 1, 0));
    assert_eq!(get("wh_aaaaaaaaaaaa", b"k"), None);
    assert!(get("wh_aaaaaaaaaaaa", b"for ever").is_some());
    let first = |webhook: &'static str, seconds, signal: &'static str| {
        test.writer().run(move |tx| {
            store::dedupe::put_first(tx, &webhook_id(webhook), b"id", at(seconds), &signal_id(signal))
        })
    };
    assert_eq!(first("wh_aaaaaaaaaaaa", 1, "sig_1"), Ok(None));
    assert_eq!(first("wh_aaaaaaaaaaaa", 2, "sig_2"), Ok(Some(sighting(1, None))));
    assert_eq!(first("wh_bbbbbbbbbbbb", 2, "sig_2").map(|seen| seen.is_none()), Ok(true));
    assert!(matches!(first("wh_zzzzzzzzzzzz", 2, "sig_2"), Err(StoreError::Conflict { .. })));
}

#[test]
fn rejected_alerts_of_a_symbol_are_found_by_their_account() {
    let test = TestStore::ready();
    for (number, status, symbol) in [
        (1, SignalStatus::Rejected, "BTCUSDT"),
        (2, SignalStatus::Executed, "BTCUSDT"),
        (3, SignalStatus::Received, "BTCUSDT"),
        (4, SignalStatus::Rejected, "ES1!"),
        (5, SignalStatus::Rejected, "BTCUSDT"),
    ] {
        let symbol = Symbol::new(symbol).ok();
        test.add(TestSignal { status, symbol, ..TestSignal::new(&format!("sig_{number}")) });
    }
    let check = |account: &str, symbol: &str, limit: u32, expected: usize| {
        let (account, symbol) = (account_id(account), Symbol::new(symbol).unwrap());
        let read = |view: &View| store::signals::refused_of_symbol(view, &account, &symbol, limit);
        let found = test.reader().read(read).unwrap();
        assert_eq!(found.len(), expected, "{account} {symbol} {limit}");
        assert!(found.iter().all(|one| one.received_at == at(1) && one.canonical.as_deref() == Some("{}")));
    };
    check("acc_main", "BTCUSDT", 10, 2);
    check("acc_main", "ES1!", 10, 1);
    check("acc_main", "AAPL", 10, 0);
    check("acc_other", "BTCUSDT", 10, 0);
    // Of the newest three of the symbol one was rejected.
    check("acc_main", "BTCUSDT", 3, 1);
}
