//! What the expression language takes, gives and refuses.

use super::*;
use crate::function::Function;

#[test]
fn every_signature_is_read() {
    let check = |text: &str, outputs: &[&str]| {
        let expression = Expression::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(expression.outputs(), outputs, "{text}");
        assert_eq!(expression.to_string(), text);
    };
    for field in Field::ALL {
        check(field.as_str(), &[field.as_str()]);
    }
    for name in ["sma", "ema", "rma", "wma", "stdev", "highest", "lowest", "roc", "rsi", "cci", "mfi"] {
        check(&format!("{name}(close,14)"), &[name]);
        check(&format!("{name}( ema ( hlc3 , 3 ) [ 2 ] , 14 ) [ 1 ]"), &[name]);
    }
    check("macd(close,12,26,9)", &["macd", "signal", "hist"]);
    check("macd(close,12,26,9).signal", &["signal"]);
    check("macd(close,12,26,9).hist[3]", &["hist"]);
    check("macd(close,12,26,9)[3].hist", &["hist"]);
    check("atr(14)", &["atr"]);
    check("bb(close,20,2)", &["upper", "basis", "lower"]);
    check("bb(close,20,2.5).upper", &["upper"]);
    check("bb(close,20,.5).upper", &["upper"]);
    check("stoch(close,high,low,14)", &["stoch"]);
    check("stoch(rsi(close,14),rsi(close,14),rsi(close,14),14)", &["stoch"]);
    check("dmi(14,14)", &["plus", "minus", "adx"]);
    check("dmi(14,14).adx", &["adx"]);
    check("supertrend(3,10).direction", &["direction"]);
    check("vwap()", &["vwap"]);
    check("obv()[1]", &["obv"]);
    check("wpr(14)", &["wpr"]);
    check("close[0]", &["close"]);
    check("sma(macd(close,12,26,9).hist,3)", &["sma"]);
}

#[test]
fn prices_belong_over_the_candles_and_nothing_else_does() {
    let check = |over: bool, texts: &[&str]| {
        for text in texts {
            assert_eq!(Expression::parse(text).unwrap().is_price(), over, "{text}");
        }
    };
    check(true, &["close[3]", "hlcc4", "vwap()", "supertrend(3,10).value", "bb(hl2,20,2).lower"]);
    check(true, &["sma(close,9)", "ema(close,9)", "rma(close,9)", "wma(close,9)"]);
    check(true, &["highest(high,9)", "lowest(ema(low,3),9)[1]"]);
    check(false, &["volume", "sma(volume,9)", "bb(rsi(close,14),20,2).upper", "ema(roc(close,3),9)"]);
    check(false, &["supertrend(3,10).direction", "stdev(close,9)", "roc(close,9)", "rsi(close,14)"]);
    check(false, &["cci(close,9)", "mfi(hlc3,9)", "macd(close,12,26,9).macd", "stoch(close,high,low,9)"]);
    check(false, &["atr(14)", "dmi(14,14).adx", "obv()", "wpr(14)"]);
}

#[track_caller]
fn refused(text: &str, column: usize, said: &str) {
    let error = Expression::parse(text).expect_err(text);
    assert_eq!((error.column, error.problem.to_string()), (column, said.to_owned()), "{text:?}");
}

#[test]
fn what_cannot_be_read_is_pointed_at() {
    const SOURCE: &str =
        "a source (open high low close volume hl2 hlc3 ohlc4 hlcc4) or a function such as rsi(close,14)";
    refused("", 1, &format!("the expression ends here, but {SOURCE} is wanted"));
    refused("  ", 3, &format!("the expression ends here, but {SOURCE} is wanted"));
    refused("5", 1, &format!("here stands \"5\", but {SOURCE} is wanted"));
    refused("close > 5", 7, "here stands \">\", but the end, .output or [k] is wanted");
    refused("rsi(close,14) rsi", 15, "here stands \"r\", but the end, .output or [k] is wanted");
    refused("rsy(close,14)", 1, "there is no \"rsy\"; did you mean rsi?");
    refused("st(close,14)", 1, "there is no \"st\"; did you mean stdev or stoch?");
    refused("ichimoku(9)", 1, &format!("there is no \"ichimoku\"; there are {}", all_names()));
    refused("ta.rsi(close,14)", 1, "write rsi: names are in lower case and without \"ta.\"");
    refused("sma(Close,14)", 5, "write close: names are in lower case and without \"ta.\"");
    refused("rsi", 4, "\"(\" is wanted: it is written rsi(src,n)");
    refused("rsi[1]", 4, "\"(\" is wanted: it is written rsi(src,n)");
    refused("close(14)", 6, "close is a source and takes nothing in brackets");
    refused("rsi()", 5, "rsi(src,n) takes 2 in its brackets, not 0");
    refused("rsi(close)", 10, "rsi(src,n) takes 2 in its brackets, not 1");
    refused("rsi(close,14,2)", 13, "rsi(src,n) takes 2 in its brackets, not 3");
    refused("vwap(close)", 6, "vwap() takes nothing in its brackets, not 1");
    refused("rsi(14,close)", 5, &format!("here stands \"1\", but src of rsi(src,n), {SOURCE}, is wanted"));
    refused("rsi(close,close)", 11, "n of rsi(src,n) is a whole number of bars from 1 to 1000");
    refused("rsi(close,0)", 11, "n of rsi(src,n) is a whole number of bars from 1 to 1000");
    refused("rsi(close,14.5)", 11, "n of rsi(src,n) is a whole number of bars from 1 to 1000");
    refused("rsi(close,-14)", 11, "n of rsi(src,n) is a whole number of bars from 1 to 1000");
    refused("rsi(close,1001)", 11, "n of rsi(src,n) is a whole number of bars from 1 to 1000");
    refused(
        "rsi(close,99999999999999999999)",
        11,
        "n of rsi(src,n) is a whole number of bars from 1 to 1000",
    );
    refused("bb(close,20,0)", 13, "mult of bb(src,n,mult) is a number above 0, at most 100");
    refused("bb(close,20,inf)", 13, "mult of bb(src,n,mult) is a number above 0, at most 100");
    refused("supertrend(1e9,10)", 12, "factor of supertrend(factor,n) is a number above 0, at most 100");
    refused("rsi(close 14)", 11, "here stands \"1\", but \",\" and then n of rsi(src,n) is wanted");
    refused("rsi(close,14", 13, "the expression ends here, but \")\" at the end of rsi(src,n) is wanted");
    refused("close[501]", 7, "[k] is a whole number of bars from 0 to 500");
    refused("close[-1]", 7, "[k] is a whole number of bars from 0 to 500");
    refused("close[1", 8, "the expression ends here, but \"]\" is wanted");
    refused("close[1][1]", 9, "here stands \"[\", but the end, .output or [k] is wanted");
    refused("macd(close,12,26,9).line", 21, "macd(src,fast,slow,signal) has .macd, .signal, .hist");
    refused("rsi(close,14).value", 15, "rsi(src,n) has a single output: leave the name out");
    refused("close.value", 7, "close has a single value: leave the name out");
    refused(
        "sma(macd(close,12,26,9),3)",
        24,
        "macd(src,fast,slow,signal) has several outputs: add one of .macd, .signal, .hist",
    );
    refused("ünï(close,14)", 1, &format!("there is no \"ünï\"; there are {}", all_names()));
    refused(&format!("{}close", " ".repeat(500)), 501, "an expression has at most 500 characters");
    let nested = |levels: usize| format!("{}close{}", "sma(".repeat(levels), ",2)".repeat(levels));
    assert!(Expression::parse(&nested(7)).is_ok());
    refused(&nested(8), 33, "expressions are nested at most 8 deep");
}

fn all_names() -> String {
    "sma ema rma wma stdev highest lowest roc rsi cci mfi macd bb stoch atr dmi supertrend vwap obv wpr \
     open high low close volume hl2 hlc3 ohlc4 hlcc4"
        .to_owned()
}

#[test]
fn one_number_is_asked_of_several_outputs() {
    let error = Expression::parse_single("bb(close,20,2)").unwrap_err();
    assert_eq!(
        error.to_string(),
        "column 15: bb(src,n,mult) has several outputs: add one of .upper, .basis, .lower"
    );
    assert!(Expression::parse_single("bb(close,20,2).basis").is_ok());
    assert!(Expression::parse_single("close").is_ok());
}

#[test]
fn what_is_needed_adds_up() {
    let check = |text: &str, first: usize, decay: usize| {
        let warm_up = Expression::parse(text).unwrap().warm_up();
        assert_eq!((warm_up.first, warm_up.decay), (first, decay), "{text}");
    };
    check("close", 1, 0);
    check("close[5]", 6, 0);
    check("sma(close,20)", 20, 0);
    check("roc(close,10)", 11, 0);
    check("ema(close,200)", 200, 1_382);
    check("rsi(close,14)", 15, 187);
    check("atr(14)", 14, 187);
    check("macd(close,12,26,9).macd", 34, 180 + 62);
    check("dmi(14,14).adx", 28, 2 * 187);
    check("sma(rsi(close,14),3)[1]", 15 + 2 + 1, 187);
    check("stoch(close,sma(high,5),low,3)", 7, 0);
    check("obv()", 2, 0);
    assert!(Expression::parse("sma(vwap(),3)").unwrap().warm_up().session);
    assert_eq!(Function::ALL.len(), 20);
}
