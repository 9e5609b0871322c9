//! Where log lines go: JSON on stderr, and for processes that stay also a file a day in `logs/`.

use std::path::Path;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Log files kept; older ones are removed.
const FILES_MAX: usize = 14;

/// What is logged unless `PITWIRE_LOG` says otherwise.
fn filter(default: &str) -> EnvFilter {
    EnvFilter::try_from_env("PITWIRE_LOG").unwrap_or_else(|_| EnvFilter::new(default))
}

/// For commands that end by themselves: warnings on stderr.
pub(crate) fn to_stderr() {
    let stderr = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    // A second call in one process changes nothing.
    let _already = tracing_subscriber::registry().with(filter("error")).with(stderr).try_init();
}

/// For `serve` and the window: everything of note on stderr and in the data directory.
pub(crate) fn to_files(data_dir: &Path) {
    let stderr = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    let directory = data_dir.join("logs");
    // When this fails the appender fails too, and says so below.
    let _made = desk::make_private(data_dir).and_then(|()| std::fs::create_dir_all(&directory));
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("pitwire")
        .filename_suffix("log")
        .max_log_files(FILES_MAX)
        .build(&directory);
    let registry = tracing_subscriber::registry().with(filter("info")).with(stderr);
    let _already = match files {
        Ok(files) => {
            let layer = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(files);
            registry.with(layer).try_init()
        }
        Err(error) => {
            let started = registry.try_init();
            tracing::warn!(%error, "log files cannot be written; the log is on stderr only");
            started
        }
    };
}
