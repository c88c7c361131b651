//! The syntax of an enum of messages or events.

use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, Generics, Ident, Variant};

use crate::{
    args::{Args, Grammar, Key},
    errors::Errors,
    kind::Kind,
};

const MESSAGES: Grammar = Grammar {
    attribute: "messages",
    keys: &[Key::once("crate", "crate = path")],
};

const EVENTS: Grammar = Grammar {
    attribute: "events",
    keys: &[Key::once("crate", "crate = path")],
};

/// An enum as it was written.
pub(super) struct Enum {
    pub(super) attrs: Vec<Attribute>,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) variants: Vec<Variant>,
    pub(super) args: Args,
}

impl Enum {
    /// Those of the enum and of its variants.
    pub(super) fn attrs(&self) -> impl Iterator<Item = &Attribute> {
        let of_variants = self.variants.iter().flat_map(|variant| &variant.attrs);
        self.attrs.iter().chain(of_variants)
    }
}

pub(super) fn item(kind: Kind, input: TokenStream, errors: &mut Errors) -> Option<Enum> {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    let args = match kind {
        Kind::Message => MESSAGES.read_helpers(&input.attrs, errors),
        Kind::Event => EVENTS.read_helpers(&input.attrs, errors),
    };
    let mistake = |item: &str| {
        format!(
            "`{}` is for enums; write `{}` for {item}",
            kind.derive_enum(),
            kind.derive(),
        )
    };
    match input.data {
        Data::Enum(data) => Some(Enum {
            attrs: input.attrs,
            ident: input.ident,
            generics: input.generics,
            variants: data.variants.into_iter().collect(),
            args,
        }),
        Data::Struct(data) => {
            errors.at(data.struct_token, mistake("a struct"));
            None
        }
        Data::Union(data) => {
            errors.at(data.union_token, mistake("a struct"));
            None
        }
    }
}
