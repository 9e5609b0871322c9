//! The row of a webhook, read and written by column name.

use super::revision::RevisionId;
use crate::column::{Stored, plain, text, text_opt, time, time_opt};
use crate::error::StoreError;
use crate::view::Tx;
use domain::{AccountId, DialectName, SellMode, Side, Sizing, Symbol, Timestamp, WebhookId};
use rusqlite::{Row, ToSql, named_params};

/// Where the signals of a webhook go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WebhookMode {
    /// Straight to risk and the broker.
    Direct,
    /// Through the conditions of a strategy first.
    Pipeline,
}

impl WebhookMode {
    /// The word used in JSON, the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Pipeline => "pipeline",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Direct, Self::Pipeline].into_iter().find(|m| m.as_str() == text)
    }
}

impl Stored for WebhookMode {
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// A webhook as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// The name given by the user.
    pub name: String,
    /// The user's own words about it.
    pub description: String,
    /// Where its signals go.
    pub mode: WebhookMode,
    /// The strategy of a pipeline.
    pub strategy_id: Option<String>,
    /// The account it trades on.
    pub account_id: AccountId,
    /// The only format it takes; nothing: any that is recognised.
    pub dialect: Option<DialectName>,
    /// The size of an entry whose message names none.
    pub sizing: Option<Sizing>,
    /// What a plain sell means.
    pub sell_mode: SellMode,
    /// The symbol of messages that name none.
    pub symbol: Option<Symbol>,
    /// The side of messages that name none.
    pub default_side: Option<Side>,
    /// Everything else that is set (units, …), JSON.
    pub settings: String,
    /// HMAC-SHA256 of the token under the app key.
    pub digest: [u8; 32],
    /// What may be shown of the token.
    pub token_preview: String,
    /// When the token stops to be taken.
    pub token_expires_at: Option<Timestamp>,
    /// The generation of the derived signing secret.
    pub signing_generation: u32,
    /// Whether signals are refused for now.
    pub paused: bool,
    /// Whether only exits are taken.
    pub reduce_only: bool,
    /// Addresses that may send, as the user wrote them; empty: all.
    pub allow_list: String,
    /// The rate limit as the user wrote it.
    pub rate: String,
    /// The window in which a like message is a duplicate, in milliseconds.
    pub dedupe_ms: u32,
    /// How long signals wait for the other half of a pair, in milliseconds; nothing: as the signal gives reason to.
    pub hold_ms: Option<u32>,
    /// The greatest age, in seconds, at which a signal is still executed.
    pub max_lag_s: Option<u32>,
    /// How many seconds a signal waits before it is executed.
    pub delay_s: Option<u32>,
    /// After how many seconds without a signal the user wants to be told.
    pub remind_after_s: Option<u32>,
    /// The place in the user's order.
    pub position: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A webhook as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// What was written.
    pub webhook: Webhook,
    /// The revision that its signals refer to.
    pub revision: RevisionId,
    /// When its newest signal came.
    pub last_signal_at: Option<Timestamp>,
}

pub(super) fn read(row: &Row<'_>) -> Result<WebhookRow, StoreError> {
    let webhook = Webhook {
        id: text(row, "id")?,
        name: plain(row, "name")?,
        description: plain(row, "description")?,
        mode: text(row, "mode")?,
        strategy_id: plain(row, "strategy_id")?,
        account_id: text(row, "account_id")?,
        dialect: text_opt(row, "dialect")?,
        sizing: text_opt(row, "sizing")?,
        sell_mode: text(row, "sell_mode")?,
        symbol: text_opt(row, "symbol")?,
        default_side: text_opt(row, "default_side")?,
        settings: plain(row, "settings")?,
        digest: plain(row, "digest")?,
        token_preview: plain(row, "token_preview")?,
        token_expires_at: time_opt(row, "token_expires_at")?,
        signing_generation: plain(row, "signing_generation")?,
        paused: plain(row, "paused")?,
        reduce_only: plain(row, "reduce_only")?,
        allow_list: plain(row, "allow_list")?,
        rate: plain(row, "rate")?,
        dedupe_ms: plain(row, "dedupe_ms")?,
        hold_ms: plain(row, "hold_ms")?,
        max_lag_s: plain(row, "max_lag_s")?,
        delay_s: plain(row, "delay_s")?,
        remind_after_s: plain(row, "remind_after_s")?,
        position: plain(row, "position")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    };
    Ok(WebhookRow {
        webhook,
        revision: RevisionId::new(plain(row, "revision")?),
        last_signal_at: time_opt(row, "last_signal_at")?,
    })
}

/// The row without its revision, which is written next and refers to it.
pub(super) fn insert(tx: &Tx, webhook: &Webhook) -> Result<(), StoreError> {
    let mut statement = tx.prepared(
        "INSERT INTO webhooks
           (id, name, description, mode, strategy_id, account_id, dialect, sizing, sell_mode, symbol, default_side,
            settings, digest, token_preview, token_expires_at, signing_generation, paused, reduce_only,
            allow_list, rate, dedupe_ms, hold_ms, max_lag_s, delay_s, remind_after_s, position, revision, created_at, updated_at)
         VALUES
           (:id, :name, :description, :mode, :strategy_id, :account_id, :dialect, :sizing, :sell_mode, :symbol,
            :default_side, :settings, :digest, :token_preview, :token_expires_at, :signing_generation, :paused,
            :reduce_only, :allow_list, :rate, :dedupe_ms, :hold_ms, :max_lag_s, :delay_s, :remind_after_s,
            :position, 0, :created_at, :updated_at)",
    )?;
    bound(webhook, |fields| statement.execute(fields))?;
    Ok(())
}

pub(super) fn update(tx: &Tx, webhook: &Webhook) -> Result<(), StoreError> {
    let mut statement = tx.prepared(
        "UPDATE webhooks SET name = :name, description = :description, mode = :mode, strategy_id = :strategy_id,
           account_id = :account_id, dialect = :dialect, sizing = :sizing, sell_mode = :sell_mode,
           symbol = :symbol, default_side = :default_side, settings = :settings, digest = :digest,
           token_preview = :token_preview, token_expires_at = :token_expires_at,
           signing_generation = :signing_generation, paused = :paused, reduce_only = :reduce_only, allow_list = :allow_list, rate = :rate,
           dedupe_ms = :dedupe_ms, hold_ms = :hold_ms, max_lag_s = :max_lag_s, delay_s = :delay_s,
           remind_after_s = :remind_after_s,
           position = :position, created_at = :created_at, updated_at = :updated_at
         WHERE id = :id AND deleted_at IS NULL",
    )?;
    let changed = bound(webhook, |fields| statement.execute(fields))?;
    if changed == 0 { Err(StoreError::Missing { what: "webhook" }) } else { Ok(()) }
}

fn bound<R>(webhook: &Webhook, run: impl FnOnce(&[(&str, &dyn ToSql)]) -> R) -> R {
    run(named_params! {
        ":id": webhook.id.as_str(),
        ":name": webhook.name,
        ":description": webhook.description,
        ":mode": webhook.mode.as_str(),
        ":strategy_id": webhook.strategy_id,
        ":account_id": webhook.account_id.as_str(),
        ":dialect": webhook.dialect.map(DialectName::as_str),
        ":sizing": webhook.sizing.map(|s| s.to_string()),
        ":sell_mode": webhook.sell_mode.as_str(),
        ":symbol": webhook.symbol.as_ref().map(Symbol::as_str),
        ":default_side": webhook.default_side.map(Side::as_str),
        ":settings": webhook.settings,
        ":digest": webhook.digest,
        ":token_preview": webhook.token_preview,
        ":token_expires_at": webhook.token_expires_at.map(Timestamp::as_micros),
        ":signing_generation": webhook.signing_generation,
        ":paused": webhook.paused,
        ":reduce_only": webhook.reduce_only,
        ":allow_list": webhook.allow_list,
        ":rate": webhook.rate,
        ":dedupe_ms": webhook.dedupe_ms,
        ":hold_ms": webhook.hold_ms,
        ":max_lag_s": webhook.max_lag_s,
        ":delay_s": webhook.delay_s,
        ":remind_after_s": webhook.remind_after_s,
        ":position": webhook.position,
        ":created_at": webhook.created_at.as_micros(),
        ":updated_at": webhook.updated_at.as_micros(),
    })
}
