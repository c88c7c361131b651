//! `POST /events/{channel}`: events that come as JSON, from a script or another service.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chanx::{
    Broadcaster, Channel, ChannelLayer, EventBroadcast, PublishError,
    wire::{ErrorPayload, InvalidPayload, Payload},
};
use serde::Deserialize;
use serde_json::{json, value::RawValue};

use crate::{
    analytics::Analytics, chat::Chat, jobs::BackgroundJobs, notifications::Notifications,
    reliable::ReliableChat, room::RoomChat, system::System,
};

/// An event, and the groups it is for: the channel's own unless others are named.
#[derive(Deserialize)]
pub(crate) struct Posted {
    event: Frame,
    groups: Option<Vec<String>>,
}

/// An event as JSON.
#[derive(Deserialize)]
pub(crate) struct Frame {
    action: String,
    payload: Option<Box<RawValue>>,
}

/// Why an event was not taken.
#[derive(Debug)]
pub(crate) enum Refusal {
    UnknownChannel,
    UnknownTopic,
    UnknownEvent,
    Invalid(ErrorPayload),
    Unpublished(PublishError),
}

pub(crate) async fn post(
    State(layer): State<ChannelLayer>,
    Path(channel): Path<String>,
    Json(posted): Json<Posted>,
) -> Result<StatusCode, Refusal> {
    match channel.as_str() {
        System::NAME => publish::<System>(&layer, posted).await,
        Chat::NAME => publish::<Chat>(&layer, posted).await,
        ReliableChat::NAME => publish::<ReliableChat>(&layer, posted).await,
        Notifications::NAME => publish::<Notifications>(&layer, posted).await,
        Analytics::NAME => publish::<Analytics>(&layer, posted).await,
        RoomChat::NAME => publish::<RoomChat>(&layer, posted).await,
        BackgroundJobs::NAME => publish::<BackgroundJobs>(&layer, posted).await,
        _ => Err(Refusal::UnknownChannel),
    }
}

async fn publish<C: Channel>(
    layer: &ChannelLayer,
    Posted { event, groups }: Posted,
) -> Result<StatusCode, Refusal> {
    let connections = Broadcaster::<C>::new(layer);
    let event = event.read(&connections)?;
    let event = match groups {
        Some(groups) => event.to(groups),
        None => event,
    };
    event.await.map_err(Refusal::Unpublished)?;
    Ok(StatusCode::ACCEPTED)
}

impl Frame {
    /// The event, for the consumers that it is to reach.
    pub(crate) fn read<'a, C: Channel>(
        &self,
        consumers: &'a Broadcaster<C>,
    ) -> Result<EventBroadcast<'a>, Refusal> {
        let payload = self.payload.as_deref();
        payload
            .map_or(Ok(Payload::NULL), |payload| {
                Payload::from_json(payload.get())
            })
            .and_then(|payload| consumers.event_from_json(&self.action, payload))
            .map_err(|invalid| Refusal::of(invalid, &self.action))
    }
}

impl Refusal {
    fn of(invalid: InvalidPayload, action: &str) -> Self {
        if invalid.violations().is_empty() {
            return Self::UnknownEvent;
        }
        Self::Invalid(invalid.into_error(action))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, detail) = match self {
            Self::UnknownChannel => (StatusCode::NOT_FOUND, json!("no channel goes by this name")),
            Self::UnknownTopic => (StatusCode::NOT_FOUND, json!("no topic goes by this name")),
            Self::UnknownEvent => (StatusCode::NOT_FOUND, json!("no event goes by this action")),
            Self::Invalid(violations) => (StatusCode::UNPROCESSABLE_ENTITY, json!(violations)),
            Self::Unpublished(PublishError::NoGroup) => {
                (StatusCode::UNPROCESSABLE_ENTITY, json!("no group is named"))
            }
            Self::Unpublished(error) => {
                tracing::error!(%error, "an event was not published");
                (StatusCode::SERVICE_UNAVAILABLE, json!("try again later"))
            }
        };
        (status, Json(json!({ "detail": detail }))).into_response()
    }
}
