//! A reply that comes piece by piece.

use std::fmt;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};

use super::HandlerError;
use crate::{
    contained::Contained,
    message::MessageSet,
    wire::{Correlation, EncodeError, Encoder, Envelope},
};

/// A reply that comes piece by piece: the tokens of a language model, the
/// lines of a log.
///
/// A handler returns it like any other reply, and has then returned: other
/// messages are handled while it is sent. Each piece carries the message's
/// `ref`. The last frame is a `complete` with that `ref`, or an `error` where
/// the stream has failed. Without a `ref` the pieces carry none, and no
/// `complete` comes behind them.
///
/// A client ends one early by a `complete` of its own with that `ref`. The
/// stream is then dropped, as it is when the connection ends, whatever the
/// reason. A connection has at most 16 under way; the error of the one beyond
/// has the reason `too_many_streams`. As long as one is under way, its `ref`
/// belongs to it: another message with that `ref` is refused (`ref_in_use`).
///
/// Where a handler may return a stream and has none to give, as with
/// `Option<Streamed<M>>`, a message with a `ref` is answered by the `complete`
/// alone.
///
/// # Ordering
///
/// The pieces come in order. Between them come other replies, events and
/// messages of groups.
///
/// # Backpressure
///
/// Of each stream one piece waits for room in the outbox, as
/// [`Handle::send`](crate::Handle::send) does, and the next is asked for
/// behind that. A slow client slows down what makes the pieces.
///
/// # Panics
///
/// A stream that panics has failed. The connection goes on.
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Message, Streamed, channel};
/// use futures_util::stream;
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Prompt {
///     text: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Token(String);
///
/// #[derive(Default, Connect, Consumer)]
/// struct Assistant;
///
/// #[channel(name = "assistant")]
/// impl Assistant {
///     /// Say it again, word by word.
///     #[ws_handler]
///     async fn prompt(&mut self, prompt: Prompt) -> Streamed<Token> {
///         let words: Vec<_> = prompt.text.split(' ').map(str::to_owned).collect();
///         Streamed::new(stream::iter(words.into_iter().map(Token)))
///     }
/// }
/// #
/// # use chanx::{ChannelLayer, Channels};
/// # use chanx_testing::Communicator;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let app = Channels::new(ChannelLayer::new()).route::<Assistant>("/ws").into_router();
/// # let mut client = Communicator::<Assistant>::connect(&app, "/ws").await;
///
/// let prompt = Prompt { text: "tea and biscuits".to_owned() };
/// let said = client.collect::<Token>(&prompt).await;
/// assert_eq!(said.len(), 3);
/// # }
/// ```
#[must_use = "a stream is sent when a handler returns it"]
pub struct Streamed<M>(BoxStream<'static, Result<M, HandlerError>>);

impl<M: Piece> Streamed<M> {
    /// Answers with the messages of a stream.
    ///
    /// Those of a stream of `Result`s are [`fallible`](Self::fallible).
    pub fn new(messages: impl Stream<Item = M> + Send + 'static) -> Self {
        Self(messages.map(Ok).boxed())
    }
}

impl<M: MessageSet> Streamed<M> {
    /// Answers with the messages of a stream, up to its first error.
    ///
    /// The client reads of the error what it would read of a handler's.
    ///
    /// # Examples
    ///
    /// ```
    /// use chanx::{Message, Streamed};
    /// use futures_util::stream;
    /// # use schemars::JsonSchema;
    /// # use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Serialize, Deserialize, JsonSchema, Message)]
    /// # struct Token(String);
    /// fn read(lines: Vec<std::io::Result<String>>) -> Streamed<Token> {
    ///     Streamed::fallible(stream::iter(lines.into_iter().map(|line| line.map(Token))))
    /// }
    /// ```
    pub fn fallible<E: Into<HandlerError> + 'static>(
        messages: impl Stream<Item = Result<M, E>> + Send + 'static,
    ) -> Self {
        Self(messages.map_err(Into::into).boxed())
    }
}

/// A message that may be a piece of a reply: any [`MessageSet`].
///
/// # Examples
///
/// ```compile_fail,E0277
/// # use chanx::{HandlerError, Pong, Streamed};
/// # use futures_util::stream;
/// let pongs: Vec<Result<Pong, HandlerError>> = vec![Ok(Pong)];
/// let streamed = Streamed::new(stream::iter(pongs)); // `Streamed::fallible` takes them
/// ```
#[diagnostic::on_unimplemented(
    message = "a stream of `{Self}` is not one of messages",
    label = "`{Self}` is neither a message nor an enum of messages",
    note = "a stream of `Result`s goes into `Streamed::fallible`, which ends at the first error",
    note = "else add `#[derive(Serialize, Deserialize, JsonSchema, Message)]` to a struct",
    note = "or `#[derive(MessageEnum)]` to an enum whose variants each hold one message"
)]
pub trait Piece: MessageSet {}

// The error is about a stream of this, not about what a message is.
#[diagnostic::do_not_recommend]
impl<M: MessageSet> Piece for M {}

impl<M> fmt::Debug for Streamed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streamed").finish_non_exhaustive()
    }
}

/// A stream of replies, each of which is encoded when it is asked for.
pub(crate) struct FrameStream(Contained<BoxStream<'static, Result<Bytes, StreamError>>>);

/// The reason for which a stream has ended early.
#[derive(Debug)]
pub(crate) enum StreamError {
    /// The stream itself has failed.
    Failed(HandlerError),
    /// A message has no form in JSON.
    Encode(EncodeError),
}

impl FrameStream {
    pub(super) fn of<M: MessageSet>(
        messages: Streamed<M>,
        correlation: &Correlation<'static>,
    ) -> Self {
        let correlation = correlation.clone();
        let frames = messages.0.map(move |message| {
            let message = message.map_err(StreamError::Failed)?;
            let envelope = Envelope::reply(&correlation);
            MessageSet::encode(&message, Encoder::new(envelope)).map_err(StreamError::Encode)
        });
        Self(Contained::new(frames.boxed()))
    }

    /// The next frame; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, StreamError>> {
        self.0.next().await
    }
}

impl fmt::Debug for FrameStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameStream").finish_non_exhaustive()
    }
}

impl From<StreamError> for HandlerError {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Failed(error) => error,
            StreamError::Encode(error) => error.into(),
        }
    }
}
