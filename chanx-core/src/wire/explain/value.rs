//! One value of a payload, still to be read.

use super::{super::kind::Kind, fault::Fault};

/// One value, which is still a slice of the payload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'de> {
    pub(super) json: &'de str,
}

/// The shape of a value, by its first byte.
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

    /// Zero, where this is the `-0` that serde_json takes for a float.
    pub(super) fn without_sign_of_zero(self) -> Self {
        match self.json {
            "-0" => Self::new("0"),
            _ => self,
        }
    }

    /// The reason for which a number is no integer between two others.
    pub(super) fn not_between(self, min: i128, max: i128) -> Fault {
        Fault::of(self.outside(min, max).unwrap_or(Kind::ValueError))
    }

    /// The reason for which a number is no integer between two others; `None` if it is
    /// one.
    ///
    /// What does not fit 128 bits either is told by its sign.
    pub(super) fn outside(self, min: i128, max: i128) -> Option<Kind> {
        let integer = self.json.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        match self.json.parse::<i128>() {
            _ if !integer => Some(Kind::IntFromFloat),
            Ok(number) if number < min => Some(Kind::GreaterThanEqual),
            Ok(number) if number > max => Some(Kind::LessThanEqual),
            Ok(_) => None,
            Err(_) if self.json.starts_with('-') => Some(Kind::GreaterThanEqual),
            Err(_) => Some(Kind::LessThanEqual),
        }
    }

    /// True if the number is infinite as an `f32`.
    pub(super) fn is_beyond_f32(self) -> bool {
        self.json.parse().is_ok_and(f32::is_infinite)
    }

    pub(super) fn refused(self) -> Fault {
        let infinite = || self.json.parse().is_ok_and(f64::is_infinite);
        if self.shape() == Shape::Number && infinite() {
            return Fault::of(Kind::FiniteNumber);
        }
        Fault::of(Kind::ValueError)
    }
}
