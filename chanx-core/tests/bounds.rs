//! What any frame costs: no more than so many times its own size.
//!
//! The allocator counts. What is allocated in all, freed or not, bounds both the
//! memory that a frame takes and how often its parts are read.

#![cfg(feature = "garde")]

use std::{alloc::System, collections::BTreeMap};

use chanx_core::{
    Message, MessageSet,
    wire::{Inbound, Violation, error_frame, garde_validate},
};
use garde::Validate;
use proptest::{collection::vec, prelude::*, sample::select};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Has a place for everything, and breaks a rule wherever it can.
#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[garde(allow_unvalidated)]
#[serde(default)]
#[derive(Default)]
struct Anything {
    #[garde(inner(range(min = 5)))]
    numbers: Vec<u8>,
    #[garde(inner(length(min = 1)))]
    texts: Vec<String>,
    #[garde(dive)]
    children: Vec<Self>,
    #[garde(dive)]
    named: BTreeMap<String, Self>,
    value: Option<Value>,
    untagged: Option<Untagged>,
    #[garde(dive)]
    #[serde(flatten)]
    rest: BTreeMap<String, Part>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(untagged)]
enum Part {
    Number(#[garde(range(min = 5))] u8),
    Text(#[garde(length(min = 100_000))] String),
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    Texts(Vec<String>),
}

impl Message for Anything {
    const ACTION: &'static str = "anything";

    fn validate(&self) -> Result<(), Vec<Violation>> {
        garde_validate(self)
    }
}

/// The size of the answer to a frame, if there is one, and how much was allocated for it.
fn cost(frame: &str) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    let answer = match Inbound::decode(frame.as_bytes()) {
        Err(refusal) => refusal.to_frame().len(),
        Ok(inbound) => match Anything::decode(&inbound.action, inbound.payload) {
            Ok(_) => 0,
            Err(invalid) => {
                let error = invalid.into_error(&inbound.action);
                error_frame(&error, &inbound.correlation).len()
            }
        },
    };
    (answer, region.change().bytes_allocated)
}

/// A payload in which one piece comes many times, at some depth, with something behind it.
fn any_payload() -> impl Strategy<Value = String> {
    let names = select(
        &[
            "numbers", "texts", "children", "named", "value", "untagged", "other",
        ][..],
    );
    let pieces = select(
        &[
            "0",
            "1",
            "\"\"",
            "\"\\u0000\"",
            "[]",
            "{}",
            "null",
            "[0]",
            "{\"a\":0}",
            "{\"numbers\":[0]}",
            "{\"numbers\":[0],\"numbers\":[0]}",
            "1.5",
            "{\"texts\":[\"\"]}",
            "{\"a\":\"\"}",
        ][..],
    );
    let last = select(&["0", "\"\"", "null", "[[]]", "{\"numbers\":\"\"}"][..]);
    let key = prop_oneof![Just(0), 1..200usize, 1..20_000usize];
    let around = vec(select(&["children", "named", "other"][..]), 0..20);
    (names, pieces, 0..8_000usize, last, key, around, any::<bool>()).prop_map(
        |(name, piece, count, last, key, around, members)| {
            let key = "\u{e9}".repeat(key);
            let parts: Vec<String> = (0..count)
                .map(|n| if members { format!("\"{n}\":{piece}") } else { piece.to_owned() })
                .collect();
            let parts = parts.join(",");
            let comma = if count == 0 { "" } else { "," };
            let mut payload = if members {
                format!("{{\"{name}\":{{{parts}{comma}\"{key}\":{last}}},{parts}{comma}\"{key}\":{last}}}")
            } else {
                format!("{{\"{name}\":[{parts}{comma}{last}],\"{key}\":{last}}}")
            };
            for name in around {
                payload = match name {
                    "children" => format!("{{\"children\":[{payload}]}}"),
                    "named" => format!("{{\"named\":{{\"{key}\":{payload}}}}}"),
                    _ => format!("{{\"{key}\":1,\"value\":null,\"children\":[{payload}]}}"),
                };
            }
            payload
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_frame_costs_so_many_times_its_size(payload in any_payload()) {
        let frame = format!("{{\"action\":\"anything\",\"payload\":{payload}}}");
        prop_assume!(frame.len() <= 64 * 1024);

        let (answer, allocated) = cost(&frame);

        prop_assert!(answer <= 8 * 1024 + 2 * frame.len(), "an answer of {} bytes", answer);
        prop_assert!(allocated <= 16 * 1024 + 400 * frame.len(), "{} bytes allocated", allocated);
    }
}
