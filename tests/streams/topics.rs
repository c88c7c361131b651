//! Replies that come piece by piece on a topic.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::extract::State;
use chanx::{Channel, Connect, Consumer, Ping, Pong, Rejection, channel};
use chanx_testing::{Communicator, Frame, Until};
use serde_json::{Value, json};

use crate::model::{App, Book, Dictate, Model, Muse, Ponder, Prompt, Token, piece};

/// One connection for several models.
pub(crate) struct Library {
    book: Arc<Book>,
}

impl Connect for Library {
    type Handshake = State<Arc<Book>>;

    async fn connect(State(book): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { book })
    }
}

impl Consumer for Library {}

#[channel(name = "library")]
impl Library {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[topic("model:{name}")]
    async fn model(&mut self, _name: String) -> Model {
        Model::of(self.book.clone())
    }
}

fn asked(topic: &str, action: &str, payload: &Value, reference: &str) -> Value {
    json!({"action": action, "payload": payload, "ref": reference, "topic": topic})
}

fn on(topic: &str, mut frame: Value) -> Value {
    frame["topic"] = topic.into();
    frame
}

fn completed(topic: &str, reference: &str) -> Value {
    on(topic, crate::model::completed(reference))
}

/// The next frame of a client that is told nothing but what clients are told.
async fn frame<C: Channel>(client: &mut Communicator<C>) -> Value {
    match client.receive_frame().await {
        Frame::Text(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("not a message: {other:?}"),
    }
}

/// A connection over TCP, so that a `complete` is a stream's.
async fn library(app: &App) -> Communicator<Library> {
    Communicator::connect_at(&app.serve("/library").await).await
}

async fn library_in_memory(app: &App) -> Communicator<Library> {
    Communicator::connect(&app.router, "/library").await
}

#[tokio::test]
async fn p39_pieces_and_what_completes_them_carry_topic_and_ref() {
    let app = App::new();
    let mut library = library(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;

    model
        .send_json(json!({"action": "prompt", "payload": {"tokens": 2}, "ref": "7"}))
        .await;

    assert_eq!(frame(&mut model).await, on("model:a", piece(0, "7")));
    assert_eq!(frame(&mut model).await, on("model:a", piece(1, "7")));
    assert_eq!(frame(&mut model).await, completed("model:a", "7"));
}

#[tokio::test]
async fn p39_a_stream_of_nothing_is_complete_at_once_on_a_topic_too() {
    let app = App::new();
    let mut library = library(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;

    model
        .send_json(json!({"action": "guess", "payload": {"knows": false}, "ref": "7"}))
        .await;

    assert_eq!(frame(&mut model).await, completed("model:a", "7"));
}

#[tokio::test(start_paused = true)]
async fn p39_others_are_answered_meanwhile() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut one = library.subscribe::<Model>("model:a").await;
    let mut other = library.subscribe::<Model>("model:b").await;
    one.send(&Dictate).await;
    app.book.pass(1);
    assert_eq!(one.receive::<Token>().await, Token { n: 0.0 });

    assert_eq!(one.request::<Pong>(&Ping).await, Pong);
    assert_eq!(library.request::<Pong>(&Ping).await, Pong);
    let answer = other.collect::<Token>(&Prompt { tokens: Some(3) }).await;
    assert_eq!(answer.len(), 3);
    app.book.pass(1);
    assert_eq!(one.receive::<Token>().await, Token { n: 1.0 });
}

#[tokio::test]
async fn p39_a_complete_ends_the_stream_of_its_own_topic() {
    let app = App::new();
    let mut library = library(&app).await;
    let mut one = library.subscribe::<Model>("model:a").await;
    let mut other = library.subscribe::<Model>("model:b").await;
    for model in [&mut one, &mut other] {
        let dictate = json!({"action": "dictate", "ref": "7"});
        model.send_json(dictate).await;
    }

    one.send_json(json!({"action": "complete", "ref": "7"}))
        .await;

    assert_eq!(frame(&mut one).await, completed("model:a", "7"));
    app.book.pass(1);
    assert_eq!(frame(&mut other).await, on("model:b", piece(0, "7")));
}

#[tokio::test(start_paused = true)]
async fn p39_a_ref_that_is_under_way_on_the_topic_is_refused() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;
    for _ in 0..2 {
        let dictate = json!({"action": "dictate", "ref": "7"});
        model.send_json(dictate).await;
    }

    let refused = model.expect_error("ref_in_use").await;

    assert_eq!(
        (refused.topic(), refused.reference()),
        (Some("model:a"), None)
    );
    assert_eq!(refused.payload()["ref"], "7");
}

#[tokio::test(start_paused = true)]
async fn p39_frames_about_a_stream_are_handled_and_completed_once() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let subscribe = json!({"action": "subscribe", "topic": "model:a", "ref": "1"});
    let dictate = asked("model:a", "dictate", &Value::Null, "7");
    let stop = asked("model:a", "complete", &Value::Null, "7");

    for ask in [subscribe, dictate.clone(), dictate, stop] {
        library.send_json(ask).await;
    }

    let told = [
        ("subscribed", Some("1")),
        ("complete", Some("1")),
        // Of the second, whose `ref` is taken.
        ("error", None),
        ("complete", None),
        // Of the first, which the last has stopped.
        ("complete", Some("7")),
    ];
    for told in told {
        let frame = frame(&mut library).await;
        assert_eq!(
            (frame["action"].as_str(), frame["ref"].as_str()),
            (Some(told.0), told.1)
        );
    }
    library.receive_nothing().await;
    library.close(1000).await;
    while app.control.stats().connections() > 0 {
        tokio::task::yield_now().await;
    }
    let channels = app.control.stats().channels;
    assert!(
        channels
            .iter()
            .all(|(_, stats)| stats.messages_unhandled == 0)
    );
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_ends_with_its_subscription() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;
    model.send(&Prompt { tokens: None }).await;
    model.receive::<Token>().await;

    model.unsubscribe().await;

    app.book.emptied().await;
    library.receive_nothing().await;
    let mut again = library.subscribe::<Model>("model:a").await;
    assert_eq!(
        again.collect::<Token>(&Prompt { tokens: Some(1) }).await,
        [Token { n: 0.0 }]
    );
}

#[tokio::test(start_paused = true)]
async fn p39_unsubscribing_is_answered_behind_the_pieces_and_nothing_comes_behind_it() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let asks = [
        json!({"action": "subscribe", "topic": "model:a", "ref": "1"}),
        asked("model:a", "prompt", &json!({}), "2"),
        json!({"action": "unsubscribe", "topic": "model:a", "ref": "3"}),
    ];
    for ask in asks {
        library.send_json(ask).await;
    }

    let received = library.receive_all(Until::Action("unsubscribed")).await;

    let (first, pieces) = (&received[0], &received[1..received.len() - 1]);
    assert_eq!(first.action(), "subscribed");
    assert!(pieces.iter().all(|piece| piece.action() == "token"));
    app.book.emptied().await;
    library.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p35_p39_a_stream_ends_with_a_kick_and_nothing_comes_behind_it() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut one = library.subscribe::<Model>("model:a").await;
    let mut other = library.subscribe::<Model>("model:b").await;
    one.send(&Dictate).await;
    app.book.pass(1);
    assert_eq!(one.receive::<Token>().await, Token { n: 0.0 });

    let kick = app.models.unsubscribe("kicked", "").to("model:a");
    kick.await.unwrap();
    one.expect_unsubscribed("kicked").await;
    app.book.emptied().await;
    app.book.pass(1);

    let answer = other.collect::<Token>(&Prompt { tokens: Some(2) }).await;
    assert_eq!(answer.len(), 2);
    one.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p35_p39_a_stream_ends_with_a_kick_though_a_handler_is_at_work() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut one = library.subscribe::<Model>("model:a").await;
    one.send(&Dictate).await;
    one.send(&Ponder).await;
    one.receive_nothing().await;

    let kick = app.models.unsubscribe("kicked", "").to("model:a");
    kick.await.unwrap();

    let emptied = tokio::time::timeout(Duration::from_secs(1), app.book.emptied());
    emptied.await.expect("the stream is dropped");
}

#[tokio::test(start_paused = true)]
async fn p39_a_stream_that_fails_is_told_on_its_topic_and_the_subscription_goes_on() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;
    for (over, told) in [
        ("client", "tired"),
        ("internal", "Failed to process message for stumble"),
        ("nan", "Failed to process message for stumble"),
        ("a stone", "Failed to process message for stumble"),
    ] {
        let stumble = json!({"action": "stumble", "payload": {"over": over}, "ref": over});
        model.send_json(stumble).await;
        assert_eq!(model.receive_all(Until::Count(2)).await.len(), 2);

        let error = model.expect_error(told).await;
        assert_eq!(
            (error.topic(), error.reference()),
            (Some("model:a"), Some(over))
        );
    }
    assert_eq!(model.request::<Pong>(&Ping).await, Pong);
}

#[tokio::test(start_paused = true)]
async fn p39_a_slow_client_slows_the_stream_of_a_topic_down() {
    let app = App::with(|options| options.outbox_frames(16));
    let mut library = library_in_memory(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;

    model.send(&Prompt { tokens: None }).await;
    // Nothing is left to do once the pipe and the outbox are full.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let before = app.book.tokens.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;

    assert_eq!(app.book.tokens.load(Ordering::SeqCst), before);
    for n in 0..1000 {
        assert_eq!(model.receive::<Token>().await, Token { n: f64::from(n) });
    }
    // Unsubscribing drops what it had, and lets the others have the outbox.
    model.unsubscribe().await;
    app.book.emptied().await;
    assert_eq!(library.request::<Pong>(&Ping).await, Pong);
}

#[tokio::test(start_paused = true)]
async fn p39_the_streams_of_all_topics_count_together() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut one = library.subscribe::<Model>("model:a").await;
    let mut other = library.subscribe::<Model>("model:b").await;
    for _ in 0..8 {
        one.send(&Dictate).await;
        other.send(&Dictate).await;
    }

    // What was sent before on the topic has been dealt with when this is answered.
    one.request::<Pong>(&Ping).await;
    other.request::<Pong>(&Ping).await;
    one.send(&Dictate).await;
    one.expect_error("too_many_streams").await;

    other.unsubscribe().await;
    let answer = one.collect::<Token>(&Prompt { tokens: Some(1) }).await;
    assert_eq!(answer.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn p39_an_event_is_answered_with_a_stream_on_the_topic_without_a_ref() {
    let app = App::new();
    let mut library = library_in_memory(&app).await;
    let mut model = library.subscribe::<Model>("model:a").await;

    let muse = Muse { over: None };
    app.models.event(muse).to("model:a").await.unwrap();

    let received = model.receive_all(Until::EventComplete).await;
    assert_eq!(received.len(), 2);
    for piece in received {
        assert_eq!((piece.topic(), piece.reference()), (Some("model:a"), None));
    }
}
