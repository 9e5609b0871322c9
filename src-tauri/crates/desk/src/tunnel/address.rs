//! The public address over time: what it is, and that alerts still go to another one.

use crate::context::Context;
use crate::rpc::webhooks::url_path;
use crate::wire::{AddressChange, MovedWebhook};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, View};

/// The fact that is the address of the last time that the tunnel was online.
const KNOWN: &str = "address";
/// The fact that is a change which nobody has acknowledged.
const CHANGE: &str = "address_change";

/// A change of the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Change {
    old: String,
    new: String,
    at_us: i64,
}

/// The address of the last time that the tunnel was online.
pub(super) fn known(view: &View) -> Result<Option<String>, StoreError> {
    store::tunnel::fact(view, KNOWN)
}

/// The tunnel is online at `url`: notes whether alerts go to another address now.
pub(super) fn note(tx: &Tx, url: &str, at: Timestamp) -> Result<(), StoreError> {
    let known = known(tx)?;
    if known.as_deref() == Some(url) {
        return Ok(());
    }
    store::tunnel::set_fact(tx, KNOWN, Some(url))?;
    let Some(known) = known else { return Ok(()) };
    let has_webhooks = store::webhooks::count(tx)? > 0;
    let change = after(read(tx)?, &known, url, at).filter(|_| has_webhooks);
    let text = change.map(|change| crate::intake::json(&change));
    store::tunnel::set_fact(tx, CHANGE, text.as_deref())
}

/// Alerts go to the address of the oldest change that was not acknowledged; back there is no change at all.
fn after(pending: Option<Change>, known: &str, url: &str, at: Timestamp) -> Option<Change> {
    let (old, at_us) = match pending {
        Some(pending) => (pending.old, pending.at_us),
        None => (known.to_owned(), at.as_micros()),
    };
    (old != url).then(|| Change { old, new: url.to_owned(), at_us })
}

fn read(view: &View) -> Result<Option<Change>, StoreError> {
    let text = store::tunnel::fact(view, CHANGE)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The change that is to be shown, with every webhook that is older than it.
pub(crate) fn shown(context: &Context) -> Result<Option<AddressChange>, StoreError> {
    let Some(change) = context.store.reader().read(read)? else { return Ok(None) };
    let at = Timestamp::from_micros(change.at_us);
    let rows = context.store.reader().read(store::webhooks::list)?;
    let moved = |id: &domain::WebhookId, name: &str| {
        let path = url_path(id, "<token>");
        MovedWebhook {
            id: id.to_string(),
            name: name.to_owned(),
            old_url: format!("{}{path}", change.old),
            new_url: format!("{}{path}", change.new),
        }
    };
    let older = rows.iter().filter(|row| row.webhook.created_at < at);
    let webhooks: Vec<MovedWebhook> = older.map(|row| moved(&row.webhook.id, &row.webhook.name)).collect();
    if webhooks.is_empty() {
        return Ok(None);
    }
    Ok(Some(AddressChange { at: at.to_string(), old_url: change.old, new_url: change.new, webhooks }))
}

/// The user has changed the alerts, or does not need them any more.
pub(crate) fn acknowledge(context: &Context) -> Result<(), StoreError> {
    context.store.writer().run(|tx| store::tunnel::set_fact(tx, CHANGE, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_go_to_the_oldest_address_until_that_is_acknowledged_or_back() {
        let at = Timestamp::from_micros;
        let first = after(None, "https://a", "https://b", at(1)).unwrap();
        assert_eq!(first, Change { old: "https://a".into(), new: "https://b".into(), at_us: 1 });
        let second = after(Some(first.clone()), "https://b", "https://c", at(2)).unwrap();
        assert_eq!(second, Change { old: "https://a".into(), new: "https://c".into(), at_us: 1 });
        assert_eq!(after(Some(second), "https://c", "https://a", at(3)), None);
        assert_eq!(after(Some(first), "https://b", "https://a", at(2)), None);
    }
}
