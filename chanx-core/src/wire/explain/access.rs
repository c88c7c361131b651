//! Into lists, objects and enums, where every step adds to the path.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
    value::{BorrowedStrDeserializer, StrDeserializer},
};
use serde_json::{Map, Value, map};

use super::{super::kind::Kind, fault::Fault, reader::Reader};

/// The items of a list, in order.
pub(super) struct Items<'de> {
    items: std::iter::Enumerate<std::slice::Iter<'de, Value>>,
}

impl<'de> Items<'de> {
    pub(super) fn new(items: &'de [Value]) -> Self {
        Self {
            items: items.iter().enumerate(),
        }
    }

    /// A tuple takes only as many as it has places.
    pub(super) fn end(&self) -> Result<(), Fault> {
        match self.items.len() {
            0 => Ok(()),
            _ => Err(Fault::of(Kind::TooLong)),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, value)) = self.items.next() else {
            return Ok(None);
        };
        let item = seed.deserialize(Reader::new(value));
        item.map(Some).map_err(|fault| fault.within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The members of an object.
pub(super) struct Members<'de> {
    members: map::Iter<'de>,
    /// Behind the key that was asked for last.
    current: Option<(&'de str, &'de Value)>,
}

impl<'de> Members<'de> {
    pub(super) fn new(members: &'de Map<String, Value>) -> Self {
        Self {
            members: members.iter(),
            current: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        self.current = Some((key, value));
        let read = seed.deserialize(KeyReader { key });
        read.map(Some).map_err(|fault| fault.within(key.clone()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (key, value) = self
            .current
            .take()
            .ok_or_else(|| Fault::of(Kind::ValueError))?;
        let member = seed.deserialize(Reader::new(value));
        member.map_err(|fault| fault.within(key.to_owned()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// A key, which is a string in JSON whatever it is in the type.
struct KeyReader<'de> {
    key: &'de str,
}

macro_rules! parsed {
    ($($method:ident => $visit:ident: $type:ty, $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.key.parse::<$type>() {
                Ok(key) => visitor.$visit(key),
                Err(_) => Err(Fault::of(Kind::$kind)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyReader<'de> {
    type Error = Fault;

    parsed! {
        deserialize_bool => visit_bool: bool, BoolType;
        deserialize_i8 => visit_i8: i8, IntType;
        deserialize_i16 => visit_i16: i16, IntType;
        deserialize_i32 => visit_i32: i32, IntType;
        deserialize_i64 => visit_i64: i64, IntType;
        deserialize_i128 => visit_i128: i128, IntType;
        deserialize_u8 => visit_u8: u8, IntType;
        deserialize_u16 => visit_u16: u16, IntType;
        deserialize_u32 => visit_u32: u32, IntType;
        deserialize_u64 => visit_u64: u64, IntType;
        deserialize_u128 => visit_u128: u128, IntType;
        deserialize_f32 => visit_f32: f32, FloatType;
        deserialize_f64 => visit_f64: f64, FloatType;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.key)
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
        BorrowedStrDeserializer::new(self.key).deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// A variant by its name alone, or with what it holds.
pub(super) struct Choice<'de> {
    name: &'de str,
    content: Option<&'de Value>,
}

impl<'de> Choice<'de> {
    pub(super) fn of(value: &'de Value) -> Result<Self, Fault> {
        match value {
            Value::String(name) => Ok(Self {
                name,
                content: None,
            }),
            Value::Object(members) => Self::of_object(members),
            _ => Err(Fault::of(Kind::Enum)),
        }
    }

    fn of_object(members: &'de Map<String, Value>) -> Result<Self, Fault> {
        let mut members = members.iter();
        match (members.next(), members.next()) {
            (Some((name, content)), None) => Ok(Self {
                name,
                content: Some(content),
            }),
            (None, _) => Err(Fault::of(Kind::UnionTagNotFound)),
            (Some(_), Some(_)) => Err(Fault::of(Kind::UnionTagInvalid)),
        }
    }

    fn reader(self) -> Result<(&'de str, Reader<'de>), Fault> {
        match self.content {
            Some(content) => Ok((self.name, Reader::new(content))),
            None => Err(Fault::of(Kind::DictType)),
        }
    }
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.into_deserializer();
        let variant = seed.deserialize(name).map_err(|fault| {
            fault.refine(|kind| match self.content {
                Some(_) => Kind::UnionTagInvalid,
                None => kind,
            })
        })?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(Fault::of(Kind::NoneRequired).within(self.name.to_owned())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let (name, reader) = self.reader()?;
        let content = seed.deserialize(reader);
        content.map_err(|fault| fault.within(name.to_owned()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        let (name, reader) = self.reader()?;
        let content = reader.deserialize_tuple(len, visitor);
        content.map_err(|fault| fault.within(name.to_owned()))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let (name, reader) = self.reader()?;
        let content = reader.deserialize_struct("", fields, visitor);
        content.map_err(|fault| fault.within(name.to_owned()))
    }
}
