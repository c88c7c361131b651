//! What any frame costs: no more than so many times its own size.
//!
//! The allocator counts what is allocated in all, freed or not. Work that
//! allocates nothing is counted by `scripts/bounds`, in instructions.

#![cfg(feature = "garde")]

mod anything;

use std::alloc::System;

use proptest::{collection::vec, prelude::*, sample::select};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

use self::anything::answer;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The size of the answer to a frame, if there is one, and how much was allocated for it.
fn cost(frame: &str) -> (usize, usize) {
    let region = Region::new(ALLOCATOR);
    let answer = answer(frame).map_or(0, |answer| answer.len());
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

        // Each of at most 20 violations names its place, which the frame is longer than.
        prop_assert!(answer <= 8 * 1024 + 20 * frame.len(), "an answer of {} bytes", answer);
        // A wrong value in what serde buffers is looked for once a level, of which a frame
        // has thirty at most. Short texts cost most: 50 times the frame's size a level.
        prop_assert!(allocated <= 16 * 1024 + 1600 * frame.len(), "{} bytes allocated", allocated);
    }
}

#[test]
fn a_long_key_is_not_copied_for_each_value_within() {
    let key = "k".repeat(32 * 1024);
    for name in ["untagged", "numbers", "texts", "other", "value"] {
        let values = vec![r#""""#; 8_000].join(",");
        let within = format!(r#"{{"{name}":[{values},null]}}"#);
        let payload = format!(r#"{{"named":{{"{key}":{within}}}}}"#);
        let frame = format!(r#"{{"action":"anything","payload":{payload}}}"#);

        let (_, allocated) = cost(&frame);

        let times = allocated / frame.len();
        assert!(times < 200, "{name}: {times} times the frame's size");
    }
}
