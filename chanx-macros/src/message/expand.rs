//! A message or event as Rust.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Path, ext::IdentExt};

use super::check::{Message, Shape};
use crate::{private::PRIVATE, spans};

pub(super) fn message(message: &Message<'_>) -> TokenStream {
    let Message {
        ident,
        root,
        lints,
        action,
        ..
    } = message;
    let validate = message.rule.map(|rule| validate(root, rule));
    let describe = describe(message);
    quote! {
        #[automatically_derived]
        #lints
        impl #root::Message for #ident {
            const ACTION: &'static #root::#PRIVATE::str = #action;

            #validate
            #describe
        }
    }
}

pub(super) fn event(event: &Message<'_>) -> TokenStream {
    let Message {
        ident,
        root,
        lints,
        action,
        ..
    } = event;
    quote! {
        #[automatically_derived]
        #lints
        impl #root::Event for #ident {
            const ACTION: &'static #root::#PRIVATE::str = #action;

            fn read(
                payload: #root::#PRIVATE::Payload<'_>,
            ) -> #root::#PRIVATE::Result<Self, #root::#PRIVATE::InvalidPayload> {
                use #root::#PRIVATE::ReadEvent as _;
                #root::#PRIVATE::Reading::<Self>::of_chanx_event().read_chanx_event(payload)
            }
        }
    }
}

/// Laid over the rule, where it is underlined if the feature is missing.
fn validate(root: &Path, rule: &Attribute) -> TokenStream {
    let span = spans::at(rule);
    let respanned = spans::respanned(root, span);
    let checked = quote_spanned!(span=> #respanned::#PRIVATE::garde_validate(self));
    quote! {
        fn validate(
            &self,
        ) -> #root::#PRIVATE::Result<(), #root::#PRIVATE::Vec<#root::#PRIVATE::Violation>> {
            #checked
        }
    }
}

fn describe(message: &Message<'_>) -> TokenStream {
    let Message {
        root,
        description,
        examples,
        ..
    } = message;
    let name = message.ident.unraw().to_string();
    let shape = match message.shape {
        Shape::Fields => quote!(Fields),
        Shape::Newtype => quote!(Newtype),
        Shape::Unit => quote!(Unit),
    };
    let description = description.iter();
    let examples = examples
        .iter()
        .map(|example| quote_spanned!(spans::at(example)=> .with_example::<Self>(&#example)));
    quote! {
        fn describe() -> #root::#PRIVATE::MessageDescription {
            #root::#PRIVATE::MessageDescription::of::<Self>()
                .with_name(#name)
                .with_shape(#root::#PRIVATE::MessageShape::#shape)
                #(.with_description(#description))*
                #(#examples)*
        }
    }
}
