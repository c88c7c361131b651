//! A frame cut into the values of its top-level keys.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{kind::Kind, scan};

/// The values of the keys that the envelope knows, as JSON that is not yet read.
///
/// A value stays a slice of the frame until it is known which message it
/// belongs to. If a key comes twice, its last value counts.
#[derive(Debug, Default)]
pub(super) struct Split<'a> {
    pub(super) action: Option<&'a str>,
    pub(super) payload: Option<&'a str>,
    pub(super) reference: Option<&'a str>,
    pub(super) topic: Option<&'a str>,
    pub(super) version: Option<&'a str>,
    pub(super) seq: Option<&'a str>,
}

impl<'a> Split<'a> {
    /// Cuts a frame, which is checked to be JSON from end to end.
    pub(super) fn of(text: &'a str) -> Result<Self, Kind> {
        serde_json::from_str(text).map_err(|_| fault(text))
    }
}

/// Tells a frame that is JSON, but no object, from one that is not JSON.
#[cold]
fn fault(text: &str) -> Kind {
    let object = text.trim_ascii_start().starts_with('{');
    if object || serde_json::from_str::<IgnoredAny>(text).is_err() {
        return Kind::JsonInvalid;
    }
    scan::check(text).err().unwrap_or(Kind::ModelType)
}

impl<'de: 'a, 'a> Deserialize<'de> for Split<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SplitVisitor)
    }
}

struct SplitVisitor;

impl<'de> Visitor<'de> for SplitVisitor {
    type Value = Split<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<Self::Value, A::Error> {
        let mut split = Split::default();
        while let Some(key) = keys.next_key()? {
            let slot = match key {
                Key::Action => &mut split.action,
                Key::Payload => &mut split.payload,
                Key::Reference => &mut split.reference,
                Key::Topic => &mut split.topic,
                Key::Version => &mut split.version,
                Key::Seq => &mut split.seq,
                Key::Other => {
                    keys.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = Some(keys.next_value::<&RawValue>()?.get());
        }
        Ok(split)
    }
}

enum Key {
    Action,
    Payload,
    Reference,
    Topic,
    Version,
    Seq,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(match key {
            "action" => Key::Action,
            "payload" => Key::Payload,
            "ref" => Key::Reference,
            "topic" => Key::Topic,
            "version" => Key::Version,
            "seq" => Key::Seq,
            _ => Key::Other,
        })
    }
}
