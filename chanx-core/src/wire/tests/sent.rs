//! A message that is sent fits its schema, or is an error.

use std::{collections::BTreeMap, error::Error};

use serde::{Serialize, Serializer};
use serde_json::{Value, json, value::RawValue};

use crate::wire::{Encoder, Envelope};

fn written<T: Serialize>(payload: T) -> Result<Value, String> {
    let frame = Encoder::new(Envelope::push())
        .message("act", &payload)
        .map_err(|error| error.source().expect("a reason").to_string())?;
    let mut frame: Value = serde_json::from_slice(&frame).expect("a frame is JSON");
    Ok(frame["payload"].take())
}

#[derive(Serialize)]
struct Newtype(f32);

#[derive(Serialize)]
struct Tuple(u8, f64);

#[derive(Serialize)]
struct Field {
    ratio: f64,
}

#[derive(Serialize)]
struct Flat<T: Serialize> {
    #[serde(flatten)]
    inner: T,
}

#[derive(Serialize)]
enum External {
    Newtype(f64),
    Tuple(f64, u8),
    Struct { ratio: f32 },
}

#[derive(Serialize)]
#[serde(tag = "kind")]
enum Internal {
    Newtype(Field),
    Struct { ratio: f32 },
}

#[derive(Serialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Newtype(f64),
    Tuple(f64, u8),
    Struct { ratio: f32 },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Untagged {
    Newtype(f64),
    Struct { ratio: f32 },
}

#[test]
fn a_number_that_json_does_not_have_is_an_error_wherever_it_stands() {
    const NAN: f64 = f64::NAN;
    const NAN_32: f32 = f32::NAN;
    let everywhere = [
        written(NAN),
        written(NAN_32),
        written(Newtype(NAN_32)),
        written(Tuple(1, NAN)),
        written(Field { ratio: NAN }),
        written([1.0, NAN]),
        written(vec![Some(1.0), None, Some(NAN)]),
        written((1, NAN)),
        written(BTreeMap::from([("a", NAN)])),
        written(BTreeMap::from([(1, vec![Field { ratio: NAN }])])),
        written(Flat {
            inner: Field { ratio: NAN },
        }),
        written(Flat {
            inner: BTreeMap::from([("a", NAN)]),
        }),
        written(Flat {
            inner: Internal::Struct { ratio: NAN_32 },
        }),
        written(Flat {
            inner: External::Tuple(NAN, 1),
        }),
        written(Flat {
            inner: External::Struct { ratio: NAN_32 },
        }),
        written(External::Newtype(NAN)),
        written(External::Tuple(NAN, 1)),
        written(External::Struct { ratio: NAN_32 }),
        written(Internal::Newtype(Field { ratio: NAN })),
        written(Internal::Struct { ratio: NAN_32 }),
        written(Adjacent::Newtype(NAN)),
        written(Adjacent::Tuple(NAN, 1)),
        written(Adjacent::Struct { ratio: NAN_32 }),
        written(Untagged::Newtype(NAN)),
        written(Untagged::Struct { ratio: NAN_32 }),
    ];

    for (n, read) in everywhere.into_iter().enumerate() {
        let reason = read.expect_err("it is refused");
        assert!(
            reason.ends_with("JSON has no number `NaN`"),
            "place {n}: {reason}"
        );
    }
}

#[test]
fn the_field_of_such_a_number_is_named() {
    const NAN: f64 = f64::NAN;
    #[derive(Serialize)]
    struct Station {
        #[serde(rename = "lastReadings")]
        readings: Vec<Field>,
    }
    let named = |path: &str| Err(format!("`{path}`: JSON has no number `NaN`"));

    assert_eq!(written(Field { ratio: NAN }), named("ratio"));
    let readings = vec![Field { ratio: 1.0 }, Field { ratio: NAN }];
    assert_eq!(written(Station { readings }), named("lastReadings.ratio"));
    assert_eq!(written(BTreeMap::from([("a b", NAN)])), named("a b"));
    assert_eq!(written(BTreeMap::from([(7, NAN)])), named("7"));
    let by_day = BTreeMap::from([("monday", Internal::Newtype(Field { ratio: NAN }))]);
    assert_eq!(written(Flat { inner: by_day }), named("monday.ratio"));
}

#[test]
fn an_infinity_is_an_error_too() {
    assert_eq!(
        written(f64::INFINITY),
        Err("JSON has no number `inf`".into())
    );
    assert_eq!(
        written(f64::NEG_INFINITY),
        Err("JSON has no number `-inf`".into())
    );
    assert_eq!(
        written(f32::INFINITY),
        Err("JSON has no number `inf`".into())
    );
}

#[test]
fn the_largest_and_the_smallest_floats_are_numbers() {
    assert_eq!(
        written([f64::MAX, f64::MIN, -0.0]),
        Ok(json!([f64::MAX, f64::MIN, -0.0]))
    );
    assert_eq!(written(f64::MIN_POSITIVE), Ok(json!(f64::MIN_POSITIVE)));
    assert_eq!(written(5e-324), Ok(json!(5e-324)));
}

#[test]
fn all_else_is_written_as_serde_json_does() {
    #[derive(Serialize)]
    struct Everything<'a> {
        unit: (),
        none: Option<u8>,
        some: Option<&'a str>,
        letter: char,
        yes: bool,
        bytes: Bytes<'a>,
        raw: &'a RawValue,
        value: Value,
        address: std::net::IpAddr,
        #[serde(skip_serializing_if = "Option::is_none")]
        skipped: Option<u8>,
        enums: (External, Internal, Adjacent, Untagged),
        #[serde(flatten)]
        flat: Flat<Adjacent>,
    }
    let raw = RawValue::from_string("[1.50,  1e3]".to_owned()).unwrap();
    let everything = Everything {
        unit: (),
        none: None,
        some: Some("é\u{2028}\""),
        letter: '\u{1F600}',
        yes: true,
        bytes: Bytes(&[0, 255]),
        raw: &raw,
        value: json!({"b": [1, -1, 1.5, u64::MAX, null]}),
        address: "::1".parse().unwrap(),
        skipped: None,
        enums: (
            External::Tuple(0.1, 1),
            Internal::Newtype(Field { ratio: 1e300 }),
            Adjacent::Tuple(1.0, 2),
            Untagged::Struct { ratio: 0.1 },
        ),
        flat: Flat {
            inner: Adjacent::Struct { ratio: 1.0 },
        },
    };
    let frame = Encoder::new(Envelope::push())
        .message("act", &everything)
        .unwrap();

    let plain = serde_json::to_string(&everything).unwrap();
    assert_eq!(frame, format!(r#"{{"action":"act","payload":{plain}}}"#));
}

/// Bytes by the name that serde has for them.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

#[test]
fn bytes_are_a_list_of_numbers_and_a_letter_is_a_text() {
    assert_eq!(written(Bytes(&[0, 255])), Ok(json!([0, 255])));
    assert_eq!(written(vec![0_u8, 255]), Ok(json!([0, 255])));
    assert_eq!(written('"'), Ok(json!("\"")));
}

#[test]
fn integers_of_128_bits_keep_every_digit() {
    let frame = Encoder::new(Envelope::push())
        .message("act", &(i128::MIN, u128::MAX))
        .unwrap();

    let numbers = format!("[{},{}]", i128::MIN, u128::MAX);
    assert_eq!(frame, format!(r#"{{"action":"act","payload":{numbers}}}"#));
}

#[test]
fn the_keys_of_a_map_are_texts_whatever_they_are_in_rust() {
    assert_eq!(
        written(BTreeMap::from([(-1_i128, 1)])),
        Ok(json!({"-1": 1}))
    );
    assert_eq!(written(BTreeMap::from([(true, 1)])), Ok(json!({"true": 1})));
    assert_eq!(written(BTreeMap::from([('a', 1)])), Ok(json!({"a": 1})));
    assert_eq!(written(Pair(0.5, 1)), Ok(json!({"0.5": 1})));
}

#[test]
fn a_key_that_has_no_text_is_an_error() {
    let no_text = "key must be a string";
    assert_eq!(written(BTreeMap::from([((1, 2), 1)])), Err(no_text.into()));
    assert_eq!(written(BTreeMap::from([(vec![1], 1)])), Err(no_text.into()));
    assert_eq!(written(BTreeMap::from([((), 1)])), Err(no_text.into()));
    assert!(written(Pair(f64::NAN, 1)).is_err());
    assert!(written(Pair(f64::INFINITY, 1)).is_err());
}

/// A map of one member whose key may be anything.
struct Pair<K>(K, u8);

impl<K: Serialize> Serialize for Pair<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.0, self.1)])
    }
}
