//! Where an account holds something else than the strategy whose alerts it follows says: after an alert that was
//! missed or denied, a trade by hand, a reset. Pure; the driver notes it on the signal, `rpc` shows it on the webhook.

use crate::turn::Turn;
use domain::{Intent, NetQuantity, SellMode, Signal, SizeUnit};
use paper::Broker;
use rust_decimal::Decimal;
use store::stated_positions::StatedPosition;

/// The name under which a decision keeps what the strategy said it held before its order.
pub(crate) const STATED: &str = "drift_stated";
/// The name under which it keeps what the account held then.
pub(crate) const HELD: &str = "drift_held";

/// What a signal says of its strategy's position.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// The position after its order, to be remembered.
    pub(crate) stated: Option<StatedPosition>,
    /// The position before its order and what the account holds, where they differ.
    pub(crate) drift: Option<(NetQuantity, NetQuantity)>,
}

/// What a signal says of its strategy's position, before it is decided. Tests and what is sent again by hand say
/// nothing, nor does an alert that a later one has overtaken.
pub(crate) fn hear(turn: &Turn, signal: &Signal, mode: SellMode, broker: &Broker) -> Heard {
    let own = &turn.signal;
    if own.by_hand || signal.test || turn.superseded_by.is_some() {
        return Heard::default();
    }
    let sized = is_sized(signal, mode);
    let stated = signal.target_position.map(|position| StatedPosition {
        webhook_id: own.webhook.clone(),
        symbol: signal.symbol.clone(),
        strategy: signal.strategy.clone().unwrap_or_default(),
        previous: signal.previous_position,
        position,
        sized,
        signal_id: own.id.clone(),
        fired_at: signal.alert_time,
        heard_at: own.received_at,
    });
    let drift = signal.previous_position.and_then(|before| {
        let held =
            broker.state().positions.get(&signal.symbol).map_or(NetQuantity::new(Decimal::ZERO), |p| p.net);
        let step = broker.instrument(&signal.symbol).step;
        differs(before, held, sized, step).then_some((before, held))
    });
    Heard { stated, drift }
}

/// Whether the strategy's sizes are the account's too: where it trades to the position stated, or by the quantity that
/// the message names. Otherwise webhook or account say how much an entry is, and only sides can be compared.
fn is_sized(signal: &Signal, mode: SellMode) -> bool {
    let by_quantity = signal.size.is_some_and(|size| match size.unit {
        SizeUnit::Base | SizeUnit::Contracts | SizeUnit::Lots => true,
        SizeUnit::Quote
        | SizeUnit::Margin
        | SizeUnit::PercentEquity
        | SizeUnit::PercentAvailable
        | SizeUnit::PercentPosition
        | SizeUnit::RiskQuote
        | SizeUnit::RiskPercent => false,
    });
    mode == SellMode::Target || signal.intent == Intent::Target || by_quantity
}

/// Whether two positions differ: in their sides, or by a tradable step where their sizes can be compared.
pub(crate) fn differs(stated: NetQuantity, held: NetQuantity, sized: bool, step: Decimal) -> bool {
    let apart =
        || stated.get().checked_sub(held.get()).is_none_or(|by| by.abs() >= step.max(Decimal::new(1, 28)));
    stated.side() != held.side() || sized && apart()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Side, Size, Symbol, parse_decimal};

    #[test]
    fn positions_differ_by_side_and_where_they_can_be_compared_by_size() {
        let check = |stated: &str, held: &str, sized: bool, expected: bool| {
            let net = |text: &str| NetQuantity::new(parse_decimal(text).unwrap());
            let step = parse_decimal("0.01").unwrap();
            assert_eq!(
                differs(net(stated), net(held), sized, step),
                expected,
                "{stated} and {held}, {sized}"
            );
        };
        for sized in [true, false] {
            check("0", "0", sized, false);
            check("0.00", "0", sized, false);
            check("1", "0", sized, true);
            check("0", "-1", sized, true);
            check("1", "-1", sized, true);
            check("-2", "-2.0", sized, false);
        }
        check("150", "0.37", false, false);
        check("150", "0.37", true, true);
        // What cannot be traded is no difference: 1.239 was bought as 1.23.
        check("1.239", "1.23", true, false);
        check("1.24", "1.23", true, true);
        check("79228162514264337593543950335", "-1", true, true);
    }

    #[test]
    fn sizes_are_compared_where_they_are_the_strategys_own() {
        let check = |mode, intent, unit: Option<SizeUnit>, expected| {
            let mut signal = Signal::new(intent, Some(Side::Long), "buy", Symbol::new("AAPL").unwrap());
            signal.size = unit.map(|unit| Size { value: Decimal::ONE, unit });
            assert_eq!(is_sized(&signal, mode), expected, "{mode:?} {intent:?} {unit:?}");
        };
        check(SellMode::Directional, Intent::Open, None, false);
        check(SellMode::Directional, Intent::Open, Some(SizeUnit::Base), true);
        check(SellMode::Flip, Intent::Open, Some(SizeUnit::Contracts), true);
        check(SellMode::Flip, Intent::Open, Some(SizeUnit::PercentEquity), false);
        check(SellMode::Directional, Intent::Target, None, true);
        check(SellMode::Target, Intent::Open, None, true);
    }
}
