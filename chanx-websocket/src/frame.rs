//! A frame that a server sends (RFC 6455 §5.2).

use bytes::Bytes;

use crate::{
    Close, Opcode,
    header::{FIN, MAX_CONTROL, RSV1},
};

/// Header and payload of a frame, apart.
///
/// A server's frames have no mask (RFC 6455 §5.1), so that the same bytes serve
/// everybody whom a message goes to: a clone shares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    opcode: Opcode,
    /// True if the payload is compressed.
    is_deflated: bool,
    payload: Bytes,
}

/// Two bytes, and up to eight of a length.
struct Header {
    bytes: [u8; 10],
    len: usize,
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
    pub fn header(&self) -> impl AsRef<[u8]> + use<> {
        self.make_header()
    }

    /// The payload of the frame.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }

    pub(crate) fn into_payload(self) -> Bytes {
        self.payload
    }

    /// Appends the header; most have two bytes, which then need no copying.
    #[inline]
    pub(crate) fn write_header(&self, bytes: &mut Vec<u8>) {
        match self.make_header().as_ref() {
            [first, second] => bytes.extend_from_slice(&[*first, *second]),
            header => bytes.extend_from_slice(header),
        }
    }

    #[inline]
    fn make_header(&self) -> Header {
        let mut first = FIN | self.opcode.bits();
        if self.is_deflated {
            // RFC 7692 §6: "Per-Message Compressed" is the first reserved bit.
            first |= RSV1;
        }
        Header::new(first, self.payload.len())
    }
}

impl Header {
    /// The header of a message's only frame.
    #[inline]
    fn new(first: u8, length: usize) -> Self {
        let mut bytes = [0; 10];
        bytes[0] = first;
        // §5.2: the length in the least that it needs.
        let len = match length {
            0..126 => {
                bytes[1] = length as u8;
                2
            }
            126..0x1_0000 => {
                bytes[1] = 126;
                bytes[2..4].copy_from_slice(&(length as u16).to_be_bytes());
                4
            }
            _ => {
                bytes[1] = 127;
                bytes[2..].copy_from_slice(&(length as u64).to_be_bytes());
                10
            }
        };
        Self { bytes, len }
    }
}

impl AsRef<[u8]> for Header {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}
