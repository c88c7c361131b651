//! The frames that a transport carries, whatever it is made of.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;

use super::SharedText;

/// One WebSocket frame, or rather one whole message of it: fragments have been put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Text. The transport answers for its being UTF-8.
    Text(Bytes),
    /// Text that goes out to others as well.
    SharedText(Arc<SharedText>),
    /// Bytes, which the protocol has no use for.
    Binary(Bytes),
    /// Asks whether the other side still answers.
    Ping(Bytes),
    /// The answer to a ping, with its bytes.
    Pong(Bytes),
    /// Nothing comes after it.
    Close(Option<CloseFrame>),
}

impl Frame {
    /// The message that it carries, of text or of bytes; none where it is a control frame.
    pub(crate) fn message(&self) -> Option<&Bytes> {
        match self {
            Self::Binary(bytes) => Some(bytes),
            _ => self.text(),
        }
    }

    /// The text that it carries.
    pub(crate) fn text(&self) -> Option<&Bytes> {
        match self {
            Self::Text(text) => Some(text),
            Self::SharedText(shared) => Some(shared.text()),
            _ => None,
        }
    }
}

/// The code and the reason of a close.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloseFrame {
    /// The status code of RFC 6455 §7.4.
    pub code: u16,
    /// A short text for people.
    pub reason: Cow<'static, str>,
}

/// A control frame carries 125 bytes, of which the code takes two.
const MAX_REASON: usize = 123;

impl CloseFrame {
    /// A close with a reason, which is cut to what a close frame can carry.
    pub fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        let reason = match reason.into() {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..text.floor_char_boundary(MAX_REASON)]),
            Cow::Owned(mut text) => {
                text.truncate(text.floor_char_boundary(MAX_REASON));
                Cow::Owned(text)
            }
        };
        Self { code, reason }
    }
}
