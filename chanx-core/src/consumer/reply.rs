//! The types that a handler may return.

use bytes::Bytes;

use super::{HandlerError, Streamed, streamed::FrameStream};
use crate::{
    connection::Counters,
    describe::MessageDescription,
    message::MessageSet,
    wire::{Correlation, Encoder, Envelope},
};

/// The types that a handler may return, which are sent back to its client.
///
/// | a handler returns | the client gets |
/// | --- | --- |
/// | `()` | nothing, unless completion frames are on |
/// | a message, or an enum of messages | that message |
/// | `Option<R>` | `R`, or nothing |
/// | `Vec<R>` | each in order |
/// | [`Streamed<M>`](crate::Streamed) | each message once it is there, then `complete` |
/// | `Result<R, E>`, where `E` is [`HandlerError`] or a [`Failure`](crate::Failure) | `R`, or an `error` frame |
///
/// A reply to a message carries its `ref`; what a handler of events returns
/// carries none, and of its error the client sees nothing.
///
/// # Backpressure
///
/// Replies wait for room in the outbox as
/// [`Handle::send`](crate::Handle::send) does. They are encoded before the
/// first is queued: where one of a `Vec` cannot be written as JSON, none is sent.
///
/// # Examples
///
/// ```
/// # use chanx::{Connect, Consumer, HandlerError, Message, channel};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// # struct Find { name: String }
/// # #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// # struct Found { price: u32 }
/// # #[derive(Default, Connect, Consumer)]
/// # struct Shop;
/// # #[channel(name = "shop")]
/// # impl Shop {
/// #[ws_handler]
/// async fn find(&mut self, find: Find) -> Result<Vec<Found>, HandlerError> {
///     match find.name.as_str() {
///         "tea" => Ok(vec![Found { price: 3 }, Found { price: 4 }]),
///         _ => Err(HandlerError::client("not for sale").with_reason("unknown_item")),
///     }
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reply",
    label = "a handler cannot return this",
    note = "return `()`, a message or enum of messages, or an `Option`, `Vec` or `Result<_, HandlerError>` of these; a stream of messages in `Streamed`",
    note = "an error of your own may stand for `HandlerError` once it has an `impl Failure`",
    note = "to make `{Self}` a message, add `#[derive(Serialize, Deserialize, JsonSchema, Message)]`"
)]
pub trait Reply: Send {
    /// True if it may be a stream, which ends with a `complete`.
    const MAY_STREAM: bool = false;

    /// Appends a description of each message that may be returned.
    fn describe(messages: &mut Vec<MessageDescription>);

    /// Encodes what is to be sent, in order.
    ///
    /// # Errors
    ///
    /// The handler's own error, or serde's.
    fn encode(self, replies: &mut Replies<'_>) -> Result<(), HandlerError>;
}

/// The encoded replies of one handler, in order.
#[derive(Debug)]
pub struct Replies<'a> {
    correlation: &'a Correlation<'static>,
    counters: &'a Counters,
    frames: Frames,
}

/// The frames of an answer.
#[derive(Debug)]
pub(crate) enum Frames {
    /// One or none, as nearly every handler answers.
    Few(Option<Bytes>),
    Many(Vec<Bytes>),
    Stream(Box<FrameStream>),
}

impl<'a> Replies<'a> {
    pub(crate) fn to(correlation: &'a Correlation<'static>, counters: &'a Counters) -> Self {
        Self {
            correlation,
            counters,
            frames: Frames::Few(None),
        }
    }

    /// Encodes one message behind those there are.
    ///
    /// # Errors
    ///
    /// When the value has no form in JSON, or a stream is there already.
    pub fn push<M: MessageSet>(&mut self, message: &M) -> Result<(), HandlerError> {
        let mut encoder = Encoder::new(Envelope::reply(self.correlation));
        // The others wait behind the first.
        if let Frames::Few(None) = self.frames {
            encoder = encoder.passing();
        }
        let frame = message
            .encode(encoder)
            .inspect_err(|_| Counters::add(&self.counters.messages_unsendable, 1))?;
        match &mut self.frames {
            Frames::Few(few) => match few.take() {
                None => *few = Some(frame),
                Some(first) => self.frames = Frames::Many(vec![first, frame]),
            },
            Frames::Many(frames) => frames.push(frame),
            Frames::Stream(_) => return Err(not_alone()),
        }
        Ok(())
    }

    /// Answers with a stream, which is then all of the answer.
    pub(super) fn stream<M: MessageSet>(
        &mut self,
        messages: Streamed<M>,
    ) -> Result<(), HandlerError> {
        if !matches!(self.frames, Frames::Few(None)) {
            return Err(not_alone());
        }
        let frames = FrameStream::of(messages, self.correlation);
        self.frames = Frames::Stream(Box::new(frames));
        Ok(())
    }

    pub(crate) fn into_frames(self) -> Frames {
        self.frames
    }
}

fn not_alone() -> HandlerError {
    HandlerError::internal("a stream is all that a handler answers with")
}

impl Reply for () {
    fn describe(_messages: &mut Vec<MessageDescription>) {}

    fn encode(self, _replies: &mut Replies<'_>) -> Result<(), HandlerError> {
        Ok(())
    }
}

impl<M: MessageSet> Reply for M {
    fn describe(messages: &mut Vec<MessageDescription>) {
        M::describe(messages);
    }

    fn encode(self, replies: &mut Replies<'_>) -> Result<(), HandlerError> {
        replies.push(&self)
    }
}

impl<M: MessageSet> Reply for Streamed<M> {
    const MAY_STREAM: bool = true;

    fn describe(messages: &mut Vec<MessageDescription>) {
        M::describe(messages);
    }

    fn encode(self, replies: &mut Replies<'_>) -> Result<(), HandlerError> {
        replies.stream(self)
    }
}

impl<R: Reply> Reply for Option<R> {
    const MAY_STREAM: bool = R::MAY_STREAM;

    fn describe(messages: &mut Vec<MessageDescription>) {
        R::describe(messages);
    }

    fn encode(self, replies: &mut Replies<'_>) -> Result<(), HandlerError> {
        self.map_or(Ok(()), |reply| reply.encode(replies))
    }
}

impl<R: Finite> Reply for Vec<R> {
    fn describe(messages: &mut Vec<MessageDescription>) {
        R::describe(messages);
    }

    fn encode(self, replies: &mut Replies<'_>) -> Result<(), HandlerError> {
        self.into_iter().try_for_each(|reply| reply.encode(replies))
    }
}

impl<R: Reply, E: Into<HandlerError> + Send> Reply for Result<R, E> {
    const MAY_STREAM: bool = R::MAY_STREAM;

    fn describe(messages: &mut Vec<MessageDescription>) {
        R::describe(messages);
    }

    fn encode(self, replies: &mut Replies<'_>) -> Result<(), HandlerError> {
        self.map_err(Into::into)?.encode(replies)
    }
}

/// A reply of which there may be several: any but a stream.
///
/// # Examples
///
/// ```compile_fail
/// # use chanx::{Connect, Consumer, Ping, Pong, Streamed, channel};
/// # #[derive(Default, Connect, Consumer)]
/// # struct Echo;
/// # #[channel(name = "echo")]
/// # impl Echo {
/// #[ws_handler]
/// async fn ping(&mut self, _: Ping) -> Vec<Streamed<Pong>> { // which one is complete?
///     Vec::new()
/// }
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one of several replies",
    label = "a handler cannot return a `Vec` of these",
    note = "a `Vec` holds messages, or enums of messages; a stream is answered alone, as `Streamed<M>`"
)]
pub trait Finite: Reply {}

impl Finite for () {}
impl<M: MessageSet> Finite for M {}
impl<R: Finite> Finite for Option<R> {}
impl<R: Finite> Finite for Vec<R> {}
impl<R: Finite, E: Into<HandlerError> + Send> Finite for Result<R, E> {}
