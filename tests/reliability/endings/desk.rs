//! A consumer that tells the test how far it has come, and its server.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    extract::{FromRef, Path, State},
};
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Control,
    Disconnect, Event, HandlerError, Message, Rejection, Shutdown, UserKey, channel,
};
use pollster::block_on;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::{
    Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

#[derive(Clone, FromRef)]
pub(crate) struct App {
    layer: ChannelLayer,
    desk: Shared,
}

/// The gate, the ledger and the notes, which consumers and test share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) ledger: Arc<Mutex<Vec<u64>>>,
    notes: UnboundedSender<String>,
}

/// The number that stands in the ledger once the handler of `hold` has come to its end.
pub(crate) const HELD: u64 = u64::MAX;

/// Asks for a number to be written into the ledger.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Write {
    number: u64,
}

/// Says that the number stands in the ledger.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Written {
    number: u64,
}

/// Asks for a handler that runs until the test opens the gate.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Hold {
    then: Then,
}

/// The way in which the connection of such a handler ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Then {
    /// Something else ends it.
    WaitForTheEnd,
    /// The handler closes it once the gate lets it through.
    Close,
    /// The handler panics once the gate lets it through.
    Panic,
    /// Something else ends it, while the handler blocks its thread.
    Block,
}

/// Sent by the handler of `hold`.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Sent;

/// The answer to `hold`.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Held;

/// Broadcast to the others by the handler of `hold`.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Told;

/// A message that fills an outbox.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Bulk {
    pub(crate) text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Tick;

pub(crate) struct Desk {
    mode: String,
    shared: Shared,
}

impl Desk {
    fn note(&self, note: impl Into<String>) {
        let _ = self.shared.notes.send(note.into());
    }

    async fn pass_the_gate(&self) {
        self.shared.gate.acquire().await.unwrap().forget();
    }
}

/// Tells the test that a handler was cancelled, unless it is emptied before.
struct Unless(Option<UnboundedSender<String>>);

impl Drop for Unless {
    fn drop(&mut self) {
        if let Some(notes) = &self.0 {
            let _ = notes.send("cancelled".to_owned());
        }
    }
}

impl Connect for Desk {
    type Handshake = (State<Shared>, Path<String>);

    async fn connect((State(shared), Path(mode)): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { mode, shared })
    }
}

impl Consumer for Desk {
    async fn connected(&mut self, _ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if ["slow", "fails"].contains(&self.mode.as_str()) {
            self.note("holding");
            self.pass_the_gate().await;
        }
        match self.mode.as_str() {
            "fails" => Err(HandlerError::client("not today")),
            _ => Ok(()),
        }
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        assert!(!ctx.is_open());
        if self.mode != "witness" {
            self.note(format!("disconnected {}", why.code()));
        }
        Ok(())
    }

    async fn expiring(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        self.note("expiring");
        ctx.send(Told).await?;
        Ok(())
    }

    fn identity(&self) -> Option<UserKey> {
        Some(self.mode.as_str().into())
    }

    fn expires_at(&self) -> Option<SystemTime> {
        let soon = SystemTime::now() + Duration::from_millis(500);
        (self.mode == "expires").then_some(soon)
    }
}

#[channel(name = "desk", groups = ["all"], sends(Bulk, Told, Sent))]
impl Desk {
    #[ws_handler]
    async fn write(&mut self, write: Write) -> Written {
        self.shared.ledger.lock().unwrap().push(write.number);
        Written {
            number: write.number,
        }
    }

    #[ws_handler]
    async fn hold(&mut self, hold: Hold, ctx: &mut Context<Self>) -> Result<Held, HandlerError> {
        let mut unless = Unless(Some(self.shared.notes.clone()));
        self.note("holding");
        match hold.then {
            Then::WaitForTheEnd => {}
            Then::Block => block_on(self.pass_the_gate()),
            Then::Close | Then::Panic => self.pass_the_gate().await,
        }
        match hold.then {
            Then::WaitForTheEnd | Then::Block => {}
            Then::Close => ctx.close(4001, "enough"),
            Then::Panic => {
                unless.0 = None;
                panic!("as asked for")
            }
        }
        ctx.closed().await;
        self.note("ended");
        self.pass_the_gate().await;
        unless.0 = None;
        ctx.send(Sent).await?;
        ctx.broadcast(Told).exclude_current().await?;
        self.shared.ledger.lock().unwrap().push(HELD);
        Ok(Held)
    }

    #[event_handler]
    async fn tick(&mut self, _: Tick) {
        self.note("tick");
    }
}

/// A server with one route for desks.
pub(crate) struct Server {
    pub(crate) app: Router,
    pub(crate) control: Control,
    pub(crate) desks: Broadcaster<Desk>,
    pub(crate) shared: Shared,
    notes: UnboundedReceiver<String>,
}

impl Server {
    pub(crate) fn with(options: ChannelOptions) -> Self {
        Self::configured(|channels| channels.options(options))
    }

    pub(crate) fn configured(configure: impl FnOnce(Channels<App>) -> Channels<App>) -> Self {
        let layer = ChannelLayer::new();
        let (notes, noted) = unbounded_channel();
        let channels = Channels::new(layer.clone()).route::<Desk>("/lab/{mode}");
        let channels = configure(channels);
        let shared = Shared {
            gate: Arc::new(Semaphore::new(0)),
            ledger: Arc::default(),
            notes,
        };
        let state = App {
            layer: layer.clone(),
            desk: shared.clone(),
        };
        Self {
            control: channels.control(),
            app: Router::new().merge(channels).with_state(state),
            desks: Broadcaster::new(&layer),
            shared,
            notes: noted,
        }
    }

    /// Waits for a note, and returns those before it.
    pub(crate) async fn wait_for(&mut self, expected: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            let note = self.notes.recv().await.expect("a desk notes");
            if note == expected {
                return before;
            }
            before.push(note);
        }
    }

    /// The numbers in the ledger, in the order in which they were written.
    pub(crate) fn ledger(&self) -> Vec<u64> {
        self.shared.ledger.lock().unwrap().clone()
    }

    /// Lets all handlers go on.
    pub(crate) fn open_the_gate(&self) {
        self.shared.gate.add_permits(100);
    }

    /// Waits until every connection is over; returns how many messages were not handled.
    pub(crate) async fn unhandled(&self) -> u64 {
        let ten_seconds = Duration::from_secs(10);
        let report = self
            .control
            .shutdown_with(
                Shutdown::default()
                    .spread(Duration::ZERO)
                    .deadline(ten_seconds),
            )
            .await;
        assert_eq!(report.cut, 0);
        let stats = self.control.stats();
        assert_eq!((stats.connections(), stats.layer.members), (0, 0));
        stats
            .channels
            .iter()
            .map(|(_, stats)| stats.messages_unhandled)
            .sum()
    }
}
