//! The decoders of events that come from other nodes.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use parking_lot::RwLock;

use crate::{
    connection::{AnyEvent, Content, EventDecoder, Publication},
    wire::{Body, ErrorPayload, Foreign, Logged},
};

/// The decoders of a layer's channels: one for each consumer of a channel's name.
#[derive(Debug, Default)]
pub(super) struct Decoders(RwLock<HashMap<&'static str, Vec<EventDecoder>>>);

/// The reason for which an event reaches nobody.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnreadableEvent {
    #[error("no consumer here knows the event {}", Foreign::name(.0))]
    Unknown(String),
    #[error("the event {} is not as its consumer takes it: {}", Foreign::name(.0), Logged(.1))]
    Invalid(String, ErrorPayload),
    #[error("reading the event {} panicked", Foreign::name(.0))]
    Panicked(String),
}

impl Decoders {
    pub(super) fn learn(&self, channel: &'static str, decode: EventDecoder) {
        let mut channels = self.0.write();
        let known = channels.entry(channel).or_default();
        // A consumer may have several routes.
        if !known
            .iter()
            .any(|other| std::ptr::fn_addr_eq(*other, decode))
        {
            known.push(decode);
        }
    }

    /// The publication with its event as a value, which all of its receivers share.
    pub(super) fn read(
        &self,
        mut publication: Publication,
    ) -> Result<Publication, UnreadableEvent> {
        if let Content::Event(event) = &mut publication.content
            && let Some(body) = event.encoded()
        {
            *event = self.decode(&publication.channel, body)?;
        }
        Ok(publication)
    }

    /// The event as the first of the channel's consumers has it that can read it.
    fn decode(&self, channel: &str, body: &Body) -> Result<AnyEvent, UnreadableEvent> {
        // Copied, so that no code of the application's runs under the map's lock.
        let decoders = self.0.read().get(channel).cloned();
        let action = body.action().as_str();
        let mut unreadable = None;
        for decode in decoders.unwrap_or_default() {
            let decoded = catch_unwind(AssertUnwindSafe(|| {
                body.read(|payload| decode(action, payload))
            }));
            match decoded {
                Ok(Ok(event)) => return Ok(event),
                Ok(Err(error)) if error.violations().is_empty() => {}
                Ok(Err(error)) => {
                    let error = ErrorPayload::Violations(error.violations().to_vec());
                    unreadable = Some(UnreadableEvent::Invalid(action.to_owned(), error));
                }
                Err(_) => unreadable = Some(UnreadableEvent::Panicked(action.to_owned())),
            }
        }
        Err(unreadable.unwrap_or_else(|| UnreadableEvent::Unknown(action.to_owned())))
    }
}
