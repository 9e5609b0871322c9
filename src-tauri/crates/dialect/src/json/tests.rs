//! What the parser reads, and where it says that something is wrong.

use super::*;

fn check(text: &str, expected: &str) {
    let found = match parse(text) {
        Ok(parsed) => format!("{} blanks={}", parsed.value.to_text(), parsed.invisible_blanks),
        Err(JsonError { offset, fault: Fault::Malformed(cause) }) => format!("{offset}: {cause}"),
        Err(JsonError { offset, fault }) => format!("{offset}: {fault:?}"),
    };
    let good = if expected.ends_with('*') {
        found.starts_with(expected.trim_end_matches('*'))
    } else {
        found == expected
    };
    assert!(good, "{text:?}\n   found {found:?}\n  wanted {expected:?}");
}

#[test]
fn good_texts_keep_their_numbers_and_their_order() {
    check(r#"{"b":1.50,"a":-1E+5}"#, r#"{"b":1.50,"a":-1E+5} blanks=0"#);
    check("[true,false,null,{},[]]", "[true,false,null,{},[]] blanks=0");
    check(r#"{"a":"\u0062\n\ud83d\ude00\/\"\\"}"#, r#"{"a":"b\n😀/\"\\"} blanks=0"#);
    check("{\u{a0}\"a\"\u{200b}:\u{feff}\"x\u{a0}y\"}", "{\"a\":\"x\u{a0}y\"} blanks=3");
    check("67123.450000000004", "67123.450000000004 blanks=0");
}

#[test]
fn a_broken_text_names_its_likely_cause() {
    check(r#"{"a":"b",}"#, "9: A comma stands after the last field: remove it.");
    check("[1,]", "3: A comma stands after the last element.");
    check("{“a”: 1}", "1: A typographic quote (“) stands*");
    check(r#"{"a":'50'}"#, "5: A single quote (') stands*");
    check(r#"{'a':50}"#, "1: A single quote (') stands*");
    check(r#"{"qty":,"a":1}"#, "7: The value of `qty` is missing: a placeholder*");
    check(r#"{"qty":}"#, "7: The value of `qty` is missing: a placeholder*");
    check(r#"{"a":buy}"#, "5: The value `buy` has no quotes around it and is no number.");
    check(r#"{"a":NaN}"#, "5: The value `NaN` has no quotes*");
    check(r#"{"a":01}"#, "5: The value `01` has no quotes*");
    check(r#"{"a":1.2.3}"#, "5: The value `1.2.3` has no quotes*");
    check(r#"{"a":.5}"#, "5: The value `.5` has no quotes*");
    check(r#"{"a":truely}"#, "5: The value `truely` has no quotes*");
    check(r#"{a:1}"#, "1: The key `a` has no quotes around it.");
    check(r#"{"a":"say "hi" now"}"#, "11: The text before this ended early: a quote inside*");
    check(r#"{"a":"b" "c":"d"}"#, "9: A comma is missing before this field*");
    check(r#"{"a","b"}"#, "4: A comma stands after `a` where a colon should be.");
    check(r#"{"a"="b"}"#, "4: An equals sign stands after `a`*");
    check(r#"{"a"}"#, "4: `a` has no value.");
    check(r#"{"a":1"#, "6: The message ends too early: `}` is missing.");
    check("[1", "2: The message ends too early: `]` is missing.");
    check(r#"{"a":"#, "5: The message ends too early*");
    check(r#"{"a":"b}"#, "5: The text that begins here is never closed*");
    check("{\"a\":\"b\nc\"}", "7: A line ends inside a text*");
    check("{\"a\":\"b\tc\"}", "7: A control character*");
    check(r#"{"a":"\x"}"#, "6: `\\x` is no escape of JSON*");
    check(r#"{"a":"\ud800"}"#, "6: This `\\u` escape is half*");
    check(r#"{"a":"\u12"}"#, "6: `\\u` must be followed*");
    check(r#"{"a":1}}"#, "7: One `}` too many*");
    check(r#"{"a":1}{"b":2}"#, "7: A second message begins here*");
    check(r#""a":"b""#, "3: The message has no braces*");
    check(r#"{"a":[1}"#, "7: `}` closes what another bracket opened*");
    check(r#"{"a":1 b}"#, "7: A comma or `}` should stand here instead of `b`.");
    check(r#"{"a":1,,"b":2}"#, "7: A comma stands where a field should be*");
    check("", "0: The message ends too early*");
}

#[test]
fn a_key_stands_once_and_nesting_ends_at_the_limit() {
    check(r#"{"a":1,"\u0061":2}"#, r#"7: DuplicateKey("a")"#);
    check(r#"{"a":{"x":1,"x":1}}"#, r#"12: DuplicateKey("x")"#);
    // Each of forty keys, however many stand between it and its like.
    let pairs: Vec<String> = (10..50).map(|n| format!(r#""k{n}":0"#)).collect();
    for n in 10..50 {
        let text = format!(r#"{{{},"k{n}":0}}"#, pairs.join(","));
        check(&text, &format!(r#"{}: DuplicateKey("k{n}")"#, 1 + 8 * pairs.len()));
    }
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(NESTING_MAX)).is_ok());
    check(&nested(NESTING_MAX + 1), "32: TooDeep");
}

mod property_tests {
    use super::*;
    use proptest::prelude::*;

    fn json_like() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"b\"",
            "1",
            "-0.5e3",
            "true",
            "null",
            "\"\\u0041\"",
            "\"\\\"",
            " ",
            "\n",
            "x",
            "01",
            "\"",
        ]);
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_json_is_what_the_usual_parser_says(text in json_like()) {
            let text = format!("[{text}]");
            let usual: Result<serde_json::Value, _> = serde_json::from_str(&text);
            match parse(&text) {
                // The usual parser holds numbers as floats, this one as they are written.
                Ok(_) if usual.as_ref().is_err_and(|error| error.to_string().contains("out of range")) => {}
                Ok(parsed) => {
                    let reread: serde_json::Value = serde_json::from_str(&parsed.value.to_text()).unwrap();
                    prop_assert_eq!(usual.unwrap(), reread);
                }
                Err(JsonError { fault: Fault::Malformed(_), offset }) => {
                    prop_assert!(usual.is_err(), "{}", text);
                    prop_assert!(text.is_char_boundary(offset));
                }
                Err(JsonError { fault: Fault::DuplicateKey(_) | Fault::TooDeep, .. }) => {}
            }
        }
    }
}
