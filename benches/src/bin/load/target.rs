//! The server under load, and the window through which it is watched.

use std::{
    io,
    time::{Duration, Instant},
};

use chanx_bench::Latency;
use tokio::{select, task::JoinSet, time::sleep};

use crate::{
    meter::Meter,
    process::{CpuTime, Process},
};

/// A server on this machine, and how long to look at it.
pub(crate) struct Target {
    pub(crate) port: u16,
    pub(crate) process: Process,
    pub(crate) warmup: Duration,
    pub(crate) window: Duration,
}

/// The counts of the window.
pub(crate) struct Measured {
    pub(crate) messages: u64,
    pub(crate) seconds: f64,
    pub(crate) server: CpuTime,
    pub(crate) driver: CpuTime,
    pub(crate) latency: Option<Latency>,
    pub(crate) bytes_per_connection: Option<f64>,
}

/// Tasks that load the server until they are dropped. One that ends has failed.
pub(crate) type Load = JoinSet<io::Result<()>>;

impl Target {
    /// Lets the load run for the warm-up, and measures it for the window.
    pub(crate) async fn watch(&self, meter: &Meter, mut load: Load) -> io::Result<Measured> {
        select! {
            measured = self.measure(meter) => measured,
            Some(ended) = load.join_next() => match ended {
                Ok(Err(error)) => Err(error),
                Ok(Ok(())) => Err(io::Error::other("a connection stopped before the time was up")),
                Err(error) => Err(error.into()),
            },
        }
    }

    async fn measure(&self, meter: &Meter) -> io::Result<Measured> {
        sleep(self.warmup).await;
        let since = Usage::of(self)?;
        meter.open();
        sleep(self.window).await;
        meter.close();
        let until = Usage::of(self)?;

        if meter.messages() == 0 {
            return Err(io::Error::other("no message was answered in time"));
        }
        Ok(Measured {
            messages: meter.messages(),
            latency: Some(meter.latency()),
            ..until.since(&since)
        })
    }
}

impl Measured {
    /// A time as a part of the window.
    pub(crate) fn share(&self, time: Duration) -> f64 {
        time.as_secs_f64() / self.seconds
    }
}

/// The time that server and driver have used up to a moment.
pub(crate) struct Usage {
    at: Instant,
    server: CpuTime,
    driver: CpuTime,
}

impl Usage {
    pub(crate) fn of(target: &Target) -> io::Result<Self> {
        Ok(Self {
            at: Instant::now(),
            server: target.process.cpu_time()?,
            driver: Process::current().cpu_time()?,
        })
    }

    pub(crate) fn since(&self, earlier: &Self) -> Measured {
        Measured {
            messages: 0,
            seconds: (self.at - earlier.at).as_secs_f64(),
            server: self.server - earlier.server,
            driver: self.driver - earlier.driver,
            latency: None,
            bytes_per_connection: None,
        }
    }
}
