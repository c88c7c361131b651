//! Code of the application's that panics as it is dropped. Its connection ends, or goes
//! on, as if it had not panicked.

use std::{future::pending, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
};
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Control, Disconnect,
    HandlerError, Message, Rejection, Streamed, channel,
};
use futures_util::{StreamExt, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    io::DuplexStream,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::support::{Client, open, serve_pipe, settle};

/// Panics as it is dropped.
struct Mine;

impl Drop for Mine {
    fn drop(&mut self) {
        panic!("as asked for");
    }
}

/// Asks for a handler that never ends.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Hang;

/// Asks for one dot, and no end.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Dots;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Dot;

/// Asks for an answer.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Echo;

#[derive(Clone)]
struct App(UnboundedSender<String>);

struct Field {
    notes: UnboundedSender<String>,
    hangs_at_the_end: bool,
    _mine: Option<Mine>,
}

impl Field {
    fn new(mode: &str, App(notes): App) -> Self {
        Self {
            notes,
            hangs_at_the_end: mode == "hooks",
            _mine: (mode == "consumer").then(|| Mine),
        }
    }
}

impl Connect for Field {
    type Handshake = (State<App>, Path<String>);

    async fn connect((State(app), Path(mode)): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self::new(&mode, app))
    }
}

impl Consumer for Field {
    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        let whose = ctx.topic().unwrap_or("hub");
        let _ = self.notes.send(format!("{whose} {}", why.code()));
        if self.hangs_at_the_end {
            let _mine = Mine;
            pending::<()>().await;
        }
        Ok(())
    }
}

fn dots() -> Streamed<Dot> {
    let mine = Mine;
    let dots = stream::once(async { Dot }).chain(stream::pending());
    Streamed::new(dots.inspect(move |_| {
        let _ = &mine;
    }))
}

#[channel(name = "field")]
impl Field {
    #[ws_handler]
    async fn hang(&mut self, _: Hang) {
        let _mine = Mine;
        pending::<()>().await;
    }

    #[ws_handler]
    async fn dots(&mut self, _: Dots) -> Streamed<Dot> {
        dots()
    }

    #[ws_handler]
    async fn echo(&mut self, echo: Echo) -> Echo {
        echo
    }

    #[topic("plot:{mode}")]
    async fn plot(&mut self, mode: String) -> Plot {
        if mode == "authorising" {
            let _mine = Mine;
            pending::<()>().await;
        }
        Plot(Self::new(&mode, App(self.notes.clone())))
    }
}

/// The same consumer, as a topic.
struct Plot(Field);

impl Consumer for Plot {
    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        let whose = ctx.topic().unwrap_or("none");
        let _ = self.0.notes.send(format!("{whose} {}", why.code()));
        if self.0.hangs_at_the_end {
            let _mine = Mine;
            pending::<()>().await;
        }
        Ok(())
    }
}

#[channel(name = "plot")]
impl Plot {
    #[ws_handler]
    async fn hang(&mut self, _: Hang) {
        let _mine = Mine;
        pending::<()>().await;
    }

    #[ws_handler]
    async fn dots(&mut self, _: Dots) -> Streamed<Dot> {
        dots()
    }

    #[ws_handler]
    async fn echo(&mut self, echo: Echo) -> Echo {
        echo
    }
}

struct Server {
    app: Router,
    control: Control,
    notes: UnboundedReceiver<String>,
}

impl Server {
    fn new() -> Self {
        let (sender, notes) = unbounded_channel();
        let second = Duration::from_secs(1);
        let options = ChannelOptions::default()
            .finish_timeout(second)
            .subscribe_timeout(second)
            .disconnect_timeout(second);
        let channels = Channels::new(ChannelLayer::new())
            .options(options)
            .route::<Field>("/lab/{mode}");
        Self {
            control: channels.control(),
            app: channels.into_router().with_state(App(sender)),
            notes,
        }
    }

    async fn connect(&self, mode: &str) -> Client<DuplexStream> {
        open(serve_pipe(self.app.clone(), |it| async move { it }), mode).await
    }

    async fn note(&mut self) -> String {
        let note = tokio::time::timeout(Duration::from_secs(60), self.notes.recv()).await;
        note.expect("a hook notes").expect("there is a consumer")
    }

    async fn assert_left(&mut self, expected: &[&str]) {
        let mut notes = Vec::new();
        for _ in expected {
            notes.push(self.note().await);
        }
        notes.sort();
        assert_eq!(notes, expected);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let stats = self.control.stats();
        assert_eq!((stats.connections(), stats.layer.members), (0, 0));
        assert_eq!(self.notes.try_recv().ok(), None);
    }
}

async fn ask(client: &mut Client<DuplexStream>, action: &str, topic: Option<&str>) {
    client
        .send_json(json!({"action": action, "topic": topic, "ref": "1"}))
        .await;
}

/// Asserts that messages are still answered, on a topic or without one.
async fn assert_serves(client: &mut Client<DuplexStream>, topic: Option<&str>) {
    ask(client, "echo", topic).await;
    assert_eq!(client.message().await["action"], "echo", "{topic:?}");
}

async fn subscribe(client: &mut Client<DuplexStream>, topic: &str) {
    ask(client, "subscribe", Some(topic)).await;
    assert_eq!(client.message().await["action"], "subscribed");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_is_cancelled() {
    let mut server = Server::new();
    let mut client = server.connect("calm").await;
    subscribe(&mut client, "plot:a").await;
    subscribe(&mut client, "plot:b").await;
    ask(&mut client, "hang", None).await;
    ask(&mut client, "hang", Some("plot:a")).await;
    settle().await;

    drop(client);

    server
        .assert_left(&["hub 1006", "plot:a 1006", "plot:b 1006"])
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_consumer_of_a_connection() {
    let mut server = Server::new();
    let mut client = server.connect("consumer").await;
    assert_serves(&mut client, None).await;

    drop(client);

    server.assert_left(&["hub 1006"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_consumer_of_a_subscription() {
    let mut server = Server::new();
    let mut client = server.connect("calm").await;
    subscribe(&mut client, "plot:b").await;
    subscribe(&mut client, "plot:consumer").await;

    ask(&mut client, "unsubscribe", Some("plot:consumer")).await;

    assert_eq!(client.message().await["action"], "unsubscribed");
    assert_eq!(server.note().await, "plot:consumer 1000");
    assert_serves(&mut client, None).await;
    assert_serves(&mut client, Some("plot:b")).await;
    subscribe(&mut client, "plot:consumer").await;
    drop(client);
    server
        .assert_left(&["hub 1006", "plot:b 1006", "plot:consumer 1006"])
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_stopped() {
    let mut server = Server::new();
    let mut client = server.connect("calm").await;
    subscribe(&mut client, "plot:a").await;
    for topic in [None, Some("plot:a")] {
        ask(&mut client, "dots", topic).await;
        assert_eq!(client.message().await["action"], "dot");
        ask(&mut client, "complete", topic).await;
        assert_eq!(client.message().await["action"], "complete");
        assert_serves(&mut client, topic).await;
    }
    drop(client);
    server.assert_left(&["hub 1006", "plot:a 1006"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_ends_with_its_connection() {
    let mut server = Server::new();
    let mut client = server.connect("calm").await;
    subscribe(&mut client, "plot:a").await;
    for topic in [None, Some("plot:a")] {
        ask(&mut client, "dots", topic).await;
        assert_eq!(client.message().await["action"], "dot");
    }

    drop(client);

    server.assert_left(&["hub 1006", "plot:a 1006"]).await;
}

#[tokio::test(start_paused = true)]
async fn authorising_that_takes_too_long() {
    let mut server = Server::new();
    let mut client = server.connect("calm").await;

    ask(&mut client, "subscribe", Some("plot:authorising")).await;

    assert_eq!(client.message().await["action"], "error");
    assert_serves(&mut client, None).await;
    drop(client);
    server.assert_left(&["hub 1006"]).await;
}

#[tokio::test(start_paused = true)]
async fn hooks_that_take_too_long() {
    let mut server = Server::new();
    let mut client = server.connect("hooks").await;
    subscribe(&mut client, "plot:hooks").await;

    ask(&mut client, "unsubscribe", Some("plot:hooks")).await;

    let unsubscribed: Value = client.message().await;
    assert_eq!(unsubscribed["action"], "unsubscribed");
    assert_eq!(server.note().await, "plot:hooks 1000");
    assert_serves(&mut client, None).await;
    drop(client);
    server.assert_left(&["hub 1006"]).await;
}
