//! An enum of messages or events as Rust.
//!
//! That each variant holds a message is asked for in one place, the impl of
//! `HeldBy`, and relied on in all others: a type that is not a message is
//! one error, underlined where it is written.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{ext::IdentExt, spanned::Spanned};

use super::check::{Held, Messages};
use crate::{kind::Kind, private::PRIVATE, spans};

pub(super) fn messages(messages: &Messages<'_>) -> TokenStream {
    let implementation = match messages.kind {
        Kind::Message => of_messages(messages),
        Kind::Event => of_events(messages),
    };
    let variants = messages.variants().enumerate();
    let holds = variants.map(|(place, held)| holds(messages, place, held));
    let unique = unique(messages);
    quote! {
        #implementation
        #(#holds)*
        #unique
    }
}

fn of_messages(messages: &Messages<'_>) -> TokenStream {
    let Messages {
        ident, root, lints, ..
    } = messages;
    let codec = codec(messages);
    let support = support(messages);
    let described = messages
        .variants()
        .map(|Held { message, .. }| quote!(#support::describe::<#ident, #message>()));
    quote! {
        #[automatically_derived]
        #lints
        impl #root::MessageSet for #ident {
            #codec

            fn describe(
                __chanx_messages: &mut #root::#PRIVATE::Vec<#root::#PRIVATE::MessageDescription>,
            ) {
                #(__chanx_messages.push(#described);)*
            }
        }
    }
}

fn of_events(events: &Messages<'_>) -> TokenStream {
    let Messages {
        ident, root, lints, ..
    } = events;
    let codec = codec(events);
    let action = arms(events, &quote!(_), &|held| action(events, held));
    quote! {
        #[automatically_derived]
        #lints
        impl #root::EventSet for #ident {
            #codec

            fn action(&self) -> &'static #root::#PRIVATE::str {
                #action
            }
        }
    }
}

/// The methods that messages and events share.
fn codec(messages: &Messages<'_>) -> TokenStream {
    let Messages { ident, root, .. } = messages;
    let actions = messages.variants().map(|held| action(messages, held));
    let parameter = if messages.others.is_empty() {
        quote!(_)
    } else {
        quote!(__chanx_action)
    };
    let decode = decode(messages);
    let support = support(messages);
    let encode = arms(
        messages,
        &quote!(__chanx_message),
        &|Held { message, .. }| quote!(#support::encode::<#ident, #message>(__chanx_message, __chanx_encoder)),
    );
    quote! {
        const ACTIONS: &'static [&'static #root::#PRIVATE::str] = &[#(#actions),*];

        fn decode(
            #parameter: &#root::#PRIVATE::str,
            __chanx_payload: #root::#PRIVATE::Payload<'_>,
        ) -> #root::#PRIVATE::Result<Self, #root::#PRIVATE::InvalidPayload> {
            #decode
        }

        fn encode(
            &self,
            __chanx_encoder: #root::#PRIVATE::Encoder<'_>,
        ) -> #root::#PRIVATE::Result<#root::#PRIVATE::Bytes, #root::#PRIVATE::EncodeError> {
            #encode
        }
    }
}

/// One comparison per variant; the last needs none, since the action is one of `ACTIONS`.
fn decode(messages: &Messages<'_>) -> TokenStream {
    let ident = messages.ident;
    let module = support(messages);
    let read = |Held { variant, message }: &Held<'_>| quote!(#module::decode::<#ident, #message>(__chanx_payload).map(Self::#variant));
    let actions = messages.others.iter().map(|held| action(messages, held));
    let others = messages.others.iter().map(read);
    let last = read(&messages.last);
    quote! {
        #(
            if __chanx_action == #actions {
                return #others;
            }
        )*
        #last
    }
}

/// A `match` over the variants, with what each holds bound to `pattern`.
fn arms(
    messages: &Messages<'_>,
    pattern: &TokenStream,
    arm: &dyn Fn(&Held<'_>) -> TokenStream,
) -> TokenStream {
    let variants = messages.variants().map(|held| held.variant);
    let arms = messages.variants().map(arm);
    let Messages { root, left_out, .. } = messages;
    let private = PRIVATE;
    quote! {
        match self {
            #(Self::#variants(#pattern) => #arms,)*
            #(Self::#left_out { .. } => #root::#private::unreachable!(),)*
        }
    }
}

fn action(messages: &Messages<'_>, Held { message, .. }: &Held<'_>) -> TokenStream {
    let ident = messages.ident;
    let support = support(messages);
    quote!(#support::action::<#ident, #message>())
}

/// The path of the module that supports a variant.
fn support(Messages { root, kind, .. }: &Messages<'_>) -> TokenStream {
    match kind {
        Kind::Message => quote!(#root::#PRIVATE::message_variant),
        Kind::Event => quote!(#root::#PRIVATE::event_variant),
    }
}

fn holds(
    messages: &Messages<'_>,
    place: usize,
    Held { variant, message }: &Held<'_>,
) -> TokenStream {
    let Messages {
        ident, root, lints, ..
    } = messages;
    let module = support(messages);
    let place = (messages.kind == Kind::Message)
        .then(|| quote!(type Place = #root::#PRIVATE::Place<#place>;));
    quote! {
        #[automatically_derived]
        #lints
        impl #module::HeldBy<#ident> for #message {
            #place
        }

        #[automatically_derived]
        #lints
        impl #root::#PRIVATE::From<#message> for #ident {
            fn from(__chanx_message: #message) -> Self {
                Self::#variant(__chanx_message)
            }
        }
    }
}

/// Refuses at compile time an action that two variants take, under the type of the later one.
fn unique(messages: &Messages<'_>) -> TokenStream {
    let Messages { root, lints, .. } = messages;
    let handled = messages.variants().map(|held| {
        let variant = held.variant.unraw().to_string();
        let action = action(messages, held);
        quote!(#root::#PRIVATE::Handled::new(#variant, &[#action]))
    });
    let checks = messages.variants().map(|held| {
        let variant = held.variant.unraw().to_string();
        let span = held.message.span();
        let root = spans::respanned(root, span);
        let assert_free = quote_spanned! {span=>
            #root::#PRIVATE::assert_free(__CHANX_HANDLED, #variant)
        };
        quote!(const _: () = #assert_free;)
    });
    quote! {
        #lints
        const _: () = {
            const __CHANX_HANDLED: &[#root::#PRIVATE::Handled] = &[#(#handled),*];
            #(#checks)*
        };
    }
}
