//! Names that are given out once each.

use std::collections::HashSet;

/// Names of one kind.
///
/// Compared without case and separators, since generators turn them into
/// identifiers of languages that write those in their own way.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<String>);

impl Names {
    /// The first of the wanted names that is free, or else the last of them
    /// with the lowest number that makes it so.
    ///
    /// # Panics
    ///
    /// When no name is wanted.
    pub(crate) fn claim(&mut self, wanted: &[&str]) -> String {
        for name in wanted {
            if self.take(name) {
                return (*name).to_owned();
            }
        }
        let last = wanted.last().expect("at least one name is wanted");
        let mut number = 2;
        loop {
            let name = format!("{last}_{number}");
            if self.take(&name) {
                return name;
            }
            number += 1;
        }
    }

    fn take(&mut self, name: &str) -> bool {
        let plain = name.chars().filter(char::is_ascii_alphanumeric);
        self.0
            .insert(plain.collect::<String>().to_ascii_lowercase())
    }
}

/// The names of types, compared as they are; a number follows without a separator, as schemars
/// does it.
#[derive(Debug, Default)]
pub(crate) struct TypeNames(HashSet<String>);

impl TypeNames {
    /// The wanted name, with a number behind it where that is taken.
    pub(crate) fn claim(&mut self, wanted: &str) -> String {
        let wanted = plain(&words(wanted));
        let mut name = wanted.clone();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}{number}");
        }
        name
    }
}

/// The letters that stand between the names of types, besides spaces.
const BREAKS: [char; 11] = ['<', '>', ',', '&', '(', ')', '[', ']', ';', ':', '\''];

/// The name of a generic type with those of its parameters behind it: `PagePoint` for
/// `Page<Point>`.
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut begins = false;
    for letter in name.chars() {
        if letter.is_whitespace() || BREAKS.contains(&letter) {
            begins = !words.is_empty();
        } else if begins {
            words.extend(letter.to_uppercase());
            begins = false;
        } else {
            words.push(letter);
        }
    }
    words
}

/// A name as references may hold it and generators make identifiers from it:
/// of ASCII letters, digits and underscores, none of the digits in front.
pub(crate) fn plain(name: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut plain: String = name
        .chars()
        .map(|letter| if allowed(letter) { letter } else { '_' })
        .collect();
    if !plain.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
        plain.insert(0, '_');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Names, TypeNames, plain};

    #[test]
    fn a_name_is_given_once_whatever_its_case_and_separators() {
        let mut names = Names::default();

        assert_eq!(names.claim(&["say_hello"]), "say_hello");
        assert_eq!(
            names.claim(&["SayHello", "room_say_hello"]),
            "room_say_hello"
        );
        assert_eq!(names.claim(&["say-hello"]), "say-hello_2");
    }

    #[test]
    fn a_type_name_is_numbered_as_schemars_numbers_it() {
        let mut names = TypeNames::default();

        assert_eq!(names.claim("Status"), "Status");
        assert_eq!(names.claim("Status"), "Status2");
        assert_eq!(names.claim("status"), "status");
        assert_eq!(names.claim("Page<Point>"), "PagePoint");
        assert_eq!(names.claim("PagePoint"), "PagePoint2");
        assert_eq!(
            names.claim("HashMap<string, Vec<u8>>"),
            "HashMapStringVecU8"
        );
    }

    #[test]
    fn a_plain_name_can_stand_in_a_reference() {
        assert_eq!(plain("Page<Chat>"), "Page_Chat_");
        assert_eq!(plain("2fa"), "_2fa");
        assert_eq!(plain(""), "_");
    }
}
