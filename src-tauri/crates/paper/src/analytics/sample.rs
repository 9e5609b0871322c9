//! One value a UTC day: the last mark of the day, and for a day without marks the one before it.

use super::convert::nearest;
use super::input::{Calendar, EquityCurve};
use domain::Timestamp;

const SECONDS_A_DAY: i64 = 86_400;

/// Daily equity: where it begins, and one value for each day after that.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Samples {
    /// The equity that the first return is relative to.
    pub(super) base: f64,
    /// Day (counted from 1970-01-01) and equity at its end.
    pub(super) days: Vec<(i64, f64)>,
}

impl Samples {
    pub(super) fn of(curve: &EquityCurve, calendar: Calendar) -> Self {
        let mut marked: Vec<(i64, f64)> = Vec::new();
        for point in curve.points() {
            let (day, equity) = (day_of(point.at), nearest(point.equity.get()));
            match marked.last_mut() {
                Some(last) if last.0 == day => last.1 = equity,
                _ => marked.push((day, equity)),
            }
        }
        let mut days: Vec<(i64, f64)> = Vec::with_capacity(marked.len());
        for (day, equity) in marked {
            if let Some(&(before, held)) = days.last() {
                days.extend((before + 1..day).filter(|d| calendar.counts(*d)).map(|d| (d, held)));
            }
            days.push((day, equity));
        }
        let base = match curve.opening() {
            Some(opening) => nearest(opening.get()),
            None => days.remove(0).1,
        };
        Self { base, days }
    }

    /// The daily returns; nothing when one of them is relative to zero or less.
    pub(super) fn returns(&self) -> Option<Vec<f64>> {
        returns(self.base, self.days.iter().map(|(_, equity)| *equity))
    }

    /// The returns of calendar months, the first and the last of which may be cut short.
    pub(super) fn monthly_returns(&self) -> Option<Vec<f64>> {
        let month = |sample: &(i64, f64)| month_of(sample.0);
        let months = self.days.chunk_by(|a, b| month(a) == month(b)).filter_map(|days| days.last());
        returns(self.base, months.map(|(_, equity)| *equity))
    }

    /// The end of the first day that makes the next return undefined.
    pub(super) fn not_positive_at(&self) -> Option<Timestamp> {
        let (_, followed) = self.days.split_last()?;
        let (day, _) = followed.iter().find(|(_, equity)| *equity <= 0.0)?;
        Some(Timestamp::from_seconds(day.saturating_add(1).saturating_mul(SECONDS_A_DAY)))
    }
}

impl Calendar {
    /// Whether a day without a mark is a period.
    fn counts(self, day: i64) -> bool {
        match self {
            Self::EveryDay => true,
            // 1970-01-01 was a Thursday, the fourth day of its week.
            Self::Weekdays => (day + 3).rem_euclid(7) < 5,
        }
    }
}

fn returns(base: f64, values: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let mut before = base;
    values
        .map(|value| {
            let change = (before > 0.0).then(|| value / before - 1.0);
            before = value;
            change
        })
        .collect()
}

fn day_of(at: Timestamp) -> i64 {
    at.as_seconds().div_euclid(SECONDS_A_DAY)
}

/// Months since the year 0, by the proleptic Gregorian calendar: Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`.
fn month_of(day: i64) -> i64 {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // The year of this count begins in March.
    let month_from_march = (5 * day_of_year + 2) / 153;
    (era * 400 + year_of_era) * 12 + month_from_march + 2
}

#[cfg(test)]
mod tests {
    use super::super::tests::{curve, opened};
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        for day in (-719_162..2_932_000).step_by(13) {
            let text = Timestamp::from_seconds(day * SECONDS_A_DAY).to_string();
            let (year, month): (i64, i64) = (text[..4].parse().unwrap(), text[5..7].parse().unwrap());
            assert_eq!(month_of(day), year * 12 + month - 1, "{text}");
        }
    }

    /// 2026-01-01 is a Thursday and day 20454.
    #[test]
    fn a_day_is_its_last_mark_and_a_day_without_one_is_the_day_before() {
        const DAY: i64 = 20_454;
        let check = |samples: Samples, base: f64, expected: &[(i64, f64)]| {
            let expected = expected.iter().map(|(day, equity)| (DAY + day, *equity)).collect();
            assert_eq!(samples, Samples { base, days: expected });
        };
        let every = |points| Samples::of(&curve(points), Calendar::EveryDay);
        let weekdays = |points| Samples::of(&curve(points), Calendar::Weekdays);
        // The first day gives the base, the last mark of a day its value.
        check(every(&[("2026-01-01", "100"), ("2026-01-02", "101")]), 100.0, &[(1, 101.0)]);
        check(
            every(&[
                ("2026-01-01T00:00:00Z", "100"),
                ("2026-01-01T23:59:59Z", "99"),
                ("2026-01-02T01:59:59.5+02:00", "98"),
                ("2026-01-02T00:00:00Z", "97"),
                ("2026-01-02T00:00:00Z", "96"),
            ]),
            98.0,
            &[(1, 96.0)],
        );
        // A gap over the weekend of the 3rd and 4th.
        let gap = &[("2026-01-02", "100"), ("2026-01-06", "102")];
        check(every(gap), 100.0, &[(2, 100.0), (3, 100.0), (4, 100.0), (5, 102.0)]);
        check(weekdays(gap), 100.0, &[(4, 100.0), (5, 102.0)]);
        // A mark on a Sunday counts in both.
        let sunday = &[("2026-01-02", "100"), ("2026-01-04", "103"), ("2026-01-05", "104")];
        check(every(sunday), 100.0, &[(2, 100.0), (3, 103.0), (4, 104.0)]);
        check(weekdays(sunday), 100.0, &[(3, 103.0), (4, 104.0)]);
        // With the opening capital known, the first day has a return of its own.
        let first_day = opened("50", &[("2026-01-01", "100"), ("2026-01-02", "101")]);
        check(Samples::of(&first_day, Calendar::EveryDay), 50.0, &[(0, 100.0), (1, 101.0)]);
        check(every(&[("2026-01-01", "100")]), 100.0, &[]);
    }

    #[test]
    fn a_return_on_nothing_is_undefined_and_says_since_when() {
        let check = |values: &[&str], defined: bool, at: Option<&str>| {
            let days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"];
            let points: Vec<(&str, &str)> = days.into_iter().zip(values.iter().copied()).collect();
            let samples = Samples::of(&curve(&points), Calendar::EveryDay);
            assert_eq!(samples.returns().is_some(), defined, "{values:?}");
            assert_eq!(samples.not_positive_at().map(|t| t.to_string()), at.map(str::to_owned), "{values:?}");
        };
        check(&["100", "90", "95"], true, None);
        check(&["100", "90", "0"], true, None);
        check(&["100", "90", "-5"], true, None);
        check(&["100", "0", "5"], false, Some("2026-01-03T00:00:00.000000Z"));
        check(&["100", "-1", "-2", "3"], false, Some("2026-01-03T00:00:00.000000Z"));
        check(&["100"], true, None);
    }
}
