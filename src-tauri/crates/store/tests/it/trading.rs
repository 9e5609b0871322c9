//! Accounts, orders, fills, ledger, positions: read back exactly, and final where they must be.

use crate::support::{TestStore, account, account_id, at, money, order, signal_id};
use domain::{FillId, Money, NetQuantity, OrderId, OrderSide, Price, Quantity, Side, Symbol, parse_decimal};
use store::StoreError;
use store::accounts::{AccountBalances, AccountRow};
use store::equity_points::EquityPoint;
use store::fills::{FillNo, FillRow};
use store::ledger::{LedgerAccount, LedgerKind, LedgerTransaction};
use store::orders::{OrderRow, OrderStatus};
use store::positions::PositionRow;
use store::trades::{TradeFilter, TradeNo, TradeRow};

#[test]
fn accounts_are_read_back_and_changed() {
    let test = TestStore::ready();
    let rows = || test.reader().read(store::accounts::list).unwrap();
    assert_eq!(rows(), [account("acc_main")]);
    let edited = AccountRow { archived_at: Some(at(9)), opening: money("50000.00"), ..account("acc_main") };
    let written = edited.clone();
    test.writer().run(move |tx| store::accounts::update(tx, &written)).unwrap();
    assert_eq!(rows(), [edited]);
    test.writer()
        .run(|tx| {
            let (cash, realized, fees) = (money("1.10"), money("-2"), money("0.3"));
            let balances = AccountBalances { state: "{\"s\":1}", cash, realized, fees };
            store::accounts::set_balances(tx, &account_id("acc_main"), &balances)
        })
        .unwrap();
    // The digits are kept as they were written, trailing zeros too.
    assert_eq!(rows()[0].cash.to_string(), "1.10");
    let nobody = test.writer().run(|tx| store::accounts::update(tx, &account("acc_none")));
    assert_eq!(nobody, Err(StoreError::Missing { what: "account" }));
}

#[test]
fn a_signal_cannot_place_the_same_order_twice() {
    let test = TestStore::ready();
    let insert = |order: OrderRow| test.writer().run(move |tx| store::orders::put(tx, &order));
    let first = order("ord_1", Some(signal_id("sig_1")));
    insert(first.clone()).unwrap();
    let again = OrderRow { id: OrderId::parse("ord_2").unwrap(), ..first.clone() };
    assert!(matches!(insert(again), Err(StoreError::Conflict { .. })));
    let read = test.reader().read(|view| store::orders::get(view, &first.id)).unwrap().unwrap();
    assert_eq!(OrderRow { no: first.no, ..read }, first);
}

#[test]
fn an_order_that_is_done_never_changes() {
    let test = TestStore::ready();
    let put = |row: &OrderRow, status| {
        let row =
            OrderRow { status, filled: Quantity::parse("0.50").unwrap(), updated_at: at(2), ..row.clone() };
        test.writer().run(move |tx| store::orders::put(tx, &row))
    };
    for (place, last) in OrderStatus::ALL.into_iter().enumerate() {
        let row = order(&format!("ord_{place}"), None);
        put(&row, OrderStatus::Working).unwrap();
        put(&row, last).unwrap();
        let done = matches!(
            last,
            OrderStatus::Filled | OrderStatus::Cancelled | OrderStatus::Expired | OrderStatus::Rejected
        );
        let again = put(&row, OrderStatus::Working);
        assert_eq!(matches!(again, Err(StoreError::Conflict { .. })), done, "{last:?}: {again:?}");
    }
    let account = account_id("acc_main");
    let live = test.reader().read(|view| store::orders::live(view, &account)).unwrap();
    assert_eq!(live.len(), 4);
    let due = |now| test.reader().read(|view| store::orders::accounts_with_expired(view, at(now))).unwrap();
    assert_eq!((due(6), due(7)), (Vec::new(), vec![account.clone()]));
    let pages = |before| {
        let rows = test.reader().read(|view| store::orders::list(view, Some(&account), before, 5)).unwrap();
        rows.into_iter().map(|o| o.no).collect::<Vec<_>>()
    };
    let newest = pages(None);
    assert_eq!((newest.len(), pages(newest.last().copied()).len()), (5, 3));
    let all = test.reader().read(|view| store::orders::list(view, None, None, 100)).unwrap();
    assert_eq!(all.len(), 8);
    let odd = "UPDATE orders SET status = 'lost' WHERE status = 'working'";
    assert!(test.raw().execute(odd, []).is_err());
}

fn fill(id: &str) -> FillRow {
    FillRow {
        no: FillNo::new(0),
        id: FillId::parse(id).unwrap(),
        order_id: OrderId::parse("ord_1").unwrap(),
        signal_id: Some(signal_id("sig_1")),
        account_id: account_id("acc_main"),
        symbol: Symbol::new("BTCUSDT").unwrap(),
        side: OrderSide::Buy,
        quantity: Quantity::parse("0.50").unwrap(),
        price: Price::parse("67000.5").unwrap(),
        fee: money("3.35"),
        realized: money("0"),
        liquidity: "taker".to_owned(),
        at: at(1),
        why: "{}".to_owned(),
    }
}

#[test]
fn fills_are_read_back_and_never_change() {
    let test = TestStore::ready();
    let orphan = test.writer().run(|tx| store::fills::insert(tx, &fill("fil_0")));
    assert!(matches!(orphan, Err(StoreError::Conflict { .. })));
    test.writer()
        .run(|tx| {
            store::orders::put(tx, &order("ord_1", Some(signal_id("sig_1"))))?;
            store::fills::insert(tx, &fill("fil_1"))?;
            store::fills::insert(tx, &fill("fil_2"))
        })
        .unwrap();
    let account = account_id("acc_main");
    let rows = test.reader().read(|view| store::fills::history(view, &account, None, 10)).unwrap();
    assert_eq!(FillRow { no: FillNo::new(0), ..rows[0].clone() }, fill("fil_1"));
    let after =
        test.reader().read(|view| store::fills::history(view, &account, Some(rows[0].no), 10)).unwrap();
    assert_eq!(after, rows[1..]);
    let newest = test.reader().read(|view| store::fills::list(view, None, Some(rows[1].no), 10)).unwrap();
    assert_eq!(newest, rows[..1]);
    let between = |symbol: &str, from, to, limit| {
        let (symbol, window) = (Symbol::new(symbol).unwrap(), (at(from), at(to)));
        let read = |view: &store::View| store::fills::between(view, &account, &symbol, window, limit);
        test.reader().read(read).unwrap().iter().map(|fill| fill.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(between("BTCUSDT", 1, 2, 9), ["fil_1", "fil_2"]);
    assert_eq!(between("BTCUSDT", 1, 2, 1), ["fil_2"]);
    assert!(between("BTCUSDT", 0, 1, 9).is_empty() && between("BTCUSDT", 2, 9, 9).is_empty());
    assert!(between("ETHUSDT", 0, 9, 9).is_empty());
    let of_order = test.reader().read(|view| store::fills::of_order(view, &rows[0].order_id)).unwrap();
    let of_signal = test.reader().read(|view| store::fills::of_signal(view, &signal_id("sig_1"))).unwrap();
    assert_eq!((&of_order, &of_signal), (&rows, &rows));
    for sql in ["UPDATE fills SET price = '1'", "DELETE FROM fills"] {
        assert!(test.raw().execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn the_ledger_balances_and_only_grows() {
    let test = TestStore::ready();
    let append = |entries: Vec<(LedgerAccount, Money)>| {
        test.writer().run(move |tx| {
            let transaction = LedgerTransaction {
                account_id: &account_id("acc_main"),
                kind: LedgerKind::Fill,
                reference: Some("fil_1"),
                at: at(1),
                entries: &entries,
            };
            store::ledger::append(tx, &transaction)
        })
    };
    let stock = LedgerAccount::Inventory(Symbol::new("AAPL").unwrap());
    // 10 units at 187.25 and a fee of 1.00: 1872.50 + 1.00 − 1873.50 = 0.
    let bought = vec![
        (stock, money("1872.50")),
        (LedgerAccount::Fees, money("1.00")),
        (LedgerAccount::Cash, money("-1873.50")),
    ];
    append(bought.clone()).unwrap();
    append(Vec::new()).unwrap();
    append(bought.clone()).unwrap();
    let check = |entries, expected: &str| {
        let error = append(entries).unwrap_err();
        assert!(matches!(&error, StoreError::Unbalanced { message } if message == expected), "{error:?}");
    };
    check(vec![(LedgerAccount::Cash, money("0.01"))], "0.01");
    let most = Money::new(parse_decimal("79228162514264337593543950335").unwrap());
    check(vec![(LedgerAccount::Cash, most), (LedgerAccount::Capital, most)], "the sum overflows");
    let rows =
        test.reader().read(|view| store::ledger::history(view, &account_id("acc_main"), None, 10)).unwrap();
    let (first, second) = (rows[0].no, rows[5].no);
    assert!(second > first);
    assert_eq!(rows.iter().map(|r| r.no).collect::<Vec<_>>(), [first, first, first, second, second, second]);
    let entries: Vec<_> = rows[..3].iter().map(|r| (r.ledger_account.clone(), r.amount)).collect();
    assert_eq!(entries, bought);
    assert_eq!((rows[0].kind, rows[0].reference.as_deref()), (LedgerKind::Fill, Some("fil_1")));
    for sql in ["UPDATE ledger SET entries = '0 cash'", "DELETE FROM ledger"] {
        assert!(test.raw().execute(sql, []).is_err(), "{sql}");
    }
    assert_eq!(test.number("SELECT count(*) FROM ledger"), 2);
}

#[test]
fn positions_and_equity_are_kept_by_their_key() {
    let test = TestStore::ready();
    let position = |symbol: &str, quantity: &str| PositionRow {
        account_id: account_id("acc_main"),
        symbol: Symbol::new(symbol).unwrap(),
        quantity: NetQuantity::new(parse_decimal(quantity).unwrap()),
        cost: money("-100.5"),
        price_average: Price::parse("50.25").ok(),
        mark: Price::parse("51").ok(),
        mark_at: Some(at(3)),
        realized: money("7"),
        state: "{}".to_owned(),
    };
    let put = |row: PositionRow| test.writer().run(move |tx| store::positions::put(tx, &row)).unwrap();
    put(position("ES1!", "-2"));
    put(position("AAPL", "1"));
    put(position("ES1!", "-3"));
    let account = account_id("acc_main");
    let rows = test.reader().read(|view| store::positions::list(view, Some(&account))).unwrap();
    assert_eq!(rows, [position("AAPL", "1"), position("ES1!", "-3")]);
    test.writer().run(|tx| store::positions::clear(tx, &account_id("acc_main"))).unwrap();
    assert_eq!(test.reader().read(|view| store::positions::list(view, None)).unwrap(), []);

    let point = |seconds, equity: &str| EquityPoint {
        account_id: account_id("acc_main"),
        at: at(seconds),
        equity: money(equity),
        balance: money("1"),
        available: money("2"),
    };
    for row in [point(1, "10"), point(2, "20"), point(3, "30"), point(2, "21")] {
        test.writer().run(move |tx| store::equity_points::put(tx, &row)).unwrap();
    }
    let history = |from, limit| {
        test.reader().read(|view| store::equity_points::history(view, &account, at(from), limit)).unwrap()
    };
    assert_eq!(history(2, 10), [point(2, "21"), point(3, "30")]);
    assert_eq!(history(0, 1), [point(1, "10")]);
    let newest = test.reader().read(|view| store::equity_points::newest(view, &account, 1)).unwrap();
    assert_eq!(newest, [point(3, "30")]);
}

#[test]
fn round_trips_are_read_back_and_never_change() {
    let test = TestStore::ready();
    let trade = |closed_by: &str| TradeRow {
        no: TradeNo::new(0),
        account_id: account_id("acc_main"),
        symbol: Symbol::new("BTCUSDT").unwrap(),
        direction: Side::Short,
        opened_by: OrderId::parse("ord_1").unwrap(),
        closed_by: OrderId::parse(closed_by).unwrap(),
        quantity_max: Quantity::parse("0.50").unwrap(),
        price_entry: "100.10".to_owned(),
        price_exit: "90".to_owned(),
        gross: money("5.05"),
        fees: money("0.10"),
        net: money("4.95"),
        risk: Some(money("2.50")),
        r: Some("1.98".to_owned()),
        mae: money("-1"),
        mfe: money("6"),
        bars: 3,
        exits: "signal,stop_loss".to_owned(),
        opened_at: at(1),
        closed_at: at(2),
        signal_id: Some(signal_id("sig_1")),
        webhook_id: order("ord_1", None).webhook_id,
    };
    let insert = |closed_by: &str| {
        let row = trade(closed_by);
        test.writer().run(move |tx| store::trades::insert(tx, &row))
    };
    test.writer().run(|tx| store::orders::put(tx, &order("ord_1", Some(signal_id("sig_1"))))).unwrap();
    insert("ord_2").unwrap();
    insert("ord_3").unwrap();
    assert!(matches!(insert("ord_3"), Err(StoreError::Conflict { .. })));
    let list =
        |filter, before| test.reader().read(|view| store::trades::list(view, filter, before, 10)).unwrap();
    let found = list(TradeFilter::default(), None);
    let without_place = |row: &TradeRow| TradeRow { no: TradeNo::new(0), ..row.clone() };
    assert_eq!(found.iter().map(without_place).collect::<Vec<_>>(), [trade("ord_3"), trade("ord_2")]);
    assert_eq!(list(TradeFilter::default(), Some(found[0].no)), found[1..]);
    let (main, hook) = (account_id("acc_main"), trade("ord_9").webhook_id);
    assert_eq!(list(TradeFilter { account: Some(&main), webhook: hook.as_ref() }, None).len(), 2);
    let nobody = account_id("acc_none");
    assert_eq!(list(TradeFilter { account: Some(&nobody), webhook: None }, None), []);
    for sql in ["UPDATE trades SET net = '9'", "DELETE FROM trades"] {
        assert!(test.raw().execute(sql, []).is_err(), "{sql}");
    }
}
