//! The hooks of a consumer: whatever becomes of one, the session goes on to its clean-up.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout};
use tracing::{error, warn};

use super::{
    handlers::{Handlers, Step},
    observed::Failures,
};
use crate::{channel::Hook, connection::Disconnect, contained::Contained, wire::Foreign};

impl Handlers<'_> {
    /// Runs `connected`.
    pub(super) fn connected(&mut self) -> BoxFuture<'_, Step> {
        Box::pin(async move {
            self.has_begun = true;
            self.answer_nobody();
            let began = Instant::now();
            let connected = Contained::new(self.served.connected()).caught().await;
            self.common.count_time(began);
            match connected {
                Some(Ok(())) => Step::Continue(()),
                Some(Err(error)) => self.failed("connected", &error).await,
                None => self.panicked("connected").await,
            }
        })
    }

    /// Runs `expiring`, where `connected` was started.
    pub(super) async fn expiring(&mut self) {
        if self.has_begun {
            self.answer_nobody();
            let limit = self.common.options.disconnect_timeout;
            to_end(
                "expiring",
                limit,
                self.common.failures,
                self.served.expiring(),
            )
            .await;
        }
    }

    /// Runs `disconnected`, where `connected` was started.
    pub(super) async fn disconnected(&mut self, why: &Disconnect) {
        if self.has_begun {
            self.answer_nobody();
            let hook = self.served.disconnected(why.clone());
            let limit = self.common.options.disconnect_timeout;
            to_end("disconnected", limit, self.common.failures, hook).await;
        }
    }
}

/// Runs a hook, and logs what goes wrong with it.
///
/// Boxed, so that it is compiled here and not once more for each transport.
fn to_end<'a>(
    name: &'static str,
    limit: Duration,
    failures: &'a Failures,
    hook: Hook<'a>,
) -> BoxFuture<'a, ()> {
    let hook = Contained::new(hook).caught();
    Box::pin(async move {
        match timeout(limit, hook).await {
            Ok(Some(Ok(()))) => {}
            Ok(Some(Err(error))) => {
                error!(hook = name, error = %Foreign::prose(&error.chain()), "hook failed");
                failures.tell(|| format!("`{name}` failed: {}", error.chain()));
            }
            Ok(None) => {
                error!(hook = name, "hook panicked");
                failures.tell(|| format!("`{name}` panicked"));
            }
            Err(_) => {
                warn!(hook = name, "hook took too long and was cancelled");
                failures.tell(|| format!("`{name}` took too long and was cancelled"));
            }
        }
    })
}
