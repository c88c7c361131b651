//! WebSocket's opening handshake, the server's side of it.

use std::borrow::Cow;

use axum::response::Response;
use base64::{Engine, engine::general_purpose::STANDARD};
use chanx_core::Compression;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts,
};
use hyper::upgrade::OnUpgrade;
use sha1::{Digest, Sha1};

use crate::{
    compression::Deflating,
    rejection::{malformed_extensions, malformed_key, upgrade_required},
    request::{self, elements},
};

/// The text that a server puts behind a client's key before it hashes both (RFC 6455
/// §1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A well-formed request for a WebSocket, with the connection that it came by.
#[derive(Debug)]
pub(crate) struct OpeningHandshake {
    connection: OnUpgrade,
    /// The answer to the client's key; HTTP/2 has neither (RFC 8441 §5).
    accept: Option<HeaderValue>,
    subprotocol: Option<HeaderValue>,
    deflating: Option<Deflating>,
}

impl OpeningHandshake {
    /// Reads a request, and takes the connection from it.
    ///
    /// # Errors
    ///
    /// 426 where the request does not ask for a WebSocket of version 13, 400
    /// where its key is malformed.
    pub(crate) fn read(request: &mut Parts) -> Result<Self, Response> {
        let over_http1 = request.version == Version::HTTP_11;
        let asks = if over_http1 {
            asks_over_http1(request)
        } else {
            asks_over_http2(request)
        };
        let version = the_only(&request.headers, header::SEC_WEBSOCKET_VERSION);
        if !asks || version != Some(b"13") {
            return Err(upgrade_required());
        }
        let accept = if over_http1 {
            let key = the_only(&request.headers, header::SEC_WEBSOCKET_KEY);
            let key = key.filter(|key| is_key(key)).ok_or_else(malformed_key)?;
            Some(accept(key))
        } else {
            None
        };
        let connection = request.extensions.remove::<OnUpgrade>();
        Ok(Self {
            connection: connection.ok_or_else(upgrade_required)?,
            accept,
            subprotocol: None,
            deflating: None,
        })
    }

    /// Chooses the first of `spoken` that the client offers (RFC 6455 §4.2.2).
    ///
    /// `bearer` is the last choice: a browser that has sent a token that way
    /// gives up unless one of its protocols is answered.
    pub(crate) fn choose_subprotocol(&mut self, headers: &HeaderMap, spoken: &[Cow<'_, str>]) {
        let is_offered = |protocol: &&str| {
            elements(headers, header::SEC_WEBSOCKET_PROTOCOL).any(|offered| offered == *protocol)
        };
        let mut spoken = spoken.iter().map(AsRef::as_ref).chain(["bearer"]);
        let chosen = spoken.find(is_offered);
        self.subprotocol = chosen.and_then(|chosen| HeaderValue::from_str(chosen).ok());
    }

    /// The subprotocol that is going to be spoken.
    pub(crate) fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_ref()?.to_str().ok()
    }

    /// Agrees on compression, where the channel and the client do it (RFC 7692 §5).
    ///
    /// # Errors
    ///
    /// 400 where the channel does and a `Sec-WebSocket-Extensions` is malformed.
    pub(crate) fn negotiate_compression(
        &mut self,
        headers: &HeaderMap,
        compression: Option<Compression>,
    ) -> Result<(), Response> {
        self.deflating =
            Deflating::negotiate(compression, headers).map_err(|_| malformed_extensions())?;
        Ok(())
    }

    /// The answer that agrees to the WebSocket, and the connection, which becomes one
    /// as soon as the answer has been sent, with the compression that was agreed on.
    pub(crate) fn agree(self) -> (Response, OnUpgrade, Option<Deflating>) {
        let mut response = Response::default();
        if let Some(accept) = self.accept {
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            let headers = response.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        let headers = response.headers_mut();
        if let Some(protocol) = self.subprotocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        if let Some(deflating) = &self.deflating {
            headers.insert(header::SEC_WEBSOCKET_EXTENSIONS, deflating.answer());
        }
        (response, self.connection, self.deflating)
    }
}

/// True if a request asks to switch to WebSocket (RFC 6455 §4.2.1).
fn asks_over_http1(request: &Parts) -> bool {
    let lists = |name: HeaderName, wanted: &str| {
        // A list of one, as browsers send it, need not be taken apart.
        let first = request.headers.get(&name).map(HeaderValue::as_bytes);
        first.is_some_and(|line| line.eq_ignore_ascii_case(wanted.as_bytes()))
            || elements(&request.headers, name).any(|element| element.eq_ignore_ascii_case(wanted))
    };
    request.method == Method::GET
        && lists(header::CONNECTION, "upgrade")
        && lists(header::UPGRADE, "websocket")
        && request.headers.contains_key(header::SEC_WEBSOCKET_KEY)
}

/// True if a request asks for a stream that is a WebSocket (RFC 8441 §4).
///
/// Only an extended CONNECT has a scheme (RFC 9113 §8.5). Its `:protocol` can
/// be read where hyper is built for HTTP/2, which is up to the application; a
/// WebSocket is told by its version instead, which no other protocol sends.
fn asks_over_http2(request: &Parts) -> bool {
    request.version >= Version::HTTP_2
        && request.method == Method::CONNECT
        && request::uri(request).scheme().is_some()
}

/// The value of a header that has exactly one.
fn the_only(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let only = values.next()?;
    values.next().is_none().then_some(only.as_bytes())
}

/// True if a key is 16 bytes in base64: 22 digits and the padding.
fn is_key(key: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    matches!(key, [digits @ .., b'=', b'='] if digits.len() == 22 && digits.iter().all(is_digit))
}

/// The proof that the server has read the client's key.
fn accept(key: &[u8]) -> HeaderValue {
    let hash = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(STANDARD.encode(hash)).expect("base64 may stand in a header")
}

#[cfg(test)]
mod tests {
    use http::{Request, Version};

    use super::*;

    /// A request over HTTP/2, whose connection nobody is going to use.
    fn over_http2(method: &str, uri: &str) -> Parts {
        let request = Request::builder()
            .version(Version::HTTP_2)
            .method(method)
            .uri(uri)
            .header(header::SEC_WEBSOCKET_VERSION, "13")
            .extension(hyper::upgrade::on(Request::new(())));
        let (parts, ()) = request.body(()).expect("it is a request").into_parts();
        parts
    }

    #[test]
    fn http2_asks_by_an_extended_connect_and_is_answered_200_without_a_key() {
        let mut request = over_http2("CONNECT", "https://chat.example/ws");
        let offered = HeaderValue::from_static("chat.v1");
        request
            .headers
            .insert(header::SEC_WEBSOCKET_PROTOCOL, offered);

        let mut opening = OpeningHandshake::read(&mut request).expect("it asks for a WebSocket");
        opening.choose_subprotocol(&request.headers, &["chat.v1".into()]);
        let (response, ..) = opening.agree();

        assert_eq!(response.status(), StatusCode::OK);
        let headers: Vec<_> = response.headers().iter().collect();
        let protocol = HeaderValue::from_static("chat.v1");
        assert_eq!(headers, [(&header::SEC_WEBSOCKET_PROTOCOL, &protocol)]);
    }

    #[test]
    fn another_request_over_http2_is_told_to_upgrade() {
        let mut without_version = over_http2("CONNECT", "https://chat.example/ws");
        without_version
            .headers
            .remove(header::SEC_WEBSOCKET_VERSION);
        for mut request in [
            over_http2("GET", "https://chat.example/ws"),
            over_http2("CONNECT", "chat.example:443"),
            without_version,
        ] {
            let refused = OpeningHandshake::read(&mut request).expect_err("it asks for none");

            assert_eq!(refused.status(), StatusCode::UPGRADE_REQUIRED);
        }
    }

    #[test]
    fn http1_0_is_told_to_upgrade() {
        let mut request = over_http2("GET", "/ws");
        request.version = Version::HTTP_10;

        let refused = OpeningHandshake::read(&mut request).expect_err("it is too old");

        assert_eq!(refused.status(), StatusCode::UPGRADE_REQUIRED);
    }
}
