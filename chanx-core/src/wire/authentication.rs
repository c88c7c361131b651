//! The outcome of a handshake, told after the upgrade.

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use super::{Encoder, Envelope};

/// The payload of an `authentication` frame.
#[derive(Debug, Serialize)]
struct Authentication<'a> {
    status_code: u16,
    status_text: &'a str,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
struct Data<'a> {
    detail: &'a str,
}

/// The frame that tells a client whether it may stay.
///
/// Without a detail it says what the status is called, which is `OK` for a client that may.
#[must_use]
pub fn authentication_frame(status: StatusCode, detail: Option<&str>) -> Bytes {
    let status_text = status.canonical_reason().unwrap_or("Unknown");
    let authentication = Authentication {
        status_code: status.as_u16(),
        status_text,
        data: Data {
            detail: detail.unwrap_or(status_text),
        },
    };
    Encoder::new(Envelope::push())
        .message("authentication", &authentication)
        .expect("numbers and strings are always JSON")
}
