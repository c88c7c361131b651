//! A deserializer that notes what it was asked for.
//!
//! What has no parts is left to serde_json, so that both readings agree on
//! every number.

use serde::de::{Deserializer, Visitor};

use super::{
    super::{kind::Kind, strict::Finite},
    access::{Choice, List, Object},
    fault::Fault,
    value::{Shape, Value},
};

type Read<T> = Result<T, Fault>;

/// By this name `RawValue` asks for the JSON itself.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de> Value<'de> {
    fn string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let text = self.expect(Shape::String, Kind::StringType)?.text()?;
        visitor.visit_string(text).map_err(|fault: Fault| {
            // Only a list can have too few items.
            fault.witnessed().refine(Kind::TooShort, Kind::ValueError)
        })
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        List::read(self.expect(Shape::List, Kind::ListType)?.json, visitor)
    }

    fn object<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        Object::read(self.expect(Shape::Object, Kind::DictType)?.json, visitor)
    }

    fn unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(Shape::Null, Kind::NoneRequired)?;
        visitor.visit_unit()
    }
}

macro_rules! integers {
    ($($method:ident($min:expr, $max:expr);)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            let number = self.expect(Shape::Number, Kind::IntType)?.without_sign_of_zero();
            let mut reader = number.serde_json();
            let read = reader.$method(visitor);
            // An integer of 128 bits is read up to where a fraction begins.
            let read = read.and_then(|value| reader.end().map(|()| value));
            read.map_err(|_| self.not_between($min, $max))
        }
    )*};
}

macro_rules! scalars {
    ($($method:ident($shape:ident) or $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            let scalar = self.expect(Shape::$shape, Kind::$kind)?;
            scalar.serde_json().$method(visitor).map_err(|_| self.refused())
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Fault;

    integers! {
        deserialize_i8(i8::MIN.into(), i8::MAX.into());
        deserialize_i16(i16::MIN.into(), i16::MAX.into());
        deserialize_i32(i32::MIN.into(), i32::MAX.into());
        deserialize_i64(i64::MIN.into(), i64::MAX.into());
        deserialize_i128(i128::MIN, i128::MAX);
        deserialize_u8(0, u8::MAX.into());
        deserialize_u16(0, u16::MAX.into());
        deserialize_u32(0, u32::MAX.into());
        deserialize_u64(0, u64::MAX.into());
        deserialize_u128(0, i128::MAX);
    }

    scalars! {
        deserialize_bool(Bool) or BoolType;
        deserialize_f64(Number) or FloatType;
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let number = self.expect(Shape::Number, Kind::FloatType)?;
        let read = number.serde_json().deserialize_f32(Finite(visitor));
        read.map_err(|_| match self.is_beyond_f32() {
            true => Fault::of(Kind::FiniteNumber),
            false => self.refused(),
        })
    }

    /// Asked for by untagged and internally tagged types, and by those that take anything.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.shape() {
            Shape::Object => self.object(visitor),
            Shape::List => self.list(visitor),
            Shape::String => self.string(visitor),
            Shape::Null | Shape::Bool | Shape::Number => {
                let scalar = self.without_sign_of_zero();
                let read = scalar.serde_json().deserialize_any(visitor);
                read.map_err(|_| self.refused())
            }
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let length = match self.json {
            r#""""# => Kind::StringTooShort,
            _ => Kind::StringTooLong,
        };
        self.string(visitor)
            .map_err(|fault| fault.refine(Kind::ValueError, length))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.string(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.string(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.shape() {
            Shape::String => self.string(visitor),
            Shape::List => self.list(visitor),
            _ => Err(Fault::of(Kind::BytesType)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.shape() {
            Shape::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.unit(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        self.unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        if name != RAW_VALUE {
            return visitor.visit_newtype_struct(self);
        }
        let read = self.serde_json().deserialize_newtype_struct(name, visitor);
        read.map_err(|_| self.refused())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Read<V::Value> {
        self.list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.list(visitor)
    }

    /// Asked for by maps, and by structs that others are flattened into.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.object(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        // Adjacently tagged types ask for one too, and may read their content from a buffer.
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let choice = match self.shape() {
            Shape::String => Choice::named(self.text()?),
            Shape::Object => Choice::of_object(self.json)?,
            _ => return Err(Fault::of(Kind::Enum)),
        };
        visitor.visit_enum(choice)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }
}
