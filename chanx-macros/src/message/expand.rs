//! A message or event as Rust.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::check::{Message, Shape};
use crate::spans;

pub(super) fn message(message: &Message<'_>) -> TokenStream {
    let Message {
        ident,
        root,
        action,
        ..
    } = message;
    let validate = message.validated.then(|| validate(message));
    let describe = describe(message);
    quote! {
        #[automatically_derived]
        impl #root::Message for #ident {
            const ACTION: &'static str = #action;

            #validate
            #describe
        }
    }
}

pub(super) fn event(event: &Message<'_>) -> TokenStream {
    let Message {
        ident,
        root,
        action,
        ..
    } = event;
    quote! {
        #[automatically_derived]
        impl #root::Event for #ident {
            const ACTION: &'static str = #action;
        }
    }
}

fn validate(Message { root, .. }: &Message<'_>) -> TokenStream {
    quote! {
        fn validate(
            &self,
        ) -> ::core::result::Result<(), ::std::vec::Vec<#root::__private::Violation>> {
            #root::__private::garde_validate(self)
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
        .map(|example| quote_spanned!(spans::over(example)=> .with_example::<Self>(&#example)));
    quote! {
        fn describe() -> #root::__private::MessageDescription {
            #root::__private::MessageDescription::of::<Self>()
                .with_name(#name)
                .with_shape(#root::__private::MessageShape::#shape)
                #(.with_description(#description))*
                #(#examples)*
        }
    }
}
