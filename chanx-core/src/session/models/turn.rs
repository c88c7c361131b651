//! The turn to read, the reader's or the worker's.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::ready,
};

use loom::{future::block_on, sync::Arc, thread};

use super::{Signal, Socket, frame};
use crate::{
    connection::Disconnect,
    session::{
        inbox::{Inbox, Work},
        parts::first_to_end,
    },
    sync::{
        atomic::{AtomicUsize, Ordering},
        explore,
    },
};

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
