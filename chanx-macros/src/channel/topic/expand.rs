//! A topic as Rust: one call, and the checks of its type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Path, Type, parse_quote, spanned::Spanned};

use super::check::Topic;
use crate::{
    channel::{calls, check::Block, signature::Receiver},
    private::PRIVATE,
    spans,
};

/// The call that declares the topic.
pub(in crate::channel) fn define(root: &Path, nth: usize, topic: &Topic<'_>) -> TokenStream {
    let Topic {
        pattern,
        conditions,
        ..
    } = topic;
    let shared = match topic.receiver {
        Receiver::Shared(parameter) => Some(calls::shared(root, parameter, conditions)),
        Receiver::Exclusive => None,
    };
    let unit: Type = parse_quote!(());
    let parameters = topic.parameters.unwrap_or(&unit);
    let description = calls::handler_description(
        root,
        topic.method,
        topic.summary.as_deref(),
        topic.description.as_deref(),
        topic.deprecated,
    );
    let call = call(root, topic);
    let declare = quote!(#root::#PRIVATE::Definition::topic::<#nth, #parameters>);
    quote! {
        #shared
        #(#conditions)*
        #declare(__chanx_definition, #pattern, #description, #call);
    }
}

/// Calls the method, and gives what it admits with.
fn call(root: &Path, topic: &Topic<'_>) -> TokenStream {
    let ctx = topic.context.as_ref().map(|context| {
        let ctx = calls::lend(root, context);
        (ctx, context.comes_first)
    });
    let parameters = topic.parameters.map(|_| quote!(__chanx_parameters));
    let arguments = match (ctx, parameters) {
        (None, parameters) => quote!(#parameters),
        (Some((ctx, _)), None) => ctx,
        (Some((ctx, true)), Some(parameters)) => quote!(#ctx, #parameters),
        (Some((ctx, false)), Some(parameters)) => quote!(#parameters, #ctx),
    };
    let method = topic.method;
    let span = spans::at(method);
    let root = spans::respanned(root, span);
    quote_spanned! {span=>
        |__chanx_consumer, __chanx_parameters, __chanx_ctx| #root::#PRIVATE::Box::pin(async move {
            Self::#method(__chanx_consumer, #arguments).await
        })
    }
}

/// Asks of what each method returns that it is a consumer, and one without topics.
pub(in crate::channel) fn checks(
    Block {
        consumer,
        root,
        lints,
        ..
    }: &Block<'_>,
    topics: &[Topic<'_>],
) -> TokenStream {
    let checks = topics.iter().enumerate().map(|(nth, topic)| {
        let (admits, conditions) = (topic.admits, &topic.conditions);
        let respanned = spans::respanned(root, admits.span());
        let check = quote_spanned! {admits.span()=>
            #respanned::#PRIVATE::assert_no_topics::<#consumer, #nth>()
        };
        quote! {
            #(#conditions)*
            #[automatically_derived]
            #lints
            impl #root::#PRIVATE::HasTopic<#nth> for #consumer {
                type Admits = #admits;
            }

            #(#conditions)*
            #lints
            const _: () = #check;
        }
    });
    quote!(#(#checks)*)
}
