//! Types, from a schema to TypeScript.

mod convert;
mod named;
mod write;

use crate::comment::Comment;

pub(crate) use convert::Converter;
pub(crate) use named::NamedTypes;

/// A type of TypeScript.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    /// A word that TypeScript or the client has for it.
    Word(&'static str),
    /// One value, as it is written.
    Literal(String),
    /// A named type.
    Named(String),
    Array(Box<Self>),
    Tuple(Vec<Self>, Option<Box<Self>>),
    Record(Box<Self>, Box<Self>),
    Object(Vec<Property>, Option<Box<Self>>),
    Union(Vec<Variant>),
    All(Vec<Self>),
    /// One of the client's types, of these.
    Generic(&'static str, Vec<Self>),
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Property {
    pub(crate) comment: Comment,
    pub(crate) name: String,
    pub(crate) optional: bool,
    pub(crate) of: Type,
}

/// One type of a union.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variant {
    pub(crate) comment: Comment,
    pub(crate) of: Type,
}

impl Type {
    pub(crate) const ANY: Self = Self::Word("JsonValue");
    pub(crate) const NEVER: Self = Self::Word("never");
    pub(crate) const NULL: Self = Self::Word("null");
    pub(crate) const NUMBER: Self = Self::Word("number");
    pub(crate) const STRING: Self = Self::Word("string");

    /// An object with these properties, and maybe others.
    pub(crate) fn object(properties: Vec<Property>) -> Self {
        if properties.is_empty() {
            return Self::Word("{}");
        }
        Self::Object(properties, None)
    }

    /// One of these, flat and without repetition.
    pub(crate) fn one_of(variants: impl IntoIterator<Item = Variant>) -> Self {
        let mut flat: Vec<Variant> = Vec::new();
        for variant in variants {
            let inner = match variant.of {
                Self::Union(inner) if variant.comment == Comment::default() => inner,
                of => vec![Variant { of, ..variant }],
            };
            for one in inner {
                let is_new = flat.iter().all(|known| known.of != one.of);
                if is_new && one.of != Self::NEVER {
                    flat.push(one);
                }
            }
        }
        match flat.as_slice() {
            [] => Self::NEVER,
            [Variant { comment, .. }] if *comment == Comment::default() => flat.remove(0).of,
            _ => Self::Union(flat),
        }
    }

    /// Calls `found` with the name of each named type in it.
    pub(crate) fn visit_names<'a>(&'a self, found: &mut impl FnMut(&'a str)) {
        match self {
            Self::Word(_) | Self::Literal(_) => {}
            Self::Named(name) => found(name),
            Self::Array(item) => item.visit_names(found),
            Self::Tuple(elements, rest) => {
                let all = elements.iter().chain(rest.as_deref());
                all.for_each(|one| one.visit_names(found));
            }
            Self::Record(key, value) => {
                key.visit_names(found);
                value.visit_names(found);
            }
            Self::Object(properties, rest) => {
                let properties = properties.iter().map(|property| &property.of);
                let all = properties.chain(rest.as_deref());
                all.for_each(|one| one.visit_names(found));
            }
            Self::Union(variants) => {
                let all = variants.iter().map(|variant| &variant.of);
                all.for_each(|one| one.visit_names(found));
            }
            Self::All(parts) | Self::Generic(_, parts) => {
                parts.iter().for_each(|one| one.visit_names(found));
            }
        }
    }

    /// All of these at once.
    pub(crate) fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut parts: Vec<_> = parts.into_iter().collect();
        match parts.len() {
            0 => Self::ANY,
            1 => parts.remove(0),
            _ => Self::All(parts),
        }
    }
}

impl Property {
    /// A property that is always there.
    pub(crate) fn new(name: impl Into<String>, of: Type) -> Self {
        Self {
            comment: Comment::default(),
            name: name.into(),
            optional: false,
            of,
        }
    }
}

impl From<Type> for Variant {
    fn from(of: Type) -> Self {
        Self {
            comment: Comment::default(),
            of,
        }
    }
}
