//! What a schema says, as a type.

use std::collections::{BTreeMap, BTreeSet};

use chanx_core::describe::referred_type;
use serde_json::{Map, Value};

use super::{Property, Type, Variant};
use crate::{comment::Comment, names::quoted};

/// A list that always has as many elements as this is a tuple, if they are no more.
const SHORT: u64 = 8;

/// Makes types of schemas.
pub(crate) struct Converter {
    /// What named types are called, by their keys in the protocol.
    pub(crate) names: BTreeMap<String, String>,
    /// The names of those that are objects without any property.
    pub(crate) empty: BTreeSet<String>,
}

impl Converter {
    /// The type of a schema.
    pub(crate) fn of(&self, schema: &Value) -> Type {
        match schema {
            Value::Bool(false) => Type::NEVER,
            Value::Object(keys) => self.keys(keys),
            _ => Type::ANY,
        }
    }

    /// Each of what a schema says restricts the rest.
    fn keys(&self, keys: &Map<String, Value>) -> Type {
        let mut parts = Vec::new();
        if let Some(reference) = keys.get("$ref").and_then(Value::as_str) {
            parts.push(self.named(reference));
        }
        if let Some(value) = keys.get("const") {
            parts.push(literal(value));
        } else if let Some(Value::Array(values)) = keys.get("enum") {
            let literals = values.iter().map(|value| Variant::from(literal(value)));
            parts.push(Type::one_of(literals));
        } else {
            parts.extend(self.typed(keys));
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(Value::Array(variants)) = keys.get(choice) {
                parts.push(Type::one_of(variants.iter().map(|one| self.variant(one))));
            }
        }
        if let Some(Value::Array(all)) = keys.get("allOf") {
            parts.extend(all.iter().map(|one| self.of(one)));
        }
        if parts.len() > 1 {
            // It says that there is no property, which is true of it alone.
            let is_empty = |part: &Type| match part {
                Type::Named(name) => self.empty.contains(name),
                part => *part == Type::Object(Vec::new(), None),
            };
            parts.retain(|part| !is_empty(part));
        }
        Type::all_of(parts)
    }

    fn variant(&self, schema: &Value) -> Variant {
        let comment = match schema.get("description") {
            Some(_) => Comment::of(schema),
            None => Comment::default(),
        };
        Variant {
            comment,
            of: self.of(schema),
        }
    }

    fn named(&self, reference: &str) -> Type {
        let key = referred_type(reference);
        let name = key.and_then(|key| self.names.get(&key));
        name.map_or(Type::ANY, |name| Type::Named(name.clone()))
    }

    /// What `type` and the words that go with it say.
    fn typed(&self, keys: &Map<String, Value>) -> Option<Type> {
        let of = |kind: &Value| self.kind(kind.as_str().unwrap_or_default(), keys);
        match keys.get("type") {
            Some(Value::Array(kinds)) => Some(Type::one_of(kinds.iter().map(|k| of(k).into()))),
            Some(kind) => Some(of(kind)),
            None if keys.contains_key("properties") => Some(self.object(keys)),
            None if keys.contains_key("prefixItems") => Some(self.list(keys)),
            None => None,
        }
    }

    fn kind(&self, kind: &str, keys: &Map<String, Value>) -> Type {
        match kind {
            "null" => Type::NULL,
            "boolean" => Type::Word("boolean"),
            "integer" | "number" => Type::NUMBER,
            "string" => Type::STRING,
            "array" => self.list(keys),
            "object" => self.object(keys),
            _ => Type::ANY,
        }
    }

    fn list(&self, keys: &Map<String, Value>) -> Type {
        let number = |key: &str| keys.get(key).and_then(Value::as_u64);
        let items = keys.get("items");
        if let Some(Value::Array(first)) = keys.get("prefixItems") {
            let elements: Vec<_> = first.iter().map(|one| self.of(one)).collect();
            let closed = number("maxItems") == u64::try_from(first.len()).ok();
            let rest = match items {
                Some(Value::Bool(false)) => None,
                _ if closed => None,
                rest => Some(Box::new(rest.map_or(Type::ANY, |rest| self.of(rest)))),
            };
            return Type::Tuple(elements, rest);
        }
        let item = items.map_or(Type::ANY, |items| self.of(items));
        match (number("minItems"), number("maxItems")) {
            (_, Some(0)) => Type::Tuple(Vec::new(), None),
            (Some(least), Some(most)) if least == most && most <= SHORT => {
                let elements = std::iter::repeat_n(item, usize::try_from(most).unwrap_or(0));
                Type::Tuple(elements.collect(), None)
            }
            _ => Type::Array(Box::new(item)),
        }
    }

    fn object(&self, keys: &Map<String, Value>) -> Type {
        let required = keys.get("required").and_then(Value::as_array);
        let is_required =
            |name: &str| required.is_some_and(|required| required.iter().any(|one| one == name));
        let properties = keys.get("properties").and_then(Value::as_object);
        let properties: Vec<_> = properties
            .into_iter()
            .flatten()
            .map(|(name, schema)| Property {
                comment: Comment::of(schema),
                name: name.clone(),
                optional: !is_required(name),
                of: self.of(schema),
            })
            .collect();
        let Some((key, value)) = self.entries(keys) else {
            return Type::Object(properties, None);
        };
        if properties.is_empty() {
            return Type::Record(Box::new(key), Box::new(value));
        }
        // An object's other keys have to agree with those that it has by name.
        let optional = properties.iter().any(|property| property.optional);
        let missing = optional.then_some(Type::Word("undefined"));
        let named = properties.iter().map(|property| property.of.clone());
        let each = std::iter::once(value).chain(named).chain(missing);
        let each = Type::one_of(each.map(Variant::from));
        Type::Object(properties, Some(Box::new(each)))
    }

    /// The types of the keys and the values that an object may have besides.
    fn entries(&self, keys: &Map<String, Value>) -> Option<(Type, Type)> {
        if let Some(Value::Object(patterns)) = keys.get("patternProperties") {
            let (pattern, schema) = patterns.iter().next()?;
            let is_number = pattern.contains("\\d");
            let key = if is_number {
                Type::NUMBER
            } else {
                Type::STRING
            };
            return Some((key, self.of(schema)));
        }
        match keys.get("additionalProperties")? {
            Value::Bool(false) => None,
            schema => Some((Type::STRING, self.of(schema))),
        }
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Null => Type::NULL,
        Value::String(text) => Type::Literal(quoted(text)),
        Value::Bool(_) | Value::Number(_) => Type::Literal(value.to_string()),
        Value::Array(values) => Type::Tuple(values.iter().map(literal).collect(), None),
        Value::Object(keys) => {
            let properties = keys.iter();
            let properties = properties.map(|(name, value)| Property::new(name, literal(value)));
            Type::Object(properties.collect(), None)
        }
    }
}
