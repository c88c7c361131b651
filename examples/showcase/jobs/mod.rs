//! Work that takes time: a worker beside the connection, which is told the result.

mod queue;
mod work;

pub(crate) use queue::{JobQueue, Worker};

use axum::extract::State;
use chanx::{
    Connect, Consumer, Context, Event, HandlerError, Message, Ping, Pong, Rejection, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extra::{ExtraEvent, ExtraResponseMessage};

/// Work to be done.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "job")]
pub(crate) struct JobMessage {
    /// `translate`, `analyze`, `generate`, or anything else.
    #[serde(rename = "type", default = "ordinary")]
    pub(crate) kind: String,
    pub(crate) content: String,
}

/// The progress of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[message(action = "job_status")]
pub(crate) struct JobStatusMessage {
    pub(crate) status: JobStatus,
    /// The job's name, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) job_id: Option<String>,
    pub(crate) message: String,
}

/// The stages of a job.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JobStatus {
    Connected,
    Queuing,
    Queued,
    Result,
}

/// The result of a job.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
#[event(action = "job_result")]
pub(crate) struct JobResult(pub(crate) String);

fn ordinary() -> String {
    "default".to_owned()
}

impl JobStatusMessage {
    fn new(status: JobStatus, message: impl Into<String>) -> Self {
        Self {
            status,
            job_id: None,
            message: message.into(),
        }
    }

    fn queued(job_id: String) -> Self {
        let message =
            format!("📋 Job {job_id} queued successfully! Worker will process it shortly...");
        Self {
            status: JobStatus::Queued,
            job_id: Some(job_id),
            message,
        }
    }
}

/// One client with its jobs.
pub(crate) struct BackgroundJobs {
    queue: JobQueue,
}

impl Connect for BackgroundJobs {
    type Handshake = State<JobQueue>;

    async fn connect(State(queue): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { queue })
    }
}

impl Consumer for BackgroundJobs {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let message = "🔄 Background Job Processor: Connected!";
        ctx.send(JobStatusMessage::new(JobStatus::Connected, message))
            .await?;
        Ok(())
    }
}

#[channel(
    name = "background_jobs",
    description = "Work that is done elsewhere",
    tags = ["jobs"],
    groups = ["background_jobs"],
    sends(JobStatusMessage)
)]
impl BackgroundJobs {
    /// Have something done.
    ///
    /// The result comes later, as a `job_status` of its own.
    #[ws_handler]
    async fn job(
        &self,
        JobMessage { kind, content }: JobMessage,
        ctx: &mut Context<Self>,
    ) -> Result<JobStatusMessage, HandlerError> {
        let queuing = format!("⏳ Queuing {kind} job: {content}");
        ctx.send(JobStatusMessage::new(JobStatus::Queuing, queuing))
            .await?;
        let job_id = self.queue.push(kind, content, ctx.connection_id())?;
        Ok(JobStatusMessage::queued(job_id))
    }

    /// Ask whether the server still answers.
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    /// Tell what came of a job.
    #[event_handler]
    async fn job_result(&self, JobResult(message): JobResult) -> JobStatusMessage {
        JobStatusMessage::new(JobStatus::Result, message)
    }

    /// Add to what the application says.
    #[event_handler]
    async fn extra_event(&self, event: ExtraEvent) -> ExtraResponseMessage {
        ExtraResponseMessage::to(&event.0)
    }
}
