//! The names that the README's code uses without defining them.

use axum::{
    extract::{FromRef, FromRequestParts, Query},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use chanx::{ChannelLayer, Event, Message, PublishError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::readme::ChatNotification;

#[derive(Clone, Deserialize)]
pub struct User {
    #[serde(rename = "user")]
    pub name: String,
}

/// Whoever is named in the query; a real application would check.
pub struct Member(pub User);

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let user = Query::<User>::from_request_parts(parts, state).await;
        user.map(|Query(user)| Self(user))
            .map_err(|_| StatusCode::UNAUTHORIZED)
    }
}

impl ChatNotification {
    pub fn joined(user: &User) -> Self {
        Self {
            author: user.name.clone(),
            message: format!("{} has joined", user.name),
        }
    }
}

#[derive(Clone)]
pub struct Db;

#[derive(Clone, FromRef)]
pub struct AppState {
    pub db: Db,
    pub layer: ChannelLayer,
}

#[derive(Deserialize)]
pub struct Payment {
    amount: u32,
}

#[derive(Clone, Serialize, Deserialize, Event)]
pub struct PaymentCompleted {
    amount: u32,
}

impl From<Payment> for PaymentCompleted {
    fn from(payment: Payment) -> Self {
        Self {
            amount: payment.amount,
        }
    }
}

/// Tells the room that somebody has paid.
#[derive(Serialize, Deserialize, JsonSchema, Message)]
pub struct PaymentNotice {
    pub amount: u32,
}

impl From<PaymentCompleted> for PaymentNotice {
    fn from(event: PaymentCompleted) -> Self {
        Self {
            amount: event.amount,
        }
    }
}

pub struct AppError;

impl From<PublishError> for AppError {
    fn from(_: PublishError) -> Self {
        Self
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    }
}
