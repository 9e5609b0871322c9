//! Taking away in chunks, and what must stay.

use crate::support::{TestSignal, TestStore, at, order, webhook_id};
use domain::SignalStatus;
use store::StoreError;
use store::webhooks::Removal;

fn add_many(test: &TestStore, count: usize, status: SignalStatus) {
    test.writer()
        .run(move |tx| {
            for n in 0..count {
                let signal = TestSignal { status, ..TestSignal::new(&format!("sig_{}{n}", status.as_str())) };
                store::signals::insert(tx, &signal.row())?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn retention_takes_the_oldest_decided_ones_a_chunk_at_a_time() {
    let test = TestStore::ready();
    add_many(&test, 10, SignalStatus::Received);
    add_many(&test, 2_500, SignalStatus::Rejected);
    let retain = |max| test.writer().run(move |tx| store::signals::retain(tx, max)).unwrap();
    // 2,510 less 300 are 2,210: two whole chunks and a rest.
    assert_eq!([retain(300), retain(300), retain(300), retain(300)], [1_000, 1_000, 210, 0]);
    let counts = test.reader().read(store::counts::all).unwrap();
    assert_eq!((counts.received, counts.rejected), (10, 290));
    assert_eq!(retain(0), 290);
    assert_eq!(retain(0), 0);
    assert_eq!(test.number("SELECT count(*) FROM signals"), 10);
}

#[test]
fn the_number_of_a_signal_never_comes_back() {
    let test = TestStore::ready();
    let newest = || test.number("SELECT max(id) FROM signals");
    add_many(&test, 3, SignalStatus::Rejected);
    assert_eq!(newest(), 3);
    let retain = |max| test.writer().run(move |tx| store::signals::retain(tx, max)).unwrap();
    assert_eq!(retain(0), 3);
    // A job that fails gives its numbers back; they were seen by nobody.
    let failing = test.writer().run(|tx| {
        store::signals::insert(tx, &TestSignal::new("sig_undone").row())?;
        Err::<(), _>(StoreError::Missing { what: "signal" })
    });
    assert!(failing.is_err());
    test.add(TestSignal::new("sig_next"));
    assert_eq!(newest(), 4);
    // Another process may have written meanwhile.
    let raw = "INSERT INTO signals (id, uid, webhook, mode, source, received_at, leg, test, refused_count, raw_body)
         VALUES (9, 'sig_other', 1, 'direct', 's', 0, 0, 0, 0, x'')";
    test.raw().execute(raw, []).unwrap();
    test.add(TestSignal::new("sig_after"));
    assert_eq!(newest(), 10);
}

#[test]
fn deleting_a_webhook_takes_its_signals_and_leaves_its_orders() {
    let test = TestStore::ready();
    add_many(&test, 1_500, SignalStatus::Rejected);
    let signal = test.add(TestSignal::new("sig_traded"));
    let (webhook, placed) = (webhook_id("wh_aaaaaaaaaaaa"), order("ord_1", Some(signal.clone())));
    test.writer()
        .run({
            let (webhook, signal) = (webhook.clone(), signal.clone());
            move |tx| {
                let sighting =
                    store::dedupe::Sighting { first_at: at(1), signal_id: signal, expires_at: None };
                store::dedupe::put(tx, &webhook, b"k", &sighting)?;
                store::orders::put(tx, &placed)
            }
        })
        .unwrap();
    let remove = || {
        let webhook = webhook.clone();
        test.writer().run(move |tx| store::webhooks::remove_chunk(tx, &webhook)).unwrap()
    };
    // Nothing goes before the deletion was asked for.
    assert_eq!(remove(), Removal::Done);
    assert_eq!(test.number("SELECT count(*) FROM signals"), 1_501);
    let mark = || {
        let webhook = webhook.clone();
        test.writer().run(move |tx| store::webhooks::mark_deleted(tx, &webhook, at(2)))
    };
    mark().unwrap();
    assert_eq!(mark(), Err(StoreError::Missing { what: "webhook" }));
    assert_eq!(test.reader().read(store::webhooks::list).unwrap(), []);
    assert_eq!(test.reader().read(store::webhooks::deleted).unwrap(), std::slice::from_ref(&webhook));
    // 1,501 signals are two chunks, the duplicate marks one, then the webhook itself.
    assert_eq!([remove(), remove(), remove()], [Removal::More; 3]);
    assert_eq!(remove(), Removal::Done);
    for table in ["signals", "dedupe", "webhooks", "webhook_revisions", "counts"] {
        assert_eq!(test.number(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(test.reader().read(store::webhooks::deleted).unwrap(), []);
    let orders = test.reader().read(|view| store::orders::of_signal(view, &signal)).unwrap();
    assert_eq!(orders[0].signal_id.as_ref(), Some(&signal));
}

#[test]
fn the_number_of_a_deleted_signal_never_comes_back() {
    let test = TestStore::ready();
    add_many(&test, 1, SignalStatus::Rejected);
    test.writer().run(|tx| store::signals::retain(tx, 0)).unwrap();
    test.add(TestSignal::new("sig_next"));
    assert_eq!(test.number("SELECT id FROM signals"), 2);
}
