//! Notifications of the system when the tunnel goes down and when it is back.
//!
//! They come with the window closed too, since the desk is heard here and not in the page; only while the
//! preference is on. Absent on purpose: any other notification, and clicks on one, which desktops do not report
//! alike.

use super::preferences::Preferences;
use desk::Desk;
use desk::wire::{TunnelState, TunnelStatus};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::broadcast::error::RecvError;

/// What was last told, so that a tunnel that goes up and down without pause does not ring without pause.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    /// Whether the tunnel has been online since the last time it was told to be down.
    online: bool,
    /// Whether the newest thing told was that it is down.
    down: bool,
}

/// Title and text of a notification.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    title: String,
    body: String,
}

impl Told {
    /// What to tell of this state; nothing where it is no news.
    fn hear(&mut self, status: &TunnelStatus) -> Option<Words> {
        match status.state {
            TunnelState::Online => {
                self.online = true;
                let url = status.public_url.as_deref().unwrap_or_default();
                std::mem::take(&mut self.down).then(|| Words {
                    title: "The tunnel is back".to_owned(),
                    body: format!("Alerts come in again at {url}. What was sent meanwhile is lost."),
                })
            }
            TunnelState::Reconnecting | TunnelState::Failed => {
                if !std::mem::take(&mut self.online) {
                    return None;
                }
                self.down = true;
                let why = status.reason.as_ref().map_or("", |reason| reason.sentence.as_str());
                Some(Words {
                    title: "The tunnel is down".to_owned(),
                    body: format!("Alerts sent now are lost. {why}").trim_end().to_owned(),
                })
            }
            // Off is what the user chose, and connecting is on the way to one of the others.
            TunnelState::Off | TunnelState::Connecting => {
                *self = Self::default();
                None
            }
        }
    }
}

/// Tell of the tunnel for as long as the desk lives.
pub(super) fn follow(app: &AppHandle) {
    let app = app.clone();
    let mut batches = app.state::<Desk>().subscribe();
    tauri::async_runtime::spawn(async move {
        let mut told = Told::default();
        loop {
            match batches.recv().await {
                Ok(batch) => {
                    let words = batch.tunnel.as_ref().and_then(|status| told.hear(status));
                    if let Some(words) = words.filter(|_| app.state::<Preferences>().notify_tunnel()) {
                        show(&app, words);
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}

fn show(app: &AppHandle, words: Words) {
    let shown = app.notification().builder().title(words.title).body(words.body).show();
    if let Err(error) = shown {
        tracing::warn!(%error, "window.notification.failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use desk::wire::TunnelReason;

    fn status(state: TunnelState) -> TunnelStatus {
        let reason = TunnelReason {
            code: "CONNECTION_LOST".to_owned(),
            sentence: "The connection was cut.".to_owned(),
            fix: String::new(),
            service_code: None,
        };
        let is_online = state == TunnelState::Online;
        TunnelStatus {
            state,
            reason: (!is_online).then_some(reason),
            public_url: is_online.then(|| "https://name.ngrok-free.app".to_owned()),
            ..sample()
        }
    }

    fn sample() -> TunnelStatus {
        serde_json::from_value(serde_json::json!({
            "mode": "ngrok", "state": "off", "reason": null, "public_url": null, "domain": null,
            "since": "2026-11-20T14:00:00.000000Z", "attempts": 0, "retry_at": null, "elsewhere": false,
            "token": { "present": true, "hint": null, "source": null, "can_be_kept": true },
            "only_tradingview": false,
            "quota": { "month": "2026-11", "requests": 0, "limit": null, "expected": 0, "level": "ok", "sentence": "" },
            "replies": { "count": 0, "p50_us": null, "p99_us": null, "limit_us": 3_000_000 },
            "last_test": null, "address_change": null,
            "sleep": { "wanted": false, "held": false, "error": null }
        }))
        .unwrap()
    }

    #[test]
    fn going_down_and_coming_back_are_told_once_each() {
        use TunnelState::{Connecting, Failed, Off, Online, Reconnecting};
        let check = |states: &[TunnelState], expected: &[&str]| {
            let mut told = Told::default();
            let titles: Vec<_> = states
                .iter()
                .filter_map(|state| told.hear(&status(*state)))
                .map(|words| words.title)
                .collect();
            assert_eq!(titles, expected, "{states:?}");
        };
        let (down, back) = ("The tunnel is down", "The tunnel is back");
        check(&[Off, Connecting, Online], &[]);
        check(&[Connecting, Failed, Failed, Online], &[]);
        check(&[Online, Reconnecting, Reconnecting, Failed, Online, Online], &[down, back]);
        check(&[Online, Reconnecting, Online, Reconnecting], &[down, back, down]);
        check(&[Online, Off, Connecting, Online], &[]);
        check(&[Online, Reconnecting, Off, Connecting, Online], &[down]);
    }

    #[test]
    fn why_is_told() {
        let mut told = Told::default();
        assert_eq!(told.hear(&status(TunnelState::Online)), None);
        let down = told.hear(&status(TunnelState::Reconnecting)).unwrap();
        assert_eq!(down.body, "Alerts sent now are lost. The connection was cut.");
        let back = told.hear(&status(TunnelState::Online)).unwrap();
        assert!(back.body.contains("https://name.ngrok-free.app"), "{}", back.body);
    }
}
