//! A channel as Rust: one call per handler, one impl per declared type.
//!
//! That a type is a message is asked for in one place, the impl that declares
//! it, and relied on in all others: a type that is none is one error,
//! underlined where it is written.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Path, ext::IdentExt, spanned::Spanned};

use super::{
    calls::{lend, shared},
    check::{Channel, Handler},
    declared::{Claim, Declaration, Declared},
    security::Security,
    signature::Receiver,
    topic::expand as topic,
};
use crate::{kind::Kind, private::PRIVATE, spans};

pub(super) fn channel(channel: &Channel<'_>) -> TokenStream {
    let messages = channel.claims(Kind::Message);
    let events = channel.claims(Kind::Event);

    let implementation = implementation(channel);
    let received = Declared::claimed(&messages);
    let handled = Declared::claimed(&events);
    let handled = declarations(channel, &quote!(HandledBy), &handled);
    let received_members = received_members(channel, &received);
    let received = declarations(channel, &quote!(#PRIVATE::ReceivedBy), &received);
    let sent = channel.sent();
    let sent_members = sent_members(channel, &sent);
    let sent = declarations(channel, &quote!(SentBy), &sent);
    let messages = claims(channel, &quote!(received), &messages);
    let events = claims(channel, &quote!(handled), &events);
    let topics = topic::checks(&channel.root, channel.lints.as_ref(), &channel.topics);
    quote! {
        #implementation
        #received
        #handled
        #sent
        #received_members
        #sent_members
        #messages
        #events
        #topics
    }
}

fn implementation(channel: &Channel<'_>) -> TokenStream {
    let Channel {
        consumer,
        root,
        lints,
        name,
        tags,
        groups,
        sends,
        passthrough,
        ..
    } = channel;
    let description = option(root, channel.description.as_deref());
    let private = PRIVATE;
    let handshake = handshake(channel);
    let handlers = channel
        .handlers
        .iter()
        .map(|handler| define(channel, handler));
    let topics = channel
        .topics
        .iter()
        .map(|topic| topic::define(root, topic));
    let patterns = channel.topics.iter().map(|topic| {
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
                #(__chanx_definition.sends::<#sends>();)*
                #(#handlers)*
                #(#topics)*
                #(#root::#private::Definition::passthrough::<#passthrough>(__chanx_definition);)*
            }
        }
    }
}

/// The parts of the request that the handshake is declared to read.
fn handshake(channel: &Channel<'_>) -> TokenStream {
    let Channel {
        root,
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

fn define(channel: &Channel<'_>, handler: &Handler<'_>) -> TokenStream {
    let Handler {
        conditions,
        message,
        reply,
        sends,
        ..
    } = handler;
    let root = &channel.root;
    let declare = match handler.kind {
        Kind::Message => quote!(message),
        Kind::Event => quote!(event),
    };
    let shared = match handler.receiver {
        Receiver::Shared(parameter) => Some(shared(root, parameter, conditions)),
        Receiver::Exclusive => None,
    };
    let description = description(channel, handler);
    let call = call(channel, handler);
    quote! {
        #shared
        #(#conditions)*
        #root::#PRIVATE::Definition::#declare::<#message, #reply>(__chanx_definition, #description, #call)
            #(.sends::<#sends>())*;
    }
}

fn description(Channel { root, .. }: &Channel<'_>, handler: &Handler<'_>) -> TokenStream {
    let name = handler.method.unraw().to_string();
    let summary = handler.summary.iter();
    let description = handler.description.iter();
    let tags = &handler.tags;
    let tags = (!tags.is_empty()).then(|| quote!(.with_tags(&[#(#tags),*])));
    let reasons = &handler.reasons;
    let reasons = (!reasons.is_empty()).then(|| quote!(.with_reasons(&[#(#reasons),*])));
    let deprecated = handler.deprecated.then(|| quote!(.deprecated()));
    quote! {
        #root::#PRIVATE::HandlerDescription::new(#name)
            #(.with_summary(#summary))*
            #(.with_description(#description))*
            #tags
            #reasons
            #deprecated
    }
}

/// Calls the method and answers with what it returns.
///
/// Laid over the method's name, where a future that is not `Send` is underlined.
fn call(channel: &Channel<'_>, handler: &Handler<'_>) -> TokenStream {
    let Handler { method, reply, .. } = handler;
    let arguments = match &handler.context {
        None => quote!(__chanx_consumer, __chanx_message),
        Some(context) => {
            let ctx = lend(&channel.root, context);
            if context.comes_first {
                quote!(__chanx_consumer, #ctx, __chanx_message)
            } else {
                quote!(__chanx_consumer, __chanx_message, #ctx)
            }
        }
    };
    let span = spans::over(method);
    let root = spans::moved(&channel.root, span);
    quote_spanned! {span=>
        |__chanx_consumer, __chanx_message, __chanx_ctx| #root::#PRIVATE::Box::pin(async move {
            let __chanx_reply = Self::#method(#arguments).await;
            #root::#PRIVATE::answer::<Self, #reply>(__chanx_reply, __chanx_ctx)
        })
    }
}

/// One impl of `declaration` for the consumer per declared type, laid over the
/// type: that is where errors point that tell what has been declared.
fn declarations(
    Channel {
        consumer,
        root,
        lints,
        ..
    }: &Channel<'_>,
    declaration: &TokenStream,
    types: &Declared<'_>,
) -> TokenStream {
    let impls = types.iter().map(|declared| {
        let condition = declared.condition();
        let declared = declared.declared;
        quote_spanned! {spans::over(declared)=>
            #condition
            #[automatically_derived]
            #lints
            impl #root::#declaration<#consumer> for #declared {}
        }
    });
    impls.collect()
}

/// Lets a client send each member of the enums that handlers take.
fn received_members(
    Channel {
        consumer,
        root,
        lints,
        ..
    }: &Channel<'_>,
    types: &Declared<'_>,
) -> TokenStream {
    let impls = types.iter().enumerate().map(|(index, declared)| {
        let condition = declared.condition();
        let declared = declared.declared;
        quote! {
            #condition
            #[automatically_derived]
            #lints
            impl<__ChanxMember: #root::#PRIVATE::message_variant::HeldBy<#declared>>
                #root::#PRIVATE::ReceivesMember<__ChanxMember, #declared, #index> for #consumer {}
        }
    });
    impls.collect()
}

/// Declares each member of the enums that are declared. Which types are enums
/// is not known here: of a struct there are no members.
fn sent_members(
    Channel {
        consumer,
        root,
        lints,
        ..
    }: &Channel<'_>,
    types: &Declared<'_>,
) -> TokenStream {
    let actions = |declared: &Declaration<'_>| {
        let condition = declared.condition();
        let declared = declared.declared;
        quote!(#condition #root::#PRIVATE::sent::<#consumer, #declared>())
    };
    let types: Vec<_> = types.iter().collect();
    let impls = types.iter().enumerate().map(|(index, declared)| {
        let condition = declared.condition();
        let earlier = types[..index].iter().map(|other| actions(other));
        let later = types[index + 1..].iter().map(|other| actions(other));
        let declared = declared.declared;
        quote! {
            #condition
            #root::#PRIVATE::sent_members! {
                #PRIVATE, [#lints], #consumer, #declared, #index, [#(#earlier),*], [#(#later),*]
            }
        }
    });
    impls.collect()
}

/// Refuses at compile time the actions that are not free, under the type that takes them.
fn claims(
    Channel {
        consumer,
        root,
        lints,
        ..
    }: &Channel<'_>,
    actions: &TokenStream,
    claims: &[Claim<'_>],
) -> Option<TokenStream> {
    if claims.is_empty() {
        return None;
    }
    let handled = claims.iter().map(
        |Claim {
             by,
             claimed,
             conditions,
         }| {
            quote! {
                #(#conditions)*
                #root::#PRIVATE::Handled::new(
                    #by,
                    #root::#PRIVATE::#actions::<#consumer, #claimed>(),
                )
            }
        },
    );
    let checks = claims.iter().map(
        |Claim {
             by,
             claimed,
             conditions,
         }| {
            let root = spans::moved(root, claimed.span());
            let assert_free = quote_spanned! {claimed.span()=>
                #root::#PRIVATE::assert_free(__CHANX_HANDLED, #by)
            };
            quote!(#(#conditions)* const _: () = #assert_free;)
        },
    );
    let conditional = claims.iter().all(|claim| !claim.conditions.is_empty());
    let allow = conditional.then(|| quote!(#[allow(dead_code)]));
    Some(quote! {
        #lints
        const _: () = {
            #allow
            const __CHANX_HANDLED: &[#root::#PRIVATE::Handled] = &[#(#handled),*];
            #(#checks)*
        };
    })
}

fn option(root: &Path, text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(#root::#PRIVATE::Some(#text)),
        None => quote!(#root::#PRIVATE::None),
    }
}
