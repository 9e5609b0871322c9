//! What the driver is given, whether it is kept or has to be read back.

use super::*;
use crate::wire::stored_signal;
use domain::{AccountId, Intent, ReasonCode, SellMode, Side, SignalStatus, Symbol};
use store::signals::{Decision, NewSignal};
use store::webhooks::{Webhook, WebhookMode};
use store::{Options, Store};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_770_000_000 + seconds)
}

fn webhook() -> Webhook {
    Webhook {
        id: WebhookId::parse("wh_aaaaaaaaaaaa").unwrap(),
        name: "Breakout".to_owned(),
        description: String::new(),
        mode: WebhookMode::Direct,
        strategy_id: None,
        account_id: AccountId::parse("acc_main").unwrap(),
        dialect: None,
        sizing: None,
        sell_mode: SellMode::Directional,
        symbol: None,
        default_side: None,
        settings: "{}".to_owned(),
        digest: [0; 32],
        token_preview: String::new(),
        token_expires_at: None,
        signing_generation: 1,
        paused: false,
        reduce_only: false,
        allow_list: String::new(),
        rate: "off".to_owned(),
        dedupe_ms: 0,
        hold_ms: 0,
        max_lag_s: None,
        delay_s: None,
        position: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

fn said(number: u32) -> Signal {
    let symbol = Symbol::new(&format!("S{number}USDT")).unwrap();
    Signal::new(Intent::Open, Some(Side::Long), "buy", symbol)
}

/// Writes signals as the intake does, and says what the driver has to know of them.
fn accept_all(store: &Store, count: u32) -> Vec<Waiting> {
    let accept = move |tx: &store::Tx| (0..count).map(|number| accept(tx, number)).collect();
    store.writer().run(accept).unwrap()
}

fn accept(tx: &store::Tx, number: u32) -> Result<Waiting, StoreError> {
    let signal = said(number);
    let id = SignalId::parse(&format!("sig_{number}")).unwrap();
    let timings = wire::Timings { auth: Some(7), parse: Some(8), ..wire::Timings::default() };
    let new = NewSignal {
        id: &id,
        webhook_id: &webhook().id,
        revision: None,
        status: SignalStatus::Received,
        mode: WebhookMode::Direct,
        source: "tradingview",
        source_ip: None,
        received_at: at(number.into()),
        dialect: Some(DialectName::Vantixs),
        repairs: None,
        action: Some(&signal.action),
        symbol: Some(&signal.symbol),
        reason_code: None,
        reason: None,
        details: None,
        canonical: Some(&stored_signal(&signal)),
        raw_body: b"{}",
        content_type: None,
        headers: None,
        timings: Some(&crate::intake::json(&timings)),
        replay_of: None,
        parent: None,
        leg: 0,
        alert_time: None,
        lag_ms: None,
        test: false,
    };
    Ok(Waiting {
        no: store::signals::insert(tx, &new)?,
        id,
        webhook: webhook().id,
        dialect: Some(DialectName::Vantixs),
        received_at: at(number.into()),
        committed_at: Some(at(number.into())),
        replay: false,
        timings,
        signal: Ok(signal),
    })
}

fn reject(store: &Store, signal: &Waiting) {
    let id = signal.id.clone();
    let decision = Decision {
        status: SignalStatus::Rejected,
        reason_code: Some(ReasonCode::NoPosition),
        reason: None,
        details: None,
        checks: None,
        timings: None,
    };
    store.writer().run(move |tx| store::signals::decide(tx, &id, &decision)).unwrap();
}

fn opened() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("pitwire.db"), Options::default()).unwrap();
    store.writer().run(|tx| store::webhooks::insert(tx, &webhook(), "{}").map(|_| ())).unwrap();
    (folder, store)
}

#[test]
fn the_table_is_the_queue_and_what_is_kept_need_not_be_read_back() {
    let (_folder, store) = opened();
    let kept = Kept::default();
    let signals = accept_all(&store, 6);
    // Three of six are kept, not in the order of their places, and one of them was decided by somebody else.
    kept.put([&signals[4], &signals[0], &signals[1]].into_iter().cloned());
    reject(&store, &signals[0]);
    let found = kept.next(store.reader(), 4).unwrap();
    let seen = |s: &Waiting| (s.no, s.id.clone(), s.webhook.clone(), s.dialect, s.received_at, s.replay);
    assert_eq!(
        found.iter().map(seen).collect::<Vec<_>>(),
        signals[1..5].iter().map(seen).collect::<Vec<_>>()
    );
    for (found, put) in found.iter().zip(&signals[1..5]) {
        assert_eq!((&found.signal, &found.timings), (&put.signal, &put.timings), "{}", put.id);
    }
    // Only of what was kept is known when it was on the disk.
    let committed: Vec<bool> = found.iter().map(|s| s.committed_at.is_some()).collect();
    assert_eq!(committed, [true, false, false, true]);
    // Nothing was decided, so the same wait, and are read from their rows: kept they were once.
    let again = kept.next(store.reader(), 4).unwrap();
    assert_eq!(again.iter().map(seen).collect::<Vec<_>>(), found.iter().map(seen).collect::<Vec<_>>());
    assert!(again.iter().all(|s| s.committed_at.is_none()));
    assert!(kept.kept().is_empty(), "what was decided elsewhere is not kept for ever");
}

#[test]
fn a_row_that_cannot_be_read_back_says_why() {
    for (text, expected) in [
        (None, "no canonical signal"),
        (Some("{"), "EOF while parsing an object at line 1 column 1"),
        (Some(r#"{"intent":"fly"}"#), "missing field `action` at line 1 column 16"),
    ] {
        assert_eq!(read_canonical(text), Err(expected.to_owned()));
    }
}

#[test]
fn no_more_are_kept_than_there_is_room_for() {
    let (_folder, store) = opened();
    let kept = Kept::default();
    let more = u32::try_from(KEPT_MAX).unwrap() + 3;
    kept.put(accept_all(&store, more).into_iter());
    assert_eq!(kept.kept().len(), KEPT_MAX);
    let found = kept.next(store.reader(), more).unwrap();
    let unkept = found.iter().filter(|s| s.committed_at.is_none()).count();
    assert_eq!((found.len(), unkept), (KEPT_MAX + 3, 3));
}
