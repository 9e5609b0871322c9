//! The baseline: axum as its documentation starts it, reading the body and answering as many bytes as an accept does.

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use std::io::Write;

const ANSWER: &str = r#"{"status":"accepted","success":true,"signalId":"sig_aaaaaaaaaaaaaaaaaaaa","webhook_id":"wh_aaaaaaaaaaaa","message":"The signal is stored and will be processed.","timestamp":"2026-01-01T00:00:00.000000Z"}"#;

/// Serves until killed; prints the address first.
pub(crate) fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let app = Router::new().route("/", post(|_body: Bytes| async { ANSWER }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
        axum::serve(listener, app).await.context("the baseline stopped")
    })
}
