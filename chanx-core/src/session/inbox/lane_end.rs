//! The end of the inbox that lanes take from.

use std::task::{Context, Poll};

use super::{
    Inbox,
    lanes::{InLane, Lanes},
    state::{State, cost},
};
use crate::{
    identity::Topic,
    queue::{shrink, wake},
    wire::{Frame, Heading},
};

impl Inbox {
    /// The topic of the next lane to make. Where the channel has none, it never comes.
    pub(in crate::session) fn poll_opened(&self, cx: &Context<'_>) -> Poll<Topic> {
        let mut state = self.state.lock();
        let Some(lanes) = &mut state.lanes else {
            return Poll::Pending;
        };
        match lanes.opened.pop_front() {
            Some(topic) => Poll::Ready(topic),
            None => {
                lanes.opener.register(cx);
                Poll::Pending
            }
        }
    }

    /// Takes the oldest frame of a lane.
    ///
    /// A lane that `is_needed` waits for more. Once the inbox has been sealed it says so
    /// to the worker, which ends where nothing waits anywhere. Another lane is taken off,
    /// in the same moment in which it is found to be empty.
    pub(in crate::session) fn poll_lane(
        &self,
        topic: &str,
        is_needed: bool,
        cx: &Context<'_>,
    ) -> Poll<InLane> {
        let mut state = self.state.lock();
        let is_over = state.is_over();
        let State {
            lanes,
            bytes,
            reader,
            worker,
            ..
        } = &mut *state;
        let Some(Lanes { queues, .. }) = lanes.as_deref_mut() else {
            return Poll::Ready(InLane::Gone);
        };
        let Some(queue) = queues.get_mut(topic) else {
            return Poll::Ready(InLane::Gone);
        };
        if let Some(frame) = queue.frames.pop_front() {
            shrink(&mut queue.frames);
            *bytes -= cost(&frame);
            let reader = reader.take();
            drop(state);
            wake(reader);
            return Poll::Ready(InLane::Frame(frame));
        }
        if is_needed {
            queue.lane.register(cx);
        }
        if is_needed && !is_over {
            return Poll::Pending;
        }
        queue.is_drained = true;
        if !is_needed {
            queues.remove(topic);
        }
        let worker = is_over.then(|| worker.take()).flatten();
        drop(state);
        wake(worker);
        match is_needed {
            true => Poll::Pending,
            false => Poll::Ready(InLane::Gone),
        }
    }

    /// The number of frames that wait for a lane, up to one that subscribes anew.
    pub(in crate::session) fn waiting_in_lane(&self, topic: &str) -> usize {
        let state = self.state.lock();
        let lanes = state.lanes.as_ref();
        let queue = lanes.and_then(|lanes| lanes.queues.get(topic));
        queue.map_or(0, |queue| {
            let frames = queue.frames.iter();
            frames.take_while(|frame| !subscribes(frame)).count()
        })
    }
}

fn subscribes(frame: &Frame) -> bool {
    let heading = frame.text().and_then(|text| Heading::of(text));
    heading.is_some_and(|heading| heading.subscribes)
}
