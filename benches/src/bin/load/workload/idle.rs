//! The memory that connections hold while nothing happens.

use std::{io, time::Duration};

use tokio::time::sleep;

use super::message::{self, ECHO};
use crate::{
    connection::Connection,
    frame,
    process::Process,
    target::{Measured, Target, Usage},
};

const PATH: &str = "/ws/echo";

/// Connections opened and closed beforehand, so that what a server allocates
/// once is not counted as theirs.
const REHEARSALS: u64 = 16;

pub(super) async fn run(target: &Target, connections: u64) -> io::Result<Measured> {
    for _ in 0..REHEARSALS {
        message::check(target.port, PATH, ECHO).await?;
    }
    let before = settled(&target.process).await?;
    let since = Usage::of(target)?;

    let mut open = Connection::open_many(target.port, PATH, connections).await?;
    for connection in &mut open {
        connection.ask(&frame::text(ECHO)).await?;
    }
    let until = Usage::of(target)?;
    let after = settled(&target.process).await?;

    let grown = after.saturating_sub(before);
    Ok(Measured {
        messages: connections,
        bytes_per_connection: Some(grown as f64 / connections as f64),
        ..until.since(&since)
    })
}

/// The resident memory, once it has stopped changing.
async fn settled(process: &Process) -> io::Result<u64> {
    const PAUSE: Duration = Duration::from_millis(200);
    const ATTEMPTS: usize = 25;
    let mut last = process.resident_bytes()?;
    for _ in 0..ATTEMPTS {
        sleep(PAUSE).await;
        let now = process.resident_bytes()?;
        if now == last {
            return Ok(now);
        }
        last = now;
    }
    Err(io::Error::other(
        "the server's memory does not come to rest",
    ))
}
