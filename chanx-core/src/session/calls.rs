//! The calls of a consumer's handlers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing::{Span, debug, debug_span, trace};

use super::{handlers::Handlers, refused::Refused};
use crate::{
    channel::{Called, Route},
    connection::AnyEvent,
    identity::Topic,
    wire::{Foreign, Payload},
};

impl Handlers<'_> {
    /// The span in which a message is handled.
    #[inline(always)]
    pub(super) fn span_of(&self, action: &str) -> Span {
        let correlation = || self.served.correlation();
        debug_span!(
            "message",
            action = %Foreign::name(action),
            r#ref = correlation().reference.as_deref().map(|it| display(Foreign::name(it))),
            topic = correlation().topic.as_deref().map(|it| display(Foreign::name(it))),
        )
    }

    /// Calls the handler of a message.
    #[inline(always)]
    pub(super) fn call(
        &mut self,
        span: &Span,
        route: Option<Route>,
        action: &str,
        payload: Payload<'_>,
    ) -> Result<Called<'_>, Box<Refused>> {
        let _entered = span.enter();
        self.log_received(action, payload);
        let topic = self.member.topic().map(Topic::as_str);
        if topic != self.served.correlation().topic.as_deref() {
            return Err(Box::new(Refused::NotSubscribed));
        }
        if topic.is_some() && action == "subscribe" {
            return Err(Box::new(Refused::Subscribed));
        }
        let served = &mut *self.served;
        let handle = || {
            let served = served;
            route.map(|route| served.handle(route, payload))
        };
        let refused = match catch_unwind(AssertUnwindSafe(handle)) {
            Ok(Some(Ok(called))) => return Ok(called),
            // A message that is begun anew would panic anew.
            Err(_) if payload.is_guess() && payload.json().is_none() => Refused::WrongGuess,
            Err(_) => Refused::Panicked,
            _ if payload.is_guess() => Refused::WrongGuess,
            Ok(Some(Err(invalid))) => Refused::Invalid(invalid),
            Ok(None) => Refused::Unknown,
        };
        Err(Box::new(refused))
    }

    #[inline(always)]
    fn log_received(&self, action: &str, payload: Payload<'_>) {
        let unlogged = &self.common.options.unlogged_actions;
        if unlogged.is_empty() || !unlogged.iter().any(|unlogged| unlogged == action) {
            debug!("received");
            trace!(payload = payload.json(), "payload");
        }
    }

    /// Calls the handler of an event.
    pub(super) fn call_for_event(
        &mut self,
        span: &Span,
        event: AnyEvent,
    ) -> Result<Called<'_>, Box<Refused>> {
        let _entered = span.enter();
        let served = &mut *self.served;
        let handle = || {
            let served = served;
            served.handle_event(event)
        };
        match catch_unwind(AssertUnwindSafe(handle)) {
            Ok(Some(called)) => Ok(called),
            Ok(None) => Err(Box::new(Refused::Unknown)),
            Err(_) => Err(Box::new(Refused::Panicked)),
        }
    }
}
