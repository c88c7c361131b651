//! Publishing, to the members of this node and to those of others.

use std::{
    collections::HashSet,
    future::{Future, poll_fn},
    pin::pin,
    time::Duration,
};

use bytes::Bytes;
use tokio::time::timeout;

use super::{Link, way::State, within};
use crate::{
    connection::{Content, Publication, Receipt, Target},
    identity::ConnectionId,
    layer::{
        broker::{Address, Members, Published, counts::Counts, format},
        error::{BrokerError, LayerError},
    },
    wire::EncodeError,
};

/// The time that a publisher waits for the node of a single connection.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

impl Link {
    /// Delivers to the members of this node, and then has it delivered to those of others.
    pub(in crate::layer) async fn publish(
        &self,
        members: &dyn Members,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        let channel = &publication.channel;
        let addresses: Vec<_> = match &publication.target {
            Target::Groups(groups) => {
                let mut named = HashSet::new();
                let groups = groups.iter().filter(|group| named.insert(*group));
                groups
                    .map(|group| Address::Group {
                        channel: channel.clone(),
                        group: group.clone(),
                    })
                    .collect()
            }
            Target::User(user) => vec![Address::User {
                channel: channel.clone(),
                user: user.clone(),
            }],
            Target::Connection(id) => return self.publish_to_one(members, *id, publication).await,
            Target::Member(id) => {
                return self
                    .publish_to_one(members, id.connection, publication)
                    .await;
            }
        };
        let id = (addresses.len() > 1).then(|| self.next_id());
        let message = self.encode(id, false, publication)?;
        let here = members.deliver(publication).await?;
        match self.send(&addresses, message).await {
            Ok(published) => Ok(Receipt {
                nodes: self.others(&addresses, published),
                ..here
            }),
            Err(source) => Err(LayerError::OtherNodes { here, source }),
        }
    }

    /// The number of other nodes that have it, which only one address can say.
    fn others(&self, addresses: &[Address], published: Published) -> Option<usize> {
        let ([address], Some(nodes)) = (addresses, published.subscriptions) else {
            return None;
        };
        Some(nodes.saturating_sub(self.interests.is_subscribed(address).into()))
    }

    async fn publish_to_one(
        &self,
        members: &dyn Members,
        connection: ConnectionId,
        publication: &Publication,
    ) -> Result<Receipt, LayerError> {
        if connection.node() == self.node {
            return members.deliver(publication).await;
        }
        let id = self.next_id();
        let message = self.encode(Some(id), true, publication)?;
        let mut question = self.questions.ask(id);
        let node = [Address::Node(connection.node())];
        let published = self.send(&node, message).await;
        let published = published.map_err(|source| LayerError::OtherNodes {
            here: Receipt::default(),
            source,
        })?;
        let unknown = Receipt {
            unknown: 1,
            ..Receipt::default()
        };
        if published.subscriptions == Some(0) {
            // The node is gone, or is about to subscribe again: nobody can say which.
            return Ok(unknown);
        }
        let answer = async { timeout(ANSWER_WITHIN, &mut question.answer).await };
        match self.on_runtime(answer).await {
            Ok(Ok(answer)) => answer.into_receipt(connection, &publication.channel),
            Ok(Err(_)) | Err(_) => Ok(unknown),
        }
    }

    fn encode(
        &self,
        id: Option<u64>,
        asks: bool,
        publication: &Publication,
    ) -> Result<Bytes, EncodeError> {
        format::publication(self.node, id, asks, publication)
            .map_err(|source| EncodeError::new(action(&publication.content), source))
    }

    /// Publishes within bounds: at once an error where the broker is away.
    async fn send(&self, addresses: &[Address], message: Bytes) -> Result<Published, BrokerError> {
        let sending = async {
            tokio::select! {
                biased;
                () = self.way.comes_to(|way| way == State::Away) => Err(BrokerError::Away),
                published = within(self.broker.publish(addresses, message)) => published,
            }
        };
        let published = self.on_runtime(sending).await;
        if published.is_err() {
            Counts::add(&self.counts.failed);
        }
        published
    }

    /// Runs a future that has timers, wherever it is polled.
    async fn on_runtime<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _entered = self.runtime.enter();
            future.as_mut().poll(cx)
        })
        .await
    }
}

/// The action of what is published; that of a close is `close`.
fn action(content: &Content) -> &str {
    match content {
        Content::Message(body) => body.action(),
        Content::Event(event) => event.action(),
        Content::Close { .. } => "close",
        Content::Unsubscribe { .. } => "unsubscribe",
    }
}
