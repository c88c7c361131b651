//! A hub of rooms, and what happens to all of them: lines, jobs and kicks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::extract::State;
use chanx::{
    Broadcaster, Connect, Consumer, Context, Event, HandlerError, Message, Ping, Pong, Rejection,
    channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::interval;

/// The rooms that there are.
pub(crate) const ROOMS: u64 = 8;

/// A text that comes back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Say {
    text: String,
}

/// The text that has come back.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Said {
    text: String,
}

/// Makes the handler fail.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Fail;

/// Makes the handler panic.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Crash;

/// The next line of a room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Line {
    number: u64,
}

/// A piece of work for each subscription.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Job;

/// What has become of the jobs.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    /// Given to a subscription, or dropped there and then.
    pub(crate) given: AtomicU64,
    pub(crate) handled: AtomicU64,
    /// True once there are to be no more.
    pub(crate) is_over: AtomicBool,
}

#[derive(Consumer)]
pub(crate) struct Hub(Arc<Jobs>);

impl Connect for Hub {
    type Handshake = State<Arc<Jobs>>;

    async fn connect(State(jobs): State<Arc<Jobs>>) -> Result<Self, Rejection> {
        Ok(Self(jobs))
    }
}

#[channel(name = "hub")]
impl Hub {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    #[topic("room:{room}")]
    async fn room(&self, room: u64) -> Result<Room, Rejection> {
        tokio::task::yield_now().await;
        if room >= ROOMS {
            return Err(Rejection::forbidden("members only"));
        }
        Ok(Room(self.0.clone()))
    }
}

#[derive(Consumer)]
pub(crate) struct Room(Arc<Jobs>);

#[channel(name = "room", sends(Line))]
impl Room {
    #[ws_handler]
    async fn say(&mut self, say: Say) -> Said {
        Said { text: say.text }
    }

    #[ws_handler]
    async fn fail(&mut self, _: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::client("as asked for"))
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash, _: &mut Context<Self>) {
        panic!("as asked for");
    }

    #[event_handler]
    async fn job(&mut self, _: Job) {
        self.0.handled.fetch_add(1, Ordering::Relaxed);
    }
}

/// Gives each room a line and a job in turn, and clears the rooms one by one.
pub(crate) async fn drive(rooms: Broadcaster<Room>, jobs: Arc<Jobs>) {
    let mut ticks = interval(Duration::from_millis(20));
    for number in 0.. {
        ticks.tick().await;
        if jobs.is_over.load(Ordering::Relaxed) {
            return;
        }
        for room in 0..ROOMS {
            let line = rooms.broadcast(Line { number });
            let _ = line.to(format!("room:{room}")).with_seq(number).await;
            if let Ok(receipt) = rooms.event(Job).to(format!("room:{room}")).await {
                let given = receipt.reached + receipt.dropped;
                jobs.given.fetch_add(given as u64, Ordering::Relaxed);
            }
        }
        if number % 10 == 0 {
            let room = number / 10 % ROOMS;
            let kick = rooms.unsubscribe("cleared", "");
            let _ = kick.to(format!("room:{room}")).await;
        }
    }
}
