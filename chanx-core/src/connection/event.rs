//! An event on its way, as a value or as JSON.

use std::{
    any::{Any, TypeId},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

use crate::{
    contained::Contained,
    event::{EventSet, SharedEvent},
    identity::Name,
    wire::{Body, EncodeError, InvalidPayload, Payload},
};

/// Reads an event that comes as JSON, by its action.
pub(crate) type EventDecoder = fn(&str, Payload<'_>) -> Result<AnyEvent, InvalidPayload>;

/// An event for a consumer: the value that it was sent as or, where it has come
/// from elsewhere, its action and payload.
///
/// What comes from elsewhere is decoded once by the layer, and the value shared
/// by all who get it. Cheap to clone.
#[derive(Clone)]
pub struct AnyEvent {
    form: Form,
    /// The publisher's own number for it.
    seq: Option<u64>,
}

#[derive(Clone)]
enum Form {
    Local(SharedEvent),
    /// Behind a pointer, so that queues of events have small places.
    Encoded(Arc<Body>),
}

impl AnyEvent {
    /// Wraps an event; all its recipients share it.
    pub(crate) fn new<E: EventSet>(event: E) -> Self {
        Form::Local(Arc::new(Contained::new(event))).into()
    }

    /// The same event, with its publisher's own number for it.
    pub(super) fn with_seq(mut self, seq: Option<u64>) -> Self {
        self.seq = seq;
        self
    }

    /// Its publisher's own number for it, which what comes of it is pushed with.
    pub(crate) fn seq(&self) -> Option<u64> {
        self.seq
    }

    /// The event's action.
    #[must_use]
    pub fn action(&self) -> &str {
        match &self.form {
            Form::Local(event) => event.action(),
            Form::Encoded(body) => body.action(),
        }
    }

    /// The action, which outlives the event.
    pub(crate) fn name(&self) -> Name {
        match &self.form {
            Form::Local(event) => event.action().into(),
            Form::Encoded(body) => body.action().clone(),
        }
    }

    /// The event, if it was sent as an `E` on this node.
    #[must_use]
    pub fn get<E: EventSet>(&self) -> Option<&E> {
        let Form::Local(event) = &self.form else {
            return None;
        };
        event.event().downcast_ref()
    }

    /// The event's action and payload.
    ///
    /// # Errors
    ///
    /// When serde cannot represent the event as JSON.
    pub fn body(&self) -> Result<Body, EncodeError> {
        match &self.form {
            Form::Local(event) => event.body(),
            Form::Encoded(body) => Ok(Body::clone(body)),
        }
    }

    /// The event's action and payload, where it has not been decoded.
    #[cfg(feature = "broker")]
    pub(crate) fn encoded(&self) -> Option<&Body> {
        match &self.form {
            Form::Local(_) => None,
            Form::Encoded(body) => Some(body),
        }
    }

    /// The event's type, which its handler goes by.
    pub(crate) fn event_type(&self) -> Option<TypeId> {
        let Form::Local(event) = &self.form else {
            return None;
        };
        Some(event.event().type_id())
    }

    /// The event as its handler takes it, cloned where others hold it too.
    pub(crate) fn into_event<E: EventSet>(self) -> Option<E> {
        let Form::Local(event) = self.form else {
            return None;
        };
        let event: Arc<dyn Any + Send + Sync> = event;
        let event = event.downcast::<Contained<E>>().ok()?;
        Some(event.take())
    }
}

impl From<Form> for AnyEvent {
    fn from(form: Form) -> Self {
        Self { form, seq: None }
    }
}

impl From<Body> for AnyEvent {
    fn from(body: Body) -> Self {
        Form::Encoded(Arc::new(body)).into()
    }
}

impl std::fmt::Debug for AnyEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnyEvent")
            .field("action", &self.action())
            .finish_non_exhaustive()
    }
}

impl Serialize for AnyEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = self.body().map_err(ser::Error::custom)?;
        body.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AnyEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Body::deserialize(deserializer).map(Self::from)
    }
}
