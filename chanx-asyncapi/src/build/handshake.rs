//! The request that opens a connection: its path, query, headers and credentials.

use chanx_core::describe::{ProtocolChannel, ProtocolHandshake, Security};
use schemars::Schema;
use serde_json::{Value, json};

use super::Builder;
use crate::{
    model::{ChannelBindings, Entries, Parameter, Reference, SecurityScheme, WebSocketBinding},
    names::plain,
    schemas::definition_of,
};

/// A channel's handshake, as the document tells it.
pub(super) struct Handshake {
    pub(super) address: String,
    pub(super) parameters: Entries<Parameter>,
    pub(super) bindings: Option<ChannelBindings>,
}

impl Builder<'_> {
    pub(super) fn handshake(&mut self, channel: &ProtocolChannel) -> Handshake {
        let declared = &channel.handshake;
        let mut schema = |schema| self.catalogue.schema(schema);
        let path = declared.path.as_ref().map(&mut schema);
        let credentials = Credential::of(declared);
        let query = declared.query.as_ref().map(&mut schema);
        let query = with_keys(query, &credentials, "query");
        let headers = declared.headers.as_ref().map(&mut schema);
        let headers = with_keys(headers, &credentials, "header");
        let bound = query.is_some() || headers.is_some();

        let (address, wildcards) = address(&channel.path);
        let count = wildcards.len();
        let parameters = wildcards.into_iter().enumerate().map(|(index, wildcard)| {
            let described = path
                .as_ref()
                .and_then(|path| part(path, &wildcard.name, index, count));
            let parameter = described.map_or_else(
                || wildcard.parameter(),
                |schema| Parameter::of(schema, &self.named_type(schema)),
            );
            (plain(&wildcard.name), parameter)
        });
        Handshake {
            address,
            parameters: parameters.collect(),
            bindings: bound.then(|| ChannelBindings {
                ws: WebSocketBinding::new(query, headers),
            }),
        }
    }

    /// The type that a schema refers to, where nothing but `null` stands beside it; or else the
    /// schema itself.
    fn named_type(&mut self, schema: &Value) -> Value {
        let variants = schema.get("anyOf").and_then(Value::as_array);
        let variants = variants.map_or(&[][..], Vec::as_slice);
        let mut values = variants.iter().filter(|one| !is_null(one));
        let schema = match (values.next(), values.next()) {
            (Some(only), None) => only,
            _ => schema,
        };
        let named = definition_of(schema).and_then(|name| self.protocol.types.get(&name));
        named.map_or_else(
            || schema.clone(),
            |named| self.catalogue.schema(named).to_value(),
        )
    }

    /// The credentials that the channel's operations ask for; the schemes are added to
    /// the document.
    pub(super) fn security(&mut self, handshake: &ProtocolHandshake) -> Vec<Reference> {
        let credentials = Credential::of(handshake);
        let schemes = credentials.iter().map(|credential| {
            let (wanted, scheme) = credential.scheme();
            let schemes = &mut self.document.components.security_schemes;
            let known = schemes.iter().find(|(_, known)| *known == scheme);
            if let Some((key, _)) = known {
                return Reference::security_scheme(key);
            }
            let key = self.scheme_keys.claim(&[&wanted]);
            schemes.insert(&key, scheme);
            Reference::security_scheme(&key)
        });
        schemes.collect()
    }
}

/// A credential, any one of which opens the connection.
enum Credential {
    Bearer,
    Key { place: &'static str, name: String },
}

impl Credential {
    fn of(handshake: &ProtocolHandshake) -> Vec<Self> {
        let declared = &handshake.security;
        let key = |place, name: &str| Self::Key {
            place,
            name: name.to_owned(),
        };
        let mut credentials: Vec<_> = declared
            .iter()
            .filter_map(|security| match security {
                Security::Bearer => Some(Self::Bearer),
                Security::Cookie(name) => Some(key("cookie", name)),
                Security::Query(name) => Some(key("query", name)),
                Security::Header(name) => Some(key("header", name)),
                // A kind that this crate, of the same version, would know.
                _ => None,
            })
            .collect();
        let token = handshake.bearer_query.as_deref();
        let token = token.filter(|_| declared.contains(&Security::Bearer));
        credentials.extend(token.map(|name| key("query", name)));
        credentials
    }

    fn scheme(&self) -> (String, SecurityScheme) {
        match self {
            Self::Bearer => ("bearer".to_owned(), SecurityScheme::bearer()),
            Self::Key { place, name } => {
                let key = plain(&format!("{place}_{name}")).to_ascii_lowercase();
                let name = name.clone();
                (key, SecurityScheme::HttpApiKey { name, place })
            }
        }
    }
}

/// The schema of a query or of headers, with the credentials that travel there.
fn with_keys(declared: Option<Schema>, credentials: &[Credential], there: &str) -> Option<Schema> {
    let keys = credentials
        .iter()
        .filter_map(|credential| match credential {
            Credential::Key { place, name } if *place == there => Some(name),
            Credential::Key { .. } | Credential::Bearer => None,
        });
    let mut schema = json!({ "type": "object", "properties": {} });
    if let Some(declared) = declared.as_ref().and_then(Schema::as_object) {
        let wanted = declared.iter().filter(|(key, _)| *key != "title");
        for (key, value) in wanted {
            schema[key] = value.clone();
        }
    }
    for name in keys {
        schema["properties"][name] = json!({ "type": "string" });
        if let [_] = credentials {
            match &mut schema["required"] {
                Value::Array(required) => required.push(name.as_str().into()),
                none => *none = Value::Array(vec![name.as_str().into()]),
            }
        }
    }
    let properties = schema["properties"].as_object();
    let is_empty = properties.is_none_or(serde_json::Map::is_empty);
    (!is_empty).then(|| schema.try_into().expect("an object is a schema"))
}

/// A part of a path that a request fills in.
struct Wildcard {
    name: String,
    takes_the_rest: bool,
}

impl Wildcard {
    fn parameter(&self) -> Parameter {
        Parameter {
            description: self
                .takes_the_rest
                .then(|| "The rest of the path, slashes included.".to_owned()),
            ..Parameter::default()
        }
    }
}

/// A path as AsyncAPI writes it, and its wildcards.
///
/// axum writes `{name}` for one segment, `{*name}` for all that are left, and
/// doubles a brace that means itself.
fn address(path: &str) -> (String, Vec<Wildcard>) {
    let mut address = String::new();
    let mut wildcards = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        address.push_str(before);
        if let Some(behind) = brace.strip_prefix("{{") {
            address.push_str("%7B");
            rest = behind;
        } else if let Some(behind) = brace.strip_prefix("}}") {
            address.push_str("%7D");
            rest = behind;
        } else {
            let (name, behind) = brace[1..].split_once('}').unwrap_or((&brace[1..], ""));
            let wildcard = Wildcard {
                takes_the_rest: name.starts_with('*'),
                name: name.trim_start_matches('*').to_owned(),
            };
            address.push_str(&format!("{{{}}}", plain(&wildcard.name)));
            wildcards.push(wildcard);
            rest = behind;
        }
    }
    address.push_str(rest);
    (address, wildcards)
}

/// The schema of one parameter in the type of a path: a field of a struct, an element
/// of a tuple, or, where it is the only one, the type itself.
fn part<'a>(path: &'a Schema, name: &str, index: usize, count: usize) -> Option<&'a Value> {
    if let Some(fields) = path.get("properties") {
        return fields.get(name);
    }
    match path.get("items") {
        Some(Value::Array(items)) => items.get(index),
        _ => Some(path.as_value()).filter(|_| count == 1),
    }
}

impl Parameter {
    /// The words of a property's schema, and of the type that it refers to, as far as
    /// parameters have them.
    fn of(schema: &Value, named: &Value) -> Self {
        let said = |key: &str| schema.get(key).or_else(|| named.get(key));
        let texts = |key: &str| {
            let values = said(key).and_then(Value::as_array);
            values.map_or_else(Vec::new, |values| values.iter().map(text).collect())
        };
        let description = said("description").and_then(Value::as_str);
        Self {
            description: description.map(ToOwned::to_owned),
            choices: texts("enum"),
            default: said("default").map(text),
            examples: texts("examples"),
            // A choice of words needs no more.
            schema: type_of(named).and_then(|_| type_of(schema)),
        }
    }
}

/// The part of a schema that a parameter has no words for.
fn type_of(schema: &Value) -> Option<Schema> {
    const SAID: [&str; 5] = ["title", "description", "enum", "default", "examples"];
    let mut schema = Schema::try_from(schema.clone()).ok()?;
    for key in SAID {
        schema.remove(key);
    }
    let mut rest = schema.as_object()?.iter();
    let is_text = rest.all(|(key, value)| key == "type" && value == "string");
    (!is_text).then_some(schema)
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// A value as it stands in a path.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_a_path_without_axums_marks() {
        let (address, wildcards) = address("/ws/{room-id}/{{x}}/{*rest}");

        assert_eq!(address, "/ws/{room_id}/%7Bx%7D/{rest}");
        let rest: Vec<_> = wildcards
            .iter()
            .map(|wildcard| wildcard.takes_the_rest)
            .collect();
        assert_eq!(rest, [false, true]);
    }
}
