//! The queues of topics, part of the inbox.

use std::{
    collections::{HashMap, VecDeque},
    task::{Context, Poll, Waker},
};

use super::{Inbox, State, cost};
use crate::{
    identity::Topic,
    queue::{WakerSlot, shrink, wake},
    wire::{Frame, Heading},
};

/// The most lanes that there may be.
pub(in crate::session) type Limit = usize;

/// The queues of topics, and those that have not been given to a lane yet.
#[derive(Debug)]
pub(super) struct Lanes {
    limit: Limit,
    queues: HashMap<Topic, Queue>,
    /// Topics whose queue has just been made.
    opened: VecDeque<Topic>,
    /// Whoever makes lanes.
    opener: WakerSlot,
}

/// The frames that wait for one lane.
#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Frame>,
    /// The lane, waiting for a frame.
    lane: WakerSlot,
    /// True once the lane has found out that nothing comes any more.
    is_drained: bool,
}

/// A thing that a lane finds.
#[derive(Debug)]
pub(in crate::session) enum InLane {
    Frame(Frame),
    /// There is nothing, and the lane is not needed any more.
    Gone,
}

impl Lanes {
    pub(super) fn new(limit: Limit) -> Self {
        Self {
            limit,
            queues: HashMap::new(),
            opened: VecDeque::new(),
            opener: WakerSlot::default(),
        }
    }

    /// Queues a frame, and gives whom to wake for it.
    ///
    /// # Errors
    ///
    /// The frame, where its topic has no lane.
    pub(super) fn queue(
        &mut self,
        frame: Frame,
        heading: &Heading<'_>,
    ) -> Result<Option<Waker>, Frame> {
        if let Some(queue) = self.queues.get_mut(&*heading.topic) {
            queue.frames.push_back(frame);
            return Ok(queue.lane.take());
        }
        if !heading.subscribes || self.queues.len() >= self.limit {
            return Err(frame);
        }
        let topic = Topic::from(heading.topic.clone().into_owned());
        let mut queue = Queue::default();
        queue.frames.push_back(frame);
        self.queues.insert(topic.clone(), queue);
        self.opened.push_back(topic);
        Ok(self.opener.take())
    }

    /// True once every lane has found out that nothing comes any more.
    pub(super) fn are_drained(&self) -> bool {
        self.queues.values().all(|queue| queue.is_drained)
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        for topic in std::mem::take(&mut self.opened) {
            self.queues.remove(&topic);
        }
        for queue in self.queues.values_mut() {
            queue.frames = VecDeque::new();
        }
    }

    /// Takes out all who wait.
    pub(super) fn wake_all(&mut self, waiting: &mut Vec<Waker>) {
        waiting.extend(self.opener.take());
        for queue in self.queues.values_mut() {
            waiting.extend(queue.lane.take());
        }
    }
}

/// For the lanes themselves.
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
    /// A lane that `is_needed` waits for more, and once none will come, says so to
    /// the worker and waits for ever. Another is taken off, in the same moment in
    /// which it is found to be empty.
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
        if is_needed && !is_over {
            queue.lane.register(cx);
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
