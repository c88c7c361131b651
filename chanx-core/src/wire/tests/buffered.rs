//! Types that serde reads from a buffer: flattened, untagged and internally tagged ones.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::assert_payload_refused;
use crate::{
    message::{Message, MessageSet},
    wire::Payload,
};

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Just<T>(T);

impl<T> Message for Just<T>
where
    T: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    const ACTION: &'static str = "just";
}

#[track_caller]
fn refused<T>(payload: &str, kind: &str, loc: Value)
where
    T: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    assert_payload_refused::<Just<T>>(payload, kind, loc);
}

#[track_caller]
fn accepted<T>(payload: &str)
where
    T: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    let payload = Payload::from_json(payload).expect("JSON");
    Just::<T>::decode("just", payload)
        .map(drop)
        .expect("it is accepted");
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Point {
    x: i64,
    y: i64,
}

/// A point that nothing has to be said of.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct Lenient {
    x: i64,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t")]
enum Shape {
    Dot {
        at: Point,
    },
    Polygon {
        points: Vec<Point>,
    },
    Pair {
        pair: (i64, Point),
    },
    Named {
        points: BTreeMap<String, Option<Point>>,
    },
    Nested {
        shape: Box<Self>,
    },
    Held(Point),
    Lenient {
        at: Lenient,
    },
    Anything {
        value: Value,
    },
    Dashes {
        lengths: Vec<f32>,
        scale: f64,
    },
}

#[test]
fn a_list_is_no_struct_of_a_tagged_variant() {
    for (payload, loc) in [
        (r#"{"t":"Dot","at":[1,2]}"#, json!(["at"])),
        (r#"{"at":[1,2],"t":"Dot"}"#, json!(["at"])),
        (
            r#"{"t":"Polygon","points":[{"x":1,"y":2},[1,2]]}"#,
            json!(["points", 1]),
        ),
        (r#"{"t":"Pair","pair":[1,[1,2]]}"#, json!(["pair", 1])),
        (
            r#"{"t":"Named","points":{"a":null,"b":[1,2]}}"#,
            json!(["points", "b"]),
        ),
        (
            r#"{"t":"Nested","shape":{"t":"Dot","at":[1,2]}}"#,
            json!(["shape", "at"]),
        ),
        (
            r#"{"t":"Nested","shape":["Dot",{"x":1,"y":2}]}"#,
            json!(["shape"]),
        ),
        (r#"{"t":"Lenient","at":[]}"#, json!(["at"])),
        (r#"["Dot",{"x":1,"y":2}]"#, json!([])),
        // Of a key that comes twice, which is read the slow way.
        (r#"{"t":"Dot","at":1,"at":[1,2]}"#, json!(["at"])),
    ] {
        refused::<Shape>(payload, "dict_type", loc);
    }
}

#[test]
fn a_list_that_is_one_is_read() {
    for payload in [
        r#"{"t":"Dot","at":{"x":1,"y":2}}"#,
        r#"{"t":"Polygon","points":[{"x":1,"y":2}]}"#,
        r#"{"t":"Polygon","points":[]}"#,
        r#"{"t":"Pair","pair":[1,{"x":1,"y":2}]}"#,
        r#"{"t":"Anything","value":[[1,2],{"at":[1,2]}]}"#,
        r#"{"t":"Held","x":1,"y":2,"nobody":[1,2]}"#,
    ] {
        accepted::<Shape>(payload);
        accepted::<Vec<Option<Shape>>>(&format!("[{payload},null]"));
        accepted::<Around>(&format!(
            r#"{{"id":1,"at":{{"x":1,"y":2}},"shape":{payload}}}"#
        ));
    }
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Around {
    id: u8,
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Inner {
    at: Point,
    shape: Option<Shape>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Others {
    id: u8,
    #[serde(flatten)]
    others: BTreeMap<String, Point>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    Dot { at: Point },
    Word(String),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Dot { at: Point },
    Two(i64, Point),
}

#[test]
fn a_list_is_no_struct_wherever_serde_buffers() {
    refused::<Around>(r#"{"id":1,"at":[1,2]}"#, "dict_type", json!(["at"]));
    refused::<Others>(r#"{"id":1,"a":[1,2]}"#, "dict_type", json!(["a"]));
    refused::<Either>(r#"{"at":[1,2]}"#, "dict_type", json!(["at"]));
    // The content is buffered where the tag comes behind it.
    refused::<Adjacent>(
        r#"{"c":{"at":[1,2]},"t":"Dot"}"#,
        "dict_type",
        json!(["c", "at"]),
    );
    refused::<Adjacent>(r#"{"c":[1,[1,2]],"t":"Two"}"#, "dict_type", json!(["c", 1]));
}

#[test]
fn a_schema_that_stands_elsewhere_allows_anything() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    struct Extensible {
        at: Point,
        #[schemars(extend("$ref" = "https://example.com/extensions.json"))]
        extensions: Value,
    }

    accepted::<Extensible>(r#"{"at":{"x":1,"y":2},"extensions":{"at":[1,2]}}"#);
}

#[test]
fn a_number_that_is_too_large_for_its_float_is_not_finite() {
    refused::<Shape>(
        r#"{"t":"Dashes","lengths":[1,1e39],"scale":1}"#,
        "finite_number",
        json!(["lengths", 1]),
    );
    accepted::<Shape>(r#"{"t":"Dashes","lengths":[3.4e38],"scale":1e300}"#);
    accepted::<Shape>(r#"{"t":"Anything","value":[1e300]}"#);
}

#[test]
fn what_is_wrong_is_named_with_its_whole_path() {
    for (payload, kind, loc) in [
        (r#"{"t":"Dot","at":1}"#, "dict_type", json!(["at"])),
        (r#"{"t":"Dot","at":null}"#, "dict_type", json!(["at"])),
        (r#"{"t":"Dot","at":{"x":1}}"#, "missing", json!(["at", "y"])),
        (r#"{"t":"Dot","at":{}}"#, "missing", json!(["at", "x"])),
        (
            r#"{"t":"Dot","at":{"x":1.5,"y":1}}"#,
            "int_from_float",
            json!(["at", "x"]),
        ),
        (
            r#"{"t":"Dot","at":{"x":"1","y":1}}"#,
            "int_type",
            json!(["at", "x"]),
        ),
        (
            r#"{"t":"Dot","at":{"x":9223372036854775808,"y":1}}"#,
            "less_than_equal",
            json!(["at", "x"]),
        ),
        (
            r#"{"t":"Polygon","points":{}}"#,
            "list_type",
            json!(["points"]),
        ),
        (
            r#"{"t":"Polygon","points":[{"x":1,"y":1},{"y":1}]}"#,
            "missing",
            json!(["points", 1, "x"]),
        ),
        (
            r#"{"t":"Dashes","lengths":["1"],"scale":1}"#,
            "float_type",
            json!(["lengths", 0]),
        ),
        (
            r#"{"t":"Nested","shape":{"t":"dot"}}"#,
            "enum",
            json!(["shape", "t"]),
        ),
        (
            r#"{"t":"Nested","shape":{"t":true}}"#,
            "string_type",
            json!(["shape", "t"]),
        ),
        ("1", "dict_type", json!([])),
    ] {
        refused::<Shape>(payload, kind, loc);
    }
}

#[test]
fn what_is_wrong_is_named_wherever_the_tag_stands() {
    for (content, kind, within) in [
        (r#"{"at":1}"#, "dict_type", json!(["at"])),
        (r#"{"at":{"x":1}}"#, "missing", json!(["at", "y"])),
        ("{}", "missing", json!(["at"])),
        ("1", "dict_type", json!([])),
        (
            r#"{"at":{"x":1.5,"y":1}}"#,
            "int_from_float",
            json!(["at", "x"]),
        ),
    ] {
        let mut loc = vec![json!("c")];
        loc.extend(within.as_array().expect("a path").iter().cloned());
        for payload in [
            format!(r#"{{"t":"Dot","c":{content}}}"#),
            format!(r#"{{"c":{content},"t":"Dot"}}"#),
        ] {
            refused::<Adjacent>(&payload, kind, json!(loc));
            let mut within = vec![json!(1)];
            within.extend(loc.iter().cloned());
            let twice = format!(r#"[{{"t":"Dot","c":{{"at":{{"x":1,"y":1}}}}}},{payload}]"#);
            refused::<Vec<Adjacent>>(&twice, kind, json!(within));
        }
    }
    for payload in [r#"{"t":"Two","c":[1,2]}"#, r#"{"c":[1,2],"t":"Two"}"#] {
        refused::<Adjacent>(payload, "dict_type", json!(["c", 1]));
    }
    refused::<Adjacent>(r#"{"t":"Dot"}"#, "missing", json!(["c"]));
    refused::<Adjacent>(r#"{"c":1}"#, "missing", json!(["t"]));
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Nothing;

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t")]
enum Empty {
    Unit { at: () },
    Struct { at: Nothing },
    Maybe { at: Option<Lenient> },
    Any { at: Value },
}

#[test]
fn an_object_without_members_is_not_nothing() {
    for tag in ["Unit", "Struct"] {
        let payload = |at: &str| format!(r#"{{"t":"{tag}","at":{at}}}"#);
        refused::<Empty>(&payload("{}"), "none_required", json!(["at"]));
        refused::<Empty>(&payload("[]"), "none_required", json!(["at"]));
        accepted::<Empty>(&payload("null"));
    }
    for tag in ["Maybe", "Any"] {
        accepted::<Empty>(&format!(r#"{{"t":"{tag}","at":{{}}}}"#));
    }
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Word {
    First,
    Second,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Plain {
    word: Word,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "t")]
enum Worded {
    Plain { word: Word },
}

#[test]
fn what_is_no_word_is_told_as_it_is_outside() {
    for word in [
        "1",
        "null",
        "true",
        "[]",
        r#"["first"]"#,
        "{}",
        r#"{"a":1}"#,
        r#""third""#,
    ] {
        let plain = format!(r#"{{"t":"Plain","word":{word}}}"#);
        refused::<Plain>(&plain, "enum", json!(["word"]));
        refused::<Worded>(&plain, "enum", json!(["word"]));
    }
    // Where any other text is right too, none of the words is meant.
    for either in ["1", "null", "[]"] {
        refused::<Wording>(either, "string_type", json!([]));
    }
    accepted::<Wording>(r#""third""#);
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Wording {
    Word(Word),
    Text(String),
}

#[test]
fn an_integer_may_be_written_as_zero_with_a_sign() {
    accepted::<Shape>(r#"{"t":"Dot","at":{"x":-0,"y":0}}"#);
    accepted::<Shape>(r#"{"t":"Held","x":-0,"y":-0}"#);
    accepted::<Adjacent>(r#"{"c":[-0,{"x":-0,"y":-0}],"t":"Two"}"#);
    accepted::<Around>(r#"{"id":-0,"at":{"x":1,"y":-0}}"#);
    accepted::<Numbers>(r#"{"wide":-0}"#);
    accepted::<Numbers>(r#"{"ratio":-0}"#);
    refused::<Shape>(
        r#"{"t":"Dot","at":{"x":-0.0,"y":0}}"#,
        "int_from_float",
        json!(["at", "x"]),
    );
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Numbers {
    Wide { wide: u64 },
    Ratio { ratio: f64 },
}

#[test]
fn where_several_things_may_be_meant_the_path_stops() {
    refused::<Either>("1", "value_error", json!([]));
    refused::<Either>(r#"{"of":1}"#, "value_error", json!([]));
}

#[test]
fn integers_of_128_bits_are_refused_and_never_rounded() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "t")]
    enum Wide {
        Number { number: u128 },
    }

    refused::<Wide>(r#"{"t":"Number","number":1}"#, "value_error", json!([]));
}
