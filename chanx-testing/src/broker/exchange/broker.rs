//! The way of one layer to its exchange.

use std::collections::HashSet;

use bytes::Bytes;
use chanx_core::layer::{Address, Broker, BrokerError, Inbound, NodeId, Published};
use parking_lot::Mutex;
use tokio::{sync::mpsc, time::sleep_until};

use super::{Exchange, Fault, LARGEST, Node, is_of};

/// The way of one layer to its [`Exchange`].
#[derive(Debug)]
pub struct ExchangeBroker {
    exchange: Exchange,
    node: Mutex<Option<NodeId>>,
}

impl ExchangeBroker {
    pub(super) fn new(exchange: Exchange) -> Self {
        Self {
            exchange,
            node: Mutex::default(),
        }
    }
}

impl Broker for ExchangeBroker {
    async fn start(&self, inbound: Inbound, node: NodeId) -> Result<(), BrokerError> {
        self.exchange.answers().await?;
        let (queue, mut messages) = mpsc::unbounded_channel();
        *self.node.lock() = Some(node);
        let entry = Node {
            inbound: inbound.clone(),
            addresses: HashSet::new(),
            queue,
            held: None,
        };
        self.exchange.0.lock().nodes.insert(node, entry);
        let leaks = self.exchange.has(Fault::Leaks);
        let exchange = self.exchange.clone();
        tokio::spawn(async move {
            let receiving = async {
                while let Some((at, message)) = messages.recv().await {
                    sleep_until(at).await;
                    inbound.receive(message);
                }
            };
            if leaks {
                receiving.await;
                return;
            }
            tokio::select! {
                () = receiving => {}
                () = inbound.closed() => {}
            }
            exchange.0.lock().nodes.remove(&node);
        });
        Ok(())
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.exchange.answers().await?;
        let mut state = self.exchange.0.lock();
        if state.refuses {
            return Err(BrokerError::failed("subscriptions are refused"));
        }
        state.subscribing += 1;
        let forbidden = state.forbidden.iter();
        let mut forbidden =
            forbidden.filter(|group| addresses.iter().any(|address| is_of(address, group)));
        if let Some(group) = forbidden.next() {
            return Err(BrokerError::refused(format!("group {group} is forbidden")));
        }
        let (fault, was_cut) = (state.fault, state.was_cut);
        let Some(node) = self.node.lock().and_then(|node| state.nodes.get_mut(&node)) else {
            return Err(BrokerError::Away);
        };
        for address in addresses {
            let is_forgotten = match fault {
                Some(Fault::ForgetsOddNames) => address.to_string().contains('%'),
                Some(Fault::ForgetsMany) => node.addresses.len() >= 100,
                Some(Fault::NeverSubscribesAgain) => {
                    was_cut && !matches!(address, Address::Node(_))
                }
                Some(Fault::ForgetsUsers) => matches!(address, Address::User { .. }),
                Some(Fault::ForgetsNodes) => matches!(address, Address::Node(_)),
                _ => false,
            };
            if !is_forgotten {
                node.addresses.insert(address.clone());
            }
        }
        Ok(())
    }

    async fn unsubscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.exchange.answers().await?;
        let mut state = self.exchange.0.lock();
        let all = state.fault == Some(Fault::UnsubscribesAll);
        if let Some(node) = self.node.lock().and_then(|node| state.nodes.get_mut(&node)) {
            node.addresses
                .retain(|address| !all && !addresses.contains(address));
        }
        Ok(())
    }

    async fn publish(
        &self,
        addresses: &[Address],
        message: Bytes,
    ) -> Result<Published, BrokerError> {
        self.exchange.answers().await?;
        let mut state = self.exchange.0.lock();
        let size = message.len();
        if size > LARGEST {
            let limit = LARGEST;
            return Err(BrokerError::TooLarge { size, limit });
        }
        let mut subscriptions = 0;
        for address in addresses {
            subscriptions += state.deliver(address, &message);
        }
        Ok(Published::to(subscriptions))
    }
}
