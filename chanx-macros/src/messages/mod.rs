//! `#[derive(MessageEnum)]` and `#[derive(EventEnum)]`: an enum whose variants each hold one.

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
    let messages = check::messages(kind, &parsed, &mut errors);

    // Implemented even when a variant has mistakes, which is then left out.
    let implementation = messages.as_ref().map(expand::messages);
    quote! { #errors #implementation }
}
