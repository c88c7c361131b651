//! The tasks that run beside the members: subscribing, probing, telling.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};
use tracing::{debug, warn};

use super::{
    Address, Inbound, Members,
    interests::{Batch, Late},
    link::{Link, within},
    receive::Node,
};
use crate::{connection::Member, layer::error::BrokerError};

/// The time after which a subscription that has failed is tried again.
const RETRY: Duration = Duration::from_secs(1);

/// The time between two messages of a node to itself.
const PROBE: Duration = Duration::from_secs(5);

/// Members are told of a gap in so many steps, one every [`STEP`]: all within a second.
const STEPS: usize = 50;
const STEP: Duration = Duration::from_millis(20);

/// Connects a link, and goes on until it is closed.
pub(in crate::layer) async fn start(
    link: Arc<Link>,
    members: Weak<dyn Members>,
) -> Result<(), BrokerError> {
    let node = Arc::new(Node { members, link });
    let link = &node.link;
    let receiver: Weak<Node> = Arc::downgrade(&node);
    let inbound = Inbound::new(receiver, link.closing());
    within(link.broker.start(inbound, link.node)).await?;
    tokio::spawn(receive(Ending(node.clone())));
    link.interests.want(Address::Node(link.node));
    if let Some(own) = link.interests.next_batch() {
        within(link.broker.subscribe(&own.addresses)).await?;
        link.interests.stood(&own);
    }
    tokio::spawn(run(Ending(node)));
    Ok(())
}

/// In a task of its own, because it is woken for every message.
async fn receive(ending: Ending) {
    let node = &ending.0;
    tokio::select! {
        () = node.link.closed() => {}
        () = node.keep_receiving() => {}
    }
}

async fn run(ending: Ending) {
    let node = &ending.0;
    let link = &node.link;
    tokio::select! {
        () = link.closed() => {}
        () = keep_subscribed(link) => {}
        () = keep_probing(link) => {}
        () = keep_telling(link, &node.members) => {}
        () = keep_answering(link) => {}
    }
}

/// Says that the broker cannot be reached when a task ends, such as with its runtime,
/// before the layer: nothing is delivered or subscribed to any more.
struct Ending(Arc<Node>);

impl Drop for Ending {
    fn drop(&mut self) {
        let link = &self.0.link;
        if !link.is_closed() {
            link.away();
        }
    }
}

/// Subscribes to what is wanted by now.
async fn subscribe(link: &Link) -> Result<(), BrokerError> {
    while let Some(batch) = link.interests.next_batch() {
        subscribe_to(link, batch).await?;
    }
    Ok(())
}

/// Subscribes to a batch. Where the broker refuses it, both halves are tried, so that
/// one address that is not allowed keeps no other back.
async fn subscribe_to(link: &Link, batch: Batch) -> Result<(), BrokerError> {
    let mut batches = vec![batch];
    while let Some(batch) = batches.pop() {
        match within(link.broker.subscribe(&batch.addresses)).await {
            Ok(()) => link.interests.stood(&batch),
            Err(BrokerError::Refused(error)) => match batch.halves() {
                Ok([first, second]) => batches.extend([second, first]),
                Err(one) => {
                    for address in &one.addresses {
                        debug!(%address, error = &*error, "a subscription is refused");
                        link.refused(address);
                    }
                }
            },
            Err(error) => {
                batches.push(batch);
                for batch in batches.into_iter().rev() {
                    link.interests.failed(batch);
                }
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Subscribes and unsubscribes, one after the other.
async fn keep_subscribed(link: &Link) {
    let mut is_failing = false;
    loop {
        let turned = link.turned();
        let is_away = link.is_away();
        let (expired, expiry) = link.interests.expired();
        if !expired.is_empty() {
            // Else there is nothing that could be given up but the wish.
            if !is_away && let Err(error) = within(link.broker.unsubscribe(&expired)).await {
                debug!(
                    error = &error as &dyn std::error::Error,
                    "could not unsubscribe"
                );
            }
            continue;
        }
        if is_away {
            tokio::select! {
                () = turned => {}
                () = link.interests.work.notified() => {}
                () = until(expiry) => {}
            }
            continue;
        }
        if let Err(error) = subscribe(link).await {
            note_failure(&error, !is_failing);
            is_failing = true;
            tokio::select! {
                () = turned => {}
                () = sleep(RETRY) => {}
            }
            continue;
        }
        is_failing = false;
        tokio::select! {
            () = link.interests.work.notified() => {}
            () = until(expiry) => {}
            () = until(link.interests.next_retry()) => {}
        }
    }
}

fn note_failure(error: &BrokerError, is_first: bool) {
    let error = error as &dyn std::error::Error;
    if is_first {
        warn!(error, "could not subscribe, and goes on trying");
    } else {
        debug!(error, "could not subscribe");
    }
}

/// Waits until then, or for ever.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn keep_probing(link: &Link) {
    loop {
        sleep(PROBE).await;
        link.probe().await;
    }
}

/// Tells members that they may have missed something.
async fn keep_telling(link: &Link, members: &Weak<dyn Members>) {
    loop {
        let next = match link.interests.late() {
            Ok(late) => {
                // It comes behind what was received before the gap.
                link.arrivals.passed().await;
                let Some(here) = members.upgrade() else {
                    return;
                };
                let late = match late {
                    Late::Everyone => here.everyone(),
                    Late::At(addresses) => here.members_at(&addresses),
                };
                drop(here);
                tell(link, &late).await;
                continue;
            }
            Err(next) => next,
        };
        tokio::select! {
            () = link.interests.news.notified() => {}
            () = until(next) => {}
        }
    }
}

/// Tells each of these once, not all in the same moment: they may all ask for what they have missed.
async fn tell(link: &Link, members: &[Member]) {
    for (index, chunk) in members
        .chunks(members.len().div_ceil(STEPS).max(1))
        .enumerate()
    {
        if index > 0 {
            sleep(STEP).await;
        }
        for member in chunk {
            link.tell(member);
        }
    }
}

async fn keep_answering(link: &Link) {
    loop {
        let (node, answer) = link.answers.next().await;
        let published = within(link.broker.publish(&[Address::Node(node)], answer)).await;
        if let Err(error) = published {
            debug!(
                error = &error as &dyn std::error::Error,
                "could not answer a node"
            );
        }
    }
}
