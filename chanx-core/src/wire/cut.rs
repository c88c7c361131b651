//! A frame cut in one pass, where nothing about it is out of the ordinary.

use super::{scan::MAX_DEPTH, split::Split};

/// Cuts a frame into the values of its keys; `None` leaves it to serde_json.
///
/// It is left where it is no object, or not JSON, or deeper than it may be, and
/// where a key of the envelope may be written with escapes. serde_json reads the
/// same, in several times as many steps, because it has a visitor to tell.
pub(super) fn cut(frame: &str) -> Option<Split<'_>> {
    let mut split = Split::default();
    let mut rest = Rest::of(frame);
    rest.skip_space();
    rest.take(b'{')?;
    rest.skip_space();
    if rest.take(b'}').is_none() {
        loop {
            let key = rest.cut(Rest::string)?;
            rest.skip_space();
            rest.take(b':')?;
            rest.skip_space();
            let value = rest.cut(Rest::value)?;
            match key {
                "\"action\"" => split.action = Some(value),
                "\"payload\"" => split.payload = Some(value),
                "\"ref\"" => split.reference = Some(value),
                "\"topic\"" => split.topic = Some(value),
                "\"version\"" => split.version = Some(value),
                "\"seq\"" => split.seq = Some(value),
                key if key.contains('\\') => return None,
                _ => {}
            }
            rest.skip_space();
            if rest.take(b'}').is_some() {
                break;
            }
            rest.take(b',')?;
            rest.skip_space();
        }
    }
    rest.skip_space();
    split.is_harmless = !rest.has_marks;
    rest.bytes.is_empty().then_some(split)
}

/// What of a frame has not been looked at.
struct Rest<'a> {
    frame: &'a str,
    bytes: &'a [u8],
    /// Whether there was an escape, or a string that begins with a dollar: then
    /// [`scan`](super::scan) has to look.
    has_marks: bool,
}

/// Eight bytes of one value.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

impl<'a> Rest<'a> {
    fn of(frame: &'a str) -> Self {
        Self {
            frame,
            bytes: frame.as_bytes(),
            has_marks: false,
        }
    }

    /// What `skip` passes over.
    #[inline]
    fn cut(&mut self, skip: fn(&mut Self) -> Option<()>) -> Option<&'a str> {
        let start = self.frame.len() - self.bytes.len();
        skip(self)?;
        self.frame.get(start..self.frame.len() - self.bytes.len())
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        self.bytes = self.bytes.strip_prefix(&[byte])?;
        Some(())
    }

    #[inline]
    fn skip_space(&mut self) {
        // There is none as a rule, and nothing that is none is below it.
        if self.bytes.first().is_some_and(|byte| *byte <= b' ') {
            self.skip_some_space();
        }
    }

    #[cold]
    fn skip_some_space(&mut self) {
        while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = self.bytes {
            self.bytes = rest;
        }
    }

    /// A value, and the values in it.
    #[inline]
    fn value(&mut self) -> Option<()> {
        // The frame itself is an object, in which this one stands.
        let mut depth = 1;
        // Which of them are objects, the innermost last.
        let mut objects: u64 = 0;
        loop {
            match self.next()? {
                b'"' => self.string_behind_quote()?,
                b'{' => {
                    (depth, objects) = (depth + 1, objects << 1 | 1);
                    self.skip_space();
                    if self.bytes.first() != Some(&b'}') {
                        self.key(depth)?;
                        continue;
                    }
                }
                b'[' => {
                    (depth, objects) = (depth + 1, objects << 1);
                    self.skip_space();
                    if self.bytes.first() != Some(&b']') {
                        (depth <= MAX_DEPTH).then_some(())?;
                        continue;
                    }
                }
                b't' => self.literal(b"rue")?,
                b'f' => self.literal(b"alse")?,
                b'n' => self.literal(b"ull")?,
                first => self.number(first)?,
            }
            (depth <= MAX_DEPTH).then_some(())?;
            // A value has ended, and with it what it is the last of.
            loop {
                if depth == 1 {
                    return Some(());
                }
                self.skip_space();
                let in_object = objects & 1 == 1;
                match (self.next()?, in_object) {
                    (b'}', true) | (b']', false) => (depth, objects) = (depth - 1, objects >> 1),
                    (b',', true) => {
                        self.skip_space();
                        self.key(depth)?;
                        break;
                    }
                    (b',', false) => {
                        self.skip_space();
                        break;
                    }
                    _ => return None,
                }
            }
        }
    }

    /// A key, up to its value.
    #[inline]
    fn key(&mut self, depth: usize) -> Option<()> {
        (depth <= MAX_DEPTH).then_some(())?;
        self.string()?;
        self.skip_space();
        self.take(b':')?;
        self.skip_space();
        Some(())
    }

    #[inline]
    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        self.string_behind_quote()
    }

    #[inline]
    fn string_behind_quote(&mut self) -> Option<()> {
        self.has_marks |= self.bytes.first() == Some(&b'$');
        loop {
            let (first, rest) = plain_end(self.bytes).split_first()?;
            self.bytes = rest;
            match first {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0x20.. => {}
                _ => return None,
            }
        }
    }

    /// The rest of an escape, behind its backslash.
    fn escape(&mut self) -> Option<()> {
        self.has_marks = true;
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let (digits, rest) = self.bytes.split_first_chunk::<4>()?;
                self.bytes = rest;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    fn literal(&mut self, rest: &[u8]) -> Option<()> {
        self.bytes = self.bytes.strip_prefix(rest)?;
        Some(())
    }

    /// A number, behind its first byte.
    fn number(&mut self, first: u8) -> Option<()> {
        let first = match first {
            b'-' => self.next()?,
            first => first,
        };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return None,
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if let [b'e' | b'E', rest @ ..] = self.bytes {
            self.bytes = rest;
            if let [b'+' | b'-', rest @ ..] = self.bytes {
                self.bytes = rest;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        self.bytes.first()?.is_ascii_digit().then_some(())?;
        self.skip_digits();
        Some(())
    }

    fn skip_digits(&mut self) {
        while let [b'0'..=b'9', rest @ ..] = self.bytes {
            self.bytes = rest;
        }
    }
}

/// Passes over what ends no string, eight bytes at a time; what is left begins
/// with what may end it, or is shorter.
#[inline]
fn plain_end(mut bytes: &[u8]) -> &[u8] {
    while let Some((eight, rest)) = bytes.split_first_chunk() {
        let special = special(u64::from_le_bytes(*eight));
        if special != 0 {
            // The first of them is in the lowest byte.
            let plain = special.trailing_zeros() as usize / 8;
            return bytes.get(plain..).unwrap_or_default();
        }
        bytes = rest;
    }
    bytes
}

/// The highest bit of each byte that is a quote, a backslash or a control
/// character; the lowest of them is right, those above may be others.
#[inline]
fn special(word: u64) -> u64 {
    let zero = |word: u64| word.wrapping_sub(eight(1)) & !word;
    let control = word.wrapping_sub(eight(0x20)) & !word;
    (zero(word ^ eight(b'"')) | zero(word ^ eight(b'\\')) | control) & eight(0x80)
}
