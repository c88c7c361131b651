//! Frames of every kind, for what holds for all of them.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::order;

/// Any JSON of up to four levels.
pub(super) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 32, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// A name that may be given back: at most 128 bytes.
pub(super) fn any_name() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("at most 128 bytes", |name| name.len() <= 128)
}

/// The pieces of which frames, and what is nearly one, are made.
pub(super) fn any_soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\"",
        "\\",
        "1",
        "-",
        "null",
        "true",
        "\"action\":",
        "\"payload\":",
        "\"ref\":",
        "\"topic\":",
        "\"version\":",
        "\"seq\":",
        "\"order\"",
        "\"é\"",
        "\\ud83d",
        "\\ude00",
        "{\"id\":1}",
        "[[]]",
        "\"\\u0061ction\":",
        "\"items\":",
        ",1",
    ];
    vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// A frame with these members between others that mean nothing, in any order.
pub(super) fn any_frame(members: Vec<(&'static str, Value)>) -> impl Strategy<Value = String> {
    let extra = vec(("x[a-z]{0,4}", any_json()), 0..3);
    let members: Vec<_> = members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    extra
        .prop_map(move |extra| [members.clone(), extra].concat())
        .prop_shuffle()
        .prop_map(|members| {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {value}", json!(key)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(" ,"))
        })
}

/// The path of every field that an order cannot do without.
pub(super) fn required_fields() -> Vec<Vec<Value>> {
    let fields = [
        "id", "note", "paid", "price", "items", "address", "labels", "state",
    ];
    let mut paths: Vec<_> = fields.iter().map(|field| vec![json!(field)]).collect();
    paths.push(vec![json!("address"), json!("street")]);
    for index in [0, 1] {
        paths.push(vec![json!("items"), json!(index), json!("id")]);
        paths.push(vec![json!("items"), json!(index), json!("name")]);
    }
    paths
}

pub(super) fn pointer(path: &[Value]) -> String {
    let steps = path.iter().map(|step| match step {
        Value::String(key) => format!("/{key}"),
        index => format!("/{index}"),
    });
    steps.collect()
}

pub(super) fn located(path: &[Value]) -> Value {
    let prefix = [json!("order"), json!("payload")];
    prefix.iter().chain(path).cloned().collect()
}

pub(super) fn field(path: &[Value]) -> Value {
    order().pointer(&pointer(path)).cloned().unwrap()
}

pub(super) fn take(payload: &mut Value, path: &[Value]) {
    let (last, parents) = path.split_last().unwrap();
    let parent = payload.pointer_mut(&pointer(parents)).unwrap();
    let _ = parent
        .as_object_mut()
        .unwrap()
        .remove(last.as_str().unwrap());
}

/// JSON's name for the kind of a value.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The `type` of a value of another kind at this path.
pub(super) fn expected(path: &[Value]) -> &'static str {
    match (path.last().and_then(Value::as_str), kind_of(&field(path))) {
        (Some("state"), _) => "enum",
        (Some("price"), _) => "float_type",
        (_, "number") => "int_type",
        (_, "string") => "string_type",
        (_, "boolean") => "bool_type",
        (_, "array") => "list_type",
        (_, _) => "dict_type",
    }
}
