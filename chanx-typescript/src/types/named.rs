//! The named types of a protocol that its messages lead to.

use std::collections::{BTreeMap, BTreeSet};

use chanx_core::describe::Protocol;

use super::{Converter, Type};
use crate::{
    comment::Comment,
    names::{Names, type_name},
};

/// Stands behind the name of what is read otherwise than it is written.
const INPUT: &str = "Input";

/// The named types, and what makes types of schemas that refer to them.
pub(crate) struct NamedTypes<'a> {
    protocol: &'a Protocol,
    pub(crate) convert: Converter,
}

impl<'a> NamedTypes<'a> {
    /// Gives every type of a protocol a name of its own.
    pub(crate) fn of(protocol: &'a Protocol, taken: &mut Names) -> Self {
        let written_as = &protocol.written_as;
        let written: BTreeMap<_, _> = written_as
            .iter()
            .map(|(read, written)| (written, read))
            .collect();
        let mut names = BTreeMap::new();
        for key in protocol.types.keys() {
            // What is written has the type's own name, because it is met more often.
            let own = written.get(key).copied().unwrap_or(key);
            let suffix = if written_as.contains_key(key) {
                INPUT
            } else {
                ""
            };
            let wanted = format!("{}{suffix}", type_name(own));
            names.insert(key.clone(), taken.claim(wanted));
        }
        let mut convert = Converter {
            names,
            empty: BTreeSet::new(),
        };
        let nothing = Type::Object(Vec::new(), None);
        let types = protocol.types.iter();
        let empty = types.filter(|(_, schema)| convert.of(schema.as_value()) == nothing);
        convert.empty = empty.map(|(key, _)| convert.names[key].clone()).collect();
        Self { protocol, convert }
    }

    /// The types that `roots` name, and those that these name, as TypeScript in order of names.
    pub(crate) fn write<'t>(&self, roots: impl Iterator<Item = &'t Type>) -> String {
        let keys: BTreeMap<_, _> = self
            .convert
            .names
            .iter()
            .map(|(key, name)| (name, key))
            .collect();
        let mut waiting = Vec::new();
        let note = |of: &Type, waiting: &mut Vec<String>| {
            of.visit_names(&mut |name| waiting.push(name.to_owned()));
        };
        roots.for_each(|root| note(root, &mut waiting));
        let mut texts = BTreeMap::new();
        while let Some(name) = waiting.pop() {
            if texts.contains_key(&name) {
                continue;
            }
            let schema = self.protocol.types[keys[&name]].as_value();
            let of = self.convert.of(schema);
            note(&of, &mut waiting);
            let text = of.write("");
            let space = if text.starts_with('\n') { "" } else { " " };
            let comment = Comment::of(schema).write("");
            let text = format!("{comment}export type {name} ={space}{text};\n");
            texts.insert(name, text);
        }
        texts.into_values().collect::<Vec<_>>().join("\n")
    }
}
