//! The topics that match a pattern.

use serde_json::{Value, json};

use crate::hub::{App, answer, asked, pushed};

#[tokio::test(start_paused = true)]
async fn p25_the_first_pattern_that_matches_has_the_topic() {
    let app = App::new();
    let mut client = app.connect().await;
    let cases = [
        ("room:5", "5"),
        ("book:dune:7", "dune 7"),
        ("x:y:z", "x y z"),
        ("room:ü \"b\"", "ü \"b\""),
    ];
    for (topic, room) in cases {
        client.send_json(asked(topic, "1", "subscribe")).await;

        let subscribed = client.receive_json().await;
        assert_eq!(subscribed, answer(topic, "1", "subscribed", Value::Null));
        let greeting = client.receive_json().await;
        assert_eq!(greeting, pushed(topic, "greeting", json!({"room": room})));
    }
    for topic in ["room", "room:", "", "attic:5", "book:dune:last", ":"] {
        client.send_json(asked(topic, "1", "subscribe")).await;

        let received = client.receive_json().await;
        assert_eq!(received["payload"]["reason"], "unknown_topic", "{topic}");
        assert_eq!(
            (&received["topic"], &received["ref"]),
            (&json!(topic), &json!("1"))
        );
    }
}
