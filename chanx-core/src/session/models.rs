//! Models of a session's parts and inbox: loom runs every interleaving of their threads.
//!
//! A lost wake-up leaves all of a model's threads waiting, which loom reports as a
//! deadlock.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use futures_util::FutureExt;
use loom::{future::block_on, sync::Arc, thread};

use super::{
    inbox::{Inbox, Work},
    parts::{Alone, first_to_end},
};
use crate::{
    connection::Disconnect,
    queue::{WakerSlot, wake},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        explore,
    },
    wire::Frame,
};

fn frame(name: &'static str) -> Frame {
    Frame::Text(Bytes::from_static(name.as_bytes()))
}

fn pop(inbox: &Inbox) -> Option<Frame> {
    match block_on(poll_fn(|cx| inbox.poll_pop(cx)))? {
        Work::Frame(frame) => Some(frame),
        Work::Ask(_) => panic!("nobody asks"),
    }
}

fn frames<const N: usize>(names: [&'static str; N]) -> [Option<Frame>; N] {
    names.map(|name| Some(frame(name)))
}

/// Something that happens once, and a part waits for.
#[derive(Default)]
struct Signal(Mutex<(bool, WakerSlot)>);

impl Signal {
    fn give(&self) {
        let waiting = {
            let mut state = self.0.lock();
            state.0 = true;
            state.1.take()
        };
        wake(waiting);
    }

    async fn given(&self) {
        poll_fn(|cx| {
            let mut state = self.0.lock();
            if state.0 {
                return Poll::Ready(());
            }
            state.1.register(cx);
            Poll::Pending
        })
        .await;
    }
}

/// A socket, which wakes whoever has polled it last.
#[derive(Default)]
struct Socket(Mutex<(VecDeque<Frame>, WakerSlot)>);

impl Socket {
    fn receive(&self, frame: Frame) {
        let waiting = {
            let mut state = self.0.lock();
            state.0.push_back(frame);
            state.1.take()
        };
        wake(waiting);
    }

    fn poll_frame(&self, cx: &Context<'_>) -> Poll<Frame> {
        let mut state = self.0.lock();
        match state.0.pop_front() {
            Some(frame) => Poll::Ready(frame),
            None => {
                // Dropped unwoken, where it is another's.
                state.1.register(cx);
                Poll::Pending
            }
        }
    }
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

#[test]
fn a_part_that_another_thread_wakes_is_polled() {
    explore(|| {
        let signals = Arc::new([Signal::default(), Signal::default()]);
        let given = Arc::new(AtomicUsize::new(0));
        let threads = [0, 1].map(|n| {
            let signals = signals.clone();
            thread::spawn(move || signals[n].give())
        });

        let part = async |n: usize| {
            signals[n].given().await;
            if given.fetch_add(1, Ordering::Relaxed) == 0 {
                std::future::pending::<()>().await;
            }
            Disconnect::Idle
        };
        let (first, second) = (pin!(part(0)), pin!(part(1)));

        // Both have to be polled again for one of them to end.
        assert_eq!(block_on(first_to_end([first, second])), Disconnect::Idle);
        for thread in threads {
            thread.join().expect("a signal is given");
        }
    });
}

#[test]
fn a_part_that_another_part_wakes_is_polled() {
    explore(|| {
        let (first, second) = (Arc::new(Signal::default()), Signal::default());
        let thread = {
            let first = first.clone();
            thread::spawn(move || first.give())
        };

        // The later one in the array wakes the earlier one.
        let woken = async {
            second.given().await;
            Disconnect::Idle
        };
        let waking = async {
            first.given().await;
            second.give();
            std::future::pending::<Disconnect>().await
        };
        let (woken, waking) = (pin!(woken), pin!(waking));

        assert_eq!(block_on(first_to_end([woken, waking])), Disconnect::Idle);
        thread.join().expect("the signal is given");
    });
}

#[test]
fn the_last_part_is_polled_alone_or_with_another_that_is_woken_meanwhile() {
    explore(|| {
        let (other, frames) = (Arc::new(Signal::default()), Arc::new(Socket::default()));
        let publisher = {
            let frames = frames.clone();
            thread::spawn(move || {
                frames.receive(frame("1"));
                frames.receive(frame("2"));
            })
        };
        let waking = {
            let other = other.clone();
            thread::spawn(move || other.give())
        };

        let written = Mutex::<Vec<Frame>>::default();
        let write = |cx: &mut Context<'_>| {
            while let Poll::Ready(frame) = frames.poll_frame(cx) {
                written.lock().push(frame);
            }
            match written.lock().len() {
                2 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        };
        let done = AtomicUsize::new(0);
        let end = async || {
            if done.fetch_add(1, Ordering::Relaxed) == 0 {
                std::future::pending::<()>().await;
            }
            Disconnect::Idle
        };
        let other = async {
            other.given().await;
            end().await
        };
        let last = async {
            poll_fn(write).await;
            end().await
        };
        let alone = Alone::new();
        let (other, last) = (pin!(other), pin!(last));
        let mut parts = alone.woken().first_to_end([other, last]);
        let ended = block_on(poll_fn(|cx| {
            alone.set_task(cx.waker());
            match alone.poll(write) {
                true => Poll::Pending,
                false => parts.poll_unpin(cx),
            }
        }));

        assert_eq!(ended, Disconnect::Idle);
        assert_eq!(*written.lock(), ["1", "2"].map(frame));
        publisher.join().expect("a publisher never waits");
        waking.join().expect("a signal is given");
    });
}

#[test]
fn a_frame_is_read_by_the_reader_while_a_handler_waits_and_by_the_worker_otherwise() {
    explore(|| {
        let socket = Arc::new(Socket::default());
        let client = socket.clone();
        let client = thread::spawn(move || {
            for name in ["wait for the next", "next", "last"] {
                client.receive(frame(name));
            }
        });

        let (inbox, next) = (Inbox::new(1000), Signal::default());
        let is_idle = AtomicUsize::new(0);
        let reader = async {
            loop {
                let read = poll_fn(|cx| {
                    ready!(inbox.poll_turn(cx));
                    socket.poll_frame(cx)
                });
                let read = read.await;
                if read == frame("next") {
                    next.give();
                }
                inbox.push(read, None).await;
            }
        };
        let worker = async {
            let mut handled = Vec::new();
            while handled.len() < 3 {
                let read = poll_fn(|cx| {
                    let read = match inbox.is_workers_turn() || inbox.take_turn() {
                        true => socket.poll_frame(cx).map(Work::Frame),
                        false => inbox.poll_pop(cx).map(|work| work.expect("it is open")),
                    };
                    is_idle.store(read.is_pending().into(), Ordering::Relaxed);
                    read
                });
                let Work::Frame(read) = read.await else {
                    unreachable!("there is no lane to ask");
                };
                if read == frame("wait for the next") {
                    next.given().await;
                }
                handled.push(read);
            }
            assert_eq!(handled, ["wait for the next", "next", "last"].map(frame));
            Disconnect::Idle
        };
        let (reader, mut worker) = (pin!(reader), pin!(worker));
        let worker = pin!(poll_fn(|cx| {
            let polled = worker.as_mut().poll(cx);
            if is_idle.load(Ordering::Relaxed) == 0 {
                inbox.hand_over();
            }
            polled
        }));

        assert_eq!(block_on(first_to_end([reader, worker])), Disconnect::Idle);
        client.join().expect("a client never waits");
    });
}
