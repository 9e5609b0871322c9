//! No token in any byte of what stays or is printed: each way in which one can arrive is gone, then everything is
//! searched.

use crate::support::{Hook, TestDesk, eventually, exchange, rows, text};
use std::path::Path;

/// Everything that was printed by the commands of a test.
#[derive(Default)]
struct Printed(String);

impl Printed {
    fn note(&mut self, desk: &TestDesk, arguments: &[&str]) {
        let run = desk.run(arguments);
        self.0.push_str(&run.stdout);
        self.0.push_str(&run.stderr);
    }
}

/// Bodies with the token in every place that a sender could put it.
fn bodies(token: &str) -> Vec<String> {
    let message = r#"{"action":"buy","symbol":"BTCUSDT","price":60000}"#;
    let fields = [
        "note",
        "auth_key",
        "token",
        "secret",
        "passphrase",
        "key",
        "id",
        "comment",
        "strategy",
        "exchange",
        "orderType",
        "price",
        "quantity",
        "time",
        "test",
        "market_position",
        "apiKey",
        "signalToken",
    ];
    let mut bodies: Vec<String> = fields
        .iter()
        .map(|field| format!(r#"{{"{field}":"{token}","action":"buy","symbol":"BTCUSDT"}}"#))
        .collect();
    bodies.extend([
        message.replace("buy", token),
        message.replace("BTCUSDT", token),
        message.replace("60000", token),
        message.replace("action", token),
        message.replace("\"buy\"", token),
        message.replace('{', &format!("{{\"{token}\":1,")),
        message.replace('{', &format!("{{\"{{{{{token}}}}}\":1,")),
        message.replace("60000", &format!("\"{{{{{token}}}}}\"")),
        message.replace('{', &format!("{{\"metadata\":{{\"deep\":[\"{token}\"]}},")),
        message.replace('{', &format!("{{\"escaped\":\"{}\",", token.replace("pw_", "\\u0070w_"))),
        message.replace('{', &format!("{{\"escaped\":\"{}\",", token.replace('a', "\\u0061"))),
        message.replace('{', &format!("{{\"{token}\":1,\"{token}\":2,")),
        message.replace('{', &format!("{{\"{token}\":\"\",\"metadata\":{{\"{token}\":1}},")),
        token.to_owned(),
        format!("buy BTCUSDT {token}"),
        format!("{{\"action\":\"buy\" \"auth_key\":\"{token}\"}}"),
        format!("{{\"auth_key\":\"{token}"),
        format!("\u{feff}{{\"auth_key\": \"{token}\", }}"),
        format!("[{message},{{\"auth_key\":\"{token}\"}}]"),
        format!("{}{{\"auth_key\":\"{token}\"}}", "x".repeat(300 * 1024)),
    ]);
    bodies
}

/// Sends a token in by every way there is.
fn send_everywhere(desk: &TestDesk, hook: &Hook) {
    let token = &hook.token;
    let paths = [hook.path(), hook.query_path(), hook.token_path(), hook.body_path()];
    for body in bodies(token) {
        for path in &paths {
            desk.post(path, &body);
        }
    }
    let body = br#"{"action":"buy","symbol":"BTCUSDT","price":60000}"#;
    let bearer = format!("Bearer {token}");
    let referer = format!("http://localhost{}", hook.path());
    let cookie = format!("session={token}");
    for (name, value) in [
        ("Authorization", bearer.as_str()),
        ("X-Token", token),
        ("X-Forwarded-For", token),
        ("User-Agent", token),
        ("Referer", &referer),
        ("Cookie", &cookie),
        ("Content-Type", token),
        ("Origin", &referer),
        ("Host", token),
        ("webhook-signature", token),
        ("webhook-id", token),
        ("X-Signature", token),
        (token, "named"),
    ] {
        for path in &paths {
            desk.request("POST", path, &[(name, value)], body);
        }
    }
    for method in ["GET", "PUT", "DELETE", "OPTIONS", token.as_str()] {
        for path in &paths {
            desk.request(method, path, &[("Accept", "text/html")], b"");
        }
    }
    let last = token.len() - 1;
    for path in [
        format!("/webhooks/tradingview/{}/{}", hook.id, &token[..last]),
        format!("/webhooks/tradingview/{}/{token}/{token}", hook.id),
        format!("/webhooks/{token}/{}/{token}", hook.id),
        format!("/webhooks/{}/{token}", hook.id),
        format!("/api/v1/webhooks/{}?secret=x&token={token}", hook.id),
        format!("/api/v1/webhooks/{token}?secret={token}"),
        format!("/{token}"),
        format!("/healthz?{token}"),
    ] {
        desk.post(&path, std::str::from_utf8(body).unwrap());
    }
    for bytes in [
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: nonsense\r\n\r\n", hook.path()),
        format!("POST {} HTTP/9.9\r\nHost: localhost\r\n\r\n", hook.path()),
        format!("{token}\r\n\r\n"),
    ] {
        exchange(desk.address(), bytes.as_bytes());
    }
}

/// Searches every file below `place`.
fn search(place: &Path, needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(search(&path, needles));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for needle in needles {
            if let Some(at) =
                bytes.windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
            {
                let around = &bytes[at.saturating_sub(120)..(at + needle.len() + 40).min(bytes.len())];
                found.push(format!("{} at {at}: …{}", path.display(), String::from_utf8_lossy(around)));
            }
        }
    }
    found
}

#[test]
fn no_token_stays_anywhere() {
    let outside = tempfile::tempdir().unwrap();
    let mut desk = TestDesk::still().with("PITWIRE_LOG", "trace").serve();
    desk.set("max_entries=10000");
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    send_everywhere(&desk, &hook);
    let mut printed = Printed::default();
    let payload = outside.path().join("payload.json");
    std::fs::write(
        &payload,
        format!(r#"{{"auth_key":"{}","action":"buy","symbol":"ETHUSDT","price":2}}"#, hook.token),
    )
    .unwrap();
    let payload = payload.to_str().unwrap();
    let original = text(&desk.signals()[0], "id").to_owned();
    printed.note(&desk, &["signal", "replay", &original, "--edit", payload]);
    printed.note(&desk, &["signal", "replay", &original, "--edit", payload, "--dry-run", "--json"]);
    printed.note(&desk, &["webhook", "test", &hook.id, "--payload", payload]);
    printed.note(&desk, &["webhook", "test", &hook.id, "--payload", payload, "--dry-run"]);
    printed.note(&desk, &["explain", payload, "--webhook", &hook.id]);
    eventually("what was refused to be written", || {
        let refused = desk.pitwire(&["signal", "list", "--status", "rejected", "--limit", "500"]);
        rows(&refused["signals"]).iter().any(|s| s["reason_code"] == "INVALID_TOKEN").then_some(())
    });
    for arguments in [
        &["webhook", "list", "--json"][..],
        &["webhook", "show", &hook.id],
        &["signal", "export", "--format", "json"],
        &["signal", "export", "--format", "csv"],
        &["doctor"],
    ] {
        printed.note(&desk, arguments);
    }
    for signal in desk.signals() {
        printed.note(&desk, &["signal", "show", text(&signal, "id"), "--json"]);
    }
    let copy = desk.home().join("copy.db");
    desk.pitwire(&["backup", copy.to_str().unwrap()]);
    let export = desk.home().join("export.ndjson");
    desk.pitwire(&["signal", "export", "--format", "ndjson", "--out", export.to_str().unwrap()]);
    // Also what is only in memory until the end, and the log of the end itself.
    desk.stop();
    // The random part, and its halves: an index may keep a word without its beginning.
    let random = hook.token.rsplit('_').next().unwrap();
    assert_eq!(random.len(), 32);
    let needles = [&random[..16], &random[16..]];
    let found = search(desk.home(), &needles);
    assert!(
        found.is_empty(),
        "{} places, among them: {}",
        found.len(),
        found[..found.len().min(5)].join("\n")
    );
    for needle in needles {
        let at = printed.0.to_lowercase().find(needle);
        assert!(at.is_none(), "printed: {}", &printed.0[at.unwrap().saturating_sub(300)..][..400]);
    }
    assert!(search(desk.home(), &[&hook.signing_secret]).is_empty());
    // The search itself finds what is there.
    assert!(!search(desk.home(), &[&hook.id]).is_empty());
}
