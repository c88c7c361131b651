//! A value that is of another kind than its schema has.

use std::borrow::Cow;

use serde_json::Value as Schema;

use super::{
    super::kind::Kind,
    schemas::{is_of, types, word},
    value::{Shape, Value},
};

/// The mistake in a value by its schema alone.
pub(super) struct Misfit {
    pub(super) kind: Kind,
    /// A value, in JSON, of the kind that the schema has.
    pub(super) sample: Cow<'static, str>,
}

impl Misfit {
    /// Compares a value with the one type that these schemas allow, if it is one.
    pub(super) fn of(value: Value<'_>, schemas: &[&Schema]) -> Option<Self> {
        let types = types(schemas)?;
        let (wanted, nullable): (Vec<_>, Vec<_>) = types.iter().partition(|name| **name != "null");
        let shape = value.shape();
        if shape == Shape::Null && !nullable.is_empty() {
            return None;
        }
        match wanted[..] {
            _ if shape == Shape::Number && is_integer(&wanted) => Self::of_integer(value, schemas),
            [&"string"] if shape == Shape::String => Self::of_word(value, schemas),
            [name] if is_of(shape, name) => None,
            [name] => Self::named(name, schemas),
            [] => Some(Self::with_sample(Kind::NoneRequired, "null")),
            _ => None,
        }
    }

    fn named(name: &str, schemas: &[&Schema]) -> Option<Self> {
        let (kind, sample) = match name {
            "boolean" => (Kind::BoolType, "false"),
            "integer" => {
                let sample = Range::of(schemas).sample();
                return Some(Self::with_sample(Kind::IntType, sample));
            }
            "number" => (Kind::FloatType, "0"),
            "string" => return Some(Self::of_text(schemas)),
            "array" => (Kind::ListType, "[]"),
            "object" => (Kind::DictType, "{}"),
            _ => return None,
        };
        Some(Self::with_sample(kind, sample))
    }

    /// What is no text where there is to be one, or one of some words.
    fn of_text(schemas: &[&Schema]) -> Self {
        let any = r#""""#.to_owned();
        let mut texts = of_type("string", schemas);
        let first = |words: &Schema| words.as_array()?.first().map(ToString::to_string);
        let Some(text) = texts.next() else {
            return Self::with_sample(Kind::StringType, any);
        };
        match (text.get("enum").and_then(first), text.get("const")) {
            (Some(word), _) if texts.all(|other| other.get("enum").is_some()) => {
                Self::with_sample(Kind::Enum, word)
            }
            (_, Some(word)) => Self::with_sample(Kind::StringType, word.to_string()),
            _ => Self::with_sample(Kind::StringType, any),
        }
    }

    /// A text where there is to be one of some words.
    fn of_word(value: Value<'_>, schemas: &[&Schema]) -> Option<Self> {
        let mut words = Vec::new();
        for schema in of_type("string", schemas) {
            match (schema.get("const"), schema.get("enum")) {
                (Some(word), _) => words.push(word),
                (None, Some(Schema::Array(some))) => words.extend(some),
                _ => return None,
            }
        }
        let text = value.text().ok()?;
        let is_one = words.iter().any(|word| word.as_str() == Some(&text));
        let sample = words.first().filter(|_| !is_one)?.to_string();
        Some(Self::with_sample(Kind::Enum, sample))
    }

    /// A number where there is to be an integer of some width.
    fn of_integer(value: Value<'_>, schemas: &[&Schema]) -> Option<Self> {
        let range = Range::of(schemas);
        let kind = value.outside(range.least, range.most)?;
        Some(Self::with_sample(kind, range.sample()))
    }

    fn with_sample(kind: Kind, sample: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            sample: sample.into(),
        }
    }

    pub(super) fn expects_text(&self) -> bool {
        self.kind == Kind::StringType
    }
}

/// True if the number can only be an integer.
fn is_integer(types: &[&&str]) -> bool {
    types.contains(&&"integer") && !types.contains(&&"number")
}

fn of_type<'a>(name: &'a str, schemas: &'a [&'a Schema]) -> impl Iterator<Item = &'a Schema> {
    let allows =
        move |schema: &&Schema| types(&[*schema]).is_some_and(|types| types.contains(&name));
    schemas.iter().copied().filter(allows)
}

/// The range of an integer.
struct Range {
    least: i128,
    most: i128,
}

impl Range {
    /// The widest that these schemas say.
    fn of(schemas: &[&Schema]) -> Self {
        let integers = schemas
            .iter()
            .filter(|schema| types(&[**schema]).is_some_and(|types| types.contains(&"integer")));
        let bounds = integers.map(|schema| {
            let format = word(schema, "format").unwrap_or_default();
            let (least, most) = of_format(format);
            let bound = |key| schema.get(key).and_then(integer);
            (
                bound("minimum").unwrap_or(least),
                bound("maximum").unwrap_or(most),
            )
        });
        let widest = bounds.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        let (least, most) = widest.unwrap_or((i128::MIN, i128::MAX));
        Self { least, most }
    }

    fn sample(&self) -> String {
        0.clamp(self.least, self.most.max(self.least)).to_string()
    }
}

fn of_format(format: &str) -> (i128, i128) {
    match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX.into()),
        _ => (i128::MIN, i128::MAX),
    }
}

fn integer(bound: &Schema) -> Option<i128> {
    let signed = bound.as_i64().map(i128::from);
    signed.or_else(|| bound.as_u64().map(i128::from))
}
