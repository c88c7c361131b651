//! What is written of an outbox, whatever has happened to it: each frame once and in order,
//! and in the place of those that are missing that the client lags.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

use std::{
    array::from_fn,
    sync::atomic::{AtomicBool, Ordering},
    task::{Wake, Waker},
};

use futures_util::FutureExt;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::identity::Topic;

/// The members that share the outbox: the connection, and two subscriptions.
const MEMBERS: usize = 3;

struct Client {
    outbox: Outbox,
    streams: [Option<Arc<Stream>>; MEMBERS],
}

/// One thing that is written, of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Subscribed,
    Number(u64),
    Lagged,
}

use Written::{Lagged, Number, Subscribed};

impl Client {
    fn new(options: &ChannelOptions) -> Self {
        let topic = |name: usize| Topic::from(name.to_string());
        Self {
            outbox: Outbox::new(options),
            streams: from_fn(|name| (name > 0).then(|| Arc::new(Stream::new(topic(name))))),
        }
    }

    fn of_frames(frames: usize, overflow: Overflow) -> Self {
        let options = ChannelOptions::default().outbox_frames(frames);
        Self::new(&options.overflow(overflow))
    }

    fn publish(&self, member: usize, number: u64) -> Pushed {
        self.push(member, frame(member, &number.to_string(), 0))
    }

    fn push(&self, member: usize, frame: Bytes) -> Pushed {
        let stream = self.streams[member].as_ref();
        self.outbox.push(frame.into(), None, stream)
    }

    fn try_send(&self, member: usize, what: &str) -> bool {
        let (frame, stream) = (frame(member, what, 0), self.streams[member].as_ref());
        self.outbox.try_send(frame, stream).is_ok()
    }

    fn subscribe(&self, member: usize) {
        let stream = self.streams[member].as_ref();
        let sent = self.outbox.send(frame(member, "subscribed", 0), stream);
        let sent = sent.now_or_never().expect("there is room");
        sent.expect("it is open");
    }

    fn lag(&self, member: usize) {
        self.outbox.lag(self.streams[member].as_ref());
    }

    fn write(&self) -> Option<(usize, Written)> {
        let context = Context::from_waker(Waker::noop());
        let Poll::Ready(next) = self.outbox.poll_next(&context) else {
            return None;
        };
        Some(match next.expect("it is open").0 {
            Outgoing::Ping => panic!("nobody has asked for it"),
            Outgoing::Text(text) => read(text.bytes()),
            Outgoing::Lagged(topic) => {
                let member = topic.map_or(0, |topic| topic.as_str().parse().unwrap());
                (member, Lagged)
            }
        })
    }

    /// Writes all that waits, and says what there was of one member.
    fn write_all(&self, member: usize) -> Vec<Written> {
        let written = std::iter::from_fn(|| self.write());
        let its = written.filter(|(of, _)| *of == member);
        its.map(|(_, written)| written).collect()
    }
}

fn frame(member: usize, what: &str, bytes: usize) -> Bytes {
    format!("{member} {what} {:bytes$}", "").into()
}

fn read(frame: &Bytes) -> (usize, Written) {
    let text = std::str::from_utf8(frame).unwrap();
    let (member, rest) = text.split_once(' ').unwrap();
    let written = match rest.split_once(' ').unwrap().0 {
        "subscribed" => Subscribed,
        number => Number(number.parse().unwrap()),
    };
    (member.parse().unwrap(), written)
}

#[test]
fn a_gap_is_told_behind_what_waits_and_ahead_of_what_comes() {
    let client = Client::of_frames(8, Overflow::Close);
    client.publish(0, 0);
    client.lag(0);
    client.lag(0);
    client.publish(0, 2);

    assert_eq!(client.write_all(0), [Number(0), Lagged, Number(2)]);
}

#[test]
fn the_newest_is_missing_behind_those_that_wait() {
    let client = Client::of_frames(2, Overflow::DropNewest);
    for number in 0..4 {
        client.publish(0, number);
    }
    assert_eq!(client.write(), Some((0, Number(0))));
    client.publish(0, 4);

    assert_eq!(client.write_all(0), [Number(1), Lagged, Number(4)]);
}

#[test]
fn the_oldest_is_missing_ahead_of_those_that_wait() {
    let client = Client::of_frames(2, Overflow::DropOldest);
    for number in 0..4 {
        client.publish(0, number);
    }

    assert_eq!(client.write_all(0), [Lagged, Number(2), Number(3)]);
}

#[test]
fn gaps_take_no_room_and_are_no_messages() {
    let client = Client::of_frames(4, Overflow::Close);
    for number in 0..4 {
        client.lag(0);
        assert_eq!(client.publish(0, number), Pushed::Queued);
    }

    assert_eq!(client.publish(0, 4), Pushed::Overflowed);
    assert_eq!(client.outbox.abandon(), 4);
}

#[test]
fn a_client_is_told_of_a_subscription_before_it_is_told_that_something_is_missing() {
    let client = Client::of_frames(8, Overflow::Close);
    client.lag(1);
    client.publish(1, 1);
    assert_eq!(client.write(), None);

    client.subscribe(1);

    assert_eq!(client.write_all(1), [Subscribed, Lagged, Number(1)]);
}

#[test]
fn nothing_more_is_told_of_a_subscription_that_has_ended() {
    let client = Client::of_frames(8, Overflow::Close);
    client.lag(1);
    let stream = client.streams[1].clone().unwrap();
    client.outbox.end(&stream, None);
    client.lag(1);

    assert_eq!(client.write(), None);
}

#[test]
fn a_writer_that_waits_is_woken_where_what_is_held_takes_all_the_room() {
    struct Woken(AtomicBool);
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let client = Client::of_frames(1, Overflow::DropNewest);
    client.subscribe(1);
    assert_eq!(client.write_all(1), [Subscribed]);
    assert_eq!(client.publish(2, 0), Pushed::Queued);
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let writer = Waker::from(woken.clone());
    let next = client.outbox.poll_next(&Context::from_waker(&writer));
    assert!(next.is_pending());

    assert_eq!(client.publish(1, 0), Pushed::Dropped(1));

    assert!(woken.0.load(Ordering::SeqCst));
    assert_eq!(client.write(), Some((1, Lagged)));
}

#[derive(Debug, Clone, Copy)]
enum Act {
    /// Somebody publishes to a member a frame with so many bytes more than it needs.
    Publish(usize, usize),
    /// A consumer sends, if there is room.
    Send(usize),
    /// Something for a member is lost on its way to the outbox.
    Lose(usize),
    /// The client is told of a subscription, if there is room.
    Subscribe(usize),
    Write,
}

fn act() -> impl Strategy<Value = Act> {
    let member = 0..MEMBERS;
    let publish = (member.clone(), 0..100_usize);
    prop_oneof![
        6 => publish.prop_map(|(member, bytes)| Act::Publish(member, bytes)),
        3 => member.clone().prop_map(Act::Send),
        2 => member.prop_map(Act::Lose),
        1 => (1..MEMBERS).prop_map(Act::Subscribe),
        5 => Just(Act::Write),
    ]
}

/// What became of one member's numbers.
#[derive(Debug, Default)]
struct Story {
    given: u64,
    /// Those that the consumer has sent, which are never dropped.
    own: Vec<u64>,
    is_subscribed: bool,
    written: Vec<Written>,
    /// The act at which the client was last told of a gap.
    told: usize,
}

impl Story {
    fn give(&mut self) -> u64 {
        self.given += 1;
        self.given - 1
    }

    /// Notes what is written, when nothing but writing has been done since that act.
    fn write(&mut self, written: Written, since: usize) {
        if written == Lagged {
            let told = std::mem::replace(&mut self.told, since);
            let is_twice = self.written.last() == Some(&Lagged) && told == since;
            assert!(!is_twice, "told twice of one gap: {self:?}");
        }
        self.written.push(written);
    }

    fn check(&self, member: usize) {
        let mut written = self.written.as_slice();
        if member > 0 {
            assert_eq!(written.split_off_first(), Some(&Subscribed), "{self:?}");
        }
        let (mut next, mut is_told) = (0, false);
        for written in written {
            match *written {
                Lagged => is_told = true,
                Number(number) => {
                    assert!(number >= next, "late, or twice: {self:?}");
                    assert_eq!(is_told, number > next, "before {number}: {self:?}");
                    (next, is_told) = (number + 1, false);
                }
                Subscribed => panic!("twice: {self:?}"),
            }
        }
        assert_eq!(is_told, self.given > next, "at the end: {self:?}");
        for own in &self.own {
            assert!(self.written.contains(&Number(*own)), "{own}: {self:?}");
        }
    }
}

fn run(options: &ChannelOptions, is_limited_by_bytes: bool, acts: &[Act]) {
    let client = Client::new(options);
    let mut stories: [Story; MEMBERS] = Default::default();
    let mut waiting = 0;
    let write_all = [Act::Write; 2].repeat(acts.len() + MEMBERS);
    let subscribe = |member| [&[Act::Subscribe(member)], &write_all[..]].concat();
    let end = [write_all.clone(), subscribe(1), subscribe(2)].concat();
    let mut since = 0;
    for (number, act) in [acts, &end].concat().into_iter().enumerate() {
        if !matches!(act, Act::Write) {
            since = number;
        }
        match act {
            Act::Publish(member, bytes) => {
                let number = stories[member].given.to_string();
                let pushed = client.push(member, frame(member, &number, bytes));
                let has_room = waiting == 0 || waiting < options.outbox_frames;
                if !is_limited_by_bytes {
                    assert_eq!(pushed == Pushed::Queued, has_room, "{waiting} wait");
                }
                match pushed {
                    Pushed::Queued => waiting += 1,
                    // Together with itself, or itself alone.
                    Pushed::Dropped(dropped) => waiting = waiting + 1 - dropped as usize,
                    // It would end the connection, and is as if it had not been.
                    Pushed::Overflowed => continue,
                    Pushed::Closed => panic!("it is open"),
                }
                stories[member].give();
            }
            Act::Send(member) if member == 0 || stories[member].is_subscribed => {
                let story = &mut stories[member];
                if client.try_send(member, &story.given.to_string()) {
                    let number = story.give();
                    story.own.push(number);
                    waiting += 1;
                }
            }
            Act::Lose(member) => {
                client.lag(member);
                stories[member].give();
            }
            Act::Subscribe(member) if !stories[member].is_subscribed => {
                stories[member].is_subscribed = client.try_send(member, "subscribed");
                waiting += usize::from(stories[member].is_subscribed);
            }
            Act::Write => {
                if let Some((member, written)) = client.write() {
                    waiting -= usize::from(written != Lagged);
                    stories[member].write(written, since);
                }
            }
            Act::Send(_) | Act::Subscribe(_) => {}
        }
    }
    for (member, story) in stories.iter().enumerate() {
        story.check(member);
    }
}

proptest! {
    #[test]
    fn each_number_comes_once_and_in_order_or_its_place_says_that_it_is_missing(
        overflow in prop_oneof![
            Just(Overflow::Close), Just(Overflow::DropNewest), Just(Overflow::DropOldest)
        ],
        frames in 1..12_usize,
        bytes in prop_oneof![Just(usize::MAX), 20..400_usize],
        acts in vec(act(), 1..120),
    ) {
        let options = ChannelOptions::default()
            .outbox_frames(frames)
            .outbox_bytes(bytes)
            .overflow(overflow);
        run(&options, bytes < usize::MAX, &acts);
    }
}
