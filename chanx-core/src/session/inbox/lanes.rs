//! The queues of topics, part of the inbox.

use std::{
    collections::{HashMap, VecDeque},
    task::Waker,
};

use crate::{
    identity::Topic,
    queue::{WakerSlot, push},
    wire::{Frame, Heading},
};

/// The most lanes that there may be.
pub(in crate::session) type Limit = usize;

/// The queues of topics, and those that have not been given to a lane yet.
#[derive(Debug)]
pub(super) struct Lanes {
    limit: Limit,
    pub(super) queues: HashMap<Topic, Queue>,
    /// Topics whose queue has just been made.
    pub(super) opened: VecDeque<Topic>,
    /// Whoever makes lanes.
    pub(super) opener: WakerSlot,
}

/// The frames that wait for one lane.
#[derive(Debug, Default)]
pub(super) struct Queue {
    pub(super) frames: VecDeque<Frame>,
    /// The lane, waiting for a frame.
    pub(super) lane: WakerSlot,
    /// True once the lane has found that nothing waits, and that at most the frame which
    /// the reader is about to bring may come.
    pub(super) is_drained: bool,
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
            push(&mut queue.frames, frame);
            queue.is_drained = false;
            return Ok(queue.lane.take());
        }
        if !heading.subscribes || self.queues.len() >= self.limit {
            return Err(frame);
        }
        let topic = Topic::from(heading.topic.clone().into_owned());
        let mut queue = Queue::default();
        push(&mut queue.frames, frame);
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
