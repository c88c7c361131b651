//! From bytes to messages (RFC 6455 §6.2).

use std::mem;

use crate::{
    Close, Opcode, Payload, ReadError, Received,
    header::{Header, HeaderPart},
    mask::unmask,
    message::{Kind, Message},
};

/// The half of a connection that reads.
///
/// Between messages it keeps nothing but its state.
#[derive(Debug)]
pub(crate) struct Reader {
    reading: Reading,
    /// The message that has begun and not ended.
    message: Option<Box<Message>>,
    max_message_size: usize,
    /// True if messages may be compressed.
    deflate: bool,
}

/// The next thing to come from the client.
#[derive(Debug)]
enum Reading {
    /// The rest of a header, of which this is here.
    Header(HeaderPart),
    /// The rest of a frame of a message, which `taken` bytes of its payload have joined.
    Data { header: Header, taken: usize },
    /// The rest of a control frame.
    Control(Box<Control>),
    /// Nothing that counts: a close frame has come, or a violation (§5.5.1, §7.1.7).
    Over,
}

/// A control frame, of whose payload this is here.
#[derive(Debug)]
struct Control {
    header: Header,
    payload: Vec<u8>,
}

const NEXT_FRAME: Reading = Reading::Header(HeaderPart::EMPTY);

impl Reader {
    pub(crate) fn new(max_message_size: usize) -> Self {
        Self {
            reading: NEXT_FRAME,
            message: None,
            max_message_size,
            deflate: false,
        }
    }

    #[cfg(feature = "compression")]
    pub(crate) fn allow_deflate(&mut self) {
        self.deflate = true;
    }

    /// True once nothing more will be received.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.reading, Reading::Over)
    }

    /// Takes bytes from `input` up to the end of a message or a control frame.
    ///
    /// `None` when the input is used up.
    ///
    /// # Errors
    ///
    /// When the client breaks the protocol or a limit.
    #[inline]
    pub(crate) fn read<'a>(
        &mut self,
        input: &mut &'a mut [u8],
    ) -> Result<Option<Received<'a>>, ReadError> {
        let received = match self.short_text(input) {
            Some(payload) => Kind::Text.whole(payload).map(Some),
            None => self.advance(input),
        };
        if let Err(_) | Ok(Some(Received::Close(_))) = received {
            self.reading = Reading::Over;
            self.message = None;
        }
        received
    }

    /// The payload of a short frame that is a whole message of text, its mask taken off.
    ///
    /// Nearly all frames of clients are. This one breaks no rule that could be told
    /// from its header: it has FIN and no reserved bits, the opcode of text, a mask,
    /// and a length of less than 126 (§5.2), and no message has begun (§5.4).
    #[inline]
    fn short_text<'a>(&self, input: &mut &'a mut [u8]) -> Option<&'a [u8]> {
        let [0x81, length @ 0x80..0xFE, a, b, c, d, rest @ ..] = &**input else {
            return None;
        };
        let (length, mask) = (usize::from(length & 0x7F), [*a, *b, *c, *d]);
        let is_whole = length <= rest.len() && length <= self.max_message_size;
        if !is_whole || self.message.is_some() || !self.is_between_frames() {
            return None;
        }
        let payload = &mut take(input, 6 + length)[6..];
        unmask(payload, mask, 0);
        Some(payload)
    }

    fn is_between_frames(&self) -> bool {
        matches!(&self.reading, Reading::Header(part) if part.is_empty())
    }

    fn advance<'a>(&mut self, input: &mut &'a mut [u8]) -> Result<Option<Received<'a>>, ReadError> {
        while !input.is_empty() {
            let received = match &mut self.reading {
                Reading::Header(part) => match part.read(input, self.deflate)? {
                    Some(header) => self.begin(header, input),
                    None => continue,
                },
                Reading::Data { header, taken } => {
                    let (header, taken) = (*header, *taken);
                    self.data(header, taken, input)
                }
                Reading::Control(control) => match control.read(input) {
                    Some(payload) => {
                        let opcode = control.header.opcode;
                        self.control(opcode, Payload::Owned(payload.into()))
                            .map(Some)
                    }
                    None => continue,
                },
                Reading::Over => {
                    *input = &mut [];
                    continue;
                }
            };
            if !matches!(received, Ok(None)) {
                return received;
            }
        }
        Ok(None)
    }

    /// Judges a frame by its header and what came before, and begins its payload.
    #[inline]
    fn begin<'a>(
        &mut self,
        header: Header,
        input: &mut &'a mut [u8],
    ) -> Result<Option<Received<'a>>, ReadError> {
        self.reading = NEXT_FRAME;
        if header.opcode.is_control() {
            if let Some(payload) = take_whole(&header, input) {
                return self
                    .control(header.opcode, Payload::Borrowed(payload))
                    .map(Some);
            }
            let payload = Vec::new();
            self.reading = Reading::Control(Box::new(Control { header, payload }));
            return Ok(None);
        }
        let begins = self.begins(header.opcode)?;
        // §10.4: limits on frames, and on what is put together of them, hold
        // before anything is kept.
        let (before, compressed) = match &self.message {
            Some(message) => (message.len(), message.is_compressed()),
            None => (0, header.compressed),
        };
        if header.length > (self.wire_limit(compressed) - before) as u64 {
            return Err(ReadError::TooBig);
        }
        if let Some(kind) = begins {
            if header.fin
                && let Some(payload) = take_whole(&header, input)
            {
                return match compressed {
                    true => kind.compressed(payload, self.max_message_size),
                    false => kind.whole(payload),
                }
                .map(Some);
            }
            self.message = Some(Box::new(Message::new(kind, compressed)));
        }
        self.data(header, 0, input)
    }

    /// The most bytes that a message may have as it comes.
    ///
    /// Compressed it is smaller as a rule. At worst, where DEFLATE codes bytes
    /// one by one (RFC 1951 §3.2.6), it has nine bits for eight.
    fn wire_limit(&self, compressed: bool) -> usize {
        match compressed {
            true => self
                .max_message_size
                .saturating_add(self.max_message_size / 8 + 64),
            false => self.max_message_size,
        }
    }

    /// The message that a frame begins; `None` where it goes on with one.
    ///
    /// §5.4: a message is one frame, or a first one and continuations of it;
    /// another message does not begin before it has ended.
    #[inline]
    fn begins(&self, opcode: Opcode) -> Result<Option<Kind>, ReadError> {
        match (opcode, &self.message) {
            (Opcode::Continuation, Some(_)) => Ok(None),
            (Opcode::Continuation, None) => Err(ReadError::UnexpectedContinuation),
            (_, Some(_)) => Err(ReadError::ExpectedContinuation),
            (Opcode::Text, None) => Ok(Some(Kind::Text)),
            (_, None) => Ok(Some(Kind::Binary)),
        }
    }

    /// Adds to the message what is there of a frame's payload.
    fn data(
        &mut self,
        header: Header,
        taken: usize,
        input: &mut &mut [u8],
    ) -> Result<Option<Received<'static>>, ReadError> {
        let message = self.message.as_mut().expect("data belongs to a message");
        let left = header.length as usize - taken;
        let part = take(input, left.min(input.len()));
        unmask(part, header.mask, taken);
        let end = header.fin.then_some(message.len() + left);
        message.push(part, end)?;
        if part.len() < left {
            let taken = taken + part.len();
            self.reading = Reading::Data { header, taken };
            return Ok(None);
        }
        self.reading = NEXT_FRAME;
        if !header.fin {
            return Ok(None);
        }
        let message = self.message.take();
        message
            .map(|message| message.finish(self.max_message_size))
            .transpose()
    }

    /// A control frame of which all is there; it may come amid a message (§5.4).
    fn control<'a>(
        &mut self,
        opcode: Opcode,
        payload: Payload<'a>,
    ) -> Result<Received<'a>, ReadError> {
        self.reading = NEXT_FRAME;
        Ok(match opcode {
            Opcode::Ping => Received::Ping(payload),
            Opcode::Pong => Received::Pong(payload),
            _ => Received::Close(Close::read(&payload)?),
        })
    }
}

impl Control {
    /// Adds what is there, and gives the payload away once all of it is.
    fn read(&mut self, input: &mut &mut [u8]) -> Option<Vec<u8>> {
        let taken = self.payload.len();
        let left = self.header.length as usize - taken;
        let part = take(input, left.min(input.len()));
        unmask(part, self.header.mask, taken);
        self.payload.extend_from_slice(part);
        (part.len() == left).then(|| mem::take(&mut self.payload))
    }
}

/// A frame's whole payload, its mask taken off, where all of it is there.
#[inline]
fn take_whole<'a>(header: &Header, input: &mut &'a mut [u8]) -> Option<&'a [u8]> {
    if header.length > input.len() as u64 {
        return None;
    }
    let payload = take(input, header.length as usize);
    unmask(payload, header.mask, 0);
    Some(payload)
}

/// So many bytes from the beginning of `input`.
#[inline]
fn take<'a>(input: &mut &'a mut [u8], len: usize) -> &'a mut [u8] {
    let (taken, rest) = mem::take(input).split_at_mut(len);
    *input = rest;
    taken
}
