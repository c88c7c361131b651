//! The end of the inbox that lanes take from.

use std::task::{Context, Poll};

use super::{
    Inbox,
    lanes::{InLane, LaneId, Queue},
    state::{State, cost},
};
use crate::{
    identity::Topic,
    queue::{shrink, wake},
};

impl Inbox {
    /// The next lane to make, and its topic. Where the channel has none, it never comes.
    pub(in crate::session) fn poll_opened(&self, cx: &Context<'_>) -> Poll<(LaneId, Topic)> {
        let mut state = self.state.lock();
        let Some(lanes) = &mut state.lanes else {
            return Poll::Pending;
        };
        match lanes.take_opened() {
            Some(opened) => Poll::Ready(opened),
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
        id: LaneId,
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
        let Some(lanes) = lanes else {
            return Poll::Ready(InLane::Gone);
        };
        let Some(queue) = lanes.get_mut(id) else {
            return Poll::Ready(InLane::Gone);
        };
        if let Some(queued) = queue.frames.pop_front() {
            shrink(&mut queue.frames);
            *bytes -= cost(&queued.frame);
            let reader = reader.take();
            drop(state);
            wake(reader);
            return Poll::Ready(InLane::Frame(queued));
        }
        if is_needed {
            queue.lane.register(cx);
        }
        if is_needed && !is_over {
            return Poll::Pending;
        }
        queue.is_drained = true;
        if !is_needed {
            lanes.remove(id);
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
    pub(in crate::session) fn waiting_in_lane(&self, id: LaneId) -> usize {
        let state = self.state.lock();
        let queue = state.lanes.as_ref().and_then(|lanes| lanes.get(id));
        queue.map_or(0, Queue::until_subscribe)
    }
}
