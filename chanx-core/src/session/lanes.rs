//! The topics of one connection, side by side.

use std::{future::poll_fn, task::Poll};

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tracing::{Instrument, info_span};

use super::{common::Common, inbox::LaneId, lane::Lane};
use crate::{connection::Disconnect, identity::Topic, wire::Foreign};

/// The topics of one connection, side by side, as one part of its session.
///
/// A lane is a future that owns the consumer of its subscription. Each has a
/// waker of its own: a frame of one topic wakes no other.
pub(super) struct Lanes<'a> {
    common: &'a Common<'a>,
    lanes: FuturesUnordered<BoxFuture<'a, ()>>,
}

impl<'a> Lanes<'a> {
    pub(super) fn new(common: &'a Common<'a>) -> Self {
        Self {
            common,
            lanes: FuturesUnordered::new(),
        }
    }

    /// Makes lanes as the reader asks for them, and runs them. It never ends.
    pub(super) async fn run(&mut self) -> Disconnect {
        poll_fn(|cx| {
            loop {
                while let Poll::Ready((id, topic)) = self.common.inbox.poll_opened(cx) {
                    self.open(id, topic);
                }
                match self.lanes.poll_next_unpin(cx) {
                    Poll::Ready(Some(())) => {}
                    Poll::Ready(None) | Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }

    fn open(&self, id: LaneId, topic: Topic) {
        let span = info_span!(
            parent: self.common.span,
            "subscription",
            topic = &*Foreign::name(&topic).to_text(),
        );
        let lane = Lane::new(id, topic, self.common);
        self.lanes.push(Box::pin(lane.run().instrument(span)));
    }

    /// Ends all lanes: handlers that still run are cancelled, and
    /// `disconnected` runs for each subscription.
    pub(super) async fn finish(self) {
        self.common.finish();
        // Collected anew, because each has to be polled to find that out.
        let lanes: FuturesUnordered<_> = self.lanes.into_iter().collect();
        lanes.collect::<()>().await;
    }
}
