//! Webhooks, settings and commands; every change of what requests are judged by begins a new generation.

use crate::support::{TestSignal, TestStore, at, webhook, webhook_id};
use domain::{DialectName, Side, Sizing, Symbol};
use store::commands::CommandStatus;
use store::webhooks::{Webhook, WebhookMode};
use store::{StoreError, Tx};

#[test]
fn every_field_is_read_back_in_the_users_order() {
    let test = TestStore::ready();
    let second = Webhook {
        name: "Reversal".to_owned(),
        description: "of *fortune*".to_owned(),
        mode: WebhookMode::Pipeline,
        strategy_id: Some("str_1".to_owned()),
        dialect: Some(DialectName::Atomik),
        sizing: Some(Sizing::parse("risk-pct:0.5").unwrap()),
        symbol: Symbol::new("AAPL").ok(),
        default_side: Some(Side::Short),
        settings: "{\"unit.qty\":\"base\"}".to_owned(),
        digest: [9; 32],
        token_expires_at: Some(at(100)),
        paused: true,
        reduce_only: true,
        allow_list: "127.0.0.1".to_owned(),
        max_lag_s: Some(60),
        delay_s: Some(5),
        position: -1,
        ..webhook("wh_bbbbbbbbbbbb")
    };
    let written = second.clone();
    test.writer().run(move |tx| store::webhooks::insert(tx, &written, "{\"v\":1}")).unwrap();
    let rows = test.reader().read(store::webhooks::list).unwrap();
    assert_eq!(rows[0].webhook, second);
    assert_eq!(rows[1].webhook, webhook("wh_aaaaaaaaaaaa"));
    assert_eq!(test.reader().read(store::webhooks::count).unwrap(), 2);
    let again = test.writer().run(|tx| store::webhooks::insert(tx, &webhook("wh_aaaaaaaaaaaa"), "{}"));
    assert!(matches!(again, Err(StoreError::Conflict { .. })));
}

#[test]
fn old_signals_keep_the_configuration_of_their_day() {
    let test = TestStore::ready();
    let id = webhook_id("wh_aaaaaaaaaaaa");
    let row = || test.reader().read(|view| store::webhooks::get(view, &id)).unwrap().unwrap();
    assert_eq!(row().last_signal_at, None);
    let revision = row().revision;
    let signal = TestSignal::new("sig_1");
    test.writer()
        .run(move |tx| {
            let old = store::signals::NewSignal { revision: Some(revision), ..signal.row() };
            store::signals::insert(tx, &old)
        })
        .unwrap();
    let edited = Webhook { dedupe_ms: 5, updated_at: at(3), ..row().webhook };
    test.writer().run(move |tx| store::webhooks::update(tx, &edited, "{\"dedupe_ms\":5}")).unwrap();
    assert_eq!((row().webhook.dedupe_ms, row().last_signal_at), (5, Some(at(1))));
    assert_ne!(row().revision, revision);
    let signal = crate::support::signal_id("sig_1");
    let detail = test.reader().read(|view| store::signals::get(view, &signal)).unwrap().unwrap();
    assert_eq!(detail.config.as_deref(), Some("{}"));
    let now = test.reader().read(|view| store::webhooks::config_of(view, row().revision)).unwrap();
    assert_eq!(now.as_deref(), Some("{\"dedupe_ms\":5}"));
}

#[test]
fn what_requests_are_judged_by_has_a_generation() {
    type Change = fn(&Tx) -> Result<(), StoreError>;
    let changes: [(&str, Change, i64); 9] = [
        ("add", |tx| store::webhooks::insert(tx, &webhook("wh_bbbbbbbbbbbb"), "{}").map(|_| ()), 1),
        ("edit", |tx| store::webhooks::update(tx, &webhook("wh_bbbbbbbbbbbb"), "{}").map(|_| ()), 1),
        ("pause", |tx| store::webhooks::set_paused(tx, &webhook_id("wh_bbbbbbbbbbbb"), true, at(1)), 1),
        ("delete", |tx| store::webhooks::mark_deleted(tx, &webhook_id("wh_bbbbbbbbbbbb"), at(1)), 1),
        ("limit", |tx| store::settings::set(tx, "limits.max_webhooks", "7"), 1),
        ("default", |tx| store::settings::unset(tx, "limits.max_webhooks"), 1),
        ("kill", |tx| store::settings::set_kill_switch(tx, true), 1),
        ("signal", |tx| store::signals::insert(tx, &TestSignal::new("sig_1").row()).map(|_| ()), 0),
        ("undone", |tx| store::webhooks::set_paused(tx, &webhook_id("wh_zzzzzzzzzzzz"), true, at(1)), 0),
    ];
    let test = TestStore::ready();
    let generation = || test.reader().read(store::settings::config_generation).unwrap();
    for (name, change, expected) in changes {
        let before = generation();
        let result = test.writer().run(change);
        assert_eq!(generation() - before, expected, "{name}: {result:?}");
    }
    assert!(test.reader().read(store::settings::kill_switch).unwrap());
    test.writer().run(|tx| store::settings::set_kill_switch(tx, false)).unwrap();
    assert!(!test.reader().read(store::settings::kill_switch).unwrap());
}

#[test]
fn commands_are_done_in_order_and_once() {
    let test = TestStore::new();
    let ask = |kind: &'static str| {
        test.writer().run(move |tx| store::commands::enqueue(tx, kind, "{}", at(1))).unwrap()
    };
    let (first, second) = (ask("flatten"), ask("reset"));
    let queued = || {
        let rows = test.reader().read(|view| store::commands::queued(view, 10)).unwrap();
        rows.into_iter().map(|c| c.kind).collect::<Vec<_>>()
    };
    assert_eq!(queued(), ["flatten", "reset"]);
    let finish = |id, result: Result<&'static str, &'static str>| {
        test.writer().run(move |tx| store::commands::finish(tx, id, result, at(2)))
    };
    finish(first, Ok("{\"closed\":2}")).unwrap();
    assert_eq!(finish(first, Err("{}")), Err(StoreError::Missing { what: "waiting command" }));
    assert_eq!(queued(), ["reset"]);
    finish(second, Err("{\"code\":\"X\"}")).unwrap();
    let of = |id| test.reader().read(|view| store::commands::get(view, id)).unwrap();
    assert_eq!(of(first).map(|c| (c.status, c.finished_at)), Some((CommandStatus::Done, Some(at(2)))));
    assert_eq!(of(second).and_then(|c| c.result).as_deref(), Some("{\"code\":\"X\"}"));
    let forget =
        |before| test.writer().run(move |tx| store::commands::forget_finished(tx, at(before))).unwrap();
    assert_eq!((forget(2), forget(3)), (0, 2));
}
