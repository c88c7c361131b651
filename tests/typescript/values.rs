//! Values that a schema allows, drawn at random.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Just, Strategy, any},
    strategy::Union,
};
use schemars::Schema;
use serde_json::{Map, Value, json};

/// Draws values of schemas that may refer to named types.
pub(crate) struct Values<'a> {
    pub(crate) types: &'a BTreeMap<String, Schema>,
}

impl Values<'_> {
    /// Values of a schema, in which named types are resolved as often as `depth` says.
    pub(crate) fn of(&self, schema: &Value, depth: u32) -> BoxedStrategy<Value> {
        let Value::Object(keys) = schema else {
            return any_json();
        };
        let mut parts: Vec<BoxedStrategy<Value>> = Vec::new();
        if let Some(reference) = keys.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/$defs/").unwrap();
            let name = pointed_at(name);
            parts.push(self.of(self.types[&name].as_value(), depth.saturating_sub(1)));
        }
        if let Some(value) = keys.get("const") {
            parts.push(Just(value.clone()).boxed());
        } else if let Some(Value::Array(values)) = keys.get("enum") {
            parts.push(proptest::sample::select(values.clone()).boxed());
        } else if keys.contains_key("type") || keys.contains_key("properties") {
            parts.push(self.typed(keys, depth));
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(Value::Array(variants)) = keys.get(choice) {
                parts.push(self.one_of(variants, depth));
            }
        }
        for part in keys
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            parts.push(self.of(part, depth));
        }
        let all = parts.into_iter().reduce(|one, other| {
            let both = (one, other);
            both.prop_map(|both| match both {
                (Value::Object(mut one), Value::Object(other)) => {
                    one.extend(other);
                    Value::Object(one)
                }
                (_, other) => other,
            })
            .boxed()
        });
        all.unwrap_or_else(any_json)
    }

    /// Values that lead deeper are left out where it is deep enough.
    fn one_of(&self, variants: &[Value], depth: u32) -> BoxedStrategy<Value> {
        let text = |variant: &Value| variant.to_string().matches("$ref").count();
        let least = variants.iter().map(text).min().unwrap_or_default();
        let shallow = variants
            .iter()
            .filter(|one| depth > 0 || text(one) == least);
        Union::new(shallow.map(|one| self.of(one, depth))).boxed()
    }

    fn typed(&self, keys: &Map<String, Value>, depth: u32) -> BoxedStrategy<Value> {
        match keys.get("type") {
            Some(Value::Array(kinds)) => {
                let kinds = kinds.iter().map(|kind| self.kind(kind, keys, depth));
                Union::new(kinds).boxed()
            }
            Some(kind) => self.kind(kind, keys, depth),
            None => self.object(keys, depth),
        }
    }

    fn kind(&self, kind: &Value, keys: &Map<String, Value>, depth: u32) -> BoxedStrategy<Value> {
        match kind.as_str().unwrap() {
            "null" => Just(Value::Null).boxed(),
            "boolean" => any::<bool>().prop_map(Value::from).boxed(),
            "integer" => integer(keys),
            "number" => any::<i32>()
                .prop_map(|it| json!(f64::from(it) / 8.0))
                .boxed(),
            "string" => text(keys),
            "array" => self.list(keys, depth),
            "object" => self.object(keys, depth),
            other => panic!("{other}"),
        }
    }

    fn list(&self, keys: &Map<String, Value>, depth: u32) -> BoxedStrategy<Value> {
        let bound = |key: &str| Some(usize::try_from(keys.get(key)?.as_u64()?).unwrap());
        if let Some(Value::Array(first)) = keys.get("prefixItems") {
            let items: Vec<_> = first.iter().map(|one| self.of(one, depth)).collect();
            return items.prop_map(Value::from).boxed();
        }
        let Some(item) = keys.get("items") else {
            return Just(json!([])).boxed();
        };
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(if depth > 0 { 3 } else { 0 });
        if most == 0 {
            return Just(json!([])).boxed();
        }
        let list = vec(self.of(item, depth), least..=most.max(least));
        let unique = keys.get("uniqueItems").is_some();
        list.prop_map(move |mut items| {
            if unique {
                items.sort_by_key(Value::to_string);
                items.dedup();
            }
            Value::from(items)
        })
        .boxed()
    }

    fn object(&self, keys: &Map<String, Value>, depth: u32) -> BoxedStrategy<Value> {
        let required = keys.get("required").and_then(Value::as_array);
        let is_required =
            |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
        let properties = keys.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flatten().map(|(name, schema)| {
            let value = self.of(schema, depth);
            let value = if is_required(name) {
                value.prop_map(Some).boxed()
            } else {
                option::of(value).boxed()
            };
            let name = name.clone();
            value
                .prop_map(move |value| Some((name.clone(), value?)))
                .boxed()
        });
        let properties: Vec<_> = properties.collect();
        (properties, self.entries(keys, depth))
            .prop_map(|(properties, mut entries)| {
                entries.extend(properties.into_iter().flatten());
                Value::Object(entries)
            })
            .boxed()
    }

    /// The further members of an object.
    fn entries(&self, keys: &Map<String, Value>, depth: u32) -> BoxedStrategy<Map<String, Value>> {
        let (name, schema) = match (
            keys.get("patternProperties"),
            keys.get("additionalProperties"),
        ) {
            (Some(patterns), _) => {
                let (pattern, schema) = patterns.as_object().unwrap().iter().next().unwrap();
                assert!(pattern.contains("\\d"), "{pattern}");
                (
                    any::<u16>()
                        .prop_map(|number| json!(number.to_string()))
                        .boxed(),
                    schema,
                )
            }
            (None, Some(schema)) if schema != false => {
                ("extra_[a-z]{1,3}".prop_map(Value::from).boxed(), schema)
            }
            _ => return Just(Map::new()).boxed(),
        };
        vec((name, self.of(schema, depth)), 0..3)
            .prop_map(|entries| {
                let entries = entries.into_iter();
                entries
                    .map(|(name, value)| (name.as_str().unwrap().to_owned(), value))
                    .collect()
            })
            .boxed()
    }
}

fn any_json() -> BoxedStrategy<Value> {
    let values = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!("text"),
        json!([1, "two"]),
        json!({"a": [null]}),
    ];
    proptest::sample::select(values.to_vec()).boxed()
}

/// Numbers of a width, as far as JavaScript has them.
fn integer(keys: &Map<String, Value>) -> BoxedStrategy<Value> {
    const EXACT: i64 = 1 << 53;
    let format = keys
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (least, most) = match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, EXACT),
        _ => (-EXACT, EXACT),
    };
    let bound = |key: &str| keys.get(key).and_then(Value::as_i64);
    let (least, most) = (
        bound("minimum").unwrap_or(least).max(least),
        bound("maximum").unwrap_or(most),
    );
    (least..=most).prop_map(Value::from).boxed()
}

fn text(keys: &Map<String, Value>) -> BoxedStrategy<Value> {
    let format = keys
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let fixed = |text: &str| Just(json!(text)).boxed();
    match format {
        "uuid" => any::<u128>()
            .prop_map(|id| json!(uuid::Uuid::from_u128(id)))
            .boxed(),
        "date-time" => fixed("2026-11-26T12:00:00.5Z"),
        "partial-date-time" => fixed("2026-11-26T12:00:00"),
        "date" => fixed("2026-11-26"),
        "partial-time" => fixed("12:00:00"),
        "ip" => proptest::sample::select(vec![json!("127.0.0.1"), json!("::1")]).boxed(),
        "" if keys.get("maxLength").is_some() => any::<char>().prop_map(|it| json!(it)).boxed(),
        "" => "[ -~\u{e4}\u{2028}\u{1f980}]{0,6}"
            .prop_map(Value::from)
            .boxed(),
        other => panic!("no texts of the format {other} are known"),
    }
}

/// A name as a pointer in an address has it (RFC 6901 §6).
fn pointed_at(part: &str) -> String {
    let decoded = percent_decode_str(part).decode_utf8_lossy();
    decoded.replace("~1", "/").replace("~0", "~")
}
