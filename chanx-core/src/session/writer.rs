//! The part of a session that writes.

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::{Sink, SinkExt};
use tokio::sync::Notify;

use super::{
    connection::{Connection, Counters},
    outbox::Outgoing,
    transport::TransportError,
};
use crate::{
    Disconnect,
    wire::{CloseFrame, ErrorPayload, Frame, error_frame},
};

/// How much is fed before it is flushed.
const BATCH_FRAMES: usize = 64;
const BATCH_BYTES: usize = 64 * 1024;

/// Stands for what was dropped because client or consumer did not keep up.
static LAGGED: LazyLock<Bytes> = LazyLock::new(|| {
    let detail = "messages were dropped: they came faster than they were dealt with";
    let error = ErrorPayload::with_reason("lagged", detail);
    error_frame(&error, None, None)
});

/// Writes what the outbox holds until it has closed, then the close frame.
///
/// Lets go of the connection once the peer has nothing more to say, which
/// `peer_left` tells.
pub(super) async fn write(
    mut sink: impl Sink<Frame, Error = TransportError> + Unpin,
    connection: &Connection,
    peer_left: &Notify,
) -> Disconnect {
    let written = write_all(&mut sink, connection).await;
    if let Err(error) = written
        && connection.ending().is_none()
    {
        return error.into();
    }
    let why = connection.ended().await;
    let _ = close(&mut sink, &why, peer_left).await;
    why
}

/// Whatever is ready is fed and flushed once: a flush is a system call.
async fn write_all(
    sink: &mut (impl Sink<Frame, Error = TransportError> + Unpin),
    connection: &Connection,
) -> Result<(), TransportError> {
    while let Some(outgoing) = connection.outbox.next(&LAGGED).await {
        write_batch(sink, connection, outgoing).await?;
    }
    Ok(())
}

async fn write_batch(
    sink: &mut (impl Sink<Frame, Error = TransportError> + Unpin),
    connection: &Connection,
    first: Outgoing,
) -> Result<(), TransportError> {
    let mut next = Some(first);
    let (mut frames, mut bytes) = (0, 0);
    while let Some(outgoing) = next.take() {
        let frame = match outgoing {
            Outgoing::Ping => Frame::Ping(Bytes::new()),
            Outgoing::Frame(text) => {
                frames += 1;
                bytes += text.len();
                Frame::Text(text)
            }
        };
        sink.feed(frame).await?;
        if frames < BATCH_FRAMES && bytes < BATCH_BYTES {
            next = connection.outbox.try_next(&LAGGED);
        }
    }
    sink.flush().await?;
    Counters::add(&connection.counters.frames_out, frames as u64);
    Counters::add(&connection.counters.bytes_out, bytes as u64);
    Ok(())
}

/// Sends the close frame, or the answer to the peer's, and lets go of the connection.
///
/// # Errors
///
/// When the transport fails, which changes nothing: the connection is over.
async fn close(
    sink: &mut (impl Sink<Frame, Error = TransportError> + Unpin),
    why: &Disconnect,
    peer_left: &Notify,
) -> Result<(), TransportError> {
    if let Some((code, reason)) = why.close_frame() {
        let frame = Frame::Close(Some(CloseFrame::new(code, reason.to_owned())));
        sink.send(frame).await?;
    }
    peer_left.notified().await;
    sink.close().await
}
