//! A refusal that comes after the upgrade, for clients that cannot read the response.

use std::{pin::pin, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;

use super::transport::{Transport, TransportError};
use crate::{
    consumer::Rejection,
    wire::{CloseFrame, Frame, authentication_frame, text_of_member},
};

/// The JSON body of a refusal, `{"detail": "…"}`, from which [`detail_of_body`] reads it back.
#[must_use]
pub fn body_of_detail(detail: &str) -> String {
    serde_json::json!({ "detail": detail }).to_string()
}

/// The `detail` of a refusal's JSON body, if that has one and it is a text.
///
/// Nothing else of the body is read, so that whatever stands there need not fit any type.
#[must_use]
pub fn detail_of_body(body: &str) -> Option<String> {
    text_of_member(body, "detail")
}

/// Tells the client why it is refused and closes with 4000 + status.
///
/// Waits for the client's own close for at most `close_timeout`. A transport
/// that fails is closed already.
///
/// # Cancel safety
///
/// Cancelled, the transport is dropped; the client may have been told nothing.
pub async fn reject_after_upgrade(
    transport: impl Transport,
    rejection: &Rejection,
    close_timeout: Duration,
) {
    let mut transport = pin!(transport);
    let frame = authentication_frame(rejection.status(), Some(rejection.detail()));
    let code = 4000 + rejection.status().as_u16();
    let refused = async {
        transport.feed(Frame::Text(frame)).await?;
        let close = CloseFrame::new(code, rejection.detail().to_owned());
        transport.send(Frame::Close(Some(close))).await?;
        while let Some(frame) = transport.next().await {
            frame?;
        }
        Ok::<(), TransportError>(())
    };
    let _ = timeout(close_timeout, refused).await;
}
