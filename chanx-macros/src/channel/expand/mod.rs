//! A block as Rust: one call per handler, one impl per declared type.
//!
//! That a type is a message is asked for in one place, the impl that declares
//! it, and relied on in all others: a type that is none is one error,
//! underlined where it is written.

mod claims;
mod declared;
mod handlers;
mod include;

use std::iter;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use super::{
    check::{Block, Channel},
    declared::{Claim, Declared},
    security::Security,
    topic::expand as topic,
};
use crate::{kind::Kind, private::PRIVATE, spans};

pub(super) fn block(block: &Block<'_>) -> TokenStream {
    let messages = block.claims(Kind::Message);
    let events = block.claims(Kind::Event);

    let (received, handled) = (Declared::claimed(&messages), Declared::claimed(&events));
    let sent = block.sent();
    let received_members = declared::received_members(block, &received);
    let received = declared::impls(block, &quote!(#PRIVATE::ReceivedBy), &received);
    let handled = declared::impls(block, &quote!(HandledBy), &handled);
    let sent_members = declared::sent_members(block, &sent);
    let sent = declared::impls(block, &quote!(SentBy), &sent);
    let parts = include::impls(block);
    let parts_are_free = include::checks(block, &messages, &events);
    let definition = match &block.channel {
        Some(channel) => self::channel(block, channel),
        None => part(block, &messages, &events),
    };
    let messages = claims::checks(block, &quote!(received), &messages);
    let events = claims::checks(block, &quote!(handled), &events);
    let topics = block.channel.iter();
    let topics = topics.map(|channel| topic::checks(block, &channel.topics));
    quote! {
        #definition
        #received
        #handled
        #sent
        #received_members
        #sent_members
        #parts
        #messages
        #events
        #parts_are_free
        #(#topics)*
    }
}

fn channel(block: &Block<'_>, channel: &Channel<'_>) -> TokenStream {
    let Block {
        consumer,
        root,
        lints,
        ..
    } = block;
    let Channel {
        name,
        tags,
        groups,
        topics,
        ..
    } = channel;
    let description = option(root, channel.description.as_deref());
    let handshake = handshake(root, channel);
    let declarations = declarations(
        block,
        topics
            .iter()
            .enumerate()
            .map(|(nth, topic)| topic::define(root, nth, topic)),
    );
    let patterns = topics.iter().map(|topic| {
        let (conditions, pattern) = (&topic.conditions, &topic.pattern);
        quote!(#(#conditions)* #pattern)
    });
    quote! {
        #[automatically_derived]
        #lints
        impl #root::#PRIVATE::OneChannelBlockPerConsumer for #consumer {
            const NAME: &'static #root::#PRIVATE::str = #name;
            const GROUPS: &'static [&'static #root::#PRIVATE::str] = &[#(#groups),*];
            const TOPICS: &'static [&'static #root::#PRIVATE::str] = &[#(#patterns),*];

            fn define(__chanx_definition: &mut #root::#PRIVATE::Definition<Self>) {
                __chanx_definition.about(#description, &[#(#tags),*]);
                #handshake
                #declarations
            }
        }
    }
}

fn part(block: &Block<'_>, messages: &[Claim<'_>], events: &[Claim<'_>]) -> TokenStream {
    let Block {
        consumer,
        root,
        lints,
        ..
    } = block;
    let declarations = declarations(block, iter::empty());
    let parts = include::taken(block);
    let taken = claims::taken(block, messages, events, &parts);
    // Laid over the type, where one that is not a part is underlined.
    let span = spans::at(consumer);
    let respanned = spans::respanned(root, span);
    let hooks = quote_spanned! {span=>
        #respanned::#PRIVATE::Definition::<#consumer>::hooks(__chanx_definition);
    };
    quote! {
        #[automatically_derived]
        #lints
        impl #root::#PRIVATE::OneHandlersBlockPerPart for #consumer {
            const TAKEN: &'static #root::#PRIVATE::Taken = &#taken;

            fn define(__chanx_definition: &mut #root::#PRIVATE::Definition<Self>) {
                #declarations
                #hooks
            }
        }
    }
}

/// The calls that declare what both kinds of blocks may have.
fn declarations(block: &Block<'_>, topics: impl Iterator<Item = TokenStream>) -> TokenStream {
    let Block {
        root,
        sends,
        passthrough,
        ..
    } = block;
    let private = PRIVATE;
    let handlers = block.handlers.iter();
    let handlers = handlers.map(|handler| handlers::define(root, handler));
    let parts = include::declarations(block);
    quote! {
        #(__chanx_definition.sends::<#sends>();)*
        #(#handlers)*
        #(#topics)*
        #(#root::#private::Definition::passthrough::<#passthrough>(__chanx_definition);)*
        #parts
    }
}

/// The parts of the request that the handshake is declared to read.
fn handshake(root: &Path, channel: &Channel<'_>) -> TokenStream {
    let Channel {
        security,
        path,
        query,
        headers,
        ..
    } = channel;
    let credentials = security.iter().map(|credential| match credential {
        Security::Bearer => quote!(Bearer),
        Security::Cookie(name) => quote!(cookie(#name)),
        Security::Query(name) => quote!(query(#name)),
        Security::Header(name) => quote!(header(#name)),
    });
    let private = PRIVATE;
    let (path, query, headers) = (path.iter(), query.iter(), headers.iter());
    quote! {
        #(__chanx_definition.security(#root::#private::Security::#credentials);)*
        #(__chanx_definition.path::<#path>();)*
        #(__chanx_definition.query::<#query>();)*
        #(__chanx_definition.headers::<#headers>();)*
    }
}

fn option(root: &Path, text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(#root::#PRIVATE::Some(#text)),
        None => quote!(#root::#PRIVATE::None),
    }
}
