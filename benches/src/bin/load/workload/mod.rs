//! The workloads: their names, sizes and what each of them stands for.

mod broadcast;
mod connect;
mod echo;
mod idle;
mod message;

pub(crate) use broadcast::broadcast_exactly;
pub(crate) use echo::echo_exactly;

use std::{io, str::FromStr};

use crate::target::{Measured, Target};

/// One way to load a server, under the name that reports give it.
#[derive(Clone, Copy)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    shape: Shape,
}

/// The work of the connections, and their number.
#[derive(Clone, Copy)]
enum Shape {
    /// Each connection sends a message, waits for it to come back, and sends
    /// the next. A message is one that came back.
    Echo { connections: u64 },
    /// Each connection sends a batch at once, waits for all of it to come back,
    /// and sends the next. A message is one that came back.
    Pipelined { connections: u64, in_flight: u64 },
    /// In each group one member sends a message, waits until every member has
    /// it, and sends the next. A message is a delivery to one member.
    Broadcast { groups: u64, members: u64 },
    /// Connections are opened, upgraded and closed in good order, so many at a
    /// time. A message is a connection.
    Connect { at_once: u64 },
    /// Connections that have echoed once and then stay silent; what counts is
    /// the memory they hold. A message is a connection.
    Idle { connections: u64 },
}

/// In the order in which reports list them.
const WORKLOADS: [Workload; 11] = [
    Workload {
        name: "echo-1",
        shape: Shape::Echo { connections: 1 },
    },
    Workload {
        name: "echo-64",
        shape: Shape::Echo { connections: 64 },
    },
    Workload {
        name: "echo-1000",
        shape: Shape::Echo { connections: 1000 },
    },
    Workload {
        name: "pipelined-64x32",
        shape: Shape::Pipelined {
            connections: 64,
            in_flight: 32,
        },
    },
    Workload {
        name: "broadcast-100",
        shape: Shape::Broadcast {
            groups: 1,
            members: 100,
        },
    },
    Workload {
        name: "broadcast-1000",
        shape: Shape::Broadcast {
            groups: 1,
            members: 1000,
        },
    },
    Workload {
        name: "broadcast-5000",
        shape: Shape::Broadcast {
            groups: 1,
            members: 5000,
        },
    },
    Workload {
        name: "connect",
        shape: Shape::Connect { at_once: 16 },
    },
    Workload {
        name: "idle-2000",
        shape: Shape::Idle { connections: 2000 },
    },
    Workload {
        name: "scale/broadcast-10000",
        shape: Shape::Broadcast {
            groups: 1,
            members: 10_000,
        },
    },
    Workload {
        name: "scale/groups-1000x10",
        shape: Shape::Broadcast {
            groups: 1000,
            members: 10,
        },
    },
];

impl Workload {
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        WORKLOADS.iter().map(|workload| workload.name)
    }

    pub(crate) async fn run(self, target: &Target) -> io::Result<Measured> {
        match self.shape {
            Shape::Echo { connections } => echo::run(target, connections, 1).await,
            Shape::Pipelined {
                connections,
                in_flight,
            } => echo::run(target, connections, in_flight).await,
            Shape::Broadcast { groups, members } => broadcast::run(target, groups, members).await,
            Shape::Connect { at_once } => connect::run(target, at_once).await,
            Shape::Idle { connections } => idle::run(target, connections).await,
        }
    }

    /// The number of connections that are open at once.
    pub(crate) fn connections(self) -> u64 {
        match self.shape {
            Shape::Echo { connections }
            | Shape::Pipelined { connections, .. }
            | Shape::Idle { connections } => connections,
            Shape::Broadcast { groups, members } => groups * members,
            Shape::Connect { at_once } => at_once,
        }
    }

    /// The number of a group's members, where there are groups.
    pub(crate) fn members(self) -> Option<u64> {
        match self.shape {
            Shape::Broadcast { members, .. } => Some(members),
            Shape::Echo { .. }
            | Shape::Pipelined { .. }
            | Shape::Connect { .. }
            | Shape::Idle { .. } => None,
        }
    }
}

impl FromStr for Workload {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        WORKLOADS
            .into_iter()
            .find(|workload| workload.name == name)
            .ok_or_else(|| format!("no workload is called `{name}`"))
    }
}
