//! Titles, which clients name their types after.
//!
//! Where a schema makes a type and has no title, clients number it.

use heck::ToUpperCamelCase;
use schemars::Schema;
use serde_json::{Map, Value};

use crate::names::TypeNames;

/// Gives a title to every object, choice and tuple that has none, from where it stands.
#[derive(Debug)]
pub(crate) struct Titles<'a> {
    taken: &'a mut TypeNames,
}

impl<'a> Titles<'a> {
    /// Titles that are not among those `taken`.
    pub(crate) fn beside(taken: &'a mut TypeNames) -> Self {
        Self { taken }
    }

    /// Titles a named type, and the objects within it.
    pub(crate) fn named(&mut self, name: &str, schema: &mut Schema) {
        if schema.get("$ref").is_some() {
            return;
        }
        let keys = schema.ensure_object();
        if !keys.contains_key("title") {
            keys.insert("title".to_owned(), name.into());
        }
        self.within(name, keys);
    }

    /// The schemas inside of what goes by `name`.
    fn within(&mut self, name: &str, keys: &mut Map<String, Value>) {
        for (key, value) in keys {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    for (property, schema) in properties {
                        self.anonymous(&of_property(name, property), schema);
                    }
                }
                ("items", Value::Array(items)) => {
                    for (index, item) in items.iter_mut().enumerate() {
                        self.anonymous(&format!("{name}{}", index + 1), item);
                    }
                }
                ("items", item) => self.anonymous(&format!("{name}Item"), item),
                ("additionalProperties", value) => {
                    self.anonymous(&format!("{name}Value"), value);
                }
                ("patternProperties", Value::Object(patterns)) => {
                    for schema in patterns.values_mut() {
                        self.anonymous(&format!("{name}Value"), schema);
                    }
                }
                ("anyOf" | "oneOf", Value::Array(variants)) => self.variants(name, variants),
                ("allOf", Value::Array(parts)) => {
                    for keys in parts.iter_mut().filter_map(Value::as_object_mut) {
                        self.within(name, keys);
                    }
                }
                _ => {}
            }
        }
    }

    /// A schema that its type gives no name.
    fn anonymous(&mut self, name: &str, schema: &mut Value) {
        let Some(keys) = schema.as_object_mut() else {
            return;
        };
        let titled = keys.contains_key("title");
        if makes_type(keys) && !titled {
            let name = self.taken.claim(name);
            self.within(&name, keys);
            keys.insert("title".to_owned(), name.into());
        } else {
            self.within(name, keys);
        }
    }

    fn variants(&mut self, name: &str, variants: &mut [Value]) {
        let optional = variants.len() == 2 && variants.iter().any(is_null);
        for (index, variant) in variants.iter_mut().enumerate() {
            let Some(keys) = variant.as_object_mut() else {
                continue;
            };
            let own = match variant_name(keys) {
                _ if optional => String::new(),
                Some(own) => own.to_upper_camel_case(),
                None => (index + 1).to_string(),
            };
            // Of an untagged variant it is the bare name, which others may have too.
            if keys.contains_key("properties") {
                keys.remove("title");
            }
            self.anonymous(&format!("{name}{own}"), variant);
        }
    }
}

/// True if clients make a type of the schema, and not a plain value.
fn makes_type(keys: &Map<String, Value>) -> bool {
    let makers = ["anyOf", "oneOf", "enum", "properties", "patternProperties"];
    makers.iter().any(|key| keys.contains_key(*key))
        || keys.get("items").is_some_and(Value::is_array)
}

/// The name that tells a variant from the others: its name, its tag or its only
/// property.
fn variant_name(keys: &Map<String, Value>) -> Option<String> {
    let properties = keys.get("properties").and_then(Value::as_object);
    let tag = || {
        let mut tags = properties?
            .values()
            .filter_map(|schema| schema.get("const"));
        tags.next()?.as_str()
    };
    let title = keys.get("title").and_then(Value::as_str);
    let only = || {
        let properties = properties.filter(|properties| properties.len() == 1)?;
        properties.keys().next().map(String::as_str)
    };
    title.or_else(tag).or_else(only).map(ToOwned::to_owned)
}

fn of_property(name: &str, property: &str) -> String {
    let property = property.to_upper_camel_case();
    // The only property of a variant goes by the variant's name.
    if name.ends_with(&property) {
        return format!("{name}Fields");
    }
    format!("{name}{property}")
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}
