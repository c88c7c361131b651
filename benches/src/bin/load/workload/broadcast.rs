//! Messages from one to all, in one group or in many side by side.

use std::{
    cell::Cell,
    io,
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{io::AsyncWriteExt, net::tcp::OwnedWriteHalf, sync::Notify, time::timeout};

use super::message::{self, BROADCAST};
use crate::{
    connection::{Connection, Reader},
    frame,
    meter::Meter,
    target::{Load, Measured, Target},
};

const PATH: &str = "/ws/broadcast";

/// The time that a delivery may take before it counts as lost.
const LOST: Duration = Duration::from_secs(5);

pub(super) async fn run(target: &Target, groups: u64, members: u64) -> io::Result<Measured> {
    message::check(target.port, PATH, BROADCAST).await?;
    let meter = Rc::new(Meter::new()?);
    let mut load = Load::new();

    let mut ready = Vec::new();
    for number in 0..groups {
        let path = match groups {
            1 => PATH.to_owned(),
            _ => format!("{PATH}/group-{number}"),
        };
        ready.push(Group::gather(target.port, &path, members, &meter, &mut load).await?);
    }
    for (group, writer) in ready {
        load.spawn_local(publish(writer, group));
    }
    target.watch(&meter, load).await
}

/// Broadcasts so many messages to one group, for others to measure.
pub(crate) async fn broadcast_exactly(port: u16, members: u64, messages: u64) -> io::Result<()> {
    let meter = Rc::new(Meter::new()?);
    let mut load = Load::new();
    let (group, mut writer) = Group::gather(port, PATH, members, &meter, &mut load).await?;
    for _ in 0..messages {
        group.broadcast(&mut writer).await?;
    }
    Ok(())
}

/// One group, and how far its latest message has got.
struct Group {
    members: u64,
    missing: Cell<u64>,
    sent: Cell<Instant>,
    complete: Notify,
    meter: Rc<Meter>,
}

impl Group {
    /// Opens the members and waits until each of them has joined; the last one
    /// is to publish.
    async fn gather(
        port: u16,
        path: &str,
        members: u64,
        meter: &Rc<Meter>,
        load: &mut Load,
    ) -> io::Result<(Rc<Self>, OwnedWriteHalf)> {
        let group = Rc::new(Self {
            members,
            missing: Cell::new(0),
            sent: Cell::new(Instant::now()),
            complete: Notify::new(),
            meter: Rc::clone(meter),
        });

        let publisher = Connection::open(port, path).await?;
        for member in Connection::open_many(port, path, members - 1).await? {
            load.spawn_local(listen(member, Rc::clone(&group)));
        }
        load.spawn_local(count(publisher.reader, Rc::clone(&group)));

        let mut writer = publisher.writer;
        group.settle(&mut writer).await?;
        Ok((group, writer))
    }

    /// The upgrade tells a client that it is connected, not that it has joined.
    async fn settle(&self, writer: &mut OwnedWriteHalf) -> io::Result<()> {
        const ATTEMPTS: usize = 5;
        for _ in 0..ATTEMPTS {
            if self.broadcast(writer).await.is_ok() {
                return Ok(());
            }
        }
        self.broadcast(writer).await
    }

    /// Sends one message and waits until every member has it.
    async fn broadcast(&self, writer: &mut OwnedWriteHalf) -> io::Result<()> {
        self.missing.set(self.members);
        self.sent.set(Instant::now());
        writer.write_all(&frame::text(BROADCAST)).await?;
        timeout(LOST, self.completed()).await.map_err(|_| {
            io::Error::other(format!(
                "{} of {} deliveries are missing",
                self.missing.get(),
                self.members
            ))
        })
    }

    async fn completed(&self) {
        while self.missing.get() > 0 {
            self.complete.notified().await;
        }
    }

    fn delivered(&self, messages: u64) {
        self.meter.record(self.sent.get().elapsed(), messages);
        self.missing
            .set(self.missing.get().saturating_sub(messages));
        if self.missing.get() == 0 {
            self.complete.notify_one();
        }
    }
}

async fn publish(mut writer: OwnedWriteHalf, group: Rc<Group>) -> io::Result<()> {
    loop {
        group.broadcast(&mut writer).await?;
    }
}

/// Keeps the writing half, since dropping it would end the connection.
async fn listen(connection: Connection, group: Rc<Group>) -> io::Result<()> {
    let Connection {
        reader,
        writer: _writer,
    } = connection;
    count(reader, group).await
}

async fn count(mut reader: Reader, group: Rc<Group>) -> io::Result<()> {
    loop {
        group.delivered(reader.receive().await?);
    }
}
