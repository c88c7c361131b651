//! A channel's handshake as data.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::SchemaOf;

/// A credential that a handshake reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Security {
    /// A bearer token (RFC 6750).
    Bearer,
    /// A cookie of this name.
    Cookie(Cow<'static, str>),
    /// A query parameter of this name.
    Query(Cow<'static, str>),
    /// A header of this name.
    Header(Cow<'static, str>),
}

impl Security {
    /// A cookie of this name.
    #[must_use]
    pub const fn cookie(name: &'static str) -> Self {
        Self::Cookie(Cow::Borrowed(name))
    }

    /// A query parameter of this name.
    #[must_use]
    pub const fn query(name: &'static str) -> Self {
        Self::Query(Cow::Borrowed(name))
    }

    /// A header of this name.
    #[must_use]
    pub const fn header(name: &'static str) -> Self {
        Self::Header(Cow::Borrowed(name))
    }
}

/// The parts of a request that a channel's handshake reads, as far as they are
/// declared.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct HandshakeDescription {
    /// The credentials, any one of which is enough.
    pub security: Vec<Security>,
    /// The type of the path's parameters.
    pub path: Option<SchemaOf>,
    /// The type of the query.
    pub query: Option<SchemaOf>,
    /// The type of the headers.
    pub headers: Option<SchemaOf>,
}
