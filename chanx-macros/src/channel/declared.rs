//! The types a channel declares, each of them once.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Meta, Type};

/// Actions that a handler takes for itself.
pub(super) struct Claim<'a> {
    /// The method, or the `passthrough` that takes them.
    pub(super) by: String,
    /// The same for a reader who does not know the block.
    pub(super) by_of: String,
    pub(super) claimed: &'a Type,
    pub(super) conditions: &'a [Attribute],
}

/// Types told apart by how they are written, in order of declaration.
#[derive(Default)]
pub(super) struct Declared<'a>(Vec<Declaration<'a>>);

/// One type, and the `#[cfg]`s of each method that declares it.
pub(super) struct Declaration<'a> {
    pub(super) declared: &'a Type,
    conditions: Vec<&'a [Attribute]>,
}

impl<'a> Declared<'a> {
    /// The types that the claims are about.
    pub(super) fn claimed(claims: &'a [Claim<'a>]) -> Self {
        let mut declared = Self::default();
        for claim in claims {
            declared.add(claim.claimed, claim.conditions);
        }
        declared
    }

    pub(super) fn add(&mut self, declared: &'a Type, conditions: &'a [Attribute]) {
        let written = words(declared);
        let known = self
            .0
            .iter_mut()
            .find(|known| words(known.declared) == written);
        match known {
            Some(known) => known.conditions.push(conditions),
            None => self.0.push(Declaration {
                declared,
                conditions: vec![conditions],
            }),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Declaration<'a>> {
        self.0.iter()
    }
}

impl Declaration<'_> {
    /// The `#[cfg]`s under which any of the declarations stands.
    pub(super) fn condition(&self) -> TokenStream {
        if let [only] = self.conditions[..] {
            return quote!(#(#only)*);
        }
        if self
            .conditions
            .iter()
            .any(|conditions| conditions.is_empty())
        {
            return TokenStream::new();
        }
        let any = self.conditions.iter().map(|conditions| {
            let all = conditions.iter().filter_map(|attr| match &attr.meta {
                Meta::List(list) => Some(&list.tokens),
                Meta::Path(_) | Meta::NameValue(_) => None,
            });
            quote!(all(#(#all),*))
        });
        quote!(#[cfg(any(#(#any),*))])
    }
}

/// A type, or a field, as it is written, up to spaces.
pub(super) fn words(written: &impl ToTokens) -> String {
    written.to_token_stream().to_string().replace(' ', "")
}
