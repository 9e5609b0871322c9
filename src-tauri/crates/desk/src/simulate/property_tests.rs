//! Whatever the text, there is an answer or an error with a code, and it is the same the next time.

use super::{Simulated, simulate, summarize};
use crate::wire::RpcError;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Scenarios worked by hand, to be broken.
const WORKED: &str = include_str!("../../../../../tests/fixtures/scenarios/worked.json");

/// `PITWIRE_PROPERTY_CASES` sets how many texts are tried.
fn config() -> ProptestConfig {
    let cases = std::env::var("PITWIRE_PROPERTY_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(192), failure_persistence: None, ..ProptestConfig::default() }
}

/// The answer as JSON, or the code of the refusal, asked for twice.
fn answer(text: &str) -> Result<Value, String> {
    let once = || match simulate(text.as_bytes()) {
        Ok(Simulated::One(snapshot)) => Ok(serde_json::to_value(&*snapshot).unwrap()),
        Ok(Simulated::File(results)) => Ok(serde_json::to_value(&results).unwrap()),
        Err(RpcError { code, error, .. }) => {
            assert!(!code.is_empty() && !error.is_empty());
            Err(code)
        }
    };
    let first = once();
    assert_eq!(first, once(), "{text}");
    first
}

fn number() -> impl Strategy<Value = Value> {
    let hostile = prop::sample::select(vec![
        json!("79228162514264337593543950335"),
        json!("79228162514264337593543950336"),
        json!("1e-28"),
        json!("0.0000000000000000000000000001"),
        json!("1e28"),
        json!("-1"),
        json!("0"),
        json!(0),
        json!(-0.0),
        json!(1e300),
        json!("NaN"),
        json!("Infinity"),
        json!(""),
        json!(null),
        json!(true),
        json!("0x10"),
        json!("١"),
    ]);
    prop_oneof![
        8 => (1_i64..20_000).prop_map(|cents| json!(format!("{}.{:02}", cents / 100, cents % 100))),
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => hostile,
    ]
}

fn time() -> impl Strategy<Value = Value> {
    prop_oneof![9 => (0_i64..100_000_000).prop_map(|t| json!(t)), 1 => any::<i64>().prop_map(|t| json!(t))]
}

fn step() -> impl Strategy<Value = Value> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    let fields = prop::collection::vec(
        (word(&["qty", "limit", "stop", "trail", "activation", "tp", "sl", "price"]), number()),
        0..4,
    );
    let alert = (
        word(&["buy", "sell", "short", "cover", "close", "hold"]),
        word(&["market", "limit", "stop", "stop_limit", "trailing_stop"]),
        word(&["", "EXIT_50", "EXIT_0", "ENTRY", "Exit_Long"]),
        word(&["abs", "pct"]),
        fields,
        any::<bool>(),
    );
    let alert = alert.prop_map(|(action, kind, comment, trail, fields, replay)| {
        let mut step = json!({
            "type": "signal", "action": action, "symbol": "AAPL", "order_type": kind,
            "comment": comment, "trail_kind": trail, "replay": replay,
        });
        fields.into_iter().for_each(|(name, value)| step[name] = value);
        step
    });
    let order = word(&["o1", "o1.tp", "o2", "o3.sl", "o9", "x"]);
    let body = prop_oneof![
        8 => alert,
        4 => number().prop_map(|p| json!({"type": "last", "price": p})),
        1 => (number(), number()).prop_map(|(b, a)| json!({"type": "quote", "bid": b, "ask": a})),
        1 => (number(), number(), number(), number())
            .prop_map(|(o, h, l, c)| json!({"type": "bar", "o": o, "h": h, "l": l, "c": c})),
        1 => order.prop_map(|o| json!({"type": "cancel", "order": o})),
        1 => any::<bool>().prop_map(|on| json!({"type": "kill", "on": on})),
    ];
    (time(), body).prop_map(|(t, mut step)| {
        step["t"] = t;
        step
    })
}

fn settings() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "sell_mode",
        "max_entries",
        "bar_path",
        "limit_fill",
        "price_source",
        "dedupe_ms",
        "spread_bps",
        "fees.taker_bps",
        "fees.min_fee",
        "slippage.value",
        "instrument.tick",
        "instrument.multiplier",
        "instrument.init_margin_long",
        "risk.max_daily_loss",
        "sizing.value",
        "nonsense",
    ]);
    let words =
        prop::sample::select(vec![json!("flip"), json!("target"), json!("pessimistic"), json!("through")]);
    let more = prop::collection::vec((keys, prop_oneof![3 => number(), 1 => words]), 0..2);
    (number(), any::<bool>(), more).prop_map(|(cash, shortable, more)| {
        let mut config = json!({
            "instrument": {"symbol": "AAPL", "shortable": shortable, "step": "1"}, "starting_cash": cash,
            "max_entries": 5,
        });
        more.into_iter().for_each(|(key, value)| config[key] = value);
        config
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_scenario_has_an_answer_and_its_summary_the_same_figures(
        config in settings(),
        steps in prop::collection::vec(step(), 0..24),
    ) {
        let found = answer(&json!({"config": config, "steps": steps}).to_string());
        let lines = std::iter::once(json!({"config": config})).chain(steps).map(|l| l.to_string());
        let lines = lines.collect::<Vec<_>>().join("\n");
        let summary = summarize(&mut lines.as_bytes()).map(|s| serde_json::to_value(&s).unwrap());
        match (found, summary) {
            (Ok(found), Ok(summary)) => {
                for key in ["position", "cash", "equity", "balance", "available", "unrealized", "fees"] {
                    prop_assert_eq!(&found[key], &summary[key]);
                }
                let of = |key: &str| found[key].as_str().unwrap().parse::<Decimal>().unwrap();
                prop_assert_eq!(of("balance").checked_add(of("unrealized")), Some(of("equity")));
            }
            (Err(code), Err(error)) => prop_assert_eq!(code, error.code),
            (found, summary) => prop_assert!(false, "{:?} but {:?}", found, summary),
        }
    }

    #[test]
    fn a_broken_text_has_an_answer(
        at in 0..WORKED.len(),
        cut in 0_usize..4,
        put in prop::sample::select(vec![
            "", "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\u{202e}", "null", "-", "e999", "9", "\n",
        ]),
    ) {
        let (start, end) = (WORKED.floor_char_boundary(at), WORKED.floor_char_boundary(at + cut));
        let _answered = answer(&format!("{}{put}{}", &WORKED[..start], &WORKED[end..]));
    }

    #[test]
    fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let (one, many) = (simulate(&bytes), summarize(&mut bytes.as_slice()));
        prop_assert!(one.is_err() && many.is_err());
    }
}
