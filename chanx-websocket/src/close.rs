//! The payload of a close frame (RFC 6455 §5.5.1, §7.4).

use crate::{ReadError, header::MAX_CONTROL};

/// The content of a close frame: a code, and a reason in words.
///
/// It has no other parts, nor will it: these are what RFC 6455 §5.5.1 gives a close frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// The code (§7.4).
    pub code: u16,
    /// The reason in words, empty where there is none.
    pub reason: String,
}

impl Close {
    /// The content of a close frame.
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }

    /// Reads the payload of a close frame; `None` where it is empty.
    ///
    /// # Errors
    ///
    /// When it breaks the protocol.
    pub(crate) fn read(payload: &[u8]) -> Result<Option<Self>, ReadError> {
        // §5.5.1: "If there is a body, the first two bytes of the body MUST be
        // a 2-byte unsigned integer".
        let Some((code, reason)) = payload.split_first_chunk() else {
            return match payload {
                [] => Ok(None),
                _ => Err(ReadError::MalformedClose),
            };
        };
        let code = u16::from_be_bytes(*code);
        if !may_be_sent(code) {
            return Err(ReadError::CloseCode(code));
        }
        // §5.5.1: behind it, "UTF-8-encoded data".
        let reason = str::from_utf8(reason).map_err(|_| ReadError::InvalidUtf8)?;
        Ok(Some(Self::new(code, reason)))
    }

    /// The payload of a close frame that says this.
    ///
    /// A reason that is too long for a control frame is cut (§5.5).
    pub(crate) fn payload(&self) -> Vec<u8> {
        let code = self.code.to_be_bytes();
        let end = self.reason.floor_char_boundary(MAX_CONTROL - code.len());
        [&code, &self.reason.as_bytes()[..end]].concat()
    }
}

/// True if a close frame may have the code.
///
/// Those of §7.4.1 except the ones that "MUST NOT be set" there, those that
/// were registered since (1012 to 1014), and those of libraries and
/// applications (§7.4.2).
fn may_be_sent(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
