//! The origin of a page that came from a web server.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A tuple origin, as the fetch standard calls it, with the port written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) https: bool,
    pub(super) host: Host,
    pub(super) port: u16,
}

/// The host of an origin, in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// In lower case.
    Domain(String),
    Ipv4(Ipv4Addr),
    Ipv6(Ipv6Addr),
}

impl Origin {
    /// Reads `https://app.example:8443`, the port being the scheme's own
    /// where there is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let https = is_https(scheme)?;
        let (host, port) = Host::parse_with_port(rest.strip_suffix('/').unwrap_or(rest))?;
        Some(Self {
            https,
            host,
            port: port.unwrap_or(default_port(https)),
        })
    }

    /// The host, and the port unless it is the scheme's own.
    #[cfg(feature = "asyncapi")]
    pub(super) fn authority(&self) -> String {
        let host = match &self.host {
            Host::Domain(domain) => domain.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => format!("[{address}]"),
        };
        if self.port == default_port(self.https) {
            host
        } else {
            format!("{host}:{}", self.port)
        }
    }
}

/// `Some(true)` for the secure scheme of pages, `Some(false)` for the plain one.
pub(super) fn is_https(scheme: &str) -> Option<bool> {
    let is = |name| scheme.eq_ignore_ascii_case(name);
    match () {
        () if is("https") || is("wss") => Some(true),
        () if is("http") || is("ws") => Some(false),
        () => None,
    }
}

/// The port of a scheme whose origins do not write it.
pub(super) fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

impl Host {
    /// Reads `app.example:8443`; a port that is none is an error, not the default one.
    pub(super) fn parse_with_port(text: &str) -> Option<(Self, Option<u16>)> {
        let end_of_host = text.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = match text[end_of_host..].find(':') {
            Some(colon) => {
                let (host, port) = text.split_at(end_of_host + colon);
                (host, Some(parse_port(&port[1..])?))
            }
            None => (text, None),
        };
        Some((Self::parse(host)?, port))
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix('[') {
            let address = address.strip_suffix(']')?.parse().ok()?;
            return Some(Self::Ipv6(address));
        }
        if is_ipv4(text) {
            return Some(Self::Ipv4(text.parse().ok()?));
        }
        is_domain(text).then(|| Self::Domain(text.to_ascii_lowercase()))
    }

    /// True if this is a name somewhere below `domain`.
    pub(super) fn is_below(&self, domain: &Self) -> bool {
        let (Self::Domain(name), Self::Domain(domain)) = (self, domain) else {
            return false;
        };
        let below = name.strip_suffix(domain.as_str());
        below.is_some_and(|labels| labels.len() > 1 && labels.ends_with('.'))
    }
}

/// Digits alone: neither `+443` nor `0443`, which no browser sends.
fn parse_port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| is_number)
}

/// True if browsers take the host for an address, because its last label is a number.
fn is_ipv4(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name as browsers send it: ASCII, with other alphabets in punycode. The
/// dot at the end of an absolute name belongs to it.
fn is_domain(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let mut bytes = label.bytes();
        (1..=63).contains(&label.len())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    labels.len() <= 253 && labels.split('.').all(is_label)
}
