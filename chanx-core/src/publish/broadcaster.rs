//! The handle by which the rest of an application reaches a consumer's connections.

use std::{fmt, marker::PhantomData};

use super::{
    address::Address, broadcast::Broadcast, direct::Direct, event::EventBroadcast, groups::Groups,
    unsubscribe::Unsubscribe,
};
use crate::{
    channel::{Channel, EventDecoders},
    connection::{AnyEvent, Target},
    event::HandledBy,
    identity::{ConnectionId, MemberId, UserKey},
    layer::ChannelLayer,
    message::SentBy,
    wire::{InvalidPayload, Payload},
};

/// Reaches the connections of the consumer `C` from anywhere: an HTTP
/// handler, a task, another consumer, a plain thread.
///
/// With axum, extract it in a handler when the application's state gives a
/// [`ChannelLayer`], or make one with [`new`](Self::new) and keep it. Cheap to clone.
///
/// What is published without naming groups goes to those that the channel
/// declares; having none is an error. What `C` does not handle, or does not
/// declare to send, does not compile.
///
/// # Ordering
///
/// What one task publishes, each awaited before the next, arrives in that
/// order; what different tasks publish, in any.
///
/// # Backpressure
///
/// None: publishing waits for no client and no consumer. See [`Broadcast`].
///
/// # Examples
///
/// ```
/// use axum::{Router, extract::FromRef, routing::post};
/// use chanx::{
///     Broadcaster, Channels, Connect, Consumer, Event, ChannelLayer, Message, channel,
/// };
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Published {
///     title: String,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct News {
///     title: String,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Feed;
///
/// #[channel(name = "feed", groups = ["readers"], sends(News))]
/// impl Feed {
///     #[event_handler]
///     async fn published(&mut self, event: Published) -> News {
///         News { title: event.title }
///     }
/// }
///
/// async fn publish(feeds: Broadcaster<Feed>, title: String) -> String {
///     match feeds.event(Published { title }).await {
///         Ok(receipt) => format!("{} readers", receipt.reached),
///         Err(error) => error.to_string(),
///     }
/// }
///
/// # #[derive(Clone)]
/// # struct AppState { layer: ChannelLayer }
/// # impl FromRef<AppState> for ChannelLayer {
/// #     fn from_ref(state: &AppState) -> ChannelLayer { state.layer.clone() }
/// # }
/// # let layer = ChannelLayer::new();
/// let app: Router = Router::new()
///     .route("/publish", post(publish))
///     .merge(Channels::new(layer.clone()).route::<Feed>("/ws/feed"))
///     .with_state(AppState { layer });
/// ```
///
/// In a plain thread:
///
/// ```
/// # use chanx::{Broadcaster, Connect, Consumer, ChannelLayer, Ping, channel};
/// # #[derive(Default, Connect, Consumer)]
/// # struct Feed;
/// # #[channel(name = "feed", groups = ["readers"], sends(Ping))]
/// # impl Feed {}
/// # let layer = ChannelLayer::new();
/// let feeds = Broadcaster::<Feed>::new(&layer);
/// std::thread::spawn(move || feeds.broadcast(Ping).blocking())
///     .join()
///     .expect("nothing here panics")?;
/// # Ok::<(), chanx::PublishError>(())
/// ```
pub struct Broadcaster<C> {
    layer: ChannelLayer,
    consumer: PhantomData<fn() -> C>,
}

impl<C: Channel> Broadcaster<C> {
    /// Reaches the connections of `C` that `layer` carries.
    #[must_use]
    pub fn new(layer: &ChannelLayer) -> Self {
        Self {
            layer: layer.clone(),
            consumer: PhantomData,
        }
    }

    /// Hands an event to the consumers in groups, each of which handles it.
    ///
    /// To those that the channel declares, or that
    /// [`to`](EventBroadcast::to) names.
    pub fn event<E: HandledBy<C, Via>, Via>(&self, event: E) -> EventBroadcast<'_> {
        EventBroadcast::new(self.to_declared_groups(), AnyEvent::new(event))
    }

    /// Hands an event that comes as JSON to the consumers in groups: from a
    /// webhook, a queue, an administrator.
    ///
    /// ```
    /// # use chanx::{Broadcaster, Channel};
    /// use chanx::wire::Payload;
    /// # async fn relay<Room: Channel>(rooms: Broadcaster<Room>, body: String)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// let payload = Payload::from_json(&body)?;
    /// rooms.event_from_json("payment_completed", payload)?.to("room.lobby").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the event, by path, see
    /// [`Event::read`](crate::Event::read); without any violation, no event of
    /// `C` goes by the action.
    pub fn event_from_json(
        &self,
        action: &str,
        payload: Payload<'_>,
    ) -> Result<EventBroadcast<'_>, InvalidPayload> {
        let event = EventDecoders::of::<C>().decode(action, payload)?;
        Ok(EventBroadcast::new(self.to_declared_groups(), event))
    }

    /// Sends a message to the clients in groups, past the consumers.
    ///
    /// To those that the channel declares, or that [`to`](Broadcast::to) names.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Broadcaster, Channel, PublishError, SentBy};
    /// # async fn tell<Room: Channel, M: SentBy<Room> + Clone>(
    /// #     rooms: Broadcaster<Room>, news: M,
    /// # ) -> Result<(), PublishError> {
    /// rooms.broadcast(news.clone()).await?; // the declared groups
    /// let receipt = rooms.broadcast(news).to("room.7").await?;
    /// println!("{} clients are to get it", receipt.reached);
    /// # Ok(())
    /// # }
    /// ```
    pub fn broadcast<M: SentBy<C, Via>, Via>(&self, message: M) -> Broadcast<'_, M> {
        Broadcast::new(self.to_declared_groups(), message)
    }

    /// One connection or, where `C` is a topic's consumer, all subscriptions to
    /// `C` that it has.
    ///
    /// Reaching it fails when it is gone, or belongs to another consumer:
    /// [`LayerError`](crate::LayerError). The id is what
    /// [`Handle::connection_id`](crate::Handle::connection_id) gives.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Broadcaster, Channel, ConnectionId, HandledBy};
    /// use chanx::{LayerError, PublishError};
    ///
    /// /// A job tells the connection that asked for it.
    /// async fn done<Desk: Channel, E: HandledBy<Desk>>(
    ///     desks: Broadcaster<Desk>,
    ///     asked_by: ConnectionId,
    ///     result: E,
    /// ) {
    ///     match desks.connection(asked_by).event(result).await {
    ///         Ok(_) => println!("told"),
    ///         Err(PublishError::Layer(LayerError::NotConnected(_))) => println!("it has left"),
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// ```
    pub fn connection(&self, id: ConnectionId) -> Direct<'_, C> {
        self.direct(Target::Connection(id))
    }

    /// One connection or one subscription, by the name that
    /// [`Handle::member_id`](crate::Handle::member_id) gives.
    ///
    /// Reaching it fails when it is gone, or belongs to another consumer.
    pub fn member(&self, id: MemberId) -> Direct<'_, C> {
        self.direct(Target::Member(id))
    }

    /// Ends the subscriptions in groups, and tells each client why: `reason`
    /// is what it branches on, `detail` what people read.
    ///
    /// To the groups that the channel declares, or that
    /// [`to`](Unsubscribe::to) names: a topic's own group has the topic's name.
    ///
    /// ```
    /// # use chanx::{Broadcaster, Channel, PublishError};
    /// # async fn archive<Room: Channel>(rooms: Broadcaster<Room>) -> Result<(), PublishError> {
    /// rooms.unsubscribe("archived", "the room has been archived").to("room:5").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn unsubscribe(
        &self,
        reason: impl Into<String>,
        detail: impl Into<String>,
    ) -> Unsubscribe<'_> {
        let address = self.to_declared_groups();
        Unsubscribe::new(address, reason.into(), detail.into())
    }

    /// All connections and subscriptions of one user to this channel; there may be none.
    ///
    /// They are those whose
    /// [`Consumer::identity`](crate::Consumer::identity) has answered the key.
    ///
    /// # Examples
    ///
    /// ```
    /// # use chanx::{Broadcaster, Channel, PublishError};
    /// # async fn log_out<Room: Channel>(rooms: Broadcaster<Room>) -> Result<(), PublishError> {
    /// let receipt = rooms.user("ada").close(4001, "logged out").await?;
    /// println!("{} tabs were open", receipt.reached);
    /// # Ok(())
    /// # }
    /// ```
    pub fn user(&self, user: impl Into<UserKey>) -> Direct<'_, C> {
        self.direct(Target::User(user.into()))
    }

    fn direct(&self, target: Target) -> Direct<'_, C> {
        Direct::new(Address::of::<C>(&self.layer, target))
    }

    fn to_declared_groups(&self) -> Address<'_> {
        Address::of::<C>(&self.layer, Groups::from(C::GROUPS).into())
    }
}

impl<C> Clone for Broadcaster<C> {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            consumer: PhantomData,
        }
    }
}

impl<C> fmt::Debug for Broadcaster<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcaster").finish_non_exhaustive()
    }
}
