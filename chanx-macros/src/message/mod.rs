//! `#[derive(Message)]` and `#[derive(Event)]`: one type, one action.

mod check;
mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{errors::Errors, kind::Kind};

pub(crate) fn derive(kind: Kind, input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();

    let Some(parsed) = parse::item(kind, input, &mut errors) else {
        return quote! { #errors };
    };
    let message = check::message(kind, &parsed, &mut errors);

    // Implemented even when its attribute has mistakes, so that one wrong key
    // does not make every use of the type an error too.
    let implementation = message.as_ref().map(|message| match kind {
        Kind::Message => expand::message(message),
        Kind::Event => expand::event(message),
    });
    quote! { #errors #implementation }
}
