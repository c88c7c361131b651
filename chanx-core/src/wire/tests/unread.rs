//! Types that do not read what they are given, and take what is no JSON for that.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess,
        Visitor,
    },
};
use serde_json::{Value, value::RawValue};

use super::guesses::guessed;
use crate::{
    MessageSet,
    describe::MessageDescription,
    wire::{EncodeError, Encoder, InvalidPayload, Payload},
};

/// A message that is read as a `T`.
struct As<T>(PhantomData<fn() -> T>);

impl<T: DeserializeOwned + 'static> MessageSet for As<T> {
    const ACTIONS: &'static [&'static str] = &["any"];

    fn decode(_: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        payload.decode::<T>()?;
        Ok(Self(PhantomData))
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError> {
        encoder.message("any", &())
    }

    fn describe(_: &mut Vec<MessageDescription>) {}
}

fn is_taken_for_json<T: DeserializeOwned + 'static>(payload: &str) -> bool {
    let frame = format!(r#"{{"action":"any","payload":{payload}}}"#);
    guessed::<As<T>>(&frame).is_some_and(|read| read.is_ok())
}

/// A value that is not looked at.
struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Self)
    }
}

/// An enum, of whose variants `B` is told by its name alone.
struct Variant;

/// A value that, where there is one, is not looked at.
struct Optional;

/// The keys of an object, without their values.
struct Keys;

/// The values of an object, without their keys.
struct Values;

/// The keys of an object, each with two values.
struct Pairs;

macro_rules! read_by {
    ($type:ident, $ask:ident($($hint:expr),*), $($visit:tt)*) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.$ask($($hint,)* Self)
            }
        }

        impl<'de> Visitor<'de> for $type {
            type Value = Self;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("something")
            }

            $($visit)*
        }
    };
}

read_by! {
    Variant, deserialize_enum("Variant", &["A", "B"]),
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Self, A::Error> {
        match access.variant::<String>()? {
            (name, variant) if name == "A" => variant.unit_variant()?,
            (_, _) => {}
        }
        Ok(self)
    }
}

read_by! {
    Optional, deserialize_option(),
    fn visit_some<D: Deserializer<'de>>(self, _: D) -> Result<Self, D::Error> {
        Ok(self)
    }
    fn visit_none<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }
}

read_by! {
    Keys, deserialize_map(),
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while let Some(IgnoredAny) = members.next_key()? {}
        Ok(self)
    }
}

read_by! {
    Values, deserialize_map(),
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let IgnoredAny = members.next_value()?;
        Ok(self)
    }
}

read_by! {
    Pairs, deserialize_map(),
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while let Some(IgnoredAny) = members.next_key()? {
            let [IgnoredAny, IgnoredAny] = [members.next_value()?, members.next_value()?];
        }
        Ok(self)
    }
}

/// The first item of a list alone.
struct First;

read_by! {
    First, deserialize_seq(),
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        items.next_element::<IgnoredAny>()?;
        Ok(self)
    }
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Field<T> {
    #[expect(dead_code, reason = "it is read to be forgotten")]
    field: T,
}

#[test]
fn a_value_that_is_not_read_is_not_thereby_json() {
    assert!(!is_taken_for_json::<Field<Nothing>>(r#"{"field":}"#));
    assert!(!is_taken_for_json::<(Nothing, u8)>("[,1]"));
    assert!(!is_taken_for_json::<Field<Optional>>(r#"{"field":}"#));
    assert!(!is_taken_for_json::<Field<Vec<Nothing>>>(r#"{"field":[,}"#));
}

#[test]
fn a_variant_that_is_not_read_is_not_thereby_json() {
    assert!(!is_taken_for_json::<Variant>(r#"{"B":}"#));
    assert!(!is_taken_for_json::<Field<Variant>>(r#"{"field":{"B":}}"#));
    assert!(!is_taken_for_json::<Vec<Variant>>(r#"[{"B":},{"A":null}]"#));
    assert!(is_taken_for_json::<Vec<Variant>>(
        r#"[{"A":null},{"A":null}]"#
    ));
}

#[test]
fn keys_without_values_and_values_without_keys_are_not_thereby_json() {
    assert!(!is_taken_for_json::<Keys>(r#"{"a"}"#));
    assert!(!is_taken_for_json::<Keys>(r#"{"a","b"}"#));
    assert!(!is_taken_for_json::<Values>("{:1}"));
    assert!(!is_taken_for_json::<Pairs>(r#"{"a":1:2}"#));
    assert!(!is_taken_for_json::<First>("[1,}]"));
    assert!(is_taken_for_json::<First>("[1]"));
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is read to be forgotten")]
enum Untagged {
    Number(u8),
    Map(BTreeMap<String, Value>),
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read to be forgotten")]
struct Flattened {
    a: Option<char>,
    #[serde(flatten)]
    rest: Untagged,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read to be forgotten")]
enum Enum {
    Unit,
    Struct { a: (i128, f32) },
}

#[derive(Deserialize)]
#[serde(tag = "type")]
#[expect(dead_code, reason = "it is read to be forgotten")]
enum Tagged {
    New(Newtype),
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read to be forgotten")]
struct Newtype {
    id: Option<std::num::Wrapping<u64>>,
}

#[test]
fn what_reads_its_values_whole_is_taken_for_json() {
    assert!(is_taken_for_json::<Value>(r#"{"a":[1,null,{"b":"c"}]}"#));
    assert!(is_taken_for_json::<Box<RawValue>>(r#"{"a":[1]}"#));
    assert!(is_taken_for_json::<Flattened>(r#"{"a":"x","b":[1]}"#));
    assert!(is_taken_for_json::<BTreeMap<i8, Enum>>(
        r#"{"1":"Unit","-2":{"Struct":{"a":[-3,0.5]}}}"#
    ));
    assert!(is_taken_for_json::<Vec<Tagged>>(
        r#"[{"type":"New","id":7,"more":{}}]"#
    ));
}
