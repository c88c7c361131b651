//! The spans of generated code.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Path, spanned::Spanned};

/// Lays generated code over the user's words, so that what is wrong with it is
/// underlined there.
///
/// The code stays the macro's own: lints about style do not take it for the
/// user's.
pub(crate) fn at(words: &impl Spanned) -> Span {
    Span::call_site().located_at(words.span())
}

/// The path, laid over what the code behind it is laid over: an expression is
/// underlined from its first token on.
pub(crate) fn respanned(path: &Path, span: Span) -> TokenStream {
    let tokens = path.to_token_stream().into_iter();
    let moved = tokens.map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}
