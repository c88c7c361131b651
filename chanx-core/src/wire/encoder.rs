//! Messages into frames.

use std::cell::Cell;

use bytes::Bytes;
use serde::Serialize;

use super::{Envelope, finite::Finite, head::Head, page};

/// Writes one frame.
///
/// # Examples
///
/// ```
/// use chanx::wire::{Correlation, Encoder, Envelope};
///
/// let asked = Correlation::default().with_ref("7");
/// let frame = Encoder::new(Envelope::reply(&asked)).message("pong", &())?;
/// assert_eq!(frame, r#"{"action":"pong","payload":null,"version":1,"ref":"7"}"#);
/// # Ok::<(), chanx::wire::EncodeError>(())
/// ```
#[derive(Debug)]
#[must_use = "an encoder does nothing until it is given a message"]
pub struct Encoder<'a> {
    envelope: Envelope<'a>,
    /// True if the frame is written at once, as a rule.
    is_passing: bool,
}

/// A message that has no form in JSON.
#[derive(Debug, thiserror::Error)]
#[error("message `{action}` cannot be written as JSON")]
pub struct EncodeError {
    action: String,
    source: serde_json::Error,
}

thread_local! {
    /// The buffer in which a frame is written before its length is known.
    ///
    /// The frame then takes one allocation of its own size, which is all that
    /// a queue of frames holds on to, or its room in a page.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A frame beyond this is not copied, and its buffer not kept.
const MAX_SCRATCH: usize = 16 * 1024;

impl EncodeError {
    pub(crate) fn new(action: &str, source: serde_json::Error) -> Self {
        let action = action.to_owned();
        Self { action, source }
    }
}

impl<'a> Encoder<'a> {
    /// An encoder of one frame with these keys.
    pub fn new(envelope: Envelope<'a>) -> Self {
        Self {
            envelope,
            is_passing: false,
        }
    }

    /// The same, of a frame that is written at once: it is in a [page](page) of many.
    pub(crate) fn passing(mut self) -> Self {
        self.is_passing = true;
        self
    }

    /// Writes the frame of a message.
    ///
    /// # Errors
    ///
    /// When the payload has no form in JSON: a NaN or an infinite number, a key
    /// that is no text, or what its own `Serialize` refuses.
    pub fn message<T: Serialize + ?Sized>(
        self,
        action: &str,
        payload: &T,
    ) -> Result<Bytes, EncodeError> {
        self.framed(|frame| head(frame, action), payload)
            .map_err(|source| EncodeError::new(action, source))
    }

    /// Writes the frame of a message whose head has been made before.
    #[inline]
    pub(crate) fn headed<T: Serialize + ?Sized>(
        self,
        head: &'static Head,
        payload: &T,
    ) -> Result<Bytes, EncodeError> {
        let action = head.action();
        let Some(head) = head.bytes() else {
            return self.message(action, payload);
        };
        let write = |frame: &mut Vec<u8>| {
            frame.extend_from_slice(head);
            Ok(())
        };
        self.framed(write, payload)
            .map_err(|source| EncodeError::new(action, source))
    }

    fn framed<T: Serialize + ?Sized>(
        self,
        head: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
        payload: &T,
    ) -> serde_json::Result<Bytes> {
        // Taken rather than borrowed, since serialising may encode in turn.
        let mut scratch = SCRATCH.try_with(Cell::take).unwrap_or_default();
        head(&mut scratch)?;
        serde_json::to_writer(&mut scratch, &Finite(payload))?;
        self.envelope.write(&mut scratch)?;
        scratch.push(b'}');
        Ok(self.finish(scratch))
    }

    fn finish(self, mut scratch: Vec<u8>) -> Bytes {
        if scratch.len() > MAX_SCRATCH {
            return Bytes::from(scratch);
        }
        let frame = match self.is_passing {
            true => page::copy(&scratch),
            false => Bytes::copy_from_slice(&scratch),
        };
        scratch.clear();
        // Without the thread's buffer, which goes when the thread ends, the next one is new.
        let _ = SCRATCH.try_with(|kept| kept.set(scratch));
        frame
    }
}

/// Writes the beginning of an action's frame, up to its payload.
fn head(frame: &mut Vec<u8>, action: &str) -> serde_json::Result<()> {
    frame.extend_from_slice(b"{\"action\":");
    serde_json::to_writer(&mut *frame, action)?;
    frame.extend_from_slice(b",\"payload\":");
    Ok(())
}
