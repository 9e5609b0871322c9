//! What every value answers: the plain accessors, which nothing else here looks at.

use crate::{
    DialectName, Money, NetQuantity, OrderSide, Price, Quantity, ReasonCode, SellMode, Side, SignalStatus,
    Symbol, Timestamp, parse_decimal,
};
use rust_decimal::Decimal;

fn d(text: &str) -> Decimal {
    parse_decimal(text).unwrap()
}

#[test]
fn every_word_is_read_back_and_no_other() {
    macro_rules! check {
        ($ty:ty, $all:expr, $parse:expr, [$($word:literal),+]) => {
            let words = [$($word),+];
            let shown: Vec<String> = $all.iter().map(ToString::to_string).collect();
            assert_eq!(shown, words);
            for (value, word) in $all.iter().zip(words) {
                assert_eq!(($parse(word), value.as_str()), (Some(*value), word));
            }
            assert_eq!($parse("nothing of the kind"), None::<$ty>);
            assert_eq!($parse(""), None::<$ty>);
        };
    }
    let dialects = ["vantixs", "algo-trade-analytics", "stratone", "atomik"];
    for name in dialects {
        assert_eq!(DialectName::parse(name).map(DialectName::as_str), Some(name));
    }
    for dialect in DialectName::ALL {
        assert_eq!(DialectName::parse(&dialect.to_string()), Some(*dialect));
        assert!(!dialect.title().is_empty());
    }
    assert_eq!(DialectName::parse("atom"), None);
    check!(Side, [Side::Long, Side::Short], Side::parse, ["long", "short"]);
    check!(OrderSide, [OrderSide::Buy, OrderSide::Sell], OrderSide::parse, ["buy", "sell"]);
    check!(
        SignalStatus,
        SignalStatus::ALL,
        SignalStatus::parse,
        ["received", "executed", "rejected", "failed"]
    );
    let modes = ["directional", "flip", "target"];
    assert_eq!(SellMode::ALL.map(SellMode::as_str), modes);
    assert_eq!(modes.map(SellMode::parse), SellMode::ALL.map(Some));
    assert_eq!(SellMode::parse("half"), None);
    assert_eq!(ReasonCode::NoPosition.to_string(), "NO_POSITION");
    assert_eq!(ReasonCode::parse("NO_POSITION").ok(), Some(ReasonCode::NoPosition));
    assert!(ReasonCode::parse("NO_POSITIONS").is_err());
}

#[test]
fn sides_have_their_orders() {
    let check = |side: Side, opposite, entry, exit| {
        assert_eq!((side.opposite(), side.entry(), side.exit()), (opposite, entry, exit));
        assert_eq!((entry.direction(), entry.opposite(), exit.opposite()), (side, exit, entry));
    };
    check(Side::Long, Side::Short, OrderSide::Buy, OrderSide::Sell);
    check(Side::Short, Side::Long, OrderSide::Sell, OrderSide::Buy);
}

#[test]
fn amounts_are_added_and_subtracted_exactly_or_not_at_all() {
    let money = |text: &str| Money::new(d(text));
    assert_eq!(money("1.50").checked_add(money("-0.25")), Some(money("1.25")));
    assert_eq!(money("1.50").checked_sub(money("-0.25")), Some(money("1.75")));
    assert_eq!(Money::new(Decimal::MAX).checked_add(money("1")), None);
    assert_eq!(Money::new(Decimal::MIN).checked_sub(money("1")), None);
    assert_eq!((money("-0.250").get(), money("-0.250").to_string()), (d("-0.250"), "-0.250".to_owned()));
    assert!(Money::new(d("-0.0")).get().is_sign_positive());
}

#[test]
fn quantities_and_prices_say_what_they_are() {
    let quantity = Quantity::parse("0.50").unwrap();
    assert_eq!(
        (quantity.get(), quantity.to_string(), quantity.is_zero()),
        (d("0.5"), "0.5".to_owned(), false)
    );
    assert!(Quantity::ZERO.is_zero() && Quantity::parse("0").is_ok() && Quantity::parse("-1").is_err());
    let net = NetQuantity::new(d("-2.50"));
    assert_eq!((net.get(), net.to_string()), (d("-2.5"), "-2.5".to_owned()));
    assert_eq!((net.magnitude().get(), net.side()), (d("2.5"), Some(Side::Short)));
    assert_eq!((NetQuantity::new(d("3")).side(), NetQuantity::FLAT.side()), (Some(Side::Long), None));
    let price = Price::parse("100.10").unwrap();
    assert_eq!((price.get(), price.to_string()), (d("100.1"), "100.10".to_owned()));
    assert!(Price::parse("0").is_err() && Price::parse("-1").is_err());
    assert_eq!(Symbol::new("BRK.B").unwrap().to_string(), "BRK.B");
}

#[test]
fn times_are_counted_in_their_units_and_rounded_down() {
    let at = Timestamp::from_micros(-1_500_001);
    assert_eq!((at.as_micros(), at.as_millis(), at.as_seconds()), (-1_500_001, -1_501, -2));
    assert_eq!(Timestamp::from_millis(2_500).as_micros(), 2_500_000);
    assert_eq!(Timestamp::from_seconds(3).as_millis(), 3_000);
    assert_eq!(Timestamp::from_seconds(5).micros_since(Timestamp::from_millis(4_999)), 1_000);
    assert_eq!(Timestamp::from_micros(7).plus_micros(-9), Timestamp::from_micros(-2));
    assert_eq!(Timestamp::from_micros(i64::MIN).to_string(), "0001-01-01T00:00:00.000000Z");
    assert_eq!(Timestamp::from_micros(i64::MAX).as_seconds(), 253_402_207_199);
}
