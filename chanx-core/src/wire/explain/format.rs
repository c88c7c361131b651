//! The formats of texts that a schema may name.

use super::super::kind::Kind;

/// A format of texts that a schema may name.
pub(super) struct Format {
    /// The kind of mistake that a text of another format is.
    pub(super) kind: Kind,
    /// A text, in JSON, that is.
    pub(super) sample: &'static str,
}

impl Format {
    /// By the names of JSON Schema, and those that schemars has besides.
    pub(super) fn named(name: &str) -> Option<Self> {
        let (kind, sample) = match name {
            "date" => (Kind::DateParsing, r#""2000-01-01""#),
            "date-time" => (Kind::DatetimeParsing, r#""2000-01-01T00:00:00Z""#),
            "partial-date-time" => (Kind::DatetimeParsing, r#""2000-01-01T00:00:00""#),
            "zoned-date-time" => (Kind::DatetimeParsing, r#""2000-01-01T00:00:00+00:00[UTC]""#),
            "time" => (Kind::TimeParsing, r#""00:00:00Z""#),
            "partial-time" => (Kind::TimeParsing, r#""00:00:00""#),
            "duration" => (Kind::TimeDeltaParsing, r#""PT1S""#),
            "ip" => (Kind::IpAnyAddress, r#""127.0.0.1""#),
            "ipv4" => (Kind::IpV4Address, r#""127.0.0.1""#),
            "ipv6" => (Kind::IpV6Address, r#""::1""#),
            "uri" | "url" => (Kind::UrlParsing, r#""https://example.com/""#),
            // Of version 4, because a type may refuse the UUID that is nil.
            "uuid" => (
                Kind::UuidParsing,
                r#""6f1e2d3c-4b5a-4697-8899-aabbccddeeff""#,
            ),
            _ => return None,
        };
        Some(Self { kind, sample })
    }
}
