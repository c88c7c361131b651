//! The parameters of a topic, as serde reads them.

use serde::{
    Deserializer,
    de::{
        self, IntoDeserializer, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

use super::pattern::Matched;

/// The parameters of a topic, as a type is read from them: one value, several
/// in order, or a struct by their names.
#[derive(Debug)]
pub(super) struct Parameters<'t>(pub(super) Matched<'t>);

/// One parameter, as the type wants it.
#[derive(Debug, Clone, Copy)]
struct Value<'t>(&'t str);

impl<'t> Parameters<'t> {
    fn only(&self) -> Result<Value<'t>, Error> {
        match self.0.as_slice() {
            [(_, value)] => Ok(Value(value)),
            several => Err(de::Error::custom(format_args!(
                "{} parameters where one is wanted",
                several.len(),
            ))),
        }
    }
}

/// A value that is read from the one parameter that there is.
macro_rules! of_the_only {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
            self.only()?.$method(visitor)
        }
    )*};
}

impl<'t> Deserializer<'t> for Parameters<'t> {
    type Error = Error;

    of_the_only! {
        deserialize_any deserialize_bool deserialize_char deserialize_str deserialize_string
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_identifier
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.only()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        let values = self.0.into_iter().map(|(name, value)| (name, Value(value)));
        visitor.visit_map(MapDeserializer::new(values))
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        let values = self.0.into_iter().map(|(_, value)| Value(value));
        let mut values = SeqDeserializer::new(values);
        let read = visitor.visit_seq(&mut values)?;
        values.end()?;
        Ok(read)
    }

    fn deserialize_tuple<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}

/// The integers that a text is, in the one way in which each is written.
///
/// `room:05` would be another group than `room:5`: whoever follows the one room by that name
/// would be told nothing that is published to the other.
macro_rules! integers {
    ($($method:ident $visit:ident $integer:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let Ok(value) = self.0.parse::<$integer>() else {
                return Err(de::Error::custom("not an integer that fits"));
            };
            match value.to_string() == self.0 {
                true => visitor.$visit(value),
                false => Err(de::Error::custom(
                    "an integer has no sign or zero that it does not need",
                )),
            }
        }
    )*};
}

/// The types that a text is parsed as.
macro_rules! parsed {
    ($($method:ident $visit:ident $what:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(de::Error::custom(concat!("not ", $what))),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    integers! {
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
    }

    parsed! {
        deserialize_bool visit_bool "true or false"
        deserialize_f32 visit_f32 "a number"
        deserialize_f64 visit_f64 "a number"
        deserialize_char visit_char "one character"
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'t> IntoDeserializer<'t, Error> for Value<'t> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, de::DeserializeOwned};

    use super::*;

    fn read<T: DeserializeOwned>(matched: &[(&'static str, &str)]) -> Result<T, String> {
        T::deserialize(Parameters(matched.to_vec())).map_err(|error| error.to_string())
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct RoomName(String);

    #[derive(Debug, PartialEq, Deserialize)]
    struct Note {
        page: u32,
        room: RoomName,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Lobby,
        Attic,
    }

    #[test]
    fn a_parameter_is_read_as_what_it_is_taken_for() {
        let one = [("room", "5")];

        assert_eq!(read(&one), Ok("5".to_owned()));
        assert_eq!(read(&one), Ok(5_u8));
        assert_eq!(read(&one), Ok(RoomName("5".to_owned())));
        assert_eq!(read(&one), Ok(Some(5_i64)));
        assert_eq!(read(&[("room", "-128")]), Ok(-128_i8));
        assert_eq!(read(&[("room", "0")]), Ok(0_u128));
        assert_eq!(read(&[("kind", "attic")]), Ok(Kind::Attic));
        assert_eq!(read(&[]), Ok(()));
    }

    #[test]
    fn several_parameters_are_a_struct_by_name_or_a_tuple_in_order() {
        let room = RoomName("a b".to_owned());
        let two = [("room", "a b"), ("page", "7")];

        assert_eq!(read(&two), Ok(Note { page: 7, room }));
        assert_eq!(read(&two), Ok(("a b".to_owned(), 7_u16)));
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let one = [("room", "5x")];
        let two = [("room", "5"), ("page", "x")];

        assert_eq!(read::<u8>(&one), Err("not an integer that fits".to_owned()));
        for written in ["05", "+5", "-05", "-0"] {
            let needless = "an integer has no sign or zero that it does not need".to_owned();
            assert_eq!(read::<i8>(&[("room", written)]), Err(needless), "{written}");
        }
        assert_eq!(read::<bool>(&one), Err("not true or false".to_owned()));
        assert!(read::<Kind>(&one).is_err());
        assert!(read::<Note>(&two).is_err());
        assert!(read::<(String, u8, u8)>(&two).is_err());
        assert_eq!(
            read::<String>(&two),
            Err("2 parameters where one is wanted".to_owned()),
        );
    }
}
