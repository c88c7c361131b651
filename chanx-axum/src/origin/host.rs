//! One entry of the list of the server's own hosts.

use super::tuple::{Host, Origin};

/// One entry of the list of the server's own hosts.
#[derive(Debug, Clone)]
pub(super) struct AllowedHost {
    host: Host,
    /// Any host below it, and not the host itself.
    subdomains: bool,
    /// Any port where there is none.
    port: Option<u16>,
}

impl AllowedHost {
    /// # Panics
    ///
    /// When the entry is not a host.
    pub(super) fn parse(entry: &str) -> Self {
        let (text, subdomains) = match entry.strip_prefix("*.") {
            Some(domain) => (domain, true),
            None => (entry, false),
        };
        let parsed = Host::parse_with_port(text)
            .filter(|(host, _)| !subdomains || matches!(host, Host::Domain(_)));
        let Some((host, port)) = parsed else {
            panic!(
                "`{entry}` is not a host: write `app.example`, `*.app.example`, `127.0.0.1` or \
                 `[::1]`, with a port where only that is meant"
            );
        };
        Self {
            host,
            subdomains,
            port,
        }
    }

    pub(super) fn matches(&self, origin: &Origin) -> bool {
        let is_host = if self.subdomains {
            origin.host.is_below(&self.host)
        } else {
            origin.host == self.host
        };
        is_host && self.port.is_none_or(|port| port == origin.port)
    }
}
