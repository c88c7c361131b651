//! The time for which a client may be silent.

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::State};
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Disconnect, HandlerError,
    Message, Ping, Pong, Rejection, channel,
};
use chanx_testing::{Communicator, Frame};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Mutex, mpsc},
    time::{Instant, advance, timeout_at},
};

/// Asks for a handler that takes so many seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Work {
    seconds: u64,
}

/// Tells the test how the connection ended.
#[derive(Debug)]
struct Listener {
    ended: mpsc::UnboundedSender<Disconnect>,
}

impl Connect for Listener {
    type Handshake = State<mpsc::UnboundedSender<Disconnect>>;

    async fn connect(State(ended): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { ended })
    }
}

impl Consumer for Listener {
    async fn disconnected(
        &mut self,
        _: &mut Context<Self>,
        why: Disconnect,
    ) -> Result<(), HandlerError> {
        self.ended.send(why)?;
        Ok(())
    }
}

#[channel(name = "listener")]
impl Listener {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn work(&mut self, work: Work) {
        tokio::time::sleep(Duration::from_secs(work.seconds)).await;
    }
}

type Ended = Arc<Mutex<mpsc::UnboundedReceiver<Disconnect>>>;

async fn listener(options: ChannelOptions) -> (Communicator<Listener>, Ended) {
    let (sender, ended) = mpsc::unbounded_channel();
    let channels = Channels::new(ChannelLayer::new())
        .route::<Listener>("/")
        .options(options);
    let app = Router::new().merge(channels).with_state(sender);
    let mut client = Communicator::<Listener>::builder(&app, "/")
        .timeout(Duration::from_secs(3600))
        .connect()
        .await;
    client.request::<Pong>(&Ping).await;
    (client, Arc::new(Mutex::new(ended)))
}

/// The end of the connection, and the seconds until then.
async fn end(ended: &Ended, began: Instant) -> (Disconnect, u64) {
    let why = ended.lock().await.recv().await.unwrap();
    (why, began.elapsed().as_secs())
}

/// Reads for so many seconds, answering pings as every client does.
async fn read(client: &mut Communicator<Listener>, seconds: u64) -> Vec<Frame> {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let mut frames = Vec::new();
    while let Ok(frame) = timeout_at(deadline, client.receive_frame()).await {
        frames.push(frame);
    }
    frames
}

fn pings(frames: &[Frame]) -> usize {
    let is_ping = |frame: &&Frame| matches!(frame, Frame::Ping(_));
    frames.iter().filter(is_ping).count()
}

#[tokio::test(start_paused = true)]
async fn a_client_is_pinged_every_25_seconds_by_default_and_stays() {
    let (mut client, _) = listener(ChannelOptions::default()).await;

    let frames = read(&mut client, 301).await;

    assert_eq!(pings(&frames), 12);
    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanishes_is_noticed_within_45_seconds_by_default() {
    let began = Instant::now();
    let (_client, ended) = listener(ChannelOptions::default()).await;

    assert_eq!(end(&ended, began).await, (Disconnect::PingTimeout, 45));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanishes_is_noticed_within_interval_and_timeout() {
    let began = Instant::now();
    let options = ChannelOptions::default()
        .ping_interval(Duration::from_secs(10))
        .ping_timeout(Duration::from_secs(3));
    let (_client, ended) = listener(options).await;

    assert_eq!(end(&ended, began).await, (Disconnect::PingTimeout, 13));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanishes_right_behind_a_frame_is_noticed_in_time() {
    let (mut client, ended) = listener(ChannelOptions::default()).await;
    read(&mut client, 30).await;
    client.send(&Ping).await;
    let began = Instant::now();

    assert_eq!(end(&ended, began).await, (Disconnect::PingTimeout, 45));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_vanishes_behind_a_full_inbox_is_noticed_in_time() {
    let began = Instant::now();
    let options = ChannelOptions::default()
        .inbox_bytes(1)
        .finish_timeout(Duration::ZERO);
    let (mut client, ended) = listener(options).await;
    for _ in 0..5 {
        client.send(&Work { seconds: 3600 }).await;
    }

    assert_eq!(end(&ended, began).await, (Disconnect::PingTimeout, 45));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_answers_stays_behind_a_full_inbox() {
    let (mut client, _) = listener(ChannelOptions::default().inbox_bytes(1)).await;
    for _ in 0..5 {
        client.send(&Work { seconds: 120 }).await;
    }

    read(&mut client, 601).await;

    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_answers_stays_while_a_handler_takes_long() {
    let (mut client, _) = listener(ChannelOptions::default()).await;
    client.send(&Work { seconds: 600 }).await;

    read(&mut client, 601).await;

    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn without_an_interval_nobody_is_pinged_or_noticed() {
    let (mut client, _) = listener(ChannelOptions::default().ping_interval(None)).await;

    advance(Duration::from_secs(100_000)).await;

    assert_eq!(pings(&read(&mut client, 1000).await), 0);
    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_may_be_idle_for_ever_by_default() {
    let (mut client, _) = listener(ChannelOptions::default()).await;

    read(&mut client, 100_000).await;

    client.request::<Pong>(&Ping).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_no_message_for_too_long_is_closed_with_1000() {
    let began = Instant::now();
    let options = ChannelOptions::default().idle_timeout(Duration::from_secs(60));
    let (mut client, ended) = listener(options).await;

    let closed = client.closed().await;

    assert_eq!((closed.code, closed.reason.as_str()), (1000, "idle"));
    assert_eq!(end(&ended, began).await, (Disconnect::Idle, 60));
}

#[tokio::test(start_paused = true)]
async fn a_message_in_time_keeps_the_connection_and_a_ping_does_not() {
    let options = ChannelOptions::default().idle_timeout(Duration::from_secs(60));
    let (mut client, _) = listener(options).await;

    read(&mut client, 59).await;
    client.request::<Pong>(&Ping).await;
    let began = Instant::now();
    read(&mut client, 30).await;
    client.send_frame(Frame::Ping("alive".into())).await;

    client.closed().await;
    assert_eq!(began.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn messages_that_wait_for_a_handler_are_not_silence() {
    let options = ChannelOptions::default().idle_timeout(Duration::from_secs(60));
    let (mut client, _) = listener(options).await;
    client.send(&Work { seconds: 600 }).await;
    client.send(&Work { seconds: 1 }).await;
    client.send(&Ping).await;

    let answers = read(&mut client, 610).await;

    let is_pong = |frame: &Frame| matches!(frame, Frame::Text(text) if text.contains("pong"));
    assert!(answers.iter().any(is_pong));
}
