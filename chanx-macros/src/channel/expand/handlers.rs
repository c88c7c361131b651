//! A handler as Rust: one call, which gives its route and its description.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Path, ext::IdentExt};

use crate::{
    channel::{
        calls::{lend, shared},
        check::Handler,
        signature::Receiver,
    },
    kind::Kind,
    private::PRIVATE,
    spans,
};

/// The call that declares the handler.
pub(super) fn define(root: &Path, handler: &Handler<'_>) -> TokenStream {
    let Handler {
        conditions,
        message,
        reply,
        sends,
        ..
    } = handler;
    let declare = match handler.kind {
        Kind::Message => quote!(message),
        Kind::Event => quote!(event),
    };
    let shared = match handler.receiver {
        Receiver::Shared(parameter) => Some(shared(root, parameter, conditions)),
        Receiver::Exclusive => None,
    };
    let description = description(root, handler);
    let call = call(root, handler);
    quote! {
        #shared
        #(#conditions)*
        #root::#PRIVATE::Definition::#declare::<#message, #reply>(__chanx_definition, #description, #call)
            #(.sends::<#sends>())*;
    }
}

fn description(root: &Path, handler: &Handler<'_>) -> TokenStream {
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
fn call(root: &Path, handler: &Handler<'_>) -> TokenStream {
    let Handler { method, reply, .. } = handler;
    let arguments = match &handler.context {
        None => quote!(__chanx_consumer, __chanx_message),
        Some(context) => {
            let ctx = lend(root, context);
            if context.comes_first {
                quote!(__chanx_consumer, #ctx, __chanx_message)
            } else {
                quote!(__chanx_consumer, __chanx_message, #ctx)
            }
        }
    };
    let span = spans::at(method);
    let root = spans::respanned(root, span);
    let private = PRIVATE;
    let parameters = quote_spanned!(span=> |__chanx_consumer, __chanx_message, __chanx_ctx|);
    let called = quote_spanned!(span=> Self::#method(#arguments));
    let answer =
        quote_spanned!(span=> #root::#private::answer::<Self, #reply>(__chanx_reply, __chanx_ctx));
    match handler.may_wait {
        true => quote_spanned! {span=>
            #root::#private::Handler::Waiting(#parameters #root::#private::Box::pin(async move {
                let __chanx_reply = #called.await;
                #answer
            }))
        },
        false => quote_spanned! {span=>
            #root::#private::Handler::AtOnce(#parameters {
                let __chanx_reply = #root::#private::at_once(#called);
                #answer
            })
        },
    }
}
