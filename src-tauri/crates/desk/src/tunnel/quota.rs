//! Requests against what the plan of the service allows in a calendar month.

use crate::wire::{TunnelLevel, TunnelQuota};

/// What was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The month, `2026-11`.
    pub(crate) month: String,
    /// Requests in it so far.
    pub(crate) requests: i64,
    /// Requests in the last seven days.
    pub(crate) week: i64,
    /// Days of the month that are still to come.
    pub(crate) days_left: i64,
    /// What the plan allows; nothing for no limit.
    pub(crate) limit: Option<i64>,
}

/// Warns from four fifths of the limit on, counted or expected.
pub(crate) fn of(counted: Counted) -> TunnelQuota {
    let Counted { month, requests, week, days_left, limit } = counted;
    let expected = requests.saturating_add(week.saturating_mul(days_left) / 7);
    let level = match limit {
        Some(limit) if requests >= limit => TunnelLevel::Over,
        Some(limit) if expected.max(requests) >= limit - limit / 5 => TunnelLevel::Warning,
        Some(_) | None => TunnelLevel::Ok,
    };
    let came = if requests == 1 { "request has" } else { "requests have" };
    let counted = format!("{requests} {came} come through the tunnel in {month}");
    let sentence = match (limit, level) {
        (None, _) => format!("{counted}."),
        (Some(limit), TunnelLevel::Ok) => format!("{counted}, of {limit} that the plan allows."),
        (Some(limit), TunnelLevel::Warning) => format!(
            "{counted}; at this rate it will be about {expected} of {limit} that the plan allows. When they are used \
             up, alerts are refused until the next month."
        ),
        (Some(limit), TunnelLevel::Over) => format!(
            "{counted}, and the plan allows {limit}: the service may refuse alerts until the next month. Take a larger \
             plan, or another way in."
        ),
    };
    TunnelQuota { month, requests, limit, expected, level, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(requests: i64, week: i64, days_left: i64, limit: Option<i64>, expected: (i64, TunnelLevel)) {
        let month = "2026-11".to_owned();
        let quota = of(Counted { month, requests, week, days_left, limit });
        assert_eq!((quota.expected, quota.level), expected, "{requests} {week} {days_left} {limit:?}");
        assert!(quota.sentence.contains(&requests.to_string()), "{}", quota.sentence);
    }

    #[test]
    fn one_request_is_one() {
        let sentence = |requests| {
            let month = "2026-11".to_owned();
            of(Counted { month, requests, week: 0, days_left: 1, limit: None }).sentence
        };
        assert_eq!(sentence(1), "1 request has come through the tunnel in 2026-11.");
        assert_eq!(sentence(2), "2 requests have come through the tunnel in 2026-11.");
    }

    #[test]
    fn what_is_expected_is_the_rate_of_the_last_week_for_the_days_to_come() {
        check(0, 0, 29, Some(20_000), (0, TunnelLevel::Ok));
        // 700 a week are 100 a day.
        check(1_000, 700, 20, Some(20_000), (3_000, TunnelLevel::Ok));
        check(1_000, 7_000, 15, Some(20_000), (16_000, TunnelLevel::Warning));
        check(1_000, 7_000, 14, Some(20_000), (15_000, TunnelLevel::Ok));
        check(16_000, 0, 1, Some(20_000), (16_000, TunnelLevel::Warning));
        check(15_999, 0, 1, Some(20_000), (15_999, TunnelLevel::Ok));
        check(20_000, 0, 1, Some(20_000), (20_000, TunnelLevel::Over));
        check(1_000_000, 7_000, 1, None, (1_001_000, TunnelLevel::Ok));
    }
}
