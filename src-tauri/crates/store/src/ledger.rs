//! Table `ledger`: double entry, append-only. Every transaction adds up to zero, and balances can be had again from
//! the rows at any time.

use crate::column::{Stored, plain, text, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, Money, Symbol, Timestamp, parse_decimal};
use rusqlite::{Row, Rows, named_params, params};
use std::fmt::Write;

/// A transaction is one row and its entries are one text, a line each: an execution is booked in three or four entries,
/// and rows of their own would cost as much as all else that it writes.
pub(crate) const SCHEMA: &str = "
CREATE TABLE ledger (
  no         INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  kind       TEXT NOT NULL,
  reference  TEXT,
  at         INTEGER NOT NULL,
  entries    TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_account_no ON ledger (account_id, no);
CREATE INDEX ledger_transfers ON ledger (account_id, no) WHERE kind IN ('deposit', 'withdrawal');
CREATE TRIGGER ledger_does_not_change BEFORE UPDATE ON ledger
  BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
  BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
";

/// One of the five accounts of the double entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerAccount {
    /// Money at hand.
    Cash,
    /// What a symbol's position cost.
    Inventory(Symbol),
    /// Profit and loss of what was closed, before fees.
    RealizedPnl,
    /// Fees paid.
    Fees,
    /// What the owner put in.
    Capital,
}

impl LedgerAccount {
    /// The word used in the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Inventory(_) => "inventory",
            Self::RealizedPnl => "realized_pnl",
            Self::Fees => "fees",
            Self::Capital => "capital",
        }
    }

    /// The symbol, of an inventory.
    #[must_use]
    pub fn symbol(&self) -> Option<&Symbol> {
        match self {
            Self::Inventory(symbol) => Some(symbol),
            Self::Cash | Self::RealizedPnl | Self::Fees | Self::Capital => None,
        }
    }
}

/// What a ledger transaction is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LedgerKind {
    /// Money put in, the opening balance too.
    Deposit,
    /// Money taken out.
    Withdrawal,
    /// An execution.
    Fill,
    /// An account begun anew.
    Reset,
}

impl LedgerKind {
    const ALL: [Self; 4] = [Self::Deposit, Self::Withdrawal, Self::Fill, Self::Reset];

    /// The word used in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::Fill => "fill",
            Self::Reset => "reset",
        }
    }
}

impl Stored for LedgerKind {
    fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

/// Entries that belong together; their amounts add up to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerTransaction<'a> {
    /// The paper account.
    pub account_id: &'a AccountId,
    /// What it is about.
    pub kind: LedgerKind,
    /// The fill behind it, as text.
    pub reference: Option<&'a str>,
    /// When.
    pub at: Timestamp,
    /// Debits positive, credits negative, in the account's currency.
    pub entries: &'a [(LedgerAccount, Money)],
}

/// The place of a transaction in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerNo(i64);

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The place of its transaction.
    pub no: LedgerNo,
    /// The paper account.
    pub account_id: AccountId,
    /// The account of the double entry.
    pub ledger_account: LedgerAccount,
    /// Debit positive, credit negative, in the account's currency.
    pub amount: Money,
    /// What it is about.
    pub kind: LedgerKind,
    /// The fill behind it, as text.
    pub reference: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Appends a transaction; one without entries changes nothing and leaves no row.
///
/// # Errors
/// [`StoreError::Unbalanced`] unless the amounts add up to zero.
pub fn append(tx: &Tx, transaction: &LedgerTransaction<'_>) -> Result<(), StoreError> {
    let sum = transaction.entries.iter().try_fold(Money::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
    if sum != Some(Money::ZERO) {
        let message = sum.map_or_else(|| "the sum overflows".to_owned(), |s| s.to_string());
        return Err(StoreError::Unbalanced { message });
    }
    if transaction.entries.is_empty() {
        return Ok(());
    }
    tx.prepared("INSERT INTO ledger (account_id, kind, reference, at, entries) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            transaction.account_id.as_str(),
            transaction.kind.as_str(),
            transaction.reference,
            transaction.at.as_micros(),
            text_of(transaction.entries)
        ])?;
    Ok(())
}

/// Entries as the row keeps them: `-67.13 cash` and `67.13 inventory BTCUSDT`, a line each.
fn text_of(entries: &[(LedgerAccount, Money)]) -> String {
    let mut text = String::with_capacity(32 * entries.len());
    for (account, amount) in entries {
        let gap = if text.is_empty() { "" } else { "\n" };
        let written = match account.symbol() {
            Some(symbol) => write!(text, "{gap}{amount} {} {symbol}", account.as_str()),
            None => write!(text, "{gap}{amount} {}", account.as_str()),
        };
        written.expect("BUG: writing into a String cannot fail");
    }
    text
}

/// A line of [`text_of`].
fn entry_of(line: &str) -> Option<(LedgerAccount, Money)> {
    let (amount, account) = line.split_once(' ')?;
    let account = match account.split_once(' ') {
        Some(("inventory", symbol)) => LedgerAccount::Inventory(Symbol::new(symbol).ok()?),
        Some(_) => return None,
        None => match account {
            "cash" => LedgerAccount::Cash,
            "realized_pnl" => LedgerAccount::RealizedPnl,
            "fees" => LedgerAccount::Fees,
            "capital" => LedgerAccount::Capital,
            _ => return None,
        },
    };
    Some((account, parse_decimal(amount).ok().map(Money::new)?))
}

/// The entries of the transactions of an account after `after` (nothing: from the first), oldest first, of at most
/// `limit` transactions.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn history(
    view: &View,
    account: &AccountId,
    after: Option<LedgerNo>,
    limit: u32,
) -> Result<Vec<LedgerRow>, StoreError> {
    let mut statement = view.prepared(
        "SELECT * FROM ledger WHERE account_id = :account AND no > :after ORDER BY no LIMIT :limit",
    )?;
    collect(statement.query(named_params! {
        ":account": account.as_str(),
        ":after": after.map_or(0, |n| n.0),
        ":limit": limit,
    })?)
}

/// The cash entries of what was paid in and out of an account since `from`, its opening balance too, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn transfers(view: &View, account: &AccountId, from: Timestamp) -> Result<Vec<LedgerRow>, StoreError> {
    let mut statement = view.prepared(
        "SELECT * FROM ledger WHERE account_id = :account AND kind IN ('deposit', 'withdrawal') AND at >= :from
         ORDER BY no",
    )?;
    let parameters = named_params! {":account": account.as_str(), ":from": from.as_micros()};
    let mut rows = collect(statement.query(parameters)?)?;
    rows.retain(|row| row.ledger_account == LedgerAccount::Cash);
    Ok(rows)
}

fn collect(mut rows: Rows<'_>) -> Result<Vec<LedgerRow>, StoreError> {
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        read(row, &mut entries)?;
    }
    Ok(entries)
}

fn read(row: &Row<'_>, entries: &mut Vec<LedgerRow>) -> Result<(), StoreError> {
    let lines: String = plain(row, "entries")?;
    for line in lines.lines() {
        let (ledger_account, amount) = entry_of(line)
            .ok_or_else(|| StoreError::Unreadable { column: "entries", text: line.to_owned() })?;
        entries.push(LedgerRow {
            no: LedgerNo(plain(row, "no")?),
            account_id: text(row, "account_id")?,
            ledger_account,
            amount,
            kind: text(row, "kind")?,
            reference: plain(row, "reference")?,
            at: time(row, "at")?,
        });
    }
    Ok(())
}
