//! `#[channel]` and `#[handlers]`: the blocks with the handlers of a consumer, and of
//! a part of consumers.

mod calls;
mod check;
mod conditional;
mod declared;
mod expand;
mod include;
mod mark;
mod owner;
mod parameters;
mod parse;
mod security;
mod signature;
mod topic;
mod waiting;

use proc_macro2::TokenStream;
use quote::quote;

use self::owner::Owner;
use crate::errors::Errors;

/// Expands `#[channel]`.
pub(crate) fn channel(args: TokenStream, item: TokenStream) -> TokenStream {
    block(Owner::Consumer, args, item)
}

/// Expands `#[handlers]`.
pub(crate) fn handlers(args: TokenStream, item: TokenStream) -> TokenStream {
    block(Owner::Part, args, item)
}

fn block(owner: Owner, args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();

    let Some(parsed) = parse::block(owner, args, item.clone(), &mut errors) else {
        return quote! { #item #errors };
    };
    let block = check::block(&parsed, &mut errors);

    // The block is emitted even when it has mistakes, so that one wrong handler
    // does not make every use of the type an error too.
    let written = &parsed.written;
    let expanded = block.as_ref().map(expand::block);
    quote! { #written #errors #expanded }
}
