//! One value of a payload, still to be read.

use super::{super::kind::Kind, fault::Fault};

/// One value, which is still a slice of the payload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'de> {
    pub(super) json: &'de str,
}

/// What a value is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Null,
    Bool,
    Number,
    String,
    List,
    Object,
}

impl<'de> Value<'de> {
    pub(super) fn new(json: &'de str) -> Self {
        Self { json }
    }

    pub(super) fn shape(self) -> Shape {
        match self.json.as_bytes().first() {
            Some(b'{') => Shape::Object,
            Some(b'[') => Shape::List,
            Some(b'"') => Shape::String,
            Some(b't' | b'f') => Shape::Bool,
            Some(b'n') => Shape::Null,
            _ => Shape::Number,
        }
    }

    pub(super) fn expect(self, shape: Shape, otherwise: Kind) -> Result<Self, Fault> {
        if self.shape() == shape {
            return Ok(self);
        }
        Err(Fault::of(otherwise))
    }

    pub(super) fn serde_json(self) -> serde_json::Deserializer<serde_json::de::StrRead<'de>> {
        serde_json::Deserializer::from_str(self.json)
    }

    pub(super) fn text(self) -> Result<String, Fault> {
        serde_json::from_str(self.json).map_err(|_| Fault::of(Kind::JsonInvalid))
    }

    /// Why a number is no integer between two others.
    ///
    /// What does not fit 128 bits either is told by its sign.
    pub(super) fn not_between(self, min: i128, max: i128) -> Fault {
        let integer = self.json.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        let kind = match self.json.parse::<i128>() {
            _ if !integer => Kind::IntFromFloat,
            Ok(number) if number < min => Kind::GreaterThanEqual,
            Ok(number) if number > max => Kind::LessThanEqual,
            Ok(_) => Kind::ValueError,
            Err(_) if self.json.starts_with('-') => Kind::GreaterThanEqual,
            Err(_) => Kind::LessThanEqual,
        };
        Fault::of(kind)
    }

    pub(super) fn refused(self) -> Fault {
        let infinite = || self.json.parse().is_ok_and(f64::is_infinite);
        if self.shape() == Shape::Number && infinite() {
            return Fault::of(Kind::FiniteNumber);
        }
        Fault::of(Kind::ValueError)
    }
}
