//! A mark inside `#[cfg_attr(…)]`, which the block's attribute cannot read: the condition
//! is decided only after it has expanded.

use syn::{Attribute, Meta, Token, punctuated::Punctuated};

use super::{mark::marked_by, owner::Owner};
use crate::errors::Errors;

/// Takes away each attribute that may turn into a mark, and says what to write.
pub(super) fn refuse(owner: Owner, attrs: &mut Vec<Attribute>, errors: &mut Errors) {
    attrs.retain(|attr| match mark(&attr.meta) {
        Some(mark) => {
            let path = mark.path();
            let name = &path.segments[path.segments.len() - 1].ident;
            let block = owner.attribute();
            let mistake = format!(
                "`#[{block}]` reads this before `cfg_attr` is decided: write `#[{name}]` as it is, \
                 and `#[cfg(…)]` on the method if it is not in every build"
            );
            errors.at(path, mistake);
            false
        }
        None => true,
    });
}

/// The mark in `cfg_attr(condition, …)`, however deep.
fn mark(meta: &Meta) -> Option<Meta> {
    let Meta::List(list) = meta else {
        return None;
    };
    if !list.path.is_ident("cfg_attr") {
        return None;
    }
    // A condition that cannot be read so is refused by the compiler.
    let parts = list
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    parts.into_iter().skip(1).find_map(|part| {
        if marked_by(part.path()).is_some() {
            return Some(part);
        }
        mark(&part)
    })
}
