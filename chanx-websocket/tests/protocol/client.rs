//! Frames as a client sends them, and what a server makes of them.

use bytes::Bytes;
use chanx_websocket::{Close, Codec, ReadError, Received};

pub(crate) const CONTINUATION: u8 = 0x0;
pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
pub(crate) const CLOSE: u8 = 0x8;
pub(crate) const PING: u8 = 0x9;
pub(crate) const PONG: u8 = 0xA;
pub(crate) const FIN: u8 = 0x80;

const MASK: [u8; 4] = [0x9B, 0x01, 0xF0, 0x5C];

/// A frame whose first byte is this, with a mask.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    masked(first, MASK, payload)
}

pub(crate) fn masked(first: u8, mask: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | short as u8),
        middle @ 126..0x1_0000 => {
            frame.push(0x80 | 126);
            frame.extend((middle as u16).to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}

/// A close frame.
pub(crate) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(FIN | CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// What was received, on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Text(Bytes),
    Binary(Bytes),
    Ping(Bytes),
    Pong(Bytes),
    Close(Option<Close>),
}

impl From<Received<'_>> for Heard {
    fn from(received: Received<'_>) -> Self {
        match received {
            Received::Text(payload) => Self::Text(payload.into_bytes()),
            Received::Binary(payload) => Self::Binary(payload.into_bytes()),
            Received::Ping(payload) => Self::Ping(payload.into_bytes()),
            Received::Pong(payload) => Self::Pong(payload.into_bytes()),
            Received::Close(close) => Self::Close(close),
        }
    }
}

pub(crate) fn text(text: &str) -> Heard {
    Heard::Text(Bytes::copy_from_slice(text.as_bytes()))
}

pub(crate) fn binary(bytes: &[u8]) -> Heard {
    Heard::Binary(Bytes::copy_from_slice(bytes))
}

/// A connection, and what a server has received on it.
pub(crate) struct Server {
    pub(crate) codec: Codec,
    pub(crate) heard: Vec<Heard>,
    pub(crate) error: Option<ReadError>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::with_limit(1 << 20)
    }

    pub(crate) fn with_limit(max_message_size: usize) -> Self {
        Self {
            codec: Codec::new(max_message_size),
            heard: Vec::new(),
            error: None,
        }
    }

    /// Reads bytes that come in one piece.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> &mut Self {
        let mut bytes = bytes.to_vec();
        let mut input = &mut bytes[..];
        loop {
            match self.codec.read(&mut input) {
                Ok(Some(received)) => self.heard.push(received.into()),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(self.error.replace(error), None, "an error comes once");
                }
            }
        }
        assert!(input.is_empty(), "what is read is read to its end");
        self
    }

    pub(crate) fn written(&mut self) -> Bytes {
        self.codec.take_output()
    }
}

/// What a server hears of bytes that come in one piece, and how it ends.
pub(crate) fn hear(bytes: &[u8]) -> (Vec<Heard>, Option<ReadError>) {
    let mut server = Server::new();
    server.read(bytes);
    (server.heard, server.error)
}

/// The error that bytes lead to.
pub(crate) fn error(bytes: &[u8]) -> Option<ReadError> {
    hear(bytes).1
}
