//! The texts of a payload of which its schema says what they are.

use std::ops::Range;

use serde_json::Value as Schema;

use super::{
    super::Location,
    fault::Fault,
    format::Format,
    parts::{Member, items, members},
    value::{Shape, Value},
};

/// How many texts are told.
const MAX_TEXTS: usize = 64;
/// How many schemas are looked at, each as often as there is a value for it.
const MAX_STEPS: usize = 16 * 1024;

/// A text of which the schema says what it is.
pub(super) struct Text {
    pub(super) path: Vec<Location>,
    /// Where in the payload, quotes included.
    pub(super) place: Range<usize>,
    pub(super) format: Format,
}

/// The texts that may be at fault, in the order of the payload.
pub(super) fn texts(json: &str, schema: &Schema, fault: &Fault) -> Vec<Text> {
    let mut walk = Walk {
        json,
        root: schema,
        towards: fault.path().cloned().collect(),
        goes_on: fault.is_within(),
        path: Vec::new(),
        steps: MAX_STEPS,
        texts: Vec::new(),
    };
    walk.value(json, &[schema]);
    walk.texts
}

/// A walk through a payload and its schema at once.
struct Walk<'a> {
    json: &'a str,
    root: &'a Schema,
    /// The path of the fault, to which the walk goes straight.
    towards: Vec<Location>,
    /// Whether it goes on to everything within.
    goes_on: bool,
    path: Vec<Location>,
    steps: usize,
    texts: Vec<Text>,
}

impl<'a> Walk<'a> {
    /// A value of which these schemas are true, or some of them.
    fn value(&mut self, json: &'a str, schemas: &[&'a Schema]) {
        if self.steps == 0 || self.texts.len() == MAX_TEXTS {
            return;
        }
        let shape = Value::new(json).shape();
        let members = match shape {
            Shape::Object => members(json).unwrap_or_default(),
            _ => Vec::new(),
        };
        let mut all = Vec::new();
        for schema in schemas {
            self.unfold(schema, &members, &mut all);
        }
        match shape {
            Shape::String if self.path.len() >= self.towards.len() => self.text(json, &all),
            Shape::Object => {
                for (key, value) in members {
                    let within = all.iter().flat_map(|schema| of_member(schema, &key));
                    let within = within.collect();
                    self.step(Location::from(key), value.get(), within);
                }
            }
            Shape::List => {
                for (index, item) in items(json).unwrap_or_default().into_iter().enumerate() {
                    let within = all.iter().filter_map(|schema| of_item(schema, index));
                    let within = within.collect();
                    self.step(Location::from(index), item.get(), within);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, step: Location, json: &'a str, schemas: Vec<&'a Schema>) {
        let is_on_the_way = match self.towards.get(self.path.len()) {
            Some(next) => *next == step,
            None => self.goes_on,
        };
        if is_on_the_way && !schemas.is_empty() {
            self.path.push(step);
            self.value(json, &schemas);
            self.path.pop();
        }
    }

    /// A text, unless its schemas say different things of it.
    fn text(&mut self, json: &'a str, schemas: &[&Schema]) {
        let mut names: Vec<_> = schemas.iter().filter_map(|it| word(it, "format")).collect();
        names.dedup();
        let [name] = names[..] else {
            return;
        };
        if let Some(format) = Format::named(name) {
            let start = json.as_ptr().addr() - self.json.as_ptr().addr();
            self.texts.push(Text {
                path: self.path.clone(),
                place: start..start + json.len(),
                format,
            });
        }
    }

    /// A schema and all that it is made of, save what is true of other variants.
    fn unfold(&mut self, schema: &'a Schema, members: &[Member<'_>], all: &mut Vec<&'a Schema>) {
        let is_known = all.iter().any(|known| std::ptr::eq(*known, schema));
        if is_known || self.steps == 0 || is_of_another_variant(schema, members) {
            return;
        }
        self.steps -= 1;
        all.push(schema);
        let root = self.root;
        let referred = word(schema, "$ref").and_then(|to| root.pointer(to.strip_prefix('#')?));
        if let Some(referred) = referred {
            self.unfold(referred, members, all);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let parts = schema.get(keyword).and_then(Schema::as_array);
            for part in parts.into_iter().flatten() {
                self.unfold(part, members, all);
            }
        }
    }
}

/// What a schema says of a member of an object.
fn of_member<'a>(schema: &'a Schema, key: &str) -> Vec<&'a Schema> {
    if let Some(named) = schema.get("properties").and_then(|all| all.get(key)) {
        return vec![named];
    }
    let patterns = schema.get("patternProperties").and_then(Schema::as_object);
    let patterns = patterns.into_iter().flat_map(|all| all.values());
    patterns.chain(schema.get("additionalProperties")).collect()
}

/// What a schema says of an item of a list.
fn of_item(schema: &Schema, index: usize) -> Option<&Schema> {
    let placed = schema.get("prefixItems").and_then(|all| all.get(index));
    placed.or_else(|| schema.get("items"))
}

/// Whether a tag of the object is another than the schema's.
fn is_of_another_variant(schema: &Schema, members: &[Member<'_>]) -> bool {
    let properties = schema.get("properties").and_then(Schema::as_object);
    properties.into_iter().flatten().any(|(name, property)| {
        let tag = word(property, "const");
        let other = |(key, value): &Member<'_>| {
            key == name && Value::new(value.get()).text().ok().as_deref() != tag
        };
        tag.is_some() && members.iter().any(other)
    })
}

fn word<'a>(schema: &'a Schema, keyword: &str) -> Option<&'a str> {
    schema.get(keyword).and_then(Schema::as_str)
}
