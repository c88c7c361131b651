//! Types beside those of the zoo: what is nested in itself, overlaps, or goes by names that
//! mean something to JavaScript.

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroU64,
};

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Message, Ping, channel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::zoo::{External, Inner, Internal, Page, Pair};

/// A way that is `C:\new\u0041`, costs ${price} and ends in \*/ or `*\/` or *//* /**/ \
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "it costs ${0} `\\` */")]
pub(crate) struct Escapes {
    /// ${`\${x}`} \
    #[serde(rename = "${a}")]
    dollar: u8,
    #[serde(rename = "\\")]
    backslash: u8,
    #[serde(rename = "`")]
    backtick: u8,
    #[serde(rename = "a\nb")]
    line: u8,
    /// # Examples
    ///
    /// ```
    /// let x = "*/";
    /// ```
    ///
    /// * a list
    ///
    /// @param not a parameter
    documented: u8,
}

/// Options of options.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Nested {
    twice: Option<Option<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent_or_null: Option<Option<Inner>>,
    in_list: Vec<Option<Option<u8>>>,
    of_tuple: Option<(Option<u8>, Option<Inner>)>,
    of_map: Option<BTreeMap<String, Option<Inner>>>,
    boxed: Option<Box<Option<Inner>>>,
    unit: Option<()>,
}

/// Numbers that JavaScript has no whole of.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Wide {
    huge: u128,
    huge_signed: i128,
    not_zero: NonZeroU64,
    list: Vec<u64>,
    signed: isize,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Suit {
    Hearts,
    #[serde(rename = "two words")]
    Spades,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Key(String);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Number(i64);

/// Maps by what is no text in Rust.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Keyed {
    by_suit: BTreeMap<Suit, u8>,
    by_signed: BTreeMap<i32, Option<Inner>>,
    by_wide: BTreeMap<u64, u8>,
    by_newtype: BTreeMap<Key, u8>,
    by_number: BTreeMap<Number, u8>,
    of_maps: BTreeMap<String, BTreeMap<Suit, Vec<u8>>>,
    of_enums: BTreeMap<String, External>,
}

/// A tuple of several, and of tuples.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Tuple(u8, Option<Inner>, (Pair, [Inner; 2]), Vec<(u8, u8)>);

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Several<A, B>(A, B);

/// Structs that flatten others, in all ways.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Flat {
    #[serde(flatten)]
    outer: Outer,
    #[serde(flatten)]
    external: External,
    last: u8,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Outer {
    own: u8,
    #[serde(flatten)]
    inner: Innermost,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Innermost {
    innermost: Option<u8>,
    #[serde(default)]
    has_default: u8,
}

/// What is flattened may be missing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct MayBeFlat {
    own: u8,
    #[serde(flatten)]
    inner: Option<Required>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Required {
    needed: u8,
}

/// All that it has is somewhere else.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct OnlyFlat {
    #[serde(flatten)]
    entries: HashMap<String, Inner>,
}

/// Enums whose variants overlap.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Overlaps {
    number: Overlapping,
    deep: Vec<Overlapping>,
    variants: Variants,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Overlapping {
    Small(u8),
    Wide(i64),
    Float(f64),
    One { name: String },
    Two { name: String, age: Option<u8> },
    Either(Either),
    List(Vec<Self>),
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Either {
    Text(String),
    No(bool),
}

/// Variants that are structs, and flatten others.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "tag")]
pub(crate) enum Variants {
    #[serde(rename = "class")]
    Flattens {
        own: u8,
        #[serde(flatten)]
        inner: Inner,
    },
    #[serde(rename = "__proto__")]
    Alias(Internal),
}

/// One name in two modules, as parameters too.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct SameName {
    one: Page<here::Item>,
    other: Page<there::Item>,
    both: Several<here::Item, there::Item>,
    turned: Several<there::Item, here::Item>,
    nested: Page<Page<here::Item>>,
}

pub(crate) mod here {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Item {
        here: u8,
    }
}

pub(crate) mod there {
    use super::{Deserialize, JsonSchema, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
    pub(crate) struct Item {
        there: String,
        #[serde(default)]
        has_default: bool,
    }
}

/// Fields that JavaScript and the client have a use for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "constructor")]
pub(crate) struct Names {
    class: u8,
    constructor: u8,
    #[serde(rename = "__proto__")]
    proto: Inner,
    then: u8,
    #[serde(rename = "toString")]
    to_string: u8,
    #[serde(rename = "hasOwnProperty")]
    has_own: u8,
    on: u8,
    send: u8,
    status: u8,
    ok: bool,
    action: u8,
    payload: u8,
    r#ref: u8,
    topic: u8,
    undefined: Option<u8>,
    #[serde(rename = "größe")]
    size: Größe,
    #[serde(rename = "大小")]
    size_too: 大小,
}

/// Of letters that are not ASCII's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Größe {
    länge: u8,
}

/// Of none that are.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct 大小 {
    长: u8,
}

macro_rules! bare_messages {
    ($($name:ident = $action:literal),* $(,)?) => {
        $(
            #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
            #[message(action = $action)]
            pub(crate) struct $name;
        )*
    };
}

bare_messages! {
    Class = "class",
    Proto = "__proto__",
    Then = "then",
    ToText = "toString",
    Send = "send",
    Dotted = "with.dots and spaces-dashes/slashes",
    Letters = "größe 大",
    Digit = "9",
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Annex;

#[channel(name = "annex")]
impl Annex {
    #[ws_handler]
    async fn escapes(&mut self, it: Escapes) -> Escapes {
        it
    }

    #[ws_handler]
    async fn nested(&mut self, it: Nested) -> Nested {
        it
    }

    #[ws_handler]
    async fn wide(&mut self, it: Wide) -> Wide {
        it
    }

    #[ws_handler]
    async fn keyed(&mut self, it: Keyed) -> Keyed {
        it
    }

    #[ws_handler]
    async fn tuple(&mut self, it: Tuple) -> Tuple {
        it
    }

    #[ws_handler]
    async fn flat(&mut self, it: Flat) -> Flat {
        it
    }

    #[ws_handler]
    async fn may_be_flat(&mut self, it: MayBeFlat) -> MayBeFlat {
        it
    }

    #[ws_handler]
    async fn only_flat(&mut self, it: OnlyFlat) -> OnlyFlat {
        it
    }

    #[ws_handler]
    async fn overlaps(&mut self, it: Overlaps) -> Overlaps {
        it
    }

    #[ws_handler]
    async fn same_name(&mut self, it: SameName) -> SameName {
        it
    }

    #[ws_handler]
    async fn names(&mut self, it: Names) -> Names {
        it
    }

    #[ws_handler]
    async fn class(&mut self, _: Class) -> Class {
        Class
    }

    #[ws_handler]
    async fn proto(&mut self, _: Proto) -> Proto {
        Proto
    }

    #[ws_handler]
    async fn then(&mut self, _: Then) -> Then {
        Then
    }

    #[ws_handler]
    async fn text(&mut self, _: ToText) -> ToText {
        ToText
    }

    #[ws_handler]
    async fn send(&mut self, _: Send) -> Send {
        Send
    }

    #[ws_handler]
    async fn dotted(&mut self, _: Dotted) -> Dotted {
        Dotted
    }

    #[ws_handler]
    async fn letters(&mut self, _: Letters) -> Letters {
        Letters
    }

    #[ws_handler]
    async fn digit(&mut self, _: Digit) -> Digit {
        Digit
    }
}

macro_rules! channels {
    ($($name:ident = $channel:literal { $($body:tt)* })*) => {
        $(
            #[derive(Default, Connect, Consumer)]
            pub(crate) struct $name;

            #[channel(name = $channel)]
            impl $name { $($body)* }
        )*
    };
}

channels! {
    Nothing = "nothing" {}
    ClassChannel = "class" {}
    ConstructorChannel = "constructor" {}
    ProtoChannel = "__proto__" {}
    ThenChannel = "then" {}
    ToTextChannel = "toString" {}
    StatusChannel = "status" {}
    LettersChannel = "größe" {}
    Hears = "hears only" {
        #[ws_handler]
        async fn ping(&mut self, _: Ping) {}
    }
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Says;

#[channel(name = "says.only", sends(Letters))]
impl Says {}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Topics;

#[channel(name = "topics")]
impl Topics {
    #[topic("then:{class}")]
    async fn then(&mut self, _: String) -> Subscription {
        Subscription
    }

    #[topic("__proto__:{a}:{b}")]
    async fn __proto__(&mut self, _: (String, String)) -> Subscription {
        Subscription
    }

    #[topic("constructor")]
    async fn constructor(&mut self) -> Subscription {
        Subscription
    }
}

#[derive(Consumer)]
pub(crate) struct Subscription;

#[channel(name = "subscription")]
impl Subscription {}

/// What a query says, in all ways.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Query {
    needed: String,
    may_be_missing: Option<u8>,
    #[serde(default)]
    has_default: bool,
    #[serde(default)]
    class: Vec<String>,
    #[serde(default)]
    suit: Option<Suit>,
}

/// Parameters that JavaScript has a use for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Parts {
    class: u8,
    then: Suit,
    constructor: String,
}

#[derive(Default, Connect, Consumer)]
pub(crate) struct Addressed;

#[channel(
    name = "addressed",
    path(Parts),
    query(Query),
    security(header("X-Api-Key"))
)]
impl Addressed {}

pub(crate) fn channels() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Annex>("/annex")
        .route::<Nothing>("/nothing")
        .route::<ClassChannel>("/class")
        .route::<ConstructorChannel>("/constructor")
        .route::<ProtoChannel>("/__proto__")
        .route::<ThenChannel>("/then")
        .route::<ToTextChannel>("/to-string")
        .route::<StatusChannel>("/status")
        .route::<LettersChannel>("/größe")
        .route::<Hears>("/hears")
        .route::<Says>("/says")
        .route::<Topics>("/topics")
        .route::<Addressed>("/addressed/{class}/{then}/{*constructor}")
        .asyncapi(Info::new("Annex", "1.0.0"))
}
