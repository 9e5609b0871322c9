//! What is read back is what was written, after any inputs.

use super::*;
use crate::context::new_account;
use crate::journal::Journal;
use crate::wire::Timings;
use domain::{
    BracketLevel, Intent, OrderType, Price, Side, Signal, SignalId, Size, SizeUnit, StopLoss, TakeProfit,
    Timestamp, Trail, TrailUnit,
};
use paper::{Bar, Input, SignalInput, WebhookRules};
use rust_decimal::Decimal;
use store::Store;

/// The generator of Steele, Lea and Flood ("splitmix64"): the same inputs every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// 90.00 to 110.00 in steps of 0.05.
    fn price(&mut self) -> Price {
        let steps = i64::try_from(self.roll(401)).unwrap();
        Price::new(Decimal::new(9_000 + 5 * steps, 2)).unwrap()
    }

    fn symbol(&mut self) -> Symbol {
        Symbol::new(["BTCUSDT", "AAPL"][usize::try_from(self.roll(2)).unwrap()]).unwrap()
    }
}

fn signal(dice: &mut Dice, number: u64, at: Timestamp) -> Input {
    let side = [Some(Side::Long), Some(Side::Short)][usize::try_from(dice.roll(2)).unwrap()];
    let intent = match dice.roll(6) {
        0 => Intent::Close,
        1 => Intent::Reduce,
        2 => Intent::Reverse,
        _ => Intent::Open,
    };
    let mut signal = Signal::new(intent, side, "any", dice.symbol());
    signal.price = Some(dice.price());
    signal.size = Some(Size { value: Decimal::from(dice.roll(5) + 1), unit: SizeUnit::Base })
        .filter(|_| intent != Intent::Close);
    match dice.roll(5) {
        0 => {
            signal.order.kind = OrderType::Limit;
            signal.order.limit = Some(dice.price());
        }
        1 => {
            signal.order.kind = OrderType::Stop;
            signal.order.stop = Some(dice.price());
            signal.order.time_in_force = Some(domain::TimeInForce::Day);
        }
        2 => {
            signal.order.kind = OrderType::TrailingStop;
            signal.order.trail = Some(Trail { value: Decimal::ONE, unit: TrailUnit::Percent });
            signal.order.activation = Some(dice.price()).filter(|_| dice.roll(2) == 0);
        }
        _ => {}
    }
    if dice.roll(2) == 0 {
        let level = |percent| BracketLevel::Percent(Decimal::from(percent));
        signal.take_profit = vec![TakeProfit { level: level(3), portion_pct: None }];
        signal.stop_loss = Some(StopLoss { level: Some(level(2)), limit: None, trail: None });
    }
    Input::Signal(Box::new(SignalInput {
        id: SignalId::parse(&format!("sig_{number}")).unwrap(),
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

fn input(dice: &mut Dice, number: u64, at: Timestamp, broker: &Broker) -> Input {
    let command: Box<str> = format!("cmd_{number}").into();
    match dice.roll(20) {
        0..10 => signal(dice, number, at),
        10..13 => Input::Last { symbol: dice.symbol(), price: dice.price(), at },
        13 | 14 => {
            let bid = dice.price();
            let ask = Price::new(bid.get() + Decimal::new(10, 2)).unwrap();
            Input::Quote { symbol: dice.symbol(), bid, ask, at }
        }
        15 | 16 => {
            let mut prices = [dice.price(), dice.price(), dice.price(), dice.price()];
            prices.sort();
            let [low, open, close, high] = prices;
            Input::Bar { symbol: dice.symbol(), bar: Bar { open, high, low, close }, opened_at: at, at }
        }
        17 => match broker.state().orders.values().flatten().next() {
            Some(order) => Input::Cancel { command, order: order.id.clone(), at },
            None => Input::Tick { at },
        },
        18 => match dice.roll(4) {
            0 => Input::KillSwitch { at },
            1 => Input::Flatten { command, at },
            2 => Input::Withdraw { command, amount: Money::new(Decimal::from(20)), at },
            _ => Input::Deposit { command, amount: Money::new(Decimal::new(1_050, 2)), at },
        },
        _ => Input::Tick { at },
    }
}

#[test]
fn the_books_are_read_back_as_they_were_written() {
    let mut seen = (0, 0, 0);
    for seed in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("pitwire.db"), store::Options::default()).unwrap();
        let id = AccountId::parse("acc_main").unwrap();
        let (account, begin) = (id.clone(), Timestamp::from_seconds(1_800_000_000));
        let mut config = Config::default();
        for (key, value) in [
            ("max_entries", "5"),
            ("fees.taker_bps", "7.5"),
            ("slippage.value", "1"),
            ("risk.max_consecutive_losses", "1000"),
            ("risk.max_price_deviation_bps", "off"),
            ("instrument.step", "1"),
        ] {
            config.set(key, value).unwrap();
        }
        let opening = Money::new(Decimal::from(if seed % 3 == 0 { 300 } else { 100_000 }));
        store
            .writer()
            .run(move |tx| new_account(tx, &account, "Main", "alert", &config, opening, begin).map(|_| ()))
            .unwrap();
        let read = || store.reader().read(|view| Ok(open(view, &id))).unwrap().unwrap().1;
        let (mut broker, mut dice) = (read(), Dice(seed));
        for batch in 0..40_u64 {
            let mut journal = Journal::default();
            for place in 0..dice.roll(4) + 1 {
                let number = batch * 10 + place;
                let at = begin.plus_micros(i64::try_from(number).unwrap() * 700_000_000);
                let events = broker.apply(input(&mut dice, number, at, &broker));
                // Signals have no rows here, so only what follows from decisions is written.
                let events = events.into_iter().filter(|e| !matches!(e, paper::Event::Decided(_))).collect();
                journal.note(&id, None, &broker, events, &Timings::default());
            }
            store.writer().run(move |tx| journal.write(tx)).unwrap();
            let restored = read();
            assert_eq!(restored.state(), broker.state(), "seed {seed}, batch {batch}");
            assert_eq!(format!("{:?}", restored.state()), format!("{:?}", broker.state()));
            assert_eq!(restored.balances(), broker.balances(), "seed {seed}, batch {batch}");
            seen.0 += broker.state().orders.len();
        }
        // The same can be had from what was only ever appended, and a figure that cannot is named.
        let rebuilt = || store.reader().read(|view| Ok(crate::doctor::books::rebuilt(view))).unwrap();
        assert_eq!(rebuilt(), Ok(1), "seed {seed}");
        let mut point =
            store.reader().read(|view| store::equity_points::newest(view, &id, 1)).unwrap().remove(0);
        let equity = broker.balances().equity;
        point.equity = Money::new(equity.get() + Decimal::ONE);
        let wrong = format!("the equity is {equity}, its rows make {}", point.equity);
        store.writer().run(move |tx| store::equity_points::put(tx, &point)).unwrap();
        assert!(rebuilt().is_err_and(|finding| finding.ends_with(&wrong)), "seed {seed}");
        let filter = store::trades::TradeFilter::default();
        seen.1 += store.reader().read(|view| store::trades::list(view, filter, None, 500)).unwrap().len();
        seen.2 += usize::from(broker.state().liquidated_at.is_some());
    }
    assert!(seen.0 > 100 && seen.1 > 20, "the inputs do not reach what is tested: {seen:?}");
}
