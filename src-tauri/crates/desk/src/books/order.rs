//! Orders of the broker and their rows.

use domain::{AccountId, WebhookId};
use paper::{ClientOrderId, Order, OrderStatus, Trailing};
use store::orders::{OrderNo, OrderRow, OrderStatus as Stored};

/// The row of an order as it now is.
pub(crate) fn order_row(account: &AccountId, webhook: Option<&WebhookId>, order: &Order) -> OrderRow {
    OrderRow {
        no: OrderNo::new(0),
        id: order.id.clone(),
        number: order.number,
        client_order_id: order.client_id.to_string(),
        signal_id: order.client_id.origin.signal().cloned(),
        webhook_id: webhook.cloned(),
        account_id: account.clone(),
        symbol: order.symbol.clone(),
        side: order.side,
        order_type: order.kind,
        time_in_force: order.time_in_force,
        quantity: order.quantity,
        filled: order.filled,
        limit: order.limit,
        stop: order.stop,
        trail: order.trailing.map(|t| t.trail),
        activation: order.trailing.and_then(|t| t.activation),
        watermark: order.trailing.and_then(|t| t.watermark),
        expires_at: order.expires_at,
        price_expected: order.price_expected,
        waits_for_alert: order.waits_for_alert,
        status: stored_status(order.status),
        reason_code: order.status.reason().map(str::to_owned),
        reduce_only: order.reduce_only,
        parent_id: order.parent.clone(),
        created_at: order.created_at,
        working_since: order.working_since,
        updated_at: order.updated_at,
    }
}

/// The order that a row keeps.
pub(super) fn read(row: &OrderRow) -> Result<Order, String> {
    let client_id = ClientOrderId::parse(&row.client_order_id)
        .ok_or_else(|| format!("{:?} names no order", row.client_order_id))?;
    let status = OrderStatus::parse(row.status.as_str(), row.reason_code.as_deref())
        .ok_or_else(|| format!("{:?} is no status", row.status))?;
    Ok(Order {
        id: row.id.clone(),
        client_id,
        number: row.number,
        symbol: row.symbol.clone(),
        side: row.side,
        kind: row.order_type,
        quantity: row.quantity,
        filled: row.filled,
        limit: row.limit,
        stop: row.stop,
        trailing: row.trail.map(|trail| Trailing {
            trail,
            activation: row.activation,
            watermark: row.watermark,
        }),
        time_in_force: row.time_in_force,
        expires_at: row.expires_at,
        reduce_only: row.reduce_only,
        parent: row.parent_id.clone(),
        price_expected: row.price_expected,
        waits_for_alert: row.waits_for_alert,
        status,
        created_at: row.created_at,
        working_since: row.working_since,
        updated_at: row.updated_at,
    })
}

/// A new order is never written: it is working or terminal by the time its input is done.
fn stored_status(status: OrderStatus) -> Stored {
    match status {
        OrderStatus::New | OrderStatus::Working => Stored::Working,
        OrderStatus::Triggered => Stored::Triggered,
        OrderStatus::PartiallyFilled => Stored::PartiallyFilled,
        OrderStatus::Filled => Stored::Filled,
        OrderStatus::Held => Stored::Held,
        OrderStatus::Rejected(_) => Stored::Rejected,
        OrderStatus::Cancelled(_) => Stored::Cancelled,
        OrderStatus::Expired => Stored::Expired,
    }
}
