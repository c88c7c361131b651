//! A frame through a session: read, decoded, handled, its answer encoded and written.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chanx::{Channel, ChannelLayer, ChannelOptions};
use chanx_bench::memory::{ECHO, Echo, Guarded, Loopback, exchange};
use chanx_core::{Endpoint, Live};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::{Builder, Runtime};

fn dispatch(c: &mut Criterion) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime without I/O needs nothing");
    let options = ChannelOptions::default;

    let mut group = c.benchmark_group("dispatch");
    group.bench_function("echo", |b| {
        b.iter_custom(|times| time::<Echo>(&runtime, options(), 1, times));
    });
    group.bench_function("echo with a permission", |b| {
        b.iter_custom(|times| time::<Guarded>(&runtime, options(), 1, times));
    });
    group.bench_function("echo with a completion frame", |b| {
        let options = || options().completion_frames(true);
        b.iter_custom(|times| time::<Echo>(&runtime, options(), 2, times));
    });
    group.finish();
}

/// The time that one client takes for so many messages, its connection included.
fn time<C: Channel + Default>(
    runtime: &Runtime,
    options: ChannelOptions,
    answers: u64,
    times: u64,
) -> Duration {
    let layer = ChannelLayer::new();
    let endpoint = Arc::new(Endpoint::new(layer, options, Live::default()));
    let client = Loopback::new(ECHO, times).answers(answers);
    let began = Instant::now();
    runtime.block_on(exchange(&endpoint, C::default(), client));
    began.elapsed()
}

criterion_group!(benches, dispatch);
criterion_main!(benches);
