//! The ways to a client of a test.

use std::future::Future;

use axum::Router;
use chanx_core::Channel;

use crate::{builder::Builder, communicator::Communicator};

impl<C: Channel> Communicator<C> {
    /// Connects to a path of an application, and waits until `connected` has
    /// returned: what is published from then on reaches this client.
    ///
    /// # Panics
    ///
    /// When the application refuses, with its response.
    #[track_caller]
    pub fn connect(app: &Router, path: &str) -> impl Future<Output = Self> + Send {
        Self::builder(app, path).connect()
    }

    /// Connects to a path of an application, with headers and more.
    ///
    /// # Panics
    ///
    /// When the path is none.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let app = app();
    /// let mut client = Communicator::<Echo>::builder(&app, "/ws")
    ///     .bearer("sesame")
    ///     .query("lang", "en")
    ///     .connect()
    ///     .await;
    /// assert_eq!(client.request::<Pong>(&Ping).await, Pong);
    /// # }
    /// ```
    #[track_caller]
    pub fn builder(app: &Router, path: &str) -> Builder<C> {
        Builder::to_app(app, path)
    }

    /// Connects to a server that runs already: `ws://127.0.0.1:8000/ws/room`.
    ///
    /// It has completion frames only where its options say so, and `connected`
    /// may still run.
    ///
    /// # Panics
    ///
    /// When nobody answers, or the server refuses.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use chanx::{Connect, Consumer, Ping, Pong, channel};
    /// # use chanx_testing::Communicator;
    /// # #[derive(Default, Connect, Consumer)]
    /// # struct Echo;
    /// # #[channel(name = "echo")]
    /// # impl Echo {
    /// #     #[ws_handler]
    /// #     async fn ping(&mut self, _: Ping) -> Pong { Pong }
    /// # }
    /// # async fn test() {
    /// let mut client = Communicator::<Echo>::connect_at("ws://127.0.0.1:8000/ws/echo").await;
    /// assert_eq!(client.request::<Pong>(&Ping).await, Pong);
    /// # }
    /// ```
    #[track_caller]
    pub fn connect_at(url: &str) -> impl Future<Output = Self> + Send {
        Self::builder_at(url).connect()
    }

    /// Connects to a server that runs already, with headers and more.
    ///
    /// # Panics
    ///
    /// When the address is none.
    #[track_caller]
    pub fn builder_at(url: &str) -> Builder<C> {
        Builder::to_address(url)
    }
}
