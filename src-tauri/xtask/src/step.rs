//! One named program call: its name before, its time after, and on failure the line that repeats it.
//!
//! The only file of xtask that starts programs and prints.

use anyhow::{Context, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

/// A program call with the name it is announced by.
#[derive(Debug)]
pub(crate) struct Step {
    name: &'static str,
    program: &'static str,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
    directory: Option<&'static str>,
}

impl Step {
    pub(crate) fn new(name: &'static str, program: &'static str) -> Self {
        Self { name, program, arguments: Vec::new(), environment: Vec::new(), directory: None }
    }

    pub(crate) fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// Run in this directory, given from the project root.
    pub(crate) fn within(mut self, directory: &'static str) -> Self {
        self.directory = Some(directory);
        self
    }

    /// Run it; its output goes straight to the terminal.
    ///
    /// # Errors
    ///
    /// The program cannot be started, or ends with anything but success.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        self.announced(|command| Ok(command.status()?.success()))
    }

    /// Run it and hand every line it prints to `each`, besides showing it.
    ///
    /// # Errors
    ///
    /// As [`Step::run`].
    pub(crate) fn run_lines(&self, mut each: impl FnMut(&str)) -> anyhow::Result<()> {
        self.announced(|command| {
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
            let (sender, lines) = mpsc::channel();
            let stdout = child.stdout.take().map(|stream| forward(stream, sender.clone()));
            let stderr = child.stderr.take().map(|stream| forward(stream, sender));
            for line in lines {
                say(&line);
                each(&line);
            }
            for reader in stdout.into_iter().chain(stderr) {
                reader.join().map_err(|_| anyhow::anyhow!("a reader of the output died"))?;
            }
            Ok(child.wait()?.success())
        })
    }

    fn announced(&self, run: impl FnOnce(&mut Command) -> anyhow::Result<bool>) -> anyhow::Result<()> {
        say(&format!("\n── {}", self.name));
        let started = Instant::now();
        let done = run(&mut self.command()).with_context(|| format!("cannot run: {}", self.line()))?;
        let seconds = started.elapsed().as_secs_f64();
        if !done {
            bail!("{} failed after {seconds:.1} s; to repeat it:\n  {}", self.name, self.line());
        }
        say(&format!("── {}: ok, {seconds:.1} s", self.name));
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(executable(self.program));
        command.args(&self.arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = self.directory {
            command.current_dir(directory);
        }
        command
    }

    /// The call as one would type it from the project root.
    fn line(&self) -> String {
        let environment = self.environment.iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        let arguments = self.arguments.iter().map(quoted);
        let words: Vec<String> = environment.chain([self.program.to_owned()]).chain(arguments).collect();
        match self.directory {
            Some(directory) => format!("(cd {directory} && {})", words.join(" ")),
            None => words.join(" "),
        }
    }
}

/// Print one line for the person at the terminal; standard output stays the started program's.
pub(crate) fn say(line: &str) {
    // A closed terminal is no reason to stop checking.
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// Whether this program answers `--version`.
pub(crate) fn is_installed(program: &'static str, arguments: &[&str]) -> bool {
    output(program, arguments).is_some()
}

/// What a quiet program call prints, or nothing if it is missing or fails.
pub(crate) fn output(program: &'static str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(executable(program)).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// All paths in xtask are given from the project root.
///
/// # Errors
///
/// The sources have been moved since xtask was built.
pub(crate) fn enter_project_root() -> anyhow::Result<()> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))
}

/// npm is a batch file on Windows, which needs its extension to be found.
fn executable(program: &'static str) -> &'static str {
    match program {
        "npm" if cfg!(windows) => "npm.cmd",
        other => other,
    }
}

fn forward(stream: impl Read + Send + 'static, lines: mpsc::Sender<String>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    })
}

fn quoted(word: &OsString) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_printed_as_it_would_be_typed() {
        let check = |step: Step, expected: &str| assert_eq!(step.line(), expected);
        check(Step::new("lint", "cargo").args(["clippy", "--all-targets"]), "cargo clippy --all-targets");
        check(Step::new("ui", "npm").args(["ci"]).within("ui"), "(cd ui && npm ci)");
        check(
            Step::new("doc", "cargo").args(["doc"]).env("RUSTDOCFLAGS", "-D warnings"),
            "RUSTDOCFLAGS='-D warnings' cargo doc",
        );
        check(Step::new("empty", "printf").args([""]), "printf ''");
    }

    #[test]
    fn a_failing_call_says_how_to_repeat_it() {
        let step = Step::new("version", "cargo").args(["--no-such-flag"]);
        let error = step.run_lines(|_| {}).unwrap_err().to_string();
        assert!(error.starts_with("version failed after"), "{error}");
        assert!(error.ends_with("to repeat it:\n  cargo --no-such-flag"), "{error}");
    }

    #[test]
    fn every_line_of_both_streams_is_seen() {
        let mut lines = Vec::new();
        Step::new("version", "cargo")
            .args(["--version"])
            .run_lines(|line| lines.push(line.to_owned()))
            .unwrap();
        assert!(lines.len() == 1 && lines[0].starts_with("cargo "), "{lines:?}");
    }
}
