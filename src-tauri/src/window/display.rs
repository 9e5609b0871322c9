//! What Linux needs before a window can be opened: a display, and a workaround for one driver.
//!
//! macOS and Windows need neither.

/// Make sure that a window can be opened at all.
///
/// # Errors
///
/// There is no display: the one line says what to start instead.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
pub(super) fn prepare() -> anyhow::Result<()> {
    Ok(())
}

/// Make sure that a window can be opened at all.
///
/// # Errors
///
/// There is no display: the one line says what to start instead.
#[cfg(target_os = "linux")]
pub(super) fn prepare() -> anyhow::Result<()> {
    linux::restart_for_nvidia()?;
    // Tauri panics where this answers an error.
    gtk::init().map_err(|_| {
        anyhow::anyhow!(
            "no display to open a window on: start `pitwire serve`, or set DISPLAY or WAYLAND_DISPLAY"
        )
    })
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsStr;
    use std::os::unix::process::CommandExt;
    use std::path::Path;

    const DMABUF_OFF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    /// WebKit shows an empty window with NVIDIA's driver unless this variable is set, and it reads it when the
    /// process starts. Whoever has set it, to whatever value, has decided already.
    pub(super) fn restart_for_nvidia() -> anyhow::Result<()> {
        let nvidia = Path::new("/proc/driver/nvidia/version").exists();
        if !needs_restart(nvidia, std::env::var_os(DMABUF_OFF).as_deref()) {
            return Ok(());
        }
        let failure = std::process::Command::new(std::env::current_exe()?)
            .args(std::env::args_os().skip(1))
            .env(DMABUF_OFF, "1")
            .exec();
        Err(failure.into())
    }

    fn needs_restart(nvidia: bool, set: Option<&OsStr>) -> bool {
        nvidia && set.is_none()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_an_undecided_nvidia_restarts() {
            let check = |nvidia: bool, set: Option<&str>, expected: bool| {
                assert_eq!(needs_restart(nvidia, set.map(OsStr::new)), expected, "{nvidia} {set:?}");
            };
            check(true, None, true);
            check(true, Some("1"), false);
            check(true, Some("0"), false);
            check(false, None, false);
        }
    }
}
