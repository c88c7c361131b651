//! The conditions of methods: `#[cfg]`, under which one exists, and `#[cfg_attr]`, in which
//! the block's attribute cannot read a mark, since it is decided only after that has
//! expanded.

use syn::{Attribute, Meta, Token, punctuated::Punctuated};

use super::{mark::marked_by, owner::Owner};
use crate::errors::Errors;

/// The `#[cfg]`s under which a method exists.
pub(super) fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    let is_condition = |attr: &&Attribute| attr.path().is_ident("cfg");
    attrs.iter().filter(is_condition).cloned().collect()
}

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
