//! Orders, fills and round trips.

use super::accounts::id_or_first;
use super::store_error;
use crate::context::Context;
use crate::order_desk::{Command, Outcome, ask};
use crate::wire::{
    Fill, FillPage, FillWhy, Measure, Order, OrderPage, OrderQuery, OrderRef, PageQuery, RpcError, Trade,
    TradePage, TradeQuery,
};
use domain::{AccountId, OrderId, WebhookId};
use paper::{ClientOrderId, ExitReason, ExitReasons, Role};
use rust_decimal::Decimal;
use std::sync::Arc;
use store::fills::{FillNo, FillRow};
use store::orders::{OrderNo, OrderRow};
use store::trades::{TradeFilter, TradeNo, TradeRow};
use store::{StoreError, View};

/// Rows of a page that names no number.
const PAGE: u32 = 100;
/// Rows of a page at most.
const PAGE_MAX: u32 = 500;

/// The orders that a command made or changed.
pub(crate) fn orders_of(context: &Context, outcome: &Outcome) -> Result<Vec<Order>, RpcError> {
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

/// Cancels a live order; what it held back goes with it.
pub(crate) fn cancel(context: &Arc<Context>, which: &OrderRef) -> Result<Order, RpcError> {
    let unknown = || RpcError::not_found("order", &which.id);
    let id = OrderId::parse(&which.id).map_err(|_| unknown())?;
    let read = || context.store.reader().read(|view| store::orders::get(view, &id));
    let row = read().map_err(|e| store_error(&e))?.ok_or_else(unknown)?;
    ask(context, &Command::Cancel { account: row.account_id.to_string(), order: id.to_string() })?;
    let outcome = Outcome { orders: vec![id.to_string()] };
    orders_of(context, &outcome)?.into_iter().next().ok_or_else(unknown)
}

struct Paged {
    account: Option<AccountId>,
    before: Option<i64>,
    limit: u32,
}

impl Paged {
    fn of(
        context: &Context,
        account: Option<&String>,
        limit: Option<u32>,
        before: Option<&String>,
    ) -> Result<Self, RpcError> {
        let named = account.filter(|t| !t.is_empty());
        let account = named.map(|text| id_or_first(context, Some(text))).transpose()?;
        let limit = limit.unwrap_or(PAGE);
        if !(1..=PAGE_MAX).contains(&limit) {
            return Err(RpcError::invalid("limit", "The limit must be 1 to 500."));
        }
        let cursor = |text: &String| text.parse::<i64>().map_err(|_| store_error(&StoreError::BadCursor));
        Ok(Self { account, before: before.map(cursor).transpose()?, limit })
    }

    /// One more than wanted, to see whether there is another page.
    fn ask_for(&self) -> u32 {
        self.limit.saturating_add(1)
    }

    /// The page, and the cursor of the next one where there is more.
    fn cut<T>(&self, rows: &mut Vec<T>, no: impl Fn(&T) -> i64) -> Option<String> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if more { rows.last().map(|row| no(row).to_string()) } else { None }
    }
}

pub(crate) fn list(context: &Context, query: &OrderQuery) -> Result<OrderPage, RpcError> {
    let page = Paged::of(context, query.account_id.as_ref(), query.limit, query.before.as_ref())?;
    context
        .store
        .reader()
        .read(|view| {
            let (rows, next) = if query.live == Some(true) {
                (live_rows(view, page.account.as_ref())?, None)
            } else {
                let before = page.before.map(OrderNo::new);
                let mut rows = store::orders::list(view, page.account.as_ref(), before, page.ask_for())?;
                let next = page.cut(&mut rows, |row| row.no.get());
                (rows, next)
            };
            let orders = rows.into_iter().map(|row| shown_order(view, row)).collect::<Result<_, _>>()?;
            Ok(OrderPage { orders, next })
        })
        .map_err(|e| store_error(&e))
}

/// The live orders of one account or of all, newest first.
fn live_rows(view: &View, account: Option<&AccountId>) -> Result<Vec<OrderRow>, StoreError> {
    let accounts = match account {
        Some(id) => vec![id.clone()],
        None => store::accounts::list(view)?.into_iter().map(|row| row.id).collect(),
    };
    let mut rows = Vec::new();
    for id in &accounts {
        rows.extend(store::orders::live(view, id)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.no));
    Ok(rows)
}

pub(crate) fn fills(context: &Context, query: &PageQuery) -> Result<FillPage, RpcError> {
    let page = Paged::of(context, query.account_id.as_ref(), query.limit, query.before.as_ref())?;
    let before = page.before.map(FillNo::new);
    let mut rows = context
        .store
        .reader()
        .read(|view| store::fills::list(view, page.account.as_ref(), before, page.ask_for()))
        .map_err(|e| store_error(&e))?;
    let next = page.cut(&mut rows, |row| row.no.get());
    Ok(FillPage { fills: rows.into_iter().map(shown_fill).collect(), next })
}

pub(crate) fn trades(context: &Context, query: &TradeQuery) -> Result<TradePage, RpcError> {
    let page = Paged::of(context, query.account_id.as_ref(), query.limit, query.before.as_ref())?;
    let webhook = query.webhook_id.as_deref().filter(|t| !t.is_empty()).map(webhook_id).transpose()?;
    let filter = TradeFilter { account: page.account.as_ref(), webhook: webhook.as_ref() };
    let before = page.before.map(TradeNo::new);
    let mut rows = context
        .store
        .reader()
        .read(|view| store::trades::list(view, filter, before, page.ask_for()))
        .map_err(|e| store_error(&e))?;
    let next = page.cut(&mut rows, |row| row.no.get());
    Ok(TradePage { trades: rows.into_iter().map(shown_trade).collect(), next })
}

pub(crate) fn webhook_id(text: &str) -> Result<WebhookId, RpcError> {
    WebhookId::parse(text).map_err(|_| RpcError::not_found("webhook", text))
}

/// A fill with how its price came about.
pub(crate) fn shown_fill(row: FillRow) -> Fill {
    Fill {
        id: row.id.to_string(),
        order_id: row.order_id.to_string(),
        signal_id: row.signal_id.map(|id| id.to_string()),
        account_id: row.account_id.to_string(),
        symbol: row.symbol.to_string(),
        side: row.side.as_str().to_owned(),
        quantity: row.quantity.to_string(),
        price: row.price.to_string(),
        fee: row.fee.to_string(),
        realized: row.realized.to_string(),
        liquidity: row.liquidity,
        at: row.at.to_string(),
        why: serde_json::from_str::<FillWhy>(&row.why).unwrap_or_default(),
    }
}

/// A round trip.
fn shown_trade(row: TradeRow) -> Trade {
    let exits = ExitReasons::parse(&row.exits).unwrap_or_default();
    Trade {
        id: format!("trd_{}", row.closed_by.as_str().trim_start_matches("ord_")),
        account_id: row.account_id.to_string(),
        webhook_id: row.webhook_id.map(|id| id.to_string()),
        signal_id: row.signal_id.map(|id| id.to_string()),
        symbol: row.symbol.to_string(),
        direction: row.direction.to_string(),
        quantity_max: row.quantity_max.to_string(),
        price_entry: row.price_entry,
        price_exit: row.price_exit,
        gross: row.gross.to_string(),
        fees: row.fees.to_string(),
        net: row.net.to_string(),
        risk: row.risk.map(|m| m.to_string()),
        r: row.r,
        mae: row.mae.to_string(),
        mfe: row.mfe.to_string(),
        bars: row.bars,
        exit_reasons: exits.iter().map(ExitReason::as_str).map(str::to_owned).collect(),
        opened_at: row.opened_at.to_string(),
        closed_at: row.closed_at.to_string(),
        opened_by: row.opened_by.to_string(),
        closed_by: row.closed_by.to_string(),
    }
}

/// An order with the average price of its fills.
pub(crate) fn shown_order(view: &View, row: OrderRow) -> Result<Order, StoreError> {
    let fills = store::fills::of_order(view, &row.id)?;
    let parts = fills.iter().map(|f| (f.quantity.get(), f.price.get()));
    let average = average(parts);
    Ok(Order { price_average: average, ..shown_row(row) })
}

fn shown_row(row: OrderRow) -> Order {
    let role = ClientOrderId::parse(&row.client_order_id).map_or(Role::Main, |id| id.role);
    let (role, label) = match role {
        Role::Main => ("main".to_owned(), row.number.to_string()),
        Role::TakeProfit(_) | Role::StopLoss => (role.to_string(), format!("{} {role}", row.number)),
    };
    Order {
        id: row.id.to_string(),
        signal_id: row.signal_id.map(|id| id.to_string()),
        account_id: row.account_id.to_string(),
        symbol: row.symbol.to_string(),
        side: row.side.as_str().to_owned(),
        kind: row.order_type.as_str().to_owned(),
        quantity: row.quantity.to_string(),
        filled: row.filled.to_string(),
        price_average: None,
        limit: row.limit.map(|p| p.to_string()),
        stop: row.stop.map(|p| p.to_string()),
        trail: row.trail.map(Measure::of_trail),
        activation: row.activation.map(|p| p.to_string()),
        watermark: row.watermark.map(|p| p.to_string()),
        time_in_force: row.time_in_force.as_str().to_owned(),
        expires_at: row.expires_at.map(|t| t.to_string()),
        waits_for_alert: row.waits_for_alert,
        live: !row.status.is_done(),
        status: row.status.as_str().to_owned(),
        reason_code: row.reason_code,
        reduce_only: row.reduce_only,
        parent_id: row.parent_id.map(|id| id.to_string()),
        number: row.number,
        role,
        label,
        created_at: row.created_at.to_string(),
        updated_at: row.updated_at.to_string(),
    }
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

/// An order of a trial run, which has no row.
pub(crate) fn tried_order(account: &AccountId, order: &paper::Order) -> Order {
    shown_row(crate::books::order_row(account, None, order))
}

/// Notes a fill of a trial run; an order is filled at once.
pub(crate) fn note_fill(orders: &mut [Order], fill: &paper::Fill) {
    if let Some(order) = orders.iter_mut().find(|o| o.id == fill.order_id.as_str()) {
        order.price_average = Some(fill.price.to_string());
    }
}
