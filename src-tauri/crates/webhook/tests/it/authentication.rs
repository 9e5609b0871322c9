//! Every place where a secret may stand, and every way in which it may be wrong.

use crate::support::{BUY, Listener, NOW_S, hook};
use domain::Timestamp;
use webhook::StrategyState;

/// Headers, and the status and code that they get.
type SignedCase<'a> = (Vec<(&'a str, &'a str)>, u16, &'a str);
/// A change of a webhook.
type Change = Box<dyn Fn(&mut webhook::Entry)>;

/// Sends `body` to each path and compares status and code.
async fn check(listener: &Listener, cases: &[(&str, &str, u16, &str)]) {
    for (path, body, status, code) in cases {
        let reply = listener.post(path, body).await;
        assert_eq!((reply.status, &*reply.code()), (*status, *code), "POST {path} {body}: {reply:?}");
    }
}

#[tokio::test]
async fn every_route_takes_its_own_secret() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let (id, token) = (hook.id.as_str(), hook.token.expose());
    let other = listener.add("otherwebhook", |_| {});
    let (wrong, malformed) = (format!("{}a", &token[..token.len() - 1]), "pw_nonsense");
    let with_key =
        |key: &str, token: &str| format!(r#"{{"{key}":"{token}","action":"buy","symbol":"BTCUSDT"}}"#);
    let broken = format!(r#"{{"auth_key":"{token}","action":"buy","symbol":}}"#);
    check(
        &listener,
        &[
            (&format!("/webhooks/tradingview/{id}/{token}"), BUY, 202, "accepted"),
            (&format!("/webhooks/my-scanner-2/{id}/{token}"), BUY, 202, "accepted"),
            (&format!("/webhooks/tradingview/{id}/{wrong}"), BUY, 401, "INVALID_TOKEN"),
            (&format!("/webhooks/tradingview/{id}/{malformed}"), BUY, 401, "INVALID_TOKEN"),
            (&format!("/webhooks/tradingview/{id}/{}", other.token.expose()), BUY, 401, "INVALID_TOKEN"),
            (&format!("/webhooks/tradingview/wh_zzzzzzzzzzzz/{token}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/webhooks/tradingview/nonsense/{token}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/webhooks/Trading_View/{id}/{token}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/webhooks/tradingview/{id}/{token}/more"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/webhooks/tradingview/%ff/{token}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/api/webhooks/{token}"), BUY, 202, "accepted"),
            (&format!("/api/webhooks/tradingview/{token}"), BUY, 202, "accepted"),
            (&format!("/api/webhooks/{wrong}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/api/webhooks/tradingview/{wrong}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/api/webhooks/{malformed}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/api/v1/webhooks/{id}?secret={token}"), BUY, 202, "accepted"),
            (&format!("/api/v1/webhooks/{id}?a=b&secret={token}"), BUY, 202, "accepted"),
            (&format!("/api/v1/webhooks/{id}?secret={wrong}"), BUY, 401, "INVALID_TOKEN"),
            (&format!("/api/v1/webhooks/{id}?secret="), BUY, 401, "INVALID_TOKEN"),
            (&format!("/api/v1/webhooks/{id}"), BUY, 401, "INVALID_TOKEN"),
            (&format!("/api/v1/webhooks/wh_zzzzzzzzzzzz?secret={token}"), BUY, 404, "UNKNOWN_WEBHOOK"),
            (&format!("/webhooks/{id}"), &with_key("token", token), 202, "accepted"),
            (&format!("/webhooks/{id}"), &with_key("secret", token), 202, "accepted"),
            (&format!("/webhooks/{id}"), &with_key("passphrase", token), 202, "accepted"),
            (&format!("/webhooks/{id}"), &with_key("token", &wrong), 401, "INVALID_TOKEN"),
            (&format!("/webhooks/{id}"), &with_key("token", "hunter2"), 401, "INVALID_TOKEN"),
            (&format!("/webhooks/{id}"), BUY, 401, "INVALID_TOKEN"),
            (&format!("/webhooks/{id}"), "", 401, "INVALID_TOKEN"),
            (&format!("/webhooks/{id}"), &broken, 400, "MALFORMED_JSON"),
            (&format!("/webhooks/{id}"), &broken.replace(token, &wrong), 401, "INVALID_TOKEN"),
            ("/webhooks/wh_zzzzzzzzzzzz", &with_key("token", token), 404, "UNKNOWN_WEBHOOK"),
            // A secret outside the body wins, right or wrong.
            (&format!("/webhooks/tradingview/{id}/{token}"), &with_key("token", "mine"), 202, "accepted"),
            (&format!("/webhooks/tradingview/{id}/{wrong}"), &with_key("token", token), 401, "INVALID_TOKEN"),
            ("/", BUY, 404, "UNKNOWN_WEBHOOK"),
            ("/rpc", BUY, 404, "UNKNOWN_WEBHOOK"),
        ],
    )
    .await;
}

/// Who shows the token is told where it belongs; a stranger is told no more than that there is none.
#[tokio::test]
async fn a_token_in_the_wrong_place_of_a_message_is_told_its_place() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let token = hook.token.expose();
    let wrong = format!("{}a", &token[..token.len() - 1]);
    let path = format!("/webhooks/{}", hook.id);
    let escaped = token.replacen('p', "\\u0070", 1);
    for body in [
        r#"{"action":"buy","symbol":"BTCUSDT","metadata":{"auth_key":"TOKEN"}}"#.replace("TOKEN", token),
        r#"{"action":"buy","symbol":"BTCUSDT","apikey":"TOKEN"}"#.replace("TOKEN", token),
        r#"{"auth_key":"mine","comment":"see TOKEN"}"#.replace("TOKEN", &escaped),
        r#"[["TOKEN"]]"#.replace("TOKEN", token),
        r#""TOKEN""#.replace("TOKEN", token),
    ] {
        check(&listener, &[(&path, &body, 400, "MISSING_FIELD")]).await;
        let reply = listener.post(&path, &body).await;
        let said = reply.json();
        assert!(said["error"].as_str().unwrap().contains("the top-level field auth_key"), "{said}");
        assert_eq!(said["field"], "auth_key", "{said}");
        let reply = listener.post(&path, &body.replace(token, &wrong).replace(&escaped, &wrong)).await;
        assert_eq!((reply.status, &*reply.code()), (401, "INVALID_TOKEN"), "{body}");
        assert!(reply.json()["error"].as_str().unwrap().contains("auth_key"), "{reply:?}");
    }
    listener.edit(&hook, |entry| entry.paused = true);
    let body = format!(r#"{{"note":"{token}"}}"#);
    check(&listener, &[(&path, &body, 400, "WEBHOOK_PAUSED")]).await;
}

#[tokio::test]
async fn the_documented_message_of_algo_trade_analytics_carries_its_secret() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let body = format!(
        r#"{{"auth_key":"{}","ticker":"BTCUSDT","positionDirection":"entryLong","orderType":"market","qty":1,"marketPrice":67000}}"#,
        hook.token.expose()
    );
    let reply = listener.post(&format!("/webhooks/{}", hook.id), &body).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    assert_eq!(listener.log.arrivals.lock().unwrap()[0].reading.dialect.as_str(), "algo-trade-analytics");
}

#[tokio::test]
async fn signed_requests_need_no_token() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let body = BUY.as_bytes();
    let now = NOW_S.to_string();
    let standard = hook.signing.sign_standard("msg_1", NOW_S, body);
    let hex = hook.signing.sign_hex(NOW_S, body);
    let early = (NOW_S - 301).to_string();
    let early_standard = hook.signing.sign_standard("msg_1", NOW_S - 301, body);
    let early_hex = hook.signing.sign_hex(NOW_S - 301, body);
    let long_id = "m".repeat(257);
    let long = hook.signing.sign_standard(&long_id, NOW_S, body);
    let whole = |id, time, signature| {
        vec![("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)]
    };
    let cases: Vec<SignedCase<'_>> = vec![
        (whole("msg_1", &now, &standard), 202, "accepted"),
        (vec![("X-Timestamp", &now), ("X-Signature", &hex)], 202, "accepted"),
        (whole("msg_2", &now, &standard), 401, "INVALID_SIGNATURE"),
        (whole(&long_id, &now, &long), 401, "INVALID_SIGNATURE"),
        (whole("msg_1", &early, &early_standard), 401, "TIMESTAMP_OUT_OF_TOLERANCE"),
        (vec![("webhook-id", "msg_1"), ("webhook-signature", &standard)], 401, "INVALID_SIGNATURE"),
        (vec![("webhook-timestamp", &now), ("webhook-signature", &standard)], 401, "INVALID_SIGNATURE"),
        (vec![("X-Signature", &hex)], 401, "INVALID_SIGNATURE"),
        (vec![("X-Timestamp", &now), ("X-Signature", &hex[7..])], 401, "INVALID_SIGNATURE"),
        (vec![("X-Timestamp", &early), ("X-Signature", &early_hex)], 401, "TIMESTAMP_OUT_OF_TOLERANCE"),
        (vec![("X-Timestamp", &early), ("X-Signature", &hex)], 401, "INVALID_SIGNATURE"),
    ];
    let id = &hook.id;
    for path in
        [format!("/webhooks/{id}"), format!("/webhooks/scanner/{id}"), format!("/api/v1/webhooks/{id}")]
    {
        for (headers, status, code) in &cases {
            let reply = listener.post_with(&path, headers, body).await;
            assert_eq!((reply.status, &*reply.code()), (*status, *code), "{path} {headers:?}: {reply:?}");
        }
    }
    let arrivals = listener.log.arrivals.lock().unwrap();
    let signed: Vec<_> = arrivals.iter().take(2).map(|a| a.signed.clone().unwrap()).collect();
    assert_eq!((&*signed[0].id, signed[0].sent_at_s), ("msg_1", NOW_S));
    assert_eq!(signed[1].id, hex);
}

#[tokio::test]
async fn a_closed_webhook_says_why_to_its_owner_only() {
    let listener = Listener::start().await;
    let (_, stranger) = (hook("strangerhook", 9), hook("abcdefghij23", 9).0);
    let hook = listener.add("abcdefghij23", |_| {});
    let past = Some(Timestamp::from_seconds(NOW_S));
    let changes: Vec<(&str, Change, u16)> = vec![
        ("WEBHOOK_PAUSED", Box::new(|e| e.paused = true), 400),
        ("STRATEGY_INACTIVE", Box::new(|e| e.strategy = StrategyState::Inactive), 400),
        ("STRATEGY_TAKES_NO_SIGNALS", Box::new(|e| e.strategy = StrategyState::TakesNoSignals), 403),
        ("ADDRESS_NOT_ALLOWED", Box::new(|e| e.allow = vec!["192.0.2.0/24".parse().unwrap()]), 403),
        ("TOKEN_EXPIRED", Box::new(move |e| e.token_expires = past), 401),
    ];
    for (code, change, status) in changes {
        listener.edit(&hook, |entry| change(entry));
        let reply = listener.post(&hook.path(), BUY).await;
        assert_eq!((reply.status, &*reply.code()), (status, code), "{reply:?}");
        let by_token = listener.post(&format!("/api/webhooks/{}", hook.token.expose()), BUY).await;
        assert_eq!((by_token.status, &*by_token.code()), (status, code), "{by_token:?}");
        let learned = listener.post(&stranger.path(), BUY).await;
        assert_eq!((learned.status, &*learned.code()), (401, "INVALID_TOKEN"), "while {code}");
        listener.edit(&hook, |entry| *entry = crate::support::hook("abcdefghij23", 1).1);
    }
    listener.edit(&hook, |e| {
        e.strategy = StrategyState::Active;
        e.allow = vec!["127.0.0.0/8".parse().unwrap()];
        e.token_expires = Some(Timestamp::from_seconds(NOW_S + 1));
    });
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
}
