//! The derives and attributes of chanx.
//!
//! Use them through the `chanx` crate, which re-exports them beside what they
//! expand to.
//!
//! | macro | goes on | makes it |
//! | --- | --- | --- |
//! | [`Message`](macro@Message) | a struct | what travels under one action |
//! | [`MessageEnum`](macro@MessageEnum) | an enum of messages | what may stand for any of them |
//! | [`Event`](macro@Event) | a struct | what the application tells consumers |
//! | [`EventEnum`](macro@EventEnum) | an enum of events | what may stand for any of them |
//! | [`Consumer`](macro@Consumer) | a type | a consumer whose hooks do nothing |
//! | [`Connect`](macro@Connect) | a `Default` consumer | one that asks nothing of the request |
//! | [`macro@channel`] | the `impl` block of a consumer | its channel |
//! | [`macro@ws_handler`] | a method in there | the handler of a client's message |
//! | [`macro@event_handler`] | a method in there | the handler of an event |
//!
//! ```text
//! #[channel] impl Room { … } ─▶ the block as it was written
//!                            ─▶ impl Channel for Room: one call per handler
//!                            ─▶ SentBy, ReceivedBy, HandledBy: what may be sent, taken, published
//! ```
//!
//! Every mistake that they find is reported at once, under the words at fault;
//! a handler with a mistake stays in the code and is not routed.
//!
//! What they write means the same wherever it stands: everything is named from
//! the path of chanx, since the user's crate may have a module `std` or a type
//! `Result`, and names bound by a pattern begin with `__chanx_`, since a
//! `static message` in scope would be what `message` means there.

mod action;
mod args;
mod channel;
mod consumer;
mod deprecation;
mod doc;
mod errors;
mod generics;
#[cfg(test)]
mod golden;
mod handler;
mod kind;
mod message;
mod messages;
mod private;
mod spans;

use proc_macro::TokenStream;

use kind::Kind;

/// Makes a struct a message: what travels under one action.
///
/// The action is the struct's name in `snake_case`. The struct, serialised by
/// serde, is the payload; a unit struct is a message without data. The doc
/// comment is its description in documents. The struct needs
/// `Serialize`, `Deserialize` and `JsonSchema` besides, and cannot be generic.
///
/// | `#[message(…)]` | says |
/// | --- | --- |
/// | `action = "say"` | the action, where it is not the name; at most 128 bytes |
/// | `example = Chat { … }` | a payload for documents; may come several times |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// With a `#[garde(…)]` rule on any field, payloads are checked by
/// [garde](https://docs.rs/garde) before a handler gets them, which takes the
/// feature `garde` of chanx and `#[derive(garde::Validate)]`.
///
/// # Errors
///
/// Refused while compiling: an action that is empty, longer than 128 bytes or
/// the framework's own (`error`, `complete`, `authentication` and the like), an
/// unknown key, an enum, which is for `#[derive(MessageEnum)]`.
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
/// #[message(example = ChatLine { text: "hello".to_owned() })]
/// struct ChatLine {
///     text: String,
/// }
///
/// assert_eq!(ChatLine::ACTION, "chat_line");
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// #[message(action = "leave")]
/// struct LeaveTheRoom;
///
/// assert_eq!(LeaveTheRoom::ACTION, "leave");
/// ```
#[proc_macro_derive(Message, attributes(message))]
pub fn derive_message(input: TokenStream) -> TokenStream {
    message::derive(Kind::Message, input.into()).into()
}

/// Makes an enum stand wherever one message may: each variant holds a message.
///
/// A handler that takes it handles all of their actions; a consumer that
/// declares it sends any of them, as the enum or as they are. Each message converts into the enum.
///
/// | `#[messages(…)]` | says |
/// | --- | --- |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// # Errors
///
/// Refused while compiling: a variant that holds none or several values, two
/// variants of one action, an enum without variants or with type parameters.
///
/// # Examples
///
/// ```
/// use chanx::{MessageEnum, MessageSet, Ping, Pong};
///
/// #[derive(MessageEnum)]
/// enum Heartbeat {
///     Ping(Ping),
///     Pong(Pong),
/// }
///
/// assert_eq!(Heartbeat::ACTIONS, ["ping", "pong"]);
/// assert!(matches!(Heartbeat::from(Ping), Heartbeat::Ping(Ping)));
/// ```
#[proc_macro_derive(MessageEnum, attributes(messages))]
pub fn derive_messages(input: TokenStream) -> TokenStream {
    messages::derive(Kind::Message, input.into()).into()
}

/// Makes a struct an event: what the application tells its consumers.
///
/// The action is the struct's name in `snake_case`. Within one process the
/// event travels as it is; it is serialised where a broker carries it to others.
/// The struct needs `Clone`, `Serialize` and `Deserialize` besides.
///
/// | `#[event(…)]` | says |
/// | --- | --- |
/// | `action = "paid"` | the action, where it is not the name; at most 128 bytes |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// Of a type that is a message too, what `#[message(…)]` says of these two holds
/// for the event as well.
///
/// # Examples
///
/// ```
/// use chanx::Event;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct PaymentCompleted {
///     amount: u32,
/// }
///
/// assert_eq!(PaymentCompleted::ACTION, "payment_completed");
/// ```
///
/// An event that goes to clients as it is, and has one action:
///
/// ```
/// use chanx::{Event, Message};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, JsonSchema, Message, Event)]
/// #[message(action = "news")]
/// struct BreakingNews {
///     title: String,
/// }
///
/// assert_eq!(<BreakingNews as Event>::ACTION, "news");
/// assert_eq!(<BreakingNews as Message>::ACTION, "news");
/// ```
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    message::derive(Kind::Event, input.into()).into()
}

/// Makes an enum stand wherever one event may: each variant holds an event.
///
/// Each event converts into the enum. A consumer that handles the enum is told
/// the enum: `room.event(Payment::from(completed))`.
///
/// | `#[events(…)]` | says |
/// | --- | --- |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// # Examples
///
/// ```
/// use chanx::{Event, EventEnum, EventSet};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Completed;
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Refused {
///     why: String,
/// }
///
/// #[derive(Clone, EventEnum)]
/// enum Payment {
///     Completed(Completed),
///     Refused(Refused),
/// }
///
/// assert_eq!(Payment::from(Completed).action(), "completed");
/// ```
#[proc_macro_derive(EventEnum, attributes(events))]
pub fn derive_events(input: TokenStream) -> TokenStream {
    messages::derive(Kind::Event, input.into()).into()
}

/// Makes a type a consumer whose hooks do nothing.
///
/// Where a hook is to do something, implement the trait instead: every hook has
/// a default. A consumer that has a route needs `Connect` besides.
///
/// | `#[consumer(…)]` | says |
/// | --- | --- |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Ping, Pong, channel};
///
/// #[derive(Default, Connect, Consumer)]
/// struct Echo {
///     received: u32,
/// }
///
/// #[channel(name = "echo")]
/// impl Echo {
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping) -> Pong {
///         self.received += 1;
///         Pong
///     }
/// }
/// ```
#[proc_macro_derive(Consumer, attributes(consumer))]
pub fn derive_consumer(input: TokenStream) -> TokenStream {
    consumer::consumer(input.into()).into()
}

/// Lets every client connect, and gives each connection the consumer's `Default`.
///
/// Where the handshake asks for anything, implement the trait instead.
///
/// | `#[consumer(…)]` | says |
/// | --- | --- |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// # Examples
///
/// A consumer with one hook, and nothing else to write:
///
/// ```
/// use chanx::{Connect, Consumer, Context, HandlerError, Pong, channel};
///
/// #[derive(Default, Connect)]
/// struct Greeter;
///
/// impl Consumer for Greeter {
///     async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         ctx.send(Pong).await?;
///         Ok(())
///     }
/// }
///
/// #[channel(name = "greeter", sends(Pong))]
/// impl Greeter {}
/// ```
#[proc_macro_derive(Connect, attributes(consumer))]
pub fn derive_connect(input: TokenStream) -> TokenStream {
    consumer::connect(input.into()).into()
}

/// Declares a consumer's channel, in the `impl` block that has its handlers.
///
/// Methods under [`#[ws_handler]`](macro@ws_handler) handle clients' messages,
/// those under [`#[event_handler]`](macro@event_handler) the application's
/// events; others stay what they are. A
/// consumer has one such block. The block's doc comment describes the channel.
///
/// | `#[channel(…)]` | says |
/// | --- | --- |
/// | `name = "room"` | the channel's name, which its groups, its document and the log go by: required, and unique in an application |
/// | `description = "…"` | what it is for, in place of the doc comment |
/// | `tags = ["chat"]` | words to group channels by, in documents |
/// | `groups = ["lobby"]` | groups that every connection joins before `connected`, and that a broadcast from outside goes to |
/// | `sends(Joined, …)` | messages that are sent outside any one handler: from hooks, tasks, a `Broadcaster`; an enum declares its members |
/// | `passthrough(News, …)` | events that are messages too, and go to clients unchanged |
/// | `security(bearer, cookie("…"), query("…"), header("…"))` | for documents: the credentials of the handshake, any one of which is enough |
/// | `path(Type)`, `query(Type)`, `headers(Type)` | for documents: what else the handshake reads, as types with a `JsonSchema` |
/// | `crate = path` | where chanx is, if not at `::chanx` |
///
/// Each key comes at most once. `security`, `path`, `query` and `headers`
/// describe what `Handshake` reads; they check nothing.
///
/// # Errors
///
/// Refused while compiling: two handlers of one action, an action that chanx
/// keeps for itself, a message that is sent without being declared, an event
/// that is published and not handled, a generic block, a second block.
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Context, HandlerError, Message, Ping, Pong, channel};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Chat {
///     line: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Said {
///     line: String,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Room;
///
/// /// Everyone hears everyone.
/// #[channel(name = "room", groups = ["lobby"], sends(Said))]
/// impl Room {
///     /// Say a line.
///     #[ws_handler]
///     async fn chat(&mut self, chat: Chat, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         ctx.broadcast(Said { line: chat.line }).await?;
///         Ok(())
///     }
///
///     #[ws_handler]
///     async fn ping(&mut self, _: Ping) -> Pong {
///         Pong
///     }
/// }
/// ```
///
/// With all that documents can tell, and an event that goes to clients as it is:
///
/// ```
/// use chanx::{Connect, Consumer, Event, Message, channel, describe::{ChannelDescription, Security}};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// Something new to read.
/// #[derive(Clone, Serialize, Deserialize, JsonSchema, Message, Event)]
/// struct News {
///     title: String,
/// }
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Topic {
///     topic: String,
/// }
///
/// #[derive(Deserialize, JsonSchema)]
/// struct Since {
///     since: Option<u64>,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Feed;
///
/// #[channel(
///     name = "feed",
///     description = "News of a topic, as it breaks.",
///     tags = ["news"],
///     groups = ["readers"],
///     passthrough(News),
///     security(bearer, cookie("session")),
///     path(Topic),
///     query(Since),
/// )]
/// impl Feed {}
///
/// let feed = ChannelDescription::of::<Feed>();
/// assert_eq!(feed.description, Some("News of a topic, as it breaks."));
/// assert_eq!(feed.handshake.security, [Security::Bearer, Security::cookie("session")]);
/// assert_eq!(feed.operations[0].replies[0].action, "news");
/// ```
#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::channel(args.into(), item.into()).into()
}

/// Marks a method of a `#[channel]` block as the handler of a client's message.
///
/// It means something only in a block under [`#[channel]`](macro@channel).
///
/// It is an `async fn` that takes `&mut self`, or `&self` if the consumer is
/// `Sync`; then, in either order, one message or enum of messages by value and,
/// if it needs it, the context as `&mut Context<Self>`. What it returns is the
/// reply: nothing, a message, or an `Option`, `Vec` or `Result` of these.
///
/// The doc comment's first paragraph is the summary in documents, the rest the
/// description. The attribute needs no import. A method under `#[cfg]` is
/// routed where it exists.
///
/// | `#[ws_handler(…)]` | says |
/// | --- | --- |
/// | `summary = "…"` | one line, in place of the doc comment's first paragraph |
/// | `description = "…"` | the rest, in place of the doc comment's |
/// | `tags = ["chat"]` | words to group operations by, in documents |
/// | `sends(Joined, …)` | messages that it sends besides its reply |
/// | `reasons("room_full", …)` | the reasons of its errors, for documents |
///
/// | it returns | the client gets |
/// | --- | --- |
/// | `()` | nothing |
/// | `M`, a message or enum of messages | `M`, with the `ref` of the message |
/// | `Option<M>`, `Vec<M>` | none, one, several |
/// | `Streamed<M>` | `M` after `M`, then `complete` |
/// | `Result<M, E>` | `M`, or an `error` frame: see `HandlerError` |
///
/// # Errors
///
/// Refused while compiling: a method that is not `async`, generic, without
/// `self`, or without exactly one message; a context that is not
/// `&mut Context<Self>`; what is no message or no reply.
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Context, Ping, Pong, channel};
///
/// #[derive(Default, Connect, Consumer)]
/// struct Echo {
///     pings: u32,
/// }
///
/// #[channel(name = "echo")]
/// impl Echo {
///     /// Answer, and ask back every tenth time.
///     #[ws_handler(sends(Ping))]
///     async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Pong {
///         self.pings += 1;
///         if self.pings % 10 == 0 {
///             let _ = ctx.send(Ping).await;
///         }
///         Pong
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn ws_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::WS_HANDLER, args.into(), item.into()).into()
}

/// Marks a method of a `#[channel]` block as the handler of an event.
///
/// As with [`#[ws_handler]`](macro@ws_handler), but what it takes by value is an event or an enum
/// of events, and what it returns is sent to the client without being an
/// answer to anything. Where it fails, the error is logged and the client sees
/// nothing.
///
/// | `#[event_handler(…)]` | says |
/// | --- | --- |
/// | `summary = "…"` | one line, in place of the doc comment's first paragraph |
/// | `description = "…"` | the rest, in place of the doc comment's |
/// | `tags = ["billing"]` | words to group operations by, in documents |
/// | `sends(Notice, …)` | messages that it sends besides what it returns |
///
/// # Examples
///
/// ```
/// use chanx::{Connect, Consumer, Event, Message, channel};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct PaymentCompleted {
///     amount: u32,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct PaymentNotice {
///     text: String,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Till;
///
/// #[channel(name = "till")]
/// impl Till {
///     /// Tell the client that it has paid.
///     #[event_handler]
///     async fn payment_completed(&mut self, event: PaymentCompleted) -> PaymentNotice {
///         let text = format!("{} received, thank you", event.amount);
///         PaymentNotice { text }
///     }
/// }
/// ```
#[proc_macro_attribute]
pub fn event_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::EVENT_HANDLER, args.into(), item.into()).into()
}

/// Marks a method of a `#[channel]` block as a topic: a stream of its own that
/// clients subscribe to by name, over the connection that they have anyway.
///
/// The method is called for each client that subscribes. It decides whether the
/// client may, and returns the consumer of the subscription: any type that has a
/// `#[channel]` block, which needs no `Connect`. From then on that consumer is served as
/// one with a connection of its own is, its hooks, events and groups included.
/// It is in the group that has the topic's name.
///
/// It is an `async fn` that takes `&mut self`, or `&self` if the consumer is
/// `Sync`; then, in either order, the parameters of the pattern by value and, if
/// it needs it, the context as `&mut Context<Self>`.
///
/// | in a pattern | is |
/// | --- | --- |
/// | `{room}` | a parameter: one or more characters other than a colon |
/// | anything else | itself |
///
/// The whole topic has to match. Of several patterns, the first has it. The
/// parameters are read by serde: one of them as one value, several as a struct
/// that has a field for each. What cannot be read is told to the client as
/// `unknown_topic`.
///
/// | it returns | the client gets |
/// | --- | --- |
/// | `Room`, a consumer | `subscribed` |
/// | `Err(Rejection)` | an `error` with reason `unauthorized`, or `unknown_topic` for a 404 |
/// | `Err` of a `HandlerError` or a `Failure` | an `error` that says what the failure says |
///
/// | `#[topic("…", …)]` | says |
/// | --- | --- |
/// | `summary = "…"` | one line, in place of the doc comment's first paragraph |
/// | `description = "…"` | the rest, in place of the doc comment's |
///
/// # Errors
///
/// Refused while compiling: a pattern that is none, or comes twice; parameters
/// that the method does not take, or takes without there being any; a method
/// that returns no consumer, or one with topics of its own.
///
/// # Examples
///
/// ```
/// use chanx::{
///     ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Rejection, channel,
/// };
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Say {
///     line: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Said {
///     line: String,
/// }
///
/// /// One connection, and a topic for each room.
/// #[derive(Default, Connect, Consumer)]
/// struct Hub;
///
/// #[channel(name = "hub")]
/// impl Hub {
///     /// Follow a room.
///     #[topic("room:{room}")]
///     async fn room(&mut self, room: String) -> Result<Room, Rejection> {
///         match room.as_str() {
///             "attic" => Err(Rejection::forbidden("members only")),
///             _ => Ok(Room),
///         }
///     }
/// }
///
/// #[derive(Consumer)]
/// struct Room;
///
/// #[channel(name = "room", sends(Said))]
/// impl Room {
///     #[ws_handler]
///     async fn say(&mut self, say: Say, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
///         ctx.broadcast(Said { line: say.line }).await?; // to all who follow this room
///         Ok(())
///     }
/// }
///
/// let channels: Channels = Channels::new(ChannelLayer::new()).route::<Hub>("/ws");
/// ```
#[proc_macro_attribute]
pub fn topic(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::TOPIC, args.into(), item.into()).into()
}
