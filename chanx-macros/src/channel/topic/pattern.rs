//! The form of a pattern.

use syn::{LitStr, parse_str};

use crate::errors::Errors;

/// A topic's name is no longer on the wire, in bytes.
const MAX: usize = 200;

/// A pattern without mistakes.
pub(super) struct Pattern {
    pub(super) written: LitStr,
    /// The names of its parameters, in order.
    pub(super) parameters: Vec<String>,
    pub(super) shape: Shape,
}

/// A pattern without the names of its parameters: its parts between colons.
#[derive(PartialEq)]
pub(super) struct Shape(Vec<Part>);

#[derive(PartialEq)]
enum Part {
    Text(String),
    /// A parameter, with the text before and behind it.
    Parameter(String, String),
}

impl Pattern {
    /// Reads a pattern, or says what is wrong with it.
    pub(super) fn check(written: &LitStr, errors: &mut Errors) -> Option<Self> {
        match Self::read(written) {
            Ok(pattern) => Some(pattern),
            Err(mistake) => {
                errors.at(written, mistake);
                None
            }
        }
    }

    fn read(written: &LitStr) -> Result<Self, String> {
        let text = written.value();
        if text.is_empty() {
            return Err("a topic has a name: write `room:{room}`, or `news`".to_owned());
        }
        if text.len() > MAX {
            return Err(format!("a topic has at most {MAX} bytes"));
        }
        let mut parameters = Vec::new();
        let mut shape = Vec::new();
        for part in text.split(':') {
            let Some((before, name, behind)) = parameter(part)? else {
                shape.push(Part::Text(part.to_owned()));
                continue;
            };
            if parameters.iter().any(|other| other == name) {
                return Err(format!("two parameters are called `{name}`"));
            }
            parameters.push(name.to_owned());
            shape.push(Part::Parameter(before.to_owned(), behind.to_owned()));
        }
        Ok(Self {
            written: written.clone(),
            parameters,
            shape: Shape(shape),
        })
    }
}

impl Shape {
    /// True if it has every topic that the other has.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len() && pairs.all(|(part, other)| part.covers(other))
    }
}

impl Part {
    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(text), other) => matches!(other, Self::Text(other) if other == text),
            (Self::Parameter(before, behind), Self::Text(text)) => {
                let rest = text.strip_prefix(&**before);
                let value = rest.and_then(|rest| rest.strip_suffix(&**behind));
                value.is_some_and(|value| !value.is_empty())
            }
            (Self::Parameter(before, behind), Self::Parameter(more_before, more_behind)) => {
                more_before.starts_with(&**before) && more_behind.ends_with(&**behind)
            }
        }
    }
}

/// The one parameter of a part, with what stands before and behind it.
fn parameter(part: &str) -> Result<Option<(&str, &str, &str)>, String> {
    let unpaired =
        || format!("`{part}` has a brace without its partner: a parameter is `{{room}}`");
    let Some((before, rest)) = part.split_once('{') else {
        return match part.contains('}') {
            true => Err(unpaired()),
            false => Ok(None),
        };
    };
    let (name, behind) = rest.split_once('}').ok_or_else(unpaired)?;
    if before.contains('}') || name.contains('{') {
        return Err(unpaired());
    }
    if behind.contains('{') {
        return Err(format!(
            "`{part}` has two parameters, and nobody can tell where one ends: put a colon between them"
        ));
    }
    if behind.contains('}') {
        return Err(unpaired());
    }
    if name.is_empty() {
        return Err("a parameter has a name: write `{room}`".to_owned());
    }
    if parse_str::<syn::Ident>(name).is_err() {
        return Err(format!(
            "`{name}` is no name for a parameter: one is written as a field of a struct, such as `{{room}}`"
        ));
    }
    Ok(Some((before, name, behind)))
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;

    use super::*;

    fn shape(pattern: &str) -> Shape {
        let written = LitStr::new(pattern, Span::call_site());
        Pattern::read(&written)
            .unwrap_or_else(|mistake| panic!("{mistake}"))
            .shape
    }

    #[test]
    fn a_pattern_covers_those_of_which_it_has_every_topic() {
        for (pattern, covered) in [
            ("news", "news"),
            ("room:{a}", "room:{b}"),
            ("{a}", "news"),
            ("{a}:{b}", "room:{b}"),
            ("{a}:{b}", "room-{a}:hall"),
            ("user-{a}.old", "user-{a}.very.old"),
            ("user-{a}.old", "user-7.old"),
        ] {
            assert!(
                shape(pattern).covers(&shape(covered)),
                "{pattern}, {covered}"
            );
        }
        for (pattern, other) in [
            ("news", "{a}"),
            ("room:{a}", "{a}:{b}"),
            ("{a}", "{a}:{b}"),
            ("{a}:{b}", "{a}"),
            ("user-{a}", "{a}"),
            ("user-{a}.old", "user-.old"),
            ("user-{a}.old", "user-{a}"),
            ("a{a}a", "a"),
        ] {
            assert!(!shape(pattern).covers(&shape(other)), "{pattern}, {other}");
        }
    }
}
