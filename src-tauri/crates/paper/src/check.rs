//! The checks that stand between a signal and an order, in their one fixed order.
//!
//! Every check leaves a record, passed or not; the first failure is the signal's reason and what comes after it is
//! recorded as skipped.

use crate::exact::Overflow;
use crate::figure::Figure;
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

            /// Its place in [`CheckName::ALL`].
            #[must_use]
            pub fn place(self) -> usize {
                self as usize
            }
        }
    };
}

checks! {
    /// Everything is paused.
    KillSwitch = "kill_switch";
    /// The webhook is active, reduce-only or paused.
    WebhookState = "webhook_state";
    /// The account is alive, and not reduce-only where the signal is an entry.
    AccountState = "account_state";
    /// The alert fired recently enough, where a limit is set.
    Age = "age";
    /// The same signal was not received before.
    Duplicate = "duplicate";
    /// The symbol is on the account's list and quoted in its currency.
    Symbol = "symbol";
    /// The broker can do what the signal asks.
    Action = "action";
    /// A price is known and fresh.
    Price = "price";
    /// The alert's price is near the market's.
    PriceDeviation = "price_deviation";
    /// An exit percentage is between 1 and 100.
    ExitPercent = "exit_percent";
    /// The position, or the resting orders, are such that the signal can act on them.
    Position = "position";
    /// The account trades this direction, and the instrument can be sold short.
    Direction = "direction";
    /// The position has room for another entry.
    MaxEntries = "max_entries";
    /// It is within the trading hours.
    TradingHours = "trading_hours";
    /// The strategy confirmed it.
    Pipeline = "pipeline";
    /// The prices of the order are on the tick.
    Tick = "tick";
    /// The quantity is one that can be traded.
    Quantity = "quantity";
    /// The order is worth enough.
    Notional = "notional";
    /// The order is not worth too much.
    OrderNotional = "order_notional";
    /// The position would not be too large.
    PositionNotional = "position_notional";
    /// Not too many positions are open.
    OpenPositions = "open_positions";
    /// The gross exposure would not be too large.
    Exposure = "exposure";
    /// Today's loss is below the limit.
    DailyLoss = "daily_loss";
    /// The drawdown is below the limit.
    Drawdown = "drawdown";
    /// Not too many entries were ordered today, nor are too many orders resting.
    OrdersPerDay = "orders_per_day";
    /// The losing streak is below the limit.
    LosingStreak = "losing_streak";
    /// Account and symbol are not cooling down after a loss.
    Cooldown = "cooldown";
    /// The account can pay for it.
    BuyingPower = "buying_power";
    /// Take profit and stop loss are there where they must be, and where they can be.
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
    /// What was allowed.
    pub limit: Option<Figure>,
    /// What there was.
    pub actual: Option<Figure>,
}

/// The records of one decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks(Vec<Check>);

/// The checks that most decisions make.
const MADE_USUALLY: usize = 16;

impl Checks {
    /// The checks that were made, in their order; every other one was skipped.
    #[must_use]
    pub fn made(&self) -> &[Check] {
        &self.0
    }

    /// Keeps the newest record of each check.
    #[inline]
    fn record(&mut self, check: Check) {
        if self.0.last().is_none_or(|last| last.name < check.name) {
            self.0.push(check);
        } else {
            self.put_in_place(check);
        }
    }

    fn put_in_place(&mut self, check: Check) {
        match self.0.binary_search_by_key(&check.name, |known| known.name) {
            Ok(place) => self.0[place] = check,
            Err(place) => self.0.insert(place, check),
        }
    }

    /// What became of every check, in order.
    pub fn outcomes(&self) -> impl Iterator<Item = (CheckName, Outcome)> {
        let mut made = self.0.iter().peekable();
        CheckName::ALL.iter().map(move |name| {
            let record = made.next_if(|check| check.name == *name);
            (*name, record.map_or(Outcome::Skipped, |check| check.outcome))
        })
    }
}

impl FromIterator<Check> for Checks {
    /// Records in any order; of two of the same check the later one counts.
    fn from_iter<I: IntoIterator<Item = Check>>(records: I) -> Self {
        let mut checks = Self(Vec::new());
        records.into_iter().for_each(|record| checks.record(record));
        checks
    }
}

/// Why a signal was denied, with the figures behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// What was allowed.
    pub limit: Option<Figure>,
    /// What there was.
    pub actual: Option<Figure>,
}

impl Reason {
    /// A reason without figures.
    pub(crate) fn bare(code: ReasonCode) -> Self {
        Self { code, limit: None, actual: None }
    }

    /// A reason with what was allowed and what there was.
    pub(crate) fn with(code: ReasonCode, limit: impl Into<Figure>, actual: impl Into<Figure>) -> Self {
        Self { code, limit: Some(limit.into()), actual: Some(actual.into()) }
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
    limit: Option<Figure>,
    actual: Option<Figure>,
}

impl Passed {
    pub(crate) fn with(limit: impl Into<Figure>, actual: impl Into<Figure>) -> Self {
        Self { limit: Some(limit.into()), actual: Some(actual.into()) }
    }

    pub(crate) fn actual(actual: impl Into<Figure>) -> Self {
        Self { limit: None, actual: Some(actual.into()) }
    }
}

/// The records of one decision while it is being made: one per check and in order, whatever path the decision takes.
#[derive(Debug, Clone)]
pub(crate) struct CheckList(Checks);

impl CheckList {
    pub(crate) fn new() -> Self {
        Self(Checks(Vec::with_capacity(MADE_USUALLY)))
    }

    #[inline]
    pub(crate) fn pass(&mut self, name: CheckName, passed: Passed) {
        self.write(name, Outcome::Pass, passed.limit, passed.actual);
    }

    /// Records the failure and hands the reason on.
    pub(crate) fn fail(&mut self, name: CheckName, reason: Reason) -> Reason {
        self.write(name, Outcome::Fail(reason.code), reason.limit.clone(), reason.actual.clone());
        reason
    }

    /// Records what a check found.
    #[inline]
    pub(crate) fn judge(&mut self, name: CheckName, found: Result<Passed, Reason>) -> Result<(), Reason> {
        match found {
            Ok(passed) => {
                self.pass(name, passed);
                Ok(())
            }
            Err(reason) => Err(self.fail(name, reason)),
        }
    }

    pub(crate) fn into_records(self) -> Checks {
        self.0
    }

    #[inline]
    fn write(&mut self, name: CheckName, outcome: Outcome, limit: Option<Figure>, actual: Option<Figure>) {
        self.0.record(Check { name, outcome, limit, actual });
    }
}
