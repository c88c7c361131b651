//! The methods by which a test sends.

use std::future::Future;

use bytes::Bytes;
use chanx_core::{
    Channel, MessageSet, ReceivedBy,
    describe::ChannelDescription,
    wire::{Correlation, Encoder, Envelope},
};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::time::timeout_at;

use super::Communicator;
use crate::{
    Frame,
    failure::{Failure, Outcome},
    line::Line,
    received::names,
    socket::Incoming,
};

// A generic method gives a boxed future, which keeps a mistake in a type to one error.
impl<C: Channel> Communicator<C> {
    /// Sends a message that a handler of `C` takes, by itself or in an enum.
    ///
    /// # Panics
    ///
    /// When the connection has closed, or nobody reads at the other end.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send(&Ping).await;
    /// assert_eq!(client.receive::<Pong>().await, Pong);
    /// # }
    /// ```
    #[track_caller]
    pub fn send<M: ReceivedBy<C, Via>, Via>(&mut self, message: &M) -> BoxFuture<'_, ()> {
        let line = Line::here();
        let frame = encode(line, message, Envelope::push());
        self.send_on(line, Frame::Text(frame)).boxed()
    }

    /// Sends a message with a `ref`, and waits for the reply that carries it.
    ///
    /// What comes in between is kept for the receives that follow; of several
    /// replies the others are, too. In memory, a handler that is done without
    /// a reply fails the test at once.
    ///
    /// # Panics
    ///
    /// When no handler of `C` takes the message, by itself or in an enum, and
    /// when another message, an error or nothing is the reply.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// assert_eq!(client.request::<Pong>(&Ping).await, Pong);
    /// # }
    /// ```
    #[track_caller]
    pub fn request<R: MessageSet>(&mut self, message: &impl MessageSet) -> BoxFuture<'_, R> {
        let line = Line::here();
        let (reference, frame) = self.ask(line, message);
        let reply = async move {
            self.send_on(line, Frame::Text(frame)).await;
            match self.reply::<R>(&reference).await {
                Ok(reply) => reply,
                Err(failure) => self.fail(line, &failure),
            }
        };
        reply.boxed()
    }

    /// Sends a message with a `ref`, and waits for all of the stream that
    /// answers it.
    ///
    /// What comes in between is kept for the receives that follow. A stream
    /// that is to end early is asked for with a `ref` of the test's own, and
    /// ended with `{"action": "complete", "ref": …}`.
    ///
    /// # Panics
    ///
    /// When no handler of `C` takes the message, by itself or in an enum, when
    /// another message or an error comes, and when the stream does not end.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{ChannelLayer, Channels, Connect, Consumer, Ping, Pong, Streamed, channel};
    /// # use chanx_testing::Communicator;
    /// # use futures_util::stream;
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Echo;
    /// #[channel(name = "echo")]
    /// impl Echo {
    ///     #[ws_handler]
    ///     async fn ping(&mut self, _: Ping) -> Streamed<Pong> {
    ///         Streamed::new(stream::iter([Pong, Pong]))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let app = Channels::new(ChannelLayer::new()).route::<Echo>("/ws").into_router();
    /// # let mut client = Communicator::<Echo>::connect(&app, "/ws").await;
    /// assert_eq!(client.collect::<Pong>(&Ping).await, [Pong, Pong]);
    /// # }
    /// ```
    #[track_caller]
    pub fn collect<R: MessageSet>(&mut self, message: &impl MessageSet) -> BoxFuture<'_, Vec<R>> {
        let line = Line::here();
        let (reference, frame) = self.ask(line, message);
        let replies = async move {
            self.send_on(line, Frame::Text(frame)).await;
            match self.stream::<R>(&reference).await {
                Ok(replies) => replies,
                Err(failure) => self.fail(line, &failure),
            }
        };
        replies.boxed()
    }

    /// Sends any JSON.
    ///
    /// # Panics
    ///
    /// As [`send`](Self::send).
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send_json(serde_json::json!({"action": "dance"})).await;
    /// client.expect_error("union_tag_invalid").await;
    /// # }
    /// ```
    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "`json!` is written in place")]
    pub fn send_json(&mut self, json: Value) -> impl Future<Output = ()> + Send {
        let text = json.to_string();
        self.send_on(Line::here(), Frame::text(text))
    }

    /// Sends any text.
    ///
    /// # Panics
    ///
    /// As [`send`](Self::send).
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send_text("{").await;
    /// client.expect_error("json_invalid").await;
    /// # }
    /// ```
    #[track_caller]
    pub fn send_text(&mut self, text: impl Into<String>) -> impl Future<Output = ()> + Send {
        self.send_on(Line::here(), Frame::text(text.into()))
    }

    /// Sends a binary frame.
    ///
    /// # Panics
    ///
    /// As [`send`](Self::send).
    #[track_caller]
    pub fn send_binary(&mut self, bytes: impl Into<Bytes>) -> impl Future<Output = ()> + Send {
        self.send_on(Line::here(), Frame::Binary(bytes.into()))
    }

    /// Sends a frame of any kind: a ping, a close, a fragment of a message.
    ///
    /// # Panics
    ///
    /// As [`send`](Self::send).
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// use chanx_testing::Frame;
    ///
    /// client.send_frame(Frame::Ping("?".into())).await;
    /// assert_eq!(client.receive_frame().await, Frame::Pong("?".into()));
    /// # }
    /// ```
    #[track_caller]
    pub fn send_frame(&mut self, frame: Frame) -> impl Future<Output = ()> + Send {
        self.send_on(Line::here(), frame)
    }

    async fn send_on(&mut self, line: Line, frame: Frame) {
        let deadline = self.deadline();
        let why = match timeout_at(deadline, self.socket.send(frame)).await {
            Ok(Ok(())) => return,
            Ok(Err(_)) => match self.socket.closed_by(deadline).await {
                Some(closed) => format!("but the connection has closed: {closed}"),
                None => "but the connection has closed".to_owned(),
            },
            Err(_) => format!("but the server has read nothing for {:?}", self.patience),
        };
        let failure = Failure::new("to send a frame", Outcome::Unsendable(why));
        self.fail(line, &failure)
    }

    /// A question with a `ref` of its own.
    #[track_caller]
    fn ask(&mut self, line: Line, message: &impl MessageSet) -> (String, String) {
        assert_taken::<C>(line, message);
        self.requests += 1;
        let reference = self.requests.to_string();
        let asked = Correlation::default().with_ref(&*reference);
        let frame = encode(line, message, Envelope::reply(&asked));
        (reference, frame)
    }

    async fn reply<R: MessageSet>(&mut self, reference: &str) -> Result<R, Failure> {
        let expected = || format!("{} in reply", names(R::ACTIONS));
        let deadline = self.deadline();
        let mut others = Vec::new();
        let reply = loop {
            let Ok(frame) = timeout_at(deadline, self.socket.next_frame()).await else {
                break Err(Outcome::Nothing(self.patience));
            };
            match self.socket.interpret(frame.clone()) {
                Some(Incoming::Message(received)) if received.reference() == Some(reference) => {
                    break Ok(received);
                }
                Some(Incoming::Completion(_, received))
                    if received.reference() == Some(reference) =>
                {
                    break Err(Outcome::Message(received));
                }
                Some(incoming @ (Incoming::Closed(_) | Incoming::Garbage(_))) => {
                    break Err(incoming.into());
                }
                Some(Incoming::Completion(..) | Incoming::Message(_)) => others.extend(frame),
                None => {}
            }
        };
        self.socket.put_back(others);
        let received = reply.map_err(|outcome| Failure::new(expected(), outcome))?;
        self.unfinished = true;
        self.read(received, &expected())
    }
}

/// A stream of replies.
impl<C: Channel> Communicator<C> {
    async fn stream<R: MessageSet>(&mut self, reference: &str) -> Result<Vec<R>, Failure> {
        let expected = format!("{} in reply, up to `complete`", names(R::ACTIONS));
        let deadline = self.deadline();
        let (mut pieces, mut others) = (Vec::new(), Vec::new());
        let outcome = loop {
            let Ok(frame) = timeout_at(deadline, self.socket.next_frame()).await else {
                break Some(Outcome::Nothing(self.patience));
            };
            match self.socket.interpret(frame.clone()) {
                Some(Incoming::Message(received)) if received.reference() == Some(reference) => {
                    if !received.is::<R>() {
                        break Some(Outcome::Message(received));
                    }
                    pieces.push(received);
                }
                Some(Incoming::Completion(_, received))
                    if received.reference() == Some(reference) =>
                {
                    break None;
                }
                Some(incoming @ (Incoming::Closed(_) | Incoming::Garbage(_))) => {
                    break Some(incoming.into());
                }
                Some(Incoming::Completion(..) | Incoming::Message(_)) => others.extend(frame),
                None => {}
            }
        };
        self.socket.put_back(others);
        match outcome {
            Some(outcome) => Err(Failure::new(expected, outcome).after(pieces)),
            None => pieces
                .into_iter()
                .map(|received| self.read(received, &expected))
                .collect(),
        }
    }
}

/// Makes sure of what [`Communicator::send`] asks of the type: `request` is
/// told the type of the reply alone.
#[track_caller]
fn assert_taken<C: Channel>(line: Line, message: &impl MessageSet) {
    let channel = ChannelDescription::of::<C>();
    let operations = channel.operations.iter();
    let taken: Vec<_> = operations
        .flat_map(|operation| &operation.messages)
        .map(|message| message.action)
        .collect();
    let missing = actions(message)
        .iter()
        .find(|action| !taken.contains(action));
    if let Some(action) = missing {
        panic!(
            "{line}: channel `{}` has no handler for `{action}`; it takes {}",
            C::NAME,
            names(&taken),
        );
    }
}

fn actions<M: MessageSet>(_: &M) -> &'static [&'static str] {
    M::ACTIONS
}

#[track_caller]
fn encode(line: Line, message: &impl MessageSet, envelope: Envelope<'_>) -> String {
    let frame = message
        .encode(Encoder::new(envelope))
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    String::from_utf8(frame.into()).expect("JSON is UTF-8")
}
