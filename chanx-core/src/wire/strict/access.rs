//! The same for what is within lists, objects and enums.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::Strict;

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let Self { inner, notes } = self;
        notes.hand_out();
        inner.deserialize(Strict::new(deserializer, notes))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Self { inner, notes } = self;
        notes.of(inner.next_element_seed(Strict::new(seed, notes)))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The members of an object, which a buffer may hand out as nothing at all if there are none.
pub(super) struct Entries<'n, A, const ANY: bool> {
    members: Strict<'n, A>,
    is_empty: bool,
}

impl<'n, A, const ANY: bool> Entries<'n, A, ANY> {
    pub(super) fn new(members: Strict<'n, A>) -> Self {
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
        let Strict { inner, notes } = &mut self.members;
        let key = notes.of(inner.next_key_seed(Strict::new(seed, notes)))?;
        if key.is_some() {
            notes.hand_out();
        } else if ANY && self.is_empty {
            notes.doubtful.set(true);
        }
        self.is_empty = false;
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let Strict { inner, notes } = &mut self.members;
        notes.read_one();
        notes.of(inner.next_value_seed(Strict::new(seed, notes)))
    }

    fn size_hint(&self) -> Option<usize> {
        self.members.inner.size_hint()
    }
}

impl<'de, 'n, A: EnumAccess<'de>> EnumAccess<'de> for Strict<'n, A> {
    type Error = A::Error;
    type Variant = Strict<'n, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let Self { inner, notes } = self;
        let (value, variant) = notes.of(inner.variant_seed(Strict::new(seed, notes)))?;
        notes.hand_out();
        Ok((value, Strict::new(variant, notes)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Strict<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        let (inner, notes) = self.opened();
        notes.of(inner.unit_variant())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        let (inner, notes) = self.opened();
        notes.of(inner.newtype_variant_seed(Strict::new(seed, notes)))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        let (inner, notes) = self.opened();
        notes.of(inner.tuple_variant(len, Strict::new(visitor, notes)))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let (inner, notes) = self.opened();
        notes.of(inner.newtype_variant_seed(Members(Strict::new(visitor, notes))))
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
