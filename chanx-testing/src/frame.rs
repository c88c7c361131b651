//! The frames below messages.

use std::fmt;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{
        CloseFrame,
        frame::{
            Frame as RawFrame,
            coding::{CloseCode, Data, OpCode},
        },
    },
};

use crate::{closed::Closed, received::Received};

/// A WebSocket frame (RFC 6455 §5), as [`send_frame`](crate::Communicator::send_frame)
/// sends it and [`receive_frame`](crate::Communicator::receive_frame) receives it.
///
/// # Examples
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// # let mut client = connect().await;
/// use chanx_testing::Frame;
///
/// // a message in two fragments, with a ping in between
/// for (bytes, is_first, is_last) in [(r#"{"action":"#, true, false), (r#""ping"}"#, false, true)] {
///     client.send_frame(Frame::Fragment { bytes: bytes.into(), is_first, is_last }).await;
///     if is_first {
///         client.send_frame(Frame::Ping("?".into())).await;
///     }
/// }
///
/// assert_eq!(client.receive_frame().await, Frame::Pong("?".into()));
/// assert_eq!(client.receive::<Pong>().await, Pong);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Bytes),
    /// A ping, with at most 125 bytes.
    Ping(Bytes),
    /// The answer to a ping, or a pong that nobody has asked for.
    Pong(Bytes),
    /// The close frame; `None` where it has no code.
    Close(Option<Closed>),
    /// A part of a text message, which need not be UTF-8 (RFC 6455 §5.4).
    ///
    /// Sent alone: what is received has been put together.
    Fragment {
        /// The part of the text.
        bytes: Bytes,
        /// True if a message begins with it.
        is_first: bool,
        /// True if the message ends with it.
        is_last: bool,
    },
}

impl Frame {
    /// A text message.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A close frame with a code and without a reason.
    #[must_use]
    pub fn close(code: u16) -> Self {
        Self::Close(Some(Closed::with(code)))
    }

    /// True if the server will have dealt with one more message once it has dealt with
    /// this.
    pub(crate) fn ends_message(&self) -> bool {
        match self {
            Self::Text(text) => !is_stop(text),
            Self::Binary(_) => true,
            Self::Fragment { is_last, .. } => *is_last,
            Self::Ping(_) | Self::Pong(_) | Self::Close(_) => false,
        }
    }

    /// The topic that it names.
    pub(crate) fn topic(&self) -> Option<String> {
        let Self::Text(text) = self else {
            return None;
        };
        let frame = Received::new(text).ok()?;
        frame.topic().map(str::to_owned)
    }

    /// The frame that has come; `None` for a fragment, which does not come alone.
    pub(crate) fn received(message: Message) -> Option<Self> {
        Some(match message {
            Message::Text(text) => Self::text(text.as_str()),
            Message::Binary(bytes) => Self::Binary(bytes),
            Message::Ping(bytes) => Self::Ping(bytes),
            Message::Pong(bytes) => Self::Pong(bytes),
            Message::Close(close) => Self::Close(close.map(|close| Closed {
                code: close.code.into(),
                reason: close.reason.as_str().to_owned(),
            })),
            Message::Frame(_) => return None,
        })
    }

    /// The frame as it goes to the socket.
    pub(crate) fn sent(self) -> Message {
        match self {
            Self::Text(text) => Message::Text(text.into()),
            Self::Binary(bytes) => Message::Binary(bytes),
            Self::Ping(bytes) => Message::Ping(bytes),
            Self::Pong(bytes) => Message::Pong(bytes),
            Self::Close(close) => Message::Close(close.map(|close| CloseFrame {
                code: CloseCode::from(close.code),
                reason: close.reason.into(),
            })),
            Self::Fragment {
                bytes,
                is_first,
                is_last,
            } => {
                let data = if is_first { Data::Text } else { Data::Continue };
                Message::Frame(RawFrame::message(bytes, OpCode::Data(data), is_last))
            }
        }
    }
}

/// True if the text ends a stream, which has no completion of its own.
fn is_stop(text: &str) -> bool {
    let is_it = |frame: &Received| frame.action() == "complete" && frame.reference().is_some();
    Received::new(text).is_ok_and(|frame| is_it(&frame))
}

/// One line for people.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Binary(bytes) => write!(f, "binary, {} bytes", bytes.len()),
            Self::Ping(_) => f.write_str("ping"),
            Self::Pong(_) => f.write_str("pong"),
            Self::Close(None) => f.write_str("close"),
            Self::Close(Some(close)) => write!(f, "close {} {}", close.code, close.reason),
            Self::Fragment { bytes, .. } => write!(f, "fragment, {} bytes", bytes.len()),
        }
    }
}
