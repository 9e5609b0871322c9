//! The checks of a decision as the database keeps them: a short list for each, since every signal has two dozen.
//!
//! `["position","f","long","flat","NO_POSITION"]` is name, outcome, limit, actual and code; what is absent at the end
//! is left out. The names and codes are words, so that a later version reads what an earlier one has written.

use super::Check;
use paper::{Figure, Outcome};
use serde::{Serialize, Serializer};

/// What the database keeps.
pub(crate) fn stored(checks: &[paper::Check]) -> String {
    let checks: Vec<Short<'_>> = checks.iter().map(Short).collect();
    serde_json::to_string(&checks).expect("BUG: texts are always JSON")
}

/// What the database kept, as it is shown; nothing where it cannot be read.
pub(crate) fn shown(stored: Option<&str>) -> Vec<Check> {
    let read = |text| serde_json::from_str::<Vec<Vec<Option<String>>>>(text).ok();
    stored.and_then(read).unwrap_or_default().into_iter().filter_map(check_of).collect()
}

fn code_of(check: &paper::Check) -> Option<&'static str> {
    match check.outcome {
        Outcome::Fail(code) => Some(code.as_str()),
        Outcome::Pass | Outcome::Skipped => None,
    }
}

fn text(figure: &Figure) -> String {
    figure.to_string()
}

struct Short<'a>(&'a paper::Check);

impl Serialize for Short<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(check) = self;
        let outcome = match check.outcome {
            Outcome::Pass => "p",
            Outcome::Fail(_) => "f",
            Outcome::Skipped => "s",
        };
        let (limit, actual) = (check.limit.as_ref().map(text), check.actual.as_ref().map(text));
        let parts =
            [Some(check.name.as_str()), Some(outcome), limit.as_deref(), actual.as_deref(), code_of(check)];
        let last = parts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        serializer.collect_seq(parts.iter().take(last))
    }
}

fn check_of(parts: Vec<Option<String>>) -> Option<Check> {
    let mut parts = parts.into_iter();
    let name = parts.next()??.replace('_', " ");
    let outcome = match parts.next()??.as_str() {
        "p" => "pass",
        "f" => "fail",
        _ => "skipped",
    };
    let mut next = || parts.next().flatten();
    Some(Check { name, outcome: outcome.to_owned(), limit: next(), actual: next(), code: next() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ReasonCode;
    use paper::CheckName;

    #[test]
    fn a_check_is_kept_short_and_shown_in_full() {
        let some = |text: &str| Some(text.to_owned());
        let checks = [
            (CheckName::KillSwitch, Outcome::Pass, None, None),
            (CheckName::MaxEntries, Outcome::Pass, Some(Figure::Count(3)), Some(Figure::Count(1))),
            (CheckName::Price, Outcome::Pass, None, Some(Figure::Text("67123.45".into()))),
            (CheckName::Position, Outcome::Fail(ReasonCode::NoPosition), None, None),
            (CheckName::BuyingPower, Outcome::Skipped, None, None),
        ]
        .map(|(name, outcome, limit, actual)| paper::Check { name, outcome, limit, actual });
        let text = stored(&checks);
        assert_eq!(
            text,
            r#"[["kill_switch","p"],["max_entries","p","3","1"],["price","p",null,"67123.45"],"#.to_owned()
                + r#"["position","f",null,null,"NO_POSITION"],["buying_power","s"]]"#
        );
        let check = |name: &str, outcome: &str, limit, actual, code| Check {
            name: name.to_owned(),
            outcome: outcome.to_owned(),
            limit,
            actual,
            code,
        };
        let expected = [
            check("kill switch", "pass", None, None, None),
            check("max entries", "pass", some("3"), some("1"), None),
            check("price", "pass", None, some("67123.45"), None),
            check("position", "fail", None, None, some("NO_POSITION")),
            check("buying power", "skipped", None, None, None),
        ];
        assert_eq!(shown(Some(&text)), expected);
    }

    #[test]
    fn what_cannot_be_read_is_nothing() {
        for text in ["", "[", "{}", r#"[["kill_switch"]]"#, "[[null,null]]"] {
            assert_eq!(shown(Some(text)), [], "{text}");
        }
        assert_eq!(shown(None), []);
    }
}
