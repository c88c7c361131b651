//! The beginning of an action's frames.

/// The longest action that has a head made while compiling.
const MAX_ACTION: usize = 128;

/// The beginning of a frame, up to its action.
pub(super) const BEFORE: &str = r#"{"action":""#;

/// All between an action and its payload.
pub(super) const BETWEEN: &str = r#"","payload":"#;

/// An action, and its frames up to their payload, made while compiling.
#[derive(Debug)]
pub(crate) struct Head {
    action: &'static str,
    bytes: [u8; BEFORE.len() + MAX_ACTION + BETWEEN.len()],
    /// None at all where the action is too long, or has what JSON escapes.
    len: usize,
}

impl Head {
    pub(crate) const fn of(action: &'static str) -> Self {
        let mut head = Self {
            action,
            bytes: [0; BEFORE.len() + MAX_ACTION + BETWEEN.len()],
            len: 0,
        };
        if action.len() <= MAX_ACTION && is_bare(action.as_bytes()) {
            head.append(BEFORE.as_bytes());
            head.append(action.as_bytes());
            head.append(BETWEEN.as_bytes());
        }
        head
    }

    const fn append(&mut self, part: &[u8]) {
        let (_, rest) = self.bytes.split_at_mut(self.len);
        rest.split_at_mut(part.len()).0.copy_from_slice(part);
        self.len += part.len();
    }

    /// The action.
    pub(super) fn action(&self) -> &'static str {
        self.action
    }

    /// The beginning of its frames, unless that takes escaping.
    #[inline]
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.bytes.get(..self.len).filter(|head| !head.is_empty())
    }
}

/// True if JSON has nothing to escape in a text (RFC 8259 §7).
const fn is_bare(text: &[u8]) -> bool {
    let mut index = 0;
    while index < text.len() {
        if matches!(text[index], 0..0x20 | b'"' | b'\\') {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Encoder, Envelope};

    #[test]
    fn a_frame_is_the_same_whether_its_head_is_made_before_or_not() {
        const LONG: &str = "a_name_of_more_than_128_bytes_which_no_message_has_but_an_event_\
            may_since_it_is_not_sent_by_clients_and_so_its_length_is_nowhere_checked";
        for head in [
            const { &Head::of("echo") },
            const { &Head::of("") },
            const { &Head::of("gr\u{fc}\u{df}e \u{7f} \u{2028}") },
            const { &Head::of("say \"hi\"") },
            const { &Head::of("back\\slash") },
            const { &Head::of("line\nfeed \u{1f}") },
            const { &Head::of(LONG) },
        ] {
            let made = Encoder::new(Envelope::push()).headed(head, &7).unwrap();
            let written = Encoder::new(Envelope::push())
                .message(head.action(), &7)
                .unwrap();
            assert_eq!(made, written);
        }
    }
}
