//! Memory, tasks, threads and file descriptors of the program over time.

use anyhow::{Context, ensure};
use std::fmt;

/// How much more there may be in the last quarter than in the second one, when everything has been used once.
const MEMORY_MAX_MIB: f64 = 8.0;
const COUNT_MAX: u64 = 8;

/// One look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vital {
    memory_mib: f64,
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
        let kib = f64::from(u32::try_from(number("VmRSS:")?)?);
        Ok(Self {
            memory_mib: kib / 1024.0,
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
            "{:.1} MiB, {} tasks, {} threads, {} files",
            self.memory_mib, self.tasks, self.threads, self.files
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
        let mut memory: Vec<f64> = looks.iter().map(|v| v.memory_mib).collect();
        memory.sort_by(f64::total_cmp);
        Some(Vital {
            memory_mib: memory.get(memory.len() / 2).copied().unwrap_or_default(),
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
