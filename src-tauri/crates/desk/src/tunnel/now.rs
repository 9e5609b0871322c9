//! Where the tunnel stands: of this process in memory, of another one as it has written it down.

use crate::context::Context;
use crate::wire::{SleepGuard, TunnelReason, TunnelState};
use ::tunnel::{Standing, State, Wish};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::StoreError;
use tokio::sync::{broadcast, mpsc};

/// The fact under which the worker says where its tunnel stands.
pub(crate) const STANDING: &str = "standing";
/// The fact under which the worker says whether it keeps the machine awake.
pub(crate) const SLEEP: &str = "sleep";
/// Changes that a slow listener may lag behind.
const LAG_MAX: usize = 64;

/// Where a tunnel stands, as one process tells others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) state: TunnelState,
    pub(crate) reason: Option<TunnelReason>,
    pub(crate) public_url: Option<String>,
    pub(crate) since: String,
    pub(crate) attempts: i64,
    pub(crate) retry_at: Option<String>,
}

/// Whether the machine is kept awake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SleepSeen {
    pub(crate) held: bool,
    pub(crate) error: Option<String>,
}

impl SleepSeen {
    pub(crate) fn shown(self, wanted: bool) -> SleepGuard {
        SleepGuard { wanted, held: self.held, error: self.error.filter(|_| wanted) }
    }
}

impl Seen {
    /// What a supervisor said at `at`. `since` is when the state began.
    pub(crate) fn of(
        standing: &Standing,
        since: Timestamp,
        at: Timestamp,
        known_url: Option<String>,
    ) -> Self {
        let wait = standing.retry_in.and_then(|wait| i64::try_from(wait.as_micros()).ok());
        let is_off = standing.state == State::Off;
        Self {
            state: state_of(standing.state),
            reason: standing.fault.as_ref().map(super::reason_of),
            public_url: standing.public_url.clone().or(known_url.filter(|_| !is_off)),
            since: since.to_string(),
            attempts: i64::from(standing.attempts),
            retry_at: wait.map(|wait| at.plus_micros(wait).to_string()),
        }
    }
}

pub(crate) fn state_of(state: State) -> TunnelState {
    match state {
        State::Off => TunnelState::Off,
        State::Connecting => TunnelState::Connecting,
        State::Online => TunnelState::Online,
        State::Reconnecting => TunnelState::Reconnecting,
        State::Failed => TunnelState::Failed,
    }
}

/// The tunnel of this process, if it has one.
#[derive(Debug)]
pub(crate) struct TunnelNow {
    seen: Mutex<Option<Seen>>,
    sleep: Mutex<SleepSeen>,
    wishes: Mutex<Option<mpsc::Sender<Wish>>>,
    changed: AtomicBool,
    changes: broadcast::Sender<Seen>,
}

impl Default for TunnelNow {
    fn default() -> Self {
        Self {
            seen: Mutex::default(),
            sleep: Mutex::default(),
            wishes: Mutex::default(),
            changed: AtomicBool::new(false),
            changes: broadcast::Sender::new(LAG_MAX),
        }
    }
}

impl TunnelNow {
    /// Where it stands; nothing in a process that has no tunnel.
    pub(crate) fn seen(&self) -> Option<Seen> {
        locked(&self.seen).clone()
    }

    pub(crate) fn set(&self, seen: Option<Seen>) {
        locked(&self.seen).clone_from(&seen);
        self.touch();
        if let Some(seen) = seen {
            // Nobody listening is no failure.
            let _unheard = self.changes.send(seen);
        }
    }

    /// Whether this process keeps the machine awake.
    pub(crate) fn sleep(&self) -> SleepSeen {
        locked(&self.sleep).clone()
    }

    pub(crate) fn set_sleep(&self, seen: SleepSeen) {
        *locked(&self.sleep) = seen;
        self.touch();
    }

    /// Something that the window shows has changed.
    pub(crate) fn touch(&self) {
        self.changed.store(true, Ordering::Release);
    }

    /// Whether something has changed since it was last asked.
    pub(crate) fn take_changed(&self) -> bool {
        self.changed.swap(false, Ordering::AcqRel)
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Seen> {
        self.changes.subscribe()
    }

    pub(crate) fn set_wishes(&self, wishes: Option<mpsc::Sender<Wish>>) {
        *locked(&self.wishes) = wishes;
    }

    /// Hands a wish to the supervisor of this process; false where there is none.
    pub(crate) fn wish(&self, wish: Wish) -> bool {
        let wishes = locked(&self.wishes);
        let Some(wishes) = wishes.as_ref() else { return false };
        // One that does not fit is one of several that say the same.
        let _full = wishes.try_send(wish);
        true
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the tunnel of another process stands; nothing where no worker runs.
pub(crate) fn elsewhere(context: &Context) -> Result<Option<Seen>, StoreError> {
    if !crate::lock::is_held(&context.data_dir) {
        return Ok(None);
    }
    let text = context.store.reader().read(|view| store::tunnel::fact(view, STANDING))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The public address of whichever process has a tunnel; nothing while there is none.
pub(crate) fn public_url(context: &Context, own: &TunnelNow) -> Result<Option<String>, StoreError> {
    let seen = match own.seen() {
        Some(seen) => Some(seen),
        None => elsewhere(context)?,
    };
    Ok(seen.and_then(|seen| seen.public_url))
}
