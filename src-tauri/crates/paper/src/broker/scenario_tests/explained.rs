//! What a fill and a denial tell about themselves.

use crate::bench::{Bench, d, script};
use crate::{CheckName, Event, Outcome, PriceSource};

fn parts(bench: &Bench) -> Vec<String> {
    let of = |fill: &crate::Fill| {
        let why = fill.why;
        let sum = why.reference.get() + why.spread + why.slippage + why.rounding + why.cap;
        assert_eq!(fill.price.get(), sum);
        let n = |v: rust_decimal::Decimal| v.normalize().to_string();
        let numbers = [why.reference.get(), why.spread, why.slippage, why.rounding, why.cap].map(n).join(" ");
        let fee = fill.fee_parts;
        format!("{} {numbers} fee {} * {} dp {}", why.source.as_str(), n(fee.notional.get()), fee.bps, fee.dp)
    };
    bench.fills.iter().map(of).collect()
}

#[test]
fn a_fill_says_where_its_price_and_its_fee_come_from() {
    let bench = script(
        "set slippage.value 2
         set spread_bps 10
         set fees.taker_bps 5
         set fees.maker_bps 1
         set max_entries 9
         0 quote 100 100.10
         1 buy qty=2 limit=100.11
         2 last 105
         3 bar 99 103 98 101
         4 buy qty=1
         5 sell stop=95
         6 buy qty=1 limit=99
         60000 bar 100 100 94 98",
    );
    assert_eq!(
        parts(&bench),
        [
            // 100.10 + 0.02, taken back to the limit
            "quote 100.1 0 0.02 0 -0.01 fee 200.22 * 5 dp 2",
            // half of 10 bps of 101, two ticks, up to the cent: 101 + 0.0505 + 0.02 + 0.0095 = 101.08
            "bar 101 0.0505 0.02 0.0095 0 fee 101.08 * 5 dp 2",
            "limit 99 0 0 0 0 fee 99 * 1 dp 2",
            "stop 95 0 -0.02 0 0 fee 284.94 * 5 dp 2",
        ]
    );
}

#[test]
fn liquidation_and_bars_name_their_prices() {
    let bench = script(
        "cash 1000
         set instrument.shortable true
         0 last 100
         1 short qty=9 limit=101
         60000 bar 102 103 101 102
         60001 last 300",
    );
    let sources: Vec<PriceSource> = bench.fills.iter().map(|fill| fill.why.source).collect();
    assert_eq!(sources, [PriceSource::Bar, PriceSource::Mark]);
    assert_eq!(bench.fills[0].price.get(), d("102"));
}

#[test]
fn every_check_is_recorded_with_its_figures() {
    let mut bench = script(
        "set risk.max_order_notional 1000
         set risk.max_daily_loss 100
         set risk.max_orders_per_day 5
         set risk.max_drawdown_pct 20
         set max_entries 3
         0 last 100
         1 buy qty=3
         2 last 99",
    );
    let events = bench.step("3 buy qty=2 sl=95");
    let Some(Event::Decided(decision)) = events.last() else { panic!("a signal is always decided") };
    let shown: Vec<String> = decision
        .checks
        .made()
        .iter()
        .filter(|check| check.outcome == Outcome::Pass && check.limit.is_some())
        .map(|check| {
            let text =
                |figure: &Option<crate::Figure>| figure.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{} {} / {}", check.name.as_str(), text(&check.limit), text(&check.actual))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "kill_switch off / off",
            "action open / long",
            "price 60000 ms / 1 ms",
            "direction both / long",
            "max_entries 3 / 1",
            "quantity 1 / 2",
            "notional 0 / 198.00",
            "order_notional 1000 / 198.00",
            "daily_loss 100 / 3.00",
            "drawdown 20 % / 0.03 %",
            "orders_per_day 5 / 1",
            "buying_power 9700.00 / 198.00",
        ]
    );
    let actual = |wanted: CheckName| {
        let check = decision.checks.made().iter().find(|check| check.name == wanted).unwrap();
        assert_eq!(check.limit, None, "{wanted:?}");
        check.actual.as_ref().map(ToString::to_string)
    };
    assert_eq!(actual(CheckName::WebhookState).as_deref(), Some("active"));
    assert_eq!(actual(CheckName::Position).as_deref(), Some("3"));
    let names: Vec<CheckName> = decision.checks.outcomes().map(|(name, _)| name).collect();
    assert_eq!(names, CheckName::ALL);
    let of = |wanted: CheckName| decision.checks.outcomes().find(|(name, _)| *name == wanted);
    assert_eq!(of(CheckName::Duplicate), Some((CheckName::Duplicate, Outcome::Pass)));
    assert_eq!(of(CheckName::Pipeline), Some((CheckName::Pipeline, Outcome::Skipped)));
    assert_eq!(
        CheckName::ALL.iter().map(|name| name.place()).collect::<Vec<_>>(),
        (0..29).collect::<Vec<_>>()
    );
}
