//! One connection to Redis, from the handshake to its end.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use chanx_core::layer::{BrokerError, Inbound};
use redis::{
    AsyncConnectionConfig, Client, PushInfo, PushKind, RedisError, RedisResult, Value,
    aio::MultiplexedConnection,
};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tracing::debug;

use crate::{channels::Channels, error::ConnectError, greeting::refusal};

/// The time that connecting may take. A layer gives a broker five seconds to start.
const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// The time between two questions whether Redis is there, and the time for the answer.
const PING: Duration = Duration::from_secs(2);
const PONG_WITHIN: Duration = Duration::from_secs(4);

/// The most commands that wait for their place in the connection's buffer.
const COMMANDS: usize = 256;

/// One connection to Redis, for commands and for what is subscribed to.
///
/// Clones are the same connection.
#[derive(Clone)]
pub(crate) struct Connection {
    commands: MultiplexedConnection,
    /// True if `PUBLISH` counts all who have subscribed: in a cluster, it counts those
    /// of one server.
    counts_all: bool,
    ending: Arc<Ending>,
}

/// The signals by which the end of a connection is found out.
#[derive(Default)]
struct Ending {
    has_ended: AtomicBool,
    told: Notify,
}

impl Ending {
    fn end(&self) {
        self.has_ended.store(true, Ordering::Release);
        // Kept for whoever looks later.
        self.told.notify_one();
    }

    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }
}

impl Connection {
    /// Connects, and hands what comes to `inbound` until it [ends](Self::end).
    pub(crate) async fn open(
        client: &Client,
        inbound: &Inbound,
        channels: &Arc<Channels>,
    ) -> Result<Self, ConnectError> {
        let ending = Arc::new(Ending::default());
        let config = AsyncConnectionConfig::new()
            // Both are bounded where they are awaited.
            .set_connection_timeout(None)
            .set_response_timeout(None)
            .set_pipeline_buffer_size(COMMANDS)
            .set_push_sender(
                Pushes {
                    inbound: inbound.clone(),
                    channels: channels.clone(),
                    ending: ending.clone(),
                }
                .into_sender(),
            );
        let opening = async {
            let mut commands = client
                .get_multiplexed_async_connection_with_config(&config)
                .await?;
            let hello = redis::cmd("HELLO");
            let mut told: HashMap<String, Value> = hello.query_async(&mut commands).await?;
            let is_alone = match told.remove("mode") {
                Some(Value::BulkString(mode)) => mode == b"standalone",
                Some(Value::SimpleString(mode)) => mode == "standalone",
                _ => false,
            };
            Ok::<_, RedisError>((commands, is_alone))
        };
        let within = CONNECT_WITHIN;
        let opened = timeout(within, opening).await;
        let opened = opened.map_err(|_| ConnectError::TimedOut { within })?;
        let (commands, counts_all) = match opened {
            Ok(opened) => opened,
            Err(error) if error.is_connection_dropped() => {
                let address = client.get_connection_info().addr();
                return Err(refusal(address)
                    .await
                    .unwrap_or_else(|| ConnectError::new(error)));
            }
            Err(error) => return Err(ConnectError::new(error)),
        };
        Ok(Self {
            commands,
            counts_all,
            ending,
        })
    }

    /// Waits until the connection is broken, or Redis does not answer any more. Cancel safe.
    pub(crate) async fn lost(&self) {
        tokio::select! {
            () = self.ending.told.notified() => {}
            () = self.unanswered() => {}
        }
    }

    async fn unanswered(&self) {
        loop {
            sleep(PING).await;
            let mut commands = self.commands.clone();
            let ping = redis::cmd("PING");
            match timeout(PONG_WITHIN, ping.query_async::<Value>(&mut commands)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) if !is_broken(&error) => {
                    debug!(%error, "Redis answers a ping otherwise");
                }
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    /// Hands over nothing more of what comes, also while somebody still uses it.
    pub(crate) fn end(&self) {
        self.ending.end();
    }

    pub(crate) async fn subscribe(&self, channels: &[String]) -> Result<(), BrokerError> {
        told(self.commands.clone().subscribe(channels).await)
    }

    pub(crate) async fn unsubscribe(&self, channels: &[String]) -> Result<(), BrokerError> {
        told(self.commands.clone().unsubscribe(channels).await)
    }

    /// Publishes a message to each channel, and says how many subscriptions have it where Redis knows.
    pub(crate) async fn publish(
        &self,
        outgoing: &[(String, Bytes)],
    ) -> Result<Option<usize>, BrokerError> {
        let mut pipeline = redis::pipe();
        for (channel, message) in outgoing {
            pipeline.cmd("PUBLISH").arg(channel).arg(&message[..]);
        }
        let mut commands = self.commands.clone();
        let counts: Vec<usize> = told(pipeline.query_async(&mut commands).await)?;
        Ok(self.counts_all.then(|| counts.into_iter().sum()))
    }
}

/// The messages that come by themselves, between the answers.
struct Pushes {
    inbound: Inbound,
    channels: Arc<Channels>,
    ending: Arc<Ending>,
}

impl Pushes {
    fn into_sender(self) -> impl Fn(PushInfo) -> Result<(), redis::aio::SendError> {
        move |push| {
            self.take(push);
            Ok(())
        }
    }

    /// Never waits, since commands and answers share the connection.
    fn take(&self, PushInfo { kind, data }: PushInfo) {
        match kind {
            PushKind::Disconnection => self.ending.end(),
            PushKind::Message if !self.ending.has_ended() => {
                let mut data = data.into_iter();
                if let (Some(Value::BulkString(channel)), Some(Value::BulkString(message))) =
                    (data.next(), data.next())
                {
                    let message = Bytes::from(message);
                    self.channels.incoming(&channel, message, &self.inbound);
                }
            }
            _ => {}
        }
    }
}

/// The client's error in the layer's words.
fn told<T>(result: RedisResult<T>) -> Result<T, BrokerError> {
    result.map_err(|error| {
        if is_broken(&error) {
            return BrokerError::Away;
        }
        ConnectError::new(error).into_broker()
    })
}

/// True if the connection is of no more use.
fn is_broken(error: &RedisError) -> bool {
    error.is_io_error() || error.is_unrecoverable_error()
}
