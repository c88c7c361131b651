//! The parameters of a path, as their extractor's type declares them.

use chanx::{ChannelLayer, Channels, Connect, Consumer, Info, Ping, Pong, channel};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::request::read;

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "describes the path")]
struct Seat {
    /// Counted from the stage.
    row: i64,
    kind: Kind,
    /// What it is made of.
    stuff: Option<Stuff>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Stuff {
    /// It creaks.
    Wood,
    Stone,
}

/// What one sits on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Chair,
    Bench,
}

/// The number of a house.
#[derive(Debug, Deserialize, JsonSchema)]
struct House(#[expect(dead_code, reason = "describes the path")] u16);

macro_rules! channels {
    ($($consumer:ident, $name:literal, $path:ty;)*) => {$(
        #[derive(Default, Connect, Consumer)]
        struct $consumer;

        #[channel(name = $name, path($path))]
        impl $consumer {
            #[ws_handler]
            async fn ping(&mut self, _: Ping) -> Pong {
                Pong
            }
        }
    )*};
}

channels! {
    Fields, "fields", Seat;
    Tuple, "tuple", (i64, uuid::Uuid);
    Number, "number", i64;
    Newtype, "newtype", House;
}

fn document() -> Value {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Fields>("/fields/{row}/{kind}/{stuff}")
        .route::<Tuple>("/tuple/{first}/{second}")
        .route::<Number>("/number/{id}")
        .route::<Newtype>("/newtype/{house}")
        .asyncapi(Info::new("Paths", "1"));
    read(&channels.asyncapi_document())
}

#[test]
fn a_parameter_has_the_type_of_its_field() {
    let document = document();
    let parameters = &document["channels"]["fields"]["parameters"];

    let integer = json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX });
    assert_eq!(
        parameters["row"],
        json!({ "description": "Counted from the stage.", "x-schema": integer }),
    );
}

#[test]
fn a_parameter_that_is_one_of_some_words_has_them_for_choices() {
    let document = document();
    let parameters = &document["channels"]["fields"]["parameters"];

    assert_eq!(
        parameters["kind"],
        json!({ "description": "What one sits on.", "enum": ["chair", "bench"] }),
    );
    let stuff = json!({ "description": "What it is made of.", "enum": ["stone", "wood"] });
    assert_eq!(parameters["stuff"], stuff);
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(!schemas.contains_key("Kind"), "nothing refers to it");
}

#[test]
fn elements_of_a_tuple_are_parameters_in_their_order() {
    let document = document();
    let parameters = &document["channels"]["tuple"]["parameters"];

    assert_eq!(parameters["first"]["x-schema"]["type"], "integer");
    assert_eq!(parameters["second"]["x-schema"]["format"], "uuid");
}

#[test]
fn the_only_parameter_may_be_the_type_itself() {
    let document = document();
    let parameter =
        |channel: &str, name: &str| document["channels"][channel]["parameters"][name].clone();

    assert_eq!(parameter("number", "id")["x-schema"]["type"], "integer");
    let house = parameter("newtype", "house");
    assert_eq!(house["description"], "The number of a house.");
    assert_eq!(house["x-schema"]["maximum"], u16::MAX);
}
