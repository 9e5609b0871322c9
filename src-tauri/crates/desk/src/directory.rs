//! What the listener knows about webhooks, read from the database.

use crate::pipeline::{self, Strategies};
use domain::WebhookId;
use ipnet::IpNet;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};
use store::webhooks::{Webhook, WebhookRow};
use store::{Reader, StoreError, Tx, View};
use vault::TokenDigest;
use webhook::{Directory, Entry, Rate, Snapshot, StrategyState};

/// The newest state of every webhook: for the listener as a snapshot, for the driver as rows.
#[derive(Debug)]
pub(crate) struct LiveDirectory {
    reader: Reader,
    known: RwLock<Known>,
}

#[derive(Debug, Clone)]
struct Known {
    snapshot: Arc<Snapshot>,
    rows: Arc<BTreeMap<WebhookId, WebhookRow>>,
    strategies: Arc<Strategies>,
    kill_switch: bool,
}

impl LiveDirectory {
    pub(crate) fn load(reader: Reader) -> Result<Self, StoreError> {
        let known = reader.read(read)?;
        Ok(Self { reader, known: RwLock::new(known) })
    }

    /// Looks whether the configuration has changed and reads it again if so.
    pub(crate) fn reload(&self) -> Result<bool, StoreError> {
        let at = self.generation();
        let newer =
            self.reader.read(|view| if generation(view)? == at { Ok(None) } else { read(view).map(Some) })?;
        let changed = newer.is_some();
        if let Some(newer) = newer {
            self.replace(newer);
        }
        Ok(changed)
    }

    /// Every webhook by id.
    pub(crate) fn rows(&self) -> Arc<BTreeMap<WebhookId, WebhookRow>> {
        self.known().rows
    }

    /// Every strategy by id.
    pub(crate) fn strategies(&self) -> Arc<Strategies> {
        self.known().strategies
    }

    /// The generation that is known.
    pub(crate) fn generation(&self) -> u64 {
        self.known().snapshot.generation
    }

    /// Whether everything is paused.
    pub(crate) fn kill_switch(&self) -> bool {
        self.known().kill_switch
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, newer: Known) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = newer;
    }
}

impl Directory for LiveDirectory {
    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner).snapshot)
    }

    async fn refresh(&self) -> bool {
        self.reload().unwrap_or_else(|error| {
            tracing::error!(%error, "webhooks could not be read again");
            false
        })
    }
}

/// The generation as the listener counts it.
pub(crate) fn generation(view: &View) -> Result<u64, StoreError> {
    Ok(u64::try_from(store::settings::config_generation(view)?).unwrap_or_default())
}

/// The same inside a transaction.
pub(crate) fn generation_in(tx: &Tx) -> Result<u64, StoreError> {
    Ok(u64::try_from(store::settings::generation_in(tx)?).unwrap_or_default())
}

fn read(view: &View) -> Result<Known, StoreError> {
    let rows: BTreeMap<WebhookId, WebhookRow> =
        store::webhooks::list(view)?.into_iter().map(|row| (row.webhook.id.clone(), row)).collect();
    let strategies = pipeline::strategies(view)?;
    let entries: HashMap<WebhookId, Arc<Entry>> =
        rows.iter().map(|(id, row)| (id.clone(), Arc::new(entry(&row.webhook, &strategies)))).collect();
    let snapshot = Snapshot { generation: generation(view)?, hosts: Vec::new(), entries };
    Ok(Known {
        snapshot: Arc::new(snapshot),
        rows: Arc::new(rows),
        strategies: Arc::new(strategies),
        kill_switch: store::settings::kill_switch(view)?,
    })
}

fn entry(webhook: &Webhook, strategies: &Strategies) -> Entry {
    Entry {
        token: TokenDigest::from_bytes(webhook.digest),
        token_expires: webhook.token_expires_at,
        signing_generation: webhook.signing_generation,
        paused: webhook.paused,
        strategy: match pipeline::of_webhook(webhook, strategies) {
            None => StrategyState::None,
            Some(None) => StrategyState::Inactive,
            Some(Some(_)) => StrategyState::Active,
        },
        allow: webhook.allow_list.split(',').filter_map(|text| network(text).ok()).collect(),
        rate: rate(&webhook.rate).unwrap_or_default(),
        settings: reading_settings(webhook),
    }
}

/// What the messages of a webhook are read with.
pub(crate) fn reading_settings(webhook: &Webhook) -> dialect::Settings {
    dialect::Settings {
        dialect: webhook.dialect,
        symbol: webhook.symbol.clone(),
        default_side: webhook.default_side,
        sell_mode: webhook.sell_mode,
    }
}

/// An address or a network; IPv4 written as IPv6 is IPv4.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let parsed = text
        .parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical())));
    parsed.map_err(|_| format!("{text:?} is no address or network; write 203.0.113.7 or 203.0.113.0/24"))
}

/// `30/min`, `30/min,10/s` or `off`.
pub(crate) fn rate(text: &str) -> Option<Rate> {
    let text = text.trim();
    if text == "off" {
        return Some(Rate::Off);
    }
    let mut per_minute = None;
    let mut per_second = None;
    for part in text.split(',') {
        let (number, unit) = part.trim().split_once('/')?;
        let number = number.trim().parse::<NonZeroU32>().ok()?;
        let named = match unit.trim() {
            "min" => &mut per_minute,
            "s" => &mut per_second,
            _ => return None,
        };
        if named.replace(number).is_some() {
            return None;
        }
    }
    Some(Rate::On { per_minute: per_minute?, per_second })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        let on = |m: u32, s: Option<u32>| {
            Some(Rate::On {
                per_minute: NonZeroU32::new(m).unwrap(),
                per_second: s.and_then(NonZeroU32::new),
            })
        };
        for (text, expected) in [
            ("off", Some(Rate::Off)),
            ("30/min,10/s", on(30, Some(10))),
            (" 60/min ", on(60, None)),
            ("10/s", None),
            ("0/min", None),
            ("30", None),
            ("30/hour", None),
            ("30/min,60/min", None),
        ] {
            assert_eq!(rate(text), expected, "{text:?}");
        }
    }

    #[test]
    fn networks_are_read_in_their_shortest_form() {
        for (text, expected) in [
            ("52.89.214.238", Some("52.89.214.238/32")),
            (" 10.0.0.0/8 ", Some("10.0.0.0/8")),
            ("::ffff:10.1.2.3", Some("10.1.2.3/32")),
            ("2001:db8::/32", Some("2001:db8::/32")),
            ("127.evil.com", None),
            ("", None),
        ] {
            assert_eq!(network(text).ok().map(|n| n.to_string()), expected.map(str::to_owned), "{text:?}");
        }
    }
}
