//! The costs of a delivery and of a change of members.

use std::{fmt, time::Duration};

use chanx_bench::{median, memory::Crowd};

use crate::clock::thread_time;

/// Deliveries that are timed together, so that small groups are measurable.
const DELIVERIES: u64 = 200_000;

/// The number of times that a client joins and leaves while it is timed.
const CHURN: u64 = 20_000;

/// The costs of one group, in nanoseconds.
pub(crate) struct Costs {
    members: u64,
    delivery: f64,
    churn: f64,
}

impl Costs {
    pub(crate) async fn measure(crowd: &Crowd, rounds: u32) -> Self {
        let (mut deliveries, mut churns) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            deliveries.push(Self::delivery(crowd).await);
            churns.push(Self::churn(crowd).await);
        }
        Self {
            members: crowd.members(),
            delivery: median(deliveries).unwrap_or_default(),
            churn: median(churns).unwrap_or_default(),
        }
    }

    async fn delivery(crowd: &Crowd) -> f64 {
        let broadcasts = DELIVERIES.div_ceil(crowd.members());
        let began = thread_time();
        for _ in 0..broadcasts {
            crowd.deliver().await;
        }
        each(thread_time() - began, broadcasts * crowd.members())
    }

    async fn churn(crowd: &Crowd) -> f64 {
        let began = thread_time();
        crowd.churn(CHURN).await;
        each(thread_time() - began, CHURN)
    }
}

fn each(time: Duration, count: u64) -> f64 {
    time.as_nanos() as f64 / count as f64
}

/// A line of a table.
impl fmt::Display for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            members,
            delivery,
            churn,
        } = self;
        write!(f, "| {members} | {delivery:.0} | {churn:.0} |")
    }
}
