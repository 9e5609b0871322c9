//! No token reaches the sink, wherever it stands.

use crate::support::{Listener, request};
use proptest::prelude::*;
use std::fmt::Write;
use webhook::{Note, Received};

fn stored(listener: &Listener) -> Vec<Received> {
    let log = &listener.log;
    let arrivals: Vec<Received> = log.arrivals.lock().unwrap().drain(..).map(|a| a.request).collect();
    let refusals: Vec<Received> = log.refusals.lock().unwrap().drain(..).map(|r| r.request).collect();
    let notes: Vec<Note> = log.notes.lock().unwrap().drain(..).collect();
    let noted = notes.into_iter().filter_map(|n| match n {
        Note::Full(refusal) => Some(refusal.request),
        Note::Repeated { .. } => None,
    });
    arrivals.into_iter().chain(refusals).chain(noted).collect()
}

/// Everything in it that can be read.
fn text_of(request: &Received) -> String {
    let mut text = String::from_utf8_lossy(&request.body).into_owned();
    write!(text, "{:?} {:?} {:?}", request.source, request.content_type, request.headers).unwrap();
    text
}

#[tokio::test]
async fn accepted_messages_are_masked_byte_for_byte() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let (token, stars) = (hook.token.expose(), "*".repeat(hook.token.expose().len()));
    let in_body = format!("/webhooks/{}", hook.id);
    for (path, field) in [(hook.path(), "comment"), (hook.path(), "anything"), (in_body, "token")] {
        let body = |text: &str| format!(r#"{{"{field}":"{text}", "action":"buy", "symbol":"BTCUSDT"}}"#);
        assert_eq!(listener.post(&path, &body(token)).await.status, 202, "{path} {field}");
        let seen = stored(&listener).pop().unwrap();
        assert_eq!(String::from_utf8_lossy(&seen.body), body(&stars), "{path} {field}");
    }
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..80),
        r#"[{}\[\]":,a-z0-9_ ]{0,80}"#.prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_token_reaches_the_sink(before in pieces(), after in pieces(), place in 0..5_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = Listener::start().await;
            let hook = listener.add("abcdefghij23", |_| {});
            let token = hook.token.expose().to_owned();
            let body = [before.as_slice(), token.as_bytes(), after.as_slice()].concat();
            let id = &hook.id;
            let path = match place {
                0 => hook.path(),
                1 => format!("/webhooks/{id}"),
                2 => format!("/api/webhooks/{token}"),
                3 => format!("/api/v1/webhooks/{id}?secret={token}"),
                _ => "/webhooks/wh_zzzzzzzzzzzz".to_owned(),
            };
            let referer = format!("http://localhost{path}");
            let headers = [("Referer", &*referer), ("Content-Type", &*token), ("X-Note", &*token)];
            let reply = listener.raw(&request("POST", &path, &headers, &body)).await;
            let seen = stored(&listener);
            prop_assert_eq!(seen.len(), 1, "{:?}", reply);
            prop_assert!(!text_of(&seen[0]).contains(&token), "{}", text_of(&seen[0]));
            prop_assert_eq!(seen[0].body.len(), body.len());
            prop_assert!(!reply.body.contains(&token));
            Ok(())
        })?;
    }
}
