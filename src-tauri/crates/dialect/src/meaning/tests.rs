//! What statements mean: intent, side and size.

use super::*;

fn position(text: &str) -> Option<Position> {
    let (word, size) = text.split_once(' ').unwrap_or((text, ""));
    let size = size.parse().ok();
    match word {
        "-" => None,
        "flat" => Some(Position { side: None, size: Some(Decimal::ZERO) }),
        side => Some(Position { side: Side::parse(side), size }),
    }
}

/// `said` is a word, then an optional exit percentage, then an optional quantity: `sell 50% 3`.
fn check(said: &str, previous: &str, target: &str, expected: &str) {
    let mut words = said.split(' ');
    let (said_is, order_side) = match words.next().unwrap() {
        "buy" => (Said::Enter(Side::Long), Some(OrderSide::Buy)),
        "sell" => (Said::Leave(Some(Side::Long)), Some(OrderSide::Sell)),
        "short" => (Said::Enter(Side::Short), Some(OrderSide::Sell)),
        "cover" => (Said::Leave(Some(Side::Short)), Some(OrderSide::Buy)),
        _ => (Said::Leave(None), None),
    };
    let mut statement = Statement {
        said: said_is,
        order_side,
        exit_percent: None,
        size: None,
        positions: Positions { previous: position(previous), target: position(target) },
        sell_mode: SellMode::Directional,
    };
    for word in words {
        match word.strip_suffix('%') {
            Some(percent) => statement.exit_percent = percent.parse().ok(),
            None => statement.size = Some(Size { value: word.parse().unwrap(), unit: SizeUnit::Base }),
        }
    }
    let found = match of(&statement) {
        Ok(Meaning { intent, side, size }) => {
            let side = side.map_or("-", Side::as_str);
            let size = size.map_or(String::new(), |s| format!(" {} {}", s.value, s.unit.as_str()));
            format!("{} {side}{size}", intent.as_str())
        }
        Err(error) => error.code.to_string(),
    };
    assert_eq!(found, expected, "{said:?} from {previous:?} to {target:?}");
}

#[test]
fn words_comments_and_quantities_without_positions() {
    check("buy", "-", "-", "open long");
    check("buy 2", "-", "-", "open long 2 base");
    check("sell", "-", "-", "close long");
    check("sell 2", "-", "-", "reduce long 2 base");
    check("short 3", "-", "-", "open short 3 base");
    check("cover", "-", "-", "close short");
    check("close", "-", "-", "close -");
    check("close 1", "-", "-", "reduce - 1 base");
    check("sell 50%", "-", "-", "reduce long 50 pct_position");
    check("buy 50%", "-", "-", "reduce short 50 pct_position");
    check("short 25%", "-", "-", "reduce long 25 pct_position");
    check("close 100%", "-", "-", "close -");
    check("sell 100%", "-", "-", "close long");
    check("sell 50% 3", "-", "-", "reduce long 3 base");
    check("buy", "long 1", "-", "open long");
}

#[test]
fn positions_before_and_after_decide() {
    check("buy 1", "flat", "long 1", "open long 1 base");
    check("sell", "flat", "short 1", "open short");
    check("buy 1", "long 1", "long 2", "increase long 1 base");
    check("short", "short 1", "short 3", "increase short");
    check("sell 1", "long 2", "long 1", "reduce long 1 base");
    check("sell 50%", "long 2", "long 1", "reduce long 50 pct_position");
    // The sizes before and after say the share; nothing is to be added to them.
    check("sell", "long 3", "long 2", "reduce long");
    check("buy", "short 4", "short 1", "reduce short");
    check("sell 2", "long 2", "flat", "close long");
    check("cover", "short 2", "flat", "close short");
    check("close", "short 2", "flat", "close short");
    check("close", "flat", "flat", "close -");
    check("sell 2", "long 1", "short 1", "reverse short 2 base");
    check("buy", "short 1", "long 2", "reverse long");
    check("buy", "long", "long", "increase long");
    check("sell 1", "long", "long", "reduce long 1 base");
    check("sell 20%", "long", "long", "reduce long 20 pct_position");
}

#[test]
fn the_position_afterwards_alone_decides_less() {
    check("sell", "-", "flat", "close long");
    check("buy", "-", "flat", "close short");
    check("close", "-", "flat", "close -");
    check("buy 1", "-", "long 1", "open long 1 base");
    check("sell", "-", "short 1", "open short");
    check("sell 1", "-", "long 1", "reduce long 1 base");
    check("close 1", "-", "long 1", "reduce long 1 base");
    check("sell", "-", "long 1", "MISSING_FIELD");
}

#[test]
fn contradictions_are_refused() {
    check("buy", "long 1", "flat", "INVALID_FIELD");
    check("buy", "flat", "short 1", "INVALID_FIELD");
    check("sell", "long 1", "long 2", "INVALID_FIELD");
    check("buy", "long 1", "long 1", "INVALID_FIELD");
    check("close", "-", "long 1", "INVALID_FIELD");
    check("sell 50%", "flat", "short 1", "INVALID_FIELD");
    check("buy 50%", "-", "long 1", "INVALID_FIELD");
    check("sell", "long", "long", "MISSING_FIELD");
}

#[test]
fn a_webhook_that_follows_the_target_needs_no_size() {
    let statement = Statement {
        said: Said::Leave(Some(Side::Long)),
        order_side: Some(OrderSide::Sell),
        exit_percent: None,
        size: None,
        positions: Positions { previous: None, target: position("long 1") },
        sell_mode: SellMode::Target,
    };
    assert_eq!(of(&statement), Ok(Meaning { intent: Intent::Reduce, side: Some(Side::Long), size: None }));
}
