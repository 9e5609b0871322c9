//! Resync: brings an account to where a strategy says that it stands, by a signal of its own that says why.

use super::drift::{self, Drifted};
use super::replay::settle;
use super::signals::rows_of;
use super::store_error;
use super::trial::{Message, Trial};
use super::webhooks::row_of;
use crate::context::Context;
use crate::intake::json;
use crate::random;
use crate::wire::{self, ResyncRequest, RpcError, SignalPage};
use domain::{Intent, NetQuantity, Signal, SignalId, SignalStatus, Symbol, Timestamp};
use std::sync::Arc;
use store::signals::NewSignal;
use store::webhooks::WebhookRow;

/// The source under which these signals stand in the history.
pub(crate) const SOURCE: &str = "resync";

pub(crate) fn resync(context: &Arc<Context>, request: &ResyncRequest) -> Result<SignalPage, RpcError> {
    let row = row_of(context, &request.id)?;
    let wanted = request.symbol.as_deref().filter(|text| !text.is_empty());
    let wanted = wanted.map(|text| Symbol::new(&text.to_uppercase())).transpose();
    let wanted =
        wanted.map_err(|e| RpcError::invalid("symbol", format!("The symbol cannot be used: {e}.")))?;
    let drifted = context.store.reader().read(|view| drift::of_webhook(view, &row.webhook));
    let mut drifted = drifted.map_err(|e| store_error(&e))?;
    drifted.retain(|d| wanted.as_ref().is_none_or(|symbol| *symbol == d.stated.symbol));
    if let [first, .., last] = drifted.as_slice()
        && drifted.iter().any(|d| drifted.iter().filter(|o| o.stated.symbol == d.stated.symbol).count() > 1)
    {
        let text = format!(
            "Several strategies on this webhook state positions ({} and {}), so there is no one position to go to. Give each strategy a webhook and an account of its own.",
            first.stated.strategy, last.stated.strategy
        );
        return Err(RpcError::new("SEVERAL_STRATEGIES", text));
    }
    if drifted.is_empty() {
        let text =
            "The account holds what the strategy last said, as far as is known, so there is nothing to do.";
        return Err(RpcError::new("NO_DRIFT", text));
    }
    let now = context.clock.now();
    let steps: Vec<Step> = drifted.iter().map(|drifted| Step::of(drifted, now)).collect();
    if request.dry_run.unwrap_or(false) {
        return dry_run(context, &row, steps);
    }
    let ids: Vec<SignalId> = steps.iter().map(|step| step.id.clone()).collect();
    context
        .store
        .writer()
        .run(move |tx| steps.iter().try_for_each(|step| step.insert(tx, &row, now).map(|_| ())))
        .map_err(|e| store_error(&e))?;
    context.changes.signals(ids.iter());
    context.wake.call();
    settle(context, &ids)?;
    Ok(SignalPage { signals: rows_of(context, &ids)?, next: None, trials: Vec::new() })
}

/// One symbol's way back.
struct Step {
    id: SignalId,
    signal: Signal,
}

impl Step {
    fn of(drifted: &Drifted, now: Timestamp) -> Self {
        let Drifted { stated, held, mark, .. } = drifted;
        let mut signal = asked_for(&stated.symbol, stated.position, *held, stated.sized);
        signal.price = mark.map(|(price, _)| price);
        signal.comment =
            Some(format!("The strategy said that it holds {}, the account held {held}.", stated.position));
        signal.extras.insert("stated_by".to_owned(), stated.signal_id.to_string());
        if let Some((_, at)) = mark {
            signal.extras.insert("price_seen_at".to_owned(), at.to_string());
        }
        Self { id: random::signal_id(now), signal }
    }

    fn body(&self) -> String {
        json(&wire::Canonical::from(&self.signal))
    }

    fn insert(
        &self,
        tx: &store::Tx,
        row: &WebhookRow,
        now: Timestamp,
    ) -> Result<store::signals::SignalNo, store::StoreError> {
        let (signal, canonical) = (&self.signal, wire::stored_signal(&self.signal));
        let body = self.body();
        let new = NewSignal {
            id: &self.id,
            webhook_id: &row.webhook.id,
            revision: Some(row.revision),
            status: SignalStatus::Received,
            mode: row.webhook.mode,
            source: SOURCE,
            source_ip: None,
            received_at: now,
            dialect: None,
            repairs: None,
            action: Some(&signal.action),
            symbol: Some(&signal.symbol),
            reason_code: None,
            reason: None,
            details: None,
            canonical: Some(&canonical),
            raw_body: body.as_bytes(),
            content_type: None,
            headers: None,
            timings: Some("{}"),
            replay_of: None,
            parent: None,
            leg: 0,
            alert_time: None,
            lag_ms: None,
            test: false,
        };
        store::signals::insert(tx, &new)
    }
}

/// What has to be asked of the account: the very position where the strategy's sizes are its own, else the same side,
/// in the size of an entry.
fn asked_for(symbol: &Symbol, stated: NetQuantity, held: NetQuantity, sized: bool) -> Signal {
    let (intent, side) = match (sized, stated.side(), held.side()) {
        (_, None, side) => (Intent::Close, side),
        (true, side, _) => (Intent::Target, side),
        (false, Some(side), Some(_)) => (Intent::Reverse, Some(side)),
        (false, Some(side), None) => (Intent::Open, Some(side)),
    };
    let mut signal = Signal::new(intent, side, "resync", symbol.clone());
    signal.target_position = (intent == Intent::Target).then_some(stated);
    signal
}

fn dry_run(context: &Arc<Context>, row: &WebhookRow, steps: Vec<Step>) -> Result<SignalPage, RpcError> {
    let mut trial = Trial::of(row, SOURCE, None, context.clock.now());
    let trials = steps.into_iter().map(|step| {
        let body = step.body();
        let message = Message { dialect: None, repairs: Vec::new(), signal: step.signal, leg: 0 };
        trial.run(context, &step.id, body.as_bytes(), Ok(&message))
    });
    Ok(SignalPage::tried(trials.collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Side, parse_decimal};

    #[test]
    fn the_way_back_is_to_the_position_or_to_its_side() {
        let check = |stated: &str, held: &str, sized: bool, intent, side: Option<Side>| {
            let net = |text: &str| NetQuantity::new(parse_decimal(text).unwrap());
            let signal = asked_for(&Symbol::new("AAPL").unwrap(), net(stated), net(held), sized);
            assert_eq!((signal.intent, signal.side), (intent, side), "{stated} from {held}, {sized}");
            assert_eq!(signal.target_position.is_some(), intent == Intent::Target);
        };
        let (long, short) = (Some(Side::Long), Some(Side::Short));
        check("2", "0", true, Intent::Target, long);
        check("-2", "1", true, Intent::Target, short);
        check("2", "5", true, Intent::Target, long);
        check("0", "5", true, Intent::Close, long);
        check("0", "-5", false, Intent::Close, short);
        check("150", "0", false, Intent::Open, long);
        check("-150", "1", false, Intent::Reverse, short);
    }
}
