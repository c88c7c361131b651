//! The members that a publication reaches while others come and go.

#![expect(
    clippy::mutable_key_type,
    reason = "members are ordered by their addresses, which never change"
)]

use std::{
    collections::BTreeSet,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use futures_util::FutureExt;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    connection::{Connection, Content, Outgoing, Publication, Subscription, Target},
    identity::{ConnectionId, NodeId, Topic},
    options::{ChannelOptions, CompletionFrames},
    wire::Body,
};

/// Enough for several chunks, and for a tree of several levels.
const MOST: usize = 5 * CHUNK;

fn connection(number: usize) -> Arc<Connection> {
    Arc::new(Connection::new(
        ConnectionId::new(NodeId::random(), number as u64),
        "room",
        None,
        None,
        &ChannelOptions::default(),
        CompletionFrames::Off,
    ))
}

/// Connections, every third of which has a subscription that is a member in its place.
fn members() -> Vec<Member> {
    let member = |number| {
        let connection = connection(number);
        if number % 3 > 0 {
            return Member::Connection(connection);
        }
        let topic = Topic::from("room:5");
        let subscription = Arc::new(Subscription::new(&connection, "room", &topic));
        // The client is told of it before anything else.
        let told = Member::Subscription(subscription.clone());
        told.try_send("subscribed".into()).expect("there is room");
        Member::Subscription(subscription)
    };
    (0..MOST).map(member).collect()
}

/// The number of publications that wait for a member's client.
fn received(member: &Member) -> usize {
    let cx = Context::from_waker(Waker::noop());
    let next = || match member.shared().outbox.poll_next(&cx) {
        Poll::Ready(Some((Outgoing::Text(text), _))) => Some(text),
        _ => None,
    };
    let frames = std::iter::from_fn(next);
    frames.filter(|it| *it.bytes() != "subscribed").count()
}

/// What happens between two chunks: these join, and those leave.
type Turn = (Vec<usize>, Vec<usize>);

fn turn() -> impl Strategy<Value = Turn> {
    (vec(0..MOST, 0..40), vec(0..MOST, 0..40))
}

/// Publishes to groups in turn, while members come to all of them and go.
fn publish_while(groups: &[Group], members: &[Member], turns: &[Turn]) -> Receipt {
    let target = Target::Groups(Vec::new());
    let body = Body::new("line", &()).expect("it is JSON");
    let publication = Publication::new("room", target, Content::Message(body));
    let mut publishing = pin!(async {
        let mut receipt = Receipt::default();
        let mut delivering = Delivering::new(&publication);
        let mut seen = (groups.len() > 1).then(BTreeSet::new);
        for group in groups {
            group
                .publish(&mut delivering, seen.as_mut(), &mut receipt)
                .await;
        }
        receipt
    });
    let mut turns = turns.iter();
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(receipt) = publishing.as_mut().poll(&mut cx) {
            return receipt;
        }
        let Some((joining, leaving)) = turns.next() else {
            continue;
        };
        for group in groups {
            joining
                .iter()
                .for_each(|&it| group.insert(members[it].clone()));
            leaving.iter().for_each(|&it| group.remove(&members[it]));
        }
    }
}

proptest! {
    #[test]
    fn who_stays_is_reached_once_and_nobody_twice(
        first in vec(any::<bool>(), MOST),
        turns in vec(turn(), 0..6),
        groups in 1..3_usize,
    ) {
        let members = members();
        let groups: Vec<_> = (0..groups).map(|_| Group::default()).collect();
        let is_first = |number: &usize| first[*number];
        for number in (0..MOST).filter(is_first) {
            groups.iter().for_each(|it| it.insert(members[number].clone()));
        }

        let receipt = publish_while(&groups, &members, &turns);

        let came = |it: &usize| turns.iter().any(|(joining, _)| joining.contains(it));
        let went = |it: &usize| turns.iter().any(|(_, leaving)| leaving.contains(it));
        let mut reached = 0;
        for (number, member) in members.iter().enumerate() {
            let received = received(member);
            reached += received;
            prop_assert!(received <= 1, "{number} was reached {received} times");
            if is_first(&number) && !went(&number) {
                prop_assert_eq!(received, 1, "{} was missed", number);
            }
            if !is_first(&number) && !came(&number) {
                prop_assert_eq!(received, 0, "{} was never there", number);
            }
        }
        prop_assert_eq!(receipt.reached, reached);
    }

    #[test]
    fn a_group_has_whoever_has_joined_and_not_left(
        acts in vec((0..MOST, any::<bool>()), 0..400),
    ) {
        let members = members();
        let group = Group::default();
        let mut expected = BTreeSet::new();

        for (number, joins) in acts {
            if joins {
                group.insert(members[number].clone());
                expected.insert(members[number].clone());
            } else {
                group.remove(&members[number]);
                expected.remove(&members[number]);
            }
            prop_assert_eq!(group.len(), expected.len());
            prop_assert_eq!(group.is_empty(), expected.is_empty());
        }

        let actual: BTreeSet<_> = group.members().into_iter().collect();
        prop_assert_eq!(actual, expected);
    }
}

#[test]
fn a_subscription_that_ends_leaves_the_next_of_its_name_in_the_group() {
    let connection = connection(0);
    let topic = Topic::from("room:5");
    let [old, new] = [(); 2].map(|()| {
        let subscription = Subscription::new(&connection, "room", &topic);
        Member::Subscription(Arc::new(subscription))
    });
    let group = Group::default();
    group.insert(old.clone());
    group.insert(new.clone());

    group.remove(&old);

    assert_eq!(group.members(), [new]);
}

#[test]
fn who_joins_at_the_place_of_one_that_has_left_gets_what_is_published() {
    let [first, second] = [(); 2].map(|()| Group::default());
    let target = Target::Groups(Vec::new());
    let body = Body::new("line", &()).expect("it is JSON");
    let publication = Publication::new("room", target, Content::Message(body));
    let mut delivering = Delivering::new(&publication);
    let (mut seen, mut receipt) = (BTreeSet::new(), Receipt::default());
    let mut publish = |group: &Group| {
        let published = group.publish(&mut delivering, Some(&mut seen), &mut receipt);
        published.now_or_never().expect("it is one chunk");
    };
    let old = Member::Connection(connection(0));
    first.insert(old.clone());
    publish(&first);
    first.remove(&old);
    drop(old);

    // An allocator gives back what was freed last.
    let new = Member::Connection(connection(1));
    second.insert(new.clone());
    publish(&second);

    assert_eq!(received(&new), 1);
}
