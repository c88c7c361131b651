//! `Sec-WebSocket-Extensions` as it is written (RFC 6455 §9.1).
//!
//! ```text
//! extension-list  = 1#extension
//! extension       = token *( ";" extension-param )
//! extension-param = token [ "=" (token | quoted-string) ]
//! ```

use std::borrow::Cow;

/// An extension as a client offers it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Offer<'a> {
    pub(super) name: &'a str,
    /// Names, and values where they have one.
    pub(super) parameters: Vec<(&'a str, Option<Cow<'a, str>>)>,
}

/// The offers of one header; `None` where it is malformed.
pub(super) fn read(header: &str) -> Option<Vec<Offer<'_>>> {
    let mut rest = Text(header);
    let mut offers = Vec::new();
    loop {
        rest.skip_space();
        // A list may have empty elements (RFC 9110 §5.6.1.2).
        if !rest.0.is_empty() && !rest.0.starts_with(',') {
            offers.push(rest.offer()?);
        }
        if rest.0.is_empty() {
            return Some(offers);
        }
        rest.takes(',').then_some(())?;
    }
}

/// The text that has not been read yet.
struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    fn offer(&mut self) -> Option<Offer<'a>> {
        let name = self.token()?;
        let mut parameters = Vec::new();
        while self.takes(';') {
            let name = self.token()?;
            let value = match self.takes('=') {
                true => Some(self.value()?),
                false => None,
            };
            parameters.push((name, value));
        }
        Some(Offer { name, parameters })
    }

    fn value(&mut self) -> Option<Cow<'a, str>> {
        match self.takes('"') {
            true => self.quoted().map(Cow::Owned),
            false => self.token().map(Cow::Borrowed),
        }
    }

    /// The rest of a quoted string, which has to hold a token.
    fn quoted(&mut self) -> Option<String> {
        let mut value = String::new();
        let mut characters = self.0.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next()?),
                character => value.push(character),
            }
        }
        self.0 = characters.as_str();
        self.skip_space();
        (!value.is_empty() && value.bytes().all(is_token)).then_some(value)
    }

    fn token(&mut self) -> Option<&'a str> {
        self.skip_space();
        let end = self.0.bytes().position(|byte| !is_token(byte));
        let (token, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        self.skip_space();
        (!token.is_empty()).then_some(token)
    }

    fn takes(&mut self, separator: char) -> bool {
        let rest = self.0.strip_prefix(separator);
        self.0 = rest.unwrap_or(self.0);
        self.skip_space();
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }
}

/// RFC 9110 §5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parameters<'a> = &'a [(&'a str, Option<&'a str>)];

    fn offers(header: &str) -> Option<Vec<String>> {
        let offers = read(header)?;
        Some(
            offers
                .into_iter()
                .map(|offer| format!("{offer:?}"))
                .collect(),
        )
    }

    fn offer(name: &'static str, parameters: Parameters<'static>) -> String {
        let parameters = parameters
            .iter()
            .map(|(name, value)| (*name, value.map(Cow::Borrowed)));
        let parameters = parameters.collect();
        format!("{:?}", Offer { name, parameters })
    }

    #[test]
    fn offers_are_read_as_they_are_written() {
        let header = "foo, bar; baz=2;qux , permessage-deflate;a=\"1\\5\" ;\tb";

        let expected = vec![
            offer("foo", &[]),
            offer("bar", &[("baz", Some("2")), ("qux", None)]),
            offer("permessage-deflate", &[("a", Some("15")), ("b", None)]),
        ];
        assert_eq!(offers(header), Some(expected));
    }

    #[test]
    fn empty_elements_of_a_list_are_none() {
        assert_eq!(offers(" ,, foo ,"), Some(vec![offer("foo", &[])]));
        assert_eq!(offers(""), Some(vec![]));
    }

    #[test]
    fn what_is_malformed_is_no_offer() {
        for header in [
            "foo bar",
            "foo;",
            "foo; =1",
            "foo;a=",
            "foo;a=\"",
            "foo;a=\"\"",
            "foo;a=\"b c\"",
            "foo;a=\"b\\",
            "foo;a=\"b\"c",
            "föö",
            "foo;a=b=c",
            ";a",
            "foo/1",
        ] {
            assert_eq!(offers(header), None, "{header}");
        }
    }
}
