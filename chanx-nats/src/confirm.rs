//! The confirmations by which a node learns that the server has what it was sent.

use std::time::Duration;

use async_nats::{Client, Subscriber};
use chanx_core::layer::BrokerError;
use futures_util::StreamExt;
use parking_lot::Mutex;
use tokio::{
    sync::{Notify, oneshot, watch},
    time::timeout,
};

/// The time that a confirmation may take. A layer waits no longer for anything.
const WITHIN: Duration = Duration::from_secs(5);

/// Those who wait until the server has what they have sent.
#[derive(Debug, Default)]
pub(crate) struct Confirmations {
    waiting: Mutex<Vec<oneshot::Sender<()>>>,
    wanted: Notify,
}

impl Confirmations {
    /// Waits until the server has all that was sent before. Cancel safe.
    pub(crate) async fn confirmed(&self) -> Result<(), BrokerError> {
        let (confirm, confirmed) = oneshot::channel();
        self.waiting.lock().push(confirm);
        self.wanted.notify_one();
        confirmed.await.map_err(|_| BrokerError::Away)
    }

    /// Sends messages to the node itself, one for all who wait by then, each after the last has come back.
    pub(crate) async fn keep_confirming(
        &self,
        client: &Client,
        subject: &str,
        mut answers: Subscriber,
        mut outages: watch::Receiver<u64>,
    ) {
        for number in 0_u64.. {
            let waiting = self.next().await;
            outages.mark_unchanged();
            let asking = ask(client, subject, number, &mut answers);
            let is_there = tokio::select! {
                asked = timeout(WITHIN, asking) => asked == Ok(true),
                _ = outages.changed() => false,
            };
            if is_there {
                for confirm in waiting {
                    // An error says that somebody has stopped waiting.
                    let _ = confirm.send(());
                }
            }
        }
    }

    async fn next(&self) -> Vec<oneshot::Sender<()>> {
        loop {
            let waiting = std::mem::take(&mut *self.waiting.lock());
            if !waiting.is_empty() {
                return waiting;
            }
            self.wanted.notified().await;
        }
    }
}

/// Sends a number, and says whether it has come back.
async fn ask(client: &Client, subject: &str, number: u64, answers: &mut Subscriber) -> bool {
    let text = number.to_string();
    let sent = client.publish(subject.to_owned(), text.clone().into());
    if sent.await.is_err() {
        return false;
    }
    while let Some(answer) = answers.next().await {
        if answer.payload == text {
            return true;
        }
    }
    false
}
