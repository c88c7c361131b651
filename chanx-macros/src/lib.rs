//! The derives and attributes of chanx.
//!
//! Use them through the `chanx` crate, which re-exports them beside what they
//! expand to.

mod action;
mod args;
mod channel;
mod consumer;
mod doc;
mod errors;
mod generics;
mod handler;
mod kind;
mod message;
mod messages;
mod spans;

use proc_macro::TokenStream;

use kind::Kind;

/// A message.
#[proc_macro_derive(Message, attributes(message))]
pub fn derive_message(input: TokenStream) -> TokenStream {
    message::derive(Kind::Message, input.into()).into()
}

/// An enum of messages.
#[proc_macro_derive(Messages, attributes(messages))]
pub fn derive_messages(input: TokenStream) -> TokenStream {
    messages::derive(Kind::Message, input.into()).into()
}

/// An event.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    message::derive(Kind::Event, input.into()).into()
}

/// An enum of events.
#[proc_macro_derive(Events, attributes(events))]
pub fn derive_events(input: TokenStream) -> TokenStream {
    messages::derive(Kind::Event, input.into()).into()
}

/// A consumer without a handshake.
#[proc_macro_derive(Consumer, attributes(consumer))]
pub fn derive_consumer(input: TokenStream) -> TokenStream {
    consumer::derive(input.into()).into()
}

/// A channel.
#[proc_macro_attribute]
pub fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    channel::channel(args.into(), item.into()).into()
}

/// A handler of messages.
#[proc_macro_attribute]
pub fn ws_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::WS_HANDLER, args.into(), item.into()).into()
}

/// A handler of events.
#[proc_macro_attribute]
pub fn event_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(handler::EVENT_HANDLER, args.into(), item.into()).into()
}
