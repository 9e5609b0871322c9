//! What a run keeps of the broker's events: totals always, everything that a snapshot shows when one is wanted.

use crate::wire::scenario::OrderName;
use crate::wire::{Figures, FillSeen, Snapshot, Summary, TradeSeen};
use domain::{OrderId, ReasonCode, SignalStatus, Symbol};
use paper::{Broker, Event, ExitReason, Order, Trade};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::{BTreeMap, HashMap};

/// Counts of what happened.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) steps: u64,
    pub(super) signals: u64,
    executed: u64,
    rejected: u64,
    reasons: BTreeMap<ReasonCode, u64>,
    fills: u64,
    trades: u64,
}

impl Totals {
    /// Counts a signal that no message could be.
    pub(super) fn refused(&mut self, code: ReasonCode) {
        self.rejected += 1;
        *self.reasons.entry(code).or_default() += 1;
    }

    /// Counts an event.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Filled(_) => self.fills += 1,
            Event::Trade(_) => self.trades += 1,
            Event::Decided(decision) => {
                if decision.status == SignalStatus::Executed {
                    self.executed += 1;
                } else {
                    self.rejected += 1;
                }
                if let Some(reason) = &decision.reason {
                    *self.reasons.entry(reason.code).or_default() += 1;
                }
            }
            Event::Order(_)
            | Event::Posted(_)
            | Event::Position { .. }
            | Event::Balances { .. }
            | Event::Liquidated { .. }
            | Event::CommandDenied { .. }
            | Event::InputRefused { .. } => {}
        }
    }

    pub(super) fn summary(self, id: Option<String>, orders: u64, figures: Figures) -> Summary {
        Summary {
            id,
            steps: self.steps,
            signals: self.signals,
            executed: self.executed,
            rejected: self.rejected,
            reasons: self.reasons.into_iter().map(|(code, count)| (code.as_str(), count)).collect(),
            orders,
            fills: self.fills,
            trades: self.trades,
            figures,
        }
    }
}

/// Everything that a snapshot shows.
#[derive(Debug, Default)]
pub(super) struct Record {
    fills: Vec<FillSeen>,
    /// Names and statuses in the order of the first telling.
    orders: Vec<(OrderName, String)>,
    places: HashMap<OrderId, usize>,
    signals: Vec<String>,
    trades: Vec<TradeSeen>,
}

impl Record {
    /// Keeps a signal that no message could be.
    pub(super) fn refused(&mut self, code: ReasonCode) {
        self.signals.push(with_reason(SignalStatus::Rejected.as_str(), Some(code.as_str())));
    }

    /// Keeps the events of one input.
    pub(super) fn note(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::Order(order) => self.order(order),
                Event::Filled(fill) => self.fills.push(FillSeen {
                    order: self.name(&fill.order_id),
                    side: fill.side.as_str(),
                    qty: fill.quantity.to_string(),
                    price: fill.price.to_string(),
                    fee: fill.fee.to_string(),
                    liquidity: fill.liquidity.as_str(),
                    t: fill.at.as_millis(),
                }),
                Event::Trade(trade) => self.trades.push(seen(trade)),
                Event::Decided(decision) => {
                    let reason = decision.reason.as_ref().map(|reason| reason.code.as_str());
                    self.signals.push(with_reason(decision.status.as_str(), reason));
                }
                Event::Posted(_)
                | Event::Position { .. }
                | Event::Balances { .. }
                | Event::Liquidated { .. }
                | Event::CommandDenied { .. }
                | Event::InputRefused { .. } => {}
            }
        }
    }

    fn order(&mut self, order: &Order) {
        let status = with_reason(order.status.as_str(), order.status.reason());
        match self.places.get(&order.id).and_then(|place| self.orders.get_mut(*place)) {
            Some(known) => known.1 = status,
            None => {
                self.places.insert(order.id.clone(), self.orders.len());
                self.orders.push((OrderName { number: order.number, role: order.client_id.role }, status));
            }
        }
    }

    fn name(&self, id: &OrderId) -> String {
        let known = self.places.get(id).and_then(|place| self.orders.get(*place));
        known.map_or_else(|| id.to_string(), |(name, _)| name.to_string())
    }

    pub(super) fn snapshot(mut self, id: Option<String>, figures: Figures) -> Snapshot {
        self.orders.sort_by_key(|(name, _)| (name.number, name.role));
        Snapshot {
            id,
            figures,
            fills: self.fills,
            orders: self.orders.into_iter().map(|(name, status)| (name.to_string(), status)).collect(),
            signals: self.signals,
            trades: self.trades,
        }
    }
}

/// The account's figures now.
pub(super) fn figures(broker: &Broker, symbol: &Symbol) -> Figures {
    let balances = broker.balances();
    let position = broker.state().positions.get(symbol);
    let average = position.and_then(|p| p.price_average(broker.instrument(symbol).multiplier));
    Figures {
        position: position.map_or_else(|| "0".to_owned(), |p| p.net.to_string()),
        avg_price: average.map_or_else(|| "0".to_owned(), shown),
        cash: balances.cash.to_string(),
        equity: balances.equity.to_string(),
        balance: balances.balance.to_string(),
        available: balances.available.to_string(),
        realized_gross: balances.realized_gross.to_string(),
        unrealized: balances.unrealized.to_string(),
        fees: balances.fees.to_string(),
    }
}

fn seen(trade: &Trade) -> TradeSeen {
    TradeSeen {
        dir: trade.direction.as_str(),
        gross: trade.gross.to_string(),
        fees: trade.fees.to_string(),
        net: trade.net.to_string(),
        max_qty: trade.quantity_max.to_string(),
        mae: trade.mae.to_string(),
        mfe: trade.mfe.to_string(),
        entry_price: shown(trade.price_entry),
        exit_price: shown(trade.price_exit),
        r: trade.r.map(shown),
        bars: trade.bars,
        opened: trade.opened_at.as_millis(),
        closed: trade.closed_at.as_millis(),
        exits: trade.exits.iter().map(ExitReason::as_str).collect(),
    }
}

/// A quotient, which may have more digits than anybody reads.
fn shown(quotient: Decimal) -> String {
    quotient.round_dp_with_strategy(8, RoundingStrategy::MidpointNearestEven).normalize().to_string()
}

fn with_reason(status: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("{status}:{reason}"),
        None => status.to_owned(),
    }
}
