//! How many inputs a second one account takes, on one core: `cargo bench -p paper`.
//!
//! A word after `--` chooses lines by their name. Each line is a kind of traffic; signals alternate between opening and closing, and bring their price along.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use domain::{
    BracketLevel, Intent, Money, OrderRequest, OrderType, Price, Side, Signal, SignalId, Size, SizeUnit,
    StopLoss, Symbol, TakeProfit, Timestamp,
};
use paper::{Broker, Config, Input, SignalInput, WebhookRules};
use std::hint::black_box;
use std::time::Instant;

const BATCH: usize = 256;
const BATCHES: usize = 1_000;

fn price(cents: i64) -> Price {
    Price::parse(&format!("{}.{:02}", cents / 100, cents % 100)).expect("BUG: a plain number")
}

fn signal(number: usize, symbol: &str, bracket: bool, resting: bool) -> Input {
    let opens = number.is_multiple_of(2);
    let intent = if opens { Intent::Open } else { Intent::Close };
    let symbol = Symbol::new(symbol).expect("BUG: a plain symbol");
    let mut signal = Signal::new(intent, Some(Side::Long), if opens { "buy" } else { "sell" }, symbol);
    let cents = 10_000 + i64::try_from(number % 100).expect("BUG: below 100");
    signal.price = Some(price(cents));
    if opens {
        signal.size = Some(Size { value: 2.into(), unit: SizeUnit::Base });
        if bracket {
            signal.take_profit =
                vec![TakeProfit { level: BracketLevel::Price(price(cents + 5_000)), portion_pct: None }];
            let level = Some(BracketLevel::Price(price(cents - 5_000)));
            signal.stop_loss = Some(StopLoss { level, limit: None, trail: None });
        }
        if resting {
            signal.order = OrderRequest {
                kind: OrderType::Limit,
                limit: Some(price(cents + 1)),
                ..OrderRequest::MARKET
            };
        }
    }
    let at = Timestamp::from_millis(i64::try_from(number).expect("BUG: small"));
    Input::Signal(Box::new(SignalInput {
        id: SignalId::parse(&format!("sig_{number:026}")).expect("BUG: a plain id"),
        signal,
        dialect: None,
        rules: WebhookRules::default(),
        received_at: at,
        decided_at: at,
        duplicate_of: None,
        replay: false,
        kill_switch: false,
        verdict: None,
    }))
}

fn last(number: usize) -> Input {
    let cents = 10_000 + i64::try_from(number % 100).expect("BUG: below 100");
    let at = Timestamp::from_millis(i64::try_from(number).expect("BUG: small"));
    Input::Last { symbol: Symbol::new("BTCUSDT").expect("BUG: a plain symbol"), price: price(cents), at }
}

/// Times batches as they come from a reader: made beforehand, small enough to be at hand.
fn run(name: &str, config: Config, first: Option<Input>, make: &dyn Fn(usize) -> Input) {
    if std::env::args().nth(1).is_some_and(|wanted| wanted != "--bench" && !name.contains(&wanted)) {
        return;
    }
    let mut broker = Broker::new(config, Money::new(1_000_000.into()));
    if let Some(first) = first {
        broker.apply(first);
    }
    let (mut events, mut seconds) = (0_usize, 0_f64);
    for batch in 0..BATCHES {
        let inputs: Vec<Input> = (batch * BATCH..(batch + 1) * BATCH).map(make).collect();
        let started = Instant::now();
        for input in inputs {
            events += black_box(broker.apply(input)).len();
        }
        seconds += started.elapsed().as_secs_f64();
    }
    let count = u32::try_from(BATCH * BATCHES).expect("BUG: a small count");
    println!("{name:34} {:>12.0} inputs/s  {events} events", f64::from(count) / seconds);
}

fn main() {
    let spread = ["BTCUSDT", "ETHUSDT", "AAPL", "MSFT", "TSLA", "NVDA", "SOLUSDT", "XRPUSDT"];
    let config = Config::default;
    run("signals, one symbol", config(), None, &|n| signal(n, "BTCUSDT", false, false));
    run("signals, eight symbols", config(), None, &|n| signal(n, spread[n / 2 % 8], false, false));
    run("signals with brackets", config(), None, &|n| signal(n, "BTCUSDT", true, false));
    run("marketable limits", config(), None, &|n| signal(n, "BTCUSDT", false, true));
    run("denied signals", config(), None, &|n| signal(n | 1, "BTCUSDT", false, false));
    run("last prices, flat", config(), None, &last);
    run("last prices, bracketed position", config(), Some(signal(0, "BTCUSDT", true, false)), &last);
}
