//! What each strategy last said of its position, and whether an alert that comes now was overtaken by that. Pure;
//! kept by `lanes`, filled from the database by `queue`.

use super::chain::Holding;
use super::waiting::Stream;
use domain::{SignalId, Timestamp};
use std::collections::HashMap;

/// Strategies that are remembered at most; when there are more, all are forgotten and read again.
const HEARD_MAX: usize = 10_000;

/// What an alert says of its strategy's position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Before its order; nothing where it does not say.
    pub(crate) from: Option<Holding>,
    /// After its order.
    pub(crate) to: Holding,
    /// When it fired, if it says so.
    pub(crate) fired_at: Option<Timestamp>,
    /// The alert.
    pub(crate) signal: SignalId,
}

impl Statement {
    /// Whether this one was made before `last`, though it comes after it: it fired earlier, or, where that is not
    /// known or the same, it leads to where `last` began, and does not follow it.
    fn is_older_than(&self, last: &Self) -> bool {
        match (self.fired_at, last.fired_at) {
            (Some(own), Some(of_last)) if own != of_last => own < of_last,
            (_, _) => match (self.from, last.from) {
                (Some(from), Some(of_last)) => self.to.is(of_last) && !from.is(last.to),
                (_, _) => false,
            },
        }
    }
}

/// The last statement of each strategy; nothing where none is known to have been made.
#[derive(Debug, Default)]
pub(crate) struct Heard(HashMap<Stream, Option<Statement>>);

impl Heard {
    /// Whether it was looked up what this strategy said.
    pub(crate) fn knows(&self, stream: &Stream) -> bool {
        self.0.contains_key(stream)
    }

    /// Learns what a strategy said, as the database has it.
    pub(crate) fn learn(&mut self, stream: Stream, said: Option<Statement>) {
        if self.0.len() >= HEARD_MAX {
            self.0.clear();
        }
        self.0.insert(stream, said);
    }

    /// Where a strategy stands by its own words.
    pub(crate) fn position(&self, stream: &Stream) -> Option<Holding> {
        self.0.get(stream)?.as_ref().map(|said| said.to)
    }

    /// Hears a statement, or says which later one has taken its place. From then on that one began where this one
    /// did, so that what came before both is known to be older too.
    pub(crate) fn hear(&mut self, stream: &Stream, said: &Statement) -> Option<SignalId> {
        let last = self.0.get_mut(stream).and_then(Option::as_mut);
        if let Some(last) = last.filter(|last| said.is_older_than(last)) {
            last.from = said.from.or(last.from);
            return Some(last.signal.clone());
        }
        self.learn(stream.clone(), Some(said.clone()));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{NetQuantity, Symbol, WebhookId};
    use rust_decimal::Decimal;

    #[test]
    fn what_was_said_earlier_does_not_count_any_more() {
        let stream = Stream {
            webhook: WebhookId::parse("wh_a").unwrap(),
            symbol: Symbol::new("BTCUSDT").unwrap(),
            strategy: String::new(),
        };
        let holding = |net: i64| Holding::from(NetQuantity::new(Decimal::from(net)));
        let said = |id: &str, from: Option<i64>, to: i64, second: Option<i64>| Statement {
            from: from.map(holding),
            to: holding(to),
            fired_at: second.map(Timestamp::from_seconds),
            signal: SignalId::parse(id).unwrap(),
        };
        let check = |first: (Option<i64>, i64, Option<i64>), then: (Option<i64>, i64, Option<i64>), older| {
            let mut heard = Heard::default();
            assert_eq!((heard.knows(&stream), heard.position(&stream)), (false, None));
            assert_eq!(heard.hear(&stream, &said("sig_1", first.0, first.1, first.2)), None);
            let superseded = heard.hear(&stream, &said("sig_2", then.0, then.1, then.2));
            assert_eq!(superseded.is_some(), older, "{first:?} then {then:?}");
            let stands = if older { first.1 } else { then.1 };
            assert_eq!(heard.position(&stream), Some(holding(stands)), "{first:?} then {then:?}");
        };
        // The exit of a reversed pair comes too late: it leads to where the entry began.
        check((Some(0), -1, None), (Some(1), 0, None), true);
        check((Some(0), -1, Some(5)), (Some(1), 0, Some(5)), true);
        check((Some(0), -1, Some(6)), (Some(1), 0, Some(5)), true);
        check((Some(0), -1, Some(5)), (Some(1), 0, Some(6)), false);
        // What follows is no older, even where it goes back to the beginning.
        check((Some(0), 1, None), (Some(1), 0, None), false);
        check((Some(0), 1, Some(5)), (Some(1), 0, Some(5)), false);
        // Neither is what has nothing to do with it: an alert was missed.
        check((Some(0), 1, None), (Some(-1), 2, None), false);
        // Without the position before, only the times can tell.
        check((None, 1, Some(6)), (None, 0, Some(5)), true);
        check((None, 1, Some(5)), (None, 0, Some(5)), false);
        check((None, 1, None), (None, 0, Some(5)), false);
    }
}
