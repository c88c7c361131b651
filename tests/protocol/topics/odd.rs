//! What no client of ours sends.

use chanx::Broadcaster;
use serde_json::{Value, json};

use super::not_subscribed;
use crate::hub::{App, Hub, Knock, answer, asked, pushed, subscribe};

#[tokio::test(start_paused = true)]
async fn p25_a_topic_is_taken_as_it_is_written() {
    let app = App::new();
    let mut client = app.connect().await;
    let most = "x".repeat(195);
    for room in ["%41", " ", "a/b", "\u{0}", "ＡＢ", "é", "{room}", &most] {
        let topic = format!("room:{room}");
        client.send_json(asked(&topic, "1", "subscribe")).await;

        let subscribed = answer(&topic, "1", "subscribed", Value::Null);
        assert_eq!(client.receive_json().await, subscribed);
        let greeting = pushed(&topic, "greeting", json!({"room": room}));
        assert_eq!(client.receive_json().await, greeting);
    }
}

#[tokio::test(start_paused = true)]
async fn p7_a_topic_that_is_too_long_is_refused_and_not_repeated() {
    let app = App::new();
    let mut client = app.connect().await;
    for length in [201, 10_000] {
        let topic = "x".repeat(length);
        for action in ["subscribe", "say", "unsubscribe"] {
            client.send_json(asked(&topic, "1", action)).await;

            let refused = client.receive_any().await;
            assert_eq!(refused.action(), "error");
            assert_eq!((refused.topic(), refused.reference()), (None, Some("1")));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p28_the_hundred_and_first_is_refused_and_no_refusal_takes_a_place() {
    let app = App::new();
    let mut client = app.connect().await;
    for n in 0..150 {
        let topic = format!("locked:{n}");
        client.send_json(asked(&topic, "1", "subscribe")).await;
        client.expect_error("unauthorized").await;
    }
    for n in 0..100 {
        subscribe(&mut client, &format!("room:{n}")).await;
    }

    client.send_json(asked("room:100", "2", "subscribe")).await;
    let refused = client.expect_error("too_many_topics").await;
    let (topic, reference) = (refused.topic(), refused.reference());
    assert_eq!((topic, reference), (Some("room:100"), Some("2")));
    // Those that are subscribed to are answered as ever.
    client.send_json(asked("room:7", "3", "subscribe")).await;
    let again = answer("room:7", "3", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, again);
    client.send_json(asked("room:7", "4", "unsubscribe")).await;
    let left = answer("room:7", "4", "unsubscribed", Value::Null);
    assert_eq!(client.receive_json().await, left);
    subscribe(&mut client, "room:100").await;
}

#[tokio::test(start_paused = true)]
async fn p27_unsubscribing_twice_is_answered_twice() {
    let app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    for reference in ["1", "2"] {
        client
            .send_json(asked("room:5", reference, "unsubscribe"))
            .await;
    }

    for reference in ["1", "2"] {
        let left = answer("room:5", reference, "unsubscribed", Value::Null);
        assert_eq!(client.receive_json().await, left);
    }
    client.send_json(asked("room:5", "3", "say")).await;
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "3"));
}

#[tokio::test(start_paused = true)]
async fn p26_one_ref_for_two_topics_is_answered_on_each() {
    let app = App::new();
    let mut client = app.connect().await;

    for topic in ["room:1", "room:2"] {
        client.send_json(asked(topic, "1", "subscribe")).await;
    }

    let mut answered = Vec::new();
    for _ in 0..4 {
        let frame = client.receive_any().await;
        if frame.action() == "subscribed" {
            assert_eq!(frame.reference(), Some("1"));
            answered.extend(frame.topic().map(str::to_owned));
        }
    }
    answered.sort();
    assert_eq!(answered, ["room:1", "room:2"]);
}

#[tokio::test(start_paused = true)]
async fn p28_what_is_sent_to_a_topic_that_nobody_follows_is_not_the_hubs() {
    let app = App::new();
    let mut client = app.connect().await;

    for topic in ["room:5", "no such", ""] {
        client.send_json(asked(topic, "1", "ping")).await;
        assert_eq!(client.receive_json().await, not_subscribed(topic, "1"));
    }
}

#[tokio::test(start_paused = true)]
async fn p5_what_the_hub_pushes_behind_a_refusal_answers_nobody() {
    let app = App::new();
    let mut client = app.connect().await;
    client
        .send_json(asked("locked:front", "1", "subscribe"))
        .await;
    assert_eq!(client.receive_any().await.action(), "error");

    let hubs = Broadcaster::<Hub>::new(&app.layer);
    hubs.user("ada").event(Knock).await.unwrap();

    let pong = json!({"action": "pong", "payload": null});
    assert_eq!(client.receive_json().await, pong);
}

#[tokio::test(start_paused = true)]
async fn p9_subscribing_without_a_topic_misses_it() {
    let app = App::new();
    let mut client = app.connect().await;

    for action in ["subscribe", "unsubscribe"] {
        for frame in [
            json!({"action": action, "ref": "1"}),
            json!({"action": action, "ref": "1", "topic": null}),
            json!({"action": action, "ref": "1", "payload": {"topic": "room:5"}}),
        ] {
            client.send_json(frame).await;

            let refused = client.expect_error("missing").await;
            let (topic, reference) = (refused.topic(), refused.reference());
            assert_eq!((topic, reference), (None, Some("1")));
            assert_eq!(refused.payload()[0]["loc"], json!(["topic"]));
        }
    }
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p9_a_topic_that_is_no_text_or_too_long_is_told_at_its_place() {
    let app = App::new();
    let mut client = app.connect().await;

    for action in ["subscribe", "unsubscribe"] {
        for (topic, kind) in [
            (json!(5), "string_type"),
            (json!(["room:5"]), "string_type"),
            (json!({"room": 5}), "string_type"),
            (json!(false), "string_type"),
            (json!("x".repeat(201)), "string_too_long"),
        ] {
            let frame = json!({"action": action, "topic": topic, "ref": "1"});
            client.send_json(frame).await;

            let refused = client.expect_error(kind).await;
            assert_eq!(refused.payload()[0]["loc"], json!(["topic"]));
        }
    }
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p28_a_topic_of_no_characters_is_unknown() {
    let app = App::new();
    let mut client = app.connect().await;

    client.send_json(asked("", "1", "subscribe")).await;

    let refused = client.expect_error("unknown_topic").await;
    let (topic, reference) = (refused.topic(), refused.reference());
    assert_eq!((topic, reference), (Some(""), Some("1")));
    client.send_json(asked("", "2", "unsubscribe")).await;
    let left = answer("", "2", "unsubscribed", Value::Null);
    assert_eq!(client.receive_json().await, left);
}

#[tokio::test(start_paused = true)]
async fn p6_another_version_subscribes_to_nothing() {
    let app = App::new();
    let mut client = app.connect().await;

    let frame = json!({"action": "subscribe", "topic": "room:5", "ref": "1", "version": 2});
    client.send_json(frame).await;

    let refused = client.expect_error("unsupported_version").await;
    let (topic, reference) = (refused.topic(), refused.reference());
    assert_eq!((topic, reference), (Some("room:5"), Some("1")));
    assert_eq!(app.layer.stats().members, 0);
}

#[tokio::test(start_paused = true)]
async fn p37_a_client_that_subscribes_and_leaves_is_admitted_and_leaves_nothing() {
    let mut app = App::new();
    let mut client = app.connect().await;
    for n in 0..10 {
        let topic = format!("room:{n}");
        client.send_json(asked(&topic, "1", "subscribe")).await;
    }

    client.close(1000).await;

    assert_eq!(app.unhandled().await, 0);
    let stats = app.layer.stats();
    assert_eq!((stats.members, stats.groups), (0, 0));
    let notes = app.notes();
    let count = |what: &str| notes.iter().filter(|note| note.contains(what)).count();
    assert_eq!((count("authorising"), count(" left: ")), (10, 11));
}

#[tokio::test(start_paused = true)]
async fn p38_nobody_is_admitted_once_the_connection_ends_for_cause() {
    let mut app = App::new();
    let mut client = app.connect().await;
    client.send_json(json!({"action": "wait"})).await;
    client.send_json(asked("room:5", "1", "subscribe")).await;
    client.receive_nothing().await;

    let hubs = Broadcaster::<Hub>::new(&app.layer);
    hubs.user("ada").close(4000, "go").await.unwrap();
    assert_eq!(client.closed().await.code, 4000);
    app.bell.go.notify_waiters();

    app.unhandled().await;
    assert_eq!(
        app.notes(),
        ["hub left: the application closed the connection: 4000 go"]
    );
    assert_eq!(app.layer.stats().members, 0);
}
