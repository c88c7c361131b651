//! The inbox, between a reader and a worker.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll, Waker},
};

use futures_util::FutureExt;
use loom::{future::block_on, sync::Arc, thread};

use super::frame;
use crate::{
    session::inbox::{Inbox, Work},
    sync::explore,
    wire::Frame,
};

fn pop(inbox: &Inbox) -> Option<Frame> {
    match block_on(poll_fn(|cx| inbox.poll_pop(cx)))? {
        Work::Frame(frame) => Some(frame),
        Work::Ask(_) => panic!("nobody asks"),
    }
}

fn frames<const N: usize>(names: [&'static str; N]) -> [Option<Frame>; N] {
    names.map(|name| Some(frame(name)))
}

#[test]
fn each_frame_is_popped_once_and_in_order() {
    explore(|| {
        // Room for one: the second waits until the first has been taken.
        let inbox = Arc::new(Inbox::new(1));
        let reader = inbox.clone();
        let reader = thread::spawn(move || {
            for name in ["1", "2", "3"] {
                block_on(reader.push(frame(name), None));
            }
        });

        let popped = [pop(&inbox), pop(&inbox), pop(&inbox)];

        reader.join().expect("the reader goes on");
        assert_eq!(popped, frames(["1", "2", "3"]));
        assert!(inbox.is_empty());
    });
}

#[test]
fn a_grant_lets_a_waiting_reader_go_on() {
    explore(|| {
        let inbox = Arc::new(Inbox::new(1));
        block_on(inbox.push(frame("1"), None));
        let reader = inbox.clone();
        let reader = thread::spawn(move || block_on(reader.push(frame("2"), None)));

        inbox.grant(1000);

        let waited = reader.join().expect("the reader goes on");
        assert!(!waited, "no handler has made room");
        assert_eq!([pop(&inbox), pop(&inbox)], frames(["1", "2"]));
    });
}

#[test]
fn closing_lets_a_waiting_reader_go_on() {
    explore(|| {
        let inbox = Arc::new(Inbox::new(1));
        block_on(inbox.push(frame("1"), None));
        let reader = inbox.clone();
        let reader = thread::spawn(move || block_on(reader.push(frame("2"), None)));

        inbox.close();

        reader.join().expect("the reader goes on");
        assert!(inbox.is_empty());
    });
}

#[test]
fn a_sealed_inbox_ends_behind_what_the_reader_holds() {
    explore(|| {
        let inbox = Arc::new(Inbox::new(1));
        block_on(inbox.push(frame("1"), None));
        let mut reader = pin!(inbox.push(frame("2"), None).fuse());
        let polled = reader
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "it holds what finds no room");
        let sealed = inbox.clone();
        let sealing = thread::spawn(move || sealed.seal());

        // Reader and worker are polled by one task.
        let mut popped = Vec::new();
        block_on(poll_fn(|cx| {
            let _ = reader.as_mut().poll(cx);
            while let Poll::Ready(next) = inbox.poll_pop(cx) {
                match next {
                    Some(Work::Frame(frame)) => popped.push(frame),
                    Some(Work::Ask(_)) => unreachable!("there is no lane to ask"),
                    None => return Poll::Ready(()),
                }
            }
            Poll::Pending
        }));

        sealing.join().expect("sealing never waits");
        assert_eq!(popped, ["1", "2"].map(frame));
    });
}
