//! The traits of payloads: one message, or an enum of messages.

mod ping;

pub use ping::{Ping, Pong};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    describe::MessageDescription,
    event::Declared,
    wire::{EncodeError, Encoder, Head, InvalidPayload, Payload, Violation},
};

/// A type that travels as the payload of one action.
///
/// Derive it. The action is the type's name in `snake_case`, or what
/// `#[message(action = "…")]` says; the value, serialised by serde, is the
/// payload. A unit struct is a message without data: its payload is `null`,
/// and may be absent when a client sends it.
///
/// # Examples
///
/// ```
/// use chanx::Message;
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// A line typed by a user.
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct ChatLine {
///     text: String,
/// }
///
/// assert_eq!(ChatLine::ACTION, "chat_line");
/// // on the wire: {"action": "chat_line", "payload": {"text": "hello"}}
/// ```
///
/// By hand, where it is to check itself:
///
/// ```
/// use chanx::{Message, MessageSet, wire::{Payload, Violation}};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema)]
/// struct Bid {
///     cents: u64,
/// }
///
/// impl Message for Bid {
///     const ACTION: &'static str = "bid";
///
///     fn validate(&self) -> Result<(), Vec<Violation>> {
///         if self.cents == 0 {
///             return Err(vec![Violation::value("must be more than nothing").at("cents")]);
///         }
///         Ok(())
///     }
/// }
///
/// let nothing = Payload::from_json(r#"{"cents": 0}"#)?;
/// let refused = Bid::decode("bid", nothing).map(drop).unwrap_err();
/// assert_eq!(refused.to_string(), "cents: must be more than nothing");
/// # Ok::<(), chanx::wire::InvalidPayload>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx message",
    label = "not a message",
    note = "add `#[derive(Serialize, Deserialize, JsonSchema, Message)]` to `{Self}`"
)]
pub trait Message: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The action that chooses this message's handler.
    ///
    /// At most 128 bytes, and none of the framework's own actions.
    const ACTION: &'static str;

    /// Checks what the type alone cannot say; every violation is reported.
    ///
    /// Called after a payload has been decoded, never before it is sent. A
    /// violation's path starts at the payload.
    ///
    /// # Errors
    ///
    /// What is wrong with the value, in the client's terms.
    fn validate(&self) -> Result<(), Vec<Violation>> {
        Ok(())
    }

    /// The message as data, for documents.
    #[must_use]
    fn describe() -> MessageDescription {
        MessageDescription::of::<Self>()
    }
}

impl MessageDescription {
    /// The description of a message, made from its type alone.
    #[must_use]
    pub fn of<M: Message>() -> Self {
        Self::new::<M>(M::ACTION)
    }
}

/// One message, or an enum whose variants each hold one.
///
/// It may stand wherever one message may: as a handler's parameter, as what a
/// handler returns, as what a consumer sends. Every [`Message`] is one; for
/// an enum, derive `MessageEnum`. On the wire an enum does not show: each
/// variant travels as the message it holds.
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, MessageEnum, MessageSet, Ping, Pong, channel};
///
/// #[derive(MessageEnum)]
/// enum Heartbeat {
///     Ping(Ping),
///     Pong(Pong),
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Echo;
///
/// #[channel(name = "echo")]
/// impl Echo {
///     /// Takes `ping` and `pong`, and answers a ping.
///     #[ws_handler]
///     async fn heartbeat(&mut self, beat: Heartbeat) -> Option<Pong> {
///         matches!(beat, Heartbeat::Ping(_)).then_some(Pong)
///     }
/// }
///
/// assert_eq!(Heartbeat::ACTIONS, ["ping", "pong"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx message",
    label = "neither a message nor an enum of messages",
    note = "add `#[derive(Serialize, Deserialize, JsonSchema, Message)]` to a struct",
    note = "or `#[derive(MessageEnum)]` to an enum whose variants each hold one message"
)]
pub trait MessageSet: Sized + Send + Sync + 'static {
    /// The actions of the messages, in order of declaration.
    const ACTIONS: &'static [&'static str];

    /// Reads the payload of `action`, which is one of [`ACTIONS`](Self::ACTIONS).
    ///
    /// # Errors
    ///
    /// What keeps the payload from being this message, by path.
    fn decode(action: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload>;

    /// Writes the frame of this message.
    ///
    /// # Errors
    ///
    /// When the value has no form in JSON, see [`Encoder::message`](crate::wire::Encoder::message).
    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError>;

    /// Appends a description of each message.
    fn describe(messages: &mut Vec<MessageDescription>);
}

impl<M: Message> MessageSet for M {
    const ACTIONS: &'static [&'static str] = &[M::ACTION];

    fn decode(_action: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        let message: Self = payload.decode_by_schema()?;
        message.validate().map_err(InvalidPayload::refused)?;
        Ok(message)
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError> {
        encoder.headed(const { &Head::of(M::ACTION) }, self)
    }

    fn describe(messages: &mut Vec<MessageDescription>) {
        messages.push(M::describe());
    }
}

/// A message that the consumer `C` has declared it sends.
///
/// Implemented by `#[channel]` and `#[handlers]` alone, from `sends(…)`: what can be sent and
/// what is documented are one list. An enum in there declares its members too,
/// the first 32 of them. What a handler returns needs no declaration, and is
/// not `SentBy` unless declared too.
///
/// `Via` is how it comes to be declared, which the compiler finds out.
///
/// ```compile_fail,E0277
/// # use chanx::{Connect, Consumer, Context, HandlerError, Ping, Pong, channel};
/// # #[derive(Default, Connect, Consumer)]
/// # struct Echo;
/// #[channel(name = "echo")] // without `sends(Ping)`
/// impl Echo {
///     #[ws_handler]
///     async fn pong(&mut self, _: Pong, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         ctx.send(Ping).await?;
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{C}` does not declare that it sends `{Self}`",
    label = "not declared as sent by `{C}`",
    note = "add `sends({Self})` to the `#[channel]` or `#[handlers]` of `{C}`, or to the attribute of the handler that sends it"
)]
pub trait SentBy<C, Via = Declared>: MessageSet {}

/// A message that a handler of the consumer `C` takes.
///
/// Implemented by `#[channel]` and `#[handlers]` alone, from `#[ws_handler]` methods: what a
/// typed client may send is what is dispatched and documented. A handler of an
/// enum takes the enum, and each of its members; what a part takes, its consumer
/// takes.
///
/// `Via` is how it comes to be taken, which the compiler finds out.
#[diagnostic::on_unimplemented(
    message = "`{C}` has no handler for the message `{Self}`",
    label = "no `#[ws_handler]` of `{C}` takes this",
    note = "add `#[ws_handler] async fn …(&mut self, message: {Self})` to the `#[channel]` block of `{C}`"
)]
pub trait ReceivedBy<C, Via = Declared>: MessageSet {}
