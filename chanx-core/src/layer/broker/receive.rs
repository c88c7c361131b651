//! The handling of what a broker hands to its node.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::{
    Address, Members,
    arrivals::Arrival,
    format::{self, Message},
    inbound::Receive,
    link::Link,
    questions::Answer,
};
use crate::{
    connection::{Publication, Receipt},
    identity::NodeId,
};

/// A node at the end of its broker's way. It keeps neither members nor layer alive.
pub(super) struct Node {
    pub(super) members: Weak<dyn Members>,
    pub(super) link: Arc<Link>,
}

impl Receive for Node {
    fn receive(&self, message: Bytes) {
        // Not behind what waits to be delivered: a node that is slow is not deaf.
        match format::own_probe(&message, self.link.node) {
            Some(probe) => self.link.heard(probe),
            None => self.link.arrivals.push(message),
        }
    }

    fn away(&self) {
        self.link.away();
    }

    fn back(&self) {
        self.link.back();
    }

    fn missed(&self) {
        self.link.missed();
    }

    fn refused(&self, address: &Address) {
        self.link.refused(address);
    }

    fn unpublished(&self, address: &Address) {
        self.link.unpublished(address);
    }
}

impl Node {
    /// Delivers what arrives, until it is dropped.
    pub(super) async fn keep_receiving(&self) {
        loop {
            match self.link.arrivals.next().await {
                Arrival::Message(message) => self.handle(&message).await,
                Arrival::Gap => self.link.missed(),
            }
        }
    }

    async fn handle(&self, message: &[u8]) {
        let link = &self.link;
        match format::read(message, link.node) {
            Err(error) => link.note_unreadable(&error),
            Ok(Message::Own) => {}
            Ok(Message::OwnProbe(probe)) => link.heard(probe),
            Ok(Message::Answer { id, answer }) => link.questions.resolve(id, answer),
            Ok(Message::Publication {
                node,
                id,
                answer_to,
                publication,
            }) => {
                if let (Some(node), Some(id)) = (node, id)
                    && !link.recent.lock().note(node, id)
                {
                    return;
                }
                self.deliver(*publication, answer_to.zip(id)).await;
            }
        }
    }

    /// Delivers, and tells the node that asks by an id what became of it.
    ///
    /// An event that cannot be decoded reaches nobody, and is counted.
    async fn deliver(&self, publication: Publication, asked: Option<(NodeId, u64)>) {
        let Some(members) = self.members.upgrade() else {
            return;
        };
        let delivered = match self.link.decoders.read(publication) {
            Ok(publication) => members.deliver(&publication).await,
            Err(error) => {
                self.link.note_unreadable(&error);
                Ok(Receipt::default())
            }
        };
        if let Some((node, id)) = asked
            && let Some(answer) = Answer::of(delivered)
        {
            // Without an answer the publisher is told that it is not known.
            let answer = format::answer(self.link.node, id, &answer);
            self.link.answers.push(node, answer);
        }
    }
}
