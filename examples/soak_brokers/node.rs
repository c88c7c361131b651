//! One of the processes.

use std::{
    collections::{HashMap, HashSet},
    error::Error,
    hash::{BuildHasher, RandomState},
    io::stdin,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::Path};
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message,
    Rejection, channel,
};
use chanx_nats::NatsBroker;
use chanx_redis::RedisBroker;
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{sync::watch, task::JoinSet, time::sleep};

const GROUPS: u64 = 20;
const CLIENTS: u64 = 30;
const PAUSE: Duration = Duration::from_millis(50);

/// The lines that all clients of a process have seen.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Report {
    /// Lines published, and those of them of which the publisher was told that
    /// other processes may not have got them.
    pub(crate) published: u64,
    pub(crate) failed: u64,
    /// Clients that came, lines they got, lines they missed, and how often one was told.
    pub(crate) clients: u64,
    pub(crate) lines: u64,
    pub(crate) missing: u64,
    pub(crate) told: u64,
    /// Lines that came late or twice: none.
    pub(crate) late: u64,
    /// The lines of `failed`, and what clients have missed without being told: none but these.
    pub(crate) failures: HashSet<Place>,
    pub(crate) owed: Vec<Place>,
    /// The lines ahead of those that are owed, which came since the client was told last.
    pub(crate) ahead: Vec<Place>,
}

/// One line: its group, its publisher, and its number.
pub(crate) type Place = (u64, u64, u64);

impl Report {
    pub(crate) fn add(&mut self, other: Self) {
        self.published += other.published;
        self.failed += other.failed;
        self.clients += other.clients;
        self.lines += other.lines;
        self.missing += other.missing;
        self.told += other.told;
        self.late += other.late;
        self.failures.extend(other.failures);
        self.owed.extend(other.owed);
        self.ahead.extend(other.ahead);
    }

    /// The lines that somebody has missed, of which neither was told, the client nor
    /// the publisher.
    pub(crate) fn untold(&self) -> Vec<Place> {
        let owed = self
            .owed
            .iter()
            .filter(|line| !self.failures.contains(line));
        owed.copied().collect()
    }

    /// How many of the lines ahead had failed too, and came when the broker was back.
    pub(crate) fn strays(&self) -> usize {
        let strays = self
            .ahead
            .iter()
            .filter(|line| self.failures.contains(line));
        strays.count()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Line {
    publisher: u64,
    number: u64,
}

struct Room(String);

impl Connect for Room {
    type Handshake = Path<String>;

    async fn connect(Path(group): Path<String>) -> Result<Self, Rejection> {
        Ok(Self(group))
    }
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.join(self.0.as_str()).await?;
        Ok(())
    }
}

#[channel(name = "room", sends(Line))]
impl Room {}

/// What a process is told to do: go on, come and go no more and publish nothing,
/// publish once more, end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Stage {
    Run,
    Quiet,
    Last,
    End,
}

#[tokio::main]
pub(crate) async fn run(url: &str, number: u64) -> Result<(), Box<dyn Error>> {
    let layer = if url.starts_with("nats:") {
        ChannelLayer::connect(NatsBroker::new(url)).await?
    } else {
        ChannelLayer::connect(RedisBroker::new(url)).await?
    };
    let app = Channels::new(layer.clone())
        .route::<Room>("/room/{group}")
        .into_router();
    let report = Arc::new(Mutex::new(Report::default()));
    let stage = watch::Sender::new(Stage::Run);
    let mut tasks = JoinSet::new();
    for group in 0..GROUPS {
        let rooms = Broadcaster::new(&layer);
        tasks.spawn(publish(
            rooms,
            group,
            number,
            report.clone(),
            stage.subscribe(),
        ));
    }
    for client in 0..CLIENTS {
        let (app, report) = (app.clone(), report.clone());
        tasks.spawn(come_and_go(app, client, report, stage.subscribe()));
    }
    for next in [Stage::Quiet, Stage::Last, Stage::End] {
        tokio::task::spawn_blocking(|| stdin().read_line(&mut String::new())).await??;
        stage.send_replace(next);
    }
    while let Some(done) = tasks.join_next().await {
        done?;
    }
    let report = report.lock().map_err(|_| "a task has panicked")?.clone();
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

async fn publish(
    rooms: Broadcaster<Room>,
    group: u64,
    publisher: u64,
    report: Arc<Mutex<Report>>,
    mut stage: watch::Receiver<Stage>,
) {
    for number in 0.. {
        let at = *stage.borrow_and_update();
        match at {
            Stage::Run => {}
            Stage::Quiet => {
                // An error says that the process ends.
                let _ = stage.changed().await;
            }
            Stage::Last => {
                let _ = stage.changed().await;
                return;
            }
            Stage::End => return,
        }
        let line = Line { publisher, number };
        let published = rooms.broadcast(line).to(format!("group-{group}")).await;
        if let Ok(mut report) = report.lock() {
            report.published += 1;
            if published.is_err() {
                report.failed += 1;
                report.failures.insert((group, publisher, number));
            }
        }
        sleep(PAUSE).await;
    }
}

async fn come_and_go(
    app: Router,
    client: u64,
    report: Arc<Mutex<Report>>,
    mut stage: watch::Receiver<Stage>,
) {
    while *stage.borrow_and_update() == Stage::Run {
        let path = format!("/room/group-{}", client % GROUPS);
        let builder = Communicator::<Room>::builder(&app, &path);
        let mut room = builder.timeout(Duration::from_secs(600)).connect().await;
        let mut seen = Seen::of(client % GROUPS);
        let chance = RandomState::new().hash_one(client) % 40;
        let leaving = sleep(Duration::from_secs(5 + chance));
        tokio::pin!(leaving);
        let stays = loop {
            tokio::select! {
                json = room.receive_json() => seen.note(&json),
                // Whoever has a gap stays until it is told, or until the end.
                () = &mut leaving, if *stage.borrow() == Stage::Run && seen.report.owed.is_empty() => break false,
                _ = stage.wait_for(|stage| *stage == Stage::End) => break true,
            }
        };
        if let Ok(mut report) = report.lock() {
            report.clients += 1;
            report.add(seen.report);
        }
        if stays {
            return;
        }
    }
}

/// The lines that one client has seen.
#[derive(Default)]
struct Seen {
    group: u64,
    next: HashMap<u64, u64>,
    /// Publishers whose lines it has got since it was told last.
    since: HashMap<u64, bool>,
    report: Report,
}

impl Seen {
    fn of(group: u64) -> Self {
        Self {
            group,
            ..Self::default()
        }
    }

    fn note(&mut self, json: &serde_json::Value) {
        if json["action"] == "error" {
            self.report.told += 1;
            self.report.owed.clear();
            self.report.ahead.clear();
            self.since.clear();
            return;
        }
        let number = |key: &str| json["payload"][key].as_u64().unwrap_or_default();
        let (publisher, number) = (number("publisher"), number("number"));
        self.report.lines += 1;
        let has_come_since = self.since.insert(publisher, true).is_some();
        let Some(expected) = self.next.insert(publisher, number + 1) else {
            return;
        };
        if number < expected {
            self.report.late += 1;
        } else if number > expected {
            self.report.missing += number - expected;
            // Told already, unless a line has come between that and the gap.
            if has_come_since {
                let missed = (expected..number).map(|missed| (self.group, publisher, missed));
                self.report.owed.extend(missed);
                self.report
                    .ahead
                    .push((self.group, publisher, expected - 1));
            }
        }
    }
}
