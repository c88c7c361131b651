//! Which pages may open a connection.

#[cfg(feature = "asyncapi")]
use chanx_asyncapi::Server;
use http::{Uri, header, request::Parts, uri::Scheme};

/// Which pages may open a connection, by the `Origin` header of browsers.
///
/// The request's own origin is always allowed; so is a request without the
/// header, which does not come from a browser's page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins {
    allowed: Vec<AllowedOrigin>,
    forwarded: bool,
    any: bool,
}

/// One entry of the allow list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum AllowedOrigin {
    Exact(Origin),
    /// Any host below a domain, not the domain itself.
    Subdomains(Origin),
}

/// What the fetch standard calls a tuple origin, with the port written out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origins {
    /// # Panics
    ///
    /// When an entry is not an origin.
    pub(crate) fn allow(&mut self, entry: &str) {
        if entry == "*" {
            self.any = true;
            return;
        }
        let parsed = entry
            .split_once("://*.")
            .map_or_else(
                || Origin::parse(entry).map(AllowedOrigin::Exact),
                |(scheme, domain)| {
                    Origin::parse(&format!("{scheme}://{domain}")).map(AllowedOrigin::Subdomains)
                },
            )
            .unwrap_or_else(|| {
                panic!("`{entry}` is not an origin: write `https://app.example` or `https://*.app.example`")
            });
        self.allowed.push(parsed);
    }

    pub(crate) fn trust_forwarded(&mut self) {
        self.forwarded = true;
    }

    /// Whether the page that sent this request may open a connection.
    pub(crate) fn permit(&self, request: &Parts) -> bool {
        let mut origins = request.headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else {
            return true;
        };
        if self.any {
            return true;
        }
        let origin = origin.to_str().ok().and_then(Origin::parse);
        origins.next().is_none()
            && origin.is_some_and(|origin| {
                self.own(request).as_ref() == Some(&origin)
                    || self.allowed.iter().any(|allowed| allowed.matches(&origin))
            })
    }

    /// The WebSocket server that the request was sent to.
    #[cfg(feature = "asyncapi")]
    pub(crate) fn server_of(&self, request: &Parts) -> Option<Server> {
        let Origin { https, host, port } = self.own(request)?;
        let is_default = port == if https { 443 } else { 80 };
        let host = if is_default {
            host
        } else {
            format!("{host}:{port}")
        };
        Some(Server::new(host, https))
    }

    /// The origin that the request was sent to.
    fn own(&self, request: &Parts) -> Option<Origin> {
        let forwarded = |name| {
            let value = request.headers.get(name).filter(|_| self.forwarded)?;
            value.to_str().ok()?.split(',').next().map(str::trim)
        };
        let scheme = forwarded("x-forwarded-proto")
            .or_else(|| request.uri.scheme().map(Scheme::as_str))
            .unwrap_or("http");
        let host = forwarded("x-forwarded-host")
            .or_else(|| request.headers.get(header::HOST)?.to_str().ok())
            .or_else(|| request.uri.authority().map(http::uri::Authority::as_str))?;
        Origin::parse(&format!("{scheme}://{host}"))
    }
}

impl AllowedOrigin {
    fn matches(&self, origin: &Origin) -> bool {
        match self {
            Self::Exact(allowed) => allowed == origin,
            Self::Subdomains(domain) => {
                let below = origin.host.strip_suffix(&domain.host);
                origin.https == domain.https
                    && origin.port == domain.port
                    && below.is_some_and(|label| label.len() > 1 && label.ends_with('.'))
            }
        }
    }
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let https = match uri.scheme_str()? {
            "https" | "wss" => true,
            "http" | "ws" => false,
            _ => return None,
        };
        let authority = uri.authority()?;
        if !matches!(uri.path(), "" | "/")
            || uri.query().is_some()
            || authority.as_str().contains('@')
        {
            return None;
        }
        Some(Self {
            https,
            host: authority.host().to_ascii_lowercase(),
            port: authority.port_u16().unwrap_or(if https { 443 } else { 80 }),
        })
    }
}
