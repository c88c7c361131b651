//! What the application tells its consumers from elsewhere.

use std::{any::Any, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use crate::wire::{EncodeError, Encoder, Envelope, InvalidPayload, Payload};

/// Something that happened elsewhere and concerns a consumer.
///
/// Derive it. Within one process an event travels as it is, shared by all who
/// receive it, and is never serialised; a layer that leaves the process
/// encodes it once, as a frame of its action.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx event",
    label = "not an event",
    note = "add `#[derive(Clone, Serialize, Deserialize, Event)]` to `{Self}`"
)]
pub trait Event: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The action that chooses this event's handler.
    const ACTION: &'static str;
}

/// One event, or an enum whose variants each hold one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a chanx event",
    label = "neither an event nor an enum of events",
    note = "add `#[derive(Clone, Serialize, Deserialize, Event)]` to a struct",
    note = "or `#[derive(Clone, Events)]` to an enum whose variants each hold one event"
)]
pub trait Events: Clone + Sized + Send + Sync + 'static {
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
    /// When serde cannot represent the value as JSON.
    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError>;
}

impl<E: Event> Events for E {
    const ACTIONS: &'static [&'static str] = &[E::ACTION];

    fn action(&self) -> &'static str {
        E::ACTION
    }

    fn decode(_action: &str, payload: Payload<'_>) -> Result<Self, InvalidPayload> {
        payload.decode_event()
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<bytes::Bytes, EncodeError> {
        encoder.message(E::ACTION, self)
    }
}

/// An event that the consumer `C` has a handler for.
///
/// Implemented by `#[channel]` alone, from `#[event_handler]` methods and
/// `passthrough(…)`: an event that nobody handles does not compile.
#[diagnostic::on_unimplemented(
    message = "`{C}` does not handle the event `{Self}`",
    label = "no `#[event_handler]` of `{C}` takes this",
    note = "add `#[event_handler] async fn …(&mut self, event: {Self})` to the `#[channel]` block of `{C}`",
    note = "or `passthrough({Self})` to `#[channel]`, to send the event to the client unchanged"
)]
pub trait HandledBy<C>: Events {}

/// An event on its way within one process.
pub(crate) type SharedEvent = Arc<dyn ErasedEvent>;

/// An event whose type only its handlers know.
pub(crate) trait ErasedEvent: Any + Send + Sync {
    fn action(&self) -> &'static str;

    /// Writes the event's frame.
    fn encode(&self) -> Result<bytes::Bytes, EncodeError>;
}

impl<E: Events> ErasedEvent for E {
    fn action(&self) -> &'static str {
        Events::action(self)
    }

    fn encode(&self) -> Result<bytes::Bytes, EncodeError> {
        Events::encode(self, Encoder::new(Envelope::push()))
    }
}
