//! The command line.

use std::{ffi::OsString, time::Duration};

use lexopt::{Arg, Parser, ValueExt};

use crate::{process::Process, target::Target, workload::Workload};

/// The orders for the driver.
pub(crate) enum Command {
    /// Print the names of the workloads.
    List,
    /// Run one of them.
    Run(Args),
    /// Echo so many messages over one connection, for others to measure.
    Echo { port: u16, messages: u64 },
    /// Broadcast so many messages to so many members, for others to measure.
    Broadcast {
        port: u16,
        members: u64,
        messages: u64,
    },
}

pub(crate) struct Args {
    pub(crate) workload: Workload,
    pub(crate) target: Target,
    pub(crate) server: String,
    pub(crate) round: u32,
}

impl Command {
    pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let (mut port, mut pid, mut workload) = (None, None, None);
        let (mut server, mut round) = ("server".to_owned(), 1);
        let (mut seconds, mut warmup) = (2.0, 0.5);
        let (mut echo, mut broadcast, mut members) = (None, None, 1000);

        let mut parser = Parser::from_iter(args);
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("list") => return Ok(Self::List),
                Arg::Long("port") => port = Some(parser.value()?.parse()?),
                Arg::Long("pid") => pid = Some(parser.value()?.parse()?),
                Arg::Long("workload") => workload = Some(parser.value()?.parse()?),
                Arg::Long("echo") => echo = Some(parser.value()?.parse()?),
                Arg::Long("broadcast") => broadcast = Some(parser.value()?.parse()?),
                Arg::Long("members") => members = parser.value()?.parse()?,
                Arg::Long("server") => server = parser.value()?.string()?,
                Arg::Long("round") => round = parser.value()?.parse()?,
                Arg::Long("seconds") => seconds = parser.value()?.parse()?,
                Arg::Long("warmup") => warmup = parser.value()?.parse()?,
                Arg::Long(_) | Arg::Short(_) | Arg::Value(_) => return Err(arg.unexpected()),
            }
        }

        let port = port.ok_or("--port is missing")?;
        if let Some(messages) = echo {
            return Ok(Self::Echo { port, messages });
        }
        if let Some(messages) = broadcast {
            return Ok(Self::Broadcast {
                port,
                members,
                messages,
            });
        }
        Ok(Self::Run(Args {
            workload: workload.ok_or("--workload is missing")?,
            target: Target {
                port,
                process: Process::new(pid.ok_or("--pid is missing")?),
                warmup: duration(warmup)?,
                window: duration(seconds)?,
            },
            server,
            round,
        }))
    }
}

fn duration(seconds: f64) -> Result<Duration, lexopt::Error> {
    Duration::try_from_secs_f64(seconds).map_err(|error| lexopt::Error::Custom(error.into()))
}
