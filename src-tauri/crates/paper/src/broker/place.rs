//! Orders that passed all checks: numbered, put beside the others with their brackets, and matched for the first time.

use super::draft::Draft;
use crate::exact::Overflow;
use crate::order::{ClientOrderId, Order, OrderEvent, OrderStatus, Origin, Role, Trailing};
use crate::price::Seen;
use domain::{OrderRequest, OrderSide, OrderType, Price, Quantity, TimeInForce, Trail};

/// An order that is to be placed.
#[derive(Debug, Clone)]
pub(super) struct Ticket {
    pub(super) kind: OrderType,
    pub(super) side: OrderSide,
    pub(super) quantity: Quantity,
    pub(super) limit: Option<Price>,
    pub(super) stop: Option<Price>,
    pub(super) trail: Option<Trail>,
    pub(super) activation: Option<Price>,
    pub(super) time_in_force: TimeInForce,
    pub(super) reduce_only: bool,
    pub(super) price_expected: Price,
    pub(super) children: Vec<Child>,
}

/// A leg of a bracket that is to be placed.
#[derive(Debug, Clone)]
pub(super) struct Child {
    pub(super) role: Role,
    pub(super) kind: OrderType,
    pub(super) quantity: Quantity,
    pub(super) limit: Option<Price>,
    pub(super) stop: Option<Price>,
    pub(super) trail: Option<Trail>,
}

impl Ticket {
    /// A market order, or one without levels, that only takes from a position.
    pub(super) fn exit(kind: OrderType, side: OrderSide, quantity: Quantity, price_expected: Price) -> Self {
        Self {
            kind,
            side,
            quantity,
            limit: None,
            stop: None,
            trail: None,
            activation: None,
            time_in_force: TimeInForce::Gtc,
            reduce_only: true,
            price_expected,
            children: Vec::new(),
        }
    }

    /// The order that a message asks for.
    pub(super) fn of(
        request: &OrderRequest,
        side: OrderSide,
        quantity: Quantity,
        price_expected: Price,
        reduce_only: bool,
    ) -> Self {
        let (limited, stopped, trails) = match request.kind {
            OrderType::Market => (false, false, false),
            OrderType::Limit => (true, false, false),
            OrderType::Stop => (false, true, false),
            OrderType::StopLimit => (true, true, false),
            OrderType::TrailingStop => (false, false, true),
        };
        Self {
            limit: request.limit.filter(|_| limited),
            stop: request.stop.filter(|_| stopped),
            trail: request.trail.filter(|_| trails),
            activation: request.activation.filter(|_| trails),
            time_in_force: request.time_in_force.unwrap_or(TimeInForce::Gtc),
            reduce_only,
            ..Self::exit(request.kind, side, quantity, price_expected)
        }
    }
}

impl Draft<'_> {
    /// Places an order and its bracket, and fills what can be filled at once.
    pub(super) fn place(&mut self, origin: &Origin, leg: u16, ticket: &Ticket) -> Result<(), Overflow> {
        let index = self.enlist(origin, leg, ticket);
        // A market order reserves nothing: it is filled in this very step.
        if ticket.kind != OrderType::Market {
            self.settle()?;
        }
        self.arrive(index)
    }

    /// Puts an order and its held children at the end of the list.
    pub(super) fn enlist(&mut self, origin: &Origin, leg: u16, ticket: &Ticket) -> usize {
        self.now.orders_placed += 1;
        if !ticket.reduce_only {
            self.now.risk.orders_today = self.now.risk.orders_today.saturating_add(1);
        }
        let client_id = ClientOrderId { origin: origin.clone(), leg, role: Role::Main };
        let mut order = self.blank(client_id, ticket);
        order.step(OrderEvent::Accept, self.at);
        let parent = order.id.clone();
        let children: Vec<Order> =
            ticket.children.iter().map(|child| self.child(&order, &parent, child)).collect();
        let orders = self.now.orders.to_mut();
        orders.reserve_exact(1 + children.len());
        let index = orders.len();
        orders.push(order);
        orders.extend(children);
        index
    }

    fn blank(&self, client_id: ClientOrderId, ticket: &Ticket) -> Order {
        let observation = self.now.position.observation;
        Order {
            id: client_id.order_id(),
            client_id,
            number: self.now.orders_placed,
            symbol: self.symbol.clone(),
            side: ticket.side,
            kind: ticket.kind,
            quantity: ticket.quantity,
            filled: Quantity::ZERO,
            limit: ticket.limit,
            stop: ticket.stop,
            trailing: trailing(ticket.trail, ticket.activation),
            time_in_force: ticket.time_in_force,
            expires_at: (ticket.time_in_force == TimeInForce::Day)
                .then(|| self.broker.day_order_ends(self.at)),
            reduce_only: ticket.reduce_only,
            parent: None,
            price_expected: ticket.price_expected,
            waits_for_alert: observation.is_some_and(|seen| matches!(seen.seen, Seen::Alert(_))),
            status: OrderStatus::New,
            created_at: self.at,
            working_since: self.working_since,
            updated_at: self.at,
        }
    }

    fn child(&self, entry: &Order, parent: &domain::OrderId, child: &Child) -> Order {
        let client_id = ClientOrderId { role: child.role, ..entry.client_id.clone() };
        let mut order = Order {
            id: client_id.order_id(),
            client_id,
            side: entry.side.opposite(),
            kind: child.kind,
            quantity: child.quantity,
            limit: child.limit,
            stop: child.stop,
            trailing: trailing(child.trail, None),
            time_in_force: TimeInForce::Gtc,
            expires_at: None,
            reduce_only: true,
            parent: Some(parent.clone()),
            price_expected: child.limit.or(child.stop).unwrap_or(entry.price_expected),
            status: OrderStatus::New,
            ..entry.clone()
        };
        order.step(OrderEvent::Hold, self.at);
        order
    }
}

fn trailing(trail: Option<Trail>, activation: Option<Price>) -> Option<Trailing> {
    trail.map(|trail| Trailing { trail, activation, watermark: None })
}
