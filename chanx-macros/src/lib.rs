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
//! | [`Part`](macro@Part) | a type | a part whose hooks do nothing |
//! | [`macro@handlers`] | the `impl` block of a part | handlers that channels include |
//! | [`macro@ws_handler`] | a method in there | the handler of a client's message |
//! | [`macro@event_handler`] | a method in there | the handler of an event |
//! | [`macro@topic`] | a method of a channel | what admits to a subscription |
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

#[doc = include_str!("../docs/message.md")]
#[proc_macro_derive(Message, attributes(message))]
pub fn derive_message(input: TokenStream) -> TokenStream {
    message::derive(Kind::Message, input.into()).into()
}

#[doc = include_str!("../docs/message_enum.md")]
#[proc_macro_derive(MessageEnum, attributes(messages))]
pub fn derive_messages(input: TokenStream) -> TokenStream {
    messages::derive(Kind::Message, input.into()).into()
}

#[doc = include_str!("../docs/event.md")]
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    message::derive(Kind::Event, input.into()).into()
}

#[doc = include_str!("../docs/event_enum.md")]
#[proc_macro_derive(EventEnum, attributes(events))]
pub fn derive_events(input: TokenStream) -> TokenStream {
    messages::derive(Kind::Event, input.into()).into()
}

#[doc = include_str!("../docs/consumer.md")]
#[proc_macro_derive(Consumer, attributes(consumer))]
pub fn derive_consumer(input: TokenStream) -> TokenStream {
    consumer::consumer(input.into()).into()
}

#[doc = include_str!("../docs/connect.md")]
#[proc_macro_derive(Connect, attributes(consumer))]
pub fn derive_connect(input: TokenStream) -> TokenStream {
    consumer::connect(input.into()).into()
}

#[doc = include_str!("../docs/part.md")]
#[proc_macro_derive(Part, attributes(part))]
pub fn derive_part(input: TokenStream) -> TokenStream {
    consumer::part(input.into()).into()
}

#[doc = include_str!("../docs/channel.md")]
#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::channel(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/handlers.md")]
#[proc_macro_attribute]
pub fn handlers(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::handlers(args.into(), item.into()).into()
}

#[doc = include_str!("../docs/ws_handler.md")]
#[proc_macro_attribute]
pub fn ws_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::WS_HANDLER, args.into(), item.into()).into()
}

#[doc = include_str!("../docs/event_handler.md")]
#[proc_macro_attribute]
pub fn event_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::EVENT_HANDLER, args.into(), item.into()).into()
}

#[doc = include_str!("../docs/topic.md")]
#[proc_macro_attribute]
pub fn topic(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::TOPIC, args.into(), item.into()).into()
}
