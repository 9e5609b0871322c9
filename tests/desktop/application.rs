//! Pitwire started by WebKitWebDriver on a data directory of its own.

use crate::driver::{Driver, Window};
use crate::world::World;
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
        Self::by(Driver::start(), tempfile::tempdir().unwrap())
    }

    /// Start on an empty data directory, with this around it.
    pub(crate) fn within(world: &World) -> Self {
        Self::by(Driver::start_with(&world.environment()), tempfile::tempdir().unwrap())
    }

    /// Start on this data directory.
    pub(crate) fn by(driver: Driver, data_dir: TempDir) -> Self {
        let path = data_dir.path().to_string_lossy();
        let window = driver.open(env!("CARGO_BIN_EXE_pitwire"), &["--data-dir", &path]);
        Self { window, data_dir, driver }
    }

    /// End it and start again on the same data directory.
    pub(crate) fn restart(self) -> Self {
        Self::by(Driver::start(), self.end())
    }

    /// End it, and leave its data directory.
    pub(crate) fn end(self) -> TempDir {
        self.window.close();
        self.wait_until_gone();
        drop(self.driver);
        self.data_dir
    }

    /// Ending is asked for, not waited for; the lock is given back when the application has drained.
    pub(crate) fn wait_until_gone(&self) {
        File::open(self.data_dir.path().join("lock")).unwrap().lock().unwrap();
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }
}
