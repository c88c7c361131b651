//! serde_json's deserializer, save that it reads no struct from a list, and no
//! infinity from a number.
//!
//! serde lets a list stand for a struct, its items in the order of the fields.
//! The documents promise an object, so a list is of the wrong kind here. And a
//! number that is too large for an `f32` would become infinite. All else passes
//! through unchanged.
//!
//! What is flattened, untagged or internally tagged serde buffers, and reads
//! from there by itself. All that can be done is to take notice of what such a
//! reading may take for something else: it is looked at again, by the schema.

mod access;
mod wrapper;

pub(super) use wrapper::{Notes, Strict};

use std::fmt;

use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use self::access::Entries;

/// True if an `f32` holds the number, to some digits.
fn fits_f32(number: f64) -> bool {
    (number as f32).is_finite()
}

macro_rules! ask {
    ($($method:ident($($hint:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($hint: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            let (inner, notes) = self.opened();
            notes.of(inner.$method($($hint,)* Strict::new(visitor, notes)))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let (inner, notes) = self.opened();
        notes.of(inner.deserialize_map(Strict::new(visitor, notes)))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, notes) = self.opened();
        let visitor = Strict::<V, true> {
            inner: visitor,
            notes,
        };
        notes.of(inner.deserialize_any(visitor))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, notes) = self.opened();
        notes.of(inner.deserialize_f32(Finite(visitor)))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, notes) = self.opened();
        notes.lax.set(true);
        inner.deserialize_bytes(Strict::new(visitor, notes))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let (inner, notes) = self.opened();
        notes.lax.set(true);
        inner.deserialize_byte_buf(Strict::new(visitor, notes))
    }

    ask! {
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! tell {
    ($($method:ident($type:ty);)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>, const ANY: bool> Visitor<'de> for Strict<'_, V, ANY> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    tell! {
        visit_bool(bool);
        visit_i8(i8);
        visit_i16(i16);
        visit_i32(i32);
        visit_i64(i64);
        visit_i128(i128);
        visit_u8(u8);
        visit_u16(u16);
        visit_u32(u32);
        visit_u64(u64);
        visit_u128(u128);
        visit_f32(f32);
        visit_char(char);
        visit_str(&str);
        visit_borrowed_str(&'de str);
        visit_string(String);
        visit_bytes(&[u8]);
        visit_borrowed_bytes(&'de [u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        if ANY && !fits_f32(number) {
            self.notes.doubtful.set(true);
        }
        self.inner.visit_f64(number)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let Self { inner, notes } = self;
        notes.hand_out();
        inner.visit_some(Strict::new(value, notes))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let Self { inner, notes } = self;
        notes.hand_out();
        inner.visit_newtype_struct(Strict::new(value, notes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        if ANY {
            self.notes.doubtful.set(true);
        }
        self.inner.visit_seq(Strict::new(items, self.notes))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let Self { inner, notes } = self;
        inner.visit_map(Entries::<A, ANY>::new(Strict::new(members, notes)))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, choice: A) -> Result<V::Value, A::Error> {
        let Self { inner, notes } = self;
        inner.visit_enum(Strict::new(choice, notes))
    }
}

/// Reads an `f32`, and nothing beyond the largest one.
pub(super) struct Finite<V>(pub(super) V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Finite<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        if fits_f32(number) {
            self.0.visit_f64(number)
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_u64(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<V::Value, E> {
        self.0.visit_i64(number)
    }
}
