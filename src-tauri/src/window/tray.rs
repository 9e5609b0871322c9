//! The tray: a menu with the state, pause, open and quit.
//!
//! A menu only, since Linux reports no clicks on the icon itself. Never the only way to quit: closing the window
//! quits unless the user asked otherwise, and a system without a tray has no [`Tray`].

use super::main_window;
use desk::Desk;
use desk::wire::{KillSwitch, ListenerState, Status};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItem, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{App, AppHandle, Manager, Wry};
use tokio::sync::broadcast::error::RecvError;

const PAUSE: &str = "pause";
const OPEN: &str = "open";
const QUIT: &str = "quit";

/// The menu's changing lines, managed by Tauri while there is a tray.
#[derive(Clone)]
pub(super) struct Tray {
    state: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    paused: Arc<AtomicBool>,
}

impl Tray {
    /// Put Pitwire into the tray, if this system has one.
    pub(super) fn build(app: &App) -> Option<Self> {
        // The library behind the tray panics on Linux where its shared library is not installed.
        match catch_unwind(AssertUnwindSafe(|| Self::try_build(app))) {
            Ok(Ok(tray)) => Some(tray),
            Ok(Err(error)) => {
                tracing::warn!(%error, "window.tray.unavailable");
                None
            }
            Err(_) => {
                tracing::warn!("window.tray.library_missing");
                None
            }
        }
    }

    fn try_build(app: &App) -> tauri::Result<Self> {
        let state = MenuItemBuilder::new("Starting").enabled(false).build(app)?;
        let pause = MenuItemBuilder::with_id(PAUSE, pause_line(false)).build(app)?;
        let tray = Self { state, pause, paused: Arc::default() };
        let menu = tray.menu(app)?;
        let mut icon = TrayIconBuilder::with_id("main").tooltip("Pitwire").menu(&menu).on_menu_event(on_menu);
        if let Some(image) = app.default_window_icon() {
            icon = icon.icon(image.clone());
        }
        icon.build(app)?;
        Ok(tray)
    }

    fn menu(&self, app: &App) -> tauri::Result<Menu<Wry>> {
        MenuBuilder::new(app)
            .item(&self.state)
            .separator()
            .item(&self.pause)
            .text(OPEN, "Open Pitwire")
            .separator()
            .text(QUIT, "Quit Pitwire")
            .build()
    }

    /// Keep the lines true for as long as the desk lives.
    pub(super) fn follow(&self, app: &AppHandle) {
        let tray = self.clone();
        let desk = app.state::<Desk>().inner().clone();
        tauri::async_runtime::spawn(async move {
            let mut batches = desk.subscribe();
            let first = desk.rpc("status", serde_json::json!({})).await;
            let first = first.ok().and_then(|status| serde_json::from_value::<Status>(status).ok());
            drop(desk);
            tray.show(first.as_ref());
            loop {
                match batches.recv().await {
                    Ok(batch) => tray.show(batch.status.as_ref()),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        });
    }

    fn show(&self, status: Option<&Status>) {
        let Some(status) = status else { return };
        self.paused.store(status.kill_switch, Ordering::Relaxed);
        let shown = self.state.set_text(state_line(status));
        if let Err(error) = shown.and_then(|()| self.pause.set_text(pause_line(status.kill_switch))) {
            tracing::warn!(%error, "window.tray.stale");
        }
    }
}

fn on_menu(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        PAUSE => toggle_pause(app.clone()),
        OPEN => main_window::show(app),
        QUIT => app.exit(0),
        _ => {}
    }
}

/// The menu's line changes with the batch that follows.
fn toggle_pause(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        let on = !app.state::<Tray>().paused.load(Ordering::Relaxed);
        let desk = app.state::<Desk>().inner().clone();
        if let Err(error) = desk.rpc("kill.set", serde_json::json!(KillSwitch { on })).await {
            tracing::error!(error = error.error, code = error.code, "window.tray.pause_failed");
        }
    });
}

fn state_line(status: &Status) -> String {
    if status.kill_switch {
        return "Paused: alerts are kept, not traded".to_owned();
    }
    match &status.listener {
        ListenerState::Off => "Not listening".to_owned(),
        ListenerState::Listening { url } => format!("Listening on {}", url.trim_start_matches("http://")),
        ListenerState::Failed { .. } => "Not listening: open Pitwire for the reason".to_owned(),
    }
}

fn pause_line(paused: bool) -> &'static str {
    if paused { "Resume all" } else { "Pause all" }
}
