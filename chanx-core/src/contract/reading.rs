//! The reading of an event that comes as JSON: by its schema, where its type has one.
//!
//! `#[derive(Event)]` writes `Reading::<Self>::of_chanx_event().read_chanx_event(payload)`.
//! The compiler takes the method of the type for it before that of the trait,
//! and the type has one where the event has a schema. Both have names that no
//! trait has which the application implements for everything. Nothing but
//! [`Event`] is asked for, so that an event that lacks a trait is told so once.

use std::marker::PhantomData;

use schemars::JsonSchema;

use crate::{
    event::Event,
    wire::{InvalidPayload, Payload},
};

/// Reads events of one type.
#[derive(Debug)]
pub struct Reading<T>(PhantomData<fn() -> T>);

impl<T: Event + JsonSchema> Reading<T> {
    /// Reads an event that has a schema, as a message is read.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being this event, by path.
    pub fn read_chanx_event(self, payload: Payload<'_>) -> Result<T, InvalidPayload> {
        payload.decode_by_schema()
    }
}

/// Reads events of any type.
pub trait ReadEvent {
    /// The event's type.
    type Event;

    /// The reading of this event.
    fn of_chanx_event() -> Self;

    /// Reads an event that has no schema.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being this event, by path.
    fn read_chanx_event(self, payload: Payload<'_>) -> Result<Self::Event, InvalidPayload>;
}

impl<T: Event> ReadEvent for Reading<T> {
    type Event = T;

    fn of_chanx_event() -> Self {
        Self(PhantomData)
    }

    fn read_chanx_event(self, payload: Payload<'_>) -> Result<T, InvalidPayload> {
        payload.decode()
    }
}
