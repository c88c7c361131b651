//! Whether a type fits the parameters of a pattern, as far as serde tells.
//!
//! Only serde knows the fields of a type, and it tells them while the type is being
//! read: it is read once from samples, before any client subscribes.

use std::fmt;

use serde::{
    Deserializer,
    de::{self, DeserializeOwned, IntoDeserializer, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};

/// The reason why no topic of a pattern with these parameters can be read as a `P`.
///
/// `None` where there is none, or none that is certain: a type may read itself in
/// ways of its own.
pub(super) fn misfit<P: DeserializeOwned>(parameters: &[&'static str]) -> Option<String> {
    match P::deserialize(Probe(parameters)) {
        Err(Told::Misfit(misfit)) => Some(misfit),
        Err(Told::Nothing) | Ok(_) => None,
    }
}

/// What reading a type from samples tells of it.
#[derive(Debug)]
enum Told {
    Misfit(String),
    /// A sample is not what it wants, which says nothing of what a client sends.
    Nothing,
}

impl de::Error for Told {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Nothing
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Misfit(format!(
            "it has a field `{field}`, and the pattern no such parameter"
        ))
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Told {}

/// Asks a type how it reads the parameters.
struct Probe<'a>(&'a [&'static str]);

impl Probe<'_> {
    /// What is told where the type wants `count` parameters.
    fn wanted(&self, count: usize) -> Told {
        let given = self.0.len();
        match given == count {
            true => Told::Nothing,
            false => Told::Misfit(format!(
                "it is read from {count}, and the pattern has {given}: \
                 several are read as a struct with a field for each"
            )),
        }
    }
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Told;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(self.wanted(1))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Told> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Told> {
        if let Some(other) = self.0.iter().find(|name| !fields.contains(name)) {
            return Err(Told::Misfit(format!("it has no field `{other}`")));
        }
        let samples = self.0.iter().map(|name| (*name, Sample));
        visitor.visit_map(MapDeserializer::new(samples))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, count: usize, _: V) -> Result<V::Value, Told> {
        Err(self.wanted(count))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        count: usize,
        _: V,
    ) -> Result<V::Value, Told> {
        Err(self.wanted(count))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Told> {
        Err(self.wanted(1))
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(Told::Nothing)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(Told::Nothing)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(Told::Nothing)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Told> {
        Err(Told::Nothing)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Told> {
        Err(Told::Nothing)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option identifier
    }
}

/// A parameter that is whatever is wanted.
struct Sample;

/// The types that a sample may be.
macro_rules! samples {
    ($($method:ident $visit:ident $value:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Told> {
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Sample {
    type Error = Told;

    samples! {
        deserialize_any visit_str "1"
        deserialize_bool visit_bool true
        deserialize_i8 visit_i8 1
        deserialize_i16 visit_i16 1
        deserialize_i32 visit_i32 1
        deserialize_i64 visit_i64 1
        deserialize_i128 visit_i128 1
        deserialize_u8 visit_u8 1
        deserialize_u16 visit_u16 1
        deserialize_u32 visit_u32 1
        deserialize_u64 visit_u64 1
        deserialize_u128 visit_u128 1
        deserialize_f32 visit_f32 1.0
        deserialize_f64 visit_f64 1.0
        deserialize_char visit_char '1'
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Told> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Told> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Told> {
        let first = variants.first().ok_or(Told::Nothing)?;
        visitor.visit_enum((*first).into_deserializer())
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl IntoDeserializer<'_, Told> for Sample {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;

    use super::misfit;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "it is read only")]
    struct Page {
        #[serde(rename = "room", alias = "hall")]
        name: Name,
        page: u32,
        mode: Option<Mode>,
        #[serde(default)]
        zoom: f32,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "it is read only")]
    struct Name(String);

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Mode {
        Quiet,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "it is read only")]
    struct Flat {
        room: String,
        #[serde(flatten)]
        rest: HashMap<String, String>,
    }

    #[test]
    fn what_can_be_read_fits() {
        assert_eq!(misfit::<Page>(&["room", "page"]), None);
        assert_eq!(misfit::<Page>(&["page", "hall"]), None);
        assert_eq!(misfit::<Page>(&["mode", "page", "room", "zoom"]), None);
        assert_eq!(misfit::<Flat>(&["room", "page"]), None);
        assert_eq!(misfit::<HashMap<String, String>>(&["room", "page"]), None);
        assert_eq!(misfit::<(String, u8)>(&["room", "page"]), None);
        assert_eq!(misfit::<Vec<String>>(&["room", "page"]), None);
        assert_eq!(misfit::<u8>(&["room"]), None);
        assert_eq!(misfit::<Name>(&["room"]), None);
        assert_eq!(misfit::<Mode>(&["room"]), None);
        assert_eq!(misfit::<()>(&[]), None);
    }

    #[test]
    fn a_struct_has_the_fields_that_the_pattern_names() {
        assert_eq!(
            misfit::<Page>(&["rom", "page"]).unwrap(),
            "it has no field `rom`"
        );
        assert_eq!(
            misfit::<Page>(&["room"]).unwrap(),
            "it has a field `page`, and the pattern no such parameter"
        );
    }

    #[test]
    fn what_is_one_value_is_not_read_from_several() {
        let told = "it is read from 1, and the pattern has 2: \
                    several are read as a struct with a field for each";

        assert_eq!(misfit::<String>(&["room", "page"]).unwrap(), told);
        assert_eq!(misfit::<Name>(&["room", "page"]).unwrap(), told);
        assert_eq!(misfit::<Option<u8>>(&["room", "page"]).unwrap(), told);
        assert_eq!(misfit::<Mode>(&["room", "page"]).unwrap(), told);
        assert!(misfit::<(u8, u8, u8)>(&["room", "page"]).is_some());
    }
}
