//! The types that a block declares, as impls: one for each.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::{
    channel::{
        check::Block,
        declared::{Declaration, Declared},
    },
    private::PRIVATE,
    spans,
};

/// One impl of `declaration` for the consumer per declared type, laid over the
/// type: that is where errors point that tell what has been declared.
pub(super) fn impls(
    Block {
        consumer,
        root,
        lints,
        ..
    }: &Block<'_>,
    declaration: &TokenStream,
    types: &Declared<'_>,
) -> TokenStream {
    let impls = types.iter().map(|declared| {
        let condition = declared.condition();
        let declared = declared.declared;
        quote_spanned! {spans::at(declared)=>
            #condition
            #[automatically_derived]
            #lints
            impl #root::#declaration<#consumer> for #declared {}
        }
    });
    quote!(#(#impls)*)
}

/// Lets a client send each member of the enums that handlers take.
pub(super) fn received_members(
    Block {
        consumer,
        root,
        lints,
        ..
    }: &Block<'_>,
    types: &Declared<'_>,
) -> TokenStream {
    let impls = types.iter().enumerate().map(|(index, declared)| {
        let condition = declared.condition();
        let declared = declared.declared;
        quote! {
            #condition
            #[automatically_derived]
            #lints
            impl<__ChanxMember: #root::#PRIVATE::message_variant::HeldBy<#declared>>
                #root::#PRIVATE::ReceivesMember<__ChanxMember, #declared, #index> for #consumer {}
        }
    });
    quote!(#(#impls)*)
}

/// Declares each member of the enums that are declared. Which types are enums
/// is not known here: of a struct there are no members.
pub(super) fn sent_members(
    Block {
        consumer,
        root,
        lints,
        ..
    }: &Block<'_>,
    types: &Declared<'_>,
) -> TokenStream {
    let actions = |declared: &Declaration<'_>| {
        let condition = declared.condition();
        let declared = declared.declared;
        quote!(#condition #root::#PRIVATE::sent::<#consumer, #declared>())
    };
    let types: Vec<_> = types.iter().collect();
    let impls = types.iter().enumerate().map(|(index, declared)| {
        let condition = declared.condition();
        let earlier = types[..index].iter().map(|other| actions(other));
        let later = types[index + 1..].iter().map(|other| actions(other));
        let declared = declared.declared;
        quote! {
            #condition
            #root::#PRIVATE::sent_members! {
                #PRIVATE, [#lints], #consumer, #declared, #index, [#(#earlier),*], [#(#later),*]
            }
        }
    });
    quote!(#(#impls)*)
}
