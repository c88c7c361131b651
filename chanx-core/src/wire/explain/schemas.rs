//! The schemas of a value and of its parts.

use percent_encoding::percent_decode_str;
use serde_json::Value as Schema;

use super::{
    parts::Member,
    value::{Shape, Value},
};

/// The schema that allows anything.
static ANYTHING: Schema = Schema::Bool(true);

/// A schema with all that it refers to.
pub(super) struct Schemas<'a> {
    root: &'a Schema,
    /// The number of schemas that are still looked at, each as often as there is a
    /// value for it.
    steps: usize,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(root: &'a Schema, steps: usize) -> Self {
        Self { root, steps }
    }

    /// True once no more schemas are looked at.
    pub(super) fn is_spent(&self) -> bool {
        self.steps == 0
    }

    /// The schemas and all that they are made of, save what is true of other variants.
    pub(super) fn unfold(
        &mut self,
        schemas: &[&'a Schema],
        members: &[Member<'_>],
    ) -> Vec<&'a Schema> {
        let mut all = Vec::new();
        for schema in schemas {
            self.add(schema, members, &mut all);
        }
        all
    }

    fn add(&mut self, schema: &'a Schema, members: &[Member<'_>], all: &mut Vec<&'a Schema>) {
        let is_known = all.iter().any(|known| std::ptr::eq(*known, schema));
        if is_known || self.steps == 0 {
            return;
        }
        self.steps -= 1;
        all.push(schema);
        if schema.get("$ref").is_some() {
            self.add(self.resolve(schema), members, all);
        }
        for part in parts(schema, "allOf") {
            self.add(part, members, all);
        }
        let may_be = |variant: &&'a Schema| {
            let is_another = |schema| is_of_another(schema, members);
            !is_another(variant) && !is_another(self.resolve(variant))
        };
        let any_of = parts(schema, "anyOf").iter();
        let mut variants: Vec<_> = any_of.chain(parts(schema, "oneOf")).collect();
        // By a tag that no variant has it may be any of them.
        if variants.iter().any(may_be) {
            variants.retain(may_be);
        }
        for variant in variants {
            self.add(variant, members, all);
        }
    }

    fn resolve(&self, schema: &'a Schema) -> &'a Schema {
        let Some(reference) = word(schema, "$ref") else {
            return schema;
        };
        let referred = reference.strip_prefix('#').and_then(|pointer| {
            let pointer = percent_decode_str(pointer).decode_utf8_lossy();
            self.root.pointer(&pointer)
        });
        referred.unwrap_or(&ANYTHING)
    }
}

/// The keywords whose schemas are of the value itself.
const PARTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

fn parts<'a>(schema: &'a Schema, keyword: &str) -> &'a [Schema] {
    match schema.get(keyword) {
        Some(Schema::Array(parts)) => parts,
        _ => &[],
    }
}

/// The types that these schemas allow, as JSON Schema names them; none where anything goes.
pub(super) fn types<'a>(schemas: &[&'a Schema]) -> Option<Vec<&'a str>> {
    let mut types = Vec::new();
    let mut add = |name: &'a str| {
        if !types.contains(&name) {
            types.push(name);
        }
    };
    for schema in schemas {
        match (schema.get("type"), schema.get("const"), schema.get("enum")) {
            (Some(Schema::String(name)), ..) => add(name),
            (Some(Schema::Array(names)), ..) => {
                for name in names.iter().filter_map(Schema::as_str) {
                    add(name);
                }
            }
            (_, Some(value), _) => add(type_of(value)),
            (_, _, Some(Schema::Array(values))) => {
                for value in values {
                    add(type_of(value));
                }
            }
            _ if schema.get("$ref").is_some() => {}
            _ if PARTS.iter().any(|part| schema.get(*part).is_some()) => {}
            _ => return None,
        }
    }
    (!types.is_empty()).then_some(types)
}

fn type_of(value: &Schema) -> &'static str {
    match value {
        Schema::Null => "null",
        Schema::Bool(_) => "boolean",
        Schema::Number(_) => "number",
        Schema::String(_) => "string",
        Schema::Array(_) => "array",
        Schema::Object(_) => "object",
    }
}

/// True if a value of this shape can be of a type.
pub(super) fn is_of(shape: Shape, name: &str) -> bool {
    match shape {
        Shape::Null => name == "null",
        Shape::Bool => name == "boolean",
        Shape::Number => matches!(name, "integer" | "number"),
        Shape::String => name == "string",
        Shape::List => name == "array",
        Shape::Object => name == "object",
    }
}

/// The schemas of a member of an object.
pub(super) fn of_member<'a>(schemas: &[&'a Schema], key: &str) -> Vec<&'a Schema> {
    let mut all = Vec::new();
    for schema in schemas {
        if let Some(named) = schema.get("properties").and_then(|all| all.get(key)) {
            all.push(named);
            continue;
        }
        if let Some(Schema::Object(patterns)) = schema.get("patternProperties") {
            all.extend(patterns.values());
        }
        all.extend(schema.get("additionalProperties"));
    }
    all
}

/// The schemas of an item of a list.
pub(super) fn of_item<'a>(schemas: &[&'a Schema], index: usize) -> Vec<&'a Schema> {
    let all = schemas.iter().filter_map(|schema| {
        let placed = schema.get("prefixItems").and_then(|all| all.get(index));
        placed.or_else(|| schema.get("items"))
    });
    all.collect()
}

/// True if a tag of the object is another than the schema's.
fn is_of_another(schema: &Schema, members: &[Member<'_>]) -> bool {
    let Some(Schema::Object(properties)) = schema.get("properties") else {
        return false;
    };
    properties.iter().any(|(name, property)| {
        let tag = word(property, "const");
        let other = |(key, value): &Member<'_>| {
            key == name && Value::new(value.get()).text().ok().as_deref() != tag
        };
        tag.is_some() && members.iter().any(other)
    })
}

pub(super) fn word<'a>(schema: &'a Schema, keyword: &str) -> Option<&'a str> {
    schema.get(keyword).and_then(Schema::as_str)
}
