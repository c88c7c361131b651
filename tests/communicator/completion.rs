//! Receiving everything up to a stop.

use chanx::{Message, Ping, Pong};
use chanx_testing::{Communicator, Received, Until};

use crate::room::{
    App, Audited, Chat, ChatNotification, Crash, Note, PaymentCompleted, PaymentNotice, Recite,
    Room, app,
};

fn actions(received: &[Received]) -> Vec<&str> {
    received.iter().map(Received::action).collect()
}

async fn pay(app: &App, amount: u32) {
    let event = app.room.event(PaymentCompleted { amount }).to("lobby");
    event.await.unwrap();
}

#[tokio::test]
async fn complete_is_everything_that_came_of_what_was_sent() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Recite { lines: 2 }).await;
    ana.send(&Note).await;
    ana.send(&Ping).await;
    let received = ana.receive_all(Until::Complete).await;

    assert_eq!(
        actions(&received),
        [
            ChatNotification::ACTION,
            ChatNotification::ACTION,
            Pong::ACTION
        ]
    );
    assert!(ana.receive_all(Until::Complete).await.is_empty());
}

#[tokio::test]
async fn a_completion_left_behind_is_not_mistaken_for_the_next() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Ping).await;
    ana.receive::<Pong>().await;
    ana.send(&Recite { lines: 1 }).await;

    let received = ana.receive_all(Until::Complete).await;
    assert_eq!(actions(&received), [ChatNotification::ACTION]);
}

#[tokio::test]
async fn group_complete_is_a_group_message() {
    let app = app().router;
    let mut ana = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ana").await;
    let mut ben = Communicator::<Room>::connect(&app, "/ws/room/lobby?user=ben").await;

    for message in ["first", "second"] {
        let message = message.to_owned();
        ana.send(&Chat { message }).await;
    }

    assert_eq!(ben.receive::<ChatNotification>().await.message, "first");
    let second = ben.receive_all(Until::GroupComplete).await;
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].parse::<ChatNotification>().message, "second");
}

#[tokio::test]
async fn event_complete_is_an_event_dealt_with() {
    let app = app();
    let mut ana = Communicator::<Room>::connect(&app.router, "/ws/room/lobby?user=ana").await;

    app.room.event(Audited).to("lobby").await.unwrap();
    assert!(ana.receive_all(Until::EventComplete).await.is_empty());

    pay(&app, 1).await;
    assert_eq!(ana.receive::<PaymentNotice>().await.amount, 1);
    pay(&app, 2).await;
    let second = ana.receive_all(Until::EventComplete).await;
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].payload()["amount"], 2);
}

#[tokio::test]
async fn an_action_stops_and_is_the_last_of_what_is_returned() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Recite { lines: 2 }).await;
    ana.send(&Ping).await;

    let received = ana.receive_all(Until::Action(Pong::ACTION)).await;
    let actions: Vec<_> = received.iter().map(Received::action).collect();
    assert_eq!(actions, ["chat_notification", "chat_notification", "pong"]);
    ana.receive_nothing().await;
}

#[tokio::test]
async fn a_count_leaves_the_rest() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Recite { lines: 3 }).await;

    assert_eq!(ana.receive_all(Until::Count(2)).await.len(), 2);
    assert_eq!(ana.receive::<ChatNotification>().await.message, "3");
}

#[tokio::test]
async fn the_close_is_a_stop_too() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Ping).await;
    ana.send(&Crash).await;

    let received = ana.receive_all(Until::Closed).await;
    assert_eq!(actions(&received), [Pong::ACTION, "error"]);
    assert_eq!(ana.closed().await.code, 1011);
}

#[tokio::test]
async fn what_a_request_leaves_behind_is_still_to_be_dealt_with() {
    let mut ana = Communicator::<Room>::connect(&app().router, "/ws/room/lobby?user=ana").await;

    ana.send(&Recite { lines: 1 }).await;
    ana.send(&Recite { lines: 1 }).await;
    ana.request::<Pong>(&Ping).await;
    ana.send(&Recite { lines: 1 }).await;

    let received = ana.receive_all(Until::Complete).await;
    assert_eq!(actions(&received), [ChatNotification::ACTION; 3]);
}
