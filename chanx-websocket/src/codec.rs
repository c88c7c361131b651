//! Both directions of a connection.

use bytes::{Buf, Bytes};

#[cfg(feature = "compression")]
use crate::Deflate;
use crate::{Frame, Opcode, Output, ReadError, Received, WriteError, reader::Reader};

/// The server's end of a WebSocket, its handshake done.
#[derive(Debug)]
pub struct Codec {
    reader: Reader,
    writing: Writing,
    output: Output,
}

/// The state of writing.
#[derive(Debug, PartialEq, Eq)]
enum Writing {
    Open,
    /// A close frame was the last (§5.5.1).
    Closed,
}

impl Codec {
    /// A connection whose messages may have `max_message_size` bytes, put together
    /// from however many frames.
    #[must_use]
    pub fn new(max_message_size: usize) -> Self {
        Self {
            reader: Reader::new(max_message_size),
            writing: Writing::Open,
            output: Output::default(),
        }
    }

    /// Lets messages come compressed, as was negotiated in the handshake.
    ///
    /// The limit holds for what they are decompressed to. What is sent is compressed
    /// by the caller: see [`Frame::deflated_text`].
    #[cfg(feature = "compression")]
    #[must_use]
    pub fn with_deflate(mut self, _agreed: Deflate) -> Self {
        self.reader.allow_deflate();
        self
    }

    /// Takes bytes from `input` up to the end of a message or a control frame.
    ///
    /// `input` then begins with what comes behind that. `None` when it is used up:
    /// the beginning of a message or a frame is kept. Masks are removed in place.
    ///
    /// A ping is answered, and a close frame with its own code, unless a close
    /// frame has been written: the answer waits in the output. Answers are as
    /// many as pings, so that a caller bounds them by reading no further while
    /// the client does not take what is written.
    ///
    /// Behind a close frame, and after an error, what comes is ignored.
    ///
    /// # Errors
    ///
    /// When the client breaks the protocol or a limit.
    #[inline]
    pub fn read<'a>(
        &mut self,
        input: &mut &'a mut [u8],
    ) -> Result<Option<Received<'a>>, ReadError> {
        let received = self.reader.read(input);
        match &received {
            // §5.5.2: an endpoint answers a ping, with the same payload (§5.5.3).
            Ok(Some(Received::Ping(payload))) => {
                self.answer(|| Frame::pong(Bytes::copy_from_slice(payload)));
            }
            // §5.5.1: an endpoint answers a close frame, unless it has sent one.
            Ok(Some(Received::Close(close))) => self.answer(|| Frame::close(close.as_ref())),
            _ => {}
        }
        received
    }

    /// True once nothing more will be received: a close frame has come, or an error.
    #[must_use]
    pub fn is_read_out(&self) -> bool {
        self.reader.is_over()
    }

    /// Queues a frame.
    ///
    /// # Errors
    ///
    /// When a close frame has been queued, by the caller or as an answer.
    #[inline]
    pub fn write(&mut self, frame: Frame) -> Result<(), WriteError> {
        if self.writing == Writing::Closed {
            return Err(WriteError);
        }
        if frame.opcode() == Opcode::Close {
            self.writing = Writing::Closed;
        }
        self.output.push(frame);
        Ok(())
    }

    fn answer(&mut self, frame: impl FnOnce() -> Frame) {
        // Behind a close frame nothing is written (§5.5.1), and no answer is owed.
        if self.writing == Writing::Open {
            let _ = self.write(frame());
        }
    }

    /// The bytes that wait to be written.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// The bytes that wait to be written, to take from them.
    pub fn output_mut(&mut self) -> &mut Output {
        &mut self.output
    }

    /// All that waits to be written, copied together.
    pub fn take_output(&mut self) -> Bytes {
        let remaining = self.output.remaining();
        self.output.copy_to_bytes(remaining)
    }
}
