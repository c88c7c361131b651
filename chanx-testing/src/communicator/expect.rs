//! The framework's own messages, as a test expects them.

use std::future::Future;

use chanx_core::Channel;
use serde_json::Value;

use super::Communicator;
use crate::{
    Received,
    failure::{Failure, Outcome},
    line::Line,
};

impl<C: Channel> Communicator<C> {
    /// Receives an error: `what` is its `reason`, its `detail` or the `type`
    /// of one of its violations.
    ///
    /// ```text
    /// {"detail": "room is full", "reason": "room_full"}     "room_full", "room is full"
    /// [{"type": "missing", "loc": ["chat", "payload"], …}]  "missing"
    /// ```
    ///
    /// # Panics
    ///
    /// When another message or error comes, or nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send(&Pong).await;
    /// let error = client.expect_error("unasked").await;
    /// assert_eq!(error.payload()["detail"], "nobody asked");
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_error(&mut self, what: &str) -> impl Future<Output = Received> + Send {
        let line = Line::here();
        async move {
            let expected = format!("`error` with {what:?}");
            let is_it = |received: &Received| {
                received.action() == "error" && says(received.payload(), what)
            };
            let error = self.expect(&expected, is_it).await;
            error.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    /// Receives the news that the handshake was accepted, where a channel
    /// tells it in an `authentication` frame.
    ///
    /// # Panics
    ///
    /// When another message comes, or nothing.
    #[track_caller]
    pub fn expect_authenticated(&mut self) -> impl Future<Output = Received> + Send {
        let line = Line::here();
        async move {
            let authentication = self.expect_authentication(200).await;
            authentication.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    /// Receives a refusal that comes after the upgrade: an `authentication`
    /// frame with a status, then the close code 4000 + status.
    ///
    /// # Panics
    ///
    /// When another message or code comes, or nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Channels, Connect, Consumer, ChannelLayer, Rejection, channel};
    /// # use chanx_testing::Communicator;
    /// use chanx::{AuthenticationFrames, ChannelOptions};
    ///
    /// # #[derive(Consumer)]
    /// # struct Vault;
    /// # impl Connect for Vault {
    /// #     type Handshake = ();
    /// #
    /// #     async fn connect((): ()) -> Result<Self, Rejection> { Err(Rejection::forbidden("no")) }
    /// # }
    /// # #[channel(name = "vault")]
    /// # impl Vault {}
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let layer = ChannelLayer::new();
    /// let app = Channels::new(layer)
    ///     .options(ChannelOptions::default().authentication_frames(AuthenticationFrames::OnRefusal))
    ///     .route::<Vault>("/ws")
    ///     .into_router();
    ///
    /// let mut client = Communicator::<Vault>::connect(&app, "/ws").await;
    /// let refusal = client.expect_refused(403).await;
    /// assert_eq!(refusal.payload()["data"]["detail"], "no");
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_refused(&mut self, status: u16) -> impl Future<Output = Received> + Send {
        let line = Line::here();
        async move {
            let refusal = self.refusal(status).await;
            refusal.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    /// Receives the end of its subscription, which is the server's: `reason` is
    /// `"failed"` for a hook that failed or a panic, `"closed"` for
    /// [`Context::close`](chanx_core::Context::close), or what a
    /// [`Broadcaster`](chanx_core::Broadcaster) has said.
    ///
    /// # Panics
    ///
    /// When another message or reason comes, or nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/hub.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut hub = connect().await;
    /// let mut room = hub.subscribe::<Room>("room:5").await;
    ///
    /// room.send(&Pong).await;
    /// let ended = room.expect_unsubscribed("closed").await;
    /// assert_eq!(ended.payload()["detail"], "enough");
    /// # }
    /// ```
    #[track_caller]
    pub fn expect_unsubscribed(&mut self, reason: &str) -> impl Future<Output = Received> + Send {
        let line = Line::here();
        async move {
            let expected = format!("`unsubscribed` with {reason:?}");
            let is_it = |received: &Received| {
                received.action() == "unsubscribed" && received.payload()["reason"] == reason
            };
            let ended = self.expect(&expected, is_it).await;
            ended.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    async fn refusal(&mut self, status: u16) -> Result<Received, Failure> {
        let refusal = self.expect_authentication(status).await?;
        let closed = self.next_close().await?;
        if closed.code == 4000 + status {
            return Ok(refusal);
        }
        let expected = format!("the connection to close: {}", 4000 + status);
        Err(Failure::new(expected, Outcome::Closed(closed)))
    }

    async fn expect_authentication(&mut self, status: u16) -> Result<Received, Failure> {
        let expected = format!("`authentication` with status {status}");
        let is_it = |received: &Received| {
            received.action() == "authentication" && received.payload()["status_code"] == status
        };
        self.expect(&expected, is_it).await
    }

    async fn expect(
        &mut self,
        expected: &str,
        is_it: impl Fn(&Received) -> bool,
    ) -> Result<Received, Failure> {
        let received = self.next_message(expected).await?;
        if is_it(&received) {
            return Ok(received);
        }
        Err(Failure::new(expected, Outcome::Message(received)))
    }
}

/// True if the payload of an error says it in any of its words.
fn says(error: &Value, what: &str) -> bool {
    match error {
        Value::Array(violations) => violations.iter().any(|violation| violation["type"] == what),
        error => error["reason"] == what || error["detail"] == what,
    }
}
