//! What a process has used, as Linux tells it.

use std::{fs, io, time::Duration};

/// A running process.
pub(crate) struct Process {
    id: u32,
}

impl Process {
    pub(crate) fn new(id: u32) -> Self {
        Self { id }
    }

    pub(crate) fn current() -> Self {
        Self::new(std::process::id())
    }

    /// Processor time of all its threads, to the nanosecond where `stat` has
    /// hundredths of a second.
    pub(crate) fn cpu_time(&self) -> io::Result<Duration> {
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.id))? {
            let schedstat = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanos += first_number(&schedstat)?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Memory that is resident. `smaps_rollup` counts it; `status` has an
    /// estimate that lags behind.
    pub(crate) fn resident_bytes(&self) -> io::Result<u64> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id))?;
        let kilobytes = rollup
            .lines()
            .find_map(|line| line.strip_prefix("Rss:"))
            .ok_or_else(|| io::Error::other("smaps_rollup has no `Rss`"))?;
        Ok(first_number(kilobytes)? * 1024)
    }
}

fn first_number(text: &str) -> io::Result<u64> {
    text.split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| io::Error::other("expected a number under /proc"))
}
