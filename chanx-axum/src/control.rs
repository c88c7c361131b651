//! The statistics and the shutdown of channels that serve.

use chanx_core::{ChannelLayer, ChannelStats, Live, Shutdown, ShutdownReport, layer::LayerStats};

/// The running channels: their numbers, and their end.
///
/// Cheap to clone; taken from [`Channels::control`](crate::Channels::control)
/// before the channels are merged into a router. Dropping it ends nothing.
///
/// # Examples
///
/// ```
/// # use chanx::{Channels, Connect, Consumer, ChannelLayer, channel};
/// # use chanx_testing::Communicator;
/// # #[derive(Default, Connect, Consumer)]
/// # struct Echo;
/// # #[channel(name = "echo")]
/// # impl Echo {}
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let layer = ChannelLayer::new();
/// let channels = Channels::new(layer).route::<Echo>("/ws/echo");
/// let control = channels.control();
/// let app = channels.into_router();
///
/// # let mut client = Communicator::<Echo>::connect(&app, "/ws/echo").await;
/// // with one client connected:
/// assert_eq!(control.stats().connections(), 1);
///
/// # let goodbye = tokio::spawn(async move { client.closed().await.code });
/// let report = control.shutdown().await;
/// assert_eq!((report.closed, report.cut), (1, 0));
/// # assert_eq!(goodbye.await.unwrap(), 1001);
/// assert_eq!(control.stats().connections(), 0);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) live: Live,
    pub(crate) layer: ChannelLayer,
}

/// The live numbers of an application's channels.
///
/// # Examples
///
/// ```
/// use chanx::{Channels, ChannelLayer};
///
/// let channels: Channels = Channels::new(ChannelLayer::new());
/// let stats = channels.control().stats();
///
/// println!("{} connections in {} groups", stats.connections(), stats.layer.groups);
/// for (channel, stats) in &stats.channels {
///     println!("{channel}: {} in, {} out", stats.frames_in, stats.frames_out);
/// }
/// # assert!(stats.channels.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The numbers of the layer, for all who share it.
    pub layer: LayerStats,
    /// Each channel that has had a connection, by name.
    pub channels: Vec<(&'static str, ChannelStats)>,
}

impl Stats {
    /// Connections now, over all channels.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.channels
            .iter()
            .map(|(_, channel)| channel.connections)
            .sum()
    }
}

impl Control {
    /// The live numbers. Costs a walk over all connections.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            layer: self.layer.stats(),
            channels: self.live.stats(),
        }
    }

    /// True once a shutdown has begun, also when it is over.
    ///
    /// For a route that tells a load balancer to look elsewhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{extract::State, http::StatusCode};
    /// use chanx::Control;
    ///
    /// async fn ready(State(control): State<Control>) -> StatusCode {
    ///     if control.is_shutting_down() {
    ///         StatusCode::SERVICE_UNAVAILABLE
    ///     } else {
    ///         StatusCode::OK
    ///     }
    /// }
    /// # use chanx::{Channels, ChannelLayer};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let channels: Channels = Channels::new(ChannelLayer::new());
    /// # let control = channels.control();
    /// # assert_eq!(ready(State(control.clone())).await, StatusCode::OK);
    /// # control.shutdown().await;
    /// # assert_eq!(ready(State(control)).await, StatusCode::SERVICE_UNAVAILABLE);
    /// # }
    /// ```
    #[must_use]
    pub fn is_shutting_down(&self) -> bool {
        self.live.is_shutting_down()
    }

    /// Closes every connection with 1001, within ten seconds.
    ///
    /// Handshakes are refused with 503 from now on. The closes are spread over
    /// a second, what was read is handled, each consumer's `disconnected` runs,
    /// and what has not ended after ten seconds is cut off. The report counts
    /// connections, and messages that were not handled.
    ///
    /// axum's graceful shutdown ignores WebSockets: call this after it, or in
    /// the future that it waits for. There is no way back.
    ///
    /// # Cancel safety
    ///
    /// Cancelled, handshakes stay refused and some connections may not have
    /// been closed; calling it again goes on.
    pub async fn shutdown(&self) -> ShutdownReport {
        self.shutdown_with(Shutdown::default()).await
    }

    /// The same, with times of your own.
    ///
    /// # Cancel safety
    ///
    /// As [`shutdown`](Self::shutdown).
    pub async fn shutdown_with(&self, shutdown: Shutdown) -> ShutdownReport {
        self.live.shutdown(shutdown).await
    }
}
