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
    /// The pattern without those names, by which two are the same.
    pub(super) shape: String,
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
                shape.push(part.to_owned());
                continue;
            };
            if parameters.iter().any(|other| other == name) {
                return Err(format!("two parameters are called `{name}`"));
            }
            parameters.push(name.to_owned());
            shape.push(format!("{before}{{}}{behind}"));
        }
        Ok(Self {
            written: written.clone(),
            parameters,
            shape: shape.join(":"),
        })
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
