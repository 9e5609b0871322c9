//! Whether the books of every account can be had again from what was only ever appended: the ledger, the fills and the
//! equity curve. What differs is named with both figures.

use super::found;
use crate::books;
use crate::context::Context;
use crate::wire::{CheckOutcome, DoctorCheck};
use domain::{AccountId, OrderId, OrderSide, Symbol};
use paper::{Broker, Entry, LedgerAccount, LedgerTotals};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};
use store::accounts::AccountRow;
use store::fills::{FillNo, FillRow};
use store::ledger::LedgerNo;
use store::orders::OrderNo;
use store::{StoreError, View};

/// Rows read at once.
const PAGE: u32 = 1_000;

/// Rebuilds every account and compares.
pub(super) fn ledger(context: &Context) -> DoctorCheck {
    let name = "ledger";
    let fix = "Do not trade on these figures; restore the newest backup: pitwire restore FILE";
    match context.store.reader().read(|view| Ok(rebuilt(view))) {
        Ok(Ok(0)) => found(name, CheckOutcome::Ok, "no accounts", None),
        Ok(Ok(1)) => found(name, CheckOutcome::Ok, "1 account agrees with its ledger", None),
        Ok(Ok(n)) => found(name, CheckOutcome::Ok, format!("{n} accounts agree with their ledger"), None),
        Ok(Err(finding)) => found(name, CheckOutcome::Error, finding, Some(fix)),
        Err(error) => found(name, CheckOutcome::Error, error.to_string(), Some(fix)),
    }
}

/// How many accounts there are, all of which agree; else what differs.
pub(crate) fn rebuilt(view: &View) -> Result<usize, String> {
    let accounts = store::accounts::list(view).map_err(|e| e.to_string())?;
    let active: Vec<AccountId> =
        accounts.into_iter().filter(|a| a.archived_at.is_none()).map(|a| a.id).collect();
    for id in &active {
        let (row, broker) = books::open(view, id).map_err(|e| e.to_string())?;
        let entries = entries(view, id).map_err(|e| e.to_string())?;
        let totals = LedgerTotals::sum(&entries).map_err(|e| e.to_string())?;
        let fills = Fills::of(view, &row).map_err(|e| e.to_string())??;
        let mut differences = Differences::default();
        differences.of_ledger(&broker, &totals);
        differences.of_fills(&broker, &fills);
        differences.of_orders(view, id, &fills).map_err(|e| e.to_string())?;
        differences.of_equity(view, &row, &broker).map_err(|e| e.to_string())?;
        if !differences.0.is_empty() {
            return Err(format!("account {id} does not agree with its past: {}", differences.0.join("; ")));
        }
    }
    Ok(active.len())
}

/// What differs, one sentence each.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn compare(&mut self, what: &str, books: Decimal, rows: Decimal) {
        if books != rows {
            self.0.push(format!("{what} is {books}, its rows make {rows}"));
        }
    }

    fn of_ledger(&mut self, broker: &Broker, ledger: &LedgerTotals) {
        let state = broker.state();
        let capital = state.funds.capital().unwrap_or_default();
        self.compare("the capital", capital.get(), ledger.capital.get());
        self.compare("the cash", state.funds.cash.get(), ledger.cash.get());
        self.compare("the realised profit", state.funds.realized_gross.get(), ledger.realized_gross.get());
        self.compare("the sum of fees", state.funds.fees.get(), ledger.fees.get());
        let mut inventory = ledger.inventory.clone();
        for (symbol, position) in &state.positions {
            let cost = inventory.remove(symbol).unwrap_or_default();
            self.compare(&format!("the cost of {symbol}"), position.cost.get(), cost.get());
        }
        for (symbol, cost) in inventory {
            self.compare(&format!("the cost of {symbol}"), Decimal::ZERO, cost.get());
        }
    }

    fn of_fills(&mut self, broker: &Broker, fills: &Fills) {
        let state = broker.state();
        self.compare("the sum of fees of fills", state.funds.fees.get(), fills.fees);
        self.compare("the realised profit of fills", state.funds.realized_gross.get(), fills.realized);
        let mut held = fills.held.clone();
        for (symbol, position) in &state.positions {
            let rows = held.remove(symbol).unwrap_or_default();
            self.compare(&format!("the position in {symbol}"), position.net.get(), rows);
        }
        for (symbol, rows) in held {
            self.compare(&format!("the position in {symbol}"), Decimal::ZERO, rows);
        }
    }

    fn of_orders(&mut self, view: &View, id: &AccountId, fills: &Fills) -> Result<(), StoreError> {
        let mut before: Option<OrderNo> = None;
        loop {
            let page = store::orders::list(view, Some(id), before, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            before = Some(last.no);
            for order in &page {
                let rows = fills.of_order.get(&order.id).copied().unwrap_or_default();
                self.compare(&format!("what is filled of order {}", order.id), order.filled.get(), rows);
            }
        }
    }

    /// The newest point of the curve is the equity that the books have.
    fn of_equity(&mut self, view: &View, row: &AccountRow, broker: &Broker) -> Result<(), StoreError> {
        let newest = store::equity_points::newest(view, &row.id, 1)?;
        if let Some(point) = newest.first().filter(|point| point.at >= row.opened_at) {
            self.compare("the equity", broker.balances().equity.get(), point.equity.get());
        }
        Ok(())
    }
}

/// What the fills of an account add up to: all of them by order, those of the present run for the rest.
#[derive(Default)]
struct Fills {
    of_order: HashMap<OrderId, Decimal>,
    held: BTreeMap<Symbol, Decimal>,
    fees: Decimal,
    realized: Decimal,
}

impl Fills {
    fn of(view: &View, row: &AccountRow) -> Result<Result<Self, String>, StoreError> {
        let mut fills = Self::default();
        let mut after: Option<FillNo> = None;
        loop {
            let page = store::fills::history(view, &row.id, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(Ok(fills)) };
            after = Some(last.no);
            for fill in page {
                if fills.add(&fill, row).is_none() {
                    return Ok(Err(format!("the fills of account {} cannot be added up", row.id)));
                }
            }
        }
    }

    fn add(&mut self, fill: &FillRow, row: &AccountRow) -> Option<()> {
        let quantity = fill.quantity.get();
        let of_order = self.of_order.entry(fill.order_id.clone()).or_default();
        *of_order = of_order.checked_add(quantity)?;
        if fill.at < row.opened_at {
            return Some(());
        }
        let signed = match fill.side {
            OrderSide::Buy => quantity,
            OrderSide::Sell => -quantity,
        };
        let held = self.held.entry(fill.symbol.clone()).or_default();
        *held = held.checked_add(signed)?;
        self.fees = self.fees.checked_add(fill.fee.get())?;
        self.realized = self.realized.checked_add(fill.realized.get())?;
        Some(())
    }
}

fn entries(view: &View, id: &AccountId) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut after: Option<LedgerNo> = None;
    loop {
        let page = store::ledger::history(view, id, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(entries) };
        after = Some(last.no);
        entries.extend(
            page.into_iter().map(|row| Entry { account: account(&row.ledger_account), amount: row.amount }),
        );
    }
}

fn account(stored: &store::ledger::LedgerAccount) -> LedgerAccount {
    use store::ledger::LedgerAccount as Stored;
    match stored {
        Stored::Cash => LedgerAccount::Cash,
        Stored::Inventory(symbol) => LedgerAccount::Inventory(symbol.clone()),
        Stored::RealizedPnl => LedgerAccount::RealizedPnl,
        Stored::Fees => LedgerAccount::Fees,
        Stored::Capital => LedgerAccount::Capital,
    }
}
