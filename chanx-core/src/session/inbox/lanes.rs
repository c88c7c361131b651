//! The queues of topics, part of the inbox.

use std::{
    collections::{HashMap, VecDeque},
    task::Waker,
};

use slab::Slab;

use crate::{
    identity::Topic,
    queue::{WakerSlot, push},
    session::read::{Read, decode},
    wire::{Cut, Frame, Heading},
};

/// The most lanes that there may be.
pub(in crate::session) type Limit = usize;

/// The queues of topics, and those that have not been given to a lane yet.
#[derive(Debug)]
pub(super) struct Lanes {
    limit: Limit,
    ids: HashMap<Topic, LaneId>,
    queues: Slab<Queue>,
    /// Those that have just been made.
    opened: VecDeque<LaneId>,
    /// Whoever makes lanes.
    pub(super) opener: WakerSlot,
}

/// The name of a lane within its connection, for as long as there is the lane.
///
/// Four bytes are enough, because each lane takes memory.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct LaneId(u32);

/// The frames that wait for one lane.
#[derive(Debug)]
pub(super) struct Queue {
    topic: Topic,
    pub(super) frames: VecDeque<Queued>,
    /// The lane, waiting for a frame.
    pub(super) lane: WakerSlot,
    /// True once the lane has found that nothing waits, and that at most the frame which
    /// the reader is about to bring may come.
    pub(super) is_drained: bool,
}

/// A frame that waits for its lane, with what the reader has found in it.
#[derive(Debug)]
pub(in crate::session) struct Queued {
    pub(super) frame: Frame,
    cut: Option<Cut>,
}

/// A thing that a lane finds.
#[derive(Debug)]
pub(in crate::session) enum InLane {
    Frame(Queued),
    /// There is nothing, and the lane is not needed any more.
    Gone,
}

impl Lanes {
    pub(super) fn new(limit: Limit) -> Self {
        Self {
            limit,
            ids: HashMap::new(),
            queues: Slab::new(),
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
        let id = self.ids.get(&*heading.topic);
        if let Some(queue) = id.and_then(|id| self.queues.get_mut(id.0 as usize)) {
            push(&mut queue.frames, Queued::of(frame, heading));
            queue.is_drained = false;
            return Ok(queue.lane.take());
        }
        if !heading.subscribes || self.queues.len() >= self.limit {
            return Err(frame);
        }
        let topic = Topic::from(heading.topic.clone().into_owned());
        let mut queue = Queue::new(topic.clone());
        push(&mut queue.frames, Queued::of(frame, heading));
        let id = LaneId(self.queues.insert(queue) as u32);
        self.ids.insert(topic, id);
        self.opened.push_back(id);
        Ok(self.opener.take())
    }

    /// The next that has no lane yet.
    pub(super) fn take_opened(&mut self) -> Option<(LaneId, Topic)> {
        let id = self.opened.pop_front()?;
        Some((id, self.get(id)?.topic.clone()))
    }

    pub(super) fn get(&self, id: LaneId) -> Option<&Queue> {
        self.queues.get(id.0 as usize)
    }

    pub(super) fn get_mut(&mut self, id: LaneId) -> Option<&mut Queue> {
        self.queues.get_mut(id.0 as usize)
    }

    /// Takes off a queue, whose lane is gone.
    pub(super) fn remove(&mut self, id: LaneId) {
        let queue = self.queues.remove(id.0 as usize);
        self.ids.remove(&queue.topic);
    }

    /// True once every lane has found out that nothing comes any more.
    pub(super) fn are_drained(&self) -> bool {
        self.queues.iter().all(|(_, queue)| queue.is_drained)
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        while let Some(id) = self.opened.pop_front() {
            self.remove(id);
        }
        for (_, queue) in &mut self.queues {
            queue.frames = VecDeque::new();
        }
    }

    /// Takes out all who wait.
    pub(super) fn wake_all(&mut self, waiting: &mut Vec<Waker>) {
        waiting.extend(self.opener.take());
        for (_, queue) in &mut self.queues {
            waiting.extend(queue.lane.take());
        }
    }
}

impl Queue {
    fn new(topic: Topic) -> Self {
        Self {
            topic,
            frames: VecDeque::new(),
            lane: WakerSlot::default(),
            is_drained: false,
        }
    }

    /// The number of frames that wait, up to one that subscribes.
    pub(super) fn until_subscribe(&self) -> usize {
        let subscribes = |queued: &&Queued| queued.subscribes(&self.topic);
        self.frames.iter().take_while(|it| !subscribes(it)).count()
    }
}

impl Queued {
    fn of(frame: Frame, heading: &Heading<'_>) -> Self {
        Self {
            frame,
            cut: heading.cut,
        }
    }

    /// Reads it, on the topic that it names.
    pub(in crate::session) fn read<'a>(&'a self, topic: &'a str) -> Read<'a> {
        let cut = self.cut.zip(self.frame.text());
        match cut.and_then(|(cut, text)| cut.message(text, topic)) {
            Some(message) => Ok(message),
            None => decode(&self.frame),
        }
    }

    fn subscribes(&self, topic: &str) -> bool {
        let read = self.read(topic);
        read.is_ok_and(|message| message.action == "subscribe")
    }
}
