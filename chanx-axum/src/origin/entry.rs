//! One entry of the list of origins.

use super::tuple::{Host, Origin, default_port, is_https};

/// One entry of the list of origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AllowedOrigin {
    Exact(Origin),
    /// Any host below a domain, not the domain itself.
    Subdomains(Origin),
    /// Of a scheme that is no web server's, or `null`: compared as text.
    Opaque(String),
}

impl AllowedOrigin {
    /// # Panics
    ///
    /// When the entry is not an origin.
    pub(super) fn parse(entry: &str) -> Self {
        Self::try_parse(entry)
            .unwrap_or_else(|mistake| panic!("`{entry}` is not an origin: {mistake}"))
    }

    /// # Errors
    ///
    /// What to write instead.
    pub(super) fn try_parse(entry: &str) -> Result<Self, &'static str> {
        const EXAMPLES: &str = "write `https://app.example` or `https://*.app.example`";

        if entry == "null" {
            return Ok(Self::Opaque(entry.to_owned()));
        }
        let (scheme, rest) = entry.split_once("://").ok_or(EXAMPLES)?;
        if is_https(scheme).is_none() {
            return if is_opaque(scheme, rest) {
                Ok(Self::Opaque(entry.to_owned()))
            } else {
                Err("write it as the browser sends it, such as `capacitor://localhost`")
            };
        }
        if !rest.is_ascii() {
            return Err("write its host in ASCII, as browsers send it (`xn--…`)");
        }
        if let Some(domain) = rest.strip_prefix("*.") {
            let domain = Origin::parse(&format!("{scheme}://{domain}"));
            let domain = domain.filter(|origin| matches!(origin.host, Host::Domain(_)));
            return domain.map(Self::Subdomains).ok_or(EXAMPLES);
        }
        if rest.starts_with('*') {
            return Err("write `https://*.app.example` for subdomains, or `*` for any page");
        }
        Origin::parse(entry).map(Self::Exact).ok_or_else(|| {
            let portless = entry.rsplit_once(':').map(|(portless, _)| portless);
            if portless.and_then(Origin::parse).is_some() {
                "its port has to be a number from 1 to 65535, as in `https://app.example:8443`"
            } else {
                EXAMPLES
            }
        })
    }

    /// True if the entry stands for the origin that a header says.
    pub(super) fn matches(&self, text: &str, origin: Option<&Origin>) -> bool {
        match self {
            Self::Exact(allowed) => origin == Some(allowed),
            Self::Subdomains(domain) => origin.is_some_and(|origin| {
                origin.https == domain.https
                    && origin.port == domain.port
                    && origin.host.is_below(&domain.host)
            }),
            Self::Opaque(allowed) => allowed == text,
        }
    }

    /// The true origin of one without TLS, where this entry says that its host is
    /// served over TLS.
    ///
    /// Two ports that both are no default ones belong to two servers.
    pub(super) fn secured(&self, plain: &Origin) -> Option<Origin> {
        let (secure, is_host) = match self {
            Self::Exact(exact) => (exact, exact.host == plain.host),
            Self::Subdomains(domain) => (domain, plain.host.is_below(&domain.host)),
            Self::Opaque(_) => return None,
        };
        let is_server = secure.port == plain.port
            || secure.port == default_port(true)
            || plain.port == default_port(false);
        (secure.https && !plain.https && is_host && is_server).then(|| Origin {
            https: true,
            host: plain.host.clone(),
            port: secure.port,
        })
    }
}

/// True if an origin of another scheme is written as it is sent: no path and no
/// pattern.
fn is_opaque(scheme: &str, rest: &str) -> bool {
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let mut bytes = rest.bytes();
    is_scheme && bytes.all(|byte| byte.is_ascii_graphic() && !b"/*,?#@\\\"`".contains(&byte))
}
