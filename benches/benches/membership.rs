//! Joining a group and leaving it again, however many are in it.

use std::time::Instant;

use chanx_bench::memory::Crowd;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tokio::runtime::Builder;

fn join_and_leave(c: &mut Criterion) {
    let mut group = c.benchmark_group("join and leave");
    for members in [1, 10, 100, 1000, 10_000, 100_000] {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime without I/O needs nothing");
        let crowd = runtime.block_on(Crowd::gather(members));

        group.bench_function(BenchmarkId::from_parameter(members), |b| {
            b.iter_custom(|times| {
                let began = Instant::now();
                runtime.block_on(crowd.churn(times));
                began.elapsed()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, join_and_leave);
criterion_main!(benches);
