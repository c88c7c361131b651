//! Numbers of every width, wherever they stand.

use std::{cmp::Ordering, collections::BTreeMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{json, value::RawValue};

use crate::wire::{Payload, explain::explain};

/// The kind of what is wrong, on which both readings agree.
#[track_caller]
fn refused<T: DeserializeOwned>(payload: &str) -> String {
    let raw = RawValue::from_string(payload.to_owned()).unwrap();
    let first = Payload::from_raw(&raw).decode::<T>().map(drop);
    let first = first.expect_err(payload).violations()[0].clone();
    let second = explain::<T>(raw.get(), None).map(drop);
    assert_eq!(first, second.expect_err(payload).violation);
    first.kind.into_owned()
}

#[track_caller]
fn accepted<T: DeserializeOwned>(payload: &str) {
    let raw = RawValue::from_string(payload.to_owned()).unwrap();
    Payload::from_raw(&raw)
        .decode::<T>()
        .map(drop)
        .expect(payload);
    explain::<T>(raw.get(), None).map(drop).expect(payload);
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Bare<T>(T);

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(bound(deserialize = "T: DeserializeOwned"))]
struct Field<T> {
    at: T,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t")]
enum Tagged<T> {
    At { at: T },
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged<T> {
    At { at: T },
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Around<T> {
    #[serde(flatten)]
    inner: Inner<T>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Inner<T> {
    at: T,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
enum External<T> {
    Held(T),
}

fn no_fraction<T: DeserializeOwned>() {
    for number in ["1.5", "1.0", "1e2", "-0.5", "0e0"] {
        let at = format!(r#"{{"at":{number}}}"#);
        for kind in [
            refused::<T>(number),
            refused::<Bare<T>>(number),
            refused::<Option<T>>(number),
            refused::<Field<T>>(&at),
            refused::<Field<Option<T>>>(&at),
            refused::<Vec<T>>(&format!("[{number}]")),
            refused::<(T, u8)>(&format!("[{number},1]")),
            refused::<BTreeMap<String, T>>(&at),
            refused::<External<T>>(&format!(r#"{{"Held":{number}}}"#)),
        ] {
            assert_eq!(kind, "int_from_float", "{number}");
        }
        refused::<Around<T>>(&at);
        refused::<Untagged<T>>(&at);
        refused::<Tagged<T>>(&format!(r#"{{"t":"At","at":{number}}}"#));
    }
    for number in ["0", "-0", "1", "127"] {
        accepted::<T>(number);
        accepted::<Bare<T>>(number);
        accepted::<Option<T>>(number);
        accepted::<Vec<T>>(&format!("[{number} ,{number}]"));
        accepted::<Field<T>>(&format!(r#"{{"at":{number} }}"#));
        accepted::<External<T>>(&format!(r#"{{"Held":{number}}}"#));
    }
}

#[test]
fn an_integer_of_any_width_has_no_fraction_wherever_it_stands() {
    no_fraction::<i8>();
    no_fraction::<i16>();
    no_fraction::<i32>();
    no_fraction::<i64>();
    no_fraction::<i128>();
    no_fraction::<u8>();
    no_fraction::<u16>();
    no_fraction::<u32>();
    no_fraction::<u64>();
    no_fraction::<u128>();
}

#[test]
fn a_number_that_is_too_large_for_its_float_is_not_finite() {
    for number in ["1e39", "-1e39", "340282366920938463463374607431768211456"] {
        let at = format!(r#"{{"at":{number}}}"#);
        for kind in [
            refused::<f32>(number),
            refused::<Bare<f32>>(number),
            refused::<Option<f32>>(number),
            refused::<Field<f32>>(&at),
            refused::<Vec<f32>>(&format!("[{number}]")),
            refused::<BTreeMap<String, f32>>(&at),
            refused::<External<f32>>(&format!(r#"{{"Held":{number}}}"#)),
        ] {
            assert_eq!(kind, "finite_number", "{number}");
        }
        accepted::<f64>(number);
        accepted::<Untagged<f64>>(&at);
    }
    for number in [
        "3.4028234e38",
        "-3.4028234e38",
        "1e-50",
        "-0",
        "18446744073709551615",
    ] {
        accepted::<f32>(number);
    }
    for number in ["1e309", "-1e309"] {
        assert_eq!(refused::<f32>(number), "finite_number");
        assert_eq!(refused::<f64>(number), "finite_number");
    }
    assert_eq!(
        refused::<BTreeMap<Ordered<f32>, u8>>(r#"{"1e39":1}"#),
        "float_type"
    );
    accepted::<BTreeMap<Ordered<f64>, u8>>(r#"{"1e39":1}"#);
}

fn no_odd_key<K: DeserializeOwned + Ord>(kind: &str) {
    for key in [
        "+1", "01", " 1", "1 ", "0x1", "1_0", "", "-", "one", "inf", "-inf", "NaN", "infinity",
        ".5", "1.",
    ] {
        let payload = json!({ key: 1 }).to_string();
        assert_eq!(refused::<BTreeMap<K, u8>>(&payload), kind, "{key:?}");
    }
    accepted::<BTreeMap<K, u8>>(r#"{"1":1,"2":1}"#);
    // An escape is read as what it means.
    accepted::<BTreeMap<K, u8>>(r#"{"\u0031":1}"#);
}

#[test]
fn a_number_in_a_key_is_written_as_json_has_it() {
    no_odd_key::<i8>("int_type");
    no_odd_key::<i16>("int_type");
    no_odd_key::<i32>("int_type");
    no_odd_key::<i64>("int_type");
    no_odd_key::<i128>("int_type");
    no_odd_key::<u8>("int_type");
    no_odd_key::<u16>("int_type");
    no_odd_key::<u32>("int_type");
    no_odd_key::<u64>("int_type");
    no_odd_key::<u128>("int_type");
    no_odd_key::<Ordered<f32>>("float_type");
    no_odd_key::<Ordered<f64>>("float_type");
    for key in ["1.5", "1e2"] {
        let payload = json!({ key: 1 }).to_string();
        assert_eq!(refused::<BTreeMap<i128, u8>>(&payload), "int_type");
        assert_eq!(refused::<BTreeMap<u128, u8>>(&payload), "int_type");
        accepted::<BTreeMap<Ordered<f64>, u8>>(&payload);
    }
}

/// A float for a key.
#[derive(Debug, PartialEq, Deserialize)]
struct Ordered<T>(T);

impl<T: PartialEq> Eq for Ordered<T> {}

impl<T: PartialOrd> Ord for Ordered<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal)
    }
}

impl<T: PartialOrd> PartialOrd for Ordered<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
