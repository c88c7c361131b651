//! What is written of an outbox, whatever has happened to it: each frame once and in order,
//! and in the place of those that are missing that the client lags.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

mod stories;

use std::{
    array::from_fn,
    sync::atomic::{AtomicBool, Ordering},
    task::{Wake, Waker},
};

use futures_util::FutureExt;

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
