//! Credentials that expire.

use std::time::{Duration, SystemTime};

use axum::{Router, extract::Path};
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Rejection, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Expiring;

#[derive(Debug)]
struct Guest {
    expires_at: SystemTime,
    fails: bool,
}

impl Connect for Guest {
    type Handshake = Path<(i64, bool)>;

    async fn connect(Path((seconds, fails)): Self::Handshake) -> Result<Self, Rejection> {
        let span = Duration::from_secs(seconds.unsigned_abs());
        let expires_at = if seconds < 0 {
            SystemTime::now() - span
        } else {
            SystemTime::now() + span
        };
        Ok(Self { expires_at, fails })
    }
}

impl Consumer for Guest {
    fn expires_at(&self) -> Option<SystemTime> {
        Some(self.expires_at)
    }

    async fn expiring(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if self.fails {
            return Err(HandlerError::client("seen by nobody"));
        }
        ctx.send(Expiring).await?;
        Ok(())
    }
}

#[channel(name = "guest", sends(Expiring))]
impl Guest {}

async fn guest(seconds: i64, fails: bool) -> Communicator<Guest> {
    let channels: Channels =
        Channels::new(ChannelLayer::new()).route::<Guest>("/{seconds}/{fails}");
    Communicator::builder(&Router::from(channels), &format!("/{seconds}/{fails}"))
        .timeout(Duration::from_secs(100_000))
        .connect()
        .await
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_close_with_4401_after_expiring_has_run() {
    let began = Instant::now();
    let mut guest = guest(3600, false).await;

    guest.receive::<Expiring>().await;
    let closed = guest.closed().await;

    assert_eq!(
        (closed.code, closed.reason.as_str()),
        (4401, "credentials expired")
    );
    // The wall clock goes on by itself while the test runs.
    let elapsed = began.elapsed();
    let hour = Duration::from_secs(3590)..=Duration::from_secs(3601);
    assert!(hour.contains(&elapsed), "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_have_expired_already_close_at_once() {
    let began = Instant::now();
    let mut guest = guest(-60, false).await;

    guest.receive::<Expiring>().await;

    assert_eq!(guest.closed().await.code, 4401);
    assert!(began.elapsed() < Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn an_expiring_that_fails_closes_all_the_same() {
    let mut guest = guest(60, true).await;

    assert_eq!(guest.closed().await.code, 4401);
}

#[tokio::test(start_paused = true)]
async fn credentials_may_be_good_for_ages() {
    let mut guest = guest(1_000_000_000_000, false).await;

    guest.send_text("nonsense").await;

    guest.expect_error("json_invalid").await;
}
