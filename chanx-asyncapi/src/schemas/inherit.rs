//! Variants that hold a named type, with that type's properties written out.
//!
//! schemars says that such a variant is all of the type and the tag. Clients
//! make no type of that.

use schemars::Schema;
use serde_json::Value;

use super::each_within;

/// The definition that a reference names.
type Resolve<'a> = dyn Fn(&Value) -> Option<&'a Schema> + 'a;

/// Writes out what the variants of `schema` inherit.
pub(super) fn inherit(schema: &mut Schema, resolve: &Resolve<'_>) {
    each_within(schema, &mut |schema| {
        let Some(Value::Array(variants)) = schema.get_mut("oneOf") else {
            return;
        };
        for variant in variants {
            if let Some(whole) = whole(variant, resolve) {
                *variant = whole;
            }
        }
    });
}

/// The variant and what it inherits as one, where that can be said so.
fn whole(variant: &Value, resolve: &Resolve<'_>) -> Option<Value> {
    let own = variant.as_object()?;
    own.get("properties")?;
    let [parent] = own.get("allOf")?.as_array()?.as_slice() else {
        return None;
    };
    let parent = resolve(parent)?.as_object()?;
    let mixed = ["allOf", "anyOf", "oneOf", "not", "if"];
    if mixed.iter().any(|key| parent.contains_key(*key)) || !parent.contains_key("properties") {
        return None;
    }

    let mut whole = parent.clone();
    for (key, value) in own {
        match (key.as_str(), whole.get_mut(key), value) {
            ("allOf", ..) => {}
            ("properties", Some(Value::Object(inherited)), Value::Object(own)) => {
                inherited.extend(own.clone());
            }
            ("required", Some(Value::Array(inherited)), Value::Array(own)) => {
                inherited.extend(own.iter().cloned());
            }
            _ => {
                whole.insert(key.clone(), value.clone());
            }
        }
    }
    Some(Value::Object(whole))
}
