//! Messages that are checked by the rules of their fields.

use axum::Router;
use chanx::{ChannelLayer, Channels, Connect, Consumer, Message, channel};
use chanx_testing::Communicator;
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A table to be laid.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate, Message)]
#[serde(rename_all = "camelCase")]
struct Book {
    #[garde(length(min = 2, max = 10))]
    guest_name: String,
    #[garde(range(min = 1, max = 8))]
    seats: u32,
    #[garde(dive)]
    wishes: Vec<Wish>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
struct Wish {
    #[garde(length(min = 1))]
    text: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Booked {
    seats: u32,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Restaurant;

#[channel(name = "restaurant")]
impl Restaurant {
    #[ws_handler]
    async fn book(&mut self, book: Book) -> Booked {
        Booked { seats: book.seats }
    }
}

async fn answer(payload: Value) -> Value {
    let channels: Channels = Channels::new(ChannelLayer::new()).route::<Restaurant>("/");
    let mut client = Communicator::<Restaurant>::connect(&Router::from(channels), "/").await;
    client
        .send_json(json!({"action": "book", "payload": payload, "ref": "1"}))
        .await;
    client.receive_json().await
}

#[tokio::test(start_paused = true)]
async fn a_message_that_keeps_to_its_rules_is_handled() {
    let answer = answer(json!({"guestName": "Ann", "seats": 8, "wishes": [{"text": "tea"}]}));

    assert_eq!(answer.await["payload"], json!({"seats": 8}));
}

#[tokio::test(start_paused = true)]
async fn p09_every_rule_that_is_broken_is_reported_at_its_path() {
    let wishes = json!([{"text": ""}, {"text": "tea"}, {"text": ""}]);

    let answer = answer(json!({"guestName": "A", "seats": 9, "wishes": wishes})).await;

    assert_eq!(answer["action"], "error");
    assert_eq!(answer["ref"], "1");
    let violations = answer["payload"].as_array().unwrap();
    let mut places: Vec<_> = violations
        .iter()
        .map(|violation| violation["loc"].to_string())
        .collect();
    places.sort();
    assert_eq!(
        places,
        [
            r#"["book","payload","guestName"]"#,
            r#"["book","payload","seats"]"#,
            r#"["book","payload","wishes",0,"text"]"#,
            r#"["book","payload","wishes",2,"text"]"#,
        ]
    );
    assert!(violations.iter().all(|violation| violation["msg"] != ""));
}

#[tokio::test(start_paused = true)]
async fn p09_a_value_of_the_wrong_kind_goes_before_the_rules() {
    let answer = answer(json!({"guestName": "A", "seats": "nine", "wishes": []})).await;

    assert_eq!(
        answer["payload"],
        json!([{
            "type": "int_type",
            "loc": ["book", "payload", "seats"],
            "msg": "must be an integer",
        }])
    );
}
