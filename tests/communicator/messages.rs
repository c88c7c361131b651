//! Messages, there and back.

use chanx::{Message, MessageEnum, Ping, Pong};
use chanx_testing::Communicator;
use serde_json::json;

use crate::room::{
    Chat, ChatNotification, Enter, Leave, Movement, Note, PaymentCompleted, PaymentNotice, Recite,
    Room, app,
};

#[derive(Debug, MessageEnum)]
enum Shown {
    Pong(Pong),
    Line(ChatNotification),
}

fn line(author: &str, message: &str) -> ChatNotification {
    ChatNotification {
        author: author.to_owned(),
        message: message.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_broadcast_reaches_the_other_user() {
    let app = app().router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ben").await;

    let message = "hello".to_owned();
    ana.send(&Chat { message }).await;

    assert_eq!(
        ben.receive::<ChatNotification>().await,
        line("ana", "hello")
    );
    ana.receive_nothing().await;
}

#[tokio::test]
async fn a_message_is_answered() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Ping).await;

    assert_eq!(ana.receive::<Pong>().await, Pong);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_multi_thread_runtime_will_do() {
    let app = app().router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ben").await;

    for n in 0..20 {
        let message = n.to_string();
        ana.send(&Chat { message }).await;
    }

    for n in 0..20 {
        let received = ben.receive::<ChatNotification>().await;
        assert_eq!(received, line("ana", &n.to_string()));
    }
    ben.receive_nothing().await;
}

#[tokio::test]
async fn a_communicator_may_be_used_in_another_task() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    let answered = tokio::spawn(async move { ana.request::<Pong>(&Ping).await });

    assert_eq!(answered.await.unwrap(), Pong);
}

#[tokio::test]
async fn an_enum_is_sent_as_what_it_holds() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Movement::Enter(Enter)).await;
    ana.send(&Movement::Leave(Leave)).await;

    assert_eq!(ana.receive::<ChatNotification>().await.message, "enters");
    assert_eq!(ana.receive::<ChatNotification>().await.message, "leaves");
}

#[tokio::test]
async fn an_enum_receives_any_of_its_messages() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Recite { lines: 1 }).await;
    ana.send(&Ping).await;

    let first = ana.receive::<Shown>().await;
    assert!(matches!(&first, Shown::Line(first) if *first == line("ana", "1")));
    assert!(matches!(ana.receive::<Shown>().await, Shown::Pong(Pong)));
}

#[tokio::test]
async fn json_and_text_are_sent_as_they_are() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;
    let pong = json!({"action": "pong", "payload": null, "version": 1, "ref": "7"});

    ana.send_json(json!({"action": "ping", "ref": "7"})).await;
    assert_eq!(ana.receive_json().await, pong);

    ana.send_text(r#"{"ref":"7","action":"ping"}"#).await;
    assert_eq!(ana.receive_json().await, pong);
}

#[tokio::test]
async fn any_message_is_received_with_its_parts() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send_json(json!({"action": "recite", "payload": {"lines": 1}, "ref": "a"}))
        .await;

    let received = ana.receive_any().await;
    assert_eq!(received.action(), ChatNotification::ACTION);
    assert_eq!(received.payload()["message"], "1");
    assert_eq!(received.reference(), Some("a"));
    assert_eq!(received.parse::<ChatNotification>(), line("ana", "1"));
    assert!(format!("{received:?}").contains("\n  \"action\": \"chat_notification\""));
}

#[tokio::test]
async fn a_request_gets_its_own_reply() {
    let app = app();
    let mut ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ben").await;

    ben.send(&Chat {
        message: "first".to_owned(),
    })
    .await;
    ben.send(&Note).await;
    app.room
        .event(PaymentCompleted { amount: 5 })
        .to("lobby")
        .await
        .unwrap();
    let reply: Pong = ben.request(&Ping).await;
    assert_eq!(reply, Pong);
    assert_eq!(ana.request::<Pong>(&Ping).await, Pong);

    // What came before the reply is still there, in order.
    assert_eq!(ben.receive::<PaymentNotice>().await.amount, 5);
    let mut seen = vec![
        ana.receive_any().await.action().to_owned(),
        ana.receive_any().await.action().to_owned(),
    ];
    seen.sort();
    assert_eq!(seen, [ChatNotification::ACTION, PaymentNotice::ACTION]);
}

#[tokio::test]
async fn a_request_leaves_further_replies_for_later() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    let first: ChatNotification = ana.request(&Recite { lines: 3 }).await;

    assert_eq!(first.message, "1");
    assert_eq!(ana.receive::<ChatNotification>().await.message, "2");
    assert_eq!(ana.receive::<ChatNotification>().await.message, "3");
    ana.receive_nothing().await;
}

#[tokio::test]
async fn errors_are_expected_by_any_of_their_words() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&crate::room::Fail).await;
    ana.expect_error("room_full").await;
    ana.send(&crate::room::Fail).await;
    let error = ana.expect_error("room is full").await;
    assert_eq!(error.payload()["reason"], "room_full");

    ana.send_json(json!({"action": "chat", "payload": {}}))
        .await;
    let error = ana.expect_error("missing").await;
    assert_eq!(
        error.payload()[0]["loc"],
        json!(["chat", "payload", "message"])
    );
    ana.send_json(json!({"action": "pnig"})).await;
    ana.expect_error("union_tag_invalid").await;
}
