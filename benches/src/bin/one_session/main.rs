//! One client that echoes so many messages over a session in memory, to be
//! run where instructions are counted.
//!
//! ```sh
//! target/release/one_session --messages 1000 [--subscriber none|info|filtered|asked|debug]
//!     [--permission-check] [--topic] [--unlogged] [--completion-frames] [--rate-limit]
//!     [--counters N]
//! ```
//!
//! Two runs of different lengths tell what a message costs, two variants what
//! one thing costs: everything else cancels out. `scripts/instructions` does so.

mod args;
mod subscriber;

use std::{
    env,
    hint::black_box,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use chanx::{Channel, ChannelLayer};
use chanx_bench::memory::{
    ECHO, ECHO_ON_A_TOPIC, Echo, Guarded, Hub, Loopback, SUBSCRIBE, exchange,
};
use chanx_core::{Endpoint, Live};
use tokio::runtime::Builder;

use crate::args::Args;

fn main() -> ExitCode {
    let args = match Args::parse(env::args_os()) {
        Ok(args) => args,
        Err(error) => {
            eprintln!("one_session: {error}");
            return ExitCode::FAILURE;
        }
    };
    args.subscriber.init();
    let client = Loopback::new(ECHO, args.messages);
    if args.topic {
        let client = Loopback::new(ECHO_ON_A_TOPIC, args.messages);
        echo::<Hub>(&args, client.after(SUBSCRIBE));
    } else if args.permission_check {
        echo::<Guarded>(&args, client);
    } else {
        echo::<Echo>(&args, client);
    }
    count(args.messages * args.counters);
    ExitCode::SUCCESS
}

fn echo<C: Channel + Default>(args: &Args, client: Loopback) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime without I/O needs nothing");
    let layer = ChannelLayer::new();
    let endpoint = Arc::new(Endpoint::new(layer, args.options(), Live::default()));
    // No message of a topic is completed.
    let is_completed = args.completion_frames && !args.topic;
    let client = client.answers(if is_completed { 2 } else { 1 });
    runtime.block_on(exchange(&endpoint, C::default(), client));
}

/// Counts so many times, as a session does.
fn count(times: u64) {
    let counter = AtomicU64::new(0);
    for _ in 0..times {
        black_box(&counter).fetch_add(1, Ordering::Relaxed);
    }
}
