//! The double-entry ledger: every change of money is one balanced transaction, and the balances can be computed again
//! from the transactions alone.
//!
//! Debits are above zero and credits below, so the entries of a transaction add up to zero. Accounts: `cash`,
//! `inventory` of a symbol at cost, `realized_pnl`, `fees` and `capital`.

use crate::exact::{self, Overflow};
use crate::fill::Fill;
use domain::{FillId, Money, Symbol, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt;

/// An account of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LedgerAccount {
    /// Money at hand.
    Cash,
    /// What is held of a symbol, at cost.
    Inventory(Symbol),
    /// Profit realised, fees not included; credits are profits.
    RealizedPnl,
    /// Fees paid.
    Fees,
    /// Money put in; credits are deposits.
    Capital,
}

impl LedgerAccount {
    /// Reads the text form back (`cash`, `inventory:BTCUSDT`, …).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "cash" => Some(Self::Cash),
            "realized_pnl" => Some(Self::RealizedPnl),
            "fees" => Some(Self::Fees),
            "capital" => Some(Self::Capital),
            other => Symbol::new(other.strip_prefix("inventory:")?).ok().map(Self::Inventory),
        }
    }
}

impl fmt::Display for LedgerAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cash => f.write_str("cash"),
            Self::Inventory(symbol) => write!(f, "inventory:{symbol}"),
            Self::RealizedPnl => f.write_str("realized_pnl"),
            Self::Fees => f.write_str("fees"),
            Self::Capital => f.write_str("capital"),
        }
    }
}

/// One line of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which account.
    pub account: LedgerAccount,
    /// Debit above zero, credit below; never zero.
    pub amount: Money,
}

/// What a transaction is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The opening balance.
    Opening,
    /// A fill.
    Fill(FillId),
    /// Money put in, by the caller's id of the command.
    Deposit(Box<str>),
    /// Money taken out, by the caller's id of the command.
    Withdrawal(Box<str>),
}

impl Subject {
    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Fill(_) => "fill",
            Self::Deposit(_) => "deposit",
            Self::Withdrawal(_) => "withdrawal",
        }
    }
}

/// Entries that add up to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    subject: Subject,
    at: Timestamp,
    entries: Vec<Entry>,
}

impl Transaction {
    /// The first transaction of an account: its opening balance.
    #[must_use]
    pub fn opening(amount: Money, at: Timestamp) -> Self {
        Self::transfer(Subject::Opening, amount, at)
    }

    /// Money that comes in from outside (above zero) or goes out (below).
    pub(crate) fn transfer(subject: Subject, amount: Money, at: Timestamp) -> Self {
        let lines = [(LedgerAccount::Cash, amount.get()), (LedgerAccount::Capital, -amount.get())];
        Self::of(subject, at, lines)
    }

    /// What a fill books: cash against inventory at cost, profit and fee.
    pub(crate) fn of_fill(fill: &Fill, cash_change: Decimal, cost_change: Decimal) -> Self {
        let lines = [
            (LedgerAccount::Cash, cash_change),
            (LedgerAccount::Inventory(fill.symbol.clone()), cost_change),
            (LedgerAccount::RealizedPnl, -fill.realized.get()),
            (LedgerAccount::Fees, fill.fee.get()),
        ];
        Self::of(Subject::Fill(fill.id.clone()), fill.at, lines)
    }

    fn of<const N: usize>(subject: Subject, at: Timestamp, lines: [(LedgerAccount, Decimal); N]) -> Self {
        let mut entries = Vec::with_capacity(N);
        for (account, amount) in lines {
            if !amount.is_zero() {
                entries.push(Entry { account, amount: Money::new(amount) });
            }
        }
        Self { subject, at, entries }
    }

    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// When it was booked.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Its lines; at most one per account.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether its entries add up to zero.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let sum =
            self.entries.iter().try_fold(Decimal::ZERO, |sum, entry| exact::add(sum, entry.amount.get()));
        sum == Ok(Decimal::ZERO)
    }
}

/// The sums of all entries per account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerTotals {
    /// Money at hand.
    pub cash: Money,
    /// What is held of each symbol, at cost; symbols at zero are left out.
    pub inventory: BTreeMap<Symbol, Money>,
    /// Profit realised, fees not included.
    pub realized_gross: Money,
    /// Fees paid.
    pub fees: Money,
    /// Money put in less money taken out.
    pub capital: Money,
}

impl LedgerTotals {
    /// Adds up entries, in any order.
    ///
    /// # Errors
    /// [`Overflow`] when a sum cannot be held exactly.
    pub fn sum<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Self, Overflow> {
        let mut sums: BTreeMap<&LedgerAccount, Decimal> = BTreeMap::new();
        for entry in entries {
            let sum = sums.entry(&entry.account).or_default();
            *sum = exact::add(*sum, entry.amount.get())?;
        }
        let mut totals = Self::default();
        for (account, sum) in sums {
            match account {
                LedgerAccount::Cash => totals.cash = Money::new(sum),
                LedgerAccount::Inventory(_) if sum.is_zero() => {}
                LedgerAccount::Inventory(symbol) => {
                    totals.inventory.insert(symbol.clone(), Money::new(sum));
                }
                LedgerAccount::RealizedPnl => totals.realized_gross = Money::new(-sum),
                LedgerAccount::Fees => totals.fees = Money::new(sum),
                LedgerAccount::Capital => totals.capital = Money::new(-sum),
            }
        }
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_back() {
        let symbol = Symbol::new("SPY 250624C596").unwrap();
        for account in [
            LedgerAccount::Cash,
            LedgerAccount::Inventory(symbol),
            LedgerAccount::RealizedPnl,
            LedgerAccount::Fees,
            LedgerAccount::Capital,
        ] {
            assert_eq!(LedgerAccount::parse(&account.to_string()), Some(account));
        }
        assert_eq!(LedgerAccount::parse("inventory:"), None);
        assert_eq!(LedgerAccount::parse("pocket"), None);
    }

    #[test]
    fn an_opening_balance_is_cash_against_capital() {
        let opening = Transaction::opening(Money::new(Decimal::from(10_000)), Timestamp::from_seconds(0));
        assert!(opening.is_balanced());
        let totals = LedgerTotals::sum(opening.entries()).unwrap();
        assert_eq!((totals.cash, totals.capital), (Money::new(Decimal::from(10_000)), totals.cash));
    }
}
