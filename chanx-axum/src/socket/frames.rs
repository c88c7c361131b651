//! A session's frames and the codec's.

use std::borrow::Cow;

use chanx_core::{
    TransportError,
    wire::{CloseFrame, Frame},
};
use chanx_websocket::{Close, ReadError, Received};

/// The frame that a client has sent, as a copy of its own.
pub(super) fn received(received: Received<'_>) -> Frame {
    match received {
        Received::Text(payload) => Frame::Text(payload.into_bytes()),
        Received::Binary(payload) => Frame::Binary(payload.into_bytes()),
        Received::Ping(payload) => Frame::Ping(payload.into_bytes()),
        Received::Pong(payload) => Frame::Pong(payload.into_bytes()),
        Received::Close(close) => {
            Frame::Close(close.map(|close| CloseFrame::new(close.code, close.reason)))
        }
    }
}

/// Text goes as it is: nothing that encodes messages here makes anything but UTF-8.
pub(super) fn sent(frame: Frame) -> chanx_websocket::Frame {
    match frame {
        Frame::Text(bytes) => chanx_websocket::Frame::text(bytes),
        Frame::SharedText(shared) => chanx_websocket::Frame::text(shared.text().clone()),
        Frame::Binary(bytes) => chanx_websocket::Frame::binary(bytes),
        Frame::Ping(bytes) => chanx_websocket::Frame::ping(bytes),
        Frame::Pong(bytes) => chanx_websocket::Frame::pong(bytes),
        Frame::Close(close) => {
            let close = close.map(|close| Close::new(close.code, Cow::into_owned(close.reason)));
            chanx_websocket::Frame::close(close.as_ref())
        }
    }
}

pub(super) fn transport_error(error: ReadError) -> TransportError {
    match error.close_code() {
        1009 => TransportError::TooBig,
        1007 => TransportError::InvalidUtf8,
        _ => TransportError::Protocol,
    }
}
