//! Where log lines go: JSON on stderr, and for processes that stay also a file a day in `logs/`.

use crate::terminal::{Done, Failure};
use desk::wire::RpcError;
use std::path::Path;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Log files kept; older ones are removed.
const FILES_MAX: usize = 14;

/// Libraries that print what they send, the authtoken among it, when they are asked for everything.
const TALKATIVE: [&str; 2] = ["muxado", "ngrok"];

/// What is logged, by `PITWIRE_LOG` or by default; never what would show a secret.
fn filter(default: &str) -> Result<EnvFilter, Failure> {
    let chosen = chosen(default)?;
    Ok(TALKATIVE.iter().fold(chosen, |filter, library| match format!("{library}=info").parse() {
        Ok(quieter) => filter.add_directive(quieter),
        Err(_) => filter,
    }))
}

/// What is logged unless `PITWIRE_LOG` says otherwise.
fn chosen(default: &str) -> Result<EnvFilter, Failure> {
    let wanted = std::env::var_os("PITWIRE_LOG").filter(|text| !text.is_empty());
    let Some(wanted) = wanted else { return Ok(EnvFilter::new(default)) };
    let wanted = wanted.to_string_lossy();
    EnvFilter::try_new(&wanted).map_err(|error| {
        let text = format!(
            "PITWIRE_LOG is {wanted:?}, but must be a level such as debug, or parts with levels such as \
             info,webhook=debug: correct the variable, or unset it ({error})."
        );
        RpcError::new("INVALID_SETTING", text).into()
    })
}

/// For commands that end by themselves: warnings on stderr.
pub(crate) fn to_stderr() -> Done {
    let stderr = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    // A second call in one process changes nothing.
    let _already = tracing_subscriber::registry().with(filter("error")?).with(stderr).try_init();
    Ok(())
}

/// For `serve` and the window: everything of note on stderr and in the data directory.
pub(crate) fn to_files(data_dir: &Path) -> Done {
    let filter = filter("info")?;
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
    let registry = tracing_subscriber::registry().with(filter).with(stderr);
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
    Ok(())
}
