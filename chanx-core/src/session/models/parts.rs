//! The parts, woken by each other and by other threads.

use std::{
    future::poll_fn,
    pin::pin,
    task::{Context, Poll},
};

use futures_util::FutureExt;
use loom::{future::block_on, sync::Arc, thread};

use super::{Signal, Socket, frame};
use crate::{
    connection::Disconnect,
    session::parts::{Alone, first_to_end},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        explore,
    },
    wire::Frame,
};

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
