//! A hub with a topic for everything that can become of a subscription.

use std::{future::pending, sync::Arc, time::Duration};

use axum::{Router, extract::State};
use chanx::{
    ChannelLayer, ChannelOptions, ChannelStats, Channels, Connect, Consumer, Context, Control,
    Disconnect, Event, HandlerError, Message, Ping, Pong, Rejection, Streamed, UserKey, channel,
    wire::ErrorPayload,
};
use chanx_testing::{Communicator, broker::Exchange};
use futures_util::stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    sync::{Notify, mpsc},
    task::coop::consume_budget,
};

/// The signals between tests and consumers.
#[derive(Clone)]
pub(crate) struct Bell {
    /// Ends the wait of a handler.
    pub(crate) go: Arc<Notify>,
    notes: mpsc::UnboundedSender<String>,
}

impl Bell {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (notes, told) = mpsc::unbounded_channel();
        let go = Arc::new(Notify::new());
        (Self { go, notes }, told)
    }

    fn note(&self, note: impl Into<String>) {
        // An error says that the test is over.
        let _ = self.notes.send(note.into());
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Wait;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Waited;

/// Asks for a handler that waits, and then does what is said here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Dwell {
    then: String,
}

/// Asks for a handler that waits, and then answers with a stream of one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Tell;

/// Asks for a handler that never ends, and never pauses either.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Spin;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Boom;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Fail;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Leave;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Say {
    pub(crate) text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Said {
    pub(crate) text: String,
}

/// Said to all in the room.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Heard {
    pub(crate) text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Greeting {
    pub(crate) room: String,
}

/// Notes when the subscription is over.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Watch;

/// Is answered by the hub.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Knock;

/// Passes through to clients.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message, Event)]
pub(crate) struct News {
    pub(crate) title: String,
}

/// Is handled until the bell rings.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Work;

pub(crate) struct Hub {
    bell: Bell,
}

impl Connect for Hub {
    type Handshake = State<Bell>;

    async fn connect(State(bell): State<Bell>) -> Result<Self, Rejection> {
        Ok(Self { bell })
    }
}

impl Consumer for Hub {
    fn identity(&self) -> Option<UserKey> {
        Some("ada".into())
    }

    async fn disconnected(
        &mut self,
        _: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        self.bell.note(format!("hub left: {why}"));
        Ok(())
    }

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        match error {
            ErrorPayload::Detail {
                detail,
                reason,
                reference,
            } => ErrorPayload::Detail {
                detail: format!("hub: {detail}").into(),
                reason,
                reference,
            },
            other => other,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    book: String,
    page: u32,
}

#[channel(name = "hub", sends(Pong))]
impl Hub {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[event_handler]
    async fn knock(&mut self, _: Knock) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn wait(&mut self, _: Wait) -> Waited {
        self.bell.go.notified().await;
        Waited
    }

    #[ws_handler]
    async fn boom(&mut self, _: Boom) {
        panic!("boom");
    }

    /// Follow a room.
    #[topic("room:{room}")]
    async fn room(&mut self, room: String, ctx: &mut Context<Self>) -> Result<Room, HandlerError> {
        self.bell.note(format!("authorising {room}"));
        match room.as_str() {
            "broken" => return Err(HandlerError::internal("the database is on fire")),
            "full" => return Err(HandlerError::client("room is full").with_reason("room_full")),
            "panic" => panic!("authorising"),
            "slow" => pending().await,
            "later" => self.bell.go.notified().await,
            _ => {}
        }
        assert_eq!(ctx.user(), Some(&"ada".into()));
        Ok(Room {
            name: room,
            bell: self.bell.clone(),
        })
    }

    #[topic("locked:{door}")]
    async fn locked(&self, door: String) -> Result<Room, Rejection> {
        match door.as_str() {
            "secret" => Err(Rejection::not_found("no such door")),
            _ => Err(Rejection::forbidden("members only")),
        }
    }

    #[topic("book:{book}:{page}")]
    async fn book(&mut self, ctx: &mut Context<Self>, page: Page) -> Room {
        let _ = ctx;
        Room {
            name: format!("{} {}", page.book, page.page),
            bell: self.bell.clone(),
        }
    }

    /// Never called for `book:…`, which the pattern before has.
    #[topic("{any}:{one}:{more}")]
    async fn others(&mut self, (any, one, more): (String, String, String)) -> Room {
        Room {
            name: format!("{any} {one} {more}"),
            bell: self.bell.clone(),
        }
    }
}

pub(crate) struct Room {
    name: String,
    bell: Bell,
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        match self.name.as_str() {
            "unlucky" => return Err(HandlerError::client("out of luck")),
            "cursed" => panic!("connected"),
            _ => {}
        }
        let room = self.name.clone();
        ctx.send(Greeting { room }).await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        let text = format!("{} left", self.name);
        ctx.broadcast(Heard { text }).await?;
        self.bell.note(format!("{} left: {why}", self.name));
        match self.name.as_str() {
            "clumsy" => Err(HandlerError::internal("fell")),
            "grim" => panic!("disconnected"),
            _ => Ok(()),
        }
    }

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        match error {
            ErrorPayload::Detail {
                detail,
                reason,
                reference,
            } => ErrorPayload::Detail {
                detail: format!("room: {detail}").into(),
                reason,
                reference,
            },
            other => other,
        }
    }
}

#[channel(name = "room", sends(Greeting, Heard), passthrough(News))]
impl Room {
    #[ws_handler]
    async fn say(&mut self, say: Say, ctx: &mut Context<Self>) -> Result<Said, HandlerError> {
        let text = say.text.clone();
        ctx.broadcast(Heard { text }).exclude_current().await?;
        Ok(Said { text: say.text })
    }

    #[ws_handler]
    async fn wait(&mut self, _: Wait, ctx: &mut Context<Self>) -> Result<Waited, HandlerError> {
        self.bell.go.notified().await;
        self.bell.note(format!("{} waited", self.name));
        let room = self.name.clone();
        ctx.send(Greeting { room }).await?;
        Ok(Waited)
    }

    #[ws_handler]
    async fn dwell(&mut self, dwell: Dwell) -> Result<Waited, HandlerError> {
        self.bell.go.notified().await;
        self.bell.note(format!("{} waited", self.name));
        match dwell.then.as_str() {
            "fail" => Err(HandlerError::client("cannot")),
            "panic" => panic!("as asked for"),
            _ => Ok(Waited),
        }
    }

    #[ws_handler]
    async fn tell(&mut self, _: Tell) -> Streamed<Waited> {
        self.bell.go.notified().await;
        Streamed::new(stream::iter([Waited]))
    }

    #[ws_handler]
    async fn spin(&mut self, _: Spin) {
        self.bell.note(format!("{} spinning", self.name));
        loop {
            consume_budget().await;
        }
    }

    #[ws_handler]
    async fn boom(&mut self, _: Boom) {
        panic!("boom");
    }

    #[ws_handler]
    async fn fail(&mut self, _: Fail) -> Result<(), HandlerError> {
        Err(HandlerError::client("cannot"))
    }

    #[ws_handler]
    async fn leave(&mut self, _: Leave, ctx: &mut Context<Self>) {
        ctx.close(4000, "as you wish");
    }

    #[ws_handler]
    async fn watch(&mut self, _: Watch, ctx: &mut Context<Self>) {
        let (closed, bell, name) = (ctx.closed(), self.bell.clone(), self.name.clone());
        tokio::spawn(async move {
            closed.await;
            bell.note(format!("{name} is over"));
        });
    }

    #[event_handler]
    async fn work(&mut self, _: Work) {
        self.bell.go.notified().await;
    }
}

/// An application with the hub at `/hub`, and what its consumers note.
pub(crate) struct App {
    pub(crate) layer: ChannelLayer,
    pub(crate) router: Router,
    pub(crate) bell: Bell,
    pub(crate) control: Control,
    notes: mpsc::UnboundedReceiver<String>,
}

impl App {
    pub(crate) fn new() -> Self {
        Self::with(ChannelOptions::default())
    }

    pub(crate) fn with(options: ChannelOptions) -> Self {
        Self::of(ChannelLayer::new(), options)
    }

    pub(crate) fn of(layer: ChannelLayer, options: ChannelOptions) -> Self {
        let (bell, notes) = Bell::new();
        let channels = Channels::new(layer.clone())
            .options(options)
            .route::<Hub>("/hub")
            .topic_route::<Hub>("/rooms/{room}", "room:{room}")
            .topic_route::<Hub>("/doors/{door}", "locked:{door}");
        Self {
            layer,
            control: channels.control(),
            router: channels.into_router().with_state(bell.clone()),
            bell,
            notes,
        }
    }

    /// On one node of several. While the exchange hangs, a join waits a second for it.
    pub(crate) async fn at_an_exchange() -> (Exchange, Self) {
        Self::at_an_exchange_with(ChannelOptions::default()).await
    }

    pub(crate) async fn at_an_exchange_with(options: ChannelOptions) -> (Exchange, Self) {
        let exchange = Exchange::new();
        let layer = ChannelLayer::connect(exchange.broker()).await.unwrap();
        (exchange, Self::of(layer, options))
    }

    /// Waits until somebody is in a group.
    pub(crate) async fn joined(&self) {
        let joined = async {
            while self.layer.stats().groups == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let joined = tokio::time::timeout(Duration::from_secs(1), joined).await;
        joined.expect("somebody joins before the join has waited in vain");
    }

    pub(crate) async fn connect(&self) -> Communicator<Hub> {
        Communicator::connect(&self.router, "/hub").await
    }

    /// Waits until no connection is left; returns how many messages were read and not
    /// handled.
    pub(crate) async fn unhandled(&self) -> u64 {
        while self.control.stats().connections() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let channels = self.control.stats().channels;
        let unhandled = channels.iter().map(|(_, stats)| stats.messages_unhandled);
        unhandled.sum()
    }

    /// The numbers of the hub and its rooms.
    pub(crate) fn hub_stats(&self) -> ChannelStats {
        let channels = self.control.stats().channels;
        let found = channels.iter().find(|(name, _)| *name == "hub");
        found.expect("the hub has a route").1
    }

    /// All that consumers have noted so far.
    pub(crate) fn notes(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.notes.try_recv().ok()).collect()
    }

    /// The next thing that a consumer has noted.
    pub(crate) async fn note(&mut self) -> String {
        let note = tokio::time::timeout(Duration::from_secs(60), self.notes.recv()).await;
        note.expect("something is noted").expect("the bell is here")
    }
}

/// A frame of a topic with a `ref`.
pub(crate) fn asked(topic: &str, reference: &str, action: &str) -> Value {
    json!({"action": action, "topic": topic, "ref": reference})
}

/// A frame that answers one.
pub(crate) fn answer(topic: &str, reference: &str, action: &str, payload: Value) -> Value {
    json!({
        "action": action,
        "payload": payload,
        "version": 1,
        "topic": topic,
        "ref": reference,
    })
}

/// A frame that answers none.
pub(crate) fn pushed(topic: &str, action: &str, payload: Value) -> Value {
    json!({"action": action, "payload": payload, "version": 1, "topic": topic})
}

/// Subscribes, and takes what comes with it.
pub(crate) async fn subscribe(client: &mut Communicator<Hub>, topic: &str) {
    client.send_json(asked(topic, "s", "subscribe")).await;
    let subscribed = answer(topic, "s", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    assert_eq!(client.receive_any().await.action(), "greeting");
}
