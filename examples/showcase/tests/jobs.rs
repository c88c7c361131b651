use axum::Router;
use chanx::{Ping, Pong};
use chanx_testing::{Communicator, Until};
use serde_json::json;

use super::{app, post_event};
use crate::{
    extra::ExtraResponseMessage,
    jobs::{BackgroundJobs, JobMessage, JobStatus, JobStatusMessage},
};

/// A client that has been greeted.
async fn client(app: &Router) -> Communicator<BackgroundJobs> {
    let mut client = Communicator::connect(app, "/ws/background_jobs").await;
    assert_eq!(
        client.receive_json().await,
        json!({
            "action": "job_status",
            "payload": {
                "status": "connected",
                "message": "🔄 Background Job Processor: Connected!",
            },
        })
    );
    client
}

#[tokio::test]
async fn a_job_is_queued_and_done() {
    let mut client = client(&app()).await;

    client
        .send(&JobMessage {
            kind: "translate".to_owned(),
            content: "hello".to_owned(),
        })
        .await;

    let queuing: JobStatusMessage = client.receive().await;
    assert_eq!(queuing.status, JobStatus::Queuing);
    assert_eq!(queuing.message, "⏳ Queuing translate job: hello");

    let queued: JobStatusMessage = client.receive().await;
    assert_eq!(queued.status, JobStatus::Queued);
    assert_eq!(queued.job_id.as_deref(), Some("job-1"));
    assert_eq!(
        queued.message,
        "📋 Job job-1 queued successfully! Worker will process it shortly..."
    );

    let result: JobStatusMessage = client.receive().await;
    assert_eq!(result.status, JobStatus::Result);
    assert_eq!(result.message, "🌍 Translated: 'hello' → 'hola'");
}

#[tokio::test]
async fn only_its_client_is_told_the_result() {
    let app = app();
    let mut ann = client(&app).await;
    let mut ben = client(&app).await;

    ann.send_json(json!({ "action": "job", "payload": { "content": "tea" } }))
        .await;

    let stages = ann.receive_all(Until::Count(3)).await;
    let message = |stage: usize| stages[stage].parse::<JobStatusMessage>().message;
    assert_eq!(message(0), "⏳ Queuing default job: tea");
    assert_eq!(message(2), "✅ Processed: TEA");
    ben.receive_nothing().await;
}

#[tokio::test]
async fn an_event_is_added_to() {
    let app = app();
    let mut client = client(&app).await;

    let event = json!({ "action": "extra_event", "payload": "tea and" });
    post_event(&app, "background_jobs", json!({ "event": event })).await;

    let response: ExtraResponseMessage = client.receive().await;
    assert_eq!(response.0, "tea and any extra thing");
}

#[tokio::test]
async fn a_ping_is_answered() {
    let mut client = client(&app()).await;
    let _: Pong = client.request(&Ping).await;
}
