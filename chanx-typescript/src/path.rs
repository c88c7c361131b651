//! The path of a channel, and what fills it.

use chanx_core::describe::ProtocolChannel;
use serde_json::Value;

use crate::{
    comment::Comment,
    types::{Converter, Property, Type, Variant},
};

/// The parameters of a channel's path, in their order.
pub(crate) fn parameters(channel: &ProtocolChannel, convert: &Converter) -> Vec<Property> {
    let names = wildcards(&channel.path);
    let declared = channel.handshake.path.as_ref();
    let declared = declared.map(|declared| declared.as_value());
    let count = names.len();
    let parameters = names.into_iter().enumerate().map(|(index, name)| {
        let schema = declared.and_then(|path| part(path, &name, index, count));
        Property {
            comment: schema.map(Comment::of).unwrap_or_default(),
            name,
            optional: false,
            of: schema.map_or_else(scalar, |schema| convert.of(schema)),
        }
    });
    parameters.collect()
}

/// A value of an address whose type is not declared.
pub(crate) fn scalar() -> Type {
    Type::one_of([Type::STRING, Type::NUMBER].map(Variant::from))
}

/// The names in a path: axum writes `{name}` for one segment, `{*name}` for all that are left,
/// and doubles a brace that means itself.
fn wildcards(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find('{') {
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('{') {
            rest = behind;
        } else if let Some((name, behind)) = rest.split_once('}') {
            names.push(name.trim_start_matches('*').to_owned());
            rest = behind;
        }
    }
    names
}

/// What the type of a path says of one of its parameters: a field of a struct, an element of
/// a tuple, or, where it is the only one, the type itself.
fn part<'a>(path: &'a Value, name: &str, index: usize, count: usize) -> Option<&'a Value> {
    if let Some(fields) = path.get("properties") {
        return fields.get(name);
    }
    match path.get("prefixItems") {
        Some(Value::Array(items)) => items.get(index),
        _ => Some(path).filter(|_| count == 1),
    }
}

#[cfg(test)]
mod tests {
    use super::wildcards;

    #[test]
    fn wildcards_are_named_and_doubled_braces_are_none() {
        assert_eq!(wildcards("/ws/{room}/{{x}}/{*rest}"), ["room", "rest"]);
        assert_eq!(wildcards("/ws"), [""; 0]);
        assert_eq!(wildcards("/ws/{"), [""; 0]);
    }
}
