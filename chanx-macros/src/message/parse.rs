//! The syntax of a message or event: an item and its `#[message(…)]` or `#[event(…)]`.

use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, Fields};

use crate::{
    args::{Args, Grammar, Key},
    errors::Errors,
    kind::Kind,
};

const MESSAGE: Grammar = Grammar {
    attribute: "message",
    keys: &[
        Key::once("action", "action = \"…\""),
        Key::repeatable("example", "example = …"),
        Key::once("crate", "crate = path"),
    ],
};

const EVENT: Grammar = Grammar {
    attribute: "event",
    keys: &[
        Key::once("action", "action = \"…\""),
        Key::once("crate", "crate = path"),
    ],
};

/// An item as it was written.
pub(super) struct Item {
    pub(super) input: DeriveInput,
    pub(super) args: Args,
    /// Those of the message that an event is too, which speak for both.
    pub(super) shared: Args,
}

pub(super) fn item(kind: Kind, input: TokenStream, errors: &mut Errors) -> Option<Item> {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => {
            errors.push(error);
            return None;
        }
    };
    let (args, shared) = match kind {
        Kind::Message => (MESSAGE.read_helpers(&input.attrs, errors), Args::default()),
        Kind::Event => (
            EVENT.read_helpers(&input.attrs, errors),
            // Their mistakes are told where the message is derived.
            MESSAGE.read_helpers(&input.attrs, &mut Errors::default()),
        ),
    };
    Some(Item {
        input,
        args,
        shared,
    })
}

impl Item {
    /// The fields, where the item is a struct.
    pub(super) fn fields(&self) -> Option<&Fields> {
        match &self.input.data {
            Data::Struct(data) => Some(&data.fields),
            Data::Enum(_) | Data::Union(_) => None,
        }
    }

    /// The first attribute that asks for validation by garde.
    pub(super) fn rule(&self) -> Option<&Attribute> {
        let is_rule = |attr: &&Attribute| attr.path().is_ident("garde");
        let of_item = self.input.attrs.iter().find(is_rule);
        of_item.or_else(|| {
            let mut fields = self.fields()?.iter();
            fields.find_map(|field| field.attrs.iter().find(is_rule))
        })
    }

    /// True if serde writes the only field in place of the struct.
    pub(super) fn is_transparent(&self) -> bool {
        let serde = self
            .input
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("serde"));
        let mut transparent = false;
        for attr in serde {
            // Serde checks the rest of what stands there.
            let _ = attr.parse_nested_meta(|meta| {
                transparent |= meta.path.is_ident("transparent");
                Ok(())
            });
        }
        transparent
    }
}
