//! Identifiers that are given out once each.

use std::collections::HashSet;

use heck::ToLowerCamelCase;
use unicode_ident::{is_xid_continue, is_xid_start};

/// What the client's code takes for what every platform has.
const GLOBALS: &[&str] = &[
    "Array",
    "AsyncIterable",
    "AsyncIterableIterator",
    "Boolean",
    "Date",
    "Error",
    "Extract",
    "Infinity",
    "IterableIterator",
    "Iterator",
    "IteratorResult",
    "JSON",
    "Map",
    "Math",
    "Number",
    "Object",
    "Omit",
    "Partial",
    "Pick",
    "Promise",
    "RangeError",
    "Record",
    "RegExp",
    "ReturnType",
    "Set",
    "String",
    "Symbol",
    "TypeError",
    "globalThis",
];

/// The words of TypeScript that name no type, or one of its own.
const WORDS: &[&str] = &[
    "any",
    "as",
    "asserts",
    "async",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "declare",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "get",
    "if",
    "implements",
    "import",
    "in",
    "infer",
    "instanceof",
    "interface",
    "intrinsic",
    "is",
    "keyof",
    "let",
    "module",
    "namespace",
    "never",
    "new",
    "null",
    "number",
    "object",
    "of",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "return",
    "set",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unique",
    "unknown",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Names of one kind.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<String>);

impl Names {
    /// Names of the functions that an object has, which is no promise: `await` would call `then`.
    pub(crate) fn of_functions() -> Self {
        Self(HashSet::from(["then".to_owned()]))
    }

    /// Names that are none of TypeScript's and of its globals, nor among those `taken`.
    pub(crate) fn beside(taken: impl Iterator<Item = String>) -> Self {
        let own = GLOBALS.iter().chain(WORDS);
        Self(own.map(|word| (*word).to_owned()).chain(taken).collect())
    }

    /// The wanted name, or the same with the lowest number behind it that makes it free.
    pub(crate) fn claim(&mut self, wanted: String) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        std::iter::once(wanted.clone())
            .chain(numbered)
            .find(|name| self.0.insert(name.clone()))
            .expect("there are more numbers than names")
    }
}

/// A type's name as an identifier: `PagePoint` for `Page<Point>`.
pub(crate) fn type_name(name: &str) -> String {
    let words = name.split(|letter| !is_xid_continue(letter));
    let mut words = words.filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    let joined = words.fold(first, |name, word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        name + &first.chain(letters).collect::<String>()
    });
    not_a_digit_first(joined)
}

/// A channel's name as that of a function: `backgroundJobs` for `background_jobs`.
pub(crate) fn function_name(name: &str) -> String {
    let plain = name.replace(|letter| !is_xid_continue(letter), "_");
    not_a_digit_first(plain.to_lower_camel_case())
}

fn not_a_digit_first(name: String) -> String {
    if name.starts_with(|first| is_xid_start(first) || first == '_') {
        return name;
    }
    format!("_{name}")
}

/// A property's name as it may stand in an object.
pub(crate) fn key(name: &str) -> String {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let is_plain = name.chars().all(letters)
        && name.starts_with(|first: char| !first.is_ascii_digit())
        && name != "__proto__";
    if is_plain {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// Text as a literal.
pub(crate) fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    // They end a line of JavaScript that is older than ES2019.
    json.replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::{Names, function_name, key, quoted, type_name};

    #[test]
    fn a_name_is_given_once_and_none_of_the_languages_is() {
        let mut names = Names::beside(["Connection".to_owned()].into_iter());

        assert_eq!(names.claim("Status".to_owned()), "Status");
        assert_eq!(names.claim("Status".to_owned()), "Status2");
        assert_eq!(names.claim("Promise".to_owned()), "Promise2");
        assert_eq!(names.claim("class".to_owned()), "class2");
        assert_eq!(names.claim("Connection".to_owned()), "Connection2");
    }

    #[test]
    fn names_of_all_kinds_become_identifiers() {
        assert_eq!(type_name("Page<Point>"), "PagePoint");
        assert_eq!(type_name("Page_for_Point"), "Page_for_Point");
        assert_eq!(type_name("2fa"), "_2fa");
        assert_eq!(type_name("Größe"), "Größe");
        assert_eq!(type_name("Map<大小>"), "Map大小");
        assert_eq!(type_name("a…b"), "aB");
        assert_eq!(function_name("background_jobs"), "backgroundJobs");
        assert_eq!(function_name("größe_ändern"), "größeÄndern");
        assert_eq!(function_name("<b>"), "b");
        assert_eq!(function_name("9 lives"), "_9Lives");
        assert_eq!(function_name("…"), "_");
        assert_eq!(key("reply_to"), "reply_to");
        assert_eq!(key("$ref"), "$ref");
        assert_eq!(key("X-Api-Key"), r#""X-Api-Key""#);
        assert_eq!(key("__proto__"), r#""__proto__""#);
        assert_eq!(key(""), r#""""#);
        assert_eq!(quoted("\"\u{2028}"), "\"\\\"\\u2028\"");
    }
}
