//! What comes of groups that the broker does not allow.

use std::time::Duration;

use chanx::{Broadcaster, Ping, Pong};
use chanx_testing::{Communicator, broker::Exchange};
use tokio::time::{Instant, sleep};

use crate::{Fill, Many, Node, lagged, many};

#[tokio::test(start_paused = true)]
async fn who_joins_a_group_that_is_refused_is_told_at_once() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;

    exchange.forbid("lobby", true);
    let began = Instant::now();
    let mut member = node.member().await;
    lagged(&mut member).await;
    let mut another = node.member().await;
    lagged(&mut another).await;
    assert!(began.elapsed().as_millis() < 100, "nobody waits for it");

    member.receive_nothing().await;
    another.receive_nothing().await;
    let health = node.layer.health();
    assert_eq!((health.refused, health.gaps, health.pending), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn who_is_in_a_group_that_is_refused_later_is_told_then_and_when_it_stands_again() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let mut member = there.member().await;

    exchange.forbid("lobby", true);
    lagged(&mut member).await;
    assert_eq!(there.layer.health().refused, 1);
    for _ in 0..10 {
        sleep(Duration::from_secs(9)).await;
        member.receive_nothing().await;
    }

    exchange.forbid("lobby", false);
    while there.layer.health().refused > 0 {
        sleep(Duration::from_secs(1)).await;
    }
    lagged(&mut member).await;
    here.rooms().broadcast(Ping).await.unwrap();
    member.receive::<Ping>().await;
    member.receive_nothing().await;
    let health = there.layer.health();
    assert_eq!((health.refused, health.gaps, health.told), (0, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn who_is_in_a_group_that_is_refused_after_an_outage_is_told() {
    let exchange = Exchange::new();
    let node = Node::new(&exchange).await;
    let mut member = node.member().await;

    exchange.cut();
    exchange.forbid("lobby", true);
    exchange.mend();

    lagged(&mut member).await;
    assert_eq!(node.layer.health().refused, 1);
}

#[tokio::test(start_paused = true)]
async fn one_group_that_is_refused_keeps_no_other_back() {
    let exchange = Exchange::new();
    let (here, there) = (Node::new(&exchange).await, Node::new(&exchange).await);
    let app = many(&there.layer);
    let mut member = Communicator::<Many>::connect(&app, "/many").await;
    member.request::<Pong>(&Fill { from: 0 }).await;

    // What stood is subscribed to anew, in batches.
    exchange.cut();
    exchange.forbid("group-123", true);
    exchange.mend();
    assert_eq!(member.receive_json().await["payload"]["reason"], "lagged");

    let manys = Broadcaster::<Many>::new(&here.layer);
    for group in ["group-0", "group-122", "group-124", "group-999"] {
        manys.broadcast(Ping).to(group).await.unwrap();
        member.receive::<Ping>().await;
    }
    let health = there.layer.health();
    assert_eq!((health.refused, health.pending), (1, 0));
}
