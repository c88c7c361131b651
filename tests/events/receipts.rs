//! The receipt that a publisher gets.

use crate::board::{Office, Poster, note};

#[tokio::test(start_paused = true)]
async fn a_receipt_says_how_many_connections_were_reached() {
    let office = Office::new();
    let mut boards = Vec::new();
    for n in 0..3 {
        let receipt = office.boards.event(note("tea")).await.unwrap();
        assert_eq!((receipt.reached, receipt.dropped), (n, 0));
        boards.push(office.board().await);
    }

    let receipt = office.boards.broadcast(Poster("tea".into())).await.unwrap();

    assert_eq!((receipt.reached, receipt.dropped), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_closing_is_not_counted() {
    let office = Office::new();
    let (_staying, _) = office.board().await;
    let (_leaving, id) = office.board().await;
    office.boards.connection(id).close(1000, "").await.unwrap();

    let receipt = office.boards.broadcast(Poster("tea".into())).await.unwrap();

    assert_eq!((receipt.reached, receipt.dropped), (1, 0));
}
