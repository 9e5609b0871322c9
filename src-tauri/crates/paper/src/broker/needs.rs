//! What a decision needs from outside, asked before anything is fetched.

use super::Broker;
use super::draft::Draft;
use super::gate;
use crate::check::CheckList;
use crate::input::SignalInput;
use crate::intent::Move;
use crate::price::{Observation, PriceChoice};
use domain::Side;

/// What a decision needs from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// A price of the market: the one known is none, or too old, and the account asks for the market's.
    pub price: bool,
    /// A strategy's verdict, where the webhook has a strategy: the signal is an entry that the checks before the
    /// pipeline let through, as far as they can be made without a price.
    pub verdict: bool,
    /// A verdict, where the webhook has a strategy that is asked about exits too: the signal is an exit.
    pub verdict_on_exit: bool,
}

impl Broker {
    /// What the decision of a signal needs. What would be refused anyway needs nothing.
    #[must_use]
    pub fn needs(&self, input: &SignalInput) -> Needs {
        let mut checks = CheckList::new();
        let mut draft = Draft::open(self, &input.signal.symbol, input.decided_at);
        let read = draft.read(input);
        if gate::admit(&draft, input, &read, &mut checks).is_err() {
            return Needs::default();
        }
        let verdict_on_exit = matches!(read, Ok(Move::Exit(_)));
        let verdict = match read {
            Err(_) => return Needs::default(),
            Ok(Move::Cancel(_)) => return Needs::default(),
            Ok(Move::Exit(_)) => false,
            Ok(Move::Enter(side, _)) => draft.may_enter(side, &mut checks).is_ok(),
            Ok(Move::Turn(side, _)) => draft.may_turn_to(side, &mut checks),
        };
        let fresh = |seen: &Observation| seen.is_fresh(input.decided_at, self.config.max_price_age_ms);
        let market = draft.now.position.observation.filter(Observation::is_market).filter(fresh);
        let price = self.config.price_source != PriceChoice::Alert && market.is_none();
        Needs { price, verdict, verdict_on_exit }
    }
}

impl Draft<'_> {
    /// Whether the opening half of a reversal is let through once the position is closed.
    fn may_turn_to(&mut self, side: Side, checks: &mut CheckList) -> bool {
        self.now.position.entries = 0;
        self.may_enter(side, checks).is_ok()
    }
}
