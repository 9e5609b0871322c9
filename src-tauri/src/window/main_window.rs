//! The one window: made from Rust, so that a headless run never touches the web view.

use desk::Desk;
use std::path::PathBuf;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder, Wry};

/// Its label, by which the capability names it.
pub(super) const LABEL: &str = "main";

/// Where the web view keeps its own files, managed by Tauri for [`open`].
pub(super) struct WebviewFiles(pub(super) PathBuf);

/// Open the window where and as large as it was.
///
/// # Errors
///
/// The system refuses a window.
pub(super) fn open(manager: &impl Manager<Wry>) -> tauri::Result<()> {
    let files = manager.state::<WebviewFiles>().0.clone();
    WebviewWindowBuilder::new(manager, LABEL, WebviewUrl::default())
        .title("Pitwire")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .data_directory(files)
        .zoom_hotkeys_enabled(true)
        // The page takes dropped alert messages itself.
        .disable_drag_drop_handler()
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    Ok(())
}

/// Bring the window to the front, or open it again.
pub(super) fn show(app: &AppHandle) {
    if app.try_state::<Desk>().is_none() {
        return; // Still starting: the window is about to open.
    }
    let app = app.clone();
    // Windows deadlocks when a window is made inside of an event.
    tauri::async_runtime::spawn(async move {
        let shown = match app.get_webview_window(LABEL) {
            Some(window) => {
                window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus())
            }
            None => open(&app),
        };
        if let Err(error) = shown {
            tracing::error!(%error, "window.show.failed");
        }
    });
}

/// Whether the address belongs to the application itself; everything else is refused.
fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // Windows has no schemes of one's own.
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_shows_its_own_pages_only() {
        let check =
            |url: &str, expected: bool| assert_eq!(is_own_page(&url.parse().unwrap()), expected, "{url}");
        check("tauri://localhost/", true);
        check("tauri://localhost/index.html#signals", true);
        check("tauri://elsewhere/", false);
        check("http://tauri.localhost/", cfg!(windows));
        check("http://tauri.localhost.evil.com/", false);
        check("https://www.tradingview.com/", false);
        check("http://127.0.0.1:8787/", false);
        check("file:///etc/passwd", false);
        check("javascript:alert(1)", false);
        check("data:text/html,x", false);
        check("about:blank", false);
    }
}
