//! Exits: how much of a position, and by what order.

use super::bracket::on_tick;
use super::decide::origin;
use super::draft::Draft;
use super::place::Ticket;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::input::SignalInput;
use crate::intent::ExitAmount;
use crate::order::CancelReason;
use crate::sizing::{self, Cost, Purse};
use domain::{OrderRequest, OrderType, Price, Quantity, ReasonCode, Side, Verdict};
use rust_decimal::Decimal;

impl Draft<'_> {
    /// Places the exit of a signal as its order asks.
    pub(super) fn exit(
        &mut self,
        input: &SignalInput,
        amount: ExitAmount,
        checks: &mut CheckList,
    ) -> Result<(), Reason> {
        self.leave_by(input, &input.signal.order, amount, false, checks)
    }

    /// Closes everything at the market, for a position that is turned round: what rests is cancelled first.
    pub(super) fn close_to_turn(
        &mut self,
        input: &SignalInput,
        checks: &mut CheckList,
    ) -> Result<(), Reason> {
        self.leave_by(input, &OrderRequest::MARKET, ExitAmount::All, true, checks)
    }

    fn leave_by(
        &mut self,
        input: &SignalInput,
        request: &OrderRequest,
        amount: ExitAmount,
        turns: bool,
        checks: &mut CheckList,
    ) -> Result<(), Reason> {
        let Some(open) = self.now.position.net.side() else {
            return Err(checks.fail(CheckName::Position, Reason::bare(ReasonCode::NoPosition)));
        };
        let concerns_exits = |verdict: &Verdict| !turns && !matches!(verdict, Verdict::DenyEntries(_));
        if let Some(verdict) = input.verdict.filter(concerns_exits) {
            checks.judge(CheckName::Pipeline, super::entry::pipeline(verdict))?;
        }
        self.see_levels(input);
        self.order_tick(request, checks)?;
        let expected = self.expected(request, open.exit());
        let expected = expected.map_err(|reason| checks.fail(CheckName::Quantity, reason))?;
        let quantity = self.exit_quantity(input, open, amount, expected, checks)?;
        if request.kind != OrderType::Market {
            self.room_to_rest(checks)?;
        }
        if turns {
            self.cancel_all(|_| true, CancelReason::ReplacedByReversal)
                .map_err(|overflow| checks.fail(CheckName::Quantity, overflow.into()))?;
        }
        let ticket = Ticket::of(request, open.exit(), quantity, expected, true);
        self.place(&origin(input), 1, &ticket)
            .map_err(|overflow| checks.fail(CheckName::Quantity, overflow.into()))
    }

    /// The prices that an order names are on the tick.
    pub(super) fn order_tick(&self, request: &OrderRequest, checks: &mut CheckList) -> Result<(), Reason> {
        let tick = self.now.instrument.tick;
        let named = match request.kind {
            OrderType::Market => [None, None],
            OrderType::Limit => [request.limit, None],
            OrderType::Stop => [request.stop, None],
            OrderType::StopLimit => [request.limit, request.stop],
            OrderType::TrailingStop => [request.activation, None],
        };
        for price in named.into_iter().flatten() {
            checks.judge(CheckName::Tick, on_tick(price, tick).map(|()| Passed::with(tick, price)))?;
        }
        Ok(())
    }

    fn exit_quantity(
        &self,
        input: &SignalInput,
        open: Side,
        amount: ExitAmount,
        expected: Price,
        checks: &mut CheckList,
    ) -> Result<Quantity, Reason> {
        let instrument = &self.now.instrument;
        let judged = (|| {
            let cost = Cost::of(&self.broker.config, instrument, open, expected);
            let units = sizing::exit_units(amount, &self.purse(input, None), &cost)?;
            Ok((units, cost.notional(units)?))
        })();
        let (units, notional): (Decimal, Decimal) = match judged {
            Ok(judged) => judged,
            Err(reason) => return Err(super::entry::fail_sizing(reason, checks)),
        };
        // What closes everything may be as small as it is.
        let whole = units == self.now.position.net.magnitude().get();
        let min_qty = if whole { Decimal::ZERO } else { instrument.min_qty };
        checks.judge(CheckName::Quantity, at_least(units, min_qty))?;
        let min_notional = if whole { Decimal::ZERO } else { instrument.min_notional };
        checks.judge(CheckName::Notional, worth_at_least(notional, min_notional))?;
        Quantity::new(units).ok_or_else(|| Reason::bare(ReasonCode::QuantityBelowMinimum))
    }

    /// What sizes are measured against.
    pub(super) fn purse(&self, input: &SignalInput, stop_distance: Option<Decimal>) -> Purse {
        let balances = &self.now.balances;
        Purse {
            equity: balances.equity.get(),
            available: balances.available.get(),
            net: self.now.position.net,
            leverage: input.signal.leverage.unwrap_or(Decimal::ONE),
            stop_distance,
        }
    }
}

pub(super) fn at_least(units: Decimal, min: Decimal) -> Result<Passed, Reason> {
    if units <= Decimal::ZERO || units < min {
        Err(Reason::with(ReasonCode::QuantityBelowMinimum, min, units))
    } else {
        Ok(Passed::with(min, units))
    }
}

pub(super) fn worth_at_least(notional: Decimal, min: Decimal) -> Result<Passed, Reason> {
    if notional < min {
        Err(Reason::with(ReasonCode::NotionalBelowMinimum, min, notional))
    } else {
        Ok(Passed::with(min, notional))
    }
}
