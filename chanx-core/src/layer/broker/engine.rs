//! The tasks that run beside the members: subscribing, probing, telling.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::{sleep, sleep_until};
use tracing::{debug, warn};

use super::{
    Address, Inbound, Members,
    health::Counts,
    interests::{Batch, Late},
    link::{Answers, Link, within},
    receive::Node,
};
use crate::{connection::Member, layer::error::BrokerError};

/// When a subscription that has failed is tried again.
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
    answers: Answers,
) -> Result<(), BrokerError> {
    let node = Arc::new(Node { members, link });
    let link = &node.link;
    let receiver: Weak<Node> = Arc::downgrade(&node);
    let inbound = Inbound::new(receiver, link.closing());
    within(link.broker.start(inbound, link.node)).await?;
    tokio::spawn(receive(node.clone()));
    link.want(Address::Node(link.node));
    subscribe(link).await?;
    tokio::spawn(run(node, answers));
    Ok(())
}

/// In a task of its own, because it is woken for every message.
async fn receive(node: Arc<Node>) {
    tokio::select! {
        () = node.link.closed() => {}
        () = node.keep_receiving() => {}
    }
}

async fn run(node: Arc<Node>, answers: Answers) {
    let link = &node.link;
    tokio::select! {
        () = link.closed() => {}
        () = keep_subscribed(link) => {}
        () = keep_probing(link) => {}
        () = keep_telling(link, &node.members) => {}
        () = keep_answering(link, answers) => {}
    }
}

/// Subscribes to what is wanted by now.
async fn subscribe(link: &Link) -> Result<(), BrokerError> {
    while let Some(batch) = link.interests.next_batch() {
        let subscribed = within(link.broker.subscribe(&batch.addresses)).await;
        settle(link, batch, subscribed)?;
    }
    Ok(())
}

fn settle(
    link: &Link,
    batch: Batch,
    subscribed: Result<(), BrokerError>,
) -> Result<(), BrokerError> {
    match &subscribed {
        Ok(()) => link.interests.stood(&batch),
        Err(_) => link.interests.failed(batch),
    }
    subscribed
}

/// Subscribes and unsubscribes, one after the other.
async fn keep_subscribed(link: &Link) {
    loop {
        let turned = link.turned();
        if let Err(error) = subscribe(link).await {
            warn!(
                error = &error as &dyn std::error::Error,
                "could not subscribe"
            );
            tokio::select! {
                () = turned => {}
                () = sleep(RETRY) => {}
            }
            continue;
        }
        let (expired, next) = link.interests.expired();
        if !expired.is_empty() {
            if let Err(error) = within(link.broker.unsubscribe(&expired)).await {
                debug!(
                    error = &error as &dyn std::error::Error,
                    "could not unsubscribe"
                );
            }
            continue;
        }
        let expiry = async {
            match next {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = link.interests.work.notified() => {}
            () = expiry => {}
        }
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
        let later = async {
            match next {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = link.interests.news.notified() => {}
            () = later => {}
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
            if member.lag() {
                Counts::add(&link.counts.told);
            }
        }
    }
}

async fn keep_answering(link: &Link, mut answers: Answers) {
    while let Some((node, answer)) = answers.recv().await {
        let published = within(link.broker.publish(&[Address::Node(node)], answer)).await;
        if let Err(error) = published {
            debug!(
                error = &error as &dyn std::error::Error,
                "could not answer a node"
            );
        }
    }
}
