//! A list or an object cut into its parts, which stay slices.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{super::kind::Kind, fault::Fault};

/// A key, and its value, not yet read.
pub(super) type Member<'de> = (String, &'de RawValue);

/// The items of a list, not yet read.
pub(super) fn items(json: &str) -> Result<Vec<&RawValue>, Fault> {
    serde_json::from_str(json).map_err(|_| Fault::of(Kind::JsonInvalid))
}

/// The members of an object, not yet read, in order; of equal keys the last stands.
pub(super) fn members(json: &str) -> Result<Vec<Member<'_>>, Fault> {
    let Members(mut members) =
        serde_json::from_str(json).map_err(|_| Fault::of(Kind::JsonInvalid))?;
    let mut later = HashSet::new();
    let stands: Vec<bool> = members
        .iter()
        .rev()
        .map(|(key, _)| later.insert(key.as_str()))
        .collect();
    let mut stands = stands.into_iter().rev();
    members.retain(|_| stands.next().unwrap_or(true));
    Ok(members)
}

struct Members<'de>(Vec<Member<'de>>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = entries.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
