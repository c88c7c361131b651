//! One function for each thing that a broker owes.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use chanx_core::{
    LayerError, PublishError,
    layer::{Address, Broker, BrokerError},
};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Fixture,
    node::{Client, Done, Exit, Line, Node, Tick, fresh, line, number},
    until,
};

/// Two nodes with a member each in one group.
struct Pair<B> {
    here: Node<B>,
    there: Node<B>,
    near: Client,
    far: Client,
    group: String,
}

async fn pair<F: Fixture>(fixture: &F) -> Pair<F::Broker> {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let group = fresh("group");
    Pair {
        near: here.member([&group]).await,
        far: there.member([&group]).await,
        group,
        here,
        there,
    }
}

pub(super) async fn delivery<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    let text = "\"quoted\" \u{1F600} \n { } ".to_owned();
    let sent = Line { number: 1, text };
    let rooms = pair.here.rooms();
    let receipt = rooms.broadcast(sent.clone()).to(&*pair.group).await;
    let receipt = receipt.expect("it is published");

    assert_eq!(receipt.reached, 1, "the receipt counts the members here");
    assert_eq!(pair.near.receive::<Line>().await, sent);
    assert_eq!(pair.far.receive::<Line>().await, sent);
    pair.far.receive_nothing().await;
    pair.near.receive_nothing().await;
}

pub(super) async fn events<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    let rooms = pair.here.rooms();
    let published = rooms.event(Tick { number: 7 }).to(&*pair.group).await;
    published.expect("it is published");

    for client in [&mut pair.near, &mut pair.far] {
        assert_eq!(number(client).await, 7);
        client.receive_nothing().await;
    }
}

pub(super) async fn order<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let groups = [fresh("one"), fresh("two")];
    let mut far = there.member(&groups).await;

    for number in 0..200 {
        let group = &*groups[usize::from(number % 3 == 0)];
        let published = here.rooms().broadcast(line(number)).to(group).await;
        published.expect("it is published");
    }

    for expected in 0..200 {
        assert_eq!(number(&mut far).await, expected, "in the publisher's order");
    }
    far.receive_nothing().await;
}

pub(super) async fn several_groups<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let groups = [fresh("one"), fresh("two"), fresh("three")];
    let mut all = there.member(&groups).await;
    let mut last = there.member([&groups[2]]).await;
    let mut near = here.member(&groups).await;

    for number in 0..20 {
        let groups = groups.clone();
        let published = here.rooms().broadcast(line(number)).to(groups).await;
        published.expect("it is published");
    }

    for client in [&mut all, &mut last, &mut near] {
        for expected in 0..20 {
            assert_eq!(number(client).await, expected, "once, and in order");
        }
        client.receive_nothing().await;
    }
}

pub(super) async fn join_and_leave<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let other = fresh("other");
    let mut neighbour = pair.there.member([&other]).await;
    let group = pair.group.clone();

    pair.far
        .request::<Done>(&Exit {
            group: group.clone(),
        })
        .await;
    let rooms = pair.here.rooms();
    rooms
        .broadcast(line(1))
        .to(&*group)
        .await
        .expect("published");
    pair.far.receive_nothing().await;

    // Longer than a subscription lingers.
    sleep(Duration::from_secs(7)).await;
    rooms
        .broadcast(line(2))
        .to(&*group)
        .await
        .expect("published");
    rooms
        .broadcast(line(3))
        .to(&*other)
        .await
        .expect("published");
    assert_eq!(
        number(&mut neighbour).await,
        3,
        "another group still stands"
    );
    pair.far.receive_nothing().await;

    let mut again = pair.there.member([&group]).await;
    rooms
        .broadcast(line(4))
        .to(&*group)
        .await
        .expect("published");
    assert_eq!(number(&mut again).await, 4);
    for expected in [1, 2, 4] {
        assert_eq!(number(&mut pair.near).await, expected);
    }
}

pub(super) async fn users<F: Fixture>(fixture: &F) {
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

pub(super) async fn connections<F: Fixture>(fixture: &F) {
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

pub(super) async fn closes<F: Fixture>(fixture: &F) {
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

pub(super) async fn own_echo<F: Fixture>(fixture: &F) {
    let here = Node::new(fixture).await;
    let group = fresh("group");
    let mut near = here.member([&group]).await;

    for number in 0..10 {
        let published = here.rooms().broadcast(line(number)).to(&*group).await;
        published.expect("it is published");
    }

    for expected in 0..10 {
        assert_eq!(number(&mut near).await, expected);
    }
    near.receive_nothing().await;
}

/// Receives `error` with reason `lagged`, and nothing before it.
async fn lagged(client: &mut Client) {
    let error = client.receive_json().await;
    assert_eq!(error["action"], "error", "a gap is told: {error}");
    assert_eq!(error["payload"]["reason"], "lagged", "{error}");
}

async fn connected<B: Broker>(nodes: [&Node<B>; 2], is_connected: bool) {
    for node in nodes {
        until("every node knows whether the broker is there", || {
            node.layer.health().is_connected == is_connected
        })
        .await;
    }
}

pub(super) async fn outages<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    for round in 1..=2 {
        fixture.cut().await;
        connected([&pair.here, &pair.there], false).await;
        fixture.mend().await;
        connected([&pair.here, &pair.there], true).await;
        lagged(&mut pair.near).await;
        lagged(&mut pair.far).await;

        let rooms = pair.here.rooms();
        let published = rooms.broadcast(line(round)).to(&*pair.group).await;
        published.expect("it is published");
        for client in [&mut pair.near, &mut pair.far] {
            assert_eq!(number(client).await, round, "after the outage");
            client.receive_nothing().await;
        }
    }
    assert!(pair.here.layer.health().gaps >= 2, "gaps are counted");
}

pub(super) async fn outage_at_join<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let group = fresh("group");

    fixture.cut().await;
    connected([&here, &there], false).await;
    let began = Instant::now();
    let mut far = there.member([&group]).await;
    let waited = began.elapsed();
    assert!(waited < Duration::from_millis(900), "it waits {waited:?}");

    fixture.mend().await;
    connected([&here, &there], true).await;
    lagged(&mut far).await;
    let published = here.rooms().broadcast(line(1)).to(&*group).await;
    published.expect("it is published");
    assert_eq!(number(&mut far).await, 1);
    far.receive_nothing().await;
}

pub(super) async fn outage_at_publish<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    fixture.cut().await;
    let rooms = pair.here.rooms();
    let publishing = rooms.broadcast(line(1)).to(&*pair.group);
    let published = timeout(Duration::from_secs(6), publishing.into_future()).await;
    match published.expect("publishing does not hang") {
        Err(PublishError::Layer(LayerError::OtherNodes { here, .. })) => {
            assert_eq!(here.reached, 1, "the members here have it");
        }
        published => panic!("the publisher is told: {published:?}"),
    }
    assert_eq!(number(&mut pair.near).await, 1);
}

pub(super) async fn foreign_bytes<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let address = Address::Group {
        channel: "chanx suite".into(),
        group: pair.group.as_str().into(),
    };
    let group = &pair.group;
    let foreign: [&[u8]; 8] = [
        b"",
        b"hello",
        b"\xff\xfe\x00",
        b"{}",
        b"{\"chanx\":1}",
        b"{\"chanx\":2,\"publish\":{\"to\":\"the future\"}}",
        b"{\"chanx\":1,\"publish\":{\"channel\":\"x\"}}",
        b"[1,2,3]",
    ];
    for bytes in foreign {
        let bytes = Bytes::copy_from_slice(bytes);
        let published = pair
            .here
            .broker
            .publish(std::slice::from_ref(&address), bytes)
            .await;
        published.expect("the broker takes any bytes");
    }
    let unknown = format!(
        r#"{{"chanx":1,"publish":{{"channel":"chanx suite","target":{{"groups":["{group}"]}},"content":{{"event":{{"action":"of_tomorrow"}}}}}}}}"#
    );
    let known = format!(
        r#"{{"chanx":1,"publish":{{"channel":"chanx suite","target":{{"groups":["{group}"]}},"content":{{"message":{{"action":"line","payload":{{"number":5}}}}}},"of_tomorrow":1}}}}"#
    );
    for message in [unknown, known] {
        let address = [address.clone()];
        let published = pair.here.broker.publish(&address, message.into());
        published.await.expect("the broker takes it");
    }

    assert_eq!(number(&mut pair.far).await, 5, "from any language");
    let unreadable = pair.there.layer.health().unreadable;
    assert_eq!(unreadable, 9, "what cannot be read is counted");
}

pub(super) async fn large_payloads<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let largest = fixture.largest().unwrap_or(2 * 1024 * 1024);
    // The frame around the text has its share, generously.
    for size in [100_000, largest.saturating_sub(2048)] {
        let text = "x".repeat(size.min(largest));
        let sent = Line { number: 1, text };
        let rooms = pair.here.rooms();
        let published = rooms.broadcast(sent.clone()).to(&*pair.group).await;
        published.expect("it is within the limit");
        for client in [&mut pair.near, &mut pair.far] {
            let line: Line = client.receive().await;
            assert_eq!(line.text.len(), sent.text.len());
        }
    }
    if fixture.largest().is_some() {
        let text = "x".repeat(largest);
        let rooms = pair.here.rooms();
        let published = rooms
            .broadcast(Line { number: 2, text })
            .to(&*pair.group)
            .await;
        match published {
            Err(PublishError::Layer(LayerError::OtherNodes { here, source })) => {
                assert_eq!(here.reached, 1, "the members here have it");
                assert!(matches!(source, BrokerError::TooLarge { .. }), "{source:?}");
            }
            published => panic!("the publisher is told: {published:?}"),
        }
        assert_eq!(number(&mut pair.near).await, 2);
        pair.far.receive_nothing().await;
    }
}

pub(super) async fn odd_names<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let fresh = fresh("odd");
    let long = "n".repeat(200);
    let odd = [
        "*",
        ">",
        ".",
        "..",
        " ",
        "a b",
        "a.b",
        "a.*",
        "a.>",
        "\u{e9}\u{1F600}",
        "%",
        "%20",
        "\"",
        "\\",
        "\n",
        "\0",
        "?",
        "[a]",
        "{a}",
        "$",
        "#",
        "/",
        ":",
        &long,
    ];
    let mut members = Vec::new();
    for name in odd {
        let group = format!("{name}{fresh}{name}");
        let (member, _) = there.member_of(Some(&group), [&group]).await;
        members.push((group, member));
    }
    let empty: [String; 0] = [];
    let (nobody, _) = there.member_of(Some(""), empty).await;
    members.push((String::new(), nobody));

    let names: Vec<_> = members.iter().map(|(name, _)| name.clone()).collect();
    for (number, name) in (0..).zip(&names) {
        let rooms = here.rooms();
        if !name.is_empty() {
            let published = rooms.broadcast(line(number)).to(&**name).await;
            published.expect("it is published");
        }
        let published = rooms.user(&**name).send(line(number)).await;
        published.expect("it is published");
    }

    for (expected, (name, member)) in (0..).zip(&mut members) {
        if !name.is_empty() {
            assert_eq!(number(member).await, expected, "group {name:?}");
        }
        assert_eq!(number(member).await, expected, "user {name:?}");
        member.receive_nothing().await;
    }
}

pub(super) async fn many_groups<F: Fixture>(fixture: &F) {
    let (here, there) = (Node::new(fixture).await, Node::new(fixture).await);
    let fresh = fresh("many");
    let mut members = Vec::new();
    for member in 0..10 {
        let groups = (0..1000).map(|group| format!("{fresh}-{member}-{group}"));
        members.push(there.member(groups).await);
    }

    for (member, client) in members.iter_mut().enumerate() {
        for group in [0, 1, 499, 998, 999] {
            let name = format!("{fresh}-{member}-{group}");
            let published = here.rooms().broadcast(line(group)).to(name).await;
            published.expect("it is published");
            assert_eq!(number(client).await, group);
        }
    }
    let health = there.layer.health();
    assert_eq!((health.subscriptions, health.pending), (10_001, 0));
}

pub(super) async fn slow_members<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let slow = pair.there.member([&pair.group]).await;
    let text = "x".repeat(16 * 1024);

    for number in 0..300 {
        let text = text.clone();
        let rooms = pair.here.rooms();
        let published = rooms
            .broadcast(Line { number, text })
            .to(&*pair.group)
            .await;
        published.expect("it is published");
        assert_eq!(pair.far.receive::<Line>().await.number, number);
        assert_eq!(pair.near.receive::<Line>().await.number, number);
    }
    drop(slow);
}

pub(super) async fn shutdown<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;
    let broker = Arc::downgrade(&pair.there.broker);
    drop(pair.there);
    drop(pair.far);

    until("a broker goes with its layer", || {
        broker.strong_count() == 0
    })
    .await;
    let published = pair.here.rooms().broadcast(line(1)).to(&*pair.group).await;
    let receipt = published.expect("those who stay are reached");
    assert!(matches!(receipt.nodes, None | Some(0)), "{receipt:?}");
    assert_eq!(number(&mut pair.near).await, 1);
}
