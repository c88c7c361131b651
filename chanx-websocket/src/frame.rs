//! A frame that a server sends (RFC 6455 §5.2).

use bytes::Bytes;

use crate::{
    Close, Opcode,
    header::{FIN, MAX_CONTROL, RSV1},
};

/// The payload of a frame, and what its header is made of.
///
/// A server's frames have no mask (RFC 6455 §5.1), so that the same payload serves
/// everybody whom a message goes to: a clone shares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    opcode: Opcode,
    /// True if the payload is compressed.
    is_deflated: bool,
    payload: Bytes,
}

impl Frame {
    /// A message of text, which has to be UTF-8 (§5.6): nobody looks at it again.
    #[must_use]
    pub fn text(payload: impl Into<Bytes>) -> Self {
        Self::new(Opcode::Text, payload.into())
    }

    /// A message of text that [`deflate`](fn@crate::deflate) has compressed, for a
    /// client with which that was negotiated.
    #[cfg(feature = "compression")]
    #[must_use]
    pub fn deflated_text(payload: impl Into<Bytes>) -> Self {
        Self {
            is_deflated: true,
            ..Self::text(payload)
        }
    }

    /// A message of bytes.
    #[must_use]
    pub fn binary(payload: impl Into<Bytes>) -> Self {
        Self::new(Opcode::Binary, payload.into())
    }

    /// A ping (§5.5.2).
    ///
    /// # Panics
    ///
    /// When the payload is longer than 125 bytes (§5.5).
    #[must_use]
    pub fn ping(payload: impl Into<Bytes>) -> Self {
        Self::control(Opcode::Ping, payload.into())
    }

    /// A pong that nobody asked for (§5.5.3): those that answer pings are the codec's.
    ///
    /// # Panics
    ///
    /// When the payload is longer than 125 bytes (§5.5).
    #[must_use]
    pub fn pong(payload: impl Into<Bytes>) -> Self {
        Self::control(Opcode::Pong, payload.into())
    }

    /// A close frame (§5.5.1), whose reason is cut to 123 bytes.
    #[must_use]
    pub fn close(close: Option<&Close>) -> Self {
        let payload = close.map(Close::payload).unwrap_or_default();
        Self::control(Opcode::Close, payload.into())
    }

    fn control(opcode: Opcode, payload: Bytes) -> Self {
        assert!(
            payload.len() <= MAX_CONTROL,
            "a control frame has at most {MAX_CONTROL} bytes"
        );
        Self::new(opcode, payload)
    }

    fn new(opcode: Opcode, payload: Bytes) -> Self {
        Self {
            opcode,
            is_deflated: false,
            payload,
        }
    }

    /// The kind of the frame.
    #[must_use]
    pub fn opcode(&self) -> Opcode {
        self.opcode
    }

    /// The bytes before the payload: two to ten.
    #[must_use]
    pub fn header(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_header(&mut bytes);
        bytes
    }

    /// The payload of the frame.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }

    pub(crate) fn into_payload(self) -> Bytes {
        self.payload
    }

    /// Appends the header of a message's only frame.
    #[inline]
    pub(crate) fn write_header(&self, bytes: &mut Vec<u8>) {
        let mut first = FIN | self.opcode.bits();
        if self.is_deflated {
            // RFC 7692 §6: "Per-Message Compressed" is the first reserved bit.
            first |= RSV1;
        }
        // §5.2: the length in the least that it needs.
        match self.payload.len() {
            length @ 0..126 => bytes.extend_from_slice(&[first, length as u8]),
            length @ 126..0x1_0000 => {
                let [high, low] = (length as u16).to_be_bytes();
                bytes.extend_from_slice(&[first, 126, high, low]);
            }
            length => {
                bytes.extend_from_slice(&[first, 127]);
                bytes.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
    }
}
