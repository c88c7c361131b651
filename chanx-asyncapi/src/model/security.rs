//! The credentials that a connection may be asked for.

use serde::Serialize;

/// A credential, and where it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum SecurityScheme {
    /// HTTP's own `Authorization` header (RFC 9110 §11).
    Http {
        /// The scheme by which it is read, such as `bearer` (RFC 6750).
        scheme: &'static str,
        /// A description for clients.
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// A key in a header, a cookie or the query.
    HttpApiKey {
        /// The name that it has there.
        name: String,
        /// `header`, `cookie` or `query`.
        #[serde(rename = "in")]
        place: &'static str,
    },
}

impl SecurityScheme {
    pub(crate) fn bearer() -> Self {
        let description = "In the `Authorization` header; from a browser's page, \
            which cannot set it, as the subprotocols `bearer` and the token.";
        Self::Http {
            scheme: "bearer",
            description: Some(description.to_owned()),
        }
    }
}
