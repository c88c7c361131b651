//! The check that an item is a message or event; it puts an error under the words at
//! fault.

use proc_macro2::TokenStream;
use syn::{Attribute, Data, Expr, Fields, Ident, Path, parse_quote};

use super::parse::Item;
use crate::{action, deprecation, doc, errors::Errors, generics, kind::Kind};

/// A message or event that can be expanded.
pub(super) struct Message<'a> {
    pub(super) ident: &'a Ident,
    pub(super) root: Path,
    /// Attributes of what is generated.
    pub(super) lints: Option<TokenStream>,
    pub(super) action: String,
    pub(super) shape: Shape,
    pub(super) description: Option<String>,
    pub(super) examples: Vec<Expr>,
    /// A rule that payloads are checked by, if there is any.
    pub(super) rule: Option<&'a Attribute>,
}

/// The build of the type.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    Fields,
    Newtype,
    Unit,
}

pub(super) fn message<'a>(kind: Kind, item: &'a Item, errors: &mut Errors) -> Option<Message<'a>> {
    let ident = &item.input.ident;
    let root = item.args.path("crate", errors);
    let root = root.or_else(|| item.shared.path("crate", &mut Errors::default()));
    let action = action(kind, item, errors);
    let examples = item.args.expressions("example", errors);

    let shape = shape(kind, item, errors);
    let concrete = generics::refuse_in_item(kind.a_noun(), &item.input.generics, errors);
    if !concrete {
        return None;
    }
    Some(Message {
        ident,
        root: root.unwrap_or_else(|| parse_quote!(::chanx)),
        lints: deprecation::silence(&item.input.attrs),
        action,
        shape: shape?,
        description: doc::text(&item.input.attrs),
        examples,
        rule: item.rule(),
    })
}

/// The item's own, or else that of the message that it is too.
fn action(kind: Kind, item: &Item, errors: &mut Errors) -> String {
    let ident = &item.input.ident;
    if let Some(own) = item.args.string("action", errors) {
        return action::action(kind, ident, Some(&own), errors);
    }
    let untold = &mut Errors::default();
    match item.shared.string("action", untold) {
        Some(shared) => action::action(kind, ident, Some(&shared), untold),
        None => action::action(kind, ident, None, errors),
    }
}

fn shape(kind: Kind, item: &Item, errors: &mut Errors) -> Option<Shape> {
    let Some(fields) = item.fields() else {
        refuse_kind_of_item(kind, item, errors);
        return None;
    };
    Some(match fields {
        Fields::Unit => Shape::Unit,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Shape::Newtype,
        Fields::Named(_) if item.is_transparent() => Shape::Newtype,
        Fields::Unnamed(_) | Fields::Named(_) => Shape::Fields,
    })
}

fn refuse_kind_of_item(kind: Kind, item: &Item, errors: &mut Errors) {
    let (derive, derive_enum) = (kind.derive(), kind.derive_enum());
    let (noun, a_noun) = (kind.noun(), kind.a_noun());
    match &item.input.data {
        Data::Enum(data) => errors.at(
            data.enum_token,
            format!(
                "`{derive}` is for structs; write `{derive_enum}` if each variant holds one {noun}, \
                 or wrap the enum in a struct if it is a payload"
            ),
        ),
        Data::Union(data) => errors.at(
            data.union_token,
            format!("`{derive}` is for structs; {a_noun} cannot be a union"),
        ),
        Data::Struct(_) => {}
    }
}
