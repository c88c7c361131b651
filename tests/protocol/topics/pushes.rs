//! What is published to topics.

use chanx::{Broadcaster, ChannelOptions, Overflow};
use serde_json::{Value, json};

use crate::hub::{App, Heard, News, Room, Work, pushed, subscribe};

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
    let heard = Heard {
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
    let heard = Heard { text: "all".into() };
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
