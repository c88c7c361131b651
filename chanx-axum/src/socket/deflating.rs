//! The part of a socket that compresses (RFC 7692).

use bytes::Bytes;
use chanx_core::{WireCounter, wire::Frame};
use chanx_websocket::{Deflate, Received, SharedText, deflate};

/// The agreement with a client that compresses, and the state behind it.
#[derive(Debug)]
pub(super) struct Deflating {
    agreed: Deflate,
    /// The shortest message that is compressed.
    threshold: usize,
    /// The counter of its bytes; a connection that is refused has none.
    pub(super) counter: Option<WireCounter>,
}

impl Deflating {
    pub(super) fn new(agreed: Deflate, threshold: usize) -> Self {
        Self {
            agreed,
            threshold,
            counter: None,
        }
    }

    /// A message as it goes out compressed; `None` where it goes out as it is.
    pub(super) fn deflate(&self, frame: &Frame) -> Option<Bytes> {
        let window = self.agreed.window();
        let (text, deflated) = match frame {
            Frame::Text(text) if text.len() >= self.threshold => (text, deflate(text, window)?),
            Frame::SharedText(shared) => {
                let made = shared.made(|text| SharedText::new(text.clone()))?;
                (shared.text(), made.deflated(window)?.clone())
            }
            _ => return None,
        };
        if let Some(counter) = &self.counter {
            counter.sent(text.len(), deflated.len());
        }
        Some(deflated)
    }

    /// Counts a message that came compressed.
    pub(super) fn note(&self, received: &Received<'_>) {
        if let Some(counter) = &self.counter
            && let Received::Text(payload) | Received::Binary(payload) = received
        {
            counter.received(payload.len(), payload.wire_len());
        }
    }
}
