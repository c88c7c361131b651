//! Many members of one group.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chanx::{Broadcast, Broadcaster, ChannelLayer, ChannelOptions, RequestInfo, wire::Encoder};
use chanx_core::{Endpoint, Live, Session};
use tokio::task::yield_now;

use super::{Churn, Loopback, Member, News, Swallow, consumers::EVERYONE, exchange};

/// Members of one group, each with a session of its own on the current runtime.
#[derive(Debug, Clone)]
pub struct Crowd {
    endpoint: Arc<Endpoint<Member>>,
    layer: ChannelLayer,
    broadcaster: Broadcaster<Member>,
    delivered: Arc<AtomicU64>,
    members: u64,
}

impl Crowd {
    /// Connects so many members and waits until all have joined.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub async fn gather(members: u64) -> Self {
        let layer = ChannelLayer::new();
        // A client that did not answer pings would soon count as gone.
        let options = ChannelOptions::default().ping_interval(None);
        let crowd = Self {
            endpoint: Arc::new(Endpoint::new(layer.clone(), options, Live::default())),
            broadcaster: Broadcaster::new(&layer),
            layer,
            delivered: Arc::default(),
            members,
        };
        for _ in 0..members {
            let client = Swallow::new(crowd.delivered.clone());
            let session = Session::new(
                &crowd.endpoint,
                Member { joins: true },
                RequestInfo::default(),
            );
            tokio::spawn(session.run(client));
        }
        while (crowd.layer.stats().members as u64) < members {
            yield_now().await;
        }
        crowd
    }

    /// The number of members.
    #[must_use]
    pub fn members(&self) -> u64 {
        self.members
    }

    /// A message to every member, sent when awaited.
    pub fn news(&self) -> Broadcast<'_, News> {
        let news = News {
            message: "as long as a short line".to_owned(),
        };
        self.broadcaster.broadcast(news).to(EVERYONE)
    }

    /// Sends a message and waits until every member has taken it.
    ///
    /// # Panics
    ///
    /// When a member was not reached.
    pub async fn deliver(&self) {
        let before = self.delivered.load(Ordering::Relaxed);
        let receipt = self.news().await.expect("nothing in memory fails");
        assert_eq!(receipt.reached as u64, self.members, "members were missed");
        while self.delivered.load(Ordering::Relaxed) < before + self.members {
            yield_now().await;
        }
    }

    /// Lets one more client join the group and leave it again, so many times.
    pub async fn churn(&self, times: u64) {
        let churn = Encoder::new(chanx::wire::Envelope::push())
            .message("churn", &Churn { times })
            .expect("a number is JSON");
        let client = Loopback::new(churn, 1);
        exchange(&self.endpoint, Member { joins: false }, client).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use tokio::spawn;

    use super::*;

    /// The number of deliveries between two turns of a task that is always ready.
    async fn most_between_two_turns(crowd: Crowd, done: Arc<AtomicBool>) -> u64 {
        let mut most = 0;
        while !done.load(Ordering::Relaxed) {
            let before = crowd.delivered.load(Ordering::Relaxed);
            yield_now().await;
            most = most.max(crowd.delivered.load(Ordering::Relaxed) - before);
        }
        most
    }

    async fn most_during_a_broadcast(members: u64) -> u64 {
        let crowd = Crowd::gather(members).await;
        let done = Arc::new(AtomicBool::new(false));
        // Several, since one of them may always be the first in turn.
        let others: Vec<_> = (0..3)
            .map(|_| spawn(most_between_two_turns(crowd.clone(), done.clone())))
            .collect();
        crowd.deliver().await;
        done.store(true, Ordering::Relaxed);
        let mut most = 0;
        for other in others {
            most = most.max(other.await.unwrap());
        }
        most
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn others_wait_no_longer_for_a_broadcast_to_many() {
        let most = spawn(most_during_a_broadcast(10_000)).await.unwrap();

        assert!(most < 128, "{most} deliveries between two turns");
    }

    #[tokio::test]
    async fn whoever_comes_and_goes_is_in_no_group_afterwards() {
        let crowd = Crowd::gather(3).await;

        crowd.churn(5).await;

        assert_eq!(crowd.layer.stats().members, 3);
        crowd.deliver().await;
    }
}
