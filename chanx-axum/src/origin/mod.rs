//! The pages that may open a connection, by the `Origin` header of browsers.

mod entry;
mod host;
mod tuple;

#[cfg(feature = "asyncapi")]
use chanx_asyncapi::Server;
use http::{header, request::Parts, uri::Authority, uri::Scheme};

use self::{entry::AllowedOrigin, host::AllowedHost, tuple::Origin};

/// The pages that may open a connection, by the `Origin` header of browsers.
///
/// The request's own origin is always allowed; so is a request without the
/// header, which does not come from a browser's page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins {
    allowed: Vec<AllowedOrigin>,
    /// The server's own hosts; whichever a request names, where there are none.
    hosts: Vec<AllowedHost>,
    https: bool,
    forwarded: bool,
    any: bool,
}

impl Origins {
    /// # Panics
    ///
    /// When an entry is not an origin.
    pub(crate) fn allow(&mut self, entry: &str) {
        if entry == "*" {
            self.any = true;
        } else {
            self.allowed.push(AllowedOrigin::parse(entry));
        }
    }

    /// # Panics
    ///
    /// When an entry is not a host.
    pub(crate) fn allow_host(&mut self, entry: &str) {
        self.hosts.push(AllowedHost::parse(entry));
    }

    pub(crate) fn https(&mut self) {
        self.https = true;
    }

    pub(crate) fn trust_forwarded(&mut self) {
        self.forwarded = true;
    }

    /// True if the page that sent this request may open a connection.
    pub(crate) fn permit(&self, request: &Parts) -> bool {
        let mut origins = request.headers.get_all(header::ORIGIN).iter();
        let Some(origin) = origins.next() else {
            return true;
        };
        if self.any {
            return true;
        }
        let several = origins.next().is_some();
        origin.to_str().is_ok_and(|text| {
            let origin = Origin::parse(text);
            let is_own = origin.is_some()
                && (self.is_spelled_as_own(text, request) || self.own(request) == origin);
            let is_allowed = || {
                let mut allowed = self.allowed.iter();
                allowed.any(|allowed| allowed.matches(text, origin.as_ref()))
            };
            !several && (is_own || is_allowed())
        })
    }

    /// An entry for [`allow`](Self::allow) that lets the page of a request in,
    /// where there can be one.
    pub(crate) fn entry_for(request: &Parts) -> Option<&str> {
        let origin = request.headers.get(header::ORIGIN)?.to_str().ok()?;
        AllowedOrigin::try_parse(origin).ok().map(|_| origin)
    }

    /// The WebSocket server that the request was sent to.
    #[cfg(feature = "asyncapi")]
    pub(crate) fn server_of(&self, request: &Parts) -> Option<Server> {
        let own = self.own(request)?;
        Some(Server::new(own.authority(), own.https))
    }

    /// True if an origin is the one that the request was sent to, letter by letter, and
    /// nothing has been set by which that might not be the server's own: then neither has
    /// to be understood.
    fn is_spelled_as_own(&self, origin: &str, request: &Parts) -> bool {
        let is_spelled = |(scheme, host)| {
            let rest = origin.strip_prefix(scheme)?.strip_prefix("://")?;
            Some(rest == host)
        };
        self.hosts.is_empty()
            && self.allowed.is_empty()
            && self.addressed(request).and_then(is_spelled) == Some(true)
    }

    /// The scheme and the host that the request was sent to, as whoever sent it wrote them.
    fn addressed<'a>(&self, request: &'a Parts) -> Option<(&'a str, &'a str)> {
        let forwarded = |name| {
            if !self.forwarded {
                return None;
            }
            let value = request.headers.get(name)?;
            value.to_str().ok()?.split(',').next().map(str::trim)
        };
        let scheme = forwarded("x-forwarded-proto")
            .or_else(|| self.https.then_some("https"))
            .or_else(|| request.uri.scheme().map(Scheme::as_str))
            .unwrap_or("http");
        let host = forwarded("x-forwarded-host")
            .or_else(|| request.headers.get(header::HOST)?.to_str().ok())
            .or_else(|| request.uri.authority().map(Authority::as_str))?;
        Some((scheme, host))
    }

    /// The server's own origin, as whoever sent the request sees it.
    ///
    /// None where the request names a host that is not the server's.
    fn own(&self, request: &Parts) -> Option<Origin> {
        let (scheme, host) = self.addressed(request)?;
        let own = Origin::parse(&format!("{scheme}://{host}"))?;
        let is_own = self.hosts.is_empty() || self.hosts.iter().any(|host| host.matches(&own));
        if !is_own {
            return None;
        }
        let mut allowed = self.allowed.iter();
        let secured = allowed.find_map(|entry| entry.secured(&own));
        Some(secured.unwrap_or(own))
    }
}
