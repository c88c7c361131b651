use chanx::{ChannelLayer, ChannelOptions};
use chanx_testing::{Communicator, Until};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    app::App,
    jobs::{BackgroundJobs, JobMessage, JobStatusMessage},
};

#[tokio::test]
async fn a_real_server_does_a_job_and_ends_in_order() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("there is a free port");
    let address = listener.local_addr().expect("a listener has an address");
    let options = ChannelOptions::default().completion_frames(true);
    let app = App::new(ChannelLayer::new(), options);
    let (stop, stopped) = oneshot::channel::<()>();
    let (report, reported) = oneshot::channel();
    let server = axum::serve(listener, app.router).with_graceful_shutdown(async move {
        let _ = stopped.await;
        let _ = report.send(app.control.shutdown().await);
    });
    let server = tokio::spawn(server.into_future());

    let url = format!("ws://{address}/ws/background_jobs");
    let mut client = Communicator::<BackgroundJobs>::connect_at(&url).await;
    let _: JobStatusMessage = client.receive().await;
    client
        .send(&JobMessage {
            kind: "analyze".to_owned(),
            content: "one two".to_owned(),
        })
        .await;
    let statuses = client.receive_all(Until::Count(3)).await;
    let result: JobStatusMessage = statuses[2].parse();
    assert!(
        result
            .message
            .starts_with("📊 Analysis of 'one two': Words: 2"),
        "{}",
        result.message
    );

    stop.send(()).expect("the server waits for it");
    assert_eq!(client.closed().await.code, 1001);
    let served = server.await.expect("the server does not panic");
    served.expect("the server ends in order");
    assert_eq!(reported.await.expect("a shutdown reports").cut, 0);
    app.worker.done().await;
}
