//! A frame of a consumer's own on its way into the outbox.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use super::Outbox;
use crate::{connection::stream::Stream, queue::wake, wire::page};

/// A frame of a consumer's own on its way into the outbox.
///
/// Senders that wait are let in one by one, each by the frame of the one
/// before when that is taken. Dropped while it is its turn, it passes it on.
#[derive(Debug)]
pub(crate) struct Offer<'a> {
    outbox: &'a Outbox,
    frame: Option<Bytes>,
    /// The subscription that it is of.
    stream: Option<&'a Arc<Stream>>,
    /// Its place among those that wait, or that were just woken.
    turn: Option<u64>,
}

impl<'a> Offer<'a> {
    pub(super) fn new(outbox: &'a Outbox, frame: Bytes, stream: Option<&'a Arc<Stream>>) -> Self {
        Self {
            outbox,
            frame: Some(frame),
            stream,
            turn: None,
        }
    }
}

impl Future for Offer<'_> {
    type Output = Result<(), Bytes>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut state = this.outbox.state.lock();
        let is_open = state.takes_own(this.stream);
        if is_open && state.above_half(this.outbox.capacity) {
            let turn = *this.turn.get_or_insert_with(|| {
                this.frame = this.frame.take().map(page::own);
                state.arrive()
            });
            state.wait(turn, cx.waker().clone());
            return Poll::Pending;
        }
        let frame = this.frame.take().expect("polled again after it was ready");
        if let Some(turn) = this.turn.take() {
            state.leave(turn);
        }
        if !is_open {
            return Poll::Ready(Err(frame));
        }
        let writer = state.send(frame, this.stream, this.outbox.capacity);
        drop(state);
        wake(writer);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Offer<'_> {
    fn drop(&mut self) {
        let Some(turn) = self.turn else {
            return;
        };
        let next = {
            let mut state = self.outbox.state.lock();
            match state.leave(turn) {
                true => None,
                false => state.next_sender(self.outbox.capacity),
            }
        };
        wake(next);
    }
}
