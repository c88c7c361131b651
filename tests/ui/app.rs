//! What the cases have in common: a consumer, messages and an event.

#![allow(dead_code, reason = "each case uses some of it")]

use chanx::{Connect, Consumer, Event, Message};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Default, Connect, Consumer)]
pub struct Room;

#[derive(Serialize, Deserialize, JsonSchema, Message)]
pub struct Chat {
    pub message: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
pub struct Shout {
    pub message: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
pub struct Joined;

/// Not a message.
pub struct Line {
    pub text: String,
}

#[derive(Clone, Serialize, Deserialize, Event)]
pub struct PaymentCompleted {
    pub amount: u32,
}
