//! P12–P15: frames that say that something has been dealt with.

use axum::Router;
use chanx::ChannelOptions;
use chanx_testing::{Communicator, Frame, Until};
use serde_json::{Value, json};

use crate::{
    desk::{Desk, Fail, Hello, Number, Ring, Say, channels, client},
    room::{House, Room, Shout, shout_to},
};

async fn frame<C: chanx::Channel>(client: &mut Communicator<C>) -> Value {
    match client.receive_frame().await {
        Frame::Text(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("not a message: {other:?}"),
    }
}

fn completion(action: &str) -> Value {
    json!({"action": action, "payload": null})
}

/// The next frames of a client, up to a completion of this kind.
async fn until(client: &mut Communicator<Room>, action: &str) -> Vec<Value> {
    let mut frames = Vec::new();
    loop {
        frames.push(frame(client).await);
        if frames.last().is_some_and(|frame| frame["action"] == action) {
            return frames;
        }
    }
}

#[tokio::test]
async fn p12_completion_frames_are_off_by_default() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/desk", listener.local_addr().unwrap());
    let app = Router::from(channels(ChannelOptions::default()));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut client = Communicator::<Desk>::connect_at(&url).await;

    client.send(&Hello).await;
    client.send(&Ring { fails: false }).await;
    client.send(&Hello).await;

    let mut actions = Vec::new();
    for _ in 0..3 {
        actions.push(frame(&mut client).await["action"].clone());
    }
    actions.sort_by_key(ToString::to_string);
    assert_eq!(actions, ["rang", "welcome", "welcome"]);
}

#[tokio::test]
async fn p12_completion_frames_come_where_the_options_say_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/desk", listener.local_addr().unwrap());
    let app = Router::from(channels(ChannelOptions::default().completion_frames(true)));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut client = Communicator::<Desk>::connect_at(&url).await;

    client.send(&Hello).await;

    assert_eq!(frame(&mut client).await["action"], "welcome");
    assert_eq!(frame(&mut client).await, completion("complete"));
}

#[tokio::test(start_paused = true)]
async fn p12_a_message_is_followed_by_complete() {
    let mut client = client().await;

    client.send(&Say { text: "hi".into() }).await;

    assert_eq!(frame(&mut client).await["action"], "said");
    assert_eq!(frame(&mut client).await, completion("complete"));
}

#[tokio::test(start_paused = true)]
async fn p12_a_message_that_fails_is_completed_too() {
    let mut client = client().await;

    client.send(&Fail).await;
    assert_eq!(frame(&mut client).await["action"], "error");
    assert_eq!(frame(&mut client).await, completion("complete"));

    client.send_text("nonsense").await;
    assert_eq!(frame(&mut client).await["action"], "error");
    assert_eq!(frame(&mut client).await, completion("complete"));

    client.send_json(json!({"action": "nonsense"})).await;
    assert_eq!(frame(&mut client).await["action"], "error");
    assert_eq!(frame(&mut client).await, completion("complete"));
}

#[tokio::test(start_paused = true)]
async fn p12_complete_carries_the_ref_of_its_message() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "hello", "ref": "1"}))
        .await;

    assert_eq!(frame(&mut client).await["action"], "welcome");
    assert_eq!(
        frame(&mut client).await,
        json!({"action": "complete", "payload": null, "version": 1, "ref": "1"})
    );
}

#[tokio::test(start_paused = true)]
async fn p13_a_group_message_is_followed_by_group_complete_on_every_receiver() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;

    ann.send(&shout_to(&["lobby"], "hi")).await;

    let at_ann = until(&mut ann, "group_complete").await;
    assert_eq!(at_ann[at_ann.len() - 2]["action"], "heard");
    let at_bob = until(&mut bob, "group_complete").await;
    assert_eq!(at_bob[at_bob.len() - 2]["action"], "heard");
    assert_eq!(at_bob[at_bob.len() - 1], completion("group_complete"));
}

#[tokio::test(start_paused = true)]
async fn p13_who_is_excluded_gets_no_group_complete() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;
    ann.receive_all(Until::Complete).await;

    ann.send(&Shout {
        not_to_me: true,
        ..shout_to(&["lobby"], "hi")
    })
    .await;

    let at_ann = until(&mut ann, "complete").await;
    let actions: Vec<_> = at_ann.iter().map(|frame| &frame["action"]).collect();
    assert_eq!(actions, ["reached", "complete"]);
    until(&mut bob, "group_complete").await;
}

#[tokio::test(start_paused = true)]
async fn p14_an_event_is_followed_by_event_complete() {
    let mut client = client().await;

    client.send(&Ring { fails: false }).await;

    assert_eq!(frame(&mut client).await, completion("complete"));
    assert_eq!(frame(&mut client).await["action"], "rang");
    assert_eq!(frame(&mut client).await, completion("event_complete"));
}

#[tokio::test(start_paused = true)]
async fn p14_an_event_whose_handler_fails_is_completed_too() {
    let mut client = client().await;

    client.send(&Ring { fails: true }).await;

    assert_eq!(frame(&mut client).await, completion("complete"));
    assert_eq!(frame(&mut client).await, completion("event_complete"));
}

#[tokio::test(start_paused = true)]
async fn p15_completions_come_behind_what_they_complete_in_order() {
    let mut client = client().await;

    client
        .send_json(json!({"action": "count", "payload": {"to": 2}, "ref": "1"}))
        .await;
    client
        .send_json(json!({"action": "announce", "payload": {"text": "x"}, "ref": "2"}))
        .await;

    let mut frames = Vec::new();
    for _ in 0..8 {
        let frame = frame(&mut client).await;
        frames.push((
            frame["action"].as_str().unwrap().to_owned(),
            frame["ref"].as_str().map(ToOwned::to_owned),
        ));
    }
    let one = || Some("1".to_owned());
    let two = || Some("2".to_owned());
    assert_eq!(
        frames,
        [
            ("number".to_owned(), one()),
            ("number".to_owned(), one()),
            ("complete".to_owned(), one()),
            ("said".to_owned(), None),
            ("said".to_owned(), None),
            ("group_complete".to_owned(), None),
            ("said".to_owned(), two()),
            ("complete".to_owned(), two()),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn p15_completions_are_not_documented_as_messages() {
    let options = ChannelOptions::default().completion_frames(true);
    let layer = chanx::ChannelLayer::new();
    let endpoint = chanx_core::Endpoint::<Desk>::new(layer, options, chanx_core::Live::default());

    let description = endpoint.description();

    let replies = description.operations.iter().flat_map(|operation| {
        let sends = operation.sends.iter();
        sends.chain(&operation.replies).chain(&operation.messages)
    });
    let documented: Vec<_> = replies.map(|message| message.action).collect();
    assert!(documented.contains(&<Number as chanx::Message>::ACTION));
    assert!(!documented.iter().any(|action| action.contains("complete")));
}
