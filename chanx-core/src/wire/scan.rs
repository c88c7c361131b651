//! The checks that a parser makes not where it skips values: of depth, of lone
//! surrogates, and of keys that mean something to serde_json.

use std::slice::Iter;

use memchr::{memchr2, memchr2_iter};

use super::kind::Kind;

/// The deepest that a frame may nest, itself included.
const MAX_DEPTH: usize = 64;

/// The beginning of the keys by which serde_json's own types know each other.
///
/// An object with such a key is no object to `serde_json::Value`: it parses the
/// string behind `$serde_json::private::RawValue` as JSON, by a parser that counts
/// depth from zero, and reads the one behind `$serde_json::private::Number` as a
/// number. Which of them have a meaning is up to the features of serde_json that
/// any crate of the program asks for, so all are refused.
const RESERVED: &[u8] = b"$serde_json::private::";

/// Checks that JSON is no deeper than it may be, names no lone surrogate and
/// has no reserved key.
///
/// Without recursion, and for nearly every frame without looking at the
/// grammar: what has few brackets cannot be deep, and what has neither escapes
/// nor dollars can name neither a surrogate nor a reserved key.
pub(super) fn check(json: &str) -> Result<(), Kind> {
    let bytes = json.as_bytes();
    let is_harmless = memchr2(b'\\', b'$', bytes).is_none() || !is_suspicious(bytes);
    if is_harmless && is_shallow(bytes) {
        return Ok(());
    }
    Scan::new(bytes).check()
}

/// True if there are too few brackets for JSON to be deep, because each is closed
/// again.
fn is_shallow(bytes: &[u8]) -> bool {
    bytes.len() <= 2 * MAX_DEPTH || memchr2_iter(b'[', b'{', bytes).nth(MAX_DEPTH).is_none()
}

/// True if anything looks like the escape of a surrogate, `\ud800` to `\udfff`, or like
/// the beginning of a reserved key.
///
/// Each is longer than the window, with the quote that must follow.
fn is_suspicious(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|start| {
        matches!(
            start,
            [b'\\', b'u', b'd' | b'D', ..]
                | [b'"', b'$', b's' | b'\\', ..]
                | [b'\\', b'u', b'0', b'0', b'2', b'4']
        )
    })
}

/// A walk over JSON that is known to keep to the grammar.
struct Scan<'a> {
    rest: Iter<'a, u8>,
    depth: usize,
}

impl<'a> Scan<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes.iter(),
            depth: 0,
        }
    }

    fn check(mut self) -> Result<(), Kind> {
        while let Some(byte) = self.rest.next() {
            match byte {
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                b'"' => self.check_string()?,
                _ => {}
            }
            if self.depth > MAX_DEPTH {
                return Err(Kind::JsonInvalid);
            }
        }
        Ok(())
    }

    /// From behind the opening quote to the closing one.
    fn check_string(&mut self) -> Result<(), Kind> {
        let reserved = is_reserved(self.rest.clone());
        while let Some(byte) = self.rest.next() {
            match byte {
                b'"' => break,
                b'\\' if !self.escape_passes() => return Err(Kind::JsonInvalid),
                _ => {}
            }
        }
        if reserved && self.is_behind_key() {
            return Err(Kind::ReservedKey);
        }
        Ok(())
    }

    /// From behind a backslash. A surrogate is fine as the first half of a pair.
    fn escape_passes(&mut self) -> bool {
        if self.rest.next() != Some(&b'u') {
            return true;
        }
        match code_unit(&mut self.rest) {
            0xD800..=0xDBFF => {
                self.rest.next() == Some(&b'\\')
                    && self.rest.next() == Some(&b'u')
                    && matches!(code_unit(&mut self.rest), 0xDC00..=0xDFFF)
            }
            0xDC00..=0xDFFF => false,
            _ => true,
        }
    }

    fn is_behind_key(&self) -> bool {
        let mut rest = self.rest.clone();
        rest.find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
    }
}

/// True if a string begins as a reserved key does, from behind its opening quote.
fn is_reserved(mut string: Iter<'_, u8>) -> bool {
    RESERVED.iter().all(|reserved| {
        let unit = match string.next() {
            // The short escapes stand for none of its characters.
            Some(b'\\') if string.next() == Some(&b'u') => code_unit(&mut string),
            Some(byte) => u32::from(*byte),
            None => return false,
        };
        unit == u32::from(*reserved)
    })
}

/// The four digits behind `\u`.
fn code_unit(rest: &mut Iter<'_, u8>) -> u32 {
    let digits = rest.take(4);
    digits.fold(0, |unit, &digit| {
        unit * 16 + char::from(digit).to_digit(16).unwrap_or(0)
    })
}
