//! P25 to P36: many streams on one connection.

use std::time::Duration;

use chanx::{
    AuthenticationFrames, Broadcaster, ChannelLayer, ChannelOptions, Info, Overflow, Ping, Pong,
    RateLimit,
    asyncapi::Document,
    describe::{ChannelDescription, Documented},
};
use chanx_testing::{Communicator, broker::Exchange};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::hub::{App, Hub, News, Room, Work, answer, asked, pushed, subscribe};

fn refused(topic: &str, reference: &str, payload: Value) -> Value {
    answer(topic, reference, "error", payload)
}

fn not_subscribed(topic: &str, reference: &str) -> Value {
    let payload =
        json!({"detail": "hub: not subscribed to this topic", "reason": "not_subscribed"});
    refused(topic, reference, payload)
}

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
async fn p26_what_is_published_meanwhile_waits_until_subscribed_is_queued() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    assert_eq!(app.note().await, "authorising 5");

    client
        .send_json(asked("room:later", "1", "subscribe"))
        .await;
    assert_eq!(app.note().await, "authorising later");
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let early = News {
        title: "early".into(),
    };
    let receipt = rooms.event(early).to("room:later").await.unwrap();
    assert_eq!(receipt.reached, 0);
    client.receive_nothing().await;
    app.bell.go.notify_one();

    let subscribed = answer("room:later", "1", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    let greeting = pushed("room:later", "greeting", json!({"room": "later"}));
    assert_eq!(client.receive_json().await, greeting);
}

#[tokio::test(start_paused = true)]
async fn p27_subscribing_again_answers_and_does_nothing_else() {
    let mut app = App::new();
    let mut client = app.connect().await;

    client
        .send_json(asked("room:later", "1", "subscribe"))
        .await;
    client
        .send_json(asked("room:later", "2", "subscribe"))
        .await;
    assert_eq!(app.note().await, "authorising later");
    app.bell.go.notify_one();

    let answers = [(); 3].map(|()| ());
    let mut received = Vec::new();
    for () in answers {
        received.push(client.receive_json().await);
    }
    let expected = [
        answer("room:later", "1", "subscribed", Value::Null),
        pushed("room:later", "greeting", json!({"room": "later"})),
        answer("room:later", "2", "subscribed", Value::Null),
    ];
    assert_eq!(received, expected);
    client
        .send_json(asked("room:later", "3", "subscribe"))
        .await;
    let again = answer("room:later", "3", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, again);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p27_unsubscribing_is_dealt_with_behind_what_was_sent_before() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;

    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "unsubscribe")).await;
    client.send_json(asked("room:5", "3", "fail")).await;
    client.send_json(asked("room:5", "4", "unsubscribe")).await;
    client.send_json(asked("room:5", "5", "subscribe")).await;
    client.receive_nothing().await;
    app.bell.go.notify_one();

    let expected = [
        pushed("room:5", "greeting", json!({"room": "5"})),
        answer("room:5", "1", "waited", Value::Null),
        answer("room:5", "2", "unsubscribed", Value::Null),
        not_subscribed("room:5", "3"),
        answer("room:5", "4", "unsubscribed", Value::Null),
        answer("room:5", "5", "subscribed", Value::Null),
        pushed("room:5", "greeting", json!({"room": "5"})),
    ];
    for expected in expected {
        assert_eq!(client.receive_json().await, expected);
    }
    assert_eq!(app.note().await, "5 waited");
    assert_eq!(app.note().await, "5 left: the client unsubscribed");
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p27_unsubscribing_without_a_subscription_answers_too() {
    let app = App::new();
    let mut client = app.connect().await;

    client.send_json(asked("room:5", "1", "unsubscribe")).await;

    let unsubscribed = answer("room:5", "1", "unsubscribed", Value::Null);
    assert_eq!(client.receive_json().await, unsubscribed);
}

#[tokio::test(start_paused = true)]
async fn p28_a_refusal_has_a_reason_and_is_rendered_by_the_hub() {
    let app = App::with(ChannelOptions::default().max_topics(2));
    let mut client = app.connect().await;
    let cases = [
        (
            "attic",
            json!({"detail": "hub: no such topic", "reason": "unknown_topic"}),
        ),
        (
            "locked:front",
            json!({"detail": "hub: members only", "reason": "unauthorized"}),
        ),
        (
            "locked:secret",
            json!({"detail": "hub: no such door", "reason": "unknown_topic"}),
        ),
        (
            "room:full",
            json!({"detail": "hub: room is full", "reason": "room_full"}),
        ),
        (
            "room:broken",
            json!({"detail": "hub: Failed to process message for subscribe"}),
        ),
        (
            "room:panic",
            json!({"detail": "hub: Failed to process message for subscribe"}),
        ),
        (
            "room:slow",
            json!({"detail": "hub: Failed to process message for subscribe"}),
        ),
    ];
    for (topic, payload) in cases {
        let mut patient = Communicator::<Hub>::builder(&app.router, "/hub")
            .timeout(Duration::from_secs(60))
            .connect()
            .await;
        patient.send_json(asked(topic, "1", "subscribe")).await;
        assert_eq!(
            patient.receive_json().await,
            refused(topic, "1", payload),
            "{topic}"
        );
        // The hub goes on.
        patient.send_json(json!({"action": "ping"})).await;
        assert_eq!(patient.receive_any().await.action(), "pong");
    }

    client.send_json(asked("room:5", "1", "wait")).await;
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "1"));
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;
    client.send_json(asked("room:3", "1", "subscribe")).await;
    let payload = json!({"detail": "hub: too many topics", "reason": "too_many_topics"});
    assert_eq!(client.receive_json().await, refused("room:3", "1", payload));
    client.send_json(asked("room:2", "1", "unsubscribe")).await;
    assert_eq!(client.receive_any().await.action(), "unsubscribed");
    subscribe(&mut client, "room:3").await;
}

#[tokio::test(start_paused = true)]
async fn p29_a_message_right_behind_subscribe_finds_the_subscription() {
    let app = App::new();
    let mut client = app.connect().await;

    client.send_json(asked("room:5", "1", "subscribe")).await;
    let say = json!({"action": "say", "payload": {"text": "hi"}, "topic": "room:5", "ref": "2"});
    client.send_json(say).await;

    let expected = [
        answer("room:5", "1", "subscribed", Value::Null),
        pushed("room:5", "greeting", json!({"room": "5"})),
        answer("room:5", "2", "said", json!({"text": "hi"})),
    ];
    for expected in expected {
        assert_eq!(client.receive_json().await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn p29_topics_wait_neither_for_the_hub_nor_for_each_other() {
    let app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;

    client
        .send_json(json!({"action": "wait", "ref": "hub"}))
        .await;
    client.send_json(asked("room:1", "1", "wait")).await;
    client.send_json(asked("room:2", "2", "fail")).await;

    let failed = refused("room:2", "2", json!({"detail": "room: cannot"}));
    assert_eq!(client.receive_json().await, failed);
    client.receive_nothing().await;
    // Authorising waits for the hub's handler.
    client.send_json(asked("room:3", "3", "subscribe")).await;
    client.receive_nothing().await;
    app.bell.go.notify_waiters();
    let mut actions = Vec::new();
    for _ in 0..5 {
        actions.push(client.receive_any().await.action().to_owned());
    }
    actions.sort();
    assert_eq!(
        actions,
        ["greeting", "greeting", "subscribed", "waited", "waited"]
    );
}

#[tokio::test(start_paused = true)]
async fn p29_a_mailbox_that_overflows_ends_its_own_subscription() {
    let app = App::with(ChannelOptions::default().mailbox_events(4));
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;
    let rooms = Broadcaster::<Room>::new(&app.layer);

    for _ in 0..5 {
        rooms.event(Work).to("room:1").await.unwrap();
        tokio::task::yield_now().await;
    }
    client.receive_nothing().await;
    let news = News {
        title: "still here".into(),
    };
    // The room of the slow one is what is missing, so it is the one that goes.
    rooms.event(news).to("room:2").await.unwrap();

    let received = [client.receive_json().await, client.receive_json().await];
    let slow =
        json!({"reason": "too_slow", "detail": "events came faster than they were dealt with"});
    assert!(
        received.contains(&pushed("room:1", "unsubscribed", slow)),
        "{received:?}"
    );
    let news = pushed("room:2", "news", json!({"title": "still here"}));
    assert!(received.contains(&news), "{received:?}");
    client.send_json(json!({"action": "ping"})).await;
    assert_eq!(client.receive_any().await.action(), "pong");
}

#[tokio::test(start_paused = true)]
async fn p29_a_rate_limit_counts_the_frames_of_all_topics() {
    let limit = RateLimit::per_second(1).burst(4);
    let app = App::with(ChannelOptions::default().rate_limit(limit));
    let mut client = app.connect().await;
    subscribe(&mut client, "room:1").await;
    subscribe(&mut client, "room:2").await;

    client.send_json(asked("room:1", "1", "fail")).await;
    client
        .send_json(json!({"action": "ping", "ref": "2"}))
        .await;
    client.send_json(asked("room:2", "3", "fail")).await;
    client.send_json(asked("room:3", "4", "subscribe")).await;

    let mut received = Vec::new();
    for _ in 0..4 {
        let frame = client.receive_json().await;
        received.push((
            frame["ref"].to_string(),
            frame["payload"]["reason"] == "rate_limited",
        ));
    }
    received.sort();
    let limited = received.iter().filter(|(_, limited)| *limited).count();
    assert_eq!(limited, 2, "{received:?}");
}

#[tokio::test(start_paused = true)]
async fn p30_a_handler_that_fails_leaves_its_subscription_in_place() {
    let app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    client.send_json(asked("room:5", "1", "fail")).await;
    let failed = refused("room:5", "1", json!({"detail": "room: cannot"}));
    assert_eq!(client.receive_json().await, failed);
    client.send_json(asked("room:5", "2", "dance")).await;
    let unknown = client.receive_json().await;
    assert_eq!(unknown["payload"][0]["type"], "union_tag_invalid");
    assert_eq!(unknown["topic"], "room:5");
    let bad = json!({"action": "say", "payload": {"text": 7}, "topic": "room:5", "ref": "3"});
    client.send_json(bad).await;
    let bad = client.receive_json().await;
    assert_eq!(bad["payload"][0]["loc"], json!(["say", "payload", "text"]));
    assert_eq!(
        (&bad["topic"], &bad["ref"]),
        (&json!("room:5"), &json!("3"))
    );
}

#[tokio::test(start_paused = true)]
async fn p30_a_panic_in_a_subscription_ends_it_alone() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    subscribe(&mut client, "room:6").await;

    client.send_json(asked("room:5", "1", "boom")).await;
    client.send_json(asked("room:5", "2", "fail")).await;

    let failed = json!({"detail": "room: Failed to process message for boom"});
    assert_eq!(client.receive_json().await, refused("room:5", "1", failed));
    let ended = json!({"reason": "failed", "detail": "internal error"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", ended)
    );
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
    client.send_json(asked("room:6", "3", "fail")).await;
    assert_eq!(client.receive_any().await.reference(), Some("3"));
    for _ in 0..2 {
        app.note().await;
    }
    assert_eq!(app.note().await, "5 left: a handler or hook panicked");
}

#[tokio::test(start_paused = true)]
async fn p30_a_hook_that_fails_ends_the_subscription_alone() {
    let app = App::new();
    for (topic, detail) in [
        ("room:unlucky", "room: out of luck"),
        (
            "room:cursed",
            "room: Failed to process message for connected",
        ),
    ] {
        let mut client = app.connect().await;
        client.send_json(asked(topic, "1", "subscribe")).await;

        assert_eq!(
            client.receive_json().await,
            answer(topic, "1", "subscribed", Value::Null)
        );
        let failed = pushed(topic, "error", json!({"detail": detail}));
        assert_eq!(client.receive_json().await, failed);
        let ended = json!({"reason": "failed", "detail": "internal error"});
        assert_eq!(
            client.receive_json().await,
            pushed(topic, "unsubscribed", ended)
        );
        client.send_json(json!({"action": "ping"})).await;
        assert_eq!(client.receive_any().await.action(), "pong");
    }
    for topic in ["room:clumsy", "room:grim"] {
        let mut client = app.connect().await;
        subscribe(&mut client, topic).await;
        client.send_json(asked(topic, "1", "unsubscribe")).await;
        assert_eq!(
            client.receive_json().await,
            answer(topic, "1", "unsubscribed", Value::Null)
        );
        subscribe(&mut client, topic).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p30_a_panic_of_the_hubs_own_handler_ends_the_connection() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    client.send_json(json!({"action": "boom"})).await;

    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);
    assert_eq!(app.note().await, "authorising 5");
    let mut notes = [app.note().await, app.note().await];
    notes.sort();
    assert_eq!(
        notes,
        [
            "5 left: a handler or hook panicked",
            "hub left: a handler or hook panicked"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn p38_a_subscriptions_handler_finishes_when_the_hubs_own_panics() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;

    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "wait")).await;
    client.request::<Pong>(&Ping).await;
    client.send_json(json!({"action": "boom"})).await;
    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);
    assert_eq!(app.notes(), [] as [&str; 0]);
    app.bell.go.notify_one();

    assert_eq!(app.note().await, "5 waited");
    let mut notes = [app.note().await, app.note().await];
    notes.sort();
    assert_eq!(
        notes,
        [
            "5 left: a handler or hook panicked",
            "hub left: a handler or hook panicked"
        ]
    );
    assert_eq!(app.layer.stats().members, 0);
}

#[tokio::test(start_paused = true)]
async fn p38_a_subscriptions_handler_is_cancelled_when_its_time_is_over() {
    let mut app = App::new();
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;

    client.send_json(asked("room:5", "1", "wait")).await;
    client.request::<Pong>(&Ping).await;
    let began = Instant::now();
    client.send_json(json!({"action": "boom"})).await;
    assert_eq!(client.receive_any().await.action(), "error");
    assert_eq!(client.closed().await.code, 1011);

    let mut notes = [app.note().await, app.note().await];
    notes.sort();
    assert_eq!(
        notes,
        [
            "5 left: a handler or hook panicked",
            "hub left: a handler or hook panicked"
        ]
    );
    // The handler has had its five seconds on the paused clock.
    assert_eq!(began.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn p35_a_subscription_that_the_server_ends_is_told() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    subscribe(&mut client, "room:6").await;
    for _ in 0..2 {
        app.note().await;
    }

    let receipt = rooms
        .unsubscribe("archived", "gone")
        .to("room:5")
        .await
        .unwrap();
    assert_eq!(receipt.reached, 1);
    let archived = json!({"reason": "archived", "detail": "gone"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", archived)
    );
    assert_eq!(
        app.note().await,
        "5 left: the application ended the subscription: archived"
    );

    rooms.user("ada").unsubscribe("kicked", "").await.unwrap();
    let kicked = json!({"reason": "kicked", "detail": ""});
    assert_eq!(
        client.receive_json().await,
        pushed("room:6", "unsubscribed", kicked)
    );

    subscribe(&mut client, "room:7").await;
    client.send_json(asked("room:7", "1", "leave")).await;
    let closed = json!({"reason": "closed", "detail": "as you wish"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:7", "unsubscribed", closed)
    );
    client.receive_nothing().await;
    assert_eq!(app.layer.stats().groups, 0);
}

#[tokio::test(start_paused = true)]
async fn p35_what_waits_for_a_subscription_that_is_ended_is_dropped_and_answered() {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;
    app.note().await;
    client.send_json(asked("room:5", "1", "wait")).await;
    client.send_json(asked("room:5", "2", "fail")).await;
    client.send_json(asked("room:5", "3", "subscribe")).await;
    client.receive_nothing().await;

    rooms.unsubscribe("kicked", "").to("room:5").await.unwrap();
    let kicked = json!({"reason": "kicked", "detail": ""});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", kicked)
    );
    client.receive_nothing().await;
    app.bell.go.notify_one();

    // The handler finishes, and what it sends goes nowhere.
    assert_eq!(app.note().await, "5 waited");
    assert_eq!(client.receive_json().await, not_subscribed("room:5", "2"));
    assert_eq!(
        client.receive_json().await,
        answer("room:5", "3", "subscribed", Value::Null)
    );
}

#[tokio::test(start_paused = true)]
async fn p36_what_is_pushed_carries_its_topic_and_the_number_that_it_was_given() {
    let app = App::with(ChannelOptions::default().completion_frames(true));
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    let news = News {
        title: "an event".into(),
    };
    rooms.event(news).with_seq(7).to("room:5").await.unwrap();
    let heard = super::hub::Heard {
        text: "a message".into(),
    };
    rooms
        .broadcast(heard)
        .with_seq(8)
        .with_metadata()
        .to("room:5")
        .await
        .unwrap();
    let news = News {
        title: "another".into(),
    };
    rooms.event(news).to("room:5").await.unwrap();

    let mut received = [(); 3].map(|()| Value::Null);
    for frame in &mut received {
        *frame = client.receive_json().await;
    }
    received.sort_by_key(|frame| frame["payload"].to_string());
    let mut expected = [
        json!({"action": "heard", "payload": {"text": "a message"}, "is_mine": false,
            "is_current": false, "version": 1, "topic": "room:5", "seq": 8}),
        json!({"action": "news", "payload": {"title": "an event"}, "version": 1,
            "topic": "room:5", "seq": 7}),
        pushed("room:5", "news", json!({"title": "another"})),
    ];
    expected.sort_by_key(|frame| frame["payload"].to_string());
    assert_eq!(received, expected);
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p36_lagged_carries_the_topic_of_what_is_missing() {
    let options = ChannelOptions::default()
        .mailbox_events(1)
        .overflow(Overflow::DropNewest);
    let app = App::with(options);
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client = app.connect().await;
    subscribe(&mut client, "room:5").await;

    for _ in 0..4 {
        rooms.event(Work).to("room:5").await.unwrap();
        tokio::task::yield_now().await;
    }

    let lagged = client.receive_json().await;
    assert_eq!(lagged["payload"]["reason"], "lagged");
    assert_eq!(lagged["topic"], "room:5");
    assert_eq!(lagged.get("ref"), None);
}

#[tokio::test(start_paused = true)]
async fn p24_p37_a_client_that_says_its_last_words_on_a_topic_is_heard() {
    let mut app = App::new();
    let mut other = app.connect().await;
    subscribe(&mut other, "room:5").await;
    let mut client = app.connect().await;

    client.send_json(asked("room:5", "1", "subscribe")).await;
    let say = json!({"action": "say", "payload": {"text": "bye"}, "topic": "room:5"});
    client.send_json(say).await;
    client.close(1000).await;

    let bye = pushed("room:5", "heard", json!({"text": "bye"}));
    assert_eq!(other.receive_json().await, bye);
    let left = pushed("room:5", "heard", json!({"text": "5 left"}));
    assert_eq!(other.receive_json().await, left);
    app.note().await;
    app.note().await;
    let mut notes = [app.note().await, app.note().await];
    notes.sort();
    let why = "the client closed the connection: 1000";
    assert_eq!(
        notes,
        [format!("5 left: {why}"), format!("hub left: {why}")]
    );
    assert_eq!(app.layer.stats().members, 1);
}

#[tokio::test(start_paused = true)]
async fn p22_a_subscription_broadcasts_to_its_own_groups_once_for_each_membership() {
    let app = App::new();
    let mut ada = app.connect().await;
    let mut bob = app.connect().await;
    for topic in ["room:1", "room:2"] {
        subscribe(&mut ada, topic).await;
        subscribe(&mut bob, topic).await;
    }

    let say = json!({"action": "say", "payload": {"text": "hi"}, "topic": "room:1"});
    ada.send_json(say).await;
    assert_eq!(
        ada.receive_json().await,
        pushed("room:1", "said", json!({"text": "hi"}))
    );
    let heard = pushed("room:1", "heard", json!({"text": "hi"}));
    assert_eq!(bob.receive_json().await, heard);
    bob.receive_nothing().await;

    let rooms = Broadcaster::<Room>::new(&app.layer);
    let heard = super::hub::Heard { text: "all".into() };
    let receipt = rooms
        .broadcast(heard)
        .to(["room:1", "room:2"])
        .await
        .unwrap();
    assert_eq!(receipt.reached, 4);
    for client in [&mut ada, &mut bob] {
        let mut topics = [client.receive_json().await, client.receive_json().await]
            .map(|frame| frame["topic"].to_string());
        topics.sort();
        assert_eq!(topics, ["\"room:1\"", "\"room:2\""]);
    }
}

#[tokio::test(start_paused = true)]
async fn p31_on_a_topics_own_route_connecting_is_subscribing() {
    let mut app = App::new();
    let mut on_hub = app.connect().await;
    subscribe(&mut on_hub, "room:5").await;
    app.note().await;

    let mut client = Communicator::<Room>::connect(&app.router, "/rooms/5").await;

    let subscribed = pushed("room:5", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    let greeting = pushed("room:5", "greeting", json!({"room": "5"}));
    assert_eq!(client.receive_json().await, greeting);
    let say = json!({"action": "say", "payload": {"text": "hi"}, "ref": "1"});
    client.send_json(say).await;
    let said = answer("room:5", "1", "said", json!({"text": "hi"}));
    assert_eq!(client.receive_json().await, said);
    let heard = pushed("room:5", "heard", json!({"text": "hi"}));
    assert_eq!(on_hub.receive_json().await, heard);
    let say = json!({"action": "say", "payload": {"text": "yo"}, "topic": "room:5"});
    client.send_json(say).await;
    let said = pushed("room:5", "said", json!({"text": "yo"}));
    assert_eq!(client.receive_json().await, said);
    client.send_json(asked("room:5", "2", "subscribe")).await;
    let again = answer("room:5", "2", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, again);
    for action in ["say", "subscribe", "unsubscribe"] {
        client.send_json(asked("room:6", "3", action)).await;
        let payload =
            json!({"detail": "room: not subscribed to this topic", "reason": "not_subscribed"});
        assert_eq!(
            client.receive_json().await,
            refused("room:6", "3", payload),
            "{action}"
        );
    }
    client
        .send_json(json!({"action": "unsubscribe", "ref": "4"}))
        .await;
    let unsubscribed = answer("room:5", "4", "unsubscribed", Value::Null);
    assert_eq!(client.receive_json().await, unsubscribed);
    assert_eq!(client.closed().await.code, 1000);
    assert_eq!(app.note().await, "authorising 5");
    assert_eq!(app.note().await, "5 left: the client unsubscribed");
}

#[tokio::test(start_paused = true)]
async fn p31_what_is_published_while_a_topics_own_route_joins_waits_for_subscribed() {
    let exchange = Exchange::new();
    let layer = ChannelLayer::connect(exchange.broker()).await.unwrap();
    let app = App::of(layer, ChannelOptions::default());
    // Joining then waits a second for the broker.
    exchange.hang(true);
    let mut client = Communicator::<Room>::builder(&app.router, "/rooms/5")
        .without_waiting_for_connected()
        .connect()
        .await;
    while app.layer.stats().groups == 0 {
        tokio::task::yield_now().await;
    }

    let rooms = Broadcaster::<Room>::new(&app.layer);
    let early = super::hub::Heard {
        text: "early".into(),
    };
    // The other nodes do not get it, and this one does.
    let published = rooms.broadcast(early).to("room:5").await;
    assert!(published.is_err());

    let subscribed = pushed("room:5", "subscribed", Value::Null);
    assert_eq!(client.receive_json().await, subscribed);
    let early = pushed("room:5", "heard", json!({"text": "early"}));
    assert_eq!(client.receive_json().await, early);
}

#[tokio::test(start_paused = true)]
async fn p31_a_refusal_refuses_the_connection() {
    let app = App::new();
    for (path, status) in [
        ("/rooms/full", 500),
        ("/rooms/a:b", 404),
        ("/doors/front", 403),
        ("/doors/secret", 404),
    ] {
        let refused = Communicator::<Room>::builder(&app.router, path)
            .connect_or_refused()
            .await
            .expect_err("it is refused");

        assert_eq!(refused.status, status, "{path}");
    }
    let options = ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal);
    let app = App::with(options);
    for (path, code) in [("/doors/front", 4403), ("/doors/secret", 4404)] {
        let mut refused = Communicator::<Room>::builder(&app.router, path)
            .without_waiting_for_connected()
            .connect()
            .await;

        assert_eq!(refused.receive_any().await.action(), "authentication");
        assert_eq!(refused.closed().await.code, code, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn p31_p35_a_kick_on_a_topics_own_route_is_told_and_closes() {
    let app = App::new();
    let mut client = Communicator::<Room>::connect(&app.router, "/rooms/5").await;
    assert_eq!(client.receive_any().await.action(), "subscribed");
    assert_eq!(client.receive_any().await.action(), "greeting");

    let rooms = Broadcaster::<Room>::new(&app.layer);
    rooms
        .unsubscribe("archived", "gone")
        .to("room:5")
        .await
        .unwrap();

    let archived = json!({"reason": "archived", "detail": "gone"});
    assert_eq!(
        client.receive_json().await,
        pushed("room:5", "unsubscribed", archived)
    );
    assert_eq!(client.closed().await.code, 1000);
}

#[test]
fn p34_a_topic_is_a_channel_of_its_own_at_the_address_of_its_connection() {
    let hub = Documented::new("/hub", ChannelDescription::of::<Hub>());

    let document = Document::new(Info::new("Topics", "1.0.0"), &[hub]).to_json();

    let document: Value = serde_json::from_str(&document).unwrap();
    let channels = &document["channels"];
    let book = &channels["hub_book"];
    assert_eq!(
        (&book["title"], &book["address"]),
        (&json!("hub_book"), &json!("/hub"))
    );
    let topic = json!({
        "name": "book",
        "pattern": "book:{book}:{page}",
        "parameters": ["book", "page"],
    });
    assert_eq!(book["x-topic"], topic);
    assert_eq!(
        book["messages"]["said"]["$ref"],
        "#/components/messages/said"
    );
    assert_eq!(channels["hub"].get("x-topic"), None);
    assert_eq!(channels["hub"]["address"], "/hub");
}
