//! The page's two commands: `rpc` asks, `subscribe` hears.
//!
//! A method is the desk's unless it needs the system's window, clipboard, browser or dialogs; those few are
//! answered here.

use super::outside;
use super::preferences::Preferences;
use super::subscription::Subscription;
use desk::{Desk, wire};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tauri::ipc::{Channel, InvokeResponseBody};
use tauri::{AppHandle, State};
use wire::RpcError;

/// Call a method of `RpcSchema`.
///
/// # Errors
///
/// As the method says, with a code to branch on.
#[tauri::command]
pub(super) async fn rpc(
    app: AppHandle,
    desk: State<'_, Desk>,
    preferences: State<'_, Preferences>,
    method: String,
    params: Option<Value>,
) -> Result<Value, RpcError> {
    let params = params.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    match method.as_str() {
        "preferences.get" => answer(&preferences.get()),
        "preferences.set" => {
            let changed = preferences.set(&given(params)?);
            answer(&changed.map_err(|error| {
                RpcError::new(
                    "PREFERENCES_NOT_SAVED",
                    format!("The preferences could not be saved: {error}."),
                )
            })?)
        }
        "clipboard.write" => {
            let wire::Clipboard { text, secret } = given(params)?;
            let copy = if secret { outside::copy_secret } else { outside::copy };
            copy(&app, text)?;
            answer(&wire::Nothing {})
        }
        "webhooks.copy" => {
            // The text may hold a token: it goes to the clipboard from here, and the page hears what it was.
            let wire::CopyText { text, label, complete } =
                copy_text(desk.inner().clone(), given(params)?).await?;
            outside::copy_secret(&app, text)?;
            answer(&wire::Copied { label, complete })
        }
        "quit" => {
            // With a code, so that no preference keeps Pitwire in the tray.
            app.exit(0);
            answer(&wire::Nothing {})
        }
        "open_url" => {
            outside::open_url(&given::<wire::Link>(params)?.url)?;
            answer(&wire::Nothing {})
        }
        "save_file" => {
            let wire::SaveFile { name, content } = given(params)?;
            answer(&outside::save_file(&app, &name, content).await?)
        }
        "signals.export" => {
            answer(&outside::export_signals(&app, desk.inner().clone(), given(params)?).await?)
        }
        _ => desk.rpc(&method, params).await,
    }
}

/// Feed the page's channel with what changes, at most ten batches a second; the page's earlier channel ends.
#[tauri::command]
pub(super) fn subscribe(
    desk: State<'_, Desk>,
    subscription: State<'_, Subscription>,
    channel: Channel<InvokeResponseBody>,
) {
    subscription.begin(desk.subscribe(), channel);
}

async fn copy_text(desk: Desk, request: wire::CopyRequest) -> Result<wire::CopyText, RpcError> {
    let text = tauri::async_runtime::spawn_blocking(move || desk.copy_text(&request)).await;
    text.unwrap_or_else(|error| {
        tracing::error!(%error, "window.copy.failed");
        Err(RpcError::internal())
    })
}

fn given<T: DeserializeOwned>(params: Value) -> Result<T, RpcError> {
    serde_json::from_value(params).map_err(|error| RpcError::new("INVALID_FIELD", error.to_string()))
}

fn answer(result: &impl Serialize) -> Result<Value, RpcError> {
    serde_json::to_value(result).map_err(|error| {
        tracing::error!(%error, "window.answer.failed");
        RpcError::internal()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_are_taken_strictly() {
        let check = |params: Value, expected: Option<&str>| {
            let url = given::<wire::Link>(params.clone()).map(|link| link.url).map_err(|error| error.code);
            assert_eq!(
                url,
                expected.map(str::to_owned).ok_or_else(|| "INVALID_FIELD".to_owned()),
                "{params}"
            );
        };
        check(json!({ "url": "https://ngrok.com" }), Some("https://ngrok.com"));
        check(json!({ "url": 1 }), None);
        check(json!({ "url": "https://ngrok.com", "with": "sh" }), None);
        check(json!({}), None);
        check(json!(null), None);
    }
}
