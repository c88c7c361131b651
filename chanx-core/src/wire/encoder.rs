//! Messages into frames.

use bytes::Bytes;
use serde::Serialize;

use super::{Envelope, finite::Finite, head::Head, page::Page};

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

    /// The same, of a frame that is written at once: it is in a [page](Page) of many.
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
        let write = |frame: &mut Page| {
            frame.extend_from_slice(head);
            Ok(())
        };
        self.framed(write, payload)
            .map_err(|source| EncodeError::new(action, source))
    }

    fn framed<T: Serialize + ?Sized>(
        self,
        head: impl FnOnce(&mut Page) -> serde_json::Result<()>,
        payload: &T,
    ) -> serde_json::Result<Bytes> {
        let mut page = Page::of_thread();
        head(&mut page)?;
        serde_json::to_writer(&mut page, &Finite(payload))?;
        self.envelope.write(&mut page)?;
        page.extend_from_slice(b"}");
        Ok(match self.is_passing {
            true => page.into_passing_frame(),
            false => page.into_frame(),
        })
    }
}

/// Writes the beginning of an action's frame, up to its payload.
fn head(frame: &mut Page, action: &str) -> serde_json::Result<()> {
    frame.extend_from_slice(b"{\"action\":");
    serde_json::to_writer(&mut *frame, action)?;
    frame.extend_from_slice(b",\"payload\":");
    Ok(())
}
