//! The command line as scripts see it: names, exit codes, errors, and who may work on a data directory.

use crate::support::{Run, TestDesk, plain, rows, run_to_end, text};
use serde_json::{Value, json};
use std::net::TcpListener;

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.5"}"#;

#[test]
fn lists_and_objects_stand_under_their_names() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let account = desk.account();
    desk.executed(&hook.path(), BUY);
    let lists: [(&[&str], &str, &[&str]); 6] = [
        (&["webhook", "list"], "webhooks", &["id", "name", "mode", "token_preview", "counts", "state"]),
        (&["signal", "list"], "signals", &["id", "status", "reason_code", "details", "timings_us", "orders"]),
        (&["account", "list"], "accounts", &["id", "name", "cash", "balance", "equity", "available"]),
        (
            &["position", "list"],
            "positions",
            &[
                "account_id",
                "symbol",
                "quantity",
                "price_average",
                "mark",
                "mark_at",
                "unrealized",
                "realized",
            ],
        ),
        (
            &["order", "list"],
            "orders",
            &[
                "id",
                "signal_id",
                "account_id",
                "symbol",
                "side",
                "type",
                "quantity",
                "filled",
                "limit",
                "stop",
                "status",
                "reason_code",
                "reduce_only",
                "parent_id",
                "created_at",
            ],
        ),
        (
            &["fill", "list"],
            "fills",
            &[
                "id",
                "order_id",
                "signal_id",
                "symbol",
                "side",
                "quantity",
                "price",
                "fee",
                "liquidity",
                "at",
                "why",
            ],
        ),
    ];
    for (arguments, name, keys) in lists {
        let answer = desk.pitwire(arguments);
        let [row] = rows(&answer[name]) else { panic!("one row of {name} is wanted: {answer}") };
        for key in keys {
            assert!(row.get(key).is_some(), "{name} lack {key}: {row}");
        }
    }
    let objects: [(&[&str], &str); 9] = [
        (&["webhook", "show", &hook.id], "webhook"),
        (&["webhook", "edit", &hook.id, "--description", "Breakouts"], "webhook"),
        (&["webhook", "pause", &hook.id], "webhook"),
        (&["webhook", "resume", &hook.id], "webhook"),
        (&["account", "show", &account], "account"),
        (&["account", "set", &account, "fees.taker_bps=5"], "account"),
        (&["account", "deposit", &account, "10.50"], "account"),
        (&["kill", "off"], "kill"),
        (&["config", "list"], "settings"),
    ];
    for (arguments, name) in objects {
        let answer = desk.pitwire(arguments);
        assert!(answer[name].is_object(), "{arguments:?}: {answer}");
    }
    let shown = desk.signals()[0].clone();
    for key in ["raw_body", "content_type", "headers", "canonical", "checks", "config"] {
        assert!(desk.show(text(&shown, "id")).get(key).is_some(), "signal show lacks {key}");
    }
}

#[test]
fn exit_codes_are_0_1_and_2() {
    let desk = TestDesk::still();
    let check = |arguments: &[&str], code: i32| {
        let run = desk.run(arguments);
        assert_eq!(run.code, code, "{arguments:?}: {run:?}");
        run
    };
    for arguments in [&["--version"][..], &["--help"], &["webhook", "list"], &["serve", "--help"]] {
        check(arguments, 0);
    }
    for arguments in [
        &["webhook", "show", "wh_aaaaaaaaaaaa"][..],
        &["signal", "show", "sig_x"],
        &["signal", "list", "--webhook", "wh_aaaaaaaaaaaa"],
        &["trade", "list", "--webhook", "wh_aaaaaaaaaaaa"],
        &["webhook", "edit", "wh_aaaaaaaaaaaa", "--dialect", ""],
    ] {
        let run = check(arguments, 1);
        assert!(run.stdout.is_empty() && run.stderr.contains("NOT_FOUND"), "{run:?}");
    }
    for arguments in [
        &["nonsense"][..],
        &["webhook", "add"],
        &["webhook", "edit", "wh_aaaaaaaaaaaa"],
        &["webhook", "add", "--name", "a", "--mode", "both"],
        &["webhook", "add", "--name", "a", "--sell-mode", "half"],
        &["webhook", "add", "--name", "a", "--default-side", "up"],
        &["webhook", "add", "--name", "a", "--dialect", "vantix"],
        &["webhook", "edit", "wh_aaaaaaaaaaaa", "--sell-mode", ""],
        &["webhook", "template", "wh_aaaaaaaaaaaa", "--kind", "study"],
        &["serve", "--port", "x"],
        &["signal", "replay"],
        &["signal", "list", "--status", "executed,lost"],
        &["signal", "export", "--format", "xml"],
        &["order", "list", "--format", "xml"],
        &["--jsn"],
    ] {
        let run = check(arguments, 2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{run:?}");
    }
    for (arguments, code) in [
        (&["webhook", "add", "--name", " "][..], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--sizing", "half"], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--rate", "often"], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--rate", "5/min,99/s"], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--rate", "5/min,6/min"], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--expires", "2020-01-01T00:00:00Z"], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--strategy", "str_a"], "INVALID_FIELD"),
        (&["webhook", "add", "--name", "a", "--allow-ip", "1.2.3"], "INVALID_FIELD"),
        (&["webhook", "pause", "wh_aaaaaaaaaaaa"], "NOT_FOUND"),
        (&["account", "add", "--name", "b", "--cash", "lots"], "INVALID_FIELD"),
        (&["account", "add", "--name", "b", "--cash", "-5"], "INVALID_FIELD"),
        (&["account", "deposit", "acc_none", "-1"], "NOT_FOUND"),
        (&["account", "show", "acc_none"], "NOT_FOUND"),
        (&["config", "set", "listen.prot", "1"], "UNKNOWN_SETTING"),
        (&["config", "set", "listen.port", "70000"], "INVALID_FIELD"),
        (&["config", "get", "listen.prot"], "UNKNOWN_SETTING"),
    ] {
        assert_eq!(desk.refused(arguments), code, "{arguments:?}");
    }
}

#[cfg(not(feature = "gui"))]
#[test]
fn without_a_window_the_program_says_what_to_do() {
    let run = TestDesk::still().run(&[]);
    assert_eq!((run.code, run.stderr.lines().count()), (1, 1), "{run:?}");
    assert!(run.stderr.contains("pitwire serve"), "{run:?}");
}

#[test]
fn a_second_worker_is_refused_with_the_first_ones_process_id() {
    let mut desk = TestDesk::start();
    let second = desk.run(&["serve", "--port", "0"]);
    assert_eq!(second.code, 1, "{second:?}");
    assert!(second.stderr.contains(&format!("process {}", desk.pid())), "{second:?}");
    assert!(second.stdout.is_empty(), "{second:?}");
    desk.kill();
    desk.serve_again();
}

#[test]
fn a_taken_port_is_named_with_the_next_free_one() {
    let desk = TestDesk::still();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let run = desk.run(&["serve", "--port", &port.to_string(), "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let error = text(&run.json(), "error").to_owned();
    let free: u16 = error.rsplit(' ').next().unwrap().trim_end_matches('.').parse().unwrap();
    assert!(error.contains(&format!("port {port} ")) && free > port, "{error}");
    let run = desk.run(&["serve", "--bind", "203.0.113.1", "--port", "0"]);
    let lines: Vec<&str> = run.stderr.lines().filter(|l| l.starts_with("pitwire: ")).collect();
    let [said] = lines[..] else { panic!("{run:?}") };
    assert_eq!((run.code, said.matches("(os error").count()), (1, 1), "{run:?}");
}

#[test]
fn settings_come_from_the_environment_then_the_database_then_the_default() {
    let desk = TestDesk::still();
    let value = |run: Run| run.done()["setting"]["value"].clone();
    let get = ["--json", "config", "get", "listen.port"];
    assert_eq!(value(desk.run(&get)), "8787");
    desk.pitwire(&["config", "set", "listen.port", "9100"]);
    assert_eq!(value(desk.run(&get)), "9100");
    let run = run_to_end(desk.command(&get).env("PITWIRE_LISTEN_PORT", "9200"), None);
    assert_eq!(value(run), "9200");
    desk.pitwire(&["config", "set", "listen.port", ""]);
    assert_eq!(value(desk.run(&get)), "8787");
    assert_eq!(desk.pitwire(&["config", "list"])["settings"]["secrets.backend"], "file");
}

#[test]
fn a_variable_that_cannot_be_used_is_refused_by_name() {
    let desk = TestDesk::still();
    for (variable, value) in [
        ("PITWIRE_LISTEN_PORT", "abc"),
        ("PITWIRE_RETENTION_MAX_SIGNALS", "-1"),
        ("PITWIRE_LOG", "pitwire=loud"),
    ] {
        for arguments in [&["serve", "--port", "0"][..], &["webhook", "list"], &["restore", "backup.db"]] {
            let run = run_to_end(desk.command(arguments).env(variable, value).arg("--json"), None);
            assert_eq!(run.refused(), "INVALID_SETTING", "{variable}: {run:?}");
            let error = text(&run.json(), "error").to_owned();
            assert!(error.starts_with(&format!("{variable} is {value:?}, but must be ")), "{error}");
            assert!(error.contains("unset it"), "{error}");
        }
    }
    assert!(!desk.data_dir().join("pitwire.db").exists(), "nothing was touched");
}

#[test]
fn every_shell_gets_its_completions() {
    let desk = TestDesk::still();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = desk.run(&["completions", shell]);
        assert!(run.code == 0 && run.stdout.contains("webhook"), "{shell}: {run:?}");
    }
    assert!(!desk.data_dir().exists(), "completions need no data directory");
}

#[test]
fn messages_are_explained_from_a_file_and_from_stdin() {
    let desk = TestDesk::still();
    let explained = desk.pitwire(&["explain", &desk.file("alert.json", BUY)]);
    assert_eq!((text(&explained, "dialect"), &explained["repairs"]), ("vantixs", &json!([])));
    let [signal] = rows(&explained["signals"]) else { panic!("{explained}") };
    assert_eq!((text(signal, "intent"), text(signal, "side")), ("open", "long"));
    assert_eq!((&signal["size"], text(signal, "price")), (&json!({"value": "0.5", "unit": "base"}), "60000"));
    let explain = |stdin: &str| run_to_end(&mut desk.command(&["explain", "-", "--json"]), Some(stdin));
    let exit = explain(r#"{"action":"SELL","comment":"EXIT_50"}"#);
    assert_eq!(exit.refused(), "SETTING_REQUIRED");
    let broken = explain("{\"action\":\"buy\",\n \"symbol\": }");
    assert_eq!(broken.refused(), "MALFORMED_JSON");
    // In the second line, after ` "symbol": `, stands a brace where a value should.
    assert_eq!((&broken.json()["line"], &broken.json()["column"]), (&json!(2), &json!(12)));
    assert!(!desk.data_dir().exists(), "explaining needs no data directory");
    let hook = desk.hook(&["--symbol", "ES1!"]);
    let half = desk.file("half.json", r#"{"action":"SELL","comment":"EXIT_50"}"#);
    let of_webhook = desk.pitwire(&["explain", &half, "--webhook", &hook.id]);
    assert_eq!(of_webhook["dialect"], "atomik");
    let expected = json!({"value": "50", "unit": "pct_position"});
    assert_eq!(
        (&of_webhook["signals"][0]["intent"], &of_webhook["signals"][0]["size"]),
        (&json!("reduce"), &expected)
    );
}

#[test]
fn accounts_are_kept_while_serve_runs_and_while_nothing_runs() {
    let mut desk = TestDesk::start();
    let account = desk.account();
    let equity = |desk: &TestDesk| {
        let shown = desk.pitwire(&["account", "show", &account]);
        plain(text(&shown["account"], "equity")).to_owned()
    };
    assert_eq!(equity(&desk), "100000");
    for running in [true, false] {
        if !running {
            desk.stop();
        }
        desk.pitwire(&["account", "deposit", &account, "250.50"]);
        assert_eq!(equity(&desk), "100250.5");
        desk.pitwire(&["account", "withdraw", &account, "250.50"]);
        assert_eq!(equity(&desk), "100000");
        assert_eq!(desk.refused(&["account", "withdraw", &account, "100001"]), "INSUFFICIENT_BALANCE");
    }
    desk.serve_again();
    let hook = desk.hook(&[]);
    desk.executed(&hook.path(), BUY);
    desk.executed(&hook.path(), &BUY.replace("BTC", "ETH"));
    let closed = desk.pitwire(&["position", "close", "BTCUSDT"]);
    assert_eq!(rows(&closed["orders"]).len(), 1, "{closed}");
    assert_eq!(desk.positions(), ["ETHUSDT 0.5"]);
    assert_eq!(desk.refused(&["position", "close", "BTCUSDT"]), "NO_POSITION");
    desk.stop();
    // An account on which nothing is open is no hindrance, and what is flat is flat.
    desk.pitwire(&["account", "add", "--name", "Other", "--cash", "5"]);
    for orders in [1, 0] {
        let flattened = desk.pitwire(&["position", "flatten", "--yes"]);
        assert_eq!(rows(&flattened["orders"]).len(), orders, "{flattened}");
    }
    assert_eq!(desk.positions(), Vec::<String>::new());
    assert_eq!(desk.fills().len(), 4);
    desk.pitwire(&["account", "reset", &account, "--yes"]);
    assert_eq!((equity(&desk), desk.fills().len()), ("100000".to_owned(), 4));
    assert_eq!(desk.doctor()["ledger"], "ok");
}

#[test]
fn people_get_tables_without_control_characters() {
    let desk = TestDesk::start();
    assert_eq!(desk.run(&["signal", "list"]).stdout.trim(), "none");
    let hook = desk.hook(&[]);
    let table = desk.run(&["webhook", "list"]);
    assert!(table.stdout.starts_with("ID") && table.stdout.contains("Breakout"), "{table:?}");
    assert_eq!(desk.refused(&["webhook", "add", "--name", "Break\u{1b}[31mout"]), "INVALID_FIELD");
    let hostile = desk.post(&hook.path(), "\u{1b}]0;title\u{7}{\r\u{9b}31m");
    let shown = desk.run(&["signal", "show", &hostile.text("signalId")]);
    assert!(shown.stdout.contains("]0;title"), "{shown:?}");
    assert!(!shown.stdout.contains(['\u{1b}', '\u{7}', '\r', '\u{9b}']), "{shown:?}");
}

#[test]
fn the_history_is_searched_filtered_and_paged() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    for n in 0..5 {
        desk.decided(
            &hook.path(),
            &format!(r#"{{"action":"buy","symbol":"S{n}USDT","price":2,"note":"word{n}"}}"#),
        );
    }
    desk.post(&hook.path(), "{");
    let list = |arguments: &[&str]| desk.pitwire(&[&["signal", "list"], arguments].concat());
    let symbols = |page: &Value| -> Vec<String> {
        rows(&page["signals"]).iter().map(|s| text(s, "symbol").to_owned()).collect()
    };
    let executed = ["--status", "executed", "--limit", "2"];
    let first = list(&executed);
    let second = list(&[&executed[..], &["--before", text(&first, "next")]].concat());
    let third = list(&[&executed[..], &["--before", text(&second, "next")]].concat());
    assert_eq!(
        [&first, &second, &third].map(symbols).concat(),
        ["S4USDT", "S3USDT", "S2USDT", "S1USDT", "S0USDT"]
    );
    assert_eq!(third["next"], Value::Null);
    assert_eq!(symbols(&list(&["--query", "word3"])), ["S3USDT"]);
    assert_eq!(symbols(&list(&["--query", "wor"])), Vec::<String>::new());
    assert_eq!(symbols(&list(&["--query", "wor* s1usdt"])), ["S1USDT"]);
    assert_eq!(desk.refused(&["signal", "list", "--query", "\"-*"]), "INVALID_FIELD");
    assert_eq!(rows(&list(&["--status", "rejected"])["signals"]).len(), 1);
    assert_eq!(rows(&list(&["--webhook", &hook.id])["signals"]).len(), 6);
}
