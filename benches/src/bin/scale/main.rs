//! How costs and pauses grow with the number of members, over sessions in
//! memory; prints Markdown tables.
//!
//! ```sh
//! target/release/scale [--least 1] [--most 100000] [--rounds 5]
//! ```
//!
//! One worker thread runs everything. `scripts/scale` gives it a core.

mod args;
mod clock;
mod costs;
mod holds;

use std::{env, process::ExitCode};

use chanx_bench::memory::Crowd;
use tokio::runtime::Builder;

use crate::{args::Args, costs::Costs, holds::Holds};

const COSTS: &str = "\
Nanoseconds of processor time, medians: a delivery of one broadcast, from the publisher until its
session has written it, and joining and leaving a group that has so many members.

| members | delivery | join and leave |
|--------:|---------:|---------------:|";

const HOLDS: &str = "
Microseconds of processor time for which a broadcast keeps the one worker thread: the longest poll
of the publisher, and how long another task that is always ready waits for its next turn while the
broadcast goes out.

| members | longest poll | wait, p50 | wait, p99 | wait, longest |
|--------:|-------------:|----------:|----------:|--------------:|";

fn main() -> ExitCode {
    let args = match Args::parse(env::args_os()) {
        Ok(args) => args,
        Err(error) => {
            eprintln!("scale: {error}");
            return ExitCode::FAILURE;
        }
    };

    let (mut costs, mut holds) = (Vec::new(), Vec::new());
    for members in sizes(args.least, args.most) {
        eprintln!("{members} members");
        let (cost, hold) = on_one_worker(async move {
            let crowd = Crowd::gather(members).await;
            let cost = Costs::measure(&crowd, args.rounds).await;
            (cost, Holds::measure(&crowd, args.rounds).await)
        });
        costs.push(cost);
        holds.push(hold);
    }

    println!("{COSTS}");
    costs.iter().for_each(|cost| println!("{cost}"));
    println!("{HOLDS}");
    holds.iter().for_each(|hold| println!("{hold}"));
    ExitCode::SUCCESS
}

/// The least and its tenfold, again and again, up to the greatest.
fn sizes(least: u64, most: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(least), |members| members.checked_mul(10))
        .take_while(move |&members| members <= most)
}

/// Runs a task on the worker of a runtime like a server's, but of one.
///
/// On the worker and not beside it, so that the thread's clock is the worker's.
fn on_one_worker<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .expect("a runtime without I/O needs nothing but a thread");
    runtime
        .block_on(runtime.spawn(task))
        .expect("what fails here fails the measurement")
}
