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
    Frame, Received,
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
        let topic = self.subscribed_to();
        let frame = encode(line, message, Envelope::push().with_topic(topic.as_deref()));
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

    /// Sends any JSON, on a subscription with its topic where it names none.
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
    pub fn send_json(&mut self, mut json: Value) -> impl Future<Output = ()> + Send {
        if let (Some(topic), Some(frame)) = (self.subscribed_to(), json.as_object_mut()) {
            frame.entry("topic").or_insert(topic.into());
        }
        let text = json.to_string();
        self.send_on(Line::here(), Frame::text(text))
    }

    /// Sends any text as it is, without a topic where it names none.
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

    pub(super) async fn send_on(&mut self, line: Line, frame: Frame) {
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
        let reference = self.socket.next_reference();
        let topic = self.subscribed_to();
        let asked = Correlation::default().with_ref(&*reference);
        let envelope = Envelope::reply(&asked).with_topic(topic.as_deref());
        let frame = encode(line, message, envelope);
        (reference, frame)
    }

    async fn reply<R: MessageSet>(&mut self, reference: &str) -> Result<R, Failure> {
        let expected = || format!("{} in reply", names(R::ACTIONS));
        let reply = self.answer(reference).await;
        let received = reply.map_err(|outcome| Failure::new(expected(), outcome))?;
        self.unfinished = true;
        self.read(received, &expected())
    }

    /// The first answer to a question; a completion without one is an outcome.
    pub(super) async fn answer(&mut self, reference: &str) -> Result<Received, Outcome> {
        let answer = self.sift(|incoming| match incoming {
            Incoming::Message(received) if received.reference() == Some(reference) => {
                Sifted::Last(Ok(received.clone()))
            }
            Incoming::Completion(_, received) if received.reference() == Some(reference) => {
                Sifted::Last(Err(Outcome::Message(received.clone())))
            }
            _ => Sifted::Kept,
        });
        answer.await?
    }

    /// A stream of replies.
    async fn stream<R: MessageSet>(&mut self, reference: &str) -> Result<Vec<R>, Failure> {
        let expected = format!("{} in reply, up to `complete`", names(R::ACTIONS));
        let mut pieces = Vec::new();
        let ended = self.sift(|incoming| match incoming {
            Incoming::Message(received) if received.reference() == Some(reference) => {
                if !received.is::<R>() {
                    return Sifted::Last(Err(Outcome::Message(received.clone())));
                }
                pieces.push(received.clone());
                Sifted::Taken
            }
            Incoming::Completion(_, received) if received.reference() == Some(reference) => {
                Sifted::Last(Ok(()))
            }
            _ => Sifted::Kept,
        });
        let ended = ended.await.and_then(|ended| ended);
        if let Err(outcome) = ended {
            return Err(Failure::new(expected, outcome).after(pieces));
        }
        let mut pieces = pieces.into_iter();
        pieces.try_fold(Vec::new(), |mut read, received| {
            read.push(self.read(received, &expected)?);
            Ok(read)
        })
    }

    /// Reads up to what is the last, and keeps what is somebody else's for the
    /// receives that follow.
    pub(super) async fn sift<T>(
        &mut self,
        mut sift: impl FnMut(&Incoming) -> Sifted<T>,
    ) -> Result<T, Outcome> {
        let deadline = self.deadline();
        let mut kept = Vec::new();
        let last = loop {
            let Ok(frame) = timeout_at(deadline, self.socket.next_frame()).await else {
                break Err(Outcome::Nothing(self.patience));
            };
            let Some(incoming) = Incoming::of(frame.clone()) else {
                continue;
            };
            match sift(&incoming) {
                Sifted::Kept if matches!(incoming, Incoming::Closed(_) | Incoming::Garbage(_)) => {
                    break Err(incoming.into());
                }
                Sifted::Kept => kept.extend(frame),
                Sifted::Never(last) => {
                    kept.extend(frame);
                    break Ok(last);
                }
                Sifted::Taken => self.socket.count(&incoming),
                Sifted::Last(last) => {
                    self.socket.count(&incoming);
                    break Ok(last);
                }
            }
        };
        self.socket.put_back(kept);
        last
    }
}

/// The use of a thing that comes while something else is waited for.
pub(super) enum Sifted<T> {
    /// It is left for the receives that follow.
    Kept,
    /// It is part of what is waited for.
    Taken,
    /// It is what is waited for.
    Last(T),
    /// It is left too, and what is waited for will not come.
    Never(T),
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
