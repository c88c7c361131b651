//! The check that an enum is one of messages or events; it puts an error under the
//! words at fault.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Fields, Ident, Path, Type, Variant, parse_quote};

use super::parse::Enum;
use crate::{deprecation, errors::Errors, generics, kind::Kind};

/// An enum that can be expanded.
pub(super) struct Messages<'a> {
    pub(super) kind: Kind,
    pub(super) ident: &'a Ident,
    pub(super) root: Path,
    /// Attributes of every item that is generated.
    pub(super) lints: Option<TokenStream>,
    /// All variants but the last.
    pub(super) others: Vec<Held<'a>>,
    pub(super) last: Held<'a>,
    /// Variants with a mistake, which a `match` must name all the same.
    pub(super) left_out: Vec<&'a Ident>,
}

/// A variant and the message it holds.
pub(super) struct Held<'a> {
    pub(super) variant: &'a Ident,
    pub(super) message: &'a Type,
}

impl<'a> Messages<'a> {
    pub(super) fn variants(&self) -> impl Iterator<Item = &Held<'a>> {
        self.others.iter().chain([&self.last])
    }
}

pub(super) fn messages<'a>(
    kind: Kind,
    parsed: &'a Enum,
    errors: &mut Errors,
) -> Option<Messages<'a>> {
    let noun = kind.noun();
    let root = parsed.args.path("crate", errors);
    let an_enum = format!("an enum of {noun}s");
    let concrete = generics::refuse_in_item(&an_enum, &parsed.generics, errors);

    let mut variants = Vec::new();
    let mut left_out = Vec::new();
    for variant in &parsed.variants {
        match held(kind, variant, &variants, errors) {
            Some(held) => variants.push(held),
            None => left_out.push(&variant.ident),
        }
    }
    if parsed.variants.is_empty() {
        let mistake = format!("{an_enum} needs a variant, such as `Name(Type)`");
        errors.at(&parsed.ident, mistake);
    }
    let last = variants.pop()?;
    concrete.then(|| Messages {
        kind,
        ident: &parsed.ident,
        root: root.unwrap_or_else(|| parse_quote!(::chanx)),
        lints: deprecation::silence(parsed.attrs()),
        others: variants,
        last,
        left_out,
    })
}

fn held<'a>(
    kind: Kind,
    variant: &'a Variant,
    earlier: &[Held<'a>],
    errors: &mut Errors,
) -> Option<Held<'a>> {
    let noun = kind.noun();
    let ident = &variant.ident;
    let field = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0],
        Fields::Unnamed(_) | Fields::Named(_) | Fields::Unit => {
            let mistake = format!("a variant holds one {noun}: write `{ident}(Type)`");
            errors.at(variant, mistake);
            return None;
        }
    };
    let same = earlier.iter().find(|held| alike(held.message, &field.ty));
    if let Some(Held { variant, .. }) = same {
        errors.at(
            &field.ty,
            format!("the variant `{variant}` holds this {noun} already"),
        );
        return None;
    }
    Some(Held {
        variant: ident,
        message: &field.ty,
    })
}

/// True if two types are written alike.
fn alike(one: &Type, other: &Type) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}
