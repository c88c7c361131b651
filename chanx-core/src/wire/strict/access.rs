//! The same for what is within lists, objects and enums.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::Strict;

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner
            .deserialize(Strict::new(deserializer, self.doubtful))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.inner
            .next_element_seed(Strict::new(seed, self.doubtful))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The members of an object, which a buffer may hand out as nothing at all if there are none.
pub(super) struct Entries<'f, A, const ANY: bool> {
    members: Strict<'f, A>,
    is_empty: bool,
}

impl<'f, A, const ANY: bool> Entries<'f, A, ANY> {
    pub(super) fn new(members: Strict<'f, A>) -> Self {
        Self {
            members,
            is_empty: true,
        }
    }
}

impl<'de, A: MapAccess<'de>, const ANY: bool> MapAccess<'de> for Entries<'_, A, ANY> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Strict { inner, doubtful } = &mut self.members;
        let key = inner.next_key_seed(Strict::new(seed, doubtful))?;
        if ANY && self.is_empty && key.is_none() {
            doubtful.set(true);
        }
        self.is_empty = false;
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let Strict { inner, doubtful } = &mut self.members;
        inner.next_value_seed(Strict::new(seed, doubtful))
    }

    fn size_hint(&self) -> Option<usize> {
        self.members.inner.size_hint()
    }
}

impl<'de, 'f, A: EnumAccess<'de>> EnumAccess<'de> for Strict<'f, A> {
    type Error = A::Error;
    type Variant = Strict<'f, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.inner.variant_seed(seed)?;
        Ok((value, Strict::new(variant, self.doubtful)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Strict<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner
            .newtype_variant_seed(Strict::new(seed, self.doubtful))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.inner
            .tuple_variant(len, Strict::new(visitor, self.doubtful))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.inner
            .newtype_variant_seed(Members(Strict::new(visitor, self.doubtful)))
    }
}

/// Reads what a struct variant holds, which is an object too.
struct Members<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Members<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_map(self.0)
    }
}
