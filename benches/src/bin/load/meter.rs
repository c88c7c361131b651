//! Counts messages and notes how long they took, while the window is open.

use std::{
    cell::{Cell, RefCell},
    io,
    time::Duration,
};

use chanx_bench::Latency;
use hdrhistogram::Histogram;

/// What takes longer is noted as this long.
const LONGEST: Duration = Duration::from_secs(60);

/// Significant digits of a latency.
const DIGITS: u8 = 2;

/// Shared by the tasks of a workload, which all run on one thread.
pub(crate) struct Meter {
    open: Cell<bool>,
    messages: Cell<u64>,
    latencies: RefCell<Histogram<u64>>,
}

impl Meter {
    pub(crate) fn new() -> io::Result<Self> {
        let latencies =
            Histogram::new_with_max(LONGEST.as_nanos() as u64, DIGITS).map_err(io::Error::other)?;
        Ok(Self {
            open: Cell::new(false),
            messages: Cell::new(0),
            latencies: RefCell::new(latencies),
        })
    }

    /// Messages that took so long; outside the window they are not counted.
    pub(crate) fn record(&self, latency: Duration, messages: u64) {
        if self.open.get() {
            self.messages.set(self.messages.get() + messages);
            self.latencies
                .borrow_mut()
                .saturating_record_n(latency.as_nanos() as u64, messages);
        }
    }

    pub(crate) fn open(&self) {
        self.open.set(true);
    }

    pub(crate) fn close(&self) {
        self.open.set(false);
    }

    pub(crate) fn messages(&self) -> u64 {
        self.messages.get()
    }

    pub(crate) fn latency(&self) -> Latency {
        let latencies = self.latencies.borrow();
        let micros = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
        Latency {
            p50_us: micros(0.5),
            p99_us: micros(0.99),
            p999_us: micros(0.999),
        }
    }
}
