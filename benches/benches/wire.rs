//! Bytes to messages and back: what a frame costs before and after its handler.

use std::hint::black_box;

use chanx::{
    MessageSet,
    wire::{Correlation, Encoder, Envelope, Inbound},
};
use chanx_bench::memory::{ECHO, EchoMessage};
use criterion::{Criterion, criterion_group, criterion_main};

const PAYLOAD_FIRST: &str = r#"{"payload":{"message":"as long as a short line"},"action":"echo"}"#;

const WITH_REF: &str =
    r#"{"action":"echo","payload":{"message":"as long as a short line"},"ref":"17"}"#;

fn decode(c: &mut Criterion) {
    let mut group = c.benchmark_group("decode");
    for (name, frame) in [
        ("action first", ECHO),
        ("payload first", PAYLOAD_FIRST),
        ("with ref", WITH_REF),
    ] {
        group.bench_function(name, |b| b.iter(|| message(black_box(frame))));
    }
    group.finish();
}

fn message(frame: &str) -> EchoMessage {
    let inbound = Inbound::decode(frame.as_bytes()).expect("the frame is an envelope");
    EchoMessage::decode(&inbound.action, inbound.payload).expect("the payload is an echo's")
}

fn encode(c: &mut Criterion) {
    let message = message(ECHO);
    let mut group = c.benchmark_group("encode");
    group.bench_function("push", |b| {
        b.iter(|| {
            let encoder = Encoder::new(Envelope::push());
            black_box(&message).encode(encoder)
        });
    });
    let asked = Correlation::default().with_ref("17");
    group.bench_function("reply with ref", |b| {
        b.iter(|| {
            let encoder = Encoder::new(Envelope::reply(black_box(&asked)));
            black_box(&message).encode(encoder)
        });
    });
    group.finish();
}

criterion_group!(benches, decode, encode);
criterion_main!(benches);
