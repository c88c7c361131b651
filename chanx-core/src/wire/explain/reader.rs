//! A deserializer over a tree that knows what it was asked for.

use serde::de::{
    Deserializer, Visitor,
    value::{BorrowedStrDeserializer, MapDeserializer},
};
use serde_json::{Map, Number, Value};

use super::{
    super::kind::Kind,
    access::{Choice, Items, Members},
    fault::Fault,
};

type Read<T> = Result<T, Fault>;

/// Reads one value of the tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'de> {
    value: &'de Value,
}

/// By this name `RawValue` asks for the JSON itself.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de> Reader<'de> {
    pub(super) fn new(value: &'de Value) -> Self {
        Self { value }
    }

    fn list<V: Visitor<'de>>(items: &'de [Value], visitor: V) -> Read<V::Value> {
        let mut access = Items::new(items);
        let value = visitor.visit_seq(&mut access)?;
        access.end()?;
        Ok(value)
    }

    fn object<V: Visitor<'de>>(members: &'de Map<String, Value>, visitor: V) -> Read<V::Value> {
        visitor.visit_map(Members::new(members))
    }

    fn number<V: Visitor<'de>>(number: &Number, visitor: V) -> Read<V::Value> {
        if let Some(number) = number.as_u64() {
            return visitor.visit_u64(number);
        }
        if let Some(number) = number.as_i64() {
            return visitor.visit_i64(number);
        }
        match number.as_f64() {
            Some(number) => visitor.visit_f64(number),
            None => Err(Fault::of(Kind::FiniteNumber)),
        }
    }

    /// Reads an integer of a type that goes from `min` to `max`.
    fn integer<V: Visitor<'de>>(self, min: f64, max: f64, visitor: V) -> Read<V::Value> {
        let Value::Number(number) = self.value else {
            return Err(Fault::of(Kind::IntType));
        };
        Self::number(number, visitor).map_err(|fault| {
            fault.refine(|kind| match number.as_f64() {
                Some(value) if value < min => Kind::GreaterThanEqual,
                Some(value) if value > max => Kind::LessThanEqual,
                _ if number.is_f64() => Kind::IntFromFloat,
                _ => kind,
            })
        })
    }

    fn float<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Number(number) => Self::number(number, visitor),
            _ => Err(Fault::of(Kind::FloatType)),
        }
    }

    fn string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::String(text) => visitor.visit_borrowed_str(text).map_err(refused),
            _ => Err(Fault::of(Kind::StringType)),
        }
    }

    fn seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Array(items) => Self::list(items, visitor),
            _ => Err(Fault::of(Kind::ListType)),
        }
    }

    fn bytes<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::String(text) => visitor.visit_borrowed_str(text).map_err(refused),
            Value::Array(items) => Self::list(items, visitor),
            _ => Err(Fault::of(Kind::BytesType)),
        }
    }

    fn map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Object(members) => Self::object(members, visitor),
            _ => Err(Fault::of(Kind::DictType)),
        }
    }

    fn unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            _ => Err(Fault::of(Kind::NoneRequired)),
        }
    }

    /// The JSON of the value, in the form in which `RawValue` takes it.
    fn raw<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let entry = (
            BorrowedStrDeserializer::new(RAW_VALUE),
            self.value.to_string(),
        );
        visitor.visit_map(MapDeserializer::new(std::iter::once(entry)))
    }
}

/// Only a list can have too few items.
fn refused(fault: Fault) -> Fault {
    fault.refine(|kind| match kind {
        Kind::TooShort => Kind::ValueError,
        kind => kind,
    })
}

macro_rules! integers {
    ($($method:ident => $type:ty,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            self.integer(<$type>::MIN as f64, <$type>::MAX as f64, visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Fault;

    integers! {
        deserialize_i8 => i8,
        deserialize_i16 => i16,
        deserialize_i32 => i32,
        deserialize_i64 => i64,
        deserialize_i128 => i128,
        deserialize_u8 => u8,
        deserialize_u16 => u16,
        deserialize_u32 => u32,
        deserialize_u64 => u64,
        deserialize_u128 => u128,
    }

    /// Asked for by internally tagged and untagged types, and by those that take anything.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => Self::number(number, visitor),
            Value::String(text) => visitor.visit_borrowed_str(text).map_err(refused),
            Value::Array(items) => Self::list(items, visitor),
            Value::Object(members) => Self::object(members, visitor).map_err(|fault| {
                fault.refine(|kind| match kind {
                    Kind::Enum => Kind::UnionTagInvalid,
                    kind => kind,
                })
            }),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => Err(Fault::of(Kind::BoolType)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.float(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.float(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let empty = self.value.as_str().is_some_and(str::is_empty);
        self.string(visitor).map_err(|fault| {
            fault.refine(|kind| match kind {
                Kind::ValueError if empty => Kind::StringTooShort,
                Kind::ValueError => Kind::StringTooLong,
                kind => kind,
            })
        })
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.string(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.value {
            Value::Null => visitor.visit_none(),
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
        if name == RAW_VALUE {
            return self.raw(visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.seq(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Read<V::Value> {
        self.seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        visitor.visit_enum(Choice::of(self.value)?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.string(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }
}
