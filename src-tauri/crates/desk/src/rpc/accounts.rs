//! Accounts, positions, orders and fills.

use super::{name, store_error};
use crate::books;
use crate::context::{Context, new_account};
use crate::order_desk::{Command, Outcome, ask, venue};
use crate::random;
use crate::wire::{
    Account, AccountPatch, AccountRef, Amount, Fill, FillPage, FillWhy, NewAccount, Order, OrderPage,
    PageQuery, Position, PositionRef, RpcError,
};
use domain::{AccountId, Money, OrderId, ReasonCode, parse_decimal};
use paper::{Broker, Config};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;
use store::accounts::AccountRow;
use store::fills::{FillNo, FillRow};
use store::orders::{OrderNo, OrderRow};
use store::{StoreError, View};

/// Rows of a page that names no number.
const PAGE: u32 = 100;
/// Rows of a page at most.
const PAGE_MAX: u32 = 500;
/// The largest opening cash and transfer: leaves room for exact arithmetic.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

pub(crate) fn list(context: &Context) -> Result<Vec<Account>, RpcError> {
    let ids = active(context)?;
    ids.iter().map(|id| one(context, id)).collect()
}

fn active(context: &Context) -> Result<Vec<AccountId>, RpcError> {
    let all = context.store.reader().read(store::accounts::list).map_err(|e| store_error(&e))?;
    Ok(all.into_iter().filter(|a| a.archived_at.is_none()).map(|a| a.id).collect())
}

/// One account with its figures at the newest marks.
pub(crate) fn one(context: &Context, id: &AccountId) -> Result<Account, RpcError> {
    let (row, broker) = opened(context, id)?;
    let balances = *broker.balances();
    let capital = broker.state().funds.capital().map_err(|_| RpcError::internal())?;
    let open = broker.state().positions.values().filter(|p| p.net.side().is_some()).count();
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
        settings: broker.config().entries().into_iter().collect(),
        created_at: row.created_at.to_string(),
    })
}

fn total_return(equity: Money, capital: Money) -> Option<f64> {
    let ratio = equity.get().checked_div(capital.get())?.checked_sub(Decimal::ONE)?;
    ratio.to_f64()
}

fn opened(context: &Context, id: &AccountId) -> Result<(AccountRow, Broker), RpcError> {
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
        config.set(key, value).map_err(|e| RpcError::invalid(key, format!("{e}.")))?;
    }
    let venue = venue(new.venue.as_deref().unwrap_or("alert"))?;
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

/// Puts an account away; its history stays.
pub(crate) fn archive(context: &Arc<Context>, id: &str) -> Result<(), RpcError> {
    let id = id_or_first(context, Some(id))?;
    ask(context, &Command::Archive { account: id.to_string() }).map(|_| ())
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
        all.extend(held.map(|(symbol, position)| shown_position(&id, symbol, position, broker.config())));
    }
    Ok(all)
}

fn shown_position(
    account: &AccountId,
    symbol: &domain::Symbol,
    position: &paper::Position,
    config: &Config,
) -> Position {
    let instrument = config.instrument(symbol, position.market, position.price_scale);
    let row = books::position_row(account, symbol, position, instrument.multiplier);
    let value = |mark: domain::Price| {
        let product = row.quantity.get().checked_mul(mark.get())?.checked_mul(instrument.multiplier)?;
        product.checked_sub(row.cost.get())
    };
    Position {
        account_id: account.to_string(),
        symbol: symbol.to_string(),
        quantity: row.quantity.to_string(),
        price_average: row.price_average.map_or_else(|| "0".to_owned(), |p| p.to_string()),
        unrealized: row.mark.and_then(value).map(|v| v.normalize().to_string()),
        mark: row.mark.map(|p| p.to_string()),
        mark_at: row.mark_at.map(|t| t.to_string()),
        realized: row.realized.to_string(),
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

fn orders_of(context: &Context, outcome: &Outcome) -> Result<Vec<Order>, RpcError> {
    let ids: Vec<OrderId> = outcome.orders.iter().filter_map(|id| OrderId::parse(id).ok()).collect();
    context
        .store
        .reader()
        .read(|view| {
            let mut orders = Vec::with_capacity(ids.len());
            for id in &ids {
                if let Some(row) = store::orders::get(view, id)? {
                    orders.push(shown_order(view, row)?);
                }
            }
            Ok(orders)
        })
        .map_err(|e| store_error(&e))
}

struct Paged {
    account: Option<AccountId>,
    before: Option<i64>,
    limit: u32,
}

fn paged(context: &Context, query: &PageQuery) -> Result<Paged, RpcError> {
    let named = query.account_id.as_deref().filter(|t| !t.is_empty());
    let account = named.map(|text| id_or_first(context, Some(text))).transpose()?;
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=PAGE_MAX).contains(&limit) {
        return Err(RpcError::invalid("limit", "The limit must be 1 to 500."));
    }
    let cursor = |text: &String| text.parse::<i64>().map_err(|_| store_error(&StoreError::BadCursor));
    Ok(Paged { account, before: query.before.as_ref().map(cursor).transpose()?, limit })
}

pub(crate) fn orders(context: &Context, query: &PageQuery) -> Result<OrderPage, RpcError> {
    let page = paged(context, query)?;
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    context
        .store
        .reader()
        .read(|view| {
            let before = page.before.map(OrderNo::new);
            let mut rows = store::orders::list(view, page.account.as_ref(), before, page.limit + 1)?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = if more { rows.last().map(|r| r.no.get().to_string()) } else { None };
            let orders = rows.into_iter().map(|row| shown_order(view, row)).collect::<Result<_, _>>()?;
            Ok(OrderPage { orders, next })
        })
        .map_err(|e| store_error(&e))
}

pub(crate) fn fills(context: &Context, query: &PageQuery) -> Result<FillPage, RpcError> {
    let page = paged(context, query)?;
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let before = page.before.map(FillNo::new);
    let mut rows = context
        .store
        .reader()
        .read(|view| store::fills::list(view, page.account.as_ref(), before, page.limit + 1))
        .map_err(|e| store_error(&e))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(|r| r.no.get().to_string()) } else { None };
    Ok(FillPage { fills: rows.into_iter().map(shown_fill).collect(), next })
}

/// A fill with how its price came about.
pub(crate) fn shown_fill(row: FillRow) -> Fill {
    Fill {
        id: row.id.to_string(),
        order_id: row.order_id.to_string(),
        signal_id: row.signal_id.map(|id| id.to_string()),
        symbol: row.symbol.to_string(),
        side: row.side.as_str().to_owned(),
        quantity: row.quantity.to_string(),
        price: row.price.to_string(),
        fee: row.fee.to_string(),
        liquidity: row.liquidity,
        at: row.at.to_string(),
        why: serde_json::from_str::<FillWhy>(&row.why).unwrap_or_default(),
    }
}

/// An order with the average price of its fills.
pub(crate) fn shown_order(view: &View, row: OrderRow) -> Result<Order, StoreError> {
    let fills = store::fills::of_order(view, &row.id)?;
    let parts = fills.iter().map(|f| (f.quantity.get(), f.price.get()));
    Ok(Order {
        price_average: average(parts),
        id: row.id.to_string(),
        signal_id: row.signal_id.map(|id| id.to_string()),
        account_id: row.account_id.to_string(),
        symbol: row.symbol.to_string(),
        side: row.side.as_str().to_owned(),
        kind: row.order_type.as_str().to_owned(),
        quantity: row.quantity.to_string(),
        filled: row.filled.to_string(),
        limit: row.limit.map(|p| p.to_string()),
        stop: row.stop.map(|p| p.to_string()),
        status: row.status.as_str().to_owned(),
        reason_code: row.reason_code.map(|c| c.as_str().to_owned()),
        reduce_only: row.reduce_only,
        parent_id: row.parent_id.map(|id| id.to_string()),
        created_at: row.created_at.to_string(),
    })
}

/// Quantity-weighted average price; nothing without fills.
fn average(parts: impl Iterator<Item = (Decimal, Decimal)> + Clone) -> Option<String> {
    let mut all = parts.clone();
    if let (Some((_, price)), None) = (all.next(), all.next()) {
        return Some(price.to_string());
    }
    let mut quantity = Decimal::ZERO;
    let mut worth = Decimal::ZERO;
    for (q, p) in parts {
        quantity = quantity.checked_add(q)?;
        worth = worth.checked_add(q.checked_mul(p)?)?;
    }
    worth.checked_div(quantity).map(|p| p.normalize().to_string())
}

/// Notes an order of a trial run.
pub(crate) fn upsert_order(orders: &mut Vec<Order>, account: &AccountId, order: &paper::Order) {
    let shown = Order {
        id: order.id.to_string(),
        signal_id: order.client_id.origin.signal().map(ToString::to_string),
        account_id: account.to_string(),
        symbol: order.symbol.to_string(),
        side: order.side.as_str().to_owned(),
        kind: order.kind.as_str().to_owned(),
        quantity: order.quantity.to_string(),
        filled: order.filled.to_string(),
        price_average: None,
        limit: order.limit.map(|p| p.to_string()),
        stop: order.stop.map(|p| p.to_string()),
        status: order.status.as_str().to_owned(),
        reason_code: order.status.reason().map(str::to_owned),
        reduce_only: order.reduce_only,
        parent_id: order.parent.as_ref().map(ToString::to_string),
        created_at: order.created_at.to_string(),
    };
    match orders.iter_mut().find(|o| o.id == shown.id) {
        Some(known) => *known = Order { price_average: known.price_average.take(), ..shown },
        None => orders.push(shown),
    }
}

/// Notes a fill of a trial run; market orders are filled once.
pub(crate) fn note_fill(orders: &mut [Order], fill: &paper::Fill) {
    if let Some(order) = orders.iter_mut().find(|o| o.id == fill.order_id.as_str()) {
        order.price_average = Some(fill.price.to_string());
    }
}
