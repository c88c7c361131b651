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
//! 1. [`Inbound::guess`](super::Inbound::guess) compares the frame with that form, and
//!    looks through it as through any other ([`scan`]).
//! 2. [`Payload`](super::Payload) reads what stands between as it reads any payload.
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

/// The action of such a frame, and the text in the place of its payload.
#[inline]
pub(super) fn cut(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(BEFORE)?;
    // What is written without an escape is meant as it is written.
    let ends = |byte| matches!(byte, b'"' | b'\\' | 0..0x20);
    let (action, rest) = rest.split_at(rest.bytes().position(ends)?);
    let payload = rest.strip_prefix(BETWEEN)?.strip_suffix('}')?;
    // A `ref` or a `version` at the end of a frame ends with a quote or a digit.
    let is_likely = matches!(payload.as_bytes(), [.., b'}' | b']'] | b"null");
    (is_likely && scan::check(text).is_ok()).then_some((action, payload))
}
