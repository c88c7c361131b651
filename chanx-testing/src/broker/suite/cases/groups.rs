//! What goes to groups.

use std::time::Duration;

use tokio::time::sleep;

use super::{
    super::{
        Fixture,
        node::{Done, Exit, Line, Node, Tick, fresh, line, number},
    },
    pair,
};

pub(in super::super) async fn delivery<F: Fixture>(fixture: &F) {
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

pub(in super::super) async fn events<F: Fixture>(fixture: &F) {
    let mut pair = pair(fixture).await;

    let rooms = pair.here.rooms();
    let published = rooms.event(Tick { number: 7 }).to(&*pair.group).await;
    published.expect("it is published");

    for client in [&mut pair.near, &mut pair.far] {
        assert_eq!(number(client).await, 7);
        client.receive_nothing().await;
    }
}

pub(in super::super) async fn order<F: Fixture>(fixture: &F) {
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

pub(in super::super) async fn several_groups<F: Fixture>(fixture: &F) {
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

pub(in super::super) async fn join_and_leave<F: Fixture>(fixture: &F) {
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

pub(in super::super) async fn own_echo<F: Fixture>(fixture: &F) {
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

pub(in super::super) async fn odd_names<F: Fixture>(fixture: &F) {
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

pub(in super::super) async fn many_groups<F: Fixture>(fixture: &F) {
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
