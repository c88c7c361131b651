//! The broker, and how it is set up.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use chanx_core::layer::{Address, Broker, BrokerError, Inbound, NodeId, Published, retry_delay};
use parking_lot::Mutex;
use redis::{Client, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisResult};
use tokio::time::sleep;
use tracing::{debug, warn};

#[cfg(feature = "python")]
use crate::python::Share;
use crate::{channels::Channels, connection::Connection, error::ConnectError};

/// The most that Redis takes in one message.
const LARGEST: usize = 512 * 1024 * 1024;

/// Joins layers by way of Redis.
///
/// Give it to [`ChannelLayer::connect`](chanx_core::ChannelLayer::connect), whose promises it keeps: one
/// publisher's order on every node, and what may have been missed is told.
///
/// # Backpressure
///
/// Publishing waits for the answer of Redis. A node that reads too slowly is
/// disconnected by Redis once 32 MiB wait for it, or 8 MiB for a minute
/// (`client-output-buffer-limit pubsub`), and connects again.
///
/// # Shutdown
///
/// Its task and its connection end with the layer.
///
/// # Errors
///
/// What keeps it from connecting the first time is a [`ConnectError`] in
/// `BrokerError::Failed` or `BrokerError::Refused`.
///
/// # Examples
///
/// ```no_run
/// use chanx::ChannelLayer;
/// use chanx_redis::RedisBroker;
///
/// # async fn layer(password: String) -> Result<ChannelLayer, chanx::layer::BrokerError> {
/// let broker = RedisBroker::new("redis://redis.internal:6379")
///     .credentials("chat", password)
///     .prefix("staging.");
/// ChannelLayer::connect(broker).await
/// # }
/// ```
pub struct RedisBroker {
    url: String,
    credentials: Option<(String, String)>,
    channels: Arc<Channels>,
    #[cfg(feature = "tls")]
    root_certificates: Option<Vec<u8>>,
    /// The connection, while there is one.
    connection: Arc<Mutex<Option<Connection>>>,
}

impl RedisBroker {
    /// A broker at a URL: `redis://user:password@host:port`, `rediss://…` over TLS,
    /// or `unix:///path`.
    ///
    /// A database may be named in it and means nothing: what is published in one
    /// database of Redis is heard in all of them. Use a [`prefix`](Self::prefix).
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            credentials: None,
            channels: Arc::default(),
            #[cfg(feature = "tls")]
            root_certificates: None,
            connection: Arc::default(),
        }
    }

    /// The user and the password, in the place of those in the URL.
    #[must_use]
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// Sets the text before the name of every channel in Redis; none by default.
    ///
    /// Applications that share a Redis and not their groups have different
    /// prefixes, none of them the beginning of another.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.channels_mut().prefix = prefix.into();
        self
    }

    /// Shares the groups of a channel with processes of Python's chanx, over its
    /// `RedisPubSubChannelLayer`: messages and events reach the group of the same
    /// name on both sides.
    ///
    /// Python has one namespace for the groups of all consumers, and takes names
    /// of 1 to 99 letters, digits, `-`, `_` and `.`: those of other groups stay with
    /// Rust. So do closes, and what is sent to users and single connections, for which
    /// Python has no form. What comes from Python is nobody's: `is_mine` is false.
    ///
    /// Whoever publishes for Rust by another program does so by the channel of
    /// the [`Address`], not by Python's.
    #[cfg(feature = "python")]
    #[must_use]
    pub fn share_with_python(mut self, channel: impl Into<String>) -> Self {
        let sharing = &mut self.channels_mut().sharing;
        sharing.share(channel.into(), Share::Groups);
        self
    }

    /// Shares the topics of a channel with Python's class of that name, such as
    /// `RoomTopic`: events for the group `room:5` reach whoever has subscribed to the topic
    /// `room:5` there, and the reverse. Messages stay with Rust.
    #[cfg(feature = "python")]
    #[must_use]
    pub fn share_topics_with_python(
        mut self,
        channel: impl Into<String>,
        class: impl Into<String>,
    ) -> Self {
        let class = class.into();
        let sharing = &mut self.channels_mut().sharing;
        sharing.share(channel.into(), Share::Topics { class });
        self
    }

    /// The certificates, in PEM, that the server's is to be signed by, in the
    /// place of the system's.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates = Some(pem.into());
        self
    }

    fn channels_mut(&mut self) -> &mut Channels {
        Arc::get_mut(&mut self.channels).expect("they are shared when the broker starts")
    }

    fn client(&self) -> RedisResult<Client> {
        let info: ConnectionInfo = self.url.as_str().into_connection_info()?;
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        let mut redis = info
            .redis_settings()
            .clone()
            .set_protocol(ProtocolVersion::RESP3);
        if let Some((user, password)) = &self.credentials {
            redis = redis.set_username(user).set_password(password);
        }
        let info = info.set_tcp_settings(tcp).set_redis_settings(redis);
        #[cfg(feature = "tls")]
        if matches!(info.addr(), redis::ConnectionAddr::TcpTls { .. }) {
            return crate::tls::client(info, self.root_certificates.clone());
        }
        Client::open(info)
    }

    fn connection(&self) -> Result<Connection, BrokerError> {
        self.connection.lock().clone().ok_or(BrokerError::Away)
    }
}

impl Broker for RedisBroker {
    async fn start(&self, inbound: Inbound, _: NodeId) -> Result<(), BrokerError> {
        let client = self.client().map_err(ConnectError::new);
        let client = client.map_err(BrokerError::failed)?;
        let opened = Connection::open(&client, &inbound, &self.channels).await;
        let connection = opened.map_err(ConnectError::into_broker)?;
        *self.connection.lock() = Some(connection.clone());
        let keeper = Keeper {
            client,
            inbound,
            channels: self.channels.clone(),
            place: self.connection.clone(),
        };
        tokio::spawn(keeper.run(connection));
        Ok(())
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.connection()?
            .subscribe(&self.channels.take(addresses))
            .await
    }

    async fn unsubscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        self.connection()?
            .unsubscribe(&self.channels.give_up(addresses))
            .await
    }

    async fn publish(
        &self,
        addresses: &[Address],
        message: Bytes,
    ) -> Result<Published, BrokerError> {
        if message.len() > LARGEST {
            return Err(BrokerError::TooLarge {
                size: message.len(),
                limit: LARGEST,
            });
        }
        let outgoing = addresses
            .iter()
            .map(|address| self.channels.outgoing(address, &message));
        let outgoing: Vec<_> = outgoing.collect();
        let subscriptions = self.connection()?.publish(&outgoing).await?;
        Ok(subscriptions.map_or_else(Published::new, Published::to))
    }
}

impl fmt::Debug for RedisBroker {
    // The URL has the password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBroker")
            .field("prefix", &self.channels.prefix)
            .field("is_connected", &self.connection.lock().is_some())
            .finish_non_exhaustive()
    }
}

/// Keeps a connection in its place, until the layer is gone.
struct Keeper {
    client: Client,
    inbound: Inbound,
    channels: Arc<Channels>,
    place: Arc<Mutex<Option<Connection>>>,
}

impl Keeper {
    async fn run(self, connection: Connection) {
        tokio::select! {
            () = self.inbound.closed() => {}
            () = self.keep(connection) => {}
        }
        self.take_away();
    }

    async fn keep(&self, mut connection: Connection) {
        loop {
            connection.lost().await;
            self.take_away();
            self.inbound.away();
            connection = self.connect_again().await;
            *self.place.lock() = Some(connection.clone());
            self.inbound.back();
        }
    }

    fn take_away(&self) {
        let connection = self.place.lock().take();
        if let Some(connection) = connection {
            connection.end();
        }
    }

    async fn connect_again(&self) -> Connection {
        for attempt in 1.. {
            sleep(retry_delay(attempt)).await;
            match Connection::open(&self.client, &self.inbound, &self.channels).await {
                Ok(connection) => return connection,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    if attempt == 1 {
                        warn!(
                            error,
                            "could not connect to Redis again, and goes on trying"
                        );
                    } else {
                        debug!(error, attempt, "could not connect to Redis again");
                    }
                }
            }
        }
        unreachable!("there is always another attempt")
    }
}
