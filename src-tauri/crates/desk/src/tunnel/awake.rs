//! Keeps the machine from sleeping, where its user wants that and the system does it: by logind on Linux, by an
//! assertion of IOKit on macOS, by the execution state of a thread on Windows.

use super::now::SleepSeen;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// How long the system may take to say whether it does it.
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// A thread that keeps the machine awake, for as long as it is told to. On Windows the wish belongs to its thread.
#[derive(Debug, Default)]
pub(crate) struct Awake {
    thread: Option<SyncSender<(bool, SyncSender<SleepSeen>)>>,
    is_wanted: bool,
}

impl Awake {
    /// Says what is wanted, and what came of it; nothing when nothing has changed. May wait for three seconds.
    pub(crate) fn want(&mut self, wanted: bool) -> Option<SleepSeen> {
        if wanted == self.is_wanted {
            return None;
        }
        self.is_wanted = wanted;
        if self.thread.is_none() {
            let (wishes, waiting) = sync_channel(1);
            let started = std::thread::Builder::new().name("awake".to_owned()).spawn(move || keep(&waiting));
            match started {
                Ok(_) => self.thread = Some(wishes),
                Err(error) => return Some(failed(&error)),
            }
        }
        let (tell, told) = sync_channel(1);
        let sent = self.thread.as_ref().is_some_and(|thread| thread.try_send((wanted, tell)).is_ok());
        let answer = sent.then(|| told.recv_timeout(ANSWER_MAX).ok()).flatten();
        Some(answer.unwrap_or_else(|| SleepSeen {
            held: false,
            error: Some("The system did not say whether it stays awake.".to_owned()),
        }))
    }
}

fn keep(wishes: &Receiver<(bool, SyncSender<SleepSeen>)>) {
    let mut held = None;
    for (wanted, tell) in wishes {
        held = None;
        let mut seen = SleepSeen::default();
        if wanted {
            match begin() {
                Ok(guard) => {
                    held = Some(guard);
                    seen.held = true;
                }
                Err(error) => seen = failed(&error),
            }
        }
        // Whoever asked may have given up.
        let _given_up = tell.send(seen);
    }
    drop(held);
}

fn begin() -> Result<keepawake::KeepAwake, keepawake::Error> {
    keepawake::Builder::default()
        .idle(true)
        .sleep(true)
        .app_name("Pitwire")
        .app_reverse_domain("app.pitwire")
        .reason("TradingView alerts are expected")
        .create()
}

fn failed(error: &dyn std::fmt::Display) -> SleepSeen {
    let error = format!("The system does not keep the machine awake for Pitwire ({error}).");
    SleepSeen { held: false, error: Some(error) }
}
