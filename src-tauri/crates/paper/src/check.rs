//! The checks that stand between a signal and an order, in their one fixed order.
//!
//! Every check leaves a record, passed or not; the first failure is the signal's reason and what comes after it is
//! recorded as skipped.

use crate::exact::Overflow;
use domain::ReasonCode;

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// The checks in the order in which they are made.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum CheckName { $($(#[$doc])* $name,)+ }

        impl CheckName {
            /// Every check, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word used in JSON and the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

checks! {
    /// Everything is paused.
    KillSwitch = "kill_switch";
    /// The webhook is active, reduce-only or paused.
    WebhookState = "webhook_state";
    /// The alert fired recently enough, where a limit is set.
    Age = "age";
    /// The same signal was not received before.
    Duplicate = "duplicate";
    /// The symbol is quoted in the account's currency.
    Symbol = "symbol";
    /// The broker can do what the signal asks.
    Action = "action";
    /// A price is known and fresh.
    Price = "price";
    /// The alert's price is near the market's.
    PriceDeviation = "price_deviation";
    /// An exit percentage is between 1 and 100.
    ExitPercent = "exit_percent";
    /// The position is one that the signal can act on.
    Position = "position";
    /// The instrument can be sold short.
    Direction = "direction";
    /// The position has room for another entry.
    MaxEntries = "max_entries";
    /// The quantity is one that can be traded.
    Quantity = "quantity";
    /// The order is worth enough.
    Notional = "notional";
    /// The account can pay for it.
    BuyingPower = "buying_power";
    /// A stop is there where the sizing needs one.
    Bracket = "bracket";
}

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Pass,
    /// It failed; the code says how.
    Fail(ReasonCode),
    /// It was not reached, does not apply, or could not be evaluated.
    Skipped,
}

impl Outcome {
    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Skipped => "skipped",
        }
    }
}

/// The record of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub name: CheckName,
    /// What became of it.
    pub outcome: Outcome,
    /// What was allowed, as text.
    pub limit: Option<String>,
    /// What there was, as text.
    pub actual: Option<String>,
}

/// Why a signal was denied, with the figures behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// What was allowed, as text.
    pub limit: Option<String>,
    /// What there was, as text.
    pub actual: Option<String>,
}

impl Reason {
    /// A reason without figures.
    pub(crate) fn bare(code: ReasonCode) -> Self {
        Self { code, limit: None, actual: None }
    }

    /// A reason with what was allowed and what there was.
    pub(crate) fn with(code: ReasonCode, limit: impl ToString, actual: impl ToString) -> Self {
        Self { code, limit: Some(limit.to_string()), actual: Some(actual.to_string()) }
    }
}

impl From<Overflow> for Reason {
    fn from(_: Overflow) -> Self {
        Self::bare(ReasonCode::ArithmeticOverflow)
    }
}

/// What a check that passed has to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    limit: Option<String>,
    actual: Option<String>,
}

impl Passed {
    pub(crate) fn with(limit: impl ToString, actual: impl ToString) -> Self {
        Self { limit: Some(limit.to_string()), actual: Some(actual.to_string()) }
    }

    pub(crate) fn actual(actual: impl ToString) -> Self {
        Self { limit: None, actual: Some(actual.to_string()) }
    }
}

/// The records of one decision while it is being made: one slot per check, so that the list is complete and in order
/// whatever path the decision takes.
#[derive(Debug, Clone)]
pub(crate) struct CheckList(Vec<Check>);

impl CheckList {
    pub(crate) fn new() -> Self {
        let skipped =
            |name: &CheckName| Check { name: *name, outcome: Outcome::Skipped, limit: None, actual: None };
        Self(CheckName::ALL.iter().map(skipped).collect())
    }

    pub(crate) fn pass(&mut self, name: CheckName, passed: Passed) {
        self.write(name, Outcome::Pass, passed.limit, passed.actual);
    }

    /// Records the failure and hands the reason on.
    pub(crate) fn fail(&mut self, name: CheckName, reason: Reason) -> Reason {
        self.write(name, Outcome::Fail(reason.code), reason.limit.clone(), reason.actual.clone());
        reason
    }

    /// Records what a check found.
    pub(crate) fn judge(&mut self, name: CheckName, found: Result<Passed, Reason>) -> Result<(), Reason> {
        match found {
            Ok(passed) => {
                self.pass(name, passed);
                Ok(())
            }
            Err(reason) => Err(self.fail(name, reason)),
        }
    }

    pub(crate) fn into_records(self) -> Vec<Check> {
        self.0
    }

    fn write(&mut self, name: CheckName, outcome: Outcome, limit: Option<String>, actual: Option<String>) {
        if let Some(slot) = self.0.iter_mut().find(|check| check.name == name) {
            *slot = Check { name, outcome, limit, actual };
        }
    }
}
