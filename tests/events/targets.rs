//! Publications to groups and to single connections.

use chanx::{Broadcaster, LayerError, PublishError};
use chanx_testing::Communicator;

use crate::board::{Board, Desk, Me, Noted, Office, Poster, Who, note, noted};

#[tokio::test(start_paused = true)]
async fn an_event_for_a_group_reaches_its_members_only() {
    let office = Office::new();
    let mut member = office.board_in("kitchen").await;
    let (mut other, _) = office.board().await;

    office
        .boards
        .event(note("tea"))
        .to("kitchen")
        .await
        .unwrap();

    assert_eq!(member.receive::<Noted>().await, noted("tea", 1));
    other.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_member_of_several_named_groups_handles_an_event_once() {
    let office = Office::new();
    let mut member = office.board_in("kitchen").await;

    let publication = office.boards.event(note("tea"));
    let receipt = publication.to(["kitchen", "all", "kitchen"]).await;

    assert_eq!(receipt.unwrap().reached, 1);
    assert_eq!(member.receive::<Noted>().await, noted("tea", 1));
    member.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn without_a_group_the_declared_ones_are_meant() {
    let office = Office::new();
    let (mut one, _) = office.board().await;
    let mut two = office.board_in("kitchen").await;

    let receipt = office.boards.event(note("tea")).await.unwrap();

    assert_eq!(receipt.reached, 2);
    assert_eq!(one.receive::<Noted>().await, noted("tea", 1));
    assert_eq!(two.receive::<Noted>().await, noted("tea", 1));
}

#[tokio::test(start_paused = true)]
async fn where_none_is_declared_a_group_must_be_named() {
    let office = Office::new();
    let desks = Broadcaster::<Desk>::new(&office.layer);

    let error = desks.broadcast(Poster("tea".into())).await.unwrap_err();
    assert!(matches!(error, PublishError::NoGroup));
    assert!(
        error.to_string().contains("name one with `.to(…)`"),
        "{error}"
    );

    let nowhere: [&str; 0] = [];
    let error = desks.broadcast(Poster("tea".into())).to(nowhere).await;
    assert!(matches!(error, Err(PublishError::NoGroup)));
}

#[tokio::test(start_paused = true)]
async fn a_group_without_members_is_no_error() {
    let office = Office::new();

    let receipt = office.boards.event(note("tea")).to("attic").await.unwrap();

    assert_eq!((receipt.reached, receipt.dropped), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn one_connection_is_reached_by_its_name() {
    let office = Office::new();
    let (mut one, id) = office.board().await;
    let (mut two, _) = office.board().await;

    let event = office.boards.connection(id).event(note("tea")).await;
    assert_eq!(event.unwrap().reached, 1);
    assert_eq!(one.receive::<Noted>().await, noted("tea", 1));

    let message = office
        .boards
        .connection(id)
        .send(Poster("milk".into()))
        .await;
    assert_eq!(message.unwrap().reached, 1);
    assert_eq!(one.receive::<Poster>().await, Poster("milk".into()));
    two.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn one_connection_is_closed_by_its_name() {
    let office = Office::new();
    let (mut one, id) = office.board().await;
    let (mut two, _) = office.board().await;

    let long = "é".repeat(100);
    office
        .boards
        .connection(id)
        .close(4000, long)
        .await
        .unwrap();

    let closed = one.closed().await;
    assert_eq!((closed.code, closed.reason), (4000, "é".repeat(61)));
    two.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_close_code_that_may_not_be_sent_is_1011_to_the_client() {
    let office = Office::new();
    let (mut board, id) = office.board().await;

    let close = office.boards.connection(id).close(1005, "tidying up");
    close.await.unwrap();

    let closed = board.closed().await;
    assert_eq!((closed.code, &*closed.reason), (1011, "tidying up"));
}

#[tokio::test(start_paused = true)]
async fn what_is_queued_is_written_before_a_close() {
    let office = Office::new();
    let (mut board, id) = office.board().await;

    let board_of = || office.boards.connection(id);
    board_of().send(Poster("last words".into())).await.unwrap();
    board_of().close(4000, "").await.unwrap();

    assert_eq!(board.receive::<Poster>().await.0, "last words");
    assert_eq!(board.closed().await.code, 4000);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_gone_is_an_error_that_names_it() {
    let office = Office::new();
    let (board, id) = office.board().await;
    board.close(1000).await;

    let error = office
        .boards
        .connection(id)
        .event(note("tea"))
        .await
        .unwrap_err();

    assert!(matches!(
        error,
        PublishError::Layer(LayerError::NotConnected(gone)) if gone == id
    ));
    assert_eq!(error.to_string(), format!("there is no connection {id}"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_closing_counts_as_gone() {
    let office = Office::new();
    let (_board, id) = office.board().await;
    office.boards.connection(id).close(4000, "").await.unwrap();

    let event = office.boards.connection(id).event(note("tea")).await;
    assert!(matches!(
        event,
        Err(PublishError::Layer(LayerError::NotConnected(_)))
    ));
    let message = office
        .boards
        .connection(id)
        .send(Poster(String::new()))
        .await;
    assert!(matches!(
        message,
        Err(PublishError::Layer(LayerError::NotConnected(_)))
    ));
}

#[tokio::test(start_paused = true)]
async fn a_connection_of_another_consumer_is_an_error_that_names_both() {
    let office = Office::new();
    let mut desk = Communicator::<Desk>::connect(&office.app, "/desk").await;
    let id: chanx::ConnectionId = desk.request::<Me>(&Who).await.id.parse().unwrap();

    let error = office
        .boards
        .connection(id)
        .event(note("tea"))
        .await
        .unwrap_err();

    assert_eq!(
        error.to_string(),
        format!("connection {id} belongs to channel `desk`, not `board`")
    );
    let close = office.boards.connection(id).close(4000, "").await;
    assert!(close.is_err());
    desk.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_connections_name_survives_a_trip_through_json() {
    let office = Office::new();
    let (mut board, id) = office.board().await;

    let json = serde_json::to_string(&id).unwrap();
    let back: chanx::ConnectionId = serde_json::from_str(&json).unwrap();

    assert_eq!(json.len(), 34);
    let boards: Broadcaster<Board> = office.boards.clone();
    boards.connection(back).event(note("tea")).await.unwrap();
    assert_eq!(board.receive::<Noted>().await, noted("tea", 1));
}
