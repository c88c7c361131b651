//! Publications from plain threads.

use chanx::PublishError;

use crate::board::{Noted, Office, Poster, note, noted};

#[tokio::test(start_paused = true)]
async fn a_plain_thread_tells_consumers() {
    let office = Office::new();
    let (mut board, id) = office.board().await;
    let boards = office.boards.clone();

    let told = std::thread::spawn(move || {
        let event = boards.event(note("tea")).blocking()?;
        let message = boards.broadcast(Poster("milk".into())).blocking()?;
        let close = boards.connection(id).close(4000, "enough").blocking()?;
        Ok::<_, PublishError>([event, message, close].map(|receipt| receipt.reached))
    });

    assert_eq!(told.join().unwrap().unwrap(), [1, 1, 1]);
    assert_eq!(board.receive::<Poster>().await, Poster("milk".into()));
    assert_eq!(board.closed().await.reason, "enough");
}

#[tokio::test(start_paused = true)]
async fn a_plain_thread_reaches_a_group_that_is_gone_through_in_chunks() {
    let office = Office::new();
    let mut boards = Vec::new();
    for _ in 0..150 {
        boards.push(office.board().await.0);
    }
    let broadcaster = office.boards.clone();

    let told = std::thread::spawn(move || broadcaster.event(note("tea")).blocking());

    assert_eq!(told.join().unwrap().unwrap().reached, 150);
    for board in &mut boards {
        assert_eq!(board.receive::<Noted>().await, noted("tea", 1));
    }
}

#[tokio::test(start_paused = true)]
async fn blocking_inside_a_runtime_is_an_error_and_tells_nobody() {
    let office = Office::new();
    let (mut board, id) = office.board().await;

    let event = office.boards.event(note("tea")).blocking();
    let message = office.boards.broadcast(Poster("tea".into())).blocking();
    let close = office.boards.connection(id).close(4000, "").blocking();

    for refused in [event, message, close] {
        let error = refused.unwrap_err();
        assert!(matches!(error, PublishError::InsideRuntime));
        assert!(error.to_string().contains("await the publication instead"));
    }
    board.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn a_runtimes_blocking_thread_is_inside_it_too() {
    let boards = Office::new().boards;

    let refused = tokio::task::spawn_blocking(move || boards.event(note("tea")).blocking());

    assert!(matches!(
        refused.await.unwrap(),
        Err(PublishError::InsideRuntime)
    ));
}
