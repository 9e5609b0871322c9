//! The desktop window: everything that knows Tauri.
//!
//! It holds no logic. The page asks through one command and hears through one channel (`bridge`); what it asks is
//! answered by the desk. Called by `main.rs` when Pitwire is started without a subcommand. Absent on purpose: any
//! permission of the page beyond those two commands; files, clipboard, browser and preferences are reached from
//! Rust only.

mod bridge;
mod display;
mod instance;
mod main_window;
mod notify;
mod outside;
mod preferences;
mod subscription;
mod tray;

use crate::stop::Stop;
use anyhow::Context;
use desk::{Desk, Worker};
use preferences::Preferences;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use subscription::Subscription;
use tauri::{App, AppHandle, Manager, RunEvent, WindowEvent, Wry};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::oneshot;
use tray::Tray;

/// How long the reason of a failed start is shown when nobody closes it: where nobody is, Pitwire must end.
const REASON_SHOWN_MAX: Duration = Duration::from_secs(60);

/// Open the window and stay until it is closed.
///
/// A second call for the same data directory, in another process, focuses this window and ends that process
/// before `open` is called: the desk is opened by the first one only. The worker is stopped when the window is
/// quit. `runtime` is the one that both live on; this must be called on the main thread and outside of it.
///
/// # Errors
///
/// There is no display, the desk cannot be opened, or the system refuses a window.
pub(crate) fn run(
    data_dir: &Path,
    runtime: &tokio::runtime::Handle,
    open: impl FnOnce() -> anyhow::Result<(Desk, Worker)>,
) -> anyhow::Result<()> {
    display::prepare()?;
    tauri::async_runtime::set(runtime.clone());
    let data_dir = std::path::absolute(data_dir)?;
    let mut context = tauri::generate_context!();
    let identifier = instance::identifier(&context.config().identifier, &data_dir);
    context.config_mut().identifier = identifier;
    let app = builder(&data_dir).build(context).context("cannot start the window")?;
    let (desk, worker) = match open() {
        Ok(opened) => opened,
        Err(error) => {
            show_failure(app, &error);
            return Err(error);
        }
    };
    app.manage(Preferences::open(&app, &data_dir)?);
    app.manage(desk);
    app.manage(Working(Mutex::new(Some(worker))));
    if let Some(tray) = Tray::build(&app) {
        tray.follow(app.handle());
        app.manage(tray);
    }
    notify::follow(app.handle());
    main_window::open(&app).context("cannot open the window")?;
    quit_on_signals(app.handle().clone());
    app.run_return(on_event);
    Ok(())
}

/// The worker until the end, managed by Tauri: on macOS nothing runs after the event that ends the application.
struct Working(Mutex<Option<Worker>>);

fn builder(data_dir: &Path) -> tauri::Builder<Wry> {
    let window_state = data_dir.join("window-state.json").to_string_lossy().into_owned();
    tauri::Builder::default()
        // First, so that a second process ends before anything else is set up.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _directory| main_window::show(app)))
        .plugin(tauri_plugin_store::Builder::default().build())
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_filename(window_state)
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .manage(main_window::WebviewFiles(data_dir.join("webview")))
        .manage(Subscription::default())
        .invoke_handler(tauri::generate_handler![bridge::rpc, bridge::subscribe])
        .on_window_event(|window, event| {
            if let WindowEvent::Destroyed = event {
                window.state::<Subscription>().end();
            }
        })
}

fn on_event(app: &AppHandle, event: RunEvent) {
    // A code means that Quit was chosen; none, that the last window was closed.
    if let RunEvent::ExitRequested { code: None, api, .. } = &event
        && app.try_state::<Tray>().is_some()
        && app.state::<Preferences>().close_to_tray()
    {
        api.prevent_exit();
    }
    #[cfg(target_os = "macos")]
    if let RunEvent::Reopen { .. } = &event {
        main_window::show(app);
    }
    if let RunEvent::Exit = &event {
        let worker = app.state::<Working>().0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = worker {
            tauri::async_runtime::block_on(worker.stop());
        }
    }
}

/// Quit as from the menu when the session ends or Ctrl+C is pressed.
fn quit_on_signals(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        match Stop::new() {
            Ok(mut stop) => {
                stop.wait().await;
                app.exit(0);
            }
            Err(error) => tracing::warn!(%error, "window.signals.unavailable"),
        }
    });
}

/// Started from an icon there is no terminal to read the reason on.
fn show_failure(app: App, error: &anyhow::Error) {
    if std::io::stderr().is_terminal() {
        return;
    }
    tracing::error!(error = format!("{error:#}"), "window.open.failed");
    let (close, closed) = oneshot::channel();
    app.dialog()
        .message(format!("{error:#}"))
        .title("Pitwire cannot start")
        .kind(MessageDialogKind::Error)
        .show(move |_| {
            let _closed_too_late = close.send(());
        });
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        shown(closed, REASON_SHOWN_MAX).await;
        handle.exit(1);
    });
    app.run_return(|_, _| {});
}

/// Until a dialog is closed, or for as long as it may stay; one that could not be shown counts as closed.
async fn shown(closed: oneshot::Receiver<()>, at_most: Duration) {
    let _closed_or_late = tokio::time::timeout(at_most, closed).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than any run of the tests.
    const FOR_EVER: Duration = Duration::from_secs(1 << 30);

    #[tokio::test]
    async fn a_failed_start_waits_for_the_reader_but_not_for_ever() {
        let (close, closed) = oneshot::channel();
        close.send(()).unwrap();
        shown(closed, FOR_EVER).await;
        let (never_shown, closed) = oneshot::channel();
        drop(never_shown);
        shown(closed, FOR_EVER).await;
        let (_kept_open, closed) = oneshot::channel();
        shown(closed, Duration::ZERO).await;
    }
}
