//! Publications from one consumer to another.

use chanx_testing::Communicator;

use crate::board::{Desk, Noted, Office, Pin, Poster, noted};

#[tokio::test(start_paused = true)]
async fn a_consumer_tells_another_by_way_of_its_layer() {
    let office = Office::new();
    let (mut board, _) = office.board().await;
    let mut desk = Communicator::<Desk>::connect(&office.app, "/desk").await;

    desk.send(&Pin { text: "tea".into() }).await;

    let mut got = [board.receive_any().await, board.receive_any().await];
    got.sort_by_key(|message| message.action().to_owned());
    assert_eq!(got[0].parse::<Noted>(), noted("tea", 1));
    assert_eq!(got[1].parse::<Poster>(), Poster("tea".into()));
    desk.receive_nothing().await;
}
