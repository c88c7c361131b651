//! The check that an item is one concrete type.

use syn::{GenericParam, Generics};

use crate::errors::Errors;

/// True if the item has no parameters; each one it has is an error.
pub(crate) fn refuse_in_item(a_noun: &str, generics: &Generics, errors: &mut Errors) -> bool {
    for param in &generics.params {
        match param {
            GenericParam::Lifetime(lifetime) => errors.at(
                lifetime,
                format!("{a_noun} owns its data: hold a `String` where it borrows a `&str`"),
            ),
            GenericParam::Type(_) | GenericParam::Const(_) => errors.at(
                param,
                format!("{a_noun} cannot be generic: an action belongs to one type"),
            ),
        }
    }
    generics.params.is_empty()
}
