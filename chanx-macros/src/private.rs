//! The module of core that generated code relies on.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};

/// The module's name, which holds the version: code that macros of one version
/// have written cannot be built with a core of another.
pub(crate) const PRIVATE: Private = Private;

/// See [`PRIVATE`].
pub(crate) struct Private;

const NAME: &str = concat!(
    "__private",
    env!("CARGO_PKG_VERSION_MAJOR"),
    "_",
    env!("CARGO_PKG_VERSION_MINOR"),
    "_",
    env!("CARGO_PKG_VERSION_PATCH"),
);

impl ToTokens for Private {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append(Ident::new(NAME, Span::call_site()));
    }
}
