//! Strategies between a signal and the broker: which one is asked, what candles it needs, and what it says.
//!
//! A strategy is asked once the cheap checks let a signal pass; a webhook whose strategy is gone or disabled has its
//! entries denied. What nobody asked about is denied as well should the broker come to need it after all, because
//! prices heard in between changed what the signal means: nothing is confirmed by accident. Absent: where candles come
//! from, and the broker. Called by `driver` and by the tests of strategies.

pub(crate) mod candles;

use crate::wire::{PipelineLeaf, PipelineValue, PipelineVerdict, strategy_file};
use ::market::Venue;
use domain::{ReasonCode, Signal, StrategyId, Timestamp, Verdict};
use paper::{Broker, SignalInput};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::strategies::StrategyRow;
use store::verdicts::VerdictRow;
use store::webhooks::{Webhook, WebhookMode};
use store::{StoreError, View};
use strategy::{ApplyTo, Candles, Judgement, LeafReport, Outcome, SeriesKey, Strategy};

/// Candles to judge by, and whose they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Supply {
    /// Nothing where no venue has them: candles of files, and none at all.
    pub(crate) venue: Option<Venue>,
    pub(crate) series: BTreeMap<SeriesKey, Candles>,
}

/// Every strategy that can be read, by id.
pub(crate) type Strategies = BTreeMap<StrategyId, Arc<KnownStrategy>>;

/// A strategy, read from its file.
#[derive(Debug)]
pub(crate) struct KnownStrategy {
    pub(crate) id: StrategyId,
    pub(crate) name: String,
    pub(crate) revision: u32,
    pub(crate) enabled: bool,
    pub(crate) strategy: Strategy,
}

/// What the broker is told of a signal, and what it is told by.
#[derive(Debug, Default)]
pub(crate) struct Ruling {
    pub(crate) verdict: Option<Verdict>,
    /// Nothing where the strategy was not asked.
    pub(crate) report: Option<PipelineVerdict>,
}

impl Ruling {
    fn unasked(verdict: Verdict) -> Self {
        Self { verdict: Some(verdict), report: None }
    }
}

/// Reads every strategy. One whose file cannot be read any more is left out: its webhooks refuse their signals.
pub(crate) fn strategies(view: &View) -> Result<Strategies, StoreError> {
    let mut known = BTreeMap::new();
    for row in store::strategies::list(view)? {
        if let Some(strategy) = KnownStrategy::of(&row) {
            known.insert(row.id, Arc::new(strategy));
        }
    }
    Ok(known)
}

impl KnownStrategy {
    /// From its row.
    pub(crate) fn of(row: &StrategyRow) -> Option<Self> {
        match strategy_file::read(&row.file) {
            Ok(strategy) => Some(Self {
                id: row.id.clone(),
                name: row.name.clone(),
                revision: row.revision,
                enabled: row.enabled,
                strategy,
            }),
            Err(faults) => {
                let first = faults.first().map(|fault| fault.error.as_str()).unwrap_or_default();
                tracing::error!(strategy.id = %row.id, fault = first, "a strategy cannot be read");
                None
            }
        }
    }

    /// Whether the decision of this signal asks the strategy.
    pub(crate) fn is_asked(&self, broker: &Broker, input: &SignalInput) -> bool {
        let needs = broker.needs(input);
        let exits = self.strategy.definition().apply_to == ApplyTo::All;
        needs.verdict || (exits && needs.verdict_on_exit)
    }

    /// What it says of a signal at `at` by these candles.
    pub(crate) fn judge(&self, signal: &Signal, at: Timestamp, supply: &Supply) -> Judgement {
        match self.strategy.observe(&signal.symbol, at, &supply.series) {
            Ok(observed) => self.strategy.judge(&observed, signal),
            Err(unknown) => self.strategy.without_verdict(unknown, signal),
        }
    }

    /// A judgement as the outside has it.
    pub(crate) fn report(&self, judgement: &Judgement, venue: Option<Venue>) -> PipelineVerdict {
        let (verdict, code, reason, first_failing) = match &judgement.outcome {
            Outcome::Confirm => ("confirm", None, None, None),
            Outcome::Deny { first_failing } => (
                "deny",
                Some(ReasonCode::PipelineDenied),
                denial(judgement, first_failing),
                Some(first_failing),
            ),
            Outcome::Unknown(unknown) => ("unknown", Some(unknown.code()), Some(format!("{unknown}.")), None),
        };
        PipelineVerdict {
            verdict: verdict.to_owned(),
            reason_code: code.map(|code| code.as_str().to_owned()),
            reason,
            first_failing: first_failing.cloned(),
            strategy_id: self.id.to_string(),
            strategy_name: self.name.clone(),
            revision: self.revision,
            venue: venue.map(|venue| venue.as_str().to_owned()),
            leaves: judgement.leaves.iter().map(leaf).collect(),
        }
    }

    /// The same without the conditions, but for the one that is to blame or whose candles are missing.
    pub(crate) fn brief(&self, judgement: &Judgement, venue: Option<Venue>) -> PipelineVerdict {
        let mut leaves = judgement.leaves.iter();
        let first = match &judgement.outcome {
            Outcome::Deny { first_failing } => leaves.find(|leaf| &leaf.path == first_failing).cloned(),
            Outcome::Unknown(_) => leaves.find(|leaf| leaf.missing.is_some()).cloned(),
            Outcome::Confirm => None,
        };
        let outcome = judgement.outcome.clone();
        self.report(&Judgement { outcome, leaves: first.into_iter().collect() }, venue)
    }
}

/// A report as the database keeps it.
pub(crate) fn verdict_row(report: &PipelineVerdict) -> Option<VerdictRow> {
    Some(VerdictRow {
        strategy: StrategyId::parse(&report.strategy_id).ok()?,
        revision: report.revision,
        verdict: report.verdict.clone(),
        report: serde_json::to_string(report).expect("BUG: a report is texts and numbers"),
    })
}

/// The first failing condition in a sentence with its values.
fn denial(judgement: &Judgement, first_failing: &str) -> Option<String> {
    let leaf = judgement.leaves.iter().find(|leaf| leaf.path == first_failing)?;
    // A number is no news.
    let named = leaf.values.iter().filter(|value| value.operand.parse::<f64>().is_err());
    let values = named.map(|value| match value.value {
        Some(number) => format!("{} is {number}", value.operand),
        None => format!("{} is na", value.operand),
    });
    let on = leaf.timeframe.map(|timeframe| format!(" on {timeframe}")).unwrap_or_default();
    let holds = if leaf.passed == Some(true) { "holds, and must not" } else { "does not hold" };
    Some(format!("{}{on} {holds}: {}.", leaf.text, values.collect::<Vec<_>>().join(", ")))
}

fn leaf(report: &LeafReport) -> PipelineLeaf {
    PipelineLeaf {
        path: report.path.clone(),
        text: report.text.clone(),
        passed: report.passed,
        symbol: report.symbol.as_ref().map(ToString::to_string),
        timeframe: report.timeframe.map(|timeframe| timeframe.to_string()),
        candle_opened_at: report.opened_at.map(|at| at.to_string()),
        values: report
            .values
            .iter()
            .map(|value| PipelineValue {
                operand: value.operand.clone(),
                value: value.value,
                before: value.before,
            })
            .collect(),
        missing: report.missing.as_ref().map(|unknown| format!("{unknown}.")),
    }
}

/// The strategy of a webhook in pipeline mode: the one to ask, or none where it is gone or disabled.
pub(crate) fn of_webhook<'a>(
    webhook: &Webhook,
    strategies: &'a Strategies,
) -> Option<Option<&'a Arc<KnownStrategy>>> {
    match webhook.mode {
        WebhookMode::Direct => None,
        WebhookMode::Pipeline => {
            let id = webhook.strategy_id.as_deref().and_then(|id| StrategyId::parse(id).ok());
            let known = id.and_then(|id| strategies.get(&id));
            Some(known.filter(|known| known.enabled))
        }
    }
}

/// What the strategy of a webhook says of a signal that is about to be decided.
pub(crate) fn rule(
    webhook: &Webhook,
    strategies: &Strategies,
    broker: &Broker,
    input: &SignalInput,
    supply: &Supply,
) -> Ruling {
    let known = match of_webhook(webhook, strategies) {
        None => return Ruling::default(),
        Some(None) => {
            return Ruling::unasked(Verdict::DenyEntries(ReasonCode::StrategyUnavailable));
        }
        Some(Some(known)) => known,
    };
    let definition = known.strategy.definition();
    if !known.is_asked(broker, input) {
        let code = ReasonCode::CandlesUnavailable;
        let verdict = match definition.apply_to {
            ApplyTo::Entries => Verdict::DenyEntries(code),
            ApplyTo::All => Verdict::Deny(code),
        };
        return Ruling::unasked(verdict);
    }
    let judgement = known.judge(&input.signal, input.decided_at, supply);
    Ruling {
        verdict: judgement.verdict(definition.on_unknown, definition.apply_to),
        report: Some(known.report(&judgement, supply.venue)),
    }
}
