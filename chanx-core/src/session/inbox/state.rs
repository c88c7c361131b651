//! The frames that wait in an inbox, and the tasks that wait for it.

use std::{collections::VecDeque, task::Waker};

use bytes::Bytes;

use super::lanes::Lanes;
use crate::{
    queue::{WakerSlot, push},
    session::ask::Ask,
    wire::{Frame, Heading},
};

/// The cost of a queued frame beside its bytes.
const OVERHEAD: usize = 64;

/// A frame below this size is copied when it has to wait.
const SHORT: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) queue: VecDeque<Work>,
    pub(super) bytes: usize,
    /// The queues of topics, where the channel has any.
    pub(super) lanes: Option<Box<Lanes>>,
    pub(super) intake: Intake,
    /// The reader, waiting for room.
    pub(super) reader: WakerSlot,
    /// The reader, for the moment at which the worker gives it the turn.
    pub(super) turn: WakerSlot,
    /// True if the reader has had to wait. It stays set until the reader goes on, which
    /// is later than the moment at which there is room.
    pub(super) paused: bool,
    /// The worker, waiting for a frame.
    pub(super) worker: WakerSlot,
}

/// The next thing for the worker to do.
#[derive(Debug)]
pub(in crate::session) enum Work {
    Frame(Frame),
    /// A lane wants something that only the worker can do.
    Ask(Box<Ask>),
}

/// The state of the inbox for the frames that the reader brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Intake {
    /// They are queued.
    #[default]
    Open,
    /// The next is queued, whatever its size, and the reader stopped behind it.
    Sealed,
    /// They are forgotten.
    Closed,
}

impl State {
    /// Queues a frame of this cost, and gives whom to wake for it.
    #[inline(always)]
    pub(super) fn queue(
        &mut self,
        frame: Frame,
        cost: usize,
        heading: Option<&Heading<'_>>,
    ) -> Option<Waker> {
        let mut frame = match self.bytes {
            0 => frame,
            _ => owned(frame),
        };
        self.bytes += cost;
        if let (Some(lanes), Some(heading)) = (&mut self.lanes, heading) {
            match lanes.queue(frame, heading) {
                Ok(handler) => return handler,
                Err(refused) => frame = refused,
            }
        }
        push(&mut self.queue, Work::Frame(frame));
        self.worker.take()
    }

    /// True if nothing comes any more: the reader has none in hand that found no room.
    pub(super) fn is_over(&self) -> bool {
        self.intake != Intake::Open && !self.paused
    }

    /// Whoever waits for something to handle.
    pub(super) fn handlers(&mut self) -> Vec<Waker> {
        let mut handlers: Vec<_> = self.worker.take().into_iter().collect();
        if let Some(lanes) = &mut self.lanes {
            lanes.wake_all(&mut handlers);
        }
        handlers
    }
}

/// Copies a short frame, because it is a slice of the buffer that it was read
/// into and would keep all of that for as long as it waits.
fn owned(frame: Frame) -> Frame {
    match frame {
        Frame::Text(bytes) if bytes.len() < SHORT => Frame::Text(Bytes::copy_from_slice(&bytes)),
        Frame::Binary(bytes) if bytes.len() < SHORT => {
            Frame::Binary(Bytes::copy_from_slice(&bytes))
        }
        other => other,
    }
}

pub(super) fn cost(frame: &Frame) -> usize {
    frame.message().map_or(0, Bytes::len) + OVERHEAD
}
