//! Accounts and positions.

use super::orders::orders_of;
use super::{name, store_error};
use crate::books;
use crate::context::{Context, new_account};
use crate::order_desk::{Command, ask, price_source, venue};
use crate::random;
use crate::settings::account_setting;
use crate::wire::{
    Account, AccountPatch, AccountRef, Amount, NewAccount, Order, Position, PositionRef, RpcError,
};
use domain::{AccountId, Money, OrderType, Price, ReasonCode, Side, Symbol, parse_decimal};
use paper::{Broker, Config};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;
use store::accounts::AccountRow;

/// The largest opening cash and transfer: leaves room for exact arithmetic.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

pub(crate) fn list(context: &Context) -> Result<Vec<Account>, RpcError> {
    let ids = active(context)?;
    ids.iter().map(|id| one(context, id)).collect()
}

pub(crate) fn active(context: &Context) -> Result<Vec<AccountId>, RpcError> {
    let all = context.store.reader().read(store::accounts::list).map_err(|e| store_error(&e))?;
    Ok(all.into_iter().filter(|a| a.archived_at.is_none()).map(|a| a.id).collect())
}

/// One account with its figures at the newest marks.
pub(crate) fn one(context: &Context, id: &AccountId) -> Result<Account, RpcError> {
    let (row, broker) = opened(context, id)?;
    let balances = *broker.balances();
    let capital = broker.state().funds.capital().map_err(|_| RpcError::internal())?;
    let state = broker.state();
    let open = state.positions.values().filter(|p| p.net.side().is_some()).count();
    let mode = match state.liquidated_at {
        Some(_) => "liquidated",
        None if broker.config().risk.reduce_only => "reduce_only",
        None => "active",
    };
    Ok(Account {
        id: row.id.to_string(),
        name: row.name,
        currency: row.currency,
        venue: row.venue,
        opening: capital.to_string(),
        cash: balances.cash.to_string(),
        balance: balances.balance.to_string(),
        equity: balances.equity.to_string(),
        available: balances.available.to_string(),
        realized_gross: balances.realized_gross.to_string(),
        unrealized: balances.unrealized.to_string(),
        fees: balances.fees.to_string(),
        margin: balances.margin.to_string(),
        total_return: total_return(balances.equity, capital),
        positions: u32::try_from(open).unwrap_or(u32::MAX),
        orders_live: u32::try_from(state.orders.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX),
        state: mode.to_owned(),
        liquidated_at: state.liquidated_at.map(|at| at.to_string()),
        settings: broker.config().entries().into_iter().collect(),
        created_at: row.created_at.to_string(),
        opened_at: row.opened_at.to_string(),
    })
}

fn total_return(equity: Money, capital: Money) -> Option<f64> {
    let ratio = equity.get().checked_div(capital.get())?.checked_sub(Decimal::ONE)?;
    ratio.to_f64()
}

pub(crate) fn opened(context: &Context, id: &AccountId) -> Result<(AccountRow, Broker), RpcError> {
    let opened =
        context.store.reader().read(|view| Ok(books::open(view, id))).map_err(|e| store_error(&e))?;
    opened.map_err(|error| match error {
        books::BookError::Store(error) => store_error(&error),
        books::BookError::Missing(id) => RpcError::not_found("account", id.as_str()),
        books::BookError::Damaged { .. } => RpcError::new("BOOKS_DAMAGED", format!("{error}.")),
    })
}

/// The account named, or the first one.
pub(crate) fn id_or_first(context: &Context, named: Option<&str>) -> Result<AccountId, RpcError> {
    match named.filter(|t| !t.is_empty()) {
        Some(text) => {
            let id = AccountId::parse(text).map_err(|_| RpcError::not_found("account", text))?;
            let known = active(context)?.contains(&id);
            if known { Ok(id) } else { Err(RpcError::not_found("account", text)) }
        }
        None => active(context)?.into_iter().next().ok_or_else(|| RpcError::not_found("account", "default")),
    }
}

pub(crate) fn create(context: &Context, new: &NewAccount) -> Result<Account, RpcError> {
    let name = name(&new.name)?;
    let cash = amount(&new.cash, "cash")?;
    let mut config = Config::default();
    if let Some(currency) = &new.currency {
        config.set("currency", currency).map_err(|e| RpcError::invalid("currency", format!("{e}.")))?;
    }
    for (key, value) in new.settings.iter().flatten() {
        config.set(key, value).map_err(|e| account_setting(&e))?;
    }
    let venue = venue(new.venue.as_deref().unwrap_or("alert"))?;
    if !new.settings.iter().flatten().any(|(key, _)| key == "price_source") {
        config.price_source = price_source(&venue, config.price_source);
    }
    let (id, now) = (random::account_id(), context.clock.now());
    let row = id.clone();
    context
        .store
        .writer()
        .run(move |tx| new_account(tx, &row, &name, &venue, &config, cash, now).map(|_| ()))
        .map_err(|e| store_error(&e))?;
    context.changes.account();
    one(context, &id)
}

fn amount(text: &str, field: &str) -> Result<Money, RpcError> {
    let value = parse_decimal(text).ok().filter(|v| *v > Decimal::ZERO && *v <= Decimal::from(AMOUNT_MAX));
    let wanted =
        || RpcError::invalid(field, format!("{field} must be a number above zero, at most {AMOUNT_MAX}."));
    value.map(Money::new).ok_or_else(wanted)
}

pub(crate) fn set(context: &Arc<Context>, patch: AccountPatch) -> Result<Account, RpcError> {
    let id = id_or_first(context, Some(&patch.account_id))?;
    ask(context, &Command::Configure { account: id.to_string(), settings: patch.settings })?;
    one(context, &id)
}

pub(crate) fn deposit(context: &Arc<Context>, paid: Amount) -> Result<Account, RpcError> {
    let id = id_or_first(context, Some(&paid.account_id))?;
    amount(&paid.amount, "amount")?;
    ask(context, &Command::Deposit { account: id.to_string(), amount: paid.amount })?;
    one(context, &id)
}

pub(crate) fn withdraw(context: &Arc<Context>, paid: Amount) -> Result<Account, RpcError> {
    let id = id_or_first(context, Some(&paid.account_id))?;
    amount(&paid.amount, "amount")?;
    let asked = ask(context, &Command::Withdraw { account: id.to_string(), amount: paid.amount });
    let account = one(context, &id)?;
    match asked {
        Ok(_) => Ok(account),
        Err(error) if error.code == ReasonCode::InsufficientBalance.as_str() => {
            let text = format!(
                "The account can pay out {} at most; what positions bind cannot be.",
                account.available
            );
            Err(RpcError::new(&error.code, text))
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn reset(context: &Arc<Context>, which: &AccountRef) -> Result<Account, RpcError> {
    let id = id_or_first(context, which.account_id.as_deref())?;
    ask(context, &Command::Reset { account: id.to_string() })?;
    one(context, &id)
}

/// Puts an account away, which must be named; its history stays.
pub(crate) fn archive(context: &Arc<Context>, which: AccountRef) -> Result<AccountRef, RpcError> {
    let Some(named) = which.account_id.as_deref().filter(|id| !id.is_empty()) else {
        return Err(RpcError::invalid("account_id", "Say which account is to be put away."));
    };
    let id = id_or_first(context, Some(named))?;
    ask(context, &Command::Archive { account: id.to_string() })?;
    Ok(which)
}

pub(crate) fn positions(context: &Context, which: &AccountRef) -> Result<Vec<Position>, RpcError> {
    let ids = match which.account_id.as_deref().filter(|t| !t.is_empty()) {
        Some(text) => vec![id_or_first(context, Some(text))?],
        None => active(context)?,
    };
    let mut all = Vec::new();
    for id in ids {
        let (_, broker) = opened(context, &id)?;
        let held = broker.state().positions.iter().filter(|(_, p)| p.net.side().is_some());
        all.extend(held.map(|(symbol, position)| shown_position(&id, symbol, position, &broker)));
    }
    Ok(all)
}

fn shown_position(
    account: &AccountId,
    symbol: &Symbol,
    position: &paper::Position,
    broker: &Broker,
) -> Position {
    let multiplier = broker.instrument(symbol).multiplier;
    let row = books::position_row(account, symbol, position, multiplier);
    let value = |mark: Price| {
        let product = row.quantity.get().checked_mul(mark.get())?.checked_mul(multiplier)?;
        product.checked_sub(row.cost.get())
    };
    let (stop_loss, take_profit) = protection(symbol, position, broker);
    Position {
        account_id: account.to_string(),
        symbol: symbol.to_string(),
        quantity: row.quantity.to_string(),
        price_average: row.price_average.map_or_else(|| "0".to_owned(), |p| p.to_string()),
        unrealized: row.mark.and_then(value).map(|v| v.normalize().to_string()),
        mark: row.mark.map(|p| p.to_string()),
        mark_at: row.mark_at.map(|t| t.to_string()),
        realized: row.realized.to_string(),
        opened_at: position.opened_at.map(|t| t.to_string()),
        stop_loss: stop_loss.map(|p| p.to_string()),
        take_profit: take_profit.map(|p| p.to_string()),
    }
}

/// The nearest stop and the nearest limit that would close a position, or a part of it.
fn protection(
    symbol: &Symbol,
    position: &paper::Position,
    broker: &Broker,
) -> (Option<Price>, Option<Price>) {
    let orders = broker.state().orders.get(symbol).map_or(&[][..], Vec::as_slice);
    let working = || orders.iter().filter(|order| order.reduce_only && order.is_open());
    let stops = working().filter_map(|order| order.stop);
    let limits = working().filter(|order| order.kind == OrderType::Limit).filter_map(|order| order.limit);
    match position.net.side() {
        Some(Side::Long) => (stops.max(), limits.min()),
        Some(Side::Short) => (stops.min(), limits.max()),
        None => (None, None),
    }
}

pub(crate) fn close(context: &Arc<Context>, which: PositionRef) -> Result<Vec<Order>, RpcError> {
    let id = id_or_first(context, which.account_id.as_deref())?;
    let symbol = which.symbol.clone();
    let outcome = ask(context, &Command::Close { account: id.to_string(), symbol }).map_err(|error| {
        if !is_nothing_open(&error) {
            return error;
        }
        let text =
            format!("There is no open position in {:?}; `pitwire position list` shows all.", which.symbol);
        RpcError::new(&error.code, text)
    })?;
    orders_of(context, &outcome)
}

fn is_nothing_open(error: &RpcError) -> bool {
    error.code == ReasonCode::NoPosition.as_str()
}

/// Closes what is open; an account that cannot be flattened holds none of the others back.
pub(crate) fn flatten(context: &Arc<Context>, which: &AccountRef) -> Result<Vec<Order>, RpcError> {
    let ids = match which.account_id.as_deref().filter(|t| !t.is_empty()) {
        Some(text) => vec![id_or_first(context, Some(text))?],
        None => active(context)?,
    };
    let (mut orders, mut failed) = (Vec::new(), None);
    for id in ids {
        match ask(context, &Command::Flatten { account: id.to_string() }) {
            Ok(outcome) => orders.extend(orders_of(context, &outcome)?),
            Err(error) if is_nothing_open(&error) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(orders), Err)
}
