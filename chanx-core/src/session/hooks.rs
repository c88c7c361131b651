//! The hooks of a consumer: whatever becomes of one, the session goes on to its clean-up.

use std::{future::Future, panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use tokio::time::{Instant, timeout};
use tracing::{error, warn};

use super::{
    handlers::{Handlers, Step, caught},
    observed::Failures,
};
use crate::{connection::Disconnect, consumer::HandlerError, contained::Contained, wire::Foreign};

impl Handlers<'_> {
    /// Runs `connected`.
    pub(super) async fn connected(&mut self) -> Step {
        self.has_begun = true;
        self.answer_nobody();
        let served = &mut *self.served;
        let began = Instant::now();
        let connected = caught(async { Contained::new(served.connected()).await }).await;
        self.count_time(began);
        match connected {
            Some(Ok(())) => Step::Continue(()),
            Some(Err(error)) => self.failed("connected", &error).await,
            None => self.panicked("connected").await,
        }
    }

    /// Runs `expiring`, where `connected` was started.
    pub(super) async fn expiring(&mut self) {
        if self.has_begun {
            self.answer_nobody();
            let hook = async { Contained::new(self.served.expiring()).await };
            let limit = self.common.options.disconnect_timeout;
            to_end("expiring", limit, self.common.failures, hook).await;
        }
    }

    /// Runs `disconnected`, where `connected` was started.
    pub(super) async fn disconnected(&mut self, why: &Disconnect) {
        if self.has_begun {
            self.answer_nobody();
            let why = why.clone();
            let hook = async { Contained::new(self.served.disconnected(why)).await };
            let limit = self.common.options.disconnect_timeout;
            to_end("disconnected", limit, self.common.failures, hook).await;
        }
    }
}

/// Runs a hook, and logs what goes wrong with it.
async fn to_end(
    name: &'static str,
    limit: Duration,
    failures: &Failures,
    hook: impl Future<Output = Result<(), HandlerError>>,
) {
    match timeout(limit, AssertUnwindSafe(hook).catch_unwind()).await {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => {
            error!(hook = name, error = %Foreign::prose(&error.chain()), "hook failed");
            failures.tell(|| format!("`{name}` failed: {}", error.chain()));
        }
        Ok(Err(_)) => {
            error!(hook = name, "hook panicked");
            failures.tell(|| format!("`{name}` panicked"));
        }
        Err(_) => {
            warn!(hook = name, "hook took too long and was cancelled");
            failures.tell(|| format!("`{name}` took too long and was cancelled"));
        }
    }
}
