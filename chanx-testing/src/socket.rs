//! A WebSocket as a test sees it: messages, completions, and the close.

use std::collections::VecDeque;

use futures_util::{SinkExt, StreamExt};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::{Error as WebSocketError, error::ProtocolError};

use crate::{
    closed::Closed, frame::Frame, handshake::Stream, received::Received, transcript::Transcript,
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

/// A WebSocket, and what has been read ahead of the test.
pub(crate) struct Socket {
    stream: Stream,
    /// Read by a request, for whoever asks next.
    ahead: VecDeque<Frame>,
    /// The server's close frame, once it has come.
    closing: Option<Closed>,
    ended: bool,
    /// Messages sent and not known to have been dealt with.
    pub(crate) outstanding: usize,
    pub(crate) transcript: Transcript,
}

impl Socket {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            ahead: VecDeque::new(),
            closing: None,
            ended: false,
            outstanding: 0,
            transcript: Transcript::default(),
        }
    }

    /// # Errors
    ///
    /// When the connection has closed.
    pub(crate) async fn send(&mut self, frame: Frame) -> Result<(), WebSocketError> {
        self.transcript.sent(&frame);
        if frame.ends_message() {
            self.outstanding += 1;
        }
        self.stream.send(frame.sent()).await
    }

    /// The next thing of interest; `None` at the deadline.
    ///
    /// Cancel safe. Once closed, it stays closed.
    pub(crate) async fn next(&mut self, deadline: Instant) -> Option<Incoming> {
        loop {
            let Ok(frame) = timeout_at(deadline, self.next_frame()).await else {
                // A server that keeps its socket open behind its close frame has closed.
                return self.closing.clone().map(Incoming::Closed);
            };
            if let Some(incoming) = self.interpret(frame) {
                return Some(incoming);
            }
        }
    }

    /// The next frame of any kind; `Err` once the connection is over.
    pub(crate) async fn next_frame(&mut self) -> Result<Frame, Closed> {
        if let Some(frame) = self.ahead.pop_front() {
            return Ok(frame);
        }
        if self.ended {
            return Err(self.closed());
        }
        while let Some(message) = self.stream.next().await {
            match message.map(Frame::received) {
                Ok(Some(frame)) => {
                    self.note(&frame);
                    return Ok(frame);
                }
                Ok(None) => {}
                Err(error) => {
                    if !is_loss(&error) {
                        self.transcript.received(format_args!("garbage: {error}"));
                    }
                    break;
                }
            }
        }
        self.ended = true;
        Err(self.closed())
    }

    /// The end of the connection, by the deadline; forgets what came before.
    pub(crate) async fn closed_by(&mut self, deadline: Instant) -> Option<Closed> {
        loop {
            if let Incoming::Closed(closed) = self.next(deadline).await? {
                return Some(closed);
            }
        }
    }

    /// Puts back what was read for somebody else, in order.
    pub(crate) fn put_back(&mut self, frames: Vec<Frame>) {
        for frame in frames.into_iter().rev() {
            self.ahead.push_front(frame);
        }
    }

    /// The meaning of a frame for a test; `None` for control frames.
    ///
    /// A close is reported once the server has let go of the connection.
    pub(crate) fn interpret(&mut self, frame: Result<Frame, Closed>) -> Option<Incoming> {
        match frame {
            Err(closed) => Some(Incoming::Closed(closed)),
            Ok(Frame::Text(text)) => Some(self.read(&text)),
            Ok(Frame::Binary(bytes)) => Some(Incoming::Garbage(format!(
                "a binary frame of {} bytes",
                bytes.len()
            ))),
            Ok(Frame::Close(_) | Frame::Ping(_) | Frame::Pong(_) | Frame::Fragment { .. }) => None,
        }
    }

    fn read(&mut self, text: &str) -> Incoming {
        let Ok(received) = Received::new(text) else {
            return Incoming::Garbage(format!("text that is not JSON: {text}"));
        };
        let Some(completion) = Completion::of_action(received.action()) else {
            return Incoming::Message(received);
        };
        if completion == Completion::Message {
            self.outstanding = self.outstanding.saturating_sub(1);
        }
        Incoming::Completion(completion, received)
    }

    fn note(&mut self, frame: &Frame) {
        self.transcript.received(frame);
        if let Frame::Close(close) = frame {
            self.closing = Some(close.clone().unwrap_or_else(|| Closed::with(1005)));
        }
    }

    fn closed(&self) -> Closed {
        self.closing.clone().unwrap_or_else(|| Closed::with(1006))
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
