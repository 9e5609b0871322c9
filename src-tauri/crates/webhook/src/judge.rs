//! The judgement of a request by one snapshot of the directory.

use crate::address::is_allowed;
use crate::answer::No;
use crate::authenticate::{Evidence, Sender, authenticate, token_misplaced};
use crate::receive::Case;
use crate::{Arrival, Directory, Entry, Gate, Rate, SignalSink, StrategyState, Timings};
use bytes::Bytes;
use domain::{ReasonCode, WebhookId};
use http::StatusCode;

/// What came of a judgement.
pub(crate) enum Judged {
    /// It may be executed.
    Arrived(Box<Arrival>),
    /// It may not.
    Refused(Box<Refused>),
}

/// A refused request.
pub(crate) struct Refused {
    pub(crate) no: No,
    pub(crate) standing: Standing,
    pub(crate) webhook: Option<WebhookId>,
    pub(crate) generation: u64,
    /// The token that is to be masked, where it was shown.
    pub(crate) token: Option<String>,
    pub(crate) timings: Timings,
}

/// Who was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Somebody without the secret.
    Stranger,
    /// Somebody with the secret, from an address that may not send.
    WrongAddress,
    /// Somebody who may send.
    Sender,
    /// It was not looked at, because the body was not read to its end.
    Unjudged,
}

/// Whether the request still has to be counted against the rate of its webhook; it is counted once, however often it
/// is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charge {
    Due,
    Paid,
}

impl<D: Directory, S: SignalSink> Gate<D, S> {
    /// Judges a request by the snapshot at hand.
    pub(crate) fn judge(&self, case: &Case, charge: &mut Charge) -> Judged {
        let snapshot = self.directory.snapshot();
        let evidence = evidence(case);
        let found = authenticate(&self.key, &snapshot, &evidence);
        let authenticated_us = self.clock.monotonic_us();
        let mut timings = Timings { auth_us: authenticated_us.saturating_sub(case.body_at_us), parse_us: 0 };
        let refused = |no, standing, webhook, token: Option<&str>, timings| {
            let token = token.map(str::to_owned);
            let generation = snapshot.generation;
            Judged::Refused(Box::new(Refused { no, standing, webhook, generation, token, timings }))
        };
        let Sender { webhook, entry, token, signed, misplaced } = match found {
            Ok(sender) => sender,
            Err(stranger) => {
                let claimed = case.route.claim.token.as_deref();
                return refused(stranger.no, Standing::Stranger, stranger.webhook, claimed, timings);
            }
        };
        let token = token.as_deref();
        if !is_allowed(&entry.allow, case.remote) {
            let no = No::new(StatusCode::FORBIDDEN, ReasonCode::AddressNotAllowed);
            return refused(no, Standing::WrongAddress, Some(webhook), token, timings);
        }
        if let Err(no) = self.charge(&webhook, &entry, charge).and_then(|()| is_open(&entry)) {
            return refused(no, Standing::Sender, Some(webhook), token, timings);
        }
        if misplaced {
            return refused(token_misplaced(), Standing::Sender, Some(webhook), token, timings);
        }
        let read = dialect::read(&case.body, &entry.settings);
        timings.parse_us = self.clock.monotonic_us().saturating_sub(authenticated_us);
        match read {
            Ok(reading) => {
                let masked = dialect::mask(&case.body, token, Some(reading.dialect));
                let request = case.stored(Bytes::from(masked));
                let generation = snapshot.generation;
                Judged::Arrived(Box::new(Arrival { webhook, generation, request, reading, signed, timings }))
            }
            Err(error) => refused(No::unreadable(error), Standing::Sender, Some(webhook), token, timings),
        }
    }

    /// The judgement of a request whose body was not read to its end: refused in any case, and a row of the log when
    /// the secret stands outside the body.
    pub(crate) fn judge_unread(&self, case: &Case, no: No) -> Refused {
        let snapshot = self.directory.snapshot();
        let generation = snapshot.generation;
        let timings = Timings::default();
        let token = case.route.claim.token.as_deref().map(str::to_owned);
        let sender = token.as_ref().and_then(|_| authenticate(&self.key, &snapshot, &evidence(case)).ok());
        let allowed = sender.filter(|s| {
            let free = || self.charge(&s.webhook, &s.entry, &mut Charge::Due).is_ok();
            is_allowed(&s.entry.allow, case.remote) && free()
        });
        let (standing, webhook) = match allowed {
            Some(sender) => (Standing::Sender, Some(sender.webhook)),
            None => (Standing::Unjudged, None),
        };
        Refused { no, standing, webhook, generation, token, timings }
    }

    fn charge(&self, webhook: &WebhookId, entry: &Entry, charge: &mut Charge) -> Result<(), No> {
        // Where no rate was in force nothing was counted, and one that is now in force counts this request.
        if *charge == Charge::Due && entry.rate != Rate::Off {
            let counted = self.rates.take(webhook, entry.rate, self.clock.monotonic_us());
            counted.map_err(|wait| No::too_many(wait.seconds()))?;
            *charge = Charge::Paid;
        }
        Ok(())
    }
}

fn evidence(case: &Case) -> Evidence<'_> {
    Evidence {
        claim: &case.route.claim,
        headers: &case.head.headers,
        body: &case.body,
        now: case.received_at,
    }
}

fn is_open(entry: &Entry) -> Result<(), No> {
    if entry.paused {
        return Err(No::new(StatusCode::BAD_REQUEST, ReasonCode::WebhookPaused));
    }
    match entry.strategy {
        StrategyState::None | StrategyState::Active => Ok(()),
        StrategyState::Inactive => Err(No::new(StatusCode::BAD_REQUEST, ReasonCode::StrategyInactive)),
        StrategyState::TakesNoSignals => {
            Err(No::new(StatusCode::FORBIDDEN, ReasonCode::StrategyTakesNoSignals))
        }
    }
}
