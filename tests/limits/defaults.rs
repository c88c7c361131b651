//! The limits of an application that sets none.

use chanx::ChannelOptions;

/// An option's default, as `Debug` writes it.
fn has_default(option: &str, value: &str) {
    let options = format!("{:?}", ChannelOptions::default());
    let expected = format!("{option}: {value}");
    let found = options.split(&expected).nth(1);
    assert!(
        found.is_some_and(|rest| rest.starts_with([',', ' '])),
        "expected {expected} in {options}"
    );
}

#[test]
fn sizes_and_capacities_are_bounded_by_default() {
    has_default("max_message_size", "65536");
    has_default("inbox_bytes", "131072");
    has_default("outbox_frames", "4096");
    has_default("outbox_bytes", "1048576");
    has_default("mailbox_events", "4096");
    has_default("max_groups", "1024");
    has_default("max_group_name", "200");
    has_default("max_topics", "100");
    has_default("read_buffer_size", "4096");
}

#[test]
fn times_are_bounded_by_default() {
    has_default("ping_interval", "Some(25s)");
    has_default("ping_timeout", "20s");
    has_default("close_timeout", "5s");
    has_default("finish_timeout", "5s");
    has_default("disconnect_timeout", "30s");
    has_default("handshake_timeout", "10s");
    has_default("subscribe_timeout", "10s");
}

#[test]
fn what_costs_or_cuts_off_is_off_by_default() {
    has_default("idle_timeout", "None");
    has_default("rate_limit", "None");
    has_default("compression", "None");
    has_default("completion_frames", "false");
    has_default("authentication_frames", "Off");
    has_default("keep_headers", "false");
    has_default("overflow", "Close");
}
