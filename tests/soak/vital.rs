//! Memory, tasks, threads and file descriptors of the program over time.
//!
//! Memory is what the program has taken for itself. The pages of its own file, which the system maps and drops as it
//! sees fit, are shown beside it and not judged: they come and go by megabytes and say nothing of a leak.

use anyhow::{Context, ensure};
use std::fmt;

/// How much more there may be in the last quarter than in the second one, when everything has been used once.
const MEMORY_MAX_MIB: f64 = 4.0;
const COUNT_MAX: u64 = 8;

/// One look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vital {
    memory_mib: f64,
    resident_mib: f64,
    tasks: u64,
    threads: u64,
    files: u64,
}

impl Vital {
    /// Of a process, where the system says so (Linux).
    pub(crate) fn of(pid: u32, tasks: u64) -> anyhow::Result<Self> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("a soak needs Linux")?;
        let number = |name: &str| -> anyhow::Result<u64> {
            let line = status.lines().find(|l| l.starts_with(name)).context("no such line")?;
            Ok(line.split_whitespace().nth(1).context("no number")?.parse()?)
        };
        let files = std::fs::read_dir(format!("/proc/{pid}/fd"))?.count();
        let mib = |name| anyhow::Ok(f64::from(u32::try_from(number(name)?)?) / 1024.0);
        Ok(Self {
            memory_mib: mib("RssAnon:")?,
            resident_mib: mib("VmRSS:")?,
            tasks,
            threads: number("Threads:")?,
            files: u64::try_from(files)?,
        })
    }
}

impl fmt::Display for Vital {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} MiB ({:.1} with its file), {} tasks, {} threads, {} files",
            self.memory_mib, self.resident_mib, self.tasks, self.threads, self.files
        )
    }
}

/// Every look.
#[derive(Debug, Default)]
pub(crate) struct Vitals(Vec<Vital>);

impl Vitals {
    pub(crate) fn push(&mut self, vital: Vital) {
        self.0.push(vital);
    }

    fn quarter(&self, which: usize) -> Option<Vital> {
        let size = self.0.len() / 4;
        let looks = self.0.get(which * size..(which + 1) * size).filter(|looks| !looks.is_empty())?;
        let middle = |mut values: Vec<u64>| {
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        let middle_mib = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        Some(Vital {
            memory_mib: middle_mib(looks.iter().map(|v| v.memory_mib).collect()),
            resident_mib: middle_mib(looks.iter().map(|v| v.resident_mib).collect()),
            tasks: middle(looks.iter().map(|v| v.tasks).collect()),
            threads: middle(looks.iter().map(|v| v.threads).collect()),
            files: middle(looks.iter().map(|v| v.files).collect()),
        })
    }

    /// The medians of the second and the last quarter.
    pub(crate) fn summary(&self) -> String {
        match (self.quarter(1), self.quarter(3)) {
            (Some(early), Some(late)) => format!("second quarter: {early}\nlast quarter:   {late}"),
            _ => "too short to compare".to_owned(),
        }
    }

    /// Whether everything has stayed flat.
    pub(crate) fn judge(&self) -> anyhow::Result<()> {
        let (Some(early), Some(late)) = (self.quarter(1), self.quarter(3)) else { return Ok(()) };
        ensure!(late.memory_mib <= early.memory_mib + MEMORY_MAX_MIB, "memory grows");
        ensure!(late.tasks <= early.tasks + COUNT_MAX, "tasks grow");
        ensure!(late.threads <= early.threads + COUNT_MAX, "threads grow");
        ensure!(late.files <= early.files + COUNT_MAX, "file descriptors grow");
        Ok(())
    }
}
