//! permessage-deflate (RFC 7692): the agreement of a handshake, and the messages that
//! are compressed by it.

use bytes::Bytes;
use chanx_core::{Compression, WireCounter, wire::Frame};
use chanx_websocket::{Codec, Deflate, Received, SharedText, deflate};
use http::{HeaderMap, HeaderValue, header};

/// The agreement with a client that compresses, and the state behind it.
#[derive(Debug)]
pub struct Deflating {
    agreed: Deflate,
    /// The shortest message that is compressed.
    threshold: usize,
    /// The counter of its bytes; a connection that is refused has none.
    counter: Option<WireCounter>,
}

/// The error of a request that offers extensions in no words of RFC 6455 §9.1.
#[derive(Debug)]
pub(crate) struct MalformedExtensions;

impl Deflating {
    /// Compresses messages of so many bytes and more, as was agreed on.
    #[must_use]
    pub fn new(agreed: Deflate, threshold: usize) -> Self {
        Self {
            agreed,
            threshold,
            counter: None,
        }
    }

    /// Accepts the first offer that can be met, where the channel compresses (RFC 7692 §5).
    ///
    /// # Errors
    ///
    /// When a `Sec-WebSocket-Extensions` is malformed.
    pub(crate) fn negotiate(
        compression: Option<Compression>,
        request: &HeaderMap,
    ) -> Result<Option<Self>, MalformedExtensions> {
        let Some(compression) = compression else {
            return Ok(None);
        };
        let offers = request.get_all(header::SEC_WEBSOCKET_EXTENSIONS).iter();
        let agreed = Deflate::negotiate(offers.map(HeaderValue::as_bytes))
            .map_err(|_| MalformedExtensions)?;
        Ok(agreed.map(|agreed| Self::new(agreed, compression.threshold)))
    }

    /// The value of the response's `Sec-WebSocket-Extensions`.
    pub(crate) fn answer(&self) -> HeaderValue {
        HeaderValue::from_static(self.agreed.answer())
    }

    /// Lets messages come compressed.
    pub(crate) fn codec(&self, codec: Codec) -> Codec {
        codec.with_deflate(self.agreed)
    }

    pub(crate) fn count_by(&mut self, counter: WireCounter) {
        self.counter = Some(counter);
    }

    /// A message as it goes out compressed; `None` where it goes out as it is.
    pub(crate) fn deflate(&self, frame: &Frame) -> Option<chanx_websocket::Frame> {
        let (length, deflated) = self.deflated(frame)?;
        if let Some(counter) = &self.counter {
            counter.sent(length, deflated.len());
        }
        Some(chanx_websocket::Frame::deflated_text(deflated))
    }

    /// The length of a message, and what it is compressed.
    fn deflated(&self, frame: &Frame) -> Option<(usize, Bytes)> {
        let window = self.agreed.window();
        match frame {
            Frame::Text(text) if text.len() >= self.threshold => {
                Some((text.len(), deflate(text, window)?))
            }
            Frame::SharedText(shared) => {
                let made = shared.made(|text| SharedText::new(text.clone()))?;
                Some((shared.text().len(), made.deflated(window)?.clone()))
            }
            _ => None,
        }
    }

    /// Counts a message that came compressed.
    pub(crate) fn note(&self, received: &Received<'_>) {
        if let Some(counter) = &self.counter
            && let Received::Text(payload) | Received::Binary(payload) = received
        {
            counter.received(payload.len(), payload.wire_len());
        }
    }
}
