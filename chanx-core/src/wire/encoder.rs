//! Messages into frames.

use std::cell::Cell;

use bytes::Bytes;
use serde::Serialize;

use super::ErrorPayload;

/// The keys of an outgoing frame beside its action and its payload.
#[derive(Debug, Clone, Copy, Default)]
pub struct Envelope<'a> {
    reference: Option<&'a str>,
    topic: Option<&'a str>,
    origin: Option<Origin>,
}

#[derive(Debug, Clone, Copy)]
struct Origin {
    is_mine: bool,
    is_current: bool,
}

impl<'a> Envelope<'a> {
    /// Of what no client has asked for: it carries no `ref`.
    #[must_use]
    pub fn push() -> Self {
        Self::default()
    }

    /// Of what a client has asked for: it carries the `ref` that it came with.
    #[must_use]
    pub fn reply(reference: Option<&'a str>) -> Self {
        Self {
            reference,
            ..Self::default()
        }
    }

    /// Adds the stream that the frame belongs to.
    #[must_use]
    pub fn with_topic(mut self, topic: impl Into<Option<&'a str>>) -> Self {
        self.topic = topic.into();
        self
    }

    /// Adds whether the recipient's user, and whether its connection, is where it came from.
    #[must_use]
    pub fn with_origin(mut self, is_mine: bool, is_current: bool) -> Self {
        self.origin = Some(Origin {
            is_mine,
            is_current,
        });
        self
    }

    fn write(&self, frame: &mut Vec<u8>) -> serde_json::Result<()> {
        if let Some(origin) = self.origin {
            frame.extend_from_slice(b",\"is_mine\":");
            serde_json::to_writer(&mut *frame, &origin.is_mine)?;
            frame.extend_from_slice(b",\"is_current\":");
            serde_json::to_writer(&mut *frame, &origin.is_current)?;
        }
        if self.reference.is_some() || self.topic.is_some() {
            frame.extend_from_slice(b",\"version\":1");
        }
        if let Some(topic) = self.topic {
            frame.extend_from_slice(b",\"topic\":");
            serde_json::to_writer(&mut *frame, topic)?;
        }
        if let Some(reference) = self.reference {
            frame.extend_from_slice(b",\"ref\":");
            serde_json::to_writer(&mut *frame, reference)?;
        }
        Ok(())
    }
}

/// Writes one frame.
#[derive(Debug)]
#[must_use = "an encoder does nothing until it is given a message"]
pub struct Encoder<'a> {
    envelope: Envelope<'a>,
}

/// A message that serde cannot represent as JSON.
#[derive(Debug, thiserror::Error)]
#[error("message `{action}` cannot be written as JSON")]
pub struct EncodeError {
    action: String,
    source: serde_json::Error,
}

thread_local! {
    /// Where a frame is written before its length is known.
    ///
    /// The frame then takes one allocation of its own size, which is all that
    /// a queue of frames holds on to.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A frame beyond this is not copied, and its buffer not kept.
const MAX_SCRATCH: usize = 16 * 1024;

impl<'a> Encoder<'a> {
    /// An encoder of one frame with these keys.
    pub fn new(envelope: Envelope<'a>) -> Self {
        Self { envelope }
    }

    /// Writes the frame of a message.
    ///
    /// # Errors
    ///
    /// When serde cannot represent the payload as JSON.
    pub fn message<T: Serialize + ?Sized>(
        self,
        action: &str,
        payload: &T,
    ) -> Result<Bytes, EncodeError> {
        // Taken rather than borrowed, since serialising may encode in turn.
        let mut scratch = SCRATCH.try_with(Cell::take).unwrap_or_default();
        self.write(&mut scratch, action, payload)
            .map_err(|source| EncodeError {
                action: action.to_owned(),
                source,
            })?;
        Ok(Self::finish(scratch))
    }

    fn finish(mut scratch: Vec<u8>) -> Bytes {
        if scratch.len() > MAX_SCRATCH {
            return Bytes::from(scratch);
        }
        let frame = Bytes::copy_from_slice(&scratch);
        scratch.clear();
        // Without the thread's buffer, which goes when the thread ends, the next one is new.
        let _ = SCRATCH.try_with(|kept| kept.set(scratch));
        frame
    }

    fn write<T: Serialize + ?Sized>(
        &self,
        frame: &mut Vec<u8>,
        action: &str,
        payload: &T,
    ) -> serde_json::Result<()> {
        frame.extend_from_slice(b"{\"action\":");
        serde_json::to_writer(&mut *frame, action)?;
        frame.extend_from_slice(b",\"payload\":");
        serde_json::to_writer(&mut *frame, payload)?;
        self.envelope.write(frame)?;
        frame.push(b'}');
        Ok(())
    }
}

/// After a group message delivered to a connection.
pub static GROUP_COMPLETE: Bytes =
    Bytes::from_static(br#"{"action":"group_complete","payload":null}"#);

/// After an event dealt with.
pub static EVENT_COMPLETE: Bytes =
    Bytes::from_static(br#"{"action":"event_complete","payload":null}"#);

/// After a client's message dealt with.
#[must_use]
pub fn complete_frame(reference: Option<&str>) -> Bytes {
    match reference {
        None => Bytes::from_static(br#"{"action":"complete","payload":null}"#),
        Some(_) => own_frame(Envelope::reply(reference), "complete", &()),
    }
}

/// The answer to a frame that was refused, or whose handler failed.
#[must_use]
pub fn error_frame(error: &ErrorPayload, reference: Option<&str>, topic: Option<&str>) -> Bytes {
    own_frame(Envelope::reply(reference).with_topic(topic), "error", error)
}

fn own_frame<T: Serialize + ?Sized>(envelope: Envelope<'_>, action: &str, payload: &T) -> Bytes {
    Encoder::new(envelope)
        .message(action, payload)
        .expect("the framework's own payloads are made of strings and numbers")
}
