//! Constraints that a message checks itself: P9's rows of these.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{accepted, answer, violations};
use crate::{
    Message,
    wire::{ErrorPayload, InvalidPayload, Violation},
};

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Booking {
    from: u8,
    until: u8,
    guests: Vec<String>,
}

impl Message for Booking {
    const ACTION: &'static str = "booking";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        let mut violations = Vec::new();
        if self.until <= self.from {
            violations.push(Violation::new("greater_than", "must be after `from`").at("until"));
        }
        for (index, guest) in self.guests.iter().enumerate() {
            if guest.is_empty() {
                violations.push(Violation::value("has no name").at("guests").at(index));
            }
        }
        if violations.is_empty() {
            Ok(())
        } else {
            Err(violations)
        }
    }
}

#[test]
fn a_message_that_keeps_to_its_constraints_is_accepted() {
    let booking: Booking = accepted(r#"{"from":1,"until":2,"guests":["a"]}"#);

    assert_eq!(booking.guests, ["a"]);
}

// P9
#[test]
fn every_constraint_that_is_violated_is_reported() {
    let answer = answer::<Booking>(
        r#"{"action":"booking","payload":{"from":2,"until":1,"guests":["a","",""]}}"#,
    );

    assert_eq!(
        answer,
        json!({"action": "error", "payload": [
            {"type": "greater_than", "loc": ["booking", "payload", "until"], "msg": "must be after `from`"},
            {"type": "value_error", "loc": ["booking", "payload", "guests", 1], "msg": "has no name"},
            {"type": "value_error", "loc": ["booking", "payload", "guests", 2], "msg": "has no name"},
        ]}),
    );
}

// P7
#[test]
fn constraints_hold_after_the_second_reading_too() {
    let found = violations::<Booking>(
        r#"{"action":"booking","payload":{"from":2,"until":1,"until":2,"guests":[]}}"#,
    );

    assert_eq!(found[0].0, "greater_than");
}

#[test]
fn types_come_before_constraints() {
    let found = violations::<Booking>(
        r#"{"action":"booking","payload":{"from":2,"until":1,"guests":[1]}}"#,
    );

    assert_eq!(
        found,
        [(
            "string_type".to_owned(),
            json!(["booking", "payload", "guests", 0])
        )]
    );
}

#[test]
fn a_refusal_that_names_nothing_is_still_a_refusal() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    struct Never;
    impl Message for Never {
        const ACTION: &'static str = "never";

        fn validate(&self) -> Result<(), Vec<Violation>> {
            Err(Vec::new())
        }
    }

    let found = violations::<Never>(r#"{"action":"never"}"#);

    assert_eq!(
        found,
        [("value_error".to_owned(), json!(["never", "payload"]))]
    );
}

// P9
#[test]
fn an_action_that_no_message_goes_by_is_an_invalid_tag() {
    let error = InvalidPayload::unknown_action().into_error("nope");

    assert_eq!(error, ErrorPayload::unknown_action());
    assert_eq!(serde_json::to_value(error).unwrap()[0]["loc"], json!([]),);
}
