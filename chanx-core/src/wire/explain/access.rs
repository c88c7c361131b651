//! Into lists, objects and enums, where every step adds to the path.

use std::vec;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor, value::StrDeserializer,
};
use serde_json::value::RawValue;

use super::{
    super::kind::Kind,
    fault::Fault,
    key::KeyReader,
    parts::{Member, items, members},
    value::Value,
};

/// A walk through a list.
pub(super) struct List<'de> {
    items: std::iter::Enumerate<vec::IntoIter<&'de RawValue>>,
}

impl<'de> List<'de> {
    /// Reads a list with a visitor that takes all of it.
    pub(super) fn read<V: Visitor<'de>>(json: &'de str, visitor: V) -> Result<V::Value, Fault> {
        let mut list = Self {
            items: items(json)?.into_iter().enumerate(),
        };
        let value = visitor.visit_seq(&mut list).map_err(Fault::witnessed)?;
        match list.items.len() {
            0 => Ok(value),
            // A tuple takes only as many as it has places.
            _ => Err(Fault::of(Kind::TooLong)),
        }
    }
}

impl<'de> SeqAccess<'de> for List<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, item)) = self.items.next() else {
            return Ok(None);
        };
        let item = seed.deserialize(Value::new(item.get()));
        item.map(Some).map_err(|fault| fault.within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// A walk through an object.
pub(super) struct Object<'de> {
    members: vec::IntoIter<Member<'de>>,
    /// Behind the key that was asked for last.
    current: Option<Member<'de>>,
}

impl<'de> Object<'de> {
    pub(super) fn read<V: Visitor<'de>>(json: &'de str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Self {
            members: members(json)?.into_iter(),
            current: None,
        })
    }
}

impl<'de> MapAccess<'de> for Object<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(KeyReader::new(&key));
        let read = read.map_err(|fault| fault.witnessed().within(key.clone()))?;
        self.current = Some((key, value));
        Ok(Some(read))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, value)) = self.current.take() else {
            return Err(Fault::of(Kind::ValueError));
        };
        let member = seed.deserialize(Value::new(value.get()));
        member.map_err(|fault| fault.within(key))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// A variant by its name alone, or with what it holds.
pub(super) struct Choice<'de> {
    name: String,
    content: Option<&'de RawValue>,
}

impl<'de> Choice<'de> {
    pub(super) fn named(name: String) -> Self {
        Self {
            name,
            content: None,
        }
    }

    pub(super) fn of_object(json: &'de str) -> Result<Self, Fault> {
        let mut members = members(json)?.into_iter();
        match (members.next(), members.next()) {
            (Some((name, content)), None) => Ok(Self {
                name,
                content: Some(content),
            }),
            _ => Err(Fault::of(Kind::Enum)),
        }
    }

    fn read<T>(self, read: impl FnOnce(Value<'de>) -> Result<T, Fault>) -> Result<T, Fault> {
        match self.content {
            Some(content) => {
                read(Value::new(content.get())).map_err(|fault| fault.within(self.name))
            }
            None => Err(Fault::of(Kind::DictType)),
        }
    }
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.as_str().into_deserializer();
        let variant = seed.deserialize(name).map_err(Fault::witnessed)?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => {
                self.read(|content| content.deserialize_unit(serde::de::IgnoredAny).map(drop))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.read(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Fault> {
        self.read(|content| content.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.read(|content| content.deserialize_struct("", fields, visitor))
    }
}
