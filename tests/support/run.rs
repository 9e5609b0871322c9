//! One run of a command that ends by itself: what it said, and how it ended.

use serde_json::Value;
use std::process::{Command, Output, Stdio};

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The one JSON value on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e} in the output {self:?}"))
    }

    /// The answer of a command that must have gone well.
    #[track_caller]
    pub(crate) fn done(&self) -> Value {
        assert_eq!(self.code, 0, "{self:?}");
        self.json()
    }

    /// The code of a refusal, which stands on stdout as JSON and on stderr as a sentence.
    #[track_caller]
    pub(crate) fn refused(&self) -> String {
        assert_eq!(self.code, 1, "{self:?}");
        let error = self.json();
        let code = super::text(&error, "code").to_owned();
        assert!(!super::text(&error, "error").is_empty(), "{self:?}");
        assert!(self.stderr.contains(&code), "{self:?}");
        code
    }
}

/// Runs a command to its end with nothing, or `stdin`, to read.
#[track_caller]
pub(crate) fn run_to_end(command: &mut Command, stdin: Option<&str>) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let text = stdin.unwrap_or_default().to_owned();
    // A command that does not read its input closes it early, which is its right.
    let writer = std::thread::spawn(move || std::io::Write::write_all(&mut pipe, text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let _closed_early = writer.join().unwrap();
    Run::of(output)
}

/// Runs a command at a terminal of its own on which a person types `typed`; what the command says stands in `stdout`.
/// `script` of util-linux makes the terminal.
#[cfg(target_os = "linux")]
#[track_caller]
pub(crate) fn at_a_terminal(command: &Command, typed: &str) -> Run {
    let quoted = |word: &std::ffi::OsStr| format!("'{}'", word.to_str().unwrap().replace('\'', r"'\''"));
    let line: Vec<String> =
        std::iter::once(command.get_program()).chain(command.get_args()).map(quoted).collect();
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &line.join(" "), "/dev/null"]);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    run_to_end(&mut script, Some(typed))
}
