//! The part of a session that writes.

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::{Sink, SinkExt};

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
/// Whatever is ready is fed and flushed once: a flush is a system call.
pub(super) async fn write(
    mut sink: impl Sink<Frame, Error = TransportError> + Unpin,
    connection: &Connection,
) -> Disconnect {
    while let Some(outgoing) = connection.outbox.next(&LAGGED).await {
        let written = write_batch(&mut sink, connection, outgoing).await;
        if let Err(error) = written {
            return error.into();
        }
    }
    let why = connection.ended().await;
    close(&mut sink, &why).await;
    why
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

/// Sends the close frame, if there is anyone to send it to.
///
/// A failure changes nothing: the connection is over either way.
async fn close(sink: &mut (impl Sink<Frame, Error = TransportError> + Unpin), why: &Disconnect) {
    if let Some((code, reason)) = why.close_frame() {
        let frame = Frame::Close(Some(CloseFrame::new(code, reason.to_owned())));
        let _ = sink.send(frame).await;
    } else {
        let _ = sink.close().await;
    }
}
