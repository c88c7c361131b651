//! Types of every kind that serde has a way for, each of which goes both ways.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::IpAddr,
};

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, channel};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Numbers of all widths.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Numbers {
    small: i8,
    byte: u8,
    short: u16,
    int: i32,
    /// Exact up to 2⁵³.
    long: i64,
    unsigned: u64,
    size: usize,
    float: f32,
    double: f64,
    non_zero: std::num::NonZeroU32,
}

/// Text, and what is written as text.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Texts {
    text: String,
    letter: char,
    id: Uuid,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    day: NaiveDate,
    time: NaiveTime,
    address: IpAddr,
    bytes: Vec<u8>,
    nothing: (),
    yes: bool,
}

/// What may be left out, or be null.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Options {
    may_be_null: Option<u8>,
    #[serde(default)]
    has_default: u8,
    #[serde(default = "seven")]
    has_another: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    is_left_out: Option<Inner>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list_left_out: Vec<u8>,
    #[serde(skip_deserializing)]
    is_only_written: u8,
    #[serde(skip_serializing, default)]
    #[expect(dead_code, reason = "is there to be read")]
    is_only_read: u8,
    #[serde(rename(serialize = "out", deserialize = "in"))]
    goes_by_two_names: u8,
    nested: Option<Option<Inner>>,
    #[serde(default)]
    inner: Inner,
}

fn seven() -> u8 {
    7
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Inner {
    #[serde(default)]
    deep: bool,
}

/// Structs that are no objects, and lists.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Shapes {
    newtype: Newtype,
    transparent: Transparent,
    pair: Pair,
    tuple: (u8, String, Option<bool>),
    array: [u8; 3],
    long_array: [u8; 12],
    empty_array: [u8; 0],
    unit: Unit,
    empty: Empty,
    list: Vec<Option<Pair>>,
    set: BTreeSet<String>,
    page: Page<Inner>,
    other_page: Page<Pair>,
    result: Result<u8, String>,
    duration: std::time::Duration,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Newtype(u32);

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Transparent {
    inner: Inner,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Pair(u8, String);

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Unit;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Empty {}

/// A part of a longer list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    #[serde(default)]
    next: Option<u32>,
}

/// Maps by keys of all kinds.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Maps {
    by_text: HashMap<String, Pair>,
    by_number: BTreeMap<u32, (i32, i32)>,
    anything: Value,
    object: serde_json::Map<String, Value>,
    #[serde(default)]
    any_or_none: Option<Value>,
}

/// All ways to write an enum.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Enums {
    plain: Plain,
    external: External,
    internal: Internal,
    adjacent: Adjacent,
    untagged: Untagged,
    optional: Option<External>,
    several: Vec<Untagged>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Plain {
    One,
    /// Two words, and a comment that ends: */ and goes on.
    TwoWords,
    #[serde(rename = "\"quoted\" \\ and more")]
    Quoted,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) enum External {
    Unit,
    Newtype(Inner),
    Optional(Option<u8>),
    Tuple(u8, String),
    Struct {
        #[serde(default)]
        has_default: u8,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Internal {
    Unit,
    Newtype(Inner),
    EmptyStruct(Empty),
    Struct { two_words: u8 },
    Nested(Adjacent),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "of")]
pub(crate) enum Adjacent {
    Unit,
    Newtype(Vec<Inner>),
    Tuple(u8, bool),
    Struct { name: String },
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Number(u32),
    Text(String),
    Pair(Pair),
    Object { name: String },
    Nothing,
}

/// What is written where its owner is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Flattened {
    own: u8,
    #[serde(flatten)]
    inner: Inner,
    #[serde(flatten)]
    kind: Internal,
}

/// Whatever else there is.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Rest {
    own: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    optional: Option<bool>,
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}

/// A list of lists, and so on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Tree {
    name: String,
    #[serde(default)]
    children: Vec<Self>,
    expression: Option<Box<Expression>>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub(crate) enum Expression {
    Not { of: Box<Self> },
    All { of: Vec<Self> },
    Leaf { value: f64 },
}

/// Closes the comment: */ export const broken = 1; /*
///
/// @deprecated Not at all. {@link Nothing} `${x}` </script>
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "it's a \"hostile\" action */")]
pub(crate) struct Hostile {
    /// */
    #[serde(rename = "*/ }; //")]
    closing: u8,
    #[serde(rename = "class")]
    reserved: Words,
    #[serde(rename = "__proto__")]
    proto: u8,
    #[serde(rename = "constructor")]
    constructor: u8,
    #[serde(rename = "two words")]
    two_words: u8,
    #[serde(rename = "")]
    empty: u8,
    #[serde(rename = "über\u{2028}")]
    letters: u8,
    #[serde(rename = "9")]
    digit: u8,
    one: invoices::Status,
    other: members::Status,
    promise: Promise,
}

/// Types that are called as the language, its globals and the client are.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Words {
    any: any::Type,
    array: Array,
    connection: ChannelConnection,
    channels: ChannelsType,
    record: Record,
}

pub(crate) mod any {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    #[schemars(rename = "any")]
    pub(crate) struct Type {
        it: u8,
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Promise {
    kept: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Array {
    length: u8,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Record {
    broken: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ChannelConnection {
    good: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Channels")]
pub(crate) struct ChannelsType {
    few: bool,
}

pub(crate) mod invoices {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Status {
        paid: bool,
    }
}

pub(crate) mod members {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Status {
        online: bool,
    }
}

/// Nothing but a number.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Bare(Option<u8>);

#[derive(Default, Connect, Consumer)]
pub(crate) struct Zoo;

#[channel(name = "zoo", description = "*/ of {{all}} kinds")]
impl Zoo {
    #[ws_handler]
    async fn numbers(&mut self, it: Numbers) -> Numbers {
        it
    }

    #[ws_handler]
    async fn texts(&mut self, it: Texts) -> Texts {
        it
    }

    #[ws_handler]
    async fn options(&mut self, it: Options) -> Options {
        it
    }

    #[ws_handler]
    async fn shapes(&mut self, it: Shapes) -> Shapes {
        it
    }

    #[ws_handler]
    async fn maps(&mut self, it: Maps) -> Maps {
        it
    }

    #[ws_handler]
    async fn enums(&mut self, it: Enums) -> Enums {
        it
    }

    #[ws_handler]
    async fn flattened(&mut self, it: Flattened) -> Flattened {
        it
    }

    #[ws_handler]
    async fn rest(&mut self, it: Rest) -> Rest {
        it
    }

    #[ws_handler]
    async fn tree(&mut self, it: Tree) -> Tree {
        it
    }

    /// */ Answers.
    #[ws_handler]
    async fn hostile(&mut self, it: Hostile) -> Hostile {
        it
    }

    #[ws_handler]
    async fn bare(&mut self, it: Bare) -> Bare {
        it
    }
}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Zoo>("/zoo/{class}/{{x}}")
        .asyncapi(Info::new("Zoo", "1.0.0"))
}
