//! What goes to users and to single connections.

use std::time::Duration;

use chanx_core::{LayerError, PublishError};
use tokio::time::Instant;

use super::super::{
    Fixture,
    node::{Node, fresh, line, number},
    until,
};

pub(in super::super) async fn users<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let (ann, bob) = (fresh("ann"), fresh("bob"));
    let none: [String; 0] = [];
    let (mut far, _) = there.member_of(Some(&ann), none.clone()).await;
    let (mut near, _) = here.member_of(Some(&ann), none.clone()).await;
    let (mut other, _) = there.member_of(Some(&bob), none).await;

    let published = here.rooms().user(&*ann).send(line(1)).await;
    published.expect("it is published");

    assert_eq!(number(&mut far).await, 1);
    assert_eq!(number(&mut near).await, 1);
    far.receive_nothing().await;
    other.receive_nothing().await;
}

pub(in super::super) async fn connections<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let none: [String; 0] = [];
    let (mut far, id) = there.member_of(None, none).await;

    let receipt = here.rooms().connection(id).send(line(1)).await;
    let receipt = receipt.expect("it is published");
    assert_eq!(
        (receipt.reached, receipt.unknown),
        (1, 0),
        "its node says so"
    );
    assert_eq!(number(&mut far).await, 1);

    let published = here.strangers().connection(id).send(line(2)).await;
    let is_told = matches!(
        published,
        Err(PublishError::Layer(LayerError::OtherChannel { .. }))
    );
    assert!(is_told, "another consumer's: {published:?}");

    far.close(1000).await;
    until("the connection is gone", || {
        there.layer.stats().connections == 0
    })
    .await;
    let published = here.rooms().connection(id).send(line(3)).await;
    let is_told = matches!(
        published,
        Err(PublishError::Layer(LayerError::NotConnected(_)))
    );
    assert!(is_told, "a connection that is gone: {published:?}");

    drop(there);
    let began = Instant::now();
    match here.rooms().connection(id).send(line(4)).await {
        Ok(receipt) => assert_eq!((receipt.reached, receipt.unknown), (0, 1)),
        Err(error) => panic!("a node that is gone: {error:?}"),
    }
    assert!(began.elapsed() < Duration::from_secs(6), "within bounds");
}

pub(in super::super) async fn closes<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let ann = fresh("ann");
    let none: [String; 0] = [];
    let (mut first, id) = there.member_of(Some(&ann), none.clone()).await;
    let (mut second, _) = there.member_of(Some(&ann), none).await;

    let closed = here.rooms().connection(id).close(4001, "one").await;
    assert_eq!(closed.expect("it is closed").reached, 1);
    assert_eq!(first.closed().await.code, 4001);

    let closed = here.rooms().user(&*ann).close(4002, "all").await;
    closed.expect("they are closed");
    assert_eq!(second.closed().await.code, 4002);
}
