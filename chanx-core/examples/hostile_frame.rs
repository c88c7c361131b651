//! Answers one hostile frame of so many bytes, for `scripts/bounds` to count the work.
//!
//! ```text
//! hostile_frame                prints the names of the frames
//! hostile_frame NAME BYTES
//! ```

#[path = "../tests/bounds/anything.rs"]
mod anything;

use std::env;

use self::anything::answer;

/// A payload of about so many bytes.
type Payload = fn(usize) -> String;

/// Each makes work in a way of its own; nearly all are refused at their very end.
const PAYLOADS: &[(&str, Payload)] = &[
    ("rules-broken-in-a-list", |size| {
        object("numbers", &list("0", "0", size))
    }),
    ("rules-broken-in-a-map", |size| {
        members(r#"{"texts":[""]}"#, "null", size, r#""named":"#)
    }),
    ("rules-broken-under-flatten", |size| {
        members("0", "1", size, "")
    }),
    ("texts-broken-under-flatten", |size| {
        members(r#""""#, r#""""#, size, "")
    }),
    ("rules-broken-in-children", |size| {
        object("children", &list(r#"{"texts":[""]}"#, r#"{"k":0}"#, size))
    }),
    ("wrong-at-the-end-of-a-list", |size| {
        object("numbers", &list("9", "[]", size))
    }),
    ("wrong-at-the-end-of-a-map", |size| {
        members("{}", "0", size, r#""named":"#)
    }),
    ("wrong-at-the-end-under-flatten", |size| {
        members("9", "null", size, "")
    }),
    ("wrong-at-the-end-of-children", |size| {
        object("children", &list(r#"{"numbers":[9]}"#, "0", size))
    }),
    ("wrong-at-the-end-of-untagged", |size| {
        object("untagged", &list(r#""""#, "0", size))
    }),
    ("wrong-behind-a-value", |size| {
        format!(r#"{{"value":{},"texts":0}}"#, list("[{}]", "[]", size))
    }),
    ("wrong-at-the-end-of-a-long-path", |size| {
        let (before, after) = (r#"{"children":["#.repeat(29), "]}".repeat(29));
        let widest = size.saturating_sub(before.len() + after.len());
        format!(
            "{before}{}{after}",
            object("children", &list("{}", "0", widest))
        )
    }),
    ("wide-and-wrong-at-each-level", |size| {
        (0..29).fold("0".to_owned(), |inner, _| {
            format!(
                r#"{{"numbers":{},"children":[{inner}]}}"#,
                list("9", "9", size / 29)
            )
        })
    }),
    ("one-key-many-times", |size| {
        format!("{{{},\"numbers\":0}}", joined(r#""value":0"#, size))
    }),
    ("two-keys-many-times", |size| {
        format!("{{{},\"texts\":0}}", joined(r#""a":1,"b":1"#, size))
    }),
    ("a-long-key", |size| {
        object(&"\u{e9}".repeat(size / 2), "null")
    }),
    ("a-long-key-and-a-broken-rule", |size| {
        object(&"\u{e9}".repeat(size / 2), "0")
    }),
    ("a-long-text", |size| {
        object("texts", &format!("\"{}\"", "a".repeat(size)))
    }),
    ("a-long-text-of-escapes", |size| {
        object("untagged", &format!("\"{}\"", r"\u0024".repeat(size / 6)))
    }),
    ("texts-that-begin-like-reserved-keys", |size| {
        object("texts", &list(r#""$serde_json::private:""#, "0", size))
    }),
    ("a-long-integer", |size| {
        object("numbers", &format!("[1{}]", "9".repeat(size)))
    }),
    ("a-long-fraction", |size| {
        object("value", &format!("[0.{}e999]", "9".repeat(size)))
    }),
    ("a-long-exponent", |size| {
        object("value", &format!("[1e{}]", "9".repeat(size)))
    }),
    ("brackets", |size| {
        format!("{}{}", "[".repeat(size / 2), "]".repeat(size / 2))
    }),
    ("white-space", |size| format!("{}0", " ".repeat(size))),
    ("not-json", |size| format!("[{}", joined("{}", size))),
];

fn main() {
    let mut args = env::args().skip(1);
    let Some(name) = args.next() else {
        PAYLOADS.iter().for_each(|(name, _)| println!("{name}"));
        return;
    };
    let (_, payload) = PAYLOADS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("one of the names that are printed");
    let size = args.next().expect("a number of bytes").parse();
    let payload = payload(size.expect("a number of bytes"));

    let answer = answer(&format!(r#"{{"action":"anything","payload":{payload}}}"#));

    assert!(answer.is_some(), "it is hostile: {name}");
}

fn object(key: &str, value: &str) -> String {
    format!(r#"{{"{key}":{value}}}"#)
}

fn list(item: &str, last: &str, size: usize) -> String {
    format!("[{},{last}]", joined(item, size))
}

fn joined(item: &str, size: usize) -> String {
    let more = (size / (item.len() + 1)).saturating_sub(1);
    format!("{item}{}", format!(",{item}").repeat(more))
}

/// An object with keys that differ, as it is or behind a key.
fn members(value: &str, last: &str, size: usize, key: &str) -> String {
    let count = size / (value.len() + 8);
    let mut members = String::with_capacity(size + 64);
    for n in 0..count {
        members += &format!(r#""{n:05}":{value},"#);
    }
    let members = format!(r#"{{{members}"last":{last}}}"#);
    if key.is_empty() {
        members
    } else {
        format!("{{{key}{members}}}")
    }
}
