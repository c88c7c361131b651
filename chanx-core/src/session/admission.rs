//! The admission of a client to topics, which only the worker sees to: it has the hub's
//! consumer.

use futures_util::future::BoxFuture;
use tokio::time::timeout;
use tracing::{debug, error, warn};

use super::{
    answers::{client_error, neutral_detail},
    ask::Ask,
    handlers::Step,
    worker::Worker,
};
use crate::{
    channel::Served,
    consumer::{Refusal, Rejection},
    contained::Contained,
    identity::Topic,
    time_limit::capped,
    wire::{ErrorPayload, Foreign},
};

impl Worker<'_> {
    /// Does what a lane asks for.
    pub(super) fn on_ask(&mut self, ask: Ask) -> BoxFuture<'_, Step> {
        Box::pin(async move {
            let mut step = Step::Continue(());
            match ask {
                Ask::Refuse {
                    error,
                    correlation,
                    refused,
                } => {
                    self.handlers.answer_to(&correlation);
                    step = self.handlers.answer_error(error).await;
                    // An error says that the lane is gone.
                    let _ = refused.send(());
                }
                Ask::Admit {
                    topic,
                    correlation,
                    admitted,
                } => {
                    self.handlers.answer_to(&correlation);
                    let consumer = match self.admit(&topic).await {
                        Ok(consumer) => Some(consumer),
                        Err(refusal) => {
                            step = self.handlers.answer_error(refusal).await;
                            None
                        }
                    };
                    let _ = admitted.send(consumer);
                }
            }
            self.handlers.answer_nobody();
            step
        })
    }

    /// Asks the hub whether a client may subscribe.
    async fn admit(&mut self, topic: &Topic) -> Result<Box<dyn Served>, ErrorPayload> {
        let limit = capped(self.handlers.common.options.subscribe_timeout);
        let failures = self.handlers.common.failures;
        let topic_name = Foreign::name(topic);
        let admitting = match self.handlers.served.admit(topic) {
            Ok(admitting) => Contained::new(admitting),
            Err(rejection) => return Err(rejected(&rejection)),
        };
        let failed = || ErrorPayload::detail(neutral_detail("subscribe"));
        match timeout(limit, admitting.caught()).await {
            Ok(Some(Ok(consumer))) => Ok(consumer),
            Ok(Some(Err(Refusal::Rejected(rejection)))) => {
                let detail = Foreign::prose(rejection.detail());
                let status = rejection.status().as_u16();
                debug!(topic = %topic_name, status, %detail, "refused a subscription");
                Err(rejected(&rejection))
            }
            Ok(Some(Err(Refusal::Failed(error)))) => {
                self.handlers.note_failure("subscribe", &error);
                Err(client_error(&error, "subscribe"))
            }
            Ok(None) => {
                error!(topic = %topic_name, "authorising a subscription panicked");
                failures.tell(|| format!("authorising `{topic}` panicked"));
                Err(failed())
            }
            Err(_) => {
                warn!(topic = %topic_name, "authorising a subscription took too long and was cancelled");
                failures.tell(|| format!("authorising `{topic}` took too long and was cancelled"));
                Err(failed())
            }
        }
    }
}

/// The error that a client is told of a refusal.
fn rejected(rejection: &Rejection) -> ErrorPayload {
    let reason = match rejection.status() {
        http::StatusCode::NOT_FOUND => "unknown_topic",
        _ => "unauthorized",
    };
    ErrorPayload::with_reason(reason, rejection.detail().to_owned())
}
