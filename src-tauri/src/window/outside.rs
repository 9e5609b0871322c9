//! What leaves the window: texts to the clipboard, links to the browser, files to disk.
//!
//! Called by `bridge` only. The page has no permission for any of it; it asks, and these decide.

use desk::wire::{ExportRequest, Exported, RpcError, Saved};
use desk::{Desk, ExportFormat};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Url};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;

/// The hosts whose pages Pitwire links to.
const HOSTS: &[&str] = &["tradingview.com", "www.tradingview.com", "ngrok.com", "dashboard.ngrok.com"];

/// The largest file that the page may save, bytes.
const FILE_BYTES_MAX: usize = 64 << 20;

/// Put a text that the page shows on the clipboard.
///
/// # Errors
///
/// The system has no clipboard.
pub(super) fn copy(app: &AppHandle, text: String) -> Result<(), RpcError> {
    app.clipboard().write_text(text).map_err(|error| no_clipboard(&error))
}

/// Put a text that may hold a token on the clipboard, and ask clipboard histories to leave it out.
///
/// # Errors
///
/// As [`copy`].
pub(super) fn copy_secret(app: &AppHandle, text: String) -> Result<(), RpcError> {
    app.clipboard().write_secret(text).map_err(|error| no_clipboard(&error))
}

/// Open a page of a known host in the browser.
///
/// # Errors
///
/// The address is not https on one of [`HOSTS`], or there is no browser.
pub(super) fn open_url(url: &str) -> Result<(), RpcError> {
    let url = known_page(url).ok_or_else(|| {
        RpcError::invalid("url", format!("Only https pages of {} are opened.", HOSTS.join(", ")))
    })?;
    tauri_plugin_opener::open_url(url.as_str(), None::<&str>)
        .map_err(|error| RpcError::new("NO_BROWSER", format!("The browser could not be opened: {error}.")))
}

/// Ask where to save a file, and save it there.
///
/// # Errors
///
/// The file is too large or cannot be written.
pub(super) async fn save_file(app: &AppHandle, name: &str, content: String) -> Result<Saved, RpcError> {
    if content.len() > FILE_BYTES_MAX {
        return Err(RpcError::invalid("content", format!("A file may have {FILE_BYTES_MAX} bytes.")));
    }
    let Some(path) = asked_place(app, name).await? else { return Ok(Saved { path: None }) };
    let shown = path.display().to_string();
    let written = tauri::async_runtime::spawn_blocking(move || write_whole(&path, content.as_bytes())).await;
    match written {
        Ok(Ok(())) => Ok(Saved { path: Some(shown) }),
        Ok(Err(error)) => {
            Err(RpcError::new("FILE_NOT_SAVED", format!("{shown} could not be saved: {error}.")))
        }
        Err(error) => {
            tracing::error!(%error, "window.save_file.failed");
            Err(RpcError::internal())
        }
    }
}

/// Ask where to, and write the signals there.
///
/// # Errors
///
/// No such format, `INVALID_FIELD` for the query, or the file cannot be written.
pub(super) async fn export_signals(
    app: &AppHandle,
    desk: Desk,
    request: ExportRequest,
) -> Result<Exported, RpcError> {
    let format = ExportFormat::parse(&request.format)
        .ok_or_else(|| RpcError::invalid("format", "csv, json or ndjson is wanted."))?;
    let Some(path) = asked_place(app, &format!("signals.{}", request.format)).await? else {
        return Ok(Exported { path: None, signals: 0 });
    };
    let shown = path.display().to_string();
    let written =
        tauri::async_runtime::spawn_blocking(move || desk.export_to(&request.query, format, &path)).await;
    let signals = written.unwrap_or_else(|error| {
        tracing::error!(%error, "window.export.failed");
        Err(RpcError::internal())
    })?;
    Ok(Exported { path: Some(shown), signals })
}

/// The place that the user chose; nothing when the dialog was closed.
async fn asked_place(app: &AppHandle, name: &str) -> Result<Option<PathBuf>, RpcError> {
    let (sender, chosen) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(file_name(name)).save_file(move |path| {
        // Nobody waits any more when the window was closed meanwhile.
        drop(sender.send(path));
    });
    let path = chosen.await.ok().flatten().map(|path| path.into_path());
    path.transpose().map_err(|error| RpcError::invalid("name", error.to_string()))
}

fn no_clipboard(error: &tauri_plugin_clipboard_manager::Error) -> RpcError {
    RpcError::new("NO_CLIPBOARD", format!("The clipboard could not be written: {error}."))
}

fn known_page(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let plain = url.scheme() == "https" && url.port().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    (plain && anonymous && url.host_str().is_some_and(|host| HOSTS.contains(&host))).then_some(url)
}

/// The last part of what was proposed: the page proposes a name, never a place.
fn file_name(proposed: &str) -> String {
    let last = proposed.rsplit(['/', '\\']).next().unwrap_or_default().trim_matches('.');
    if last.is_empty() { "pitwire".to_owned() } else { last.to_owned() }
}

/// A full disk leaves an older file of that name as it was.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    let written = fs::write(&partial, content).and_then(|()| fs::rename(&partial, path));
    if written.is_err() && fs::exists(&partial).unwrap_or(false) {
        fs::remove_file(&partial)?;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_pages_of_known_hosts_are_opened() {
        let check = |url: &str, expected: bool| assert_eq!(known_page(url).is_some(), expected, "{url}");
        check("https://www.tradingview.com/chart/", true);
        check("https://tradingview.com", true);
        check("https://dashboard.ngrok.com/get-started/your-authtoken", true);
        check("http://www.tradingview.com/", false);
        check("https://www.tradingview.com.evil.com/", false);
        check("https://evil.com/www.tradingview.com", false);
        check("https://www.tradingview.com@evil.com/", false);
        check("https://user@www.tradingview.com/", false);
        check("https://www.tradingview.com:8443/", false);
        check("file:///etc/passwd", false);
        check("javascript:alert(1)", false);
        check("", false);
    }

    #[test]
    fn a_proposed_name_is_never_a_place() {
        let check =
            |proposed: &str, expected: &str| assert_eq!(file_name(proposed), expected, "{proposed:?}");
        check("signals.csv", "signals.csv");
        check("../../.bashrc", "bashrc");
        check("C:\\Windows\\win.ini", "win.ini");
        check("/etc/passwd", "passwd");
        check("..", "pitwire");
        check("", "pitwire");
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("signals.csv");
        write_whole(&path, b"old").unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(write_whole(&directory.path().join("missing/signals.csv"), b"x").is_err());
        let names: Vec<_> =
            fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["signals.csv"]);
    }
}
