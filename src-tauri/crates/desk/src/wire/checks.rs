//! The checks of a decision as the database keeps them: every signal has some thirty, so each costs a letter and only
//! what it compared is written out.
//!
//! `[1,"ppsf",[[1,"3","1"],[3,"long","flat","NO_POSITION"]]]` is a list of names (below), the outcomes in its order
//! (p, f, s), and place, limit, actual and code of those that have any. A list is never changed once databases were
//! written with it: when the broker's checks change, the next one is added.

use super::Check;
use paper::Outcome;
use serde::{Deserialize, Serialize};

/// The names by list, from list 1 on.
const LISTS: &[&[&str]] = &[&[
    "kill_switch",
    "webhook_state",
    "account_state",
    "age",
    "duplicate",
    "symbol",
    "action",
    "price",
    "price_deviation",
    "exit_percent",
    "position",
    "direction",
    "max_entries",
    "trading_hours",
    "pipeline",
    "tick",
    "quantity",
    "notional",
    "order_notional",
    "position_notional",
    "open_positions",
    "exposure",
    "daily_loss",
    "drawdown",
    "orders_per_day",
    "losing_streak",
    "cooldown",
    "buying_power",
    "bracket",
]];

#[derive(Serialize, Deserialize)]
struct Stored(usize, String, Vec<Vec<Option<String>>>);

/// What the database keeps.
pub(crate) fn stored(checks: &paper::Checks) -> String {
    let outcomes = checks.outcomes().map(|(_, outcome)| match outcome {
        Outcome::Pass => 'p',
        Outcome::Fail(_) => 'f',
        Outcome::Skipped => 's',
    });
    let figures = checks.made().iter().filter_map(|check| {
        let parts = [
            Some(check.name.place().to_string()),
            check.limit.as_ref().map(ToString::to_string),
            check.actual.as_ref().map(ToString::to_string),
            code_of(check).map(str::to_owned),
        ];
        let last = parts.iter().rposition(Option::is_some)?;
        (last > 0).then(|| parts.into_iter().take(last + 1).collect())
    });
    let stored = Stored(LISTS.len(), outcomes.collect(), figures.collect());
    serde_json::to_string(&stored).expect("BUG: texts are always JSON")
}

/// What the database kept, as it is shown; nothing where it cannot be read.
pub(crate) fn shown(stored: Option<&str>) -> Vec<Check> {
    stored.and_then(read).unwrap_or_default()
}

fn read(text: &str) -> Option<Vec<Check>> {
    let Stored(list, outcomes, figures) = serde_json::from_str(text).ok()?;
    let names = LISTS.get(list.checked_sub(1)?)?;
    let blank = |(name, outcome): (&&str, char)| Check {
        name: name.replace('_', " "),
        outcome: match outcome {
            'p' => "pass",
            'f' => "fail",
            _ => "skipped",
        }
        .to_owned(),
        limit: None,
        actual: None,
        code: None,
    };
    let mut checks: Vec<Check> = names.iter().zip(outcomes.chars()).map(blank).collect();
    for parts in figures {
        let mut parts = parts.into_iter();
        let check = checks.get_mut(parts.next()??.parse::<usize>().ok()?)?;
        let mut next = || parts.next().flatten();
        (check.limit, check.actual, check.code) = (next(), next(), next());
    }
    Some(checks)
}

fn code_of(check: &paper::Check) -> Option<&'static str> {
    match check.outcome {
        Outcome::Fail(code) => Some(code.as_str()),
        Outcome::Pass | Outcome::Skipped => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ReasonCode;
    use paper::{CheckName, Figure};

    #[test]
    fn the_newest_list_names_the_checks_of_the_broker() {
        let names: Vec<&str> = CheckName::ALL.iter().map(|name| name.as_str()).collect();
        assert_eq!(LISTS.last(), Some(&names.as_slice()), "add a list, do not change one");
    }

    #[test]
    fn a_check_is_kept_short_and_shown_in_full() {
        let record = |place: usize, outcome, figures: [Option<Figure>; 2]| {
            let [limit, actual] = figures;
            paper::Check { name: CheckName::ALL[place], outcome, limit, actual }
        };
        let checks = [
            record(2, Outcome::Fail(ReasonCode::NoPosition), [None, None]),
            record(0, Outcome::Pass, [None, None]),
            record(1, Outcome::Pass, [Some(Figure::Count(3)), Some(Figure::Count(1))]),
        ];
        let text = stored(&checks.into_iter().collect());
        let skipped = "s".repeat(CheckName::ALL.len() - 3);
        assert_eq!(text, format!(r#"[1,"ppf{skipped}",[["1","3","1"],["2",null,null,"NO_POSITION"]]]"#));
        let shown = shown(Some(&text));
        let row = |place: usize| {
            let c: &Check = &shown[place];
            (c.outcome.as_str(), c.limit.as_deref(), c.actual.as_deref(), c.code.as_deref())
        };
        assert_eq!(shown.len(), CheckName::ALL.len());
        assert_eq!(shown[0].name, "kill switch");
        assert_eq!(row(0), ("pass", None, None, None));
        assert_eq!(row(1), ("pass", Some("3"), Some("1"), None));
        assert_eq!(row(2), ("fail", None, None, Some("NO_POSITION")));
        assert_eq!(row(3), ("skipped", None, None, None));
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in ["", "[", "{}", r#"[0,"p",[]]"#, r#"[9,"p",[]]"#, r#"[1,"p",[["7"]]]"#, r#"[1,"p",[[]]]"#]
        {
            assert_eq!(shown(Some(text)), [], "{text}");
        }
        assert_eq!(shown(None), []);
    }
}
