//! One WebSocket, shared by a connection's client and those of its topics.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll, Wake, Waker, ready},
};

use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use tokio_tungstenite::tungstenite::{Error as WebSocketError, Message, error::ProtocolError};

use crate::{
    closed::Closed, frame::Frame, handshake::Stream, received::Received, transcript::Transcript,
};

/// A WebSocket, and the frames that have been read for each of its clients.
///
/// Whoever waits reads for all: what is another's is kept for that one.
pub(crate) struct Cable {
    stream: Stream,
    lanes: Vec<Lane>,
    /// The server's close frame, once it has come.
    closing: Option<Closed>,
    ended: bool,
    pub(crate) transcript: Transcript,
    /// The lanes that there have been.
    opened: u32,
    /// The references that have been given out.
    references: u32,
    waiting: Arc<Waiting>,
}

/// One client's share of a cable: the connection's, or a subscription's.
struct Lane {
    id: LaneId,
    topic: Option<String>,
    /// The `ref` by which it subscribes: an error may name no topic.
    subscribing: Option<String>,
    ahead: VecDeque<Frame>,
    /// Messages sent and not known to have been dealt with.
    outstanding: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LaneId(u32);

impl LaneId {
    const CONNECTION: Self = Self(0);
}

impl Cable {
    /// A cable with one lane: the connection's, with the topic of its route.
    pub(crate) fn new(stream: Stream, topic: Option<String>) -> (Self, LaneId) {
        let mut cable = Self {
            stream,
            lanes: Vec::new(),
            closing: None,
            ended: false,
            transcript: Transcript::default(),
            opened: 0,
            references: 0,
            waiting: Arc::default(),
        };
        let lane = cable.open(topic, None);
        (cable, lane)
    }

    /// A lane for a topic, or for what belongs to none.
    pub(crate) fn open(&mut self, topic: Option<String>, subscribing: Option<String>) -> LaneId {
        let id = LaneId(self.opened);
        self.opened += 1;
        self.lanes.push(Lane {
            id,
            topic,
            subscribing,
            ahead: VecDeque::new(),
            outstanding: 0,
        });
        id
    }

    /// Lets go of a lane: what comes for it goes to the connection's.
    pub(crate) fn close(&mut self, id: LaneId) {
        self.lanes.retain(|lane| lane.id != id);
    }

    /// A `ref` that no other frame of the connection has.
    pub(crate) fn next_reference(&mut self) -> String {
        self.references += 1;
        self.references.to_string()
    }

    pub(crate) fn topic(&self, id: LaneId) -> Option<&str> {
        let lane = self.lanes.iter().find(|lane| lane.id == id)?;
        lane.topic.as_deref()
    }

    pub(crate) fn closing(&self) -> Option<Closed> {
        self.closing.clone()
    }

    pub(crate) fn outstanding(&mut self, id: LaneId) -> &mut usize {
        &mut self.lane(id).outstanding
    }

    pub(crate) fn put_back(&mut self, id: LaneId, frames: Vec<Frame>) {
        let ahead = &mut self.lane(id).ahead;
        for frame in frames.into_iter().rev() {
            ahead.push_front(frame);
        }
    }

    /// Sends a frame, which is taken as soon as there is room for it.
    pub(crate) fn poll_send(
        &mut self,
        frame: &mut Option<Message>,
        cx: &Context<'_>,
    ) -> Poll<Result<(), WebSocketError>> {
        let waker = self.waking(cx);
        let cx = &mut Context::from_waker(&waker);
        if frame.is_some() {
            ready!(self.stream.poll_ready_unpin(cx))?;
            if let Some(frame) = frame.take() {
                self.stream.start_send_unpin(frame)?;
            }
        }
        self.stream.poll_flush_unpin(cx)
    }

    /// The next frame of a lane; an error once the connection is over.
    pub(crate) fn poll_frame(
        &mut self,
        id: LaneId,
        cx: &Context<'_>,
    ) -> Poll<Result<Frame, Closed>> {
        loop {
            if let Some(frame) = self.lane(id).ahead.pop_front() {
                return Poll::Ready(Ok(frame));
            }
            if self.ended {
                let closed = self.closing().unwrap_or_else(|| Closed::with(1006));
                return Poll::Ready(Err(closed));
            }
            let waker = self.waking(cx);
            match ready!(
                self.stream
                    .poll_next_unpin(&mut Context::from_waker(&waker))
            ) {
                Some(Ok(message)) => {
                    if let Some(frame) = Frame::received(message) {
                        self.take_in(frame);
                    }
                }
                Some(Err(error)) => {
                    if !is_loss(&error) {
                        self.transcript.received(format_args!("garbage: {error}"));
                    }
                    self.ended = true;
                }
                None => self.ended = true,
            }
            self.waiting.wake_by_ref();
        }
    }

    /// Keeps a frame for the lane that it is for.
    fn take_in(&mut self, frame: Frame) {
        self.transcript.received(&frame);
        if let Frame::Close(close) = &frame {
            self.closing = Some(close.clone().unwrap_or_else(|| Closed::with(1005)));
        }
        let id = match &frame {
            Frame::Text(text) => Received::new(text).ok().and_then(|it| self.lane_of(&it)),
            _ => None,
        };
        let id = id.unwrap_or(LaneId::CONNECTION);
        // Whoever it was for may be gone.
        if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == id) {
            lane.ahead.push_back(frame);
        }
    }

    /// The lane of the topic that a frame names, or of the question that it answers.
    fn lane_of(&self, received: &Received) -> Option<LaneId> {
        let (topic, reference) = (received.topic(), received.reference());
        let mut lanes = self.lanes.iter().rev();
        let found = lanes.find(|lane| match topic {
            Some(topic) => lane.topic.as_deref() == Some(topic),
            None => reference.is_some() && lane.subscribing.as_deref() == reference,
        });
        found.map(|lane| lane.id)
    }

    fn lane(&mut self, id: LaneId) -> &mut Lane {
        let mut lanes = self.lanes.iter_mut();
        let lane = lanes.find(|lane| lane.id == id);
        lane.expect("a lane is there for as long as its client")
    }

    /// A waker of all who wait, this one among them.
    fn waking(&self, cx: &Context<'_>) -> Waker {
        let mut wakers = self.waiting.0.lock();
        if !wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
            wakers.push(cx.waker().clone());
        }
        self.waiting.clone().into()
    }
}

/// Those who wait for the socket, as it wakes only one.
#[derive(Debug, Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let wakers = std::mem::take(&mut *self.0.lock());
        for waker in wakers {
            waker.wake();
        }
    }
}

fn is_loss(error: &WebSocketError) -> bool {
    matches!(
        error,
        WebSocketError::Io(_)
            | WebSocketError::ConnectionClosed
            | WebSocketError::AlreadyClosed
            | WebSocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake)
    )
}
