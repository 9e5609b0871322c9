//! Reminders of webhooks from which nothing has been heard for as long as their users find strange: an alert that was
//! stopped, that expired, or whose address is wrong does not report itself. The driver's chores look now and then.

use crate::context::Context;
use crate::rpc::webhooks::is_alert;
use crate::wire::Notice;
use domain::{Timestamp, WebhookId};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use store::StoreError;
use store::signals::SignalFilter;
use store::webhooks::Webhook;

/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The newest signals that are looked through for an alert, so that tests and replays do not hide a silence.
const ROWS: u32 = 60;

/// Whether nothing has come for longer than the user allows: since `last`, or since the webhook was made or changed
/// where nothing ever came. A paused webhook is silent on purpose.
pub(crate) fn is_silent(webhook: &Webhook, last: Option<Timestamp>, now: Timestamp) -> bool {
    let Some(after_s) = webhook.remind_after_s.filter(|_| !webhook.paused) else { return false };
    now.micros_since(last.unwrap_or(webhook.updated_at)) >= i64::from(after_s) * 1_000_000
}

/// Which silences were told already.
#[derive(Debug, Default)]
pub(crate) struct Reminders {
    looked_at: Option<Instant>,
    /// By webhook, since when it is silent.
    told: HashMap<WebhookId, Option<Timestamp>>,
}

impl Reminders {
    /// Looks when it is time, and tells every new silence once.
    pub(crate) fn due(&mut self, context: &Context) -> Result<(), StoreError> {
        if self.looked_at.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return Ok(());
        }
        self.looked_at = Some(Instant::now());
        let rows = context.directory.rows();
        self.told.retain(|id, _| rows.contains_key(id));
        let now = context.clock.now();
        for row in rows.values().filter(|row| row.webhook.remind_after_s.is_some()) {
            let webhook = &row.webhook;
            let last = last_alert(context, &webhook.id)?;
            if is_silent(webhook, last, now) {
                if self.told.insert(webhook.id.clone(), last) != Some(last) {
                    tracing::warn!(webhook.id = %webhook.id, "nothing has been heard for longer than was set");
                    context.changes.notice(notice(webhook, last));
                }
            } else {
                self.told.remove(&webhook.id);
            }
        }
        Ok(())
    }
}

fn last_alert(context: &Context, webhook: &WebhookId) -> Result<Option<Timestamp>, StoreError> {
    let filter = SignalFilter { webhook: Some(webhook.clone()), ..SignalFilter::default() };
    let page = context.store.reader().read(|view| store::signals::list(view, &filter, None, ROWS))?;
    Ok(page.signals.iter().find(|signal| is_alert(signal)).map(|signal| signal.received_at))
}

fn notice(webhook: &Webhook, last: Option<Timestamp>) -> Notice {
    let heard = last.map_or("No alert has come yet".to_owned(), |at| format!("The last alert came at {at}"));
    Notice {
        kind: "silence".to_owned(),
        webhook_id: Some(webhook.id.to_string()),
        title: format!("Nothing heard on {}", webhook.name),
        text: format!(
            "{heard}. TradingView stops alerts that fire too often and lets old ones expire: see whether the alert is still active there."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_is_reported_once_until_something_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        let at = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(1_000_000_000));
        let read = std::sync::Arc::clone(&at);
        let clock =
            crate::Clock::of(move || Timestamp::from_seconds(read.load(std::sync::atomic::Ordering::SeqCst)));
        let desk = crate::Desk::open(folder.path(), clock).unwrap();
        let new = serde_json::json!({"name": "Breakout", "remind_after_s": 3600});
        desk.call("webhooks.create", new).unwrap();
        desk.call("webhooks.create", serde_json::json!({"name": "Quiet"})).unwrap();
        let notices = |seconds: i64| {
            at.fetch_add(seconds, std::sync::atomic::Ordering::SeqCst);
            let mut told = Reminders::default();
            told.due(&desk.context).unwrap();
            told.looked_at = None;
            told.due(&desk.context).unwrap();
            desk.context.changes.notices()
        };
        assert_eq!(notices(3_599), []);
        let told = notices(1);
        assert_eq!(told.len(), 1, "once, though it was looked twice");
        assert!(told[0].title.contains("Breakout"), "{told:?}");
        let listed = desk.call("webhooks.list", serde_json::json!({})).unwrap();
        let silent: Vec<bool> =
            listed.as_array().unwrap().iter().map(|w| w["silent"].as_bool().unwrap()).collect();
        assert_eq!(silent, [true, false]);
    }
}
