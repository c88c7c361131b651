//! The parts that calls of handlers and of topics share.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Ident, Path, Receiver as SelfParameter, ext::IdentExt};

use super::parameters::Context;
use crate::{private::PRIVATE, spans};

/// Refuses `&self` where the consumer is not `Sync`, under that parameter.
pub(super) fn shared(
    root: &Path,
    parameter: &SelfParameter,
    conditions: &[Attribute],
) -> TokenStream {
    let span = parameter.self_token.span;
    let root = spans::respanned(root, span);
    quote_spanned! {span=>
        #(#conditions)*
        #root::#PRIVATE::assert_shared::<Self>();
    }
}

/// The words of a method's attribute and doc comment.
pub(super) fn handler_description(
    root: &Path,
    method: &Ident,
    summary: Option<&str>,
    description: Option<&str>,
    deprecated: bool,
) -> TokenStream {
    let name = method.unraw().to_string();
    let (summary, description) = (summary.iter(), description.iter());
    let deprecated = deprecated.then(|| quote!(.deprecated()));
    quote! {
        #root::#PRIVATE::HandlerDescription::new(#name)
            #(.with_summary(#summary))*
            #(.with_description(#description))*
            #deprecated
    }
}

/// Lends the handler its context, or refuses what it takes for one.
pub(super) fn lend(root: &Path, Context { target, .. }: &Context<'_>) -> TokenStream {
    let span = spans::at(target);
    let root = spans::respanned(root, span);
    quote_spanned!(span=> #root::#PRIVATE::lend::<Self, #target>(__chanx_ctx))
}
