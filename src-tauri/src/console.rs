//! The console of a program that Windows starts without one.
//!
//! A release build with the window belongs to Windows' graphical subsystem, so that starting it from an icon opens no
//! console beside it. A command typed into a shell would then print into the void: it is attached to that shell's
//! console again. Called by `main.rs` before anything is printed. Absent on purpose: a console of its own where no
//! shell is the parent.

use winsafe::{AttachConsole, PidParent};

/// Print where the shell that started this program prints; what it has redirected stays redirected.
pub(crate) fn attach() {
    // It fails when there is no shell, or when this build has its console already: both are as wanted.
    let _none_or_already = AttachConsole(PidParent::Parent);
}
