//! Whatever arrives is answered, and what is stored never holds the token.

use super::masking::TOKEN;
use super::settings;
use crate::{contains_token, mask, read, secrets_in};
use domain::DialectName;
use proptest::prelude::*;

const EXAMPLES: &[&str] = &[
    r#"{"action":"buy","symbol":"BINANCE:BTCUSDT.P","price":"67123.45","time":"2026-05-08T06:20:00Z"}"#,
    r#"{"auth_key":"TOKEN","ticker":"ETHUSD","positionDirection":"entryLong","qty":1,"metadata":{"signal":"EXIT_50"}}"#,
    r#"{"ticker":"AAPL","action":"cover","price":150.25,"quantity":100,"orderType":"stop"}"#,
    r#"{"action":"SELL","comment":"EXIT_33","market_position":"long","market_position_size":2}"#,
    r#"[{"action":"buy","symbol":"{{ticker}}"},{"action":"close","symbol":"B","token":"TOKEN"}]"#,
    "{“secret”: “TOKEN”}\u{a0}%price% \\u0070 %70w_ whsec_",
];

/// Every body of the fixtures, good and bad.
fn bodies() -> Vec<String> {
    super::fixtures::bodies().into_iter().chain(EXAMPLES.iter().map(|body| (*body).to_owned())).collect()
}

/// An example with the token in it and some of its bytes changed, dropped or doubled.
fn mangled() -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 0..6);
    (prop::sample::select(bodies()), edits).prop_map(|(example, edits)| {
        let mut bytes = example.replace("TOKEN", TOKEN).into_bytes();
        for (index, byte, edit) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "\"", "\\", "token", ":", "\\u005c", "%5C", "%22", "=", "“", "\u{a0}", "pw_", TOKEN, "\n", "{", "}",
        "_",
    ];
    let soup = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40)
        .prop_map(|p| p.concat().into_bytes());
    prop_oneof![prop::collection::vec(any::<u8>(), 0..300), mangled(), soup]
}

proptest! {
    #[test]
    fn every_body_is_answered(body in hostile()) {
        let all = "symbol=ES1! side=long unit.risk=lots unit.sl=pips unit.tp=pct unit.price=price";
        let chosen = DialectName::ALL.iter().map(|dialect| format!("{all} {dialect}"));
        let settings_of = ["", all, "symbol=ES1! flip", "target symbol=X map=A=B"].map(str::to_owned);
        for words in settings_of.into_iter().chain(chosen) {
            let words = words.as_str();
            if let Err(error) = read(&body, &settings(words)) {
                prop_assert!(!error.to_string().contains(TOKEN));
                prop_assert_eq!(error.line.is_some(), error.column.is_some());
            }
        }
        prop_assert!(secrets_in(&body).len() <= 16);
    }

    #[test]
    fn a_repair_changes_no_digit(body in mangled()) {
        if let Ok(text) = std::str::from_utf8(&body)
            && let Some(repaired) = crate::repair::repaired(text)
        {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            prop_assert_eq!(digits(&repaired.text), digits(text));
        }
    }

    #[test]
    fn what_is_stored_has_the_same_length_and_no_token(body in hostile()) {
        let masked = mask(&body, Some(TOKEN), None);
        prop_assert_eq!(masked.len(), body.len());
        prop_assert!(!contains_token(&masked, TOKEN));
        let kept = masked.iter().zip(&body).all(|(after, before)| after == before || *after == b'*');
        prop_assert!(kept);
    }

    #[test]
    fn a_readable_body_stays_readable_when_masked(at in 0..5_usize) {
        let body = EXAMPLES[at].replace("TOKEN", TOKEN);
        let masked = mask(body.as_bytes(), Some(TOKEN), None);
        let outcome = |bytes: &[u8]| read(bytes, &settings("symbol=X")).map_err(|e| e.code);
        prop_assert_eq!(outcome(body.as_bytes()), outcome(&masked));
    }
}
