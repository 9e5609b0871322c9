//! What is stored of a body, and which secrets are found in one.

use crate::{TOKEN_FIELDS, contains_token, mask, secrets_in, tokens_in};
use domain::DialectName;

pub(super) const TOKEN: &str = "pw_abcdefghij23_abcdefghijklmnopqrstuvwxyz234567";

#[track_caller]
fn check(body: &str, dialect: Option<DialectName>, expected: &str) {
    let (body, expected) =
        (body.replace("TOKEN", TOKEN), expected.replace("STARS", &"*".repeat(TOKEN.len())));
    let masked = mask(body.as_bytes(), Some(TOKEN), dialect);
    assert_eq!(String::from_utf8_lossy(&masked), expected, "{body}");
    assert_eq!(masked.len(), body.len());
}

#[test]
fn tokens_are_masked_wherever_they_stand() {
    let ata = Some(DialectName::AlgoTradeAnalytics);
    check(r#"{"auth_key":"TOKEN","ticker":"X"}"#, ata, r#"{"auth_key":"STARS","ticker":"X"}"#);
    check(r#"{"comment":"see TOKEN."}"#, None, r#"{"comment":"see STARS."}"#);
    check("text TOKEN text", None, "text STARS text");
    check(r#"{"auth_key":"TOKEN,"ticker"#, None, r#"{"auth_key":"STARS*"ticker"#);
    check("{“note”: “TOKEN”", None, "{“note”: “STARS”");
    check("[TOKENTOKEN]", None, &format!("[{}{}]", "*".repeat(TOKEN.len()), "*".repeat(TOKEN.len())));
    let other = "PW_ABCDEFGHIJ23_ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    check(other, None, "STARS");
    check("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw== x", None, &format!("{} x", "*".repeat(40)));
    check("pw_short_abc pw_ whsec_x", None, "pw_short_abc pw_ whsec_x");
}

#[test]
fn escaped_and_encoded_tokens_are_masked() {
    let json: String = TOKEN.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let percent: String = TOKEN.bytes().map(|b| format!("%{b:02X}")).collect();
    let first = format!("\\u0070{}", &TOKEN[1..]);
    let twice = first.replace('\\', "\\\\");
    let thrice = format!("%255Cu0070{}", &TOKEN[1..]);
    for form in [json, percent, first, twice, thrice] {
        for body in [format!(r#"{{"note":"{form}"}}"#), format!("broken {form}")] {
            assert!(contains_token(body.as_bytes(), TOKEN), "{body}");
            let masked = mask(body.as_bytes(), Some(TOKEN), None);
            assert_eq!(masked, body.replace(&form, &"*".repeat(form.len())).into_bytes(), "{body}");
        }
    }
    assert!(!contains_token(b"", TOKEN) && !contains_token(b"abc", "") && !contains_token(b"pw_abc", TOKEN));
}

#[test]
fn secret_fields_are_masked_in_good_and_broken_bodies() {
    check(r#"{"secret":"ab\"cd","a":"b"}"#, None, r#"{"secret":"******","a":"b"}"#);
    check(r#"{"api_key" : "abc", "apiSecret":"d"}"#, None, r#"{"api_key" : "***", "apiSecret":"*"}"#);
    check(r#"{"licenseID":60123456789,"x":1}"#, None, r#"{"licenseID":***********,"x":1}"#);
    check(r#"{"auth_key":"abc"#, None, r#"{"auth_key":"***"#);
    check("{'passphrase':'abc'}", None, "{'passphrase':'***'}");
    check("{“secret”: “abc”}", None, "{“secret”: “***”}");
    check("key=abc;command=PLACE;", None, "key=***;command=PLACE;");
    check("buy,EURUSD, secret=HappyTrader501", None, "buy,EURUSD, secret=**************");
    check(r#"{"a":"{\"token\":\"abc\",\"b\":1}"}"#, None, r#"{"a":"{\"token\":\"***\",\"b\":1}"}"#);
    check(r#"{"auth\u005fkey":"ab\"c"}"#, None, r#"{"auth\u005fkey":"*****"}"#);
    check("auth_key%22%3A%22abc%22", None, "auth_key%22%3A%22***%22");
    check(r#"{"secret":{"token":"abc"}}"#, None, r#"{"secret":{"token":"***"}}"#);
    check(r#"{"tokens":"abc","my_secret_plan":"d"}"#, None, r#"{"tokens":"abc","my_secret_plan":"d"}"#);
    check(r#"{"key":"abc"}"#, None, r#"{"key":"***"}"#);
    check(r#"{"key":"abc"}"#, Some(DialectName::Vantixs), r#"{"key":"abc"}"#);
    let wrapped = r#"{"key":"abc","message":{"action":"buy","symbol":"X"}}"#;
    check(wrapped, Some(DialectName::Vantixs), r#"{"key":"***","message":{"action":"buy","symbol":"X"}}"#);
    let lines = r#"{"key":"abc","message":"60123456789,buy,X\n60123456789,sell,Y"}"#;
    let hidden = r#"{"key":"***","message":"***********,buy,X\n***********,sell,Y"}"#;
    check(lines, Some(DialectName::PineConnector), hidden);
    check(lines, None, hidden);
}

#[test]
fn secrets_of_every_dialect_are_masked() {
    for (dialect, body, expected) in [
        (
            "pineconnector",
            "60123,buy,EURUSD, secret=HT501\n60123,closelong,X",
            "*****,buy,EURUSD, secret=*****\n*****,closelong,X",
        ),
        ("bva", "key1|My strategy|buy|X", "****|My strategy|buy|X"),
        ("password", "Pass word\nlong X q=1", "*********\nlong X q=1"),
        ("crosstrade", "key=abc;command=PLACE;", "key=***;command=PLACE;"),
        ("octobot", "SYMBOL=X;SIGNAL=BUY;Token=abc", "SYMBOL=X;SIGNAL=BUY;Token=***"),
        ("tickerly", r#"{"ticker":"X","pointer":"abc"}"#, r#"{"ticker":"X","pointer":"***"}"#),
        ("jackrabbit", r#"{"Identity":"abc","Action":"Buy"}"#, r#"{"Identity":"***","Action":"Buy"}"#),
        ("openalgo", r#"{"apikey":"abc"}"#, r#"{"apikey":"***"}"#),
        ("okx", r#"{"signalToken":"abc"}"#, r#"{"signalToken":"***"}"#),
        ("3commas-dca", r#"{"email_token":"abc"}"#, r#"{"email_token":"***"}"#),
        ("3commas-custom", r#"{"secret":"abc"}"#, r#"{"secret":"***"}"#),
        ("altrady", r#"{"api_key":"abc","api_secret":"de"}"#, r#"{"api_key":"***","api_secret":"**"}"#),
        ("tv-hub", r#"{"apiKey":"abc","token":"de"}"#, r#"{"apiKey":"***","token":"**"}"#),
        (
            "pickmytrade",
            r#"{"token":"abc","multiple_accounts":[{"token":"de"}]}"#,
            r#"{"token":"***","multiple_accounts":[{"token":"**"}]}"#,
        ),
        ("finandy", r#"{"secret":"abc"}"#, r#"{"secret":"***"}"#),
        ("junta", r#"{"passphrase":"abc"}"#, r#"{"passphrase":"***"}"#),
        ("generic", r#"{"key":"abc","side":"buy"}"#, r#"{"key":"***","side":"buy"}"#),
        ("vantixs", r#"{"key":"abc","pointer":"x"}"#, r#"{"key":"abc","pointer":"x"}"#),
    ] {
        check(body, DialectName::parse(dialect), expected);
        if dialect != "vantixs" && dialect != "password" {
            check(body, None, expected);
        }
    }
    check("{'pointer': 'abc', \"Identity\": “de", None, "{'pointer': '***', \"Identity\": “**");
}

#[test]
fn a_token_for_a_name_is_masked_among_the_extras() {
    let body = format!(r#"{{"action":"buy","symbol":"BTCUSDT","{TOKEN}":1}}"#);
    let reading = crate::read(body.as_bytes(), &crate::Settings::default()).unwrap();
    let names: Vec<&String> = reading.signals[0].extras.keys().collect();
    assert_eq!(names, [&"*".repeat(TOKEN.len())]);
}

#[track_caller]
fn candidates(body: &str, expected: &[&str]) {
    assert_eq!(secrets_in(body.as_bytes()), expected, "{body}");
}

#[test]
fn candidates_stand_where_dialects_keep_them() {
    candidates(r#"{"auth_key":"a","ticker":"X"}"#, &["a"]);
    candidates(
        r#"{"token":"a","secret":"b","passphrase":"c","key":"d","Identity":"e","signalToken":"f"}"#,
        &["a", "b", "c", "d", "e", "f"],
    );
    candidates(r#"{"auth_key":"\u0061b","token":"ab"}"#, &["ab"]);
    candidates(r#"[{"token":"a"},{"token":"b"}]"#, &["a", "b"]);
    candidates(r#"{"key":"a","message":{"auth_key":"b"}}"#, &["a", "b"]);
    candidates(r#"{"key":"a","message":"{\"secret\":\"b\"}"}"#, &["a", "b"]);
    candidates(r#"{"id":"a","message":{"auth_key":"b"}}"#, &[]);
    candidates(r#"{"metadata":{"token":"a"},"comment":"token: x"}"#, &[]);
    candidates(&format!(r#"{{"comment":"{TOKEN}"}}"#), &[]);
    candidates("\u{feff}{\"auth_key\":\"a\"}\n", &["a"]);
    candidates(r#"{"auth_key":"a","qty":,}"#, &["a"]);
    candidates(r#"{"auth_key":"a","auth_key":"b"}"#, &["a", "b"]);
    candidates(&format!("{{{TOKEN}"), &[TOKEN]);
    candidates("", &[]);
    candidates("key=abc;command=PLACE", &["abc"]);
    candidates("abc|My strategy|buy|X", &["abc"]);
    candidates("60123456789,buy,EURUSD,secret=abc", &["60123456789", "abc"]);
    candidates("{'secret': 'abc',}", &["abc"]);
    assert_eq!(secrets_in("token=x1 token=x2 ".repeat(50).as_bytes()).len(), 2);
    let many: String = (0..50).map(|n| format!("token={n} ")).collect();
    assert_eq!(secrets_in(many.as_bytes()).len(), 16);
}

#[test]
fn each_documented_field_is_looked_into() {
    for name in TOKEN_FIELDS {
        candidates(&format!(r#"{{"{name}":"a"}}"#), &["a"]);
    }
}

#[test]
fn a_token_is_found_wherever_it_stands() {
    let escaped = format!("\\u0070{}", &TOKEN[1..]);
    for body in [
        format!(r#"{{"metadata":{{"auth_key":"{TOKEN}"}}}}"#),
        format!(r#"{{"note":["see {TOKEN}."]}}"#),
        format!(r#"{{"{TOKEN}":1}}"#),
        format!(r#"{{"note":"{escaped}"}}"#),
    ] {
        assert_eq!(
            (secrets_in(body.as_bytes()), tokens_in(body.as_bytes())),
            (vec![], vec![TOKEN.to_owned()])
        );
    }
    assert!(tokens_in(br#"{"auth_key":"hunter2","action":"buy"}"#).is_empty());
}
