//! axum's WebSocket as a session's transport. The only file that names axum's frames.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::extract::ws::{CloseFrame as AxumCloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use chanx_core::{
    TransportError,
    wire::{CloseFrame, Frame},
};
use futures_util::{Sink, Stream};
use tungstenite::error::Error;

/// axum's WebSocket, speaking frames.
#[derive(Debug)]
pub(crate) struct AxumSocket(WebSocket);

impl AxumSocket {
    pub(crate) fn new(socket: WebSocket) -> Self {
        Self(socket)
    }

    fn socket(self: Pin<&mut Self>) -> Pin<&mut WebSocket> {
        Pin::new(&mut self.get_mut().0)
    }
}

impl Stream for AxumSocket {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let message = ready!(self.socket().poll_next(cx));
        Poll::Ready(message.map(|message| message.map(frame).map_err(transport_error)))
    }
}

impl Sink<Frame> for AxumSocket {
    type Error = TransportError;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.socket().poll_ready(cx).map_err(transport_error)
    }

    fn start_send(self: Pin<&mut Self>, frame: Frame) -> Result<(), Self::Error> {
        let message = message(frame)?;
        self.socket().start_send(message).map_err(transport_error)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.socket().poll_flush(cx).map_err(transport_error)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.socket().poll_close(cx).map_err(transport_error)
    }
}

fn frame(message: Message) -> Frame {
    match message {
        Message::Text(text) => Frame::Text(Bytes::from(text)),
        Message::Binary(bytes) => Frame::Binary(bytes),
        Message::Ping(bytes) => Frame::Ping(bytes),
        Message::Pong(bytes) => Frame::Pong(bytes),
        Message::Close(close) => Frame::Close(
            close.map(|close| CloseFrame::new(close.code, close.reason.as_str().to_owned())),
        ),
    }
}

/// # Errors
///
/// When a text frame is not UTF-8, which no encoder here produces.
fn message(frame: Frame) -> Result<Message, TransportError> {
    Ok(match frame {
        Frame::Text(bytes) => {
            let text = Utf8Bytes::try_from(bytes).map_err(|_| TransportError::InvalidUtf8)?;
            Message::Text(text)
        }
        Frame::Binary(bytes) => Message::Binary(bytes),
        Frame::Ping(bytes) => Message::Ping(bytes),
        Frame::Pong(bytes) => Message::Pong(bytes),
        Frame::Close(close) => Message::Close(close.map(|close| AxumCloseFrame {
            code: close.code,
            reason: close.reason.as_ref().into(),
        })),
    })
}

fn transport_error(error: axum::Error) -> TransportError {
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => TransportError::TooBig,
        Some(Error::Utf8(_)) => TransportError::InvalidUtf8,
        Some(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => {
            TransportError::Lost
        }
        Some(Error::Protocol(_)) => TransportError::Protocol,
        _ => TransportError::Lost,
    }
}
