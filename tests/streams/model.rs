//! A consumer that answers token by token, as a language model does.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, extract::State};
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Control, Event,
    HandlerError, Message, Ping, Pong, Rejection, Streamed, UserKey, channel, wire::ErrorPayload,
};
use chanx_testing::{Communicator, Frame};
use futures_util::{Stream, StreamExt, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Notify, Semaphore},
};

use crate::topics::Library;

/// Asks for so many tokens; for ever, where no number is given.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Prompt {
    #[serde(default)]
    pub(crate) tokens: Option<u32>,
}

/// Asks for a token each time the test lets one pass.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Dictate;

/// Keeps the handler busy until the test lets a token pass.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Ponder;

/// Asks for one token, or for none.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Guess {
    pub(crate) knows: bool,
}

/// Asks for two tokens and a failure.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Stumble {
    pub(crate) over: String,
}

/// Is refused before anything comes.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Forbidden;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Token {
    pub(crate) n: f64,
}

/// Makes the model say something that nobody has asked for.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
pub(crate) struct Muse {
    pub(crate) over: Option<String>,
}

/// The number of streams under way in an application, and of the tokens that they have made.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) tokens: AtomicUsize,
    under_way: AtomicUsize,
    dropped: Notify,
    /// Lets tokens of a dictation pass.
    passes: Semaphore,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            tokens: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            dropped: Notify::new(),
            passes: Semaphore::new(0),
        }
    }
}

struct Entry(Arc<Book>);

impl Drop for Entry {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
        self.0.dropped.notify_waiters();
    }
}

impl Book {
    /// A stream that is entered in the book for as long as it is there.
    fn enter<T>(
        self: &Arc<Self>,
        stream: impl Stream<Item = T> + Send + 'static,
    ) -> impl Stream<Item = T> + Send + 'static {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let entry = Entry(self.clone());
        stream.inspect(move |_| {
            entry.0.tokens.fetch_add(1, Ordering::SeqCst);
        })
    }

    /// Lets tokens of dictations pass.
    pub(crate) fn pass(&self, tokens: usize) {
        self.passes.add_permits(tokens);
    }

    /// Waits until no stream is there.
    pub(crate) async fn emptied(&self) {
        loop {
            let dropped = self.dropped.notified();
            if self.under_way.load(Ordering::SeqCst) == 0 {
                return;
            }
            dropped.await;
        }
    }
}

pub(crate) struct Model {
    book: Arc<Book>,
}

impl Connect for Model {
    type Handshake = State<Arc<Book>>;

    async fn connect(State(book): State<Arc<Book>>) -> Result<Self, Rejection> {
        Ok(Self { book })
    }
}

impl Consumer for Model {
    fn identity(&self) -> Option<UserKey> {
        Some("ann".into())
    }

    fn render_error(&self, error: ErrorPayload) -> ErrorPayload {
        match error {
            ErrorPayload::Detail {
                detail,
                reason: Some(reason),
                reference,
            } if reason == "tired" => ErrorPayload::Detail {
                detail: format!("rendered: {detail}").into(),
                reason: Some(reason),
                reference,
            },
            error => error,
        }
    }
}

impl Model {
    pub(crate) fn of(book: Arc<Book>) -> Self {
        Self { book }
    }
}

fn token(n: u32) -> Token {
    Token { n: n.into() }
}

/// Two tokens and a failure.
fn stumbling(over: String) -> Streamed<Token> {
    let steps = (0..3).map(move |n| match (n, over.as_str()) {
        (2, "client") => Err(HandlerError::client("no more").with_reason("tired")),
        (2, "internal") => Err(HandlerError::internal("the GPU is on fire")),
        (2, "nan") => Ok(Token { n: f64::NAN }),
        (2, over) => panic!("stumbled over {over}"),
        (n, _) => Ok(token(n)),
    });
    Streamed::fallible(stream::iter(steps))
}

#[channel(name = "model", groups = ["models"])]
impl Model {
    #[ws_handler]
    async fn prompt(&mut self, prompt: Prompt) -> Streamed<Token> {
        let tokens = stream::iter(0..prompt.tokens.unwrap_or(u32::MAX)).map(token);
        Streamed::new(self.book.enter(tokens))
    }

    #[ws_handler]
    async fn dictate(&mut self, _: Dictate) -> Result<Streamed<Token>, HandlerError> {
        let book = self.book.clone();
        let tokens = stream::iter(0..).then(move |n| {
            let book = book.clone();
            async move {
                book.passes.acquire().await.unwrap().forget();
                Ok::<_, Infallible>(token(n))
            }
        });
        Ok(Streamed::fallible(self.book.enter(tokens)))
    }

    #[ws_handler]
    async fn ponder(&mut self, _: Ponder) {
        self.book.passes.acquire().await.unwrap().forget();
    }

    #[ws_handler]
    async fn guess(&mut self, guess: Guess) -> Option<Streamed<Token>> {
        guess.knows.then(|| Streamed::new(stream::iter([token(7)])))
    }

    #[ws_handler]
    async fn stumble(&mut self, stumble: Stumble) -> Streamed<Token> {
        stumbling(stumble.over)
    }

    #[ws_handler(reasons("forbidden"))]
    async fn forbidden(&mut self, _: Forbidden) -> Result<Streamed<Token>, HandlerError> {
        Err(HandlerError::client("not that").with_reason("forbidden"))
    }

    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[event_handler]
    async fn muse(&mut self, muse: Muse) -> Streamed<Token> {
        match muse.over {
            Some(over) => stumbling(over),
            None => Streamed::new(self.book.enter(stream::iter(0..2).map(token))),
        }
    }
}

/// An application with one model.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) book: Arc<Book>,
    pub(crate) models: Broadcaster<Model>,
    pub(crate) control: Control,
}

pub(crate) type Client = Communicator<Model>;

impl App {
    pub(crate) fn new() -> Self {
        Self::with(|options| options)
    }

    pub(crate) fn with(change: impl FnOnce(ChannelOptions) -> ChannelOptions) -> Self {
        let layer = ChannelLayer::new();
        let book = Arc::<Book>::default();
        let channels = Channels::new(layer.clone())
            .options(change(ChannelOptions::default()))
            .route::<Model>("/ws")
            .route::<Library>("/library");
        Self {
            control: channels.control(),
            router: Router::new().merge(channels).with_state(book.clone()),
            book,
            models: Broadcaster::new(&layer),
        }
    }

    /// A client over TCP, which is told nothing of what has been dealt with.
    pub(crate) async fn client(&self) -> Client {
        Client::connect_at(&self.serve("/ws").await).await
    }

    /// Serves the application, and gives the address of one of its paths.
    pub(crate) async fn serve(&self, path: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}{path}", listener.local_addr().unwrap());
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// A client in memory, with completion frames on.
    pub(crate) async fn told_client(&self) -> Client {
        Client::connect(&self.router, "/ws").await
    }
}

/// Asks with a `ref`.
pub(crate) fn asked(action: &str, payload: &Value, reference: &str) -> Value {
    json!({"action": action, "payload": payload, "ref": reference})
}

pub(crate) fn stop(reference: &str) -> Value {
    json!({"action": "complete", "ref": reference})
}

/// A token in answer to a `ref`.
pub(crate) fn piece(n: u32, reference: &str) -> Value {
    json!({"action": "token", "payload": {"n": f64::from(n)}, "version": 1, "ref": reference})
}

pub(crate) fn completed(reference: &str) -> Value {
    json!({"action": "complete", "payload": null, "version": 1, "ref": reference})
}

/// The next frame, a completion among them.
pub(crate) async fn frame(client: &mut Client) -> Value {
    match client.receive_frame().await {
        Frame::Text(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("not a message: {other:?}"),
    }
}
