//! Whether a handler may wait for something, which its `async` alone does not tell.
//!
//! One that cannot is done when it is polled first, so that its future need not be kept.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Block};

use super::mark::marked_by;

/// The attributes that leave the body of a method as it is written.
const HARMLESS: &[&str] = &[
    "allow",
    "cfg",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "forbid",
    "inline",
    "must_use",
    "warn",
];

/// True unless it can be seen that a body has no `.await`: a macro or an attribute may
/// bring one in.
pub(super) fn may_wait(body: &Block) -> bool {
    has_await(body.to_token_stream())
}

/// True if none of a method's, or a block's, attributes may write a body anew.
pub(super) fn are_harmless(attrs: &[Attribute]) -> bool {
    let is_harmless = |attr: &Attribute| {
        let path = attr.path();
        let is_known = HARMLESS.iter().any(|known| path.is_ident(known));
        is_known || marked_by(path).is_some()
    };
    attrs.iter().all(is_harmless)
}

/// True if there is an `await`, or what may turn into one: a macro's call, of which `!(…)`
/// is taken for one, or an attribute.
fn has_await(body: TokenStream) -> bool {
    let mut tokens = body.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Ident(word) => word == "await",
            TokenTree::Punct(mark) if mark.as_char() == '!' => {
                matches!(tokens.peek(), Some(TokenTree::Group(_)))
            }
            TokenTree::Punct(mark) => mark.as_char() == '#',
            TokenTree::Group(group) => has_await(group.stream()),
            TokenTree::Literal(_) => false,
        };
        if found {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use syn::{Attribute, Block, parse_quote};

    use super::{are_harmless, may_wait};

    #[test]
    fn a_body_without_an_await_does_not_wait() {
        let waits = |body: Block| may_wait(&body);
        assert!(!waits(parse_quote!({})));
        assert!(!waits(parse_quote!({ Pong })));
        assert!(!waits(parse_quote!({
            self.count += 1;
            if self.count != 3 && !self.is_full() {
                return Err("await!".into());
            }
            Ok(Echo {
                text: r#"await"#.to_owned() + echo.text,
            })
        })));
    }

    #[test]
    fn a_body_with_an_await_waits_however_deep_it_stands() {
        let waits = |body: Block| may_wait(&body);
        assert!(waits(parse_quote!({ ctx.broadcast(Line).await })));
        assert!(waits(parse_quote!({
            for line in lines {
                match line {
                    Some(line) => self.send(&[line.read().await?]),
                    None => {}
                }
            }
        })));
    }

    #[test]
    fn a_body_that_a_macro_or_an_attribute_writes_waits() {
        let waits = |body: Block| may_wait(&body);
        assert!(waits(parse_quote!({ wait!() })));
        assert!(waits(parse_quote!({
            crate::wait! { a }
        })));
        assert!(waits(parse_quote!({ self.then(|| wait![1]) })));
        assert!(waits(parse_quote!({
            #[wait]
            fn nothing() {}
        })));
    }

    #[test]
    fn an_attribute_that_may_be_a_macro_is_not_harmless() {
        let are_harmless = |attr: Attribute| are_harmless(&[attr]);
        assert!(are_harmless(parse_quote!(#[doc = "Answer."])));
        assert!(are_harmless(parse_quote!(#[cfg(feature = "a")])));
        assert!(are_harmless(
            parse_quote!(#[chanx::ws_handler(__in_channel)])
        ));
        assert!(!are_harmless(parse_quote!(#[instrument])));
        assert!(!are_harmless(parse_quote!(#[cfg_attr(a, instrument)])));
        assert!(!are_harmless(
            parse_quote!(#[tracing::instrument(skip(self))])
        ));
    }
}
