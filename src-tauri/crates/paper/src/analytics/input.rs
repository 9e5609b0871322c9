//! What the figures are computed from: an equity curve, closed trades, and the settings shown beside the figures.

use domain::{Money, Timestamp};
use rust_decimal::Decimal;
use thiserror::Error;

/// What an account was worth at a time, fees and open positions included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EquityPoint {
    /// When.
    pub at: Timestamp,
    /// The equity.
    pub equity: Money,
}

/// Equity over time: at least one point, in order, beginning above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquityCurve {
    opening: Option<Money>,
    points: Vec<EquityPoint>,
}

/// Why points are no equity curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CurveError {
    /// There is none.
    #[error("there is no point")]
    Empty,
    /// A point is earlier than the one before it.
    #[error("point {index} is earlier than the one before it")]
    Unordered {
        /// Which one, counted from 0.
        index: usize,
    },
    /// Every figure is relative to the beginning.
    #[error("the equity at the beginning must be above zero")]
    OpeningNotPositive,
}

impl EquityCurve {
    /// Checks and keeps the points. `opening` is the capital before the first of them, where that is known: then the
    /// first day has a return. Otherwise the first point is the opening capital, and the last mark of its day the
    /// first sample. Of points at the same time the later one in the list counts.
    ///
    /// # Errors
    /// [`CurveError`] for the first thing that is wrong.
    pub fn new(opening: Option<Money>, points: Vec<EquityPoint>) -> Result<Self, CurveError> {
        let first = points.first().ok_or(CurveError::Empty)?;
        if opening.unwrap_or(first.equity) <= Money::ZERO {
            return Err(CurveError::OpeningNotPositive);
        }
        let unordered = points.windows(2).position(|pair| matches!(pair, [a, b] if b.at < a.at));
        match unordered {
            Some(before) => Err(CurveError::Unordered { index: before + 1 }),
            None => Ok(Self { opening, points }),
        }
    }

    /// The capital before the first point, where that was given.
    #[must_use]
    pub fn opening(&self) -> Option<Money> {
        self.opening
    }

    /// The points; never empty.
    #[must_use]
    pub fn points(&self) -> &[EquityPoint] {
        &self.points
    }

    /// The capital that everything is relative to.
    pub(super) fn base(&self) -> Money {
        self.opening.unwrap_or(self.first().equity)
    }

    pub(super) fn first(&self) -> EquityPoint {
        *self.points.first().expect("BUG: a curve is made with at least one point")
    }

    pub(super) fn last(&self) -> EquityPoint {
        *self.points.last().expect("BUG: a curve is made with at least one point")
    }
}

/// A round trip, flat to flat. Amounts in the account's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedTrade {
    /// When the position was closed; runs of wins and losses are in this order.
    pub closed_at: Timestamp,
    /// Profit after fees; below zero for a loss.
    pub net: Money,
    /// The fees.
    pub fees: Money,
    /// Net over the risk at entry, where there was a stop.
    pub r: Option<Decimal>,
    /// The lowest open profit on the way, below zero; where it was watched.
    pub mae: Option<Money>,
    /// The highest open profit on the way; where it was watched.
    pub mfe: Option<Money>,
}

/// Which days count as periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Calendar {
    /// Every day: markets that never close. 365 periods a year.
    #[default]
    EveryDay,
    /// Monday to Friday, and other days only when they have a mark. 252 periods a year, as exchanges have it.
    Weekdays,
}

impl Calendar {
    /// Periods a year.
    #[must_use]
    pub fn periods_per_year(self) -> u32 {
        match self {
            Self::EveryDay => 365,
            Self::Weekdays => 252,
        }
    }

    /// The calendar with that many periods a year.
    #[must_use]
    pub fn from_periods_per_year(periods: u32) -> Option<Self> {
        [Self::EveryDay, Self::Weekdays].into_iter().find(|c| c.periods_per_year() == periods)
    }
}

/// What the figures depend on besides the data; shown next to them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Settings {
    calendar: Calendar,
    risk_free: f64,
}

/// A risk-free rate that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the risk-free rate is a fraction a year above -1 and below 1, such as 0.02 for 2 %")]
pub struct SettingsError;

impl Settings {
    /// `risk_free` is a fraction a year: 0.02 is 2 %.
    ///
    /// # Errors
    /// [`SettingsError`] when the rate is not between -1 and 1.
    pub fn new(calendar: Calendar, risk_free: f64) -> Result<Self, SettingsError> {
        if risk_free.is_finite() && risk_free.abs() < 1.0 {
            Ok(Self { calendar, risk_free })
        } else {
            Err(SettingsError)
        }
    }

    /// Which days count.
    #[must_use]
    pub fn calendar(self) -> Calendar {
        self.calendar
    }

    /// The risk-free rate a year, as a fraction.
    #[must_use]
    pub fn risk_free(self) -> f64 {
        self.risk_free
    }
}
