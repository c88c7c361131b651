//! Where generated code says it stands.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;

/// Lays generated code over the user's words, so that what is wrong with it is
/// underlined there.
///
/// The code stays the macro's own: lints about style do not take it for the
/// user's.
pub(crate) fn at(words: &impl ToTokens, code: TokenStream) -> TokenStream {
    laid_over(Span::call_site().located_at(words.span()), code)
}

fn laid_over(span: Span, code: TokenStream) -> TokenStream {
    let lay = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let inner = laid_over(span, group.stream());
            token = Group::new(group.delimiter(), inner).into();
        }
        token.set_span(span);
        token
    };
    code.into_iter().map(lay).collect()
}
