//! A client of many rooms, which checks all that it is sent.

use std::{
    collections::{HashMap, VecDeque},
    error::Error,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::{
    clients::{Client, connect},
    topics::ROOMS,
};

/// What all followers have seen.
#[derive(Debug, Default)]
pub(crate) struct Followed {
    pub(crate) subscribed: AtomicU64,
    /// Subscriptions that ended without having been asked to.
    pub(crate) ended: AtomicU64,
    pub(crate) answers: AtomicU64,
    pub(crate) lines: AtomicU64,
    /// Gaps between lines that were not told, answers that are missing or too many, and
    /// frames of rooms that are not followed.
    pub(crate) wrong: AtomicU64,
}

/// The frames that a client sends in one go before it reads the answers.
const AT_ONCE: u64 = 20;

/// Connects again and again, and follows rooms in an order of its own.
pub(crate) async fn follow(address: SocketAddr, number: u64, followed: Arc<Followed>) {
    for turn in 0_u64.. {
        if let Ok(client) = connect(address, "/hub").await {
            let dice = Dice(number * 1_000_003 + turn);
            let mut follower = Follower::new(client, dice, &followed);
            // An error is what a client gets that is cut off: it tries again.
            let _ = follower.live(turn).await;
        }
        sleep(Duration::from_millis(turn % 50)).await;
    }
}

/// Numbers that look like chance, and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What the client knows of one room.
#[derive(Default)]
struct Room {
    is_subscribed: bool,
    /// The `ref`s that are not answered yet.
    asked: VecDeque<u64>,
    next: Option<u64>,
    is_told: bool,
}

struct Follower<'a> {
    client: Client,
    dice: Dice,
    rooms: HashMap<String, Room>,
    asked: u64,
    followed: &'a Followed,
}

type Lived = Result<(), Box<dyn Error + Send + Sync>>;

impl<'a> Follower<'a> {
    fn new(client: Client, dice: Dice, followed: &'a Followed) -> Self {
        Self {
            client,
            dice,
            rooms: HashMap::new(),
            asked: 0,
            followed,
        }
    }

    async fn live(&mut self, turn: u64) -> Lived {
        for _ in 0..self.dice.below(40) {
            for _ in 0..AT_ONCE {
                self.ask().await?;
            }
            self.read_answers().await?;
        }
        match turn % 3 {
            // Breaks off, with something to handle.
            0 => self.ask().await,
            // Says its last words and leaves in order, each of which is answered.
            1 => {
                self.read_answers().await?;
                self.client.close(None).await?;
                while self.client.next().await.is_some() {}
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Sends a frame of one room. One room more than there are is refused.
    async fn ask(&mut self) -> Lived {
        let topic = format!("room:{}", self.dice.below(ROOMS + 1));
        let (action, payload) = match self.dice.below(20) {
            0..6 => ("subscribe", Value::Null),
            6..9 => ("unsubscribe", Value::Null),
            9 => ("fail", Value::Null),
            10 => ("crash", Value::Null),
            _ => ("say", json!({"text": "x"})),
        };
        self.asked += 1;
        let frame = json!({
            "action": action,
            "payload": payload,
            "topic": topic,
            "ref": self.asked.to_string(),
        });
        self.client.send(Frame::text(frame.to_string())).await?;
        let room = self.rooms.entry(topic).or_default();
        room.asked.push_back(self.asked);
        Ok(())
    }

    /// Reads until all is answered.
    async fn read_answers(&mut self) -> Lived {
        while self.rooms.values().any(|room| !room.asked.is_empty()) {
            let Ok(read) = timeout(Duration::from_secs(60), self.client.next()).await else {
                self.is_wrong("an answer is missing");
                return Err("no answer".into());
            };
            match read.ok_or("closed")?? {
                Frame::Text(text) => self.see(&serde_json::from_str(&text)?),
                Frame::Close(_) => return Err("closed".into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn see(&mut self, frame: &Value) {
        let topic = frame["topic"].as_str().unwrap_or_default();
        let Some(room) = self.rooms.get_mut(topic) else {
            return self.is_wrong(frame);
        };
        if let Some(reference) = frame["ref"].as_str() {
            self.followed.answers.fetch_add(1, Ordering::Relaxed);
            let is_next = room.asked.pop_front().map(|asked| asked.to_string());
            if is_next.as_deref() != Some(reference) {
                return self.is_wrong(frame);
            }
        }
        let is_right = match (frame["action"].as_str(), frame["ref"].is_string()) {
            (Some("subscribed"), true) => {
                if !room.is_subscribed {
                    self.followed.subscribed.fetch_add(1, Ordering::Relaxed);
                    (room.is_subscribed, room.next) = (true, None);
                }
                true
            }
            (Some("unsubscribed"), true) => {
                room.is_subscribed = false;
                true
            }
            (Some("unsubscribed"), false) => {
                self.followed.ended.fetch_add(1, Ordering::Relaxed);
                std::mem::take(&mut room.is_subscribed)
            }
            (Some("said"), true) => room.is_subscribed,
            (Some("line"), false) => {
                self.followed.lines.fetch_add(1, Ordering::Relaxed);
                room.is_subscribed && room.line(frame)
            }
            (Some("error"), true) => true,
            (Some("error"), false) => {
                room.is_told = true;
                room.is_subscribed
            }
            _ => false,
        };
        if !is_right {
            self.is_wrong(frame);
        }
    }

    fn is_wrong(&self, what: impl std::fmt::Display) {
        self.followed.wrong.fetch_add(1, Ordering::Relaxed);
        println!("wrong: {what}");
    }
}

impl Room {
    /// True if the line is the next, or the client was told that some are missing.
    fn line(&mut self, frame: &Value) -> bool {
        let number = frame["payload"]["number"].as_u64();
        let (Some(number), true) = (number, frame["seq"] == frame["payload"]["number"]) else {
            return false;
        };
        let next = self.next.replace(number + 1).unwrap_or(number);
        number == next || (number > next && std::mem::take(&mut self.is_told))
    }
}
