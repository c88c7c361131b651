//! One message to all members of a group, until every one of them has written it.

use chanx_bench::memory::Crowd;
use criterion::{
    BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use tokio::runtime::Builder;

fn fan_out(c: &mut Criterion) {
    let mut group = c.benchmark_group("broadcast");
    group.sampling_mode(SamplingMode::Flat).sample_size(20);
    for members in [1, 10, 100, 1000, 10_000, 100_000] {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime without I/O needs nothing");
        let crowd = runtime.block_on(Crowd::gather(members));

        group.throughput(Throughput::Elements(members));
        group.bench_function(BenchmarkId::from_parameter(members), |b| {
            b.iter(|| runtime.block_on(crowd.deliver()));
        });
    }
    group.finish();
}

criterion_group!(benches, fan_out);
criterion_main!(benches);
