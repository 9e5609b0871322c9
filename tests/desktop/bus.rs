//! What is said on the session bus: the notifications that a desktop would show. Nothing shows them here; they are read
//! on their way by dbus-monitor.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a notification may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A listener on the bus; ended when dropped.
pub(crate) struct Bus {
    process: Child,
    heard: PathBuf,
    _directory: TempDir,
}

impl Bus {
    /// Listen from now on.
    pub(crate) fn listen() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let heard = directory.path().join("notifications");
        let process = Command::new("dbus-monitor")
            .args(["--session", "interface='org.freedesktop.Notifications',member='Notify'"])
            .stdin(Stdio::null())
            .stdout(File::create(&heard).unwrap())
            .spawn()
            .expect("dbus-monitor is installed");
        let bus = Self { process, heard, _directory: directory };
        // Its own names on the bus are the first that it hears.
        bus.wait_for(&["NameAcquired"]);
        bus
    }

    /// Wait until all of these were said.
    pub(crate) fn wait_for(&self, words: &[&str]) {
        let started = Instant::now();
        loop {
            let heard = self.heard();
            if words.iter().all(|word| heard.contains(word)) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{words:?} were not said, but {heard}");
            std::thread::yield_now();
        }
    }

    /// How many notifications there were so far.
    pub(crate) fn count(&self) -> usize {
        self.heard().matches("member=Notify").count()
    }

    fn heard(&self) -> String {
        std::fs::read_to_string(&self.heard).unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
