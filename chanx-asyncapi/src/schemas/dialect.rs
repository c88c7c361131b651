//! The translation of schemars's schemas into the words that AsyncAPI's tools
//! understand.
//!
//! Each function looks at one schema; those within come by themselves.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// The keywords that describe a value without limiting it.
const NOTES: [&str; 8] = [
    "title",
    "description",
    "default",
    "deprecated",
    "examples",
    "readOnly",
    "writeOnly",
    "$comment",
];

/// Takes the title from a variant that is a named type, which has its own.
pub(super) fn plain_variants(schema: &mut Schema) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(variants)) = schema.get_mut(key) else {
            continue;
        };
        for variant in variants {
            let only = variant
                .as_object()
                .filter(|keys| keys.len() == 2 && keys.contains_key("title"))
                .and_then(|keys| the_only(keys.get("allOf")?));
            if let Some(reference) = only.cloned() {
                *variant = reference;
            }
        }
    }
}

/// A reference stands beside its notes: clients make no named type of a reference within
/// `allOf`, nor of one within `anyOf`.
pub(super) fn reference_with_notes(schema: &mut Schema) {
    let Some(keys) = schema.as_object_mut() else {
        return;
    };
    let limits = |key: &String| key != "allOf" && !NOTES.contains(&key.as_str());
    if keys.keys().any(limits) || keys.get("allOf").and_then(the_only).is_none() {
        return;
    }
    if let Some(Value::Array(mut only)) = keys.remove("allOf")
        && let Some(Value::Object(reference)) = only.pop()
    {
        keys.extend(reference);
    }
}

/// The names that JSON Schema has for formats of strings.
const FORMATS: [&str; 19] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// The largest `f32` as it is written, which is a little more than it is, and is read as it.
const MAX_FLOAT: f64 = 3.402_823_5e38;

/// Formats that JSON Schema does not know make strict readers refuse the document. Those of
/// numbers are said as bounds, an address of either kind as one of two formats, and the
/// times that have no zone by an example.
pub(super) fn known_formats(schema: &mut Schema) {
    let Some(keys) = schema.as_object_mut() else {
        return;
    };
    let Some(format) = keys.get("format").and_then(Value::as_str) else {
        return;
    };
    if FORMATS.contains(&format) {
        return;
    }
    let (least, most): (Option<Value>, Option<Value>) = match format {
        "int8" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "int16" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "int32" => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        "int64" | "int" => (Some(i64::MIN.into()), Some(i64::MAX.into())),
        "uint8" => (None, Some(u8::MAX.into())),
        "uint16" => (None, Some(u16::MAX.into())),
        "uint32" => (None, Some(u32::MAX.into())),
        "uint64" | "uint" => (None, Some(u64::MAX.into())),
        "float" => (Some((-MAX_FLOAT).into()), Some(MAX_FLOAT.into())),
        _ => (None, None),
    };
    let example = match format {
        "partial-date-time" => Some("2026-01-01T12:00:00"),
        "partial-time" => Some("12:00:00"),
        _ => None,
    };
    let either = (format == "ip").then(|| json!([{ "format": "ipv4" }, { "format": "ipv6" }]));
    keys.remove("format");
    if keys.get("type").is_some_and(allows_numbers) {
        bound(keys, ["minimum", "exclusiveMinimum"], least);
        bound(keys, ["maximum", "exclusiveMaximum"], most);
    }
    if let Some(example) = example {
        keys.entry("examples").or_insert_with(|| json!([example]));
    }
    if let Some(either) = either {
        keys.entry("anyOf").or_insert(either);
    }
}

/// True if a number is of the type, or of one of the types.
fn allows_numbers(kind: &Value) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(allows_numbers),
        kind => kind == "integer" || kind == "number",
    }
}

/// Sets a bound where there is none of that side.
fn bound(keys: &mut Map<String, Value>, [name, exclusive]: [&str; 2], limit: Option<Value>) {
    if let Some(limit) = limit
        && !keys.contains_key(exclusive)
    {
        keys.entry(name).or_insert(limit);
    }
}

/// Of several types, each gets a schema of its own: clients make no type of a list.
pub(super) fn one_type_each(schema: &mut Schema) {
    let Some(keys) = schema.as_object_mut() else {
        return;
    };
    let Some(Value::Array(types)) = keys.get("type") else {
        return;
    };
    if keys.contains_key("anyOf") {
        return;
    }
    let types = types.clone();
    let mut limits = std::mem::take(keys);
    for note in NOTES {
        if let Some((note, value)) = limits.remove_entry(note) {
            keys.insert(note, value);
        }
    }
    let each = types.into_iter().map(|one| of_type(one, &limits));
    keys.insert("anyOf".to_owned(), Value::Array(each.collect()));
}

/// The part of a schema that one of its types is about.
fn of_type(one: Value, limits: &Map<String, Value>) -> Value {
    if one == "null" {
        return json!({ "type": "null" });
    }
    let mut limits = limits.clone();
    limits.insert("type".to_owned(), one);
    if let Some(Value::Array(values)) = limits.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    Value::Object(limits)
}

/// An enum of unit variants is one list of values, even where the variants
/// have descriptions: these move to the enum's own.
pub(super) fn plain_enum(schema: &mut Schema) {
    let Some(variants) = schema.get("oneOf").and_then(Value::as_array) else {
        return;
    };
    let (mut values, mut described) = (Vec::new(), Vec::new());
    for variant in variants {
        let Some(variant) = Values::of(variant) else {
            return;
        };
        described.extend(variant.description());
        values.extend(variant.values);
    }

    let keys = schema.ensure_object();
    keys.remove("oneOf");
    keys.insert("type".to_owned(), "string".into());
    keys.insert("enum".to_owned(), Value::Array(values));
    if !described.is_empty() {
        if let Some(own) = keys.get("description").and_then(Value::as_str) {
            described.insert(0, format!("{own}\n"));
        }
        keys.insert("description".to_owned(), described.join("\n").into());
    }
}

/// The values of one variant, or of all those without a description.
struct Values {
    values: Vec<Value>,
    description: Option<String>,
}

impl Values {
    /// Nothing, where the variant is more than a list of strings.
    fn of(variant: &Value) -> Option<Self> {
        let keys = variant.as_object()?;
        let known = |key: &String| ["type", "const", "enum", "description"].contains(&key.as_str());
        if keys.get("type")? != "string" || !keys.keys().all(known) {
            return None;
        }
        let values = match (keys.get("const"), keys.get("enum")) {
            (Some(value), None) => vec![value.clone()],
            (None, Some(Value::Array(values))) => values.clone(),
            _ => return None,
        };
        let description = keys.get("description").and_then(Value::as_str);
        Some(Self {
            values,
            description: description.map(ToOwned::to_owned),
        })
    }

    /// The variant as an item of a Markdown list.
    fn description(&self) -> Option<String> {
        let [value] = self.values.as_slice() else {
            return None;
        };
        let description = self.description.as_deref()?.replace('\n', " ");
        Some(format!("- `{}`: {description}", value.as_str()?))
    }
}

/// The only element of a list, if it is a reference.
fn the_only(list: &Value) -> Option<&Value> {
    match list.as_array()?.as_slice() {
        [one] if one.get("$ref").is_some() => Some(one),
        _ => None,
    }
}
