//! Gaps: the times in which no alert could come in though the tunnel was wanted.

use domain::Timestamp;
use store::tunnel::TimelineRow;

/// A gap in the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    /// When it went down.
    pub(crate) from: Timestamp,
    /// When it was back, or no longer wanted; nothing while it lasts.
    pub(crate) to: Option<Timestamp>,
    /// The row that says why it went down.
    pub(crate) row: TimelineRow,
}

/// The gaps in rows of the timeline, oldest first. A gap begins when a tunnel that was online is so no longer, and ends
/// when it is online again or its user has switched it off. Switching it off begins none.
pub(crate) fn find(rows: &[TimelineRow]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    let mut is_open = false;
    let mut was_online = false;
    for row in rows {
        let is_online = row.state == "online";
        if is_open && (is_online || is_meant(row)) {
            is_open = false;
            if let Some(gap) = gaps.last_mut() {
                gap.to = Some(row.at.max(gap.from));
            }
        }
        if was_online && !is_online && !is_meant(row) {
            is_open = true;
            gaps.push(Gap { from: row.at, to: None, row: row.clone() });
        }
        was_online = is_online;
    }
    gaps
}

/// Off because its user said so.
fn is_meant(row: &TimelineRow) -> bool {
    row.state == "off" && matches!(row.code.as_deref(), Some("SWITCHED_OFF" | "NOT_WANTED"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `second state code`.
    fn check(rows: &[&str], expected: &[(i64, Option<i64>, &str)]) {
        let row = |text: &&str| {
            let words: Vec<&str> = text.split(' ').collect();
            TimelineRow {
                id: 0,
                at: Timestamp::from_micros(words[0].parse::<i64>().unwrap() * 1_000_000),
                state: words[1].to_owned(),
                code: words.get(2).map(|w| (*w).to_owned()),
                service_code: None,
                detail: None,
                public_url: None,
            }
        };
        let rows: Vec<TimelineRow> = rows.iter().map(row).collect();
        let seconds = |at: Timestamp| at.as_micros() / 1_000_000;
        let found: Vec<(i64, Option<i64>, String)> = find(&rows)
            .into_iter()
            .map(|g| (seconds(g.from), g.to.map(seconds), g.row.code.unwrap_or_default()))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(f, t, c)| (*f, *t, (*c).to_owned())).collect();
        assert_eq!(found, expected, "{rows:?}");
    }

    #[test]
    fn a_gap_is_from_online_to_online() {
        check(&[], &[]);
        check(&["0 connecting", "5 connecting UNREACHABLE", "9 online"], &[]);
        check(
            &["0 online", "10 reconnecting CUT", "11 reconnecting ENDPOINT_TAKEN", "16 online"],
            &[(10, Some(16), "CUT")],
        );
        check(&["0 online", "10 failed TOKEN_REVOKED"], &[(10, None, "TOKEN_REVOKED")]);
        check(
            &["0 online", "1 reconnecting CUT", "2 online", "3 reconnecting SILENT", "9 online"],
            &[(1, Some(2), "CUT"), (3, Some(9), "SILENT")],
        );
    }

    #[test]
    fn a_program_that_was_not_there_is_a_gap_and_a_tunnel_that_was_not_wanted_is_none() {
        check(
            &["0 online", "7 off NOT_RUNNING", "90 connecting", "91 online"],
            &[(7, Some(91), "NOT_RUNNING")],
        );
        check(&["0 online", "7 off SWITCHED_OFF", "90 connecting", "91 online"], &[]);
        check(&["0 online", "3 reconnecting CUT", "7 off SWITCHED_OFF"], &[(3, Some(7), "CUT")]);
        check(&["0 online", "7 off NOT_WANTED", "8 off NOT_RUNNING", "9 connecting", "10 online"], &[]);
        check(
            &["0 online", "7 off NOT_RUNNING", "9 off NOT_WANTED", "20 connecting", "21 online"],
            &[(7, Some(9), "NOT_RUNNING")],
        );
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_gap_end_before_it_began() {
        check(&["10 online", "20 reconnecting CUT", "5 online"], &[(20, Some(20), "CUT")]);
    }
}
