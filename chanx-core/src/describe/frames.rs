//! The frames that every channel has: the protocol's own.

use std::any::TypeId;

use schemars::{JsonSchema, SchemaGenerator};

use super::{MessageDescription, MessageShape};

/// The frames of the protocol's own that a channel sends besides `error`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolFrames {
    /// `complete`, `group_complete` and `event_complete`.
    pub completion: bool,
    /// `complete`, as the last frame of a stream.
    pub streams: bool,
    /// `authentication`.
    pub authentication: bool,
}

impl ProtocolFrames {
    /// Says whether the channel sends `complete`, `group_complete` and `event_complete`.
    #[must_use]
    pub const fn with_completion(mut self, on: bool) -> Self {
        self.completion = on;
        self
    }

    /// Says whether the channel answers with streams, the last frame of which is `complete`.
    #[must_use]
    pub const fn with_streams(mut self, on: bool) -> Self {
        self.streams = on;
        self
    }

    /// Says whether the channel sends `authentication`.
    #[must_use]
    pub const fn with_authentication(mut self, on: bool) -> Self {
        self.authentication = on;
        self
    }

    /// The frames as messages.
    pub(super) fn describe(self) -> Vec<MessageDescription> {
        let mut frames = vec![frame::<ErrorPayload>("ErrorMessage", "error", ERROR)];
        if self.completion || self.streams {
            frames.push(frame::<Complete>("CompleteMessage", "complete", COMPLETE));
        }
        if self.completion {
            frames.push(frame::<GroupComplete>(
                "GroupCompleteMessage",
                "group_complete",
                GROUP_COMPLETE,
            ));
            frames.push(frame::<EventComplete>(
                "EventCompleteMessage",
                "event_complete",
                EVENT_COMPLETE,
            ));
        }
        if self.authentication {
            frames.push(frame::<AuthenticationPayload>(
                "AuthenticationMessage",
                "authentication",
                AUTHENTICATION,
            ));
        }
        frames
    }
}

const ERROR: &str = "Tells why a message was refused or could not be dealt with. \
    The connection stays open.";
const COMPLETE: &str = "Tells that a message has been dealt with, whether or not it went well; \
    of one that is answered by a stream, that the stream has ended.";
const GROUP_COMPLETE: &str = "Tells that a message to a group has been delivered.";
const EVENT_COMPLETE: &str = "Tells that an event has been dealt with.";
const AUTHENTICATION: &str = "Tells whether the connection may stay; if not, it is closed \
    with 4000 and the status.";

fn frame<T: JsonSchema + 'static>(
    name: &'static str,
    action: &'static str,
    description: &'static str,
) -> MessageDescription {
    let without_data = size_of::<T>() == 0;
    MessageDescription {
        name: name.into(),
        type_id: TypeId::of::<T>(),
        action,
        description: Some(description),
        shape: if without_data {
            MessageShape::Unit
        } else {
            MessageShape::Newtype
        },
        schema: SchemaGenerator::subschema_for::<T>,
        payload_optional: without_data,
        examples: Vec::new(),
    }
}

/// A list where the client's data is at fault, an object otherwise.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "tells schemars what `wire::ErrorPayload` writes")]
enum ErrorPayload {
    Violations(Vec<Violation>),
    Detail(ErrorDetail),
}

/// One thing that is wrong with a message.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "tells schemars what `wire::Violation` writes")]
struct Violation {
    /// The kind of mistake, to branch on.
    #[schemars(rename = "type")]
    kind: String,
    /// The path to the value, from the action on.
    loc: Vec<Step>,
    /// The mistake, to read.
    msg: String,
}

/// A key of an object, or an index of a list.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "tells schemars what `wire::Location` writes")]
enum Step {
    Key(String),
    Index(u64),
}

/// Something that went wrong.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "tells schemars what `wire::ErrorPayload` writes")]
struct ErrorDetail {
    /// The failure, to read.
    detail: String,
    /// The reason, to branch on.
    #[schemars(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The `ref` that it is about, where the frame does not carry it.
    #[schemars(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

/// The outcome of the handshake, in HTTP's terms.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "tells schemars what `wire::authentication_frame` writes"
)]
struct AuthenticationPayload {
    /// HTTP's status, 200 for success.
    status_code: u16,
    /// The name of the status.
    status_text: String,
    data: AuthenticationData,
}

/// The details.
#[derive(JsonSchema)]
#[expect(
    dead_code,
    reason = "tells schemars what `wire::authentication_frame` writes"
)]
struct AuthenticationData {
    /// The reason for which the connection was refused, or `OK`.
    detail: String,
}

#[derive(JsonSchema)]
struct Complete;

#[derive(JsonSchema)]
struct GroupComplete;

#[derive(JsonSchema)]
struct EventComplete;
