//! The header of a frame that a client sends (RFC 6455 §5.2).
//!
//! ```text
//!  0               1               2               3
//!  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
//! +-+-+-+-+-------+-+-------------+-------------------------------+
//! |F|R|R|R|       |M|             |                               |
//! |I|S|S|S|opcode |A|   length    |   length, of 16 or 64 bits,   |
//! |N|V|V|V|       |S|             |   where length is 126 or 127  |
//! | |1|2|3|       |K|             |                               |
//! +-+-+-+-+-------+-+-------------+-------------------------------+
//! | mask, of 32 bits, then payload …
//! ```

use std::mem;

use crate::ReadError;

/// The longest header: two bytes, a length of eight, a mask of four.
const MAX_HEADER: usize = 14;

/// The longest payload of a control frame (§5.5).
pub(crate) const MAX_CONTROL: usize = 125;

pub(crate) const FIN: u8 = 0x80;
const RESERVED: u8 = 0x70;
/// The first reserved bit.
pub(crate) const RSV1: u8 = 0x40;
const MASK: u8 = 0x80;

/// The kind of a frame (RFC 6455 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// More of the message that began before.
    Continuation,
    /// A message of text, or its beginning.
    Text,
    /// A message of bytes, or its beginning.
    Binary,
    /// The last frame that an endpoint sends.
    Close,
    /// A question whether the other end is there.
    Ping,
    /// The answer to a ping.
    Pong,
}

impl Opcode {
    pub(crate) fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }

    /// Its four bits in a header.
    pub(crate) fn bits(self) -> u8 {
        match self {
            Self::Continuation => 0x0,
            Self::Text => 0x1,
            Self::Binary => 0x2,
            Self::Close => 0x8,
            Self::Ping => 0x9,
            Self::Pong => 0xA,
        }
    }

    fn of(first: u8) -> Result<Self, ReadError> {
        match first & 0x0F {
            0x0 => Ok(Self::Continuation),
            0x1 => Ok(Self::Text),
            0x2 => Ok(Self::Binary),
            0x8 => Ok(Self::Close),
            0x9 => Ok(Self::Ping),
            0xA => Ok(Self::Pong),
            opcode => Err(ReadError::UnknownOpcode(opcode)),
        }
    }
}

/// A header that breaks no rule which can be told from a header alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) fin: bool,
    pub(crate) opcode: Opcode,
    /// True if the message that begins here is compressed (RFC 7692 §6).
    pub(crate) compressed: bool,
    pub(crate) length: u64,
    pub(crate) mask: [u8; 4],
}

impl Header {
    /// Reads the header at the beginning of `bytes`, and says how long it is.
    ///
    /// `None` where it is not all there. The first two bytes are judged as
    /// soon as they are. `deflate` says whether messages may be compressed.
    ///
    /// # Errors
    ///
    /// When the header breaks the protocol.
    #[inline(always)]
    pub(crate) fn read(bytes: &[u8], deflate: bool) -> Result<Option<(Self, usize)>, ReadError> {
        let [first, second, rest @ ..] = bytes else {
            return Ok(None);
        };
        let (fin, opcode, compressed) = Self::first(*first, deflate)?;
        Self::second(*second, opcode)?;
        let (length, rest) = match second & !MASK {
            126 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest),
                None => return Ok(None),
            },
            length => (u64::from(length), rest),
        };
        Self::length(*second, length)?;
        let Some((mask, rest)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        let header = Self {
            fin,
            opcode,
            compressed,
            length,
            mask: *mask,
        };
        Ok(Some((header, bytes.len() - rest.len())))
    }

    /// FIN, the reserved bits and the opcode.
    fn first(first: u8, deflate: bool) -> Result<(bool, Opcode, bool), ReadError> {
        // §5.2: on an unknown opcode the receiver "MUST _Fail the WebSocket Connection_".
        let opcode = Opcode::of(first)?;
        // §5.2: reserved bits "MUST be 0 unless an extension is negotiated", and
        // RFC 7692 §6: with permessage-deflate, the first of them may be set in
        // the first frame of a message, and nowhere else.
        let compressed = match first & RESERVED {
            0 => false,
            RSV1 if deflate && matches!(opcode, Opcode::Text | Opcode::Binary) => true,
            _ => return Err(ReadError::ReservedBits),
        };
        let fin = first & FIN != 0;
        // §5.4: "Control frames themselves MUST NOT be fragmented."
        if opcode.is_control() && !fin {
            return Err(ReadError::FragmentedControl);
        }
        Ok((fin, opcode, compressed))
    }

    /// The mask bit, and the length of a control frame.
    fn second(second: u8, opcode: Opcode) -> Result<(), ReadError> {
        // §5.1: the server "MUST close the connection upon receiving a frame
        // that is not masked".
        if second & MASK == 0 {
            return Err(ReadError::Unmasked);
        }
        // §5.5: "All control frames MUST have a payload length of 125 bytes or less".
        if opcode.is_control() && usize::from(second & !MASK) > MAX_CONTROL {
            return Err(ReadError::LongControl);
        }
        Ok(())
    }

    /// §5.2: "the minimal number of bytes MUST be used to encode the length",
    /// and of one in 64 bits "the most significant bit MUST be 0".
    fn length(second: u8, length: u64) -> Result<(), ReadError> {
        let least = match second & !MASK {
            126 => 126,
            127 => 1 << 16,
            _ => 0,
        };
        if length < least || length > i64::MAX.unsigned_abs() {
            return Err(ReadError::Length);
        }
        Ok(())
    }
}

/// The beginning of a header whose rest has not been read.
#[derive(Debug)]
pub(crate) struct HeaderPart {
    bytes: [u8; MAX_HEADER],
    len: u8,
}

impl HeaderPart {
    pub(crate) const EMPTY: Self = Self {
        bytes: [0; MAX_HEADER],
        len: 0,
    };

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes a header from `input`, or all of it where that is not the end of one.
    ///
    /// # Errors
    ///
    /// When the header breaks the protocol.
    #[inline]
    pub(crate) fn read(
        &mut self,
        input: &mut &mut [u8],
        deflate: bool,
    ) -> Result<Option<Header>, ReadError> {
        let before = usize::from(self.len);
        let read = match before {
            0 => Header::read(input, deflate)?,
            _ => Header::read(self.filled_from(input), deflate)?,
        };
        let Some((header, length)) = read else {
            if before == 0 {
                self.filled_from(input);
            }
            *input = &mut [];
            return Ok(None);
        };
        *input = &mut mem::take(input)[length - before..];
        Ok(Some(header))
    }

    /// The bytes that are here, and as much of `input` as a header can have.
    fn filled_from(&mut self, input: &[u8]) -> &[u8] {
        let before = usize::from(self.len);
        let len = MAX_HEADER.min(before + input.len());
        self.bytes[before..len].copy_from_slice(&input[..len - before]);
        self.len = len as u8;
        &self.bytes[..len]
    }
}
