//! Models of mailbox, outbox and task waker: loom runs every interleaving of their threads.
//!
//! A lost wake-up leaves all of a model's threads waiting, which loom reports as a
//! deadlock.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use loom::{future::block_on, sync::Arc, thread};
use serde::{Deserialize, Serialize};

use super::{
    Outbox, Outgoing, TaskWaker,
    event::AnyEvent,
    mailbox::{Mailbox, Waiting},
    outbox::Pushed,
};
use crate::{
    event::Event,
    options::{ChannelOptions, Overflow},
    sync::{
        atomic::{AtomicBool, Ordering},
        explore,
    },
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Numbered(u8);

impl Event for Numbered {
    const ACTION: &'static str = "numbered";
}

/// A mailbox, and how many events wait in it.
fn mailbox(options: &ChannelOptions) -> (Mailbox, Waiting) {
    (Mailbox::new(options), Waiting::default())
}

/// An outbox in which a sender waits while two frames are queued.
fn outbox() -> Arc<Outbox> {
    Arc::new(Outbox::new(&ChannelOptions::default().outbox_frames(2)))
}

fn frame(name: &'static str) -> Bytes {
    Bytes::from_static(name.as_bytes())
}

/// The next frame to write; `None` once the outbox has closed.
fn written(outbox: &Outbox) -> Option<Bytes> {
    match block_on(poll_fn(|cx| outbox.poll_next(cx)))? {
        (Outgoing::Text(text), _) => Some(text.bytes().clone()),
        (Outgoing::Ping, _) => Some(frame("ping")),
        (Outgoing::Lagged(_), _) => Some(frame("lagged")),
    }
}

#[test]
fn each_event_is_popped_once_and_in_the_order_of_its_publisher() {
    explore(|| {
        let mailbox = Arc::new(mailbox(&ChannelOptions::default()));
        let publishers = [[1], [2]].map(|numbers| {
            let mailbox = mailbox.clone();
            thread::spawn(move || {
                for number in numbers {
                    mailbox.0.push(AnyEvent::new(Numbered(number)), &mailbox.1);
                }
            })
        });

        let pop = || block_on(poll_fn(|cx| mailbox.0.poll_pop(cx, &mailbox.1)));
        let mut popped = [pop(), pop()].map(|event| event.into_event::<Numbered>());

        for publisher in publishers {
            publisher.join().expect("publishing never waits");
        }
        popped.sort();
        assert_eq!(popped, [1, 2].map(|number| Some(Numbered(number))));
    });
}

#[test]
fn an_event_is_queued_or_counted_as_dropped() {
    explore(|| {
        let options = ChannelOptions::default()
            .mailbox_events(1)
            .overflow(Overflow::DropOldest);
        let mailbox = Arc::new(mailbox(&options));
        let publishers = [1, 2].map(|number| {
            let mailbox = mailbox.clone();
            thread::spawn(move || mailbox.0.push(AnyEvent::new(Numbered(number)), &mailbox.1))
        });

        let pop = || block_on(poll_fn(|cx| mailbox.0.poll_pop(cx, &mailbox.1)));
        pop();

        let pushed = publishers.map(|thread| thread.join().expect("publishing never waits"));
        let dropped = pushed
            .into_iter()
            .filter(|(pushed, _)| *pushed == Pushed::Dropped(1));
        if dropped.count() == 0 {
            pop();
        }
    });
}

#[test]
fn each_frame_is_written_once_and_in_the_order_of_its_sender() {
    explore(|| {
        let outbox = outbox();
        let sender = outbox.clone();
        let sender = thread::spawn(move || {
            for name in ["1", "2", "3"] {
                block_on(sender.send(frame(name), None)).expect("the outbox is open");
            }
        });

        let frames = [written(&outbox), written(&outbox), written(&outbox)];

        sender.join().expect("the sender goes on");
        assert_eq!(frames, ["1", "2", "3"].map(|name| Some(frame(name))));
    });
}

#[test]
fn a_writer_that_has_taken_the_last_frame_is_woken_for_the_next() {
    explore(|| {
        let outbox = outbox();
        let publisher = outbox.clone();
        let publisher = thread::spawn(move || {
            for name in ["1", "2"] {
                publisher.push(frame(name).into(), None, None);
            }
        });

        let mut frames = Vec::new();
        block_on(poll_fn(|cx| {
            while let Poll::Ready(next) = outbox.poll_next(cx) {
                let Some((Outgoing::Text(text), is_last)) = next else {
                    panic!("it has closed");
                };
                frames.push(text.bytes().clone());
                if frames.len() == 2 {
                    return Poll::Ready(());
                }
                if is_last {
                    break;
                }
            }
            Poll::Pending
        }));

        publisher.join().expect("publishing never waits");
        assert_eq!(frames, ["1", "2"].map(frame));
    });
}

#[test]
fn senders_that_wait_are_let_in_one_by_one() {
    explore(|| {
        let outbox = outbox();
        for name in ["1", "2"] {
            outbox.push(frame(name).into(), None, None);
        }
        let senders = ["3", "4"].map(|name| {
            let outbox = outbox.clone();
            thread::spawn(move || block_on(outbox.send(frame(name), None)))
        });

        let mut frames = [(); 4].map(|()| written(&outbox));

        for sender in senders {
            let sent = sender.join().expect("the sender goes on");
            sent.expect("the outbox is open");
        }
        frames.sort();
        assert_eq!(frames, ["1", "2", "3", "4"].map(|name| Some(frame(name))));
    });
}

#[test]
fn a_sender_that_gives_up_passes_its_turn_on() {
    explore(|| {
        let outbox = outbox();
        for name in ["1", "2"] {
            outbox.push(frame(name).into(), None, None);
        }
        // The first in the queue of senders, and the one that is woken first.
        let mut fickle = Box::pin(outbox.send(frame("never"), None));
        let polled = fickle
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        let writer = outbox.clone();
        let writer = thread::spawn(move || written(&writer));
        let patient = outbox.clone();
        let patient = thread::spawn(move || block_on(patient.send(frame("3"), None)));

        drop(fickle);

        // One frame has been taken, which makes room for one.
        let sent = patient.join().expect("the sender goes on");
        sent.expect("the outbox is open");
        let first = writer.join().expect("the writer goes on");
        let frames = [first, written(&outbox), written(&outbox)];
        assert_eq!(frames, ["1", "2", "3"].map(|name| Some(frame(name))));
    });
}

#[test]
fn closing_wakes_the_writer_and_whoever_waits_for_room() {
    explore(|| {
        let outbox = outbox();
        for name in ["1", "2"] {
            outbox.push(frame(name).into(), None, None);
        }
        let sender = outbox.clone();
        let sender = thread::spawn(move || block_on(sender.send(frame("3"), None)));
        let closer = outbox.clone();
        let closer = thread::spawn(move || closer.close());

        let mut frames = Vec::new();
        while let Some(frame) = written(&outbox) {
            frames.push(frame);
        }

        closer.join().expect("closing never waits");
        // Its frame was written, or it has it back.
        match sender.join().expect("the sender goes on") {
            Ok(()) => assert_eq!(frames, ["1", "2", "3"].map(frame)),
            Err(back) => {
                assert_eq!(back, frame("3"));
                assert_eq!(frames, ["1", "2"].map(frame));
            }
        }
    });
}

#[test]
fn a_ping_wakes_the_writer() {
    explore(|| {
        let outbox = outbox();
        let pinging = outbox.clone();
        let pinging = thread::spawn(move || pinging.ping());

        assert_eq!(written(&outbox), Some(frame("ping")));
        pinging.join().expect("asking never waits");
    });
}

#[test]
fn a_gap_is_told_between_what_came_before_it_and_what_came_behind() {
    explore(|| {
        let outbox = outbox();
        let publisher = outbox.clone();
        let publisher = thread::spawn(move || {
            publisher.push(frame("1").into(), None, None);
            publisher.lag(None);
            publisher.push(frame("2").into(), None, None);
        });

        let frames = [written(&outbox), written(&outbox), written(&outbox)];

        publisher.join().expect("publishing never waits");
        assert_eq!(frames, ["1", "lagged", "2"].map(|name| Some(frame(name))));
    });
}

#[test]
fn a_task_that_is_noted_or_will_look_is_woken() {
    explore(|| {
        let shared = Arc::new((TaskWaker::default(), AtomicBool::new(false)));
        let waking = shared.clone();
        let waking = thread::spawn(move || {
            waking.1.store(true, Ordering::SeqCst);
            waking.0.wake();
        });

        let mut known = None;
        let cut = poll_fn(|cx| {
            shared.0.note(cx.waker(), &mut known);
            match shared.1.load(Ordering::SeqCst) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        });

        block_on(pin!(cut));
        waking.join().expect("waking never waits");
    });
}
