//! The proofs that an action has one handler.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::{
    channel::{check::Block, declared::Claim},
    private::PRIVATE,
    spans,
};

/// Refuses at compile time the actions that are not free, under the type that takes them.
pub(super) fn checks(
    Block {
        consumer,
        root,
        lints,
        ..
    }: &Block<'_>,
    actions: &TokenStream,
    claims: &[Claim<'_>],
) -> Option<TokenStream> {
    if claims.is_empty() {
        return None;
    }
    let handled = claims.iter().map(
        |Claim {
             by,
             claimed,
             conditions,
             ..
         }| {
            quote! {
                #(#conditions)*
                #root::#PRIVATE::Handled::new(
                    #by,
                    #root::#PRIVATE::#actions::<#consumer, #claimed>(),
                )
            }
        },
    );
    let checks = claims.iter().map(
        |Claim {
             by,
             claimed,
             conditions,
             ..
         }| {
            let root = spans::respanned(root, claimed.span());
            let assert_free = quote_spanned! {claimed.span()=>
                #root::#PRIVATE::assert_free(__CHANX_HANDLED, #by)
            };
            quote!(#(#conditions)* const _: () = #assert_free;)
        },
    );
    let conditional = claims.iter().all(|claim| !claim.conditions.is_empty());
    let allow = conditional.then(|| quote!(#[allow(dead_code)]));
    Some(quote! {
        #lints
        const _: () = {
            #allow
            const __CHANX_HANDLED: &[#root::#PRIVATE::Handled] = &[#(#handled),*];
            #(#checks)*
        };
    })
}

/// The actions that a block takes, with those of its parts, as a value.
pub(super) fn taken(
    block: &Block<'_>,
    messages: &[Claim<'_>],
    events: &[Claim<'_>],
    parts: &[TokenStream],
) -> TokenStream {
    let Block { consumer, root, .. } = block;
    let handled = |actions: TokenStream, claims: &[Claim<'_>]| {
        let handled = claims.iter().map(|claim| {
            let Claim {
                by_of,
                claimed,
                conditions,
                ..
            } = claim;
            quote! {
                #(#conditions)*
                #root::#PRIVATE::Handled::new(
                    #by_of,
                    #root::#PRIVATE::#actions::<#consumer, #claimed>(),
                )
            }
        });
        handled.collect::<Vec<_>>()
    };
    let messages = handled(quote!(received), messages);
    let events = handled(quote!(handled), events);
    quote! {
        #root::#PRIVATE::Taken::new(&[#(#messages),*], &[#(#events),*], &[#(#parts),*])
    }
}
