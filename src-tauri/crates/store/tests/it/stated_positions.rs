//! What strategies say of their positions is kept, the newest in place of what came before.

use super::support::{TestStore, at, signal_id, webhook_id};
use domain::{NetQuantity, Symbol, parse_decimal};
use store::stated_positions::{self, KEPT_MAX, StatedPosition};

fn stated(strategy: &str, position: &str, second: i64) -> StatedPosition {
    let net = |text: &str| NetQuantity::new(parse_decimal(text).unwrap());
    StatedPosition {
        webhook_id: webhook_id("wh_aaaaaaaaaaaa"),
        symbol: Symbol::new("BTCUSDT").unwrap(),
        strategy: strategy.to_owned(),
        previous: Some(net("0.10")),
        position: net(position),
        sized: true,
        signal_id: signal_id("sig_1"),
        fired_at: None,
        heard_at: at(second),
    }
}

#[test]
fn the_last_word_of_each_strategy_is_kept() {
    let test = TestStore::ready();
    let put = |stated: StatedPosition| {
        test.writer().run(move |tx| stated_positions::put(tx, &stated)).unwrap();
    };
    put(stated("", "1", 1));
    put(stated("trend", "-2.50", 2));
    put(stated("", "0", 3));
    let webhook = webhook_id("wh_aaaaaaaaaaaa");
    let all = test.reader().read(|view| stated_positions::of_webhook(view, &webhook)).unwrap();
    assert_eq!(all, [stated("", "0", 3), stated("trend", "-2.50", 2)]);
    let symbol = Symbol::new("BTCUSDT").unwrap();
    let get =
        |name: &str| test.reader().read(|view| stated_positions::get(view, &webhook, &symbol, name)).unwrap();
    assert_eq!(get("trend"), Some(stated("trend", "-2.50", 2)));
    assert_eq!(get("other"), None);
    let unknown = StatedPosition { webhook_id: webhook_id("wh_bbbbbbbbbbbb"), ..stated("", "1", 1) };
    assert!(test.writer().run(move |tx| stated_positions::put(tx, &unknown)).is_err());
}

#[test]
fn only_so_many_are_remembered() {
    let test = TestStore::ready();
    test.writer()
        .run(|tx| {
            (0..=KEPT_MAX).try_for_each(|n| stated_positions::put(tx, &stated(&n.to_string(), "1", n.into())))
        })
        .unwrap();
    let webhook = webhook_id("wh_aaaaaaaaaaaa");
    let of = webhook.clone();
    assert_eq!(test.writer().run(move |tx| stated_positions::retain(tx, &of)).unwrap(), 1);
    let all = test.reader().read(|view| stated_positions::of_webhook(view, &webhook)).unwrap();
    assert_eq!(all.len(), KEPT_MAX as usize);
    assert!(all.iter().all(|stated| stated.strategy != "0"), "the oldest went");
}
