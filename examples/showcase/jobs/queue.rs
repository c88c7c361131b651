//! The queue of jobs, and the task that works them off.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chanx::{Broadcaster, ChannelLayer, ConnectionId, HandlerError};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{BackgroundJobs, JobResult, work};

/// The number of jobs that may wait.
const CAPACITY: usize = 100;

/// The end of the queue at which jobs are handed in. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct JobQueue {
    jobs: mpsc::Sender<Job>,
    handed_in: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Job {
    kind: String,
    content: String,
    /// The connection that is told the result.
    client: ConnectionId,
}

impl JobQueue {
    /// Hands in a job, and gives its name.
    ///
    /// # Errors
    ///
    /// Where too many wait already. The client may read it.
    pub(crate) fn push(
        &self,
        kind: String,
        content: String,
        client: ConnectionId,
    ) -> Result<String, HandlerError> {
        let job = Job {
            kind,
            content,
            client,
        };
        self.jobs
            .try_send(job)
            .map_err(|_| HandlerError::client("too many jobs are waiting").with_reason("busy"))?;
        let number = self.handed_in.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(format!("job-{number}"))
    }
}

/// The task that works off the jobs. It ends when no queue is left.
#[derive(Debug)]
pub(crate) struct Worker(JoinHandle<()>);

impl Worker {
    /// Starts it.
    pub(crate) fn start(layer: &ChannelLayer) -> (JobQueue, Self) {
        let (jobs, waiting) = mpsc::channel(CAPACITY);
        let queue = JobQueue {
            jobs,
            handed_in: Arc::default(),
        };
        let clients = Broadcaster::new(layer);
        (queue, Self(tokio::spawn(work_off(waiting, clients))))
    }

    /// Waits until the last job is done.
    pub(crate) async fn done(self) {
        if let Err(error) = self.0.await {
            tracing::error!(%error, "the worker failed");
        }
    }
}

async fn work_off(mut waiting: mpsc::Receiver<Job>, clients: Broadcaster<BackgroundJobs>) {
    while let Some(job) = waiting.recv().await {
        let result = JobResult(work::perform(&job.kind, &job.content));
        // A client that has left cannot be told, and need not be.
        if let Err(error) = clients.connection(job.client).event(result).await {
            tracing::info!(%error, client = %job.client, "nobody to tell the result");
        }
    }
}
