//! A WebSocket as one client of a test sees it: messages, completions, and the close.

use std::{future::poll_fn, sync::Arc};

use parking_lot::Mutex;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Error as WebSocketError;

use crate::{
    cable::{Cable, LaneId},
    closed::Closed,
    frame::Frame,
    handshake::Stream,
    received::Received,
    until::Completion,
};

/// A thing that comes from the server.
#[derive(Debug)]
pub(crate) enum Incoming {
    Message(Received),
    Completion(Completion, Received),
    /// Something that no chanx server sends, in words.
    Garbage(String),
    Closed(Closed),
}

/// A connection's share of a WebSocket, or one of its subscriptions'.
///
/// The last that is dropped drops the WebSocket.
pub(crate) struct Socket {
    cable: Arc<Mutex<Cable>>,
    lane: LaneId,
}

impl Socket {
    /// The connection's, with the topic of its route.
    pub(crate) fn new(stream: Stream, topic: Option<String>) -> Self {
        let (cable, lane) = Cable::new(stream, topic);
        Self {
            cable: Arc::new(Mutex::new(cable)),
            lane,
        }
    }

    /// A subscription's on the same connection, which the frame with this `ref` asks for.
    pub(crate) fn of_topic(&self, topic: &str, reference: &str) -> Self {
        let mut cable = self.cable.lock();
        let lane = cable.open(Some(topic.to_owned()), Some(reference.to_owned()));
        Self {
            cable: self.cable.clone(),
            lane,
        }
    }

    /// The topic of the subscription, or of the connection's route.
    pub(crate) fn topic(&self) -> Option<String> {
        self.cable.lock().topic(self.lane).map(str::to_owned)
    }

    /// A `ref` that no other frame of the connection has.
    pub(crate) fn next_reference(&self) -> String {
        self.cable.lock().next_reference()
    }

    /// The number of messages that have been sent and are not known to have been dealt
    /// with.
    pub(crate) fn outstanding(&self) -> usize {
        *self.cable.lock().outstanding(self.lane)
    }

    /// The last frames of the connection.
    pub(crate) fn transcript(&self) -> String {
        self.cable.lock().transcript.to_string()
    }

    /// # Errors
    ///
    /// When the connection has closed.
    pub(crate) async fn send(&self, frame: Frame) -> Result<(), WebSocketError> {
        let is_own = match frame.topic() {
            None => true,
            // What is sent to another topic is dealt with by somebody else.
            topic => topic == self.topic(),
        };
        {
            let mut cable = self.cable.lock();
            cable.transcript.sent(&frame);
            if is_own && frame.ends_message() {
                *cable.outstanding(self.lane) += 1;
            }
        }
        let mut frame = Some(frame.sent());
        poll_fn(|cx| self.cable.lock().poll_send(&mut frame, cx)).await
    }

    /// The next thing of interest; `None` at the deadline.
    ///
    /// Cancel safe. Once closed, it stays closed.
    pub(crate) async fn next(&self, deadline: Instant) -> Option<Incoming> {
        loop {
            let Ok(frame) = timeout_at(deadline, self.next_frame()).await else {
                // A server that keeps its socket open behind its close frame has closed.
                let closing = self.cable.lock().closing();
                return closing.map(Incoming::Closed);
            };
            if let Some(incoming) = Incoming::of(frame) {
                self.count(&incoming);
                return Some(incoming);
            }
        }
    }

    /// The next frame of any kind; `Err` once the connection is over.
    pub(crate) async fn next_frame(&self) -> Result<Frame, Closed> {
        poll_fn(|cx| self.cable.lock().poll_frame(self.lane, cx)).await
    }

    /// The end of the connection, by the deadline; forgets what came before.
    pub(crate) async fn closed_by(&self, deadline: Instant) -> Option<Closed> {
        loop {
            if let Incoming::Closed(closed) = self.next(deadline).await? {
                return Some(closed);
            }
        }
    }

    /// Puts back what was read for somebody else, in order.
    pub(crate) fn put_back(&self, frames: Vec<Frame>) {
        self.cable.lock().put_back(self.lane, frames);
    }

    /// Counts what has been dealt with, once it is taken for good.
    pub(crate) fn count(&self, incoming: &Incoming) {
        let done = match incoming {
            Incoming::Completion(Completion::Message, completion)
                if completion.topic() == self.topic().as_deref() =>
            {
                1
            }
            // What waited for a subscription that has ended is not dealt with any more.
            Incoming::Message(ended)
                if ended.action() == "unsubscribed"
                    && ended.topic().is_some()
                    && ended.topic() == self.topic().as_deref() =>
            {
                usize::MAX
            }
            _ => return,
        };
        let mut cable = self.cable.lock();
        let outstanding = cable.outstanding(self.lane);
        *outstanding = outstanding.saturating_sub(done);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.cable.lock().close(self.lane);
    }
}

impl Incoming {
    /// The meaning of a frame for a test; `None` for control frames.
    ///
    /// A close is reported once the server has let go of the connection.
    pub(crate) fn of(frame: Result<Frame, Closed>) -> Option<Self> {
        match frame {
            Err(closed) => Some(Self::Closed(closed)),
            Ok(Frame::Text(text)) => Some(Self::read(&text)),
            Ok(Frame::Binary(bytes)) => Some(Self::Garbage(format!(
                "a binary frame of {} bytes",
                bytes.len()
            ))),
            Ok(Frame::Close(_) | Frame::Ping(_) | Frame::Pong(_) | Frame::Fragment { .. }) => None,
        }
    }

    fn read(text: &str) -> Self {
        let Ok(received) = Received::new(text) else {
            return Self::Garbage(format!("text that is not JSON: {text}"));
        };
        match Completion::of_action(received.action()) {
            Some(completion) => Self::Completion(completion, received),
            None => Self::Message(received),
        }
    }
}
