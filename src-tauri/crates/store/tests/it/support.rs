//! A store in a directory of its own, and rows to put into it.

use domain::{
    AccountId, Money, OrderId, OrderSide, OrderType, Price, Quantity, SellMode, SignalId, SignalStatus,
    Symbol, TimeInForce, Timestamp, Trail, TrailUnit, WebhookId, parse_decimal,
};
use std::path::PathBuf;
use store::accounts::AccountRow;
use store::orders::{OrderNo, OrderRow, OrderStatus};
use store::signals::{Decision, NewSignal};
use store::webhooks::{Webhook, WebhookMode};
use store::{Options, Store};
use tempfile::TempDir;

pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

impl std::ops::Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl TestStore {
    /// An empty store.
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("data/pitwire.db"), options).unwrap();
        Self { store, folder }
    }

    /// A store with the account `acc_main` and the webhook `wh_aaaaaaaaaaaa`.
    pub(crate) fn ready() -> Self {
        let test = Self::new();
        test.store
            .writer()
            .run(|tx| {
                store::accounts::insert(tx, &account("acc_main"))?;
                store::webhooks::insert(tx, &webhook("wh_aaaaaaaaaaaa"), "{}")
            })
            .unwrap();
        test
    }

    pub(crate) fn add(&self, signal: TestSignal) -> SignalId {
        let id = signal.id.clone();
        self.store.writer().run(move |tx| store::signals::insert(tx, &signal.row())).unwrap();
        id
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    /// A connection of somebody else to the same file.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.store.path()).unwrap()
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.raw().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// What of a signal the tests vary.
#[derive(Debug, Clone)]
pub(crate) struct TestSignal {
    pub(crate) id: SignalId,
    pub(crate) webhook: WebhookId,
    pub(crate) status: SignalStatus,
    pub(crate) symbol: Option<Symbol>,
    pub(crate) body: Vec<u8>,
    pub(crate) replay_of: Option<SignalId>,
}

impl TestSignal {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: signal_id(id),
            webhook: webhook_id("wh_aaaaaaaaaaaa"),
            status: SignalStatus::Received,
            symbol: Symbol::new("BTCUSDT").ok(),
            body: br#"{"action":"buy","symbol":"BTCUSDT"}"#.to_vec(),
            replay_of: None,
        }
    }

    pub(crate) fn row(&self) -> NewSignal<'_> {
        NewSignal {
            id: &self.id,
            webhook_id: &self.webhook,
            revision: None,
            status: self.status,
            mode: WebhookMode::Direct,
            source: "tradingview",
            source_ip: Some("52.89.214.238"),
            received_at: at(1),
            dialect: None,
            repairs: None,
            action: Some("buy"),
            symbol: self.symbol.as_ref(),
            reason_code: None,
            reason: None,
            details: None,
            canonical: Some("{}"),
            raw_body: &self.body,
            content_type: Some("application/json"),
            headers: None,
            timings: None,
            replay_of: self.replay_of.as_ref(),
            parent: None,
            leg: 0,
            alert_time: None,
            lag_ms: None,
            test: false,
        }
    }
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_770_000_000 + seconds)
}

pub(crate) fn signal_id(text: &str) -> SignalId {
    SignalId::parse(text).unwrap()
}

pub(crate) fn webhook_id(text: &str) -> WebhookId {
    WebhookId::parse(text).unwrap()
}

pub(crate) fn account_id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

pub(crate) fn money(text: &str) -> Money {
    Money::new(parse_decimal(text).unwrap())
}

pub(crate) fn decision(status: SignalStatus) -> Decision {
    Decision { status, reason_code: None, reason: None, details: None, checks: None, timings: None }
}

pub(crate) fn webhook(id: &str) -> Webhook {
    Webhook {
        id: webhook_id(id),
        name: "Breakout".to_owned(),
        description: String::new(),
        mode: WebhookMode::Direct,
        strategy_id: None,
        account_id: account_id("acc_main"),
        dialect: None,
        sizing: None,
        sell_mode: SellMode::Directional,
        symbol: None,
        default_side: None,
        settings: "{}".to_owned(),
        digest: [7; 32],
        token_preview: "pw_…abcd".to_owned(),
        token_expires_at: None,
        signing_generation: 1,
        paused: false,
        reduce_only: false,
        allow_list: String::new(),
        rate: "30/min,10/s".to_owned(),
        dedupe_ms: 1_000,
        hold_ms: None,
        max_lag_s: None,
        delay_s: None,
        remind_after_s: None,
        position: 0,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(crate) fn account(id: &str) -> AccountRow {
    AccountRow {
        id: account_id(id),
        name: "Paper".to_owned(),
        currency: "USD".to_owned(),
        venue: "alert".to_owned(),
        opening: money("100000"),
        config: "{}".to_owned(),
        state: "{}".to_owned(),
        cash: money("100000"),
        realized: money("0"),
        fees: money("0"),
        created_at: at(0),
        opened_at: at(0),
        archived_at: None,
    }
}

pub(crate) fn order(id: &str, signal: Option<SignalId>) -> OrderRow {
    OrderRow {
        no: OrderNo::new(0),
        id: OrderId::parse(id).unwrap(),
        number: 1,
        client_order_id: format!("{id}-0"),
        signal_id: signal,
        webhook_id: Some(webhook_id("wh_aaaaaaaaaaaa")),
        account_id: account_id("acc_main"),
        symbol: Symbol::new("BTCUSDT").unwrap(),
        side: OrderSide::Buy,
        order_type: OrderType::Market,
        time_in_force: TimeInForce::ALL[0],
        quantity: Quantity::parse("0.50").unwrap(),
        filled: Quantity::ZERO,
        limit: Some(Price::parse("67000.5").unwrap()),
        stop: None,
        trail: Some(Trail { value: parse_decimal("1.50").unwrap(), unit: TrailUnit::Percent }),
        activation: Some(Price::parse("67500").unwrap()),
        watermark: None,
        expires_at: Some(at(7)),
        price_expected: Price::parse("67000.5").unwrap(),
        waits_for_alert: true,
        status: OrderStatus::Working,
        reason_code: None,
        reduce_only: false,
        parent_id: None,
        created_at: at(1),
        working_since: at(1),
        updated_at: at(1),
    }
}
