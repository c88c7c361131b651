//! Events, which the application sends to its consumers from elsewhere.

use std::{any::Any, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    contained::Contained,
    wire::{Body, EncodeError, Encoder, Envelope, Head, InvalidPayload, Payload},
};

/// Something that happened elsewhere and concerns a consumer.
///
/// Derive it. An event is for consumers, not for clients: an
/// `#[event_handler]` decides what its client hears of it. Within one process
/// an event travels as it is, shared by all who receive it, and is never
/// serialised; a layer that leaves the process encodes it once, as a frame of
/// its action. Each handler gets a clone of its own.
///
/// # Examples
///
/// ```
/// use chanx::{
///     Broadcaster, Channels, Connect, Consumer, Event, ChannelLayer, Message, channel,
/// };
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Paid {
///     cents: u64,
/// }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// struct Notice {
///     text: String,
/// }
///
/// #[derive(Default, Connect, Consumer)]
/// struct Till;
///
/// #[channel(name = "till", groups = ["tills"])]
/// impl Till {
///     #[event_handler]
///     async fn paid(&mut self, paid: Paid) -> Notice {
///         Notice { text: format!("received {} cents", paid.cents) }
///     }
/// }
///
/// # use chanx_testing::Communicator;
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let layer = ChannelLayer::new();
/// # let app = Channels::new(layer.clone()).route::<Till>("/ws").into_router();
/// # let mut client = Communicator::<Till>::connect(&app, "/ws").await;
/// // in an HTTP handler or a job:
/// let receipt = Broadcaster::<Till>::new(&layer).event(Paid { cents: 250 }).await?;
///
/// assert_eq!(receipt.reached, 1);
/// assert_eq!(client.receive::<Notice>().await.text, "received 250 cents");
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx event",
    label = "not an event",
    note = "add `#[derive(Clone, Serialize, Deserialize, Event)]` to `{Self}`"
)]
pub trait Event: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The action that chooses this event's handler.
    const ACTION: &'static str;

    /// Reads an event that comes as JSON.
    ///
    /// Derived, it is read as a message is where the type derives `JsonSchema`
    /// too: no list stands for a struct anywhere in it, and what is wrong goes
    /// by its whole path. Otherwise serde alone decides what is inside of
    /// flattened, untagged and internally tagged types. A message's own rules
    /// are not asked.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being this event, by path.
    fn read(payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        payload.decode()
    }
}

/// One event, or an enum whose variants each hold one.
///
/// Every [`Event`] is one; for an enum, derive `EventEnum`. Unlike a message, an event
/// reaches the handler of the type that it was published as: a handler of an
/// enum is told the enum, not a variant's event.
///
/// # Examples
///
/// ```
/// use chanx::{Event, EventEnum, EventSet};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Opened;
///
/// #[derive(Clone, Serialize, Deserialize, Event)]
/// struct Shut;
///
/// #[derive(Clone, EventEnum)]
/// enum Door {
///     Opened(Opened),
///     Shut(Shut),
/// }
///
/// assert_eq!(Door::ACTIONS, ["opened", "shut"]);
/// assert_eq!(Door::from(Shut).action(), "shut");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx event",
    label = "neither an event nor an enum of events",
    note = "add `#[derive(Clone, Serialize, Deserialize, Event)]` to a struct",
    note = "or `#[derive(Clone, EventEnum)]` to an enum whose variants each hold one event"
)]
pub trait EventSet: Clone + Sized + Send + Sync + 'static {
    /// The actions of the events, in order of declaration.
    const ACTIONS: &'static [&'static str];

    /// The action of this event.
    fn action(&self) -> &'static str;

    /// Reads an event that has left its process.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being this event, by path.
    fn decode(action: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload>;

    /// Writes the event, for a layer that leaves the process.
    ///
    /// # Errors
    ///
    /// When the value has no form in JSON, see [`Encoder::message`](crate::wire::Encoder::message).
    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError>;
}

impl<E: Event> EventSet for E {
    const ACTIONS: &'static [&'static str] = &[E::ACTION];

    fn action(&self) -> &'static str {
        E::ACTION
    }

    fn decode(_action: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        E::read(payload)
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError> {
        encoder.headed(const { &Head::of(E::ACTION) }, self)
    }
}

/// The marker of a type that is declared itself: not as a member of an enum, nor by
/// a part.
#[derive(Debug)]
pub struct Declared;

/// An event that the consumer `C` has a handler for.
///
/// Implemented by `#[channel]` and `#[handlers]` alone, from `#[event_handler]` methods and
/// `passthrough(…)`: an event that nobody handles does not compile. What a part
/// handles, its consumer handles.
///
/// `Via` is how it comes to be handled, which the compiler finds out.
#[diagnostic::on_unimplemented(
    message = "`{C}` does not handle the event `{Self}`",
    label = "no `#[event_handler]` of `{C}` takes this",
    note = "add `#[event_handler] async fn …(&mut self, event: {Self})` to the `#[channel]` block of `{C}`",
    note = "or `passthrough({Self})` to `#[channel]`, to send the event to the client unchanged"
)]
pub trait HandledBy<C, Via = Declared>: EventSet {}

/// An event on its way within one process.
pub(crate) type SharedEvent = Arc<dyn ErasedEvent>;

/// An event whose type only its handlers know.
pub(crate) trait ErasedEvent: Any + Send + Sync {
    fn action(&self) -> &'static str;

    /// Writes the event.
    fn body(&self) -> Result<Body, EncodeError>;

    /// The event itself.
    fn event(&self) -> &(dyn Any + Send + Sync);
}

impl<E: EventSet> Contained<E> {
    /// The event, cloned where others hold it too.
    pub(crate) fn take(self: Arc<Self>) -> E {
        Arc::try_unwrap(self).map_or_else(|shared| E::clone(&shared), Self::into_inner)
    }
}

impl<E: EventSet> ErasedEvent for Contained<E> {
    fn action(&self) -> &'static str {
        E::action(self)
    }

    fn body(&self) -> Result<Body, EncodeError> {
        let frame = E::encode(self, Encoder::new(Envelope::push()))?;
        Body::of_frame(E::ACTIONS, frame)
    }

    fn event(&self) -> &(dyn Any + Send + Sync) {
        &**self
    }
}
