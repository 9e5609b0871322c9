//! Market data for accounts on a venue: what is heard, what is asked for, and how each venue is doing.
//!
//! All network is on a thread of its own, which starts with the first account on a venue. The driver takes quotes out
//! of the inbox and hands in what it wants to hear; it never waits for a venue. Absent: prices of alerts, and trading.

mod board;
mod following;
mod gather;
mod inbox;
mod keep;
mod rules;
mod running;
mod series;
mod station;
mod wanted;

pub(crate) use board::Board;
pub(crate) use following::{Following, Series as FollowedSeries};
pub(crate) use gather::{GATHER_MAX, Gathered, Order, SeriesOrder, Slot};
pub(crate) use inbox::Inbox;
pub(crate) use rules::{settings_of, stored};
pub(crate) use wanted::{Hearing, Holding, needed, wanted};

use crate::context::Context;
use ::market::{Endpoints, Venue};
use domain::AccountId;
use station::Station;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the desk knows of markets. Cheap until an account is on a venue.
#[derive(Default)]
pub(crate) struct Market {
    pub(crate) board: Arc<Board>,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) following: Following,
    station: Mutex<Option<Station>>,
    /// Venues that are reached elsewhere than the settings say: the demo's.
    elsewhere: Mutex<BTreeMap<Venue, Endpoints>>,
    accounts: Mutex<HashMap<AccountId, Option<Venue>>>,
}

impl Market {
    /// Reaches a venue elsewhere than the settings say, from the next start of the thread on.
    pub(crate) fn reach(&self, venue: Venue, endpoints: Endpoints) {
        self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).insert(venue, endpoints);
    }

    /// Whether venues are reached elsewhere than the settings say.
    pub(crate) fn is_elsewhere(&self) -> bool {
        !self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Remembers where the prices of an account come from.
    pub(crate) fn place(&self, account: &AccountId, venue: &str) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(account.clone(), Venue::parse(venue));
    }

    /// Where the prices of an account come from, once its books were opened; nothing for the alerts.
    pub(crate) fn venue_of(&self, account: &AccountId) -> Option<Venue> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.get(account).copied().flatten()
    }

    /// Hears what is wanted from now on, and nothing else.
    pub(crate) fn hear(&self, context: &Context, wanted: BTreeMap<Venue, Hearing>) {
        let mut station = self.station();
        if station.is_none() && wanted.values().all(Hearing::is_empty) {
            return;
        }
        if let Some(station) = self.running(&mut station, context) {
            station.hear(wanted);
        }
    }

    /// Asks for something; the answer is put into the slot within [`gather::GATHER_MAX`], and the driver is called.
    pub(crate) fn gather(&self, context: &Arc<Context>, order: Order) -> Slot {
        let slot = Slot::default();
        let mut station = self.station();
        match self.running(&mut station, context) {
            Some(station) => station.gather(context, order, slot.clone()),
            None => slot.fill(Gathered::failed(&order, "the thread of the market data could not be started")),
        }
        slot
    }

    /// Ends the thread; what is open is cut.
    pub(crate) fn stop(&self) {
        self.station().take();
    }

    fn station(&self) -> MutexGuard<'_, Option<Station>> {
        self.station.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running<'a>(&self, station: &'a mut Option<Station>, context: &Context) -> Option<&'a mut Station> {
        if station.is_none() {
            let elsewhere = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match Station::start(context, elsewhere, Arc::clone(&self.inbox), Arc::clone(&self.board)) {
                Ok(started) => *station = Some(started),
                Err(error) => tracing::error!(%error, "the thread of the market data could not be started"),
            }
        }
        station.as_mut()
    }
}
