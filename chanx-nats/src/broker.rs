//! The broker, and how it is set up.

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{Client, ConnectOptions, client::PublishErrorKind};
use bytes::Bytes;
use chanx_core::layer::{Address, Broker, BrokerError, Inbound, NodeId, Published, retry_delay};
use tokio::time::timeout;

use crate::{
    client::{Shared, connects, run},
    error::ConnectError,
    merge::Order,
};

/// The time that connecting may take. A layer gives a broker five seconds to start.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// The time between two questions whether the server is there. It is given up when
/// three such have no answer.
const PING: Duration = Duration::from_secs(2);

/// The most messages that wait in the client for one subscription.
const WAITING: usize = 8192;

/// Joins layers by way of NATS.
///
/// Give it to [`ChannelLayer::connect`](chanx_core::ChannelLayer::connect), whose promises it keeps: one
/// publisher's order on every node, and what may have been missed is told.
///
/// # Ordering
///
/// Programs that are no nodes and publish by themselves are heard in their order
/// on each address, and in no certain order between two.
///
/// # Backpressure
///
/// Publishing waits until the server has it. A node that reads too slowly is
/// disconnected by the server (`max_pending`, `write_deadline`), and connects again.
///
/// # Shutdown
///
/// Its tasks and its connection end with the layer.
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
/// use chanx_nats::NatsBroker;
///
/// # async fn layer(password: String) -> Result<ChannelLayer, chanx::layer::BrokerError> {
/// let broker = NatsBroker::new("nats://nats.internal:4222")
///     .credentials("chat", password)
///     .prefix("staging.");
/// ChannelLayer::connect(broker).await
/// # }
/// ```
pub struct NatsBroker {
    url: String,
    prefix: String,
    credentials: Option<(String, String)>,
    token: Option<String>,
    #[cfg(feature = "nkeys")]
    credentials_file: Option<PathBuf>,
    root_certificates: Option<PathBuf>,
    shared: Arc<Shared>,
    node: OnceLock<NodeId>,
    /// The number of the next message.
    number: AtomicU64,
}

impl NatsBroker {
    /// A broker at a URL: `nats://user:password@host:port`, or `tls://…` where it has
    /// to be encrypted. Several servers of a cluster are separated by commas.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            prefix: String::new(),
            credentials: None,
            token: None,
            #[cfg(feature = "nkeys")]
            credentials_file: None,
            root_certificates: None,
            shared: Arc::default(),
            node: OnceLock::new(),
            number: AtomicU64::new(0),
        }
    }

    /// The user and the password.
    #[must_use]
    pub fn credentials(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some((user.into(), password.into()));
        self
    }

    /// A token, in the place of user and password.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A file with an nkey and a JWT, as `nsc` writes it.
    #[cfg(feature = "nkeys")]
    #[must_use]
    pub fn credentials_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.credentials_file = Some(path.into());
        self
    }

    /// A file with certificates, in PEM, that the server's may be signed by,
    /// beside those of the system.
    #[must_use]
    pub fn root_certificates(mut self, path: impl Into<PathBuf>) -> Self {
        self.root_certificates = Some(path.into());
        self
    }

    /// Sets the text before every subject; none by default.
    ///
    /// Applications that share a server and not their groups have different
    /// prefixes, each ending with a dot: `staging.`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    async fn options(&self, inbound: &Inbound) -> Result<ConnectOptions, ConnectError> {
        let shared = Arc::downgrade(&self.shared);
        let inbound = inbound.clone();
        let prefix = self.prefix.clone();
        let has_tried = AtomicBool::new(false);
        let mut options = ConnectOptions::new()
            .name("chanx")
            .connection_timeout(CONNECT_WITHIN)
            .ping_interval(PING)
            .subscription_capacity(WAITING)
            .reconnect_delay_callback(move |attempt| {
                let is_first = !has_tried.swap(true, Ordering::Relaxed);
                if is_first {
                    Duration::ZERO
                } else {
                    retry_delay(attempt)
                }
            })
            .event_callback(move |event| {
                if let Some(shared) = shared.upgrade() {
                    shared.hear(event, &prefix, &inbound);
                }
                std::future::ready(())
            });
        if let Some((user, password)) = &self.credentials {
            options = options.user_and_password(user.clone(), password.clone());
        }
        if let Some(token) = &self.token {
            options = options.token(token.clone());
        }
        #[cfg(feature = "nkeys")]
        if let Some(path) = &self.credentials_file {
            let read = options.credentials_file(path).await;
            options = read.map_err(|error| ConnectError::Credentials(error.into()))?;
        }
        if let Some(path) = &self.root_certificates {
            options = options.add_root_certificates(path.clone());
        }
        Ok(options)
    }

    async fn connect(&self, inbound: &Inbound) -> Result<Client, ConnectError> {
        let options = self.options(inbound).await?;
        let within = CONNECT_WITHIN;
        let servers: Vec<_> = self.url.split(',').map(str::trim).collect();
        let connecting = timeout(within, options.connect(servers));
        let connected = connecting
            .await
            .map_err(|_| ConnectError::TimedOut { within })?;
        let client = connected.map_err(|error| ConnectError::new(error, within))?;
        let info = client.server_info();
        if !info.headers {
            let version = info.version;
            return Err(ConnectError::TooOld { version });
        }
        Ok(client)
    }

    fn subject(&self, address: &Address) -> String {
        format!("{}{address}", self.prefix)
    }

    /// Waits until the server has what was sent by the connection of that number.
    async fn confirmed(&self, client: &Client, connection: u64) -> Result<(), BrokerError> {
        self.shared.confirmations.confirmed().await?;
        if connects(client) == connection {
            Ok(())
        } else {
            Err(BrokerError::Away)
        }
    }

    /// An error if the server has refused to take something that was sent since.
    async fn allowed(&self, addresses: &[Address], since: u64) -> Result<(), BrokerError> {
        let subjects = addresses.iter().map(|address| self.subject(address));
        match self.shared.refusals.refused(subjects, since).await {
            None => Ok(()),
            Some(subject) => {
                let text = format!("publishing to {subject} is not allowed");
                Err(ConnectError::Forbidden(text.into()).into_broker())
            }
        }
    }

    fn next_order(&self) -> Result<Order, BrokerError> {
        Ok(Order {
            node: *self.node.get().ok_or(BrokerError::Away)?,
            number: self.number.fetch_add(1, Ordering::Relaxed),
        })
    }
}

impl Broker for NatsBroker {
    async fn start(&self, inbound: Inbound, node: NodeId) -> Result<(), BrokerError> {
        let client = self.connect(&inbound).await.map_err(BrokerError::failed)?;
        self.node.get_or_init(|| node);
        self.shared.set(client.clone());
        let confirm = format!("{}chanx.confirm.{node}", self.prefix);
        let answers = client.subscribe(confirm.clone()).await;
        let answers = answers.map_err(BrokerError::failed)?;
        tokio::spawn(run(self.shared.clone(), inbound, client, confirm, answers));
        // If the user may not do this, nothing comes back.
        match timeout(CONNECT_WITHIN / 2, self.shared.confirmations.confirmed()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                let error = self.shared.complaint().map_or(
                    ConnectError::TimedOut {
                        within: CONNECT_WITHIN / 2,
                    },
                    |complaint| ConnectError::Forbidden(complaint.into()),
                );
                Err(error.into_broker())
            }
        }
    }

    async fn subscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        let client = self.shared.client()?;
        let connection = connects(&client);
        let since = self.shared.refusals.count();
        for address in addresses {
            let subject = self.subject(address);
            let subscribed = client.subscribe(subject.clone()).await;
            let subscriber = subscribed.map_err(BrokerError::failed)?;
            self.shared.merge.add(subject, subscriber);
        }
        self.confirmed(&client, connection).await?;
        if since > 0 {
            let subjects = addresses.iter().map(|address| self.subject(address));
            self.shared.refusals.settle(subjects, since).await;
        }
        Ok(())
    }

    async fn unsubscribe(&self, addresses: &[Address]) -> Result<(), BrokerError> {
        for address in addresses {
            let subscriber = self.shared.merge.remove(&self.subject(address));
            if let Some(mut subscriber) = subscriber {
                let unsubscribed = subscriber.unsubscribe().await;
                unsubscribed.map_err(BrokerError::failed)?;
            }
        }
        Ok(())
    }

    async fn publish(
        &self,
        addresses: &[Address],
        message: Bytes,
    ) -> Result<Published, BrokerError> {
        let client = self.shared.client()?;
        let connection = connects(&client);
        let since = self.shared.refusals.count();
        for address in addresses {
            let headers = self.next_order()?.headers();
            let size = message.len();
            let published = client
                .publish_with_headers(self.subject(address), headers, message.clone())
                .await;
            published.map_err(|error| match error.kind() {
                PublishErrorKind::MaxPayloadExceeded => BrokerError::TooLarge {
                    size,
                    limit: client.max_payload(),
                },
                _ => BrokerError::failed(error),
            })?;
        }
        self.confirmed(&client, connection).await?;
        self.allowed(addresses, since).await?;
        Ok(Published::new())
    }
}

impl fmt::Debug for NatsBroker {
    // The URL may have the password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsBroker")
            .field("prefix", &self.prefix)
            .field("is_connected", &self.shared.client().is_ok())
            .finish_non_exhaustive()
    }
}
