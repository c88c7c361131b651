//! The values of a payload that its schema may not allow.

use std::{borrow::Cow, ops::Range};

use serde_json::Value as Schema;

use super::{
    super::{Location, kind::Kind},
    fault::Fault,
    format::Format,
    misfit::Misfit,
    parts::{Member, items, members},
    schemas::{Schemas, of_item, of_member, word},
    value::{Shape, Value},
};

/// The most suspects that are told.
const MAX_SUSPECTS: usize = 64;
/// The most schemas that are looked at, each as often as there is a value for it.
const MAX_STEPS: usize = 16 * 1024;

/// A value that may be what is wrong.
pub(super) struct Suspect {
    pub(super) path: Vec<Location>,
    /// The place in the payload, quotes included.
    pub(super) place: Range<usize>,
    /// The kind of mistake, if it is this one.
    pub(super) kind: Kind,
    /// A value in JSON that would be right there.
    pub(super) sample: Cow<'static, str>,
}

/// The values that may be at fault, in the order of the payload: where a field
/// is missing those that lack it, else those of another kind than the schema
/// has, and every text of a format.
pub(super) fn suspects<'a>(json: &'a str, schema: &'a Schema, fault: &'a Fault) -> Vec<Suspect> {
    let mut walk = Walk {
        json,
        schemas: Schemas::new(schema, MAX_STEPS),
        missing: fault.missing_somewhere(),
        towards: fault.place(),
        goes_on: fault.is_within(),
        path: Vec::new(),
        suspects: Vec::new(),
    };
    walk.value(json, &[schema]);
    walk.suspects
}

/// A walk through a payload and its schema at once.
struct Walk<'a> {
    json: &'a str,
    schemas: Schemas<'a>,
    /// The field that some object lacks.
    missing: Option<&'a Location>,
    /// The path of the fault, to which the walk goes straight.
    towards: Vec<Location>,
    /// True if it goes on to everything within.
    goes_on: bool,
    path: Vec<Location>,
    suspects: Vec<Suspect>,
}

impl<'a> Walk<'a> {
    /// A value of which these schemas are true, or some of them.
    fn value(&mut self, json: &'a str, said: &[&'a Schema]) {
        if self.schemas.is_spent() || self.suspects.len() == MAX_SUSPECTS {
            return;
        }
        let value = Value::new(json);
        let members = match value.shape() {
            Shape::Object => members(json).unwrap_or_default(),
            _ => Vec::new(),
        };
        let all = self.schemas.unfold(said, &members);
        if self.path.len() >= self.towards.len()
            && let Some(suspect) = self.suspicion(value, &members, &all)
        {
            self.suspects.push(suspect);
            return;
        }
        match value.shape() {
            Shape::Object => {
                for (key, value) in members {
                    let within = of_member(&all, &key);
                    self.step(Location::from(key), value.get(), &within);
                }
            }
            Shape::List => {
                for (index, item) in items(json).unwrap_or_default().into_iter().enumerate() {
                    let within = of_item(&all, index);
                    self.step(Location::from(index), item.get(), &within);
                }
            }
            Shape::Null | Shape::Bool | Shape::Number | Shape::String => {}
        }
    }

    fn step(&mut self, step: Location, json: &'a str, said: &[&'a Schema]) {
        let is_on_the_way = match self.towards.get(self.path.len()) {
            Some(next) => *next == step,
            None => self.goes_on,
        };
        if is_on_the_way && !said.is_empty() {
            self.path.push(step);
            self.value(json, said);
            self.path.pop();
        }
    }

    /// The mistake that a value may be, and a value to try in its place.
    fn suspicion(
        &self,
        value: Value<'a>,
        members: &[Member<'_>],
        schemas: &[&Schema],
    ) -> Option<Suspect> {
        let start = value.json.as_ptr().addr() - self.json.as_ptr().addr();
        if let Some(field) = self.missing {
            let sample = lacking(field, members, schemas)?;
            let behind_brace = start + 1;
            return Some(Suspect {
                path: self.path.iter().chain([field]).cloned().collect(),
                place: behind_brace..behind_brace,
                kind: Kind::Missing,
                sample: sample.into(),
            });
        }
        let format = format(schemas);
        let (kind, sample) = match (Misfit::of(value, schemas), format) {
            (Some(misfit), Some(format)) if misfit.expects_text() => {
                (misfit.kind, format.sample.into())
            }
            (Some(misfit), _) => (misfit.kind, misfit.sample),
            (None, Some(format)) if value.shape() == Shape::String => {
                (format.kind, format.sample.into())
            }
            _ => return None,
        };
        Some(Suspect {
            // Copied for suspects alone: its keys may be long, and the values are many.
            path: self.path.clone(),
            place: start..start + value.json.len(),
            kind,
            sample,
        })
    }
}

/// The field as a member, where an object is to have it and has not.
fn lacking(field: &Location, members: &[Member<'_>], schemas: &[&Schema]) -> Option<String> {
    let Location::Key(field) = field else {
        return None;
    };
    let required = schemas.iter().any(|schema| {
        let required = schema.get("required").and_then(Schema::as_array);
        required.is_some_and(|names| names.iter().any(|name| name == field.as_ref()))
    });
    if !required || members.iter().any(|(key, _)| key == field) {
        return None;
    }
    let comma = if members.is_empty() { "" } else { "," };
    Some(format!("{}:null{comma}", Schema::from(field.as_ref())))
}

/// The format of a text, unless its schemas say different things of it.
fn format(schemas: &[&Schema]) -> Option<Format> {
    let mut names: Vec<_> = schemas.iter().filter_map(|it| word(it, "format")).collect();
    names.dedup();
    let [name] = names[..] else {
        return None;
    };
    Format::named(name)
}
