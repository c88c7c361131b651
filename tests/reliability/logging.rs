//! What an operator sees, and what nobody is to see.

use std::{
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{Layer, layer::Context, prelude::*, registry::LookupSpan};

use crate::support::{Server, settle};
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, HandlerError, Ping, Pong, Rejection,
    channel,
};
use chanx_testing::Communicator;

/// Keeps what is logged, one line each: level, spans from the root, fields.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<(Level, String)>>>);

/// A span's name and fields, as text.
struct Described(String);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Captured {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut described = attributes.metadata().name().to_owned();
        attributes.record(&mut Fields(&mut described));
        let span = context.span(id).unwrap();
        span.extensions_mut().insert(Described(described));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = String::new();
        for span in context
            .event_scope(event)
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .iter()
            .rev()
        {
            if let Some(Described(described)) = span.extensions().get() {
                write!(line, "{described} > ").unwrap();
            }
        }
        event.record(&mut Fields(&mut line));
        let level = *event.metadata().level();
        self.0.lock().unwrap().push((level, line));
    }
}

impl Captured {
    /// What this thread logs until the guard is dropped.
    pub(crate) fn begin() -> (Self, DefaultGuard) {
        let captured = Self::default();
        let subscriber = tracing_subscriber::registry().with(captured.clone());
        (captured, tracing::subscriber::set_default(subscriber))
    }

    /// What was logged at a level, or above it.
    pub(crate) fn lines(&self, least: Level) -> Vec<String> {
        let lines = self.0.lock().unwrap();
        let lines = lines.iter().filter(|(level, _)| *level <= least);
        lines.map(|(_, line)| line.clone()).collect()
    }
}

/// Logs a connection that does a bit of everything.
async fn observe(options: ChannelOptions) -> Captured {
    let (captured, _guard) = Captured::begin();
    let mut server = Server::with(options);
    let mut client = server.connect().await;

    for (action, payload) in [
        ("echo", json!({"text": "secret-payload"})),
        ("echo", json!({"text": 1, "secret-field": "secret-payload"})),
        ("fail", json!(null)),
        ("unheard of", json!("secret-payload")),
    ] {
        client.send(action, payload).await;
        client.message().await;
    }
    server.tick(7).await;
    client.message().await;
    client.send("crash", json!(null)).await;
    client.closed().await;
    drop(client);
    server.notes.wait_for("dropped").await;
    settle().await;
    captured
}

#[tokio::test(start_paused = true)]
async fn no_payload_query_or_token_is_logged_above_trace() {
    let captured = observe(ChannelOptions::default()).await;

    for line in captured.lines(Level::DEBUG) {
        assert!(!line.contains("secret"), "{line}");
    }
    let traced = captured.lines(Level::TRACE);
    assert!(traced.iter().any(|line| line.contains("secret-payload")));
}

#[tokio::test(start_paused = true)]
async fn each_line_says_which_connection_and_which_message() {
    let captured = observe(ChannelOptions::default()).await;

    let lines = captured.lines(Level::DEBUG);
    let received = lines.iter().find(|line| line.contains("received")).unwrap();
    for part in [
        "connection channel=\"lab\"",
        "path=\"/lab/calm\"",
        "user=ann",
        "message action=echo",
    ] {
        assert!(received.contains(part), "{part} is not in: {received}");
    }
    let refused = lines
        .iter()
        .find(|line| line.contains("handler refused"))
        .unwrap();
    assert!(refused.contains("message action=fail"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn an_end_that_nobody_meant_is_told_with_its_counters() {
    let captured = observe(ChannelOptions::default()).await;

    let lines = captured.lines(Level::INFO);
    let closed = lines
        .iter()
        .find(|line| line.contains("connection closed"))
        .unwrap();
    for part in ["code=1011", "Panicked", "frames_in: 5", "frames_out: 6"] {
        assert!(closed.contains(part), "{part} is not in: {closed}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_action_may_be_left_out() {
    let captured = observe(ChannelOptions::default().unlogged_actions(["echo"])).await;

    let lines = captured.lines(Level::TRACE);
    let received = |line: &&String| line.contains("message=received");
    assert!(
        !lines
            .iter()
            .filter(received)
            .any(|line| line.contains("action=echo"))
    );
    assert!(
        lines
            .iter()
            .filter(received)
            .any(|line| line.contains("action=fail"))
    );
}

/// A channel that a page of another origin asks for.
#[derive(Debug, Default, Connect, Consumer)]
struct Lobby;

#[channel(name = "lobby")]
impl Lobby {}

#[tokio::test]
async fn a_path_is_logged_as_the_client_sent_it() {
    let (captured, _guard) = Captured::begin();
    let channels: Channels = Channels::new(ChannelLayer::new());
    let channels = channels.route::<Lobby>("/lobby").into_router();
    let app = axum::Router::new().nest("/api", channels);

    let foreign = Communicator::<Lobby>::builder(&app, "/api/lobby?token=secret")
        .header("origin", "https://evil.example");
    foreign.connect_or_refused().await.unwrap_err();

    let lines = captured.lines(Level::WARN);
    let [refused] = lines.as_slice() else {
        panic!("one line is logged: {lines:?}");
    };
    assert!(refused.contains("path=\"/api/lobby\""), "{refused}");
}

#[tokio::test]
async fn a_request_keeps_its_query_to_itself() {
    let uri = "/lab/calm?token=secret".parse().unwrap();
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", "Bearer secret".parse().unwrap());
    let request = chanx::RequestInfo::new(http::Method::GET, &uri).with_headers(&headers);

    assert!(!format!("{request:?}").contains("secret"));
}

/// What no line of a log may have in it: the end of a line, what moves the
/// cursor of a terminal, what turns the direction of writing.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

const HOSTILE: [&str; 9] = [
    "x\n2026-11-26T00:00:00Z ERROR forged",
    "x\r\nERROR forged",
    "\u{1b}[2J\u{1b}[31mforged",
    "\u{9b}31mforged",
    "\u{202e}degrof",
    "\u{2066}forged\u{2028}forged",
    "x forged=1 user=root",
    "x\" forged=\"1",
    "x\0\u{7f}\u{200b}forged\\",
];

#[tokio::test(start_paused = true)]
async fn nothing_that_a_client_sends_does_more_to_a_line_than_stand_in_it() {
    let (captured, _guard) = Captured::begin();
    let mut server = Server::new();

    for hostile in HOSTILE {
        let mut client = server.connect().await;
        let frame = json!({"action": hostile, "ref": hostile, "topic": hostile});
        client
            .0
            .send(Message::text(frame.to_string()))
            .await
            .unwrap();
        client.message().await;
        let keys = json!({"action": "echo", "ref": hostile, "payload": {hostile: hostile}});
        client
            .0
            .send(Message::text(keys.to_string()))
            .await
            .unwrap();
        client.message().await;
        let close = CloseFrame {
            code: 4000.into(),
            reason: hostile.into(),
        };
        client.0.close(Some(close)).await.unwrap();
        client.closed().await;
        server.notes.wait_for("dropped").await;
        settle().await;
    }

    let lines = captured.lines(Level::DEBUG);
    for field in ["action", "ref", "topic"] {
        let quoted = format!("{field}=\"x forged=1 user=root\"");
        assert!(lines.iter().any(|line| line.contains(&quoted)), "{field}");
    }
    for line in lines {
        assert!(!line.contains(is_dangerous), "{line:?}");
    }
}

/// A hub that repeats what it is told, as applications do.
#[derive(Default, Connect, Consumer)]
struct Hall;

#[channel(name = "hall")]
impl Hall {
    #[topic("booth:{name}")]
    async fn booth(&mut self, name: String) -> Booth {
        Booth { name }
    }

    #[topic("shut:{name}")]
    async fn shut(&mut self, name: String) -> Result<Booth, Rejection> {
        Err(Rejection::forbidden(format!("no {name}")))
    }

    #[topic("full:{name}")]
    async fn full(&mut self, name: String) -> Result<Booth, HandlerError> {
        Err(HandlerError::client(format!("{name} is full")))
    }

    #[topic("broken:{name}")]
    async fn broken(&mut self, name: String) -> Result<Booth, HandlerError> {
        Err(HandlerError::internal(format!("{name} is broken")))
    }

    #[topic("slow:{name}")]
    async fn slow(&mut self, name: String) -> Booth {
        std::future::pending::<()>().await;
        Booth { name }
    }
}

#[derive(Consumer)]
struct Booth {
    name: String,
}

#[channel(name = "booth")]
impl Booth {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Result<Pong, HandlerError> {
        Err(HandlerError::internal(self.name.clone()))
    }

    /// Ends the subscription, for a reason of the client's.
    #[ws_handler]
    async fn pong(&mut self, _: Pong, ctx: &mut chanx::Context<Self>) {
        ctx.close(4000, self.name.clone());
    }
}

#[tokio::test(start_paused = true)]
async fn a_topic_does_no_more_to_a_line_either() {
    let (captured, _guard) = Captured::begin();
    let options = ChannelOptions::default().subscribe_timeout(Duration::from_secs(1));
    let channels: Channels = Channels::new(ChannelLayer::new())
        .options(options)
        .route::<Hall>("/");
    let app = channels.into_router();
    let mut client = Communicator::<Hall>::connect(&app, "/").await;
    let mut ask = async |action: &str, topic: &str| {
        let frame = json!({"action": action, "topic": topic, "ref": topic});
        client.send_json(frame).await;
        client.receive_json().await
    };

    for hostile in HOSTILE.iter().filter(|hostile| !hostile.contains(':')) {
        for kind in ["shut", "full", "broken", "slow", "booth", "unheard of"] {
            ask("subscribe", &format!("{kind}:{hostile}")).await;
        }
        let booth = format!("booth:{hostile}");
        for action in ["ping", "pong"] {
            ask(action, &booth).await;
        }
    }

    let lines = captured.lines(Level::DEBUG);
    assert!(lines.len() > 50, "{lines:#?}");
    for line in lines {
        assert!(!line.contains(is_dangerous), "{line:?}");
        assert!(!line.contains("=no x forged=1"), "{line:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_text_of_a_client_makes_a_long_line() {
    let (captured, _guard) = Captured::begin();
    let server = Server::new();
    let mut client = server.connect().await;

    for text in ["x".repeat(10_000), "\u{202e}".repeat(3_000)] {
        for frame in [
            json!({"action": text}),
            json!({"action": "echo", "ref": text}),
            json!({"action": "echo", "topic": text}),
            json!({"action": "echo", "payload": {"text": {&text: 1}}}),
            json!({"action": "numbers", "payload": {&text: text}}),
        ] {
            client
                .0
                .send(Message::text(frame.to_string()))
                .await
                .unwrap();
            client.message().await;
        }
    }

    let lines = captured.lines(Level::DEBUG);
    assert!(lines.len() > 10, "{lines:?}");
    for line in lines {
        assert!(line.len() < 8 * 1024, "{} bytes: {line}", line.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_payload_is_told_with_its_place_and_without_its_value() {
    let captured = observe(ChannelOptions::default()).await;

    let lines = captured.lines(Level::DEBUG);
    let refused = lines
        .iter()
        .find(|line| line.contains("refused a payload"))
        .unwrap();
    assert!(refused.contains("message action=echo"), "{refused}");
    assert!(
        refused.contains("error=string_type at echo.payload.text"),
        "{refused}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_read_and_not_handled_is_told_at_the_end() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::registry().with(captured.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let options = ChannelOptions::default().finish_timeout(Duration::ZERO);
    let mut server = Server::with(options);
    let mut client = server.connect().await;
    client.send("hang", json!(null)).await;
    client.send("echo", json!({"text": "behind it"})).await;
    server.notes.wait_for("hanging").await;

    client.0.close(None).await.unwrap();
    client.closed().await;
    server.control.shutdown().await;

    let lines = captured.lines(Level::INFO);
    let told = lines
        .iter()
        .filter(|line| line.contains("messages_unhandled=2"));
    assert_eq!(told.count(), 1, "{lines:#?}");
}
