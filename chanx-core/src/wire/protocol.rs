//! The frames that the framework itself answers with.

use bytes::Bytes;
use serde::Serialize;

use super::{Correlation, Encoder, Envelope, ErrorPayload};

/// The action that tells that a message, or a stream, is dealt with.
pub(crate) const COMPLETE: &str = "complete";

/// The frame that follows a group message, where completion frames are on.
pub static GROUP_COMPLETE: Bytes =
    Bytes::from_static(br#"{"action":"group_complete","payload":null}"#);

/// The frame that follows an event dealt with, where completion frames are on.
pub static EVENT_COMPLETE: Bytes =
    Bytes::from_static(br#"{"action":"event_complete","payload":null}"#);

/// The frame that follows a group message of a topic, or of none.
pub(crate) fn group_complete_frame(topic: Option<&str>) -> Bytes {
    match topic {
        None => GROUP_COMPLETE.clone(),
        Some(_) => pushed(topic, "group_complete", &()),
    }
}

/// The frame that follows an event of a topic, or of none.
pub(crate) fn event_complete_frame(topic: Option<&str>) -> Bytes {
    match topic {
        None => EVENT_COMPLETE.clone(),
        Some(_) => pushed(topic, "event_complete", &()),
    }
}

/// True if the frame follows a group message.
pub(crate) fn is_group_complete(frame: &[u8]) -> bool {
    // No message of an application's has this action.
    frame.starts_with(br#"{"action":"group_complete""#)
}

/// The frame that follows a client's message dealt with, where completion frames are on.
///
/// It carries what the message is known by, and comes whether or not it went well.
#[must_use]
pub fn complete_frame(correlation: &Correlation<'_>) -> Bytes {
    if *correlation == Correlation::default() {
        return Bytes::from_static(br#"{"action":"complete","payload":null}"#);
    }
    own_frame(correlation, COMPLETE, &())
}

/// The answer to a frame that was refused, or whose handler failed.
#[must_use]
pub fn error_frame(error: &ErrorPayload, correlation: &Correlation<'_>) -> Bytes {
    own_frame(correlation, "error", error)
}

/// The frame that says to a client that it has missed something, on a topic.
pub(crate) fn lagged_frame(topic: Option<&str>) -> Bytes {
    let detail = "messages were dropped: they came faster than they were dealt with";
    let error = ErrorPayload::with_reason("lagged", detail);
    pushed(topic, "error", &error)
}

/// The answer to a client that has subscribed.
pub(crate) fn subscribed_frame(correlation: &Correlation<'_>) -> Bytes {
    own_frame(correlation, "subscribed", &())
}

/// The answer to a client that has unsubscribed.
pub(crate) fn unsubscribed_reply(correlation: &Correlation<'_>) -> Bytes {
    own_frame(correlation, "unsubscribed", &())
}

/// The reason for which the server has ended a subscription.
#[derive(Debug, Serialize)]
pub(crate) struct Unsubscribed<'a> {
    /// The word that clients branch on.
    pub(crate) reason: &'a str,
    /// The text for people.
    pub(crate) detail: &'a str,
}

/// The frame that says to a client that the server has ended a subscription.
pub(crate) fn unsubscribed_frame(topic: &str, why: &Unsubscribed<'_>) -> Bytes {
    pushed(Some(topic), "unsubscribed", why)
}

fn pushed<T: Serialize>(topic: Option<&str>, action: &str, payload: &T) -> Bytes {
    Encoder::new(Envelope::push().with_topic(topic))
        .message(action, payload)
        .expect("the framework's own payloads are made of strings and numbers")
}

/// The answer, no larger than a message may be.
///
/// Of too many violations fewer are told, of a text too long its beginning. One
/// violation without its path, or an empty text, is told whatever the limit.
pub(crate) fn error_frame_within(
    max_size: usize,
    error: ErrorPayload,
    correlation: &Correlation<'_>,
) -> Bytes {
    let mut error = error.summarised();
    loop {
        let frame = error_frame(&error, correlation);
        if frame.len() <= max_size {
            return frame;
        }
        match error.shortened() {
            Some(shorter) => error = shorter,
            None => return frame,
        }
    }
}

fn own_frame<T: Serialize>(correlation: &Correlation<'_>, action: &str, payload: &T) -> Bytes {
    Encoder::new(Envelope::reply(correlation))
        .message(action, payload)
        .expect("the framework's own payloads are made of strings and numbers")
}
