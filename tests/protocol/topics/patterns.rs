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

#[tokio::test(start_paused = true)]
async fn p25_a_number_is_written_in_one_way_so_that_its_followers_are_one_group() {
    let app = App::new();
    let mut client = app.connect().await;
    for page in ["07", "+7"] {
        let topic = format!("book:dune:{page}");
        client.send_json(asked(&topic, "1", "subscribe")).await;

        let refused = client.expect_error("unknown_topic").await;
        assert_eq!(refused.topic(), Some(&*topic));
        let detail = "hub: no such topic: an integer has no sign or zero that it does not need";
        assert_eq!(refused.payload()["detail"], detail);
    }
    client
        .send_json(asked("book:dune:0", "1", "subscribe"))
        .await;
    assert_eq!(client.receive_any().await.action(), "subscribed");
}
