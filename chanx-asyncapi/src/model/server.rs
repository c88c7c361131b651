//! The servers of an application.

use http::Uri;
use serde::Serialize;

/// A host that serves the channels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Server {
    /// The host, with its port where that is not the protocol's own.
    pub host: String,
    /// `ws`, or `wss` over TLS.
    pub protocol: &'static str,
    /// The path before every channel's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pathname: Option<String>,
    /// The purpose of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Server {
    /// A server at a host: `wss` over TLS, else `ws`.
    #[must_use]
    pub fn new(host: impl Into<String>, tls: bool) -> Self {
        Self {
            host: host.into(),
            protocol: if tls { "wss" } else { "ws" },
            pathname: None,
            description: None,
        }
    }

    /// The server of a `ws://` or `wss://` URL; `None` for any other, and for one with a
    /// user or a query.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let tls = match uri.scheme_str()? {
            "wss" => true,
            "ws" => false,
            _ => return None,
        };
        let host = uri.authority()?.as_str();
        if host.contains('@') || uri.query().is_some() {
            return None;
        }
        let mut server = Self::new(host, tls);
        server.pathname = match uri.path().trim_end_matches('/') {
            "" => None,
            path => Some(path.to_owned()),
        };
        Some(server)
    }

    /// The name of a server that has not been named: `development` for this machine,
    /// `production` for any other.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let host = match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => self.host.as_str(),
        };
        let local = host == "localhost"
            || host.ends_with(".localhost")
            || host.starts_with("127.")
            || matches!(host, "[::1]" | "0.0.0.0");
        if local { "development" } else { "production" }
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn a_server_is_a_websocket_url() {
        let server = Server::parse("wss://chat.example:8443/base/").unwrap();

        assert_eq!(server.host, "chat.example:8443");
        assert_eq!(server.protocol, "wss");
        assert_eq!(server.pathname.as_deref(), Some("/base"));
    }

    #[test]
    fn no_other_url_is_a_server() {
        for url in [
            "",
            "chat.example",
            "https://chat.example",
            "ws://user@chat.example",
            "ws://chat.example/?a=b",
            "ws:///path",
        ] {
            assert_eq!(Server::parse(url), None, "{url}");
        }
    }

    #[test]
    fn this_machine_is_for_development() {
        let name = |host: &str| Server::new(host, false).name();

        for host in ["localhost:8000", "a.localhost", "127.0.0.1", "[::1]:80"] {
            assert_eq!(name(host), "development", "{host}");
        }
        for host in ["chat.example", "localhost.example:80", "[2001:db8::1]"] {
            assert_eq!(name(host), "production", "{host}");
        }
    }
}
