//! The time that a process has used, as Linux tells it.

use std::{fs, io, ops::Sub, time::Duration};

/// A running process.
pub(crate) struct Process {
    id: u32,
}

/// The time that the scheduler has given to a process, and the time that it had to wait.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CpuTime {
    /// On a core.
    pub(crate) running: Duration,
    /// Ready to run, while other work had the core.
    pub(crate) waiting: Duration,
}

impl Process {
    pub(crate) fn new(id: u32) -> Self {
        Self { id }
    }

    pub(crate) fn current() -> Self {
        Self::new(std::process::id())
    }

    /// The time that all its threads have had, to the nanosecond where `stat`
    /// has hundredths of a second.
    pub(crate) fn cpu_time(&self) -> io::Result<CpuTime> {
        let mut total = CpuTime::default();
        for thread in fs::read_dir(format!("/proc/{}/task", self.id))? {
            let schedstat = fs::read_to_string(thread?.path().join("schedstat"))?;
            let mut numbers = numbers(&schedstat);
            total.running += Duration::from_nanos(expect(numbers.next())?);
            total.waiting += Duration::from_nanos(expect(numbers.next())?);
        }
        Ok(total)
    }

    /// Memory that is resident. `smaps_rollup` counts it; `status` has an
    /// estimate that lags behind.
    pub(crate) fn resident_bytes(&self) -> io::Result<u64> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id))?;
        let kilobytes = rollup
            .lines()
            .find_map(|line| line.strip_prefix("Rss:"))
            .ok_or_else(|| io::Error::other("smaps_rollup has no `Rss`"))?;
        Ok(expect(numbers(kilobytes).next())? * 1024)
    }
}

impl Sub for CpuTime {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            running: self.running - earlier.running,
            waiting: self.waiting - earlier.waiting,
        }
    }
}

fn numbers(text: &str) -> impl Iterator<Item = u64> {
    text.split_whitespace().map_while(|word| word.parse().ok())
}

fn expect(number: Option<u64>) -> io::Result<u64> {
    number.ok_or_else(|| io::Error::other("expected a number under /proc"))
}
