//! The silence of generated code about what is deprecated.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Meta};

/// `#[allow(deprecated)]` for generated code, where the user speaks of it at all.
///
/// Not everywhere, because under `#![forbid(deprecated)]` the attribute would
/// be an error of its own.
pub(crate) fn silence<'a>(attrs: impl IntoIterator<Item = &'a Attribute>) -> Option<TokenStream> {
    attrs
        .into_iter()
        .any(is_mention)
        .then(|| quote!(#[allow(deprecated)]))
}

/// True if it marks its item as deprecated.
pub(crate) fn is_deprecated(attr: &Attribute) -> bool {
    attr.path().is_ident("deprecated")
}

/// True if it is `#[deprecated]` or sets the lint of that name.
fn is_mention(attr: &Attribute) -> bool {
    let path = attr.path();
    if is_deprecated(attr) {
        return true;
    }
    let sets_lints = ["allow", "expect", "warn", "cfg_attr"];
    match &attr.meta {
        Meta::List(list) if sets_lints.iter().any(|lint| path.is_ident(lint)) => {
            mentions(list.tokens.clone())
        }
        _ => false,
    }
}

fn mentions(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "deprecated",
        TokenTree::Group(group) => mentions(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use syn::{Attribute, parse_quote};

    use super::silence;

    #[test]
    fn generated_code_is_silent_where_the_user_speaks_of_it() {
        let speaks = |attr: Attribute| silence([&attr]).is_some();
        assert!(speaks(parse_quote!(#[deprecated])));
        assert!(speaks(parse_quote!(#[allow(unused, deprecated)])));
        assert!(speaks(parse_quote!(#[cfg_attr(a, expect(deprecated))])));
        assert!(!speaks(parse_quote!(#[allow(unused)])));
        assert!(!speaks(parse_quote!(#[doc = "deprecated"])));
    }
}
