//! Text from outside, as it is written into a line of the log.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

/// Text from outside, as it is written into a line of the log.
///
/// Nothing that a client sends ends a line, begins a field, moves a terminal's
/// cursor or turns the direction of writing: such characters are escaped, and
/// a long text is cut. A plain word is shown as it is, all else in quotes.
#[derive(Debug, Clone, Copy)]
pub struct Foreign<'a> {
    text: &'a str,
    most: usize,
}

impl<'a> Foreign<'a> {
    /// A name: an action, a user, an origin. At most 256 bytes of it are shown.
    #[must_use]
    pub fn name(text: &'a str) -> Self {
        Self { text, most: 256 }
    }

    /// Prose, such as an error's text. At most 2 KiB of it are shown.
    #[must_use]
    pub fn prose(text: &'a str) -> Self {
        Self { text, most: 2048 }
    }

    /// The text without quotes, for a field that the subscriber quotes itself.
    #[must_use]
    pub fn to_text(self) -> Cow<'a, str> {
        if self.is_plain() || self.text.len() <= self.most && !self.text.chars().any(is_escaped) {
            return Cow::Borrowed(self.text);
        }
        let mut escaped = String::new();
        // Writing to a string does not fail.
        let _ = self.write_escaped(&mut escaped);
        Cow::Owned(escaped)
    }

    fn write_escaped(self, to: &mut impl Write) -> fmt::Result {
        let shown = &self.text[..self.text.floor_char_boundary(self.most)];
        for character in shown.chars() {
            match character {
                '"' | '\\' | '\n' | '\r' | '\t' => write!(to, "{}", character.escape_default())?,
                other if is_escaped(other) => write!(to, "{}", other.escape_unicode())?,
                other => to.write_char(other)?,
            }
        }
        if shown.len() < self.text.len() {
            to.write_char('…')?;
        }
        Ok(())
    }
}

impl fmt::Display for Foreign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_plain() {
            return f.write_str(self.text);
        }
        f.write_char('"')?;
        self.write_escaped(f)?;
        f.write_char('"')
    }
}

impl Foreign<'_> {
    /// True if the text is a word that cannot be taken for anything else.
    fn is_plain(&self) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/@+#~*".contains(&byte);
        !self.text.is_empty() && self.text.len() <= self.most && self.text.bytes().all(is_plain)
    }
}

/// True if the character may do more to a line than stand in it.
fn is_escaped(character: char) -> bool {
    let is_invisible = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    matches!(character, '"' | '\\') || character.is_control() || is_invisible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_shown_as_it_is() {
        assert_eq!(Foreign::name("room.lobby").to_string(), "room.lobby");
        assert_eq!(Foreign::name("unheard of").to_string(), "\"unheard of\"");
        assert_eq!(Foreign::name("").to_string(), "\"\"");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = "é".repeat(200);

        assert_eq!(Foreign::name(&long).to_text(), "é".repeat(128) + "…");
        assert_eq!(Foreign::prose(&long).to_text(), long);
    }

    #[test]
    fn what_would_do_more_than_stand_there_is_escaped() {
        let hostile = Foreign::name("a\nb\u{1b}[0m\u{202e}\"\\");

        assert_eq!(hostile.to_text(), r#"a\nb\u{1b}[0m\u{202e}\"\\"#);
    }
}
