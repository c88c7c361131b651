//! Messages that come back, one or a batch at a time.

use std::{io, rc::Rc, time::Instant};

use tokio::io::AsyncWriteExt;

use super::message::{self, ECHO};
use crate::{
    connection::Connection,
    frame,
    meter::Meter,
    target::{Load, Measured, Target},
};

const PATH: &str = "/ws/echo";

pub(super) async fn run(target: &Target, connections: u64, in_flight: u64) -> io::Result<Measured> {
    message::check(target.port, PATH, ECHO).await?;
    let meter = Rc::new(Meter::new()?);
    let mut load = Load::new();
    for connection in Connection::open_many(target.port, PATH, connections).await? {
        load.spawn_local(echo(connection, in_flight, Rc::clone(&meter)));
    }
    target.watch(&meter, load).await
}

/// Echoes so many messages over one connection, one after the other.
pub(crate) async fn echo_exactly(port: u16, messages: u64) -> io::Result<()> {
    let mut connection = Connection::open(port, PATH).await?;
    let message = frame::text(ECHO);
    for _ in 0..messages {
        connection.writer.write_all(&message).await?;
        connection.reader.receive().await?;
    }
    connection.close().await
}

async fn echo(mut connection: Connection, in_flight: u64, meter: Rc<Meter>) -> io::Result<()> {
    let batch = frame::text(ECHO).repeat(in_flight as usize);
    loop {
        let sent = Instant::now();
        connection.writer.write_all(&batch).await?;
        let mut missing = in_flight;
        while missing > 0 {
            let received = connection.reader.receive().await?;
            meter.record(sent.elapsed(), received);
            missing = missing.saturating_sub(received);
        }
    }
}
