//! Refusals as HTTP responses.

use axum::{
    body::Body,
    extract::rejection::{ExtensionRejection, PathRejection},
    response::{IntoResponse, Response},
};
use chanx_core::{Rejection, body_of_detail, detail_of_body};
use futures_util::StreamExt;
use http::{HeaderValue, StatusCode, header};

/// The response with which an application's own extractor refuses.
///
/// As the extractor's `Rejection` it lets `?` take a [`Rejection`], such as
/// `connect` refuses with, any `Response`, and what `Path` and `Extension` refuse
/// with. Behind another extractor, write `.map_err(IntoResponse::into_response)?`.
///
/// A [`Rejection`] is answered with its status, its headers and the body
/// `{"detail": "…"}`, before a WebSocket and before an ordinary HTTP handler alike.
/// Where refusals come in a frame, that has the detail too: see
/// `chanx::AuthenticationFrames`.
///
/// # Examples
///
/// ```
/// use axum::{extract::FromRequestParts, http::request::Parts};
/// use chanx::{Bearer, Rejection, RejectionResponse};
///
/// # fn user_of(token: &str) -> Option<u64> { (token == "sesame").then_some(7) }
/// struct Member {
///     user: u64,
/// }
///
/// impl<S: Send + Sync> FromRequestParts<S> for Member {
///     type Rejection = RejectionResponse;
///
///     async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
///         let token = Bearer::from_request_parts(parts, state).await?;
///         let user = user_of(token.as_str());
///         let user = user.ok_or_else(|| Rejection::unauthorized("unknown token"))?;
///         Ok(Self { user })
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let asked = axum::http::Request::get("/").header("authorization", "Bearer sesame");
/// # let (mut parts, ()) = asked.body(()).unwrap().into_parts();
/// # let member = Member::from_request_parts(&mut parts, &()).await.unwrap();
/// # assert_eq!(member.user, 7);
/// # }
/// ```
#[derive(Debug)]
pub struct RejectionResponse(Response);

impl From<Rejection> for RejectionResponse {
    fn from(rejection: Rejection) -> Self {
        Self(into_response(&rejection))
    }
}

impl From<Response> for RejectionResponse {
    fn from(response: Response) -> Self {
        Self(response)
    }
}

impl From<PathRejection> for RejectionResponse {
    fn from(rejection: PathRejection) -> Self {
        Self(rejection.into_response())
    }
}

impl From<ExtensionRejection> for RejectionResponse {
    fn from(rejection: ExtensionRejection) -> Self {
        Self(rejection.into_response())
    }
}

/// For an extractor that refuses with responses, and uses one that refuses so.
impl From<RejectionResponse> for Response {
    fn from(RejectionResponse(response): RejectionResponse) -> Self {
        response
    }
}

impl IntoResponse for RejectionResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

/// The detail of a refusal, for the log.
#[derive(Debug, Clone)]
pub(crate) struct Detail(pub(crate) String);

/// A refusal with the body `{"detail": "…"}`.
pub(crate) fn into_response(rejection: &Rejection) -> Response {
    let mut response = Response::new(Body::from(body_of_detail(rejection.detail())));
    *response.status_mut() = rejection.status();
    let detail = Detail(rejection.detail().to_owned());
    response.extensions_mut().insert(detail);
    let headers = response.headers_mut();
    for (name, value) in rejection.headers() {
        headers.append(name.clone(), value.clone());
    }
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json);
    response
}

/// The most bytes of a refusal's body that are read for its detail, and of the detail
/// that are told.
const DETAIL_BYTES: usize = 4 * 1024;

/// The rejection that a response stands for: its status, and the `detail` of a JSON
/// body or else the name of the status. A detail that is too long is cut.
pub(crate) async fn rejection_of(response: Response) -> Rejection {
    let status = response.status();
    let body = beginning_of(response.into_body()).await;
    match detail_of(body) {
        Some(detail) => Rejection::new(status, detail),
        None => Rejection::new(status, status.canonical_reason().unwrap_or("Refused")),
    }
}

/// A body's first bytes, up to a bound.
async fn beginning_of(body: Body) -> Vec<u8> {
    let mut data = body.into_data_stream();
    let mut beginning = Vec::new();
    while beginning.len() <= DETAIL_BYTES
        && let Some(Ok(bytes)) = data.next().await
    {
        let room = (DETAIL_BYTES + 1).saturating_sub(beginning.len());
        beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
    beginning
}

/// The `detail` of a JSON body, or its beginning where the body has been cut.
fn detail_of(mut body: Vec<u8>) -> Option<String> {
    /// The bytes of one character: a pair of escaped surrogates.
    const CHARACTER: usize = 12;
    const END: &[u8] = "…\"}".as_bytes();

    let whole = body.len() <= DETAIL_BYTES;
    let read = |body: &[u8]| detail_of_body(str::from_utf8(body).ok()?);
    if whole {
        return read(&body);
    }
    // Cut within the detail, it is read again with an end of its own, which
    // must not stand in the middle of a character.
    body.truncate(DETAIL_BYTES);
    (0..CHARACTER).find_map(|_| {
        let length = body.len();
        body.extend_from_slice(END);
        let detail = read(&body);
        body.truncate(length - 1);
        detail
    })
}

/// 400, for a request for a WebSocket whose key is none (RFC 6455 §4.2.1).
pub(crate) fn malformed_key() -> Response {
    let detail = "Sec-WebSocket-Key is 16 bytes in base64";
    into_response(&Rejection::new(StatusCode::BAD_REQUEST, detail))
}

/// 400, for a request that offers extensions in no words of RFC 6455 §9.1.
pub(crate) fn malformed_extensions() -> Response {
    let detail = "malformed Sec-WebSocket-Extensions";
    into_response(&Rejection::new(StatusCode::BAD_REQUEST, detail))
}

/// 426, for a request that does not ask for a WebSocket (RFC 9110 §15.5.22).
pub(crate) fn upgrade_required() -> Response {
    let detail = "this address speaks WebSocket";
    let rejection = Rejection::new(StatusCode::UPGRADE_REQUIRED, detail)
        .with_header(header::UPGRADE, HeaderValue::from_static("websocket"))
        .with_header(header::CONNECTION, HeaderValue::from_static("upgrade"))
        .with_header(header::SEC_WEBSOCKET_VERSION, 13);
    into_response(&rejection)
}
