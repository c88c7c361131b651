//! The schemas of what is received and what is sent: one where it is true of both.

use std::collections::{BTreeMap, HashSet};

use schemars::{
    Schema,
    transform::{RecursiveTransform, Transform},
};
use serde_json::{Map, Value};

use super::{free_name::free_name, reference::referred_type};

/// Named types by what schemars calls them: an object of schemas.
pub(super) type Types = Map<String, Value>;

/// The way that a message goes, as the server sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From the client: the schema is of what deserialises.
    Received,
    /// To the client: the schema is of what is serialised.
    Sent,
}

impl Way {
    /// Stands behind the name of what goes the other way too, and differs there.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::Sent => "Sent",
        }
    }
}

/// A question: may the schema of what is received, its first argument, stand for what
/// is sent, its second?
pub(super) type Agree = fn(&Value, &Value) -> bool;

/// True if one schema is for both, with all that it refers to.
pub(super) fn is_one(received: (&Schema, &Types), sent: (&Schema, &Types), agree: Agree) -> bool {
    let (root, types) = (received.0.as_value(), received.1);
    agree(root, sent.0.as_value())
        && differing(types, sent.1, agree).is_disjoint(&reachable(vec![root], types))
}

/// The named types, and of those that are there twice the name of what is
/// sent by that of what is received.
pub(super) struct Merged {
    pub(super) types: Types,
    pub(super) sent_as: BTreeMap<String, String>,
}

/// All types that the schemas of what is received and of what is sent lead to.
///
/// A type that goes both ways and differs gets a second name for what is sent,
/// and what is sent is changed to refer to that.
pub(super) fn merge(
    mut received: Types,
    mut sent: Types,
    roots: Vec<&Value>,
    changed: &mut [&mut Schema],
    agree: Agree,
) -> Merged {
    keep(&mut received, roots);
    let sent_roots = changed.iter().map(|schema| schema.as_value());
    keep(&mut sent, sent_roots.collect());

    let mut names = BTreeMap::new();
    for name in differing(&received, &sent, agree) {
        let suffixed = format!("{name}{}", Way::Sent.suffix());
        let is_free = |own: &str| !received.contains_key(own) && !sent.contains_key(own);
        let own = free_name(&suffixed, is_free);
        names.insert(name, own);
    }
    for schema in changed {
        rename(schema, &names);
    }
    for (name, mut schema) in sent {
        if let Ok(schema) = <&mut Schema>::try_from(&mut schema) {
            rename(schema, &names);
        }
        let name = names.get(&name).cloned().unwrap_or(name);
        received.entry(name).or_insert(schema);
    }
    Merged {
        types: received,
        sent_as: names,
    }
}

/// True if the schema of what is received is true of what is sent.
///
/// It is where they are the same, and where more is always there in what is
/// sent than has to be there in what is received.
pub(super) fn serves(received: &Value, sent: &Value) -> bool {
    match (received, sent) {
        (Value::Object(received), Value::Object(sent)) => {
            let only_sent = sent.keys().filter(|key| !received.contains_key(*key));
            let mut keys = received.keys().chain(only_sent);
            keys.all(|key| match (received.get(key), sent.get(key)) {
                (Some(Value::Array(needed)), Some(Value::Array(there))) if key == "required" => {
                    needed.iter().all(|name| there.contains(name))
                }
                (None, Some(Value::Array(_))) if key == "required" => true,
                (Some(received), Some(sent)) => serves(received, sent),
                (None, _) | (_, None) => false,
            })
        }
        (Value::Array(received), Value::Array(sent)) => {
            received.len() == sent.len()
                && received
                    .iter()
                    .zip(sent)
                    .all(|(one, other)| serves(one, other))
        }
        _ => received == sent,
    }
}

/// The names of the types of which one schema is not for both, whether by
/// themselves or by what they refer to.
fn differing(received: &Types, sent: &Types, agree: Agree) -> HashSet<String> {
    let mut differing = HashSet::new();
    loop {
        let known = differing.len();
        for (name, one) in received {
            let Some(other) = sent.get(name) else {
                continue;
            };
            let differs = || {
                let refers = |name: &String| differing.contains(name);
                !agree(one, other) || references(one).iter().any(refers)
            };
            if !differing.contains(name) && differs() {
                differing.insert(name.clone());
            }
        }
        if differing.len() == known {
            return differing;
        }
    }
}

/// Forgets the types that none of the roots leads to.
fn keep(types: &mut Types, roots: Vec<&Value>) {
    let reached = reachable(roots, types);
    for (name, schema) in std::mem::take(types) {
        if reached.contains(&name) {
            types.insert(name, schema);
        }
    }
}

fn reachable<'a>(mut waiting: Vec<&'a Value>, types: &'a Types) -> HashSet<String> {
    let mut reached = HashSet::new();
    while let Some(schema) = waiting.pop() {
        for name in references(schema) {
            if !reached.contains(&name) {
                waiting.extend(types.get(&name));
                reached.insert(name);
            }
        }
    }
    reached
}

/// The types that a schema refers to, anywhere within.
fn references(schema: &Value) -> Vec<String> {
    let mut references = Vec::new();
    if let Ok(mut schema) = Schema::try_from(schema.clone()) {
        each_within(&mut schema, &mut |schema| {
            references.extend(referred(schema));
        });
    }
    references
}

fn rename(schema: &mut Schema, names: &BTreeMap<String, String>) {
    each_within(schema, &mut |schema| {
        let Some(old) = referred(schema) else {
            return;
        };
        let reference = schema.get("$ref").and_then(Value::as_str);
        // The new name is the old one and what stands behind it, which needs no encoding.
        let renamed = names.get(&old).and_then(|new| new.strip_prefix(&old));
        if let (Some(reference), Some(behind)) = (reference, renamed) {
            let reference = format!("{reference}{behind}");
            schema.insert("$ref".to_owned(), reference.into());
        }
    });
}

/// Calls `change` for a schema and for all within. It is given as `dyn`, so that the walk is
/// compiled once.
fn each_within(schema: &mut Schema, change: &mut dyn FnMut(&mut Schema)) {
    RecursiveTransform(|schema: &mut Schema| change(schema)).transform(schema);
}

/// The type that a schema is a reference to.
fn referred(schema: &Schema) -> Option<String> {
    referred_type(schema.get("$ref")?.as_str()?)
}
