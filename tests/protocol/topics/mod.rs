//! P25 to P36: many streams on one connection.

mod counts;
mod documents;
mod ends;
mod failures;
mod odd;
mod order;
mod patterns;
mod pushes;
mod refusals;
mod routes;
mod subscribing;

use serde_json::{Value, json};

use crate::hub::{App, answer};

fn refused(topic: &str, reference: &str, payload: Value) -> Value {
    answer(topic, reference, "error", payload)
}

fn not_subscribed(topic: &str, reference: &str) -> Value {
    let payload =
        json!({"detail": "hub: not subscribed to this topic", "reason": "not_subscribed"});
    refused(topic, reference, payload)
}

/// Waits until the consumers of `room:5` and of its hub have both been told why they end.
async fn both_left(app: &mut App, why: &str) {
    let mut notes = [app.note().await, app.note().await];
    notes.sort();
    assert_eq!(
        notes,
        [format!("5 left: {why}"), format!("hub left: {why}")]
    );
}
