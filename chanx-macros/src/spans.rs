//! Where generated code says it stands.

use proc_macro2::Span;
use syn::spanned::Spanned;

/// Lays generated code over the user's words, so that what is wrong with it is
/// underlined there.
///
/// The code stays the macro's own: lints about style do not take it for the
/// user's.
pub(crate) fn over(words: &impl Spanned) -> Span {
    Span::call_site().located_at(words.span())
}
