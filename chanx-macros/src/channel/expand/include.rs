//! The parts that a block includes, as Rust.
//!
//! That a type is a part is asked for in one place, the impl of `PartOf`, and relied
//! on in all others.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::claims;
use crate::{
    channel::{check::Block, declared::Claim, include::Include},
    private::PRIVATE,
    spans,
};

/// The calls that take in what the parts declare.
pub(super) fn declarations(Block { root, includes, .. }: &Block<'_>) -> TokenStream {
    let calls = includes.iter().map(|Include { part, .. }| {
        quote!(#root::#PRIVATE::Definition::include::<#part>(__chanx_definition);)
    });
    quote!(#(#calls)*)
}

/// The way to each part, and from what it takes to the consumer.
pub(super) fn impls(block: &Block<'_>) -> TokenStream {
    let Block {
        consumer,
        root,
        lints,
        includes,
        ..
    } = block;
    let impls = includes.iter().enumerate().map(|(nth, include)| {
        let part = &include.part;
        let field = field(include);
        // Laid over the part, where one that is included twice is underlined.
        let part_of = quote_spanned!(spans::at(part)=> impl #root::PartOf<#consumer> for #part);
        quote! {
            #[automatically_derived]
            #lints
            #part_of {
                fn of(__chanx_whole: &mut #consumer) -> &mut Self {
                    #field
                }
            }

            // The error is about the consumer, not about a part that might take it.
            #[diagnostic::do_not_recommend]
            #[automatically_derived]
            #lints
            impl<__ChanxMessage: #root::#PRIVATE::ReceivedBy<#part, __ChanxVia>, __ChanxVia>
                #root::#PRIVATE::PartReceives<__ChanxMessage, #part, #nth, __ChanxVia>
                for #consumer {}

            #[diagnostic::do_not_recommend]
            #[automatically_derived]
            #lints
            impl<__ChanxEvent: #root::HandledBy<#part, __ChanxVia>, __ChanxVia>
                #root::#PRIVATE::PartHandles<__ChanxEvent, #part, #nth, __ChanxVia>
                for #consumer {}
        }
    });
    quote!(#(#impls)*)
}

/// Borrows the field, laid over it: that is where a field of another type is underlined.
fn field(
    Include {
        written, fields, ..
    }: &Include,
) -> TokenStream {
    let span = spans::at(written);
    quote_spanned!(span=> &mut __chanx_whole #(.#fields)*)
}

/// The actions that each part takes.
pub(super) fn taken(block: &Block<'_>) -> Vec<TokenStream> {
    let Block {
        consumer,
        root,
        includes,
        ..
    } = block;
    let taken = includes
        .iter()
        .map(|Include { part, .. }| quote!(#root::#PRIVATE::taken::<#consumer, #part>()));
    taken.collect()
}

/// Refuses at compile time a part of which an action is not free, under the part.
pub(super) fn checks(
    block: &Block<'_>,
    messages: &[Claim<'_>],
    events: &[Claim<'_>],
) -> Option<TokenStream> {
    let Block {
        root,
        lints,
        includes,
        ..
    } = block;
    if includes.is_empty() {
        return None;
    }
    let own = claims::taken(block, messages, events, &[]);
    let parts = taken(block);
    let checks = includes.iter().enumerate().map(|(nth, include)| {
        let span = spans::at(&include.part);
        let root = spans::respanned(root, span);
        let (earlier, part) = (&parts[..nth], &parts[nth]);
        let check = quote_spanned! {span=>
            #root::#PRIVATE::assert_part_free(&[__CHANX_OWN, #(#earlier),*], #part)
        };
        quote!(const _: () = #check;)
    });
    Some(quote! {
        #lints
        const _: () = {
            const __CHANX_OWN: &#root::#PRIVATE::Taken = &#own;
            #(#checks)*
        };
    })
}
