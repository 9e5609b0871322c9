//! Pitwire started by WebKitWebDriver on a data directory of its own.

use crate::driver::{Driver, Window};
use std::fs::File;
use std::path::Path;
use tempfile::TempDir;

/// A running application; ended when dropped.
pub(crate) struct Application {
    /// Its window.
    pub(crate) window: Window,
    data_dir: TempDir,
    driver: Driver,
}

impl Application {
    /// Start on an empty data directory.
    pub(crate) fn start() -> Self {
        Self::on(tempfile::tempdir().unwrap())
    }

    /// End it and start again on the same data directory.
    pub(crate) fn restart(self) -> Self {
        self.window.close();
        // Closing is asked for, not waited for; the lock is given back when the application has drained.
        File::open(self.data_dir.path().join("lock")).unwrap().lock().unwrap();
        drop(self.driver);
        Self::on(self.data_dir)
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    fn on(data_dir: TempDir) -> Self {
        let driver = Driver::start();
        let path = data_dir.path().to_string_lossy();
        let window = driver.open(env!("CARGO_BIN_EXE_pitwire"), &["--data-dir", &path]);
        Self { window, data_dir, driver }
    }
}
