//! The names of groups in Python.

use blake2::{Blake2s, Digest, digest::consts::U6};

/// The longest name that Python takes.
const LONGEST: usize = 99;

/// The bytes of a longer name that are kept before its digest.
const KEPT: usize = 86;

/// True if Python takes a name.
pub(super) fn is_name(name: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_fine)
}

/// The name that Python gives to the group of a topic.
pub(super) fn topic_name(class: &str, topic: &str) -> String {
    let parts = [slug(class), slug(topic)];
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).collect();
    let name = parts
        .iter()
        .map(|part| part.as_str())
        .collect::<Vec<_>>()
        .join(".");
    if name.len() <= LONGEST {
        return name;
    }
    let digest = Blake2s::<U6>::digest(name.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}.{digest}", &name[..KEPT])
}

/// Runs of what is not allowed are one `-` each, and none at either end.
fn slug(text: &str) -> String {
    let is_allowed = |char: &char| char.is_ascii_alphanumeric() || "-_.".contains(*char);
    let mut slug = String::new();
    for char in text.chars() {
        if is_allowed(&char) {
            slug.push(char);
        } else if !slug.ends_with('\0') {
            slug.push('\0');
        }
    }
    slug.replace('\0', "-").trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_have_the_names_that_python_gives_them() {
        let long = format!("run:{}", "x".repeat(120));
        let of_long = format!("RunTopic.run-{}.33a7303d9953", "x".repeat(73));
        for (class, topic, name) in [
            ("RoomTopic", "room:lobby", "RoomTopic.room-lobby"),
            ("RoomTopic", "room:a b", "RoomTopic.room-a-b"),
            (
                "RoomTopic",
                "room:\u{dc}n\u{ef}code/42",
                "RoomTopic.room-n-code-42",
            ),
            ("RunTopic", &long, &of_long),
        ] {
            assert_eq!(topic_name(class, topic), name);
            assert!(is_name(name));
        }
    }

    #[test]
    fn names_that_python_does_not_take_are_none() {
        let long = "n".repeat(100);
        for name in ["", "a b", "a:b", "\u{e9}", &long] {
            assert!(!is_name(name), "{name}");
        }
    }
}
