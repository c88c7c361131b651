//! The codec beside tungstenite: the same steps, the same frames, errors and bytes.
//!
//! `fuzz/fuzz_targets/codec.rs` runs this, too.
//!
//! They differ, on purpose, in these:
//!
//! - tungstenite judges a frame when all of it has come; the codec as soon as
//!   a fault is certain, be it by the first two bytes or by half a payload.
//!   Where the codec has found one, tungstenite is sent more until it has.
//! - Of several faults in one frame they may name different ones: tungstenite
//!   looks for one that is too big first, and at a reason before its code.
//! - A length that has a shorter form, which §5.2 forbids, tungstenite takes,
//!   of a control frame, too.
//! - A close code that must not be sent, tungstenite hands over if it answers
//!   our own close frame, and takes for 1002 if it does not. To the codec it
//!   is a violation.
//! - 1014, which was registered after RFC 6455, is such a code to tungstenite.

use std::io::{self, Read, Write};

use bytes::Bytes;
use chanx_websocket::{Close, Codec, Frame, ReadError, Received};
use tungstenite::{
    Error, Message,
    protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext},
};

/// Something that happens to a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// These bytes come, in one piece.
    Come(&'a [u8]),
    /// The server sends something.
    Send(Sent<'a>),
}

/// Something that a server sends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sent<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    Ping,
    Close(u16, &'a str),
}

/// What came, or what it was refused with: a close code.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    Text(Bytes),
    Binary(Bytes),
    Ping(Bytes),
    Pong(Bytes),
    Close(Option<Close>),
    Error(u16),
}

/// Does the same with both and compares after each step.
///
/// # Panics
///
/// When they differ in anything else than what stands above.
pub(crate) fn duel(max_message_size: usize, steps: &[Step<'_>]) {
    let mut ours = Codec::new(max_message_size);
    let mut theirs = Theirs::new(max_message_size);
    for step in steps {
        match *step {
            Step::Come(bytes) => {
                let (events, error) = read(&mut ours, bytes);
                let their_events = theirs.read(bytes);
                if let Some(error) = error {
                    return fail(&mut ours, &mut theirs, (events, error), their_events);
                }
                if let Some(Event::Close(Some(Close { code: 1014, .. }))) = events.last() {
                    return;
                }
                assert_eq!(events, their_events);
            }
            Step::Send(sent) => {
                let frame = match sent {
                    Sent::Text(text) => Frame::text(text.to_owned()),
                    Sent::Binary(bytes) => Frame::binary(bytes.to_owned()),
                    Sent::Ping => Frame::ping(""),
                    Sent::Close(code, reason) => Frame::close(Some(&Close::new(code, reason))),
                };
                assert_eq!(ours.write(frame).is_ok(), theirs.write(sent), "{sent:?}");
            }
        }
        assert_eq!(ours.take_output(), theirs.output, "written after {step:?}");
        theirs.output.clear();
    }
}

/// The codec has found a fault: so must tungstenite, behind the same frames.
fn fail(
    ours: &mut Codec,
    theirs: &mut Theirs,
    (events, error): (Vec<Event>, ReadError),
    mut their_events: Vec<Event>,
) {
    let code = error.close_code();
    if their_events.len() == events.len() {
        their_events.extend(theirs.read(&vec![0x7F; 1 << 16]));
    }
    assert_eq!(events, their_events[..events.len()], "before {error}");
    let written = ours.take_output();
    assert!(
        theirs.output.starts_with(&written),
        "written before {error}"
    );
    match (error, their_events.get(events.len())) {
        // It reads on, or answers.
        (ReadError::Length | ReadError::LongControl, _) => {}
        (ReadError::CloseCode(_), Some(Event::Close(_) | Event::Error(1007))) => {}
        (_, Some(Event::Error(1009))) if code == 1002 => {}
        (_, event) => {
            assert_eq!(Some(&Event::Error(code)), event, "{error}");
            assert_eq!(written, theirs.output, "written before {error}");
        }
    }
}

fn read(codec: &mut Codec, bytes: &[u8]) -> (Vec<Event>, Option<ReadError>) {
    let mut bytes = bytes.to_vec();
    let mut input = &mut bytes[..];
    let mut events = Vec::new();
    loop {
        let event = match codec.read(&mut input) {
            Ok(Some(Received::Text(payload))) => Event::Text(payload.into_bytes()),
            Ok(Some(Received::Binary(payload))) => Event::Binary(payload.into_bytes()),
            Ok(Some(Received::Ping(payload))) => Event::Ping(payload.into_bytes()),
            Ok(Some(Received::Pong(payload))) => Event::Pong(payload.into_bytes()),
            Ok(Some(Received::Close(close))) => Event::Close(close),
            Ok(None) => return (events, None),
            Err(error) => return (events, Some(error)),
        };
        events.push(event);
    }
}

/// A connection of tungstenite's.
struct Theirs {
    context: WebSocketContext,
    output: Vec<u8>,
    over: bool,
}

/// What tungstenite reads from and writes to.
struct Stream<'a> {
    input: &'a [u8],
    output: &'a mut Vec<u8>,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.input.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.input.read(buffer)
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Theirs {
    fn new(max_message_size: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(1024)
            .max_message_size(Some(max_message_size))
            .max_frame_size(Some(max_message_size));
        Self {
            context: WebSocketContext::new(Role::Server, Some(config)),
            output: Vec::new(),
            over: false,
        }
    }

    /// What these bytes are read as, up to the first error.
    fn read(&mut self, input: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        let output = &mut self.output;
        let mut stream = Stream { input, output };
        while !self.over {
            let event = match self.context.read(&mut stream) {
                Ok(Message::Text(text)) => Event::Text(text.into()),
                Ok(Message::Binary(bytes)) => Event::Binary(bytes),
                Ok(Message::Ping(bytes)) => Event::Ping(bytes),
                Ok(Message::Pong(bytes)) => Event::Pong(bytes),
                Ok(Message::Close(close)) => Event::Close(
                    close.map(|close| Close::new(close.code.into(), close.reason.as_str())),
                ),
                Ok(Message::Frame(_)) => unreachable!("raw frames are not read"),
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(Error::ConnectionClosed) => {
                    self.over = true;
                    break;
                }
                Err(error) => {
                    self.over = true;
                    Event::Error(close_code(&error))
                }
            };
            events.push(event);
        }
        events
    }

    /// Whether it was taken.
    fn write(&mut self, sent: Sent<'_>) -> bool {
        let message = match sent {
            Sent::Text(text) => Message::Text(text.into()),
            Sent::Binary(bytes) => Message::Binary(bytes.to_vec().into()),
            Sent::Ping => Message::Ping(Bytes::new()),
            Sent::Close(code, reason) => Message::Close(Some(CloseFrame {
                code: code.into(),
                reason: reason.into(),
            })),
        };
        let mut stream = Stream {
            input: &[],
            output: &mut self.output,
        };
        let written = self.context.write(&mut stream, message);
        written.is_ok() && self.context.flush(&mut stream).is_ok()
    }
}

fn close_code(error: &Error) -> u16 {
    match error {
        Error::Utf8(_) => 1007,
        Error::Capacity(_) => 1009,
        Error::Protocol(_) => 1002,
        error => panic!("tungstenite failed otherwise: {error}"),
    }
}
