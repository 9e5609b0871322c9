//! A thousand random strategies, whose alerts come reversed, twice and late: they must end in the positions that the
//! same alerts make when they come in order. Messages, duplicates, lanes and broker are the real ones; only the clock
//! is the test's.

use super::waiting::HOLD_DEFAULT_MS;
use super::*;
use domain::{SellMode, WebhookId};
use paper::duplicate::{self, Message, Recorded, Verdict};
use paper::{Broker, Config, Input, SignalInput, WebhookRules};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn millis(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(end.unsigned_abs())).unwrap()
    }
}

/// A message on its way.
#[derive(Debug, Clone)]
struct Sent {
    ms: i64,
    body: String,
}

/// Orders that a strategy fills in one moment.
struct Moment {
    second: i64,
    bodies: Vec<String>,
}

const SYMBOLS: [&str; 2] = ["BTCUSDT", "ETHUSDT"];

/// What the template says once TradingView has filled it in.
fn filled(symbol: &str, before: i64, after: i64, price: i64, second: i64, with_quantity: bool) -> String {
    let word = |net: i64| match net.signum() {
        0 => "flat",
        1 => "long",
        _ => "short",
    };
    let time = Timestamp::from_seconds(second).to_string().replace(".000000Z", "Z");
    let mut body = dialect::template(None, dialect::TemplateKind::Strategy);
    if with_quantity {
        body = body.replacen('{', r#"{"quantity":"{{strategy.order.contracts}}","#, 1);
    }
    for (placeholder, value) in [
        ("strategy.order.action", if after > before { "buy" } else { "sell" }.to_owned()),
        ("strategy.order.id", "entry".to_owned()),
        ("strategy.order.contracts", (after - before).abs().to_string()),
        ("strategy.order.price", price.to_string()),
        ("strategy.market_position_size", after.abs().to_string()),
        ("strategy.market_position", word(after).to_owned()),
        ("strategy.prev_market_position_size", before.abs().to_string()),
        ("strategy.prev_market_position", word(before).to_owned()),
        ("ticker", symbol.to_owned()),
        ("exchange", "BINANCE".to_owned()),
        ("timenow", time),
    ] {
        body = body.replace(&format!("{{{{{placeholder}}}}}"), &value);
    }
    assert!(!body.contains("{{"), "{body}");
    body
}

/// A random strategy on two symbols: flat, long and short, turned round in one order or in two, and if so left in
/// parts before it is turned.
fn strategy(dice: &mut Dice, with_quantity: bool, in_parts: bool) -> (Vec<Moment>, [i64; 2]) {
    let mut positions = [0_i64; 2];
    let mut moments = Vec::new();
    let mut second = 1_770_000_000;
    for _ in 0..2 + dice.below(6) {
        second += 60 + dice.millis(600);
        let which = usize::try_from(dice.below(2)).unwrap();
        let (before, after) = (positions[which], dice.millis(5) - 2);
        if before == after {
            continue;
        }
        let turned_at_once = before * after < 0 && dice.below(2) == 0;
        let mut stops = vec![before];
        if before * after < 0 && !turned_at_once {
            if in_parts && before.abs() == 2 && dice.below(2) == 0 {
                stops.push(before / 2);
            }
            stops.push(0);
        } else if before.abs() == 2 && after == 0 && dice.below(2) == 0 {
            stops.push(before / 2);
        }
        stops.push(after);
        let price = 100 + dice.millis(20);
        let bodies = stops
            .windows(2)
            .map(|pair| filled(SYMBOLS[which], pair[0], pair[1], price, second, with_quantity))
            .collect();
        moments.push(Moment { second, bodies });
        positions[which] = after;
    }
    (moments, positions)
}

fn in_order(moments: &[Moment]) -> Vec<Sent> {
    let sent = |moment: &Moment| {
        let ms = moment.second * 1_000;
        let bodies = moment.bodies.clone().into_iter();
        bodies.zip(0..).map(move |(body, place)| Sent { ms: ms + place * 5, body }).collect::<Vec<_>>()
    };
    moments.iter().flat_map(sent).collect()
}

/// The orders of one moment within its hold window in any order, some of them sent again up to three times, all of it
/// up to twenty seconds late.
fn mixed(moments: &[Moment], dice: &mut Dice) -> Vec<Sent> {
    let mut sent = Vec::new();
    for moment in moments {
        let late = dice.millis(20_000);
        for body in &moment.bodies {
            let ms = moment.second * 1_000 + late + dice.millis(i64::from(HOLD_DEFAULT_MS));
            sent.push(Sent { ms, body: body.clone() });
            for _ in 0..dice.below(4) {
                sent.push(Sent { ms: ms + dice.millis(16_000), body: body.clone() });
            }
        }
    }
    sent
}

/// The signals of an account, from their arrival to the broker.
struct Trading {
    webhook: WebhookId,
    mode: SellMode,
    pace: Pace,
    known: HashMap<[u8; 32], Recorded>,
    lanes: Lanes<SignalInput>,
    broker: Broker,
    reordered: usize,
    duplicates: usize,
}

impl Trading {
    fn new(mode: SellMode, delay_s: Option<u32>) -> Self {
        let mut config = Config::default();
        config.set("max_entries", "100").unwrap();
        Self {
            webhook: WebhookId::parse("wh_a").unwrap(),
            mode,
            pace: Pace { hold_ms: None, delay_s },
            known: HashMap::new(),
            lanes: Lanes::default(),
            broker: Broker::new(config, domain::Money::new(1_000_000.into())),
            reordered: 0,
            duplicates: 0,
        }
    }

    /// Delivers everything, decides what is due whenever it is due, and returns the positions.
    fn run(&mut self, mut sent: Vec<Sent>) -> [Decimal; 2] {
        sent.sort_by_key(|sent| sent.ms);
        for (place, Sent { ms, body }) in sent.into_iter().enumerate() {
            while let Some(look) = self.lanes.next_look().filter(|look| look.as_millis() <= ms) {
                self.decide(look);
            }
            self.arrive(place, Timestamp::from_millis(ms), &body);
            self.decide(Timestamp::from_millis(ms));
        }
        while let Some(look) = self.lanes.next_look() {
            self.decide(look);
        }
        SYMBOLS.map(|symbol| {
            let symbol = Symbol::new(symbol).unwrap();
            self.broker.state().positions.get(&symbol).map_or(Decimal::ZERO, |position| position.net.get())
        })
    }

    fn arrive(&mut self, place: usize, at: Timestamp, body: &str) {
        let settings = dialect::Settings { sell_mode: self.mode, ..dialect::Settings::default() };
        let reading = dialect::read(body.as_bytes(), &settings).unwrap();
        let signal = reading.signals.into_iter().next().unwrap();
        let id = SignalId::parse(&format!("sig_{place}")).unwrap();
        let message = Message {
            webhook: &self.webhook,
            body: body.as_bytes(),
            index: 0,
            signal: &signal,
            window_ms: duplicate::WINDOW_MS_DEFAULT,
        };
        match duplicate::judge(&duplicate::keys(&message), at, |key| self.known.get(&key.hash).cloned()) {
            Verdict::DuplicateOf(_) => {
                self.duplicates += 1;
                return;
            }
            Verdict::New { record } => {
                for key in record {
                    self.known.insert(key.hash, Recorded { first_at: at, signal: id.clone() });
                }
            }
        }
        let arrived = Arrived {
            id: &id,
            place: i64::try_from(place).unwrap(),
            webhook: &self.webhook,
            received_at: at,
            test: false,
        };
        let waiting = Waiting::of(arrived, &signal, self.pace);
        let account = AccountId::parse("acc_a").unwrap();
        let lane = LaneKey { account, symbol: signal.symbol.clone() };
        let rules = WebhookRules { sell_mode: Some(self.mode), ..WebhookRules::default() };
        let input = SignalInput {
            id: id.clone(),
            signal,
            dialect: Some(reading.dialect),
            rules,
            received_at: at,
            decided_at: at,
            duplicate_of: None,
            replay: false,
            kill_switch: false,
            verdict: None,
        };
        self.lanes.put(lane, waiting, input);
    }

    fn decide(&mut self, now: Timestamp) {
        for due in self.lanes.take_due(now) {
            self.reordered += usize::from(due.reordered.is_some());
            if self.mode == SellMode::Target && due.superseded_by.is_some() {
                continue;
            }
            let mut input = due.item;
            input.decided_at = now;
            self.broker.apply(Input::Signal(Box::new(input)));
        }
    }
}

#[test]
fn a_thousand_strategies_end_where_they_would_have_ended_in_order() {
    let (mut reordered, mut duplicates) = (0, 0);
    for seed in 0..1_000 {
        let dice = &mut Dice(seed);
        let with_quantity = dice.below(2) == 0;
        let (moments, positions) = strategy(dice, with_quantity, true);
        let mode = [SellMode::Directional, SellMode::Flip, SellMode::Target]
            [usize::try_from(dice.below(3)).unwrap()];
        let delay_s = [None, None, Some(5)][usize::try_from(dice.below(3)).unwrap()];
        let straight = Trading::new(mode, None).run(in_order(&moments));
        let mut disturbed = Trading::new(mode, delay_s);
        let found = disturbed.run(mixed(&moments, dice));
        assert_eq!(found, straight, "seed {seed}, {mode:?}, delay {delay_s:?}");
        if with_quantity || mode == SellMode::Target {
            assert_eq!(straight, positions.map(Decimal::from), "seed {seed}, {mode:?}");
        }
        reordered += disturbed.reordered;
        duplicates += disturbed.duplicates;
    }
    // The seeds are of any use only if things did go wrong on the way.
    assert!(reordered > 500 && duplicates > 1_000, "{reordered} changed places, {duplicates} were repeated");
}

/// With `target` the last word of a strategy counts, however late the others come: beyond every hold window too. Of
/// three orders in one second the middle one is needed to know that the first was before the last, so there are two.
#[test]
fn targets_end_at_the_last_of_them_in_any_order() {
    for seed in 0..300 {
        let dice = &mut Dice(seed);
        let (moments, positions) = strategy(dice, false, false);
        let mut trading = Trading::new(SellMode::Target, None);
        let mut sent = in_order(&moments);
        for message in &mut sent {
            message.ms += dice.millis(40_000);
        }
        let found = trading.run(sent);
        assert_eq!(found, positions.map(Decimal::from), "seed {seed}");
    }
}
