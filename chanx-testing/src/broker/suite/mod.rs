//! The tests that every broker must pass.

mod cases;
mod node;

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use chanx_core::layer::Broker;
use futures_util::FutureExt;
use tokio::time::{sleep, timeout};

use super::{Exchange, ExchangeBroker};

/// The maker of the suite's brokers, which can also cut their connections.
pub trait Fixture: Sync {
    /// The broker.
    type Broker: Broker;

    /// A broker for one more node; all of them are joined.
    fn broker(&self) -> impl Future<Output = Self::Broker> + Send;

    /// Cuts the connections of all brokers, until they are mended.
    fn cut(&self) -> impl Future<Output = ()> + Send;

    /// Lets the brokers connect again.
    fn mend(&self) -> impl Future<Output = ()> + Send;

    /// The largest message in bytes that the broker takes; `None` where there is
    /// no limit below 64 MiB.
    fn largest(&self) -> Option<usize>;
}

impl Fixture for Exchange {
    type Broker = ExchangeBroker;

    async fn broker(&self) -> ExchangeBroker {
        Self::broker(self)
    }

    async fn cut(&self) {
        Self::cut(self);
    }

    async fn mend(&self) {
        Self::mend(self);
    }

    fn largest(&self) -> Option<usize> {
        Some(1024 * 1024)
    }
}

macro_rules! cases {
    ($($case:ident)*) => {
        /// The names of the cases, for [`check`].
        pub const CASES: &[&str] = &[$(stringify!($case)),*];

        /// Runs one case of the suite.
        ///
        /// # Cancel safety
        ///
        /// Cancelled, the case has shown nothing.
        ///
        /// # Panics
        ///
        /// When the broker does not do as it must, saying what it was, or where
        /// there is no case of that name.
        pub async fn check<F: Fixture>(fixture: &F, case: &str) {
            let running = async {
                match case {
                    $(stringify!($case) => cases::$case(fixture).boxed().await,)*
                    _ => panic!("there is no case `{case}`"),
                }
            };
            let done = AssertUnwindSafe(timeout(CASE_WITHIN, running)).catch_unwind().await;
            // Otherwise the next case finds the broker away.
            fixture.mend().await;
            match done {
                Ok(Ok(())) => {}
                Ok(Err(_)) => panic!("`{case}` has not come to its end within {CASE_WITHIN:?}"),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    };
}

cases! {
    delivery events order several_groups join_and_leave users connections closes own_echo
    outages outage_at_join outage_at_publish foreign_bytes large_payloads odd_names many_groups
    slow_members shutdown
}

/// More than any case takes.
const CASE_WITHIN: Duration = Duration::from_secs(120);

/// Waits until something has come to be.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1500 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("within 15 s not so: {what}");
}
