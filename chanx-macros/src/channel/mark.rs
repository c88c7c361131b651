//! The attributes that mark a method as a handler.

use syn::Path;

use crate::{
    handler::{EVENT_HANDLER, WS_HANDLER},
    kind::Kind,
};

/// The kind of input that a mark of this path gives to its method.
pub(super) fn marked_by(path: &Path) -> Option<Kind> {
    let name = &path.segments.last()?.ident;
    if name == WS_HANDLER {
        Some(Kind::Message)
    } else if name == EVENT_HANDLER {
        Some(Kind::Event)
    } else {
        None
    }
}
