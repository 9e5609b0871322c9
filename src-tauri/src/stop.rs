//! The wish of the user or of the system that the process ends. What ends in order then, `serve`, the demo and the
//! window each know themselves.

use std::io;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows;

/// Waits for Ctrl+C and for what the system sends to end a process: SIGTERM, and on Windows Ctrl+Break, a closed
/// console and the end of the session.
#[derive(Debug)]
pub(crate) struct Stop {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(windows)]
    interrupt: windows::CtrlC,
    #[cfg(windows)]
    interrupt_by_program: windows::CtrlBreak,
    #[cfg(windows)]
    console_closed: windows::CtrlClose,
    #[cfg(windows)]
    session_ends: windows::CtrlShutdown,
}

#[cfg(unix)]
impl Stop {
    /// From now on the wish ends nothing by itself: somebody must [`wait`](Self::wait) for it. On a runtime.
    ///
    /// # Errors
    /// When the system does not let the process hear of it.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Until the process is to end.
    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
impl Stop {
    /// From now on the wish ends nothing by itself: somebody must [`wait`](Self::wait) for it. On a runtime.
    ///
    /// # Errors
    /// When the system does not let the process hear of it.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: windows::ctrl_c()?,
            interrupt_by_program: windows::ctrl_break()?,
            console_closed: windows::ctrl_close()?,
            session_ends: windows::ctrl_shutdown()?,
        })
    }

    /// Until the process is to end.
    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.interrupt_by_program.recv() => {}
            _ = self.console_closed.recv() => {}
            _ = self.session_ends.recv() => {}
        }
    }
}
