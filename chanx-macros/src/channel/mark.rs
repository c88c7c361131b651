//! The attributes that mark a method as a handler or a topic.

use std::mem;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Ident, Meta, Path, parse_quote};

use crate::{
    handler::{EVENT_HANDLER, IN_CHANNEL, TOPIC, WS_HANDLER},
    kind::Kind,
};

/// The kind of method that a mark makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Handler(Kind),
    Topic,
}

/// The kind of method that a mark of this path makes.
pub(super) fn marked_by(path: &Path) -> Option<Mark> {
    let name = &path.segments.last()?.ident;
    if name == WS_HANDLER {
        Some(Mark::Handler(Kind::Message))
    } else if name == EVENT_HANDLER {
        Some(Mark::Handler(Kind::Event))
    } else if name == TOPIC {
        Some(Mark::Topic)
    } else {
        None
    }
}

/// Silences lints about what is not the user's to choose: that a handler is
/// `async`, and borrows its context exclusively.
pub(super) fn signature_lints() -> Attribute {
    parse_quote!(#[allow(clippy::unused_async, clippy::needless_pass_by_ref_mut)])
}

/// The attribute's keys, which it has no longer.
pub(super) fn silenced(mark: &mut Attribute, root: &Path) -> TokenStream {
    let name = mark.path().segments.last().cloned();
    let silent = Ident::new(IN_CHANNEL, Span::call_site());
    match mem::replace(&mut mark.meta, parse_quote!(#root::#name(#silent))) {
        Meta::List(list) => list.tokens,
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    }
}
