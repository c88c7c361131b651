//! Models of a session's parts and inbox: loom runs every interleaving of their threads.
//!
//! A lost wake-up leaves all of a model's threads waiting, which loom reports as a
//! deadlock.

mod inbox;
mod parts;
mod turn;

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll},
};

use bytes::Bytes;

use crate::{
    queue::{WakerSlot, wake},
    sync::Mutex,
    wire::Frame,
};

fn frame(name: &'static str) -> Frame {
    Frame::Text(Bytes::from_static(name.as_bytes()))
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
