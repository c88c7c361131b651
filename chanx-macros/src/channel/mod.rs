//! `#[channel]`: the block with a consumer's handlers.

mod calls;
mod check;
mod conditional;
mod declared;
mod expand;
mod mark;
mod parameters;
mod parse;
mod security;
mod signature;
mod topic;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;

pub(crate) fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();

    let Some(parsed) = parse::channel(args, item.clone(), &mut errors) else {
        return quote! { #item #errors };
    };
    let channel = check::channel(&parsed, &mut errors);

    // The block is emitted even when it has mistakes, so that one wrong handler
    // does not make every use of the type an error too.
    let block = &parsed.block;
    let consumer = channel.as_ref().map(expand::channel);
    quote! { #block #errors #consumer }
}
