//! The guess that a frame is written as most are: `{"action":"…","payload":…}`, no
//! other key, no space between.
//!
//! Splitting a frame means to look for the end of its payload, and reading the
//! payload means to look at all of it again. Where the guess holds, the first look
//! is saved: the payload is all between the beginning and the last brace.
//!
//! ```text
//! {"action":"say","payload":{"text":"hello"}}
//! └────────── cut ─────────┘└─ one value? ─┘└ cut
//! ```
//!
//! 1. [`Payload::guess`](super::Payload::guess) compares the frame with that form, and
//!    looks through it as through any other ([`scan`]).
//! 2. The payload reads what stands between as it reads any payload.
//!    serde_json accepts one value of JSON from end to end, or nothing. In the first
//!    case the frame is the beginning, a value and a brace: an object of JSON that has these
//!    two keys, each once, and no other. The guess holds from then on.
//! 3. It does not come to hold where the text is not one value, be it that the frame
//!    has further keys or is no JSON; where the value is not of its type; and where a
//!    type is content with what serde_json does not vouch for, or has not read all of it
//!    ([`Notes::vouch`](super::strict::Notes::vouch)). Whatever is read of it after that
//!    changes nothing. Nothing has been done with the frame by then. It is
//!    [split](super::Inbound::decode) and begun anew, so that whatever is wrong with it
//!    is found in the order in which it is with others.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{
    head::{BEFORE, BETWEEN},
    scan,
};

/// Whether what was taken for a payload is known to be one.
#[derive(Debug, Default)]
pub(crate) struct Guess(AtomicU8);

/// Nobody has read the text yet.
const OPEN: u8 = 0;
/// It is one value of JSON.
const HOLDS: u8 = 1;
/// A reading of it has been refused, so that it has to be begun anew.
const REFUSED: u8 = 2;

impl Guess {
    pub(super) fn holds(&self) -> bool {
        self.0.load(Ordering::Relaxed) == HOLDS
    }

    /// Notes that the text has been read as one value of JSON from end to end.
    ///
    /// It is too late once a reading was refused: whoever had that refusal may have made
    /// something of it.
    pub(super) fn settle(&self) {
        if self.0.load(Ordering::Relaxed) == OPEN {
            self.0.store(HOLDS, Ordering::Relaxed);
        }
    }

    /// Notes that a reading was refused, whose reason was not looked for.
    pub(super) fn refuse(&self) {
        self.0.store(REFUSED, Ordering::Relaxed);
    }
}

/// A frame that begins as such a frame does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beginning<'a> {
    frame: &'a [u8],
    /// The action, as the bytes that it is written in.
    pub(crate) action: &'a [u8],
}

impl<'a> Beginning<'a> {
    /// Finds the action; `None` where the frame begins in another way.
    #[inline]
    pub(crate) fn of(frame: &'a [u8]) -> Option<Self> {
        let rest = frame.strip_prefix(BEFORE.as_bytes())?;
        // What is written without an escape is meant as it is written.
        let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        let action = &rest[..rest.iter().position(ends)?];
        Some(Self { frame, action })
    }

    /// The action, and the text in the place of the payload.
    #[inline]
    pub(super) fn parts(self) -> Option<(&'a str, &'a str)> {
        let text = str::from_utf8(self.frame).ok()?;
        let (before, rest) = text.split_at_checked(BEFORE.len() + self.action.len())?;
        let payload = rest.strip_prefix(BETWEEN)?.strip_suffix('}')?;
        // A `ref` or a `version` at the end of a frame ends with a quote or a digit.
        let is_likely = matches!(payload.as_bytes(), [.., b'}' | b']'] | b"null");
        let is_guessed = is_likely && scan::check(text).is_ok();
        is_guessed.then_some((&before[BEFORE.len()..], payload))
    }
}
