//! Table `ledger`: double entry, append-only. Every transaction adds up to zero, and balances can be had again from
//! the rows at any time.

use crate::column::{Stored, plain, text, text_opt, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, Money, Symbol, Timestamp};
use rusqlite::{Row, named_params, params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE ledger (
  no             INTEGER PRIMARY KEY,
  transaction_no INTEGER NOT NULL,
  account_id     TEXT NOT NULL REFERENCES accounts (id),
  ledger_account TEXT NOT NULL CHECK (ledger_account IN ('cash', 'inventory', 'realized_pnl', 'fees', 'capital')),
  symbol         TEXT,
  amount         TEXT NOT NULL,
  kind           TEXT NOT NULL,
  reference      TEXT,
  at             INTEGER NOT NULL,
  CHECK ((symbol IS NOT NULL) = (ledger_account = 'inventory'))
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

/// The place of an entry in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerNo(i64);

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its place.
    pub no: LedgerNo,
    /// The same for all entries of a transaction.
    pub transaction_no: i64,
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

/// Appends a transaction and gives its number.
///
/// # Errors
/// [`StoreError::Unbalanced`] unless the amounts add up to zero.
pub fn append(tx: &Tx, transaction: &LedgerTransaction<'_>) -> Result<i64, StoreError> {
    let sum = transaction.entries.iter().try_fold(Money::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
    if sum != Some(Money::ZERO) {
        let message = sum.map_or_else(|| "the sum overflows".to_owned(), |s| s.to_string());
        return Err(StoreError::Unbalanced { message });
    }
    let number: i64 = tx
        .prepared("SELECT coalesce(max(no), 0) + 1 AS next FROM ledger")?
        .query_row([], |row| row.get("next"))?;
    let mut statement = tx.prepared(
        "INSERT INTO ledger (transaction_no, account_id, ledger_account, symbol, amount, kind, reference, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (account, amount) in transaction.entries {
        statement.execute(params![
            number,
            transaction.account_id.as_str(),
            account.as_str(),
            account.symbol().map(Symbol::as_str),
            amount.to_string(),
            transaction.kind.as_str(),
            transaction.reference,
            transaction.at.as_micros()
        ])?;
    }
    Ok(number)
}

/// The entries of an account after `after` (nothing: from the first), oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn history(
    view: &View,
    account: &AccountId,
    after: Option<LedgerNo>,
    limit: u32,
) -> Result<Vec<LedgerRow>, StoreError> {
    view.prepared(
        "SELECT * FROM ledger WHERE account_id = :account AND no > :after ORDER BY no LIMIT :limit",
    )?
    .query_and_then(
        named_params! {
            ":account": account.as_str(),
            ":after": after.map_or(0, |n| n.0),
            ":limit": limit,
        },
        read,
    )?
    .collect()
}

/// The cash entries of what was paid in and out of an account since `from`, its opening balance too, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn transfers(view: &View, account: &AccountId, from: Timestamp) -> Result<Vec<LedgerRow>, StoreError> {
    view.prepared(
        "SELECT * FROM ledger WHERE account_id = :account AND kind IN ('deposit', 'withdrawal')
           AND ledger_account = 'cash' AND at >= :from ORDER BY no",
    )?
    .query_and_then(named_params! {":account": account.as_str(), ":from": from.as_micros()}, read)?
    .collect()
}

fn read(row: &Row<'_>) -> Result<LedgerRow, StoreError> {
    let word: String = plain(row, "ledger_account")?;
    let ledger_account = match (word.as_str(), text_opt(row, "symbol")?) {
        ("cash", None) => LedgerAccount::Cash,
        ("inventory", Some(symbol)) => LedgerAccount::Inventory(symbol),
        ("realized_pnl", None) => LedgerAccount::RealizedPnl,
        ("fees", None) => LedgerAccount::Fees,
        ("capital", None) => LedgerAccount::Capital,
        _ => return Err(StoreError::Unreadable { column: "ledger_account", text: word }),
    };
    Ok(LedgerRow {
        no: LedgerNo(plain(row, "no")?),
        transaction_no: plain(row, "transaction_no")?,
        account_id: text(row, "account_id")?,
        ledger_account,
        amount: text(row, "amount")?,
        kind: text(row, "kind")?,
        reference: plain(row, "reference")?,
        at: time(row, "at")?,
    })
}
