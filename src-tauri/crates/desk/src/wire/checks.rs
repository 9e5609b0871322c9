//! The checks of a decision as the database keeps them: every signal has some thirty, so each costs a letter and only
//! what it compared is written out.
//!
//! `[1,"ppsf",[[1,"3","1"],[3,"long","flat","NO_POSITION"]]]` is a list of names (below), the outcomes in its order
//! (p, f, s), and place, limit, actual and code of those that have any. A list is never changed once databases were
//! written with it: when the broker's checks change, the next one is added.

use super::Check;
use paper::Outcome;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use std::fmt::Display;

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

/// A list's number, the outcomes and the figures.
type Stored = (usize, String, Vec<Vec<Option<String>>>);

/// What the database keeps.
pub(crate) fn stored(checks: &paper::Checks) -> String {
    let outcomes = checks.outcomes().map(|(_, outcome)| match outcome {
        Outcome::Pass => 'p',
        Outcome::Fail(_) => 'f',
        Outcome::Skipped => 's',
    });
    let stored = (LISTS.len(), outcomes.collect::<String>(), Figures(checks.made()));
    serde_json::to_string(&stored).expect("BUG: texts are always JSON")
}

/// The checks that have a figure or a code, written without a text of its own for each figure.
struct Figures<'a>(&'a [paper::Check]);

impl Serialize for Figures<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let told = |check: &paper::Check| {
            check.limit.is_some() || check.actual.is_some() || code_of(check).is_some()
        };
        serializer.collect_seq(self.0.iter().filter(|check| told(check)).map(Row))
    }
}

/// Place, limit, actual and code; nothing stands behind the last that there is.
struct Row<'a>(&'a paper::Check);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(check) = self;
        let (place, code) = (check.name.place(), code_of(check));
        let parts: [Option<&dyn Display>; 4] = [
            Some(&place),
            check.limit.as_ref().map(|limit| limit as &dyn Display),
            check.actual.as_ref().map(|actual| actual as &dyn Display),
            code.as_ref().map(|code| code as &dyn Display),
        ];
        let length = parts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let mut row = serializer.serialize_seq(Some(length))?;
        for part in parts.iter().take(length) {
            row.serialize_element(&part.map(AsText))?;
        }
        row.end()
    }
}

struct AsText<'a>(&'a dyn Display);

impl Serialize for AsText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

/// What the database kept, as it is shown; nothing where it cannot be read.
pub(crate) fn shown(stored: Option<&str>) -> Vec<Check> {
    stored.and_then(read).unwrap_or_default()
}

fn read(text: &str) -> Option<Vec<Check>> {
    let (list, outcomes, figures): Stored = serde_json::from_str(text).ok()?;
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
