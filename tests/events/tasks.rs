//! Events from tasks, and their handling by the consumer.

use serde_json::json;

use crate::board::{Announcement, Me, Noted, Office, Poster, Who, note, noted};

#[tokio::test(start_paused = true)]
async fn a_spawned_task_tells_consumers() {
    let office = Office::new();
    let (mut board, _) = office.board().await;
    let boards = office.boards.clone();

    let told = tokio::spawn(async move { boards.event(note("tea")).await });

    assert_eq!(told.await.unwrap().unwrap().reached, 1);
    assert_eq!(board.receive::<Noted>().await, noted("tea", 1));
}

#[tokio::test(start_paused = true)]
async fn an_event_is_handled_by_each_consumer_for_itself() {
    let office = Office::new();
    let (mut one, _) = office.board().await;
    office.boards.event(note("early")).await.unwrap();
    assert_eq!(one.receive::<Noted>().await, noted("early", 1));
    let (mut two, _) = office.board().await;

    office.boards.event(note("late")).await.unwrap();

    assert_eq!(one.receive::<Noted>().await, noted("late", 2));
    assert_eq!(two.receive::<Noted>().await, noted("late", 1));
}

#[tokio::test(start_paused = true)]
async fn events_of_one_producer_are_handled_in_order() {
    let office = Office::new();
    let (mut board, _) = office.board().await;

    for n in 1..=300 {
        office.boards.event(note(&n.to_string())).await.unwrap();
    }

    for n in 1..=300 {
        assert_eq!(board.receive::<Noted>().await, noted(&n.to_string(), n));
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_passed_through_reaches_the_client_unchanged() {
    let office = Office::new();
    let (mut board, _) = office.board().await;

    let event = Announcement { text: "tea".into() };
    office.boards.event(event).await.unwrap();

    assert_eq!(
        board.receive_json().await,
        json!({"action": "announcement", "payload": {"text": "tea"}})
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_cannot_send_what_is_an_event() {
    let office = Office::new();
    let (mut board, _) = office.board().await;

    for action in ["note", "announcement"] {
        board
            .send_json(json!({"action": action, "payload": "tea"}))
            .await;
        board.expect_error("union_tag_invalid").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_goes_past_the_consumer() {
    let office = Office::new();
    let (mut board, _) = office.board().await;

    office.boards.broadcast(Poster("tea".into())).await.unwrap();

    assert_eq!(board.receive::<Poster>().await, Poster("tea".into()));
    board.request::<Me>(&Who).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_awaited_is_not_sent() {
    let office = Office::new();
    let (mut board, _) = office.board().await;

    drop(office.boards.event(note("tea")));

    board.receive_nothing().await;
}
