//! The part of a session that reads.

use std::future::Future;

use futures_util::{Stream, StreamExt};

use super::{
    inbox::Inbox,
    pulse::Pulse,
    rate::{Allowance, Rate},
    transport::TransportError,
};
use crate::{
    connection::{Connection, Counters, Disconnect},
    wire::{Frame, Heading},
};

/// Reads until the peer closes or the transport fails.
///
/// With `topics`, a frame goes to the lane of the topic that it names.
///
/// Pings and pongs are allowed as many as messages, counted apart: a client
/// that sends more, for longer than a second, is closed.
///
/// It has a waker of its own, so that pings are answered and a close is
/// noticed while a handler runs.
#[expect(
    clippy::manual_async_fn,
    reason = "an async function would hold its arguments twice"
)]
pub(super) fn read(
    mut frames: impl Stream<Item = Result<Frame, TransportError>> + Unpin,
    inbox: &Inbox,
    pulse: &Pulse,
    connection: &Connection,
    mut rate: Option<Box<Rate>>,
    topics: bool,
) -> impl Future<Output = Disconnect> {
    async move {
        loop {
            let frame = match frames.next().await {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return error.into(),
                None => return Disconnect::Lost,
            };
            if let (Frame::Ping(_) | Frame::Pong(_), Some(rate)) = (&frame, &mut rate)
                && rate.check() == Allowance::StillAbove
            {
                // Read on: the client's answer to the close is still to come.
                connection.end(Disconnect::RateLimited);
            }
            if let Some(bytes) = frame.message() {
                pulse.message(inbox);
                Counters::add_own(&connection.counters.frames_in, 1);
                Counters::add_own(&connection.counters.bytes_in, bytes.len() as u64);
                let rest = {
                    let text = topics.then(|| bytes.clone());
                    let heading = text.as_deref().and_then(Heading::of);
                    inbox.try_push(frame, heading.as_ref())
                };
                if let Err(frame) = rest
                // Boxed because it is rare: inline it would enlarge every idle connection.
                && Box::pin(push(inbox, frame, topics)).await
                {
                    // The wait does not count as silence, because what the peer has sent
                    // meanwhile is still to be read.
                    pulse.beat();
                }
                continue;
            }
            match frame {
                Frame::Pong(_) => pulse.pong(inbox),
                Frame::Close(close) => {
                    let (code, reason) = close.map_or((1005, String::new()), |close| {
                        (close.code, close.reason.to_string())
                    });
                    return Disconnect::Client { code, reason };
                }
                _ => pulse.beat(),
            }
        }
    }
}

/// Queues a frame that has to wait for room, and tells whether a handler has made it.
async fn push(inbox: &Inbox, frame: Frame, topics: bool) -> bool {
    let text = frame.message().filter(|_| topics).cloned();
    let heading = text.as_deref().and_then(Heading::of);
    inbox.push(frame, heading).await
}

impl From<TransportError> for Disconnect {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::TooBig => Self::Protocol { code: 1009 },
            TransportError::InvalidUtf8 => Self::Protocol { code: 1007 },
            TransportError::Protocol => Self::Protocol { code: 1002 },
            TransportError::Lost => Self::Lost,
        }
    }
}
