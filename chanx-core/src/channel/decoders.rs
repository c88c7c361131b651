//! Events that come as JSON, read by their actions.

use super::keyed::Keyed;
use crate::{
    connection::AnyEvent,
    event::EventSet,
    wire::{InvalidPayload, Payload},
};

/// The decoders of the events that a channel handles, by action.
#[derive(Debug, Default)]
pub(crate) struct EventDecoders(Keyed<&'static str, Decode>);

type Decode = fn(&str, Payload<'_>) -> Result<AnyEvent, InvalidPayload>;

impl EventDecoders {
    /// Adds the actions of `E`.
    pub(super) fn add<E: EventSet>(&mut self) {
        for action in E::ACTIONS {
            let decode: Decode = |action, payload| E::decode(action, payload).map(AnyEvent::new);
            self.0.insert(*action, decode);
        }
    }

    /// Adds the events that a part handles.
    pub(super) fn include(&mut self, part: Self) {
        for (action, decode) in part.0 {
            self.0.insert(action, decode);
        }
    }

    /// Reads an event.
    ///
    /// # Errors
    ///
    /// What keeps the payload from being the event; without any violation,
    /// no event of the channel goes by the action.
    pub(crate) fn decode(
        &self,
        action: &str,
        payload: Payload<'_>,
    ) -> Result<AnyEvent, InvalidPayload> {
        let place = self.0.find(|known| *known == action);
        let place = place.ok_or_else(InvalidPayload::unknown_action)?;
        let (_, decode) = self.0.at(place);
        decode(action, payload)
    }
}
