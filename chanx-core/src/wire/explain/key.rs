//! A deserializer of an object's key.

use serde::de::{
    DeserializeOwned, Deserializer, IntoDeserializer, Visitor, value::StrDeserializer,
};

use super::{super::kind::Kind, fault::Fault};

/// Reads a key, which is a string in JSON whatever it is in the type.
#[derive(Clone, Copy)]
pub(super) struct KeyReader<'k> {
    key: &'k str,
}

impl<'k> KeyReader<'k> {
    pub(super) fn new(key: &'k str) -> Self {
        Self { key }
    }

    /// The value in the key, written as JSON writes it: neither `+1` nor `inf`.
    fn parsed<T: DeserializeOwned>(self) -> Option<T> {
        let bare = self.key.trim_ascii().len() == self.key.len();
        bare.then(|| serde_json::from_str(self.key).ok())?
    }

    /// As [`parsed`](Self::parsed), and no infinity.
    fn parsed_f32(self) -> Option<f32> {
        self.parsed().filter(|key: &f32| key.is_finite())
    }
}

macro_rules! parsed {
    ($($method:ident => $visit:ident($type:ty) or $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.parsed::<$type>() {
                Some(key) => visitor.$visit(key),
                None => Err(Fault::of(Kind::$kind)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyReader<'_> {
    type Error = Fault;

    parsed! {
        deserialize_bool => visit_bool(bool) or BoolType;
        deserialize_i8 => visit_i8(i8) or IntType;
        deserialize_i16 => visit_i16(i16) or IntType;
        deserialize_i32 => visit_i32(i32) or IntType;
        deserialize_i64 => visit_i64(i64) or IntType;
        deserialize_i128 => visit_i128(i128) or IntType;
        deserialize_u8 => visit_u8(u8) or IntType;
        deserialize_u16 => visit_u16(u16) or IntType;
        deserialize_u32 => visit_u32(u32) or IntType;
        deserialize_u64 => visit_u64(u64) or IntType;
        deserialize_u128 => visit_u128(u128) or IntType;
        deserialize_f64 => visit_f64(f64) or FloatType;
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.parsed_f32() {
            Some(key) => visitor.visit_f32(key),
            None => Err(Fault::of(Kind::FloatType)),
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_str(self.key)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let key: StrDeserializer<'_, Fault> = self.key.into_deserializer();
        key.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
