//! A server under churn, floods, stuck readers and panics, for as long as wanted.
//!
//! Run with `scripts/soak SECONDS`. It ends with an error when anything is
//! left, a session, a member of a group, a task, or when one of those who read all
//! that everyone is sent has missed something that it was not told of.

mod clients;
mod everyone;

use std::{
    env,
    error::Error,
    fs,
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use axum::Router;
use chanx::{Broadcaster, ChannelLayer, Channels, Control};
use tokio::{
    net::TcpListener,
    runtime::Handle,
    task::JoinSet,
    time::{interval, sleep},
};

use self::{
    clients::misbehave,
    everyone::{Seen, Soak, keep_reading, publish},
};

/// How many clients there are at a time, and how many of them behave.
const CLIENTS: u64 = 200;
const READERS: u64 = 4;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let seconds = env::args().nth(1).map_or(Ok(180), |text| text.parse())?;
    std::panic::set_hook(Box::new(|_| {}));
    let layer = ChannelLayer::new();
    let channels: Channels = Channels::new(layer.clone()).route::<Soak>("/");
    let control = channels.control();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = Router::new().merge(channels);
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let mut load = JoinSet::new();
    for number in READERS..CLIENTS {
        load.spawn(misbehave(address, number));
    }
    let seen = Arc::new(Seen::default());
    for _ in 0..READERS {
        load.spawn(keep_reading(address, seen.clone()));
    }
    load.spawn(publish(Broadcaster::new(&layer)));
    observe(&control, Duration::from_secs(seconds)).await;

    load.shutdown().await;
    let report = control.shutdown().await;
    server.abort();
    let _ = server.await;
    println!(
        "shutdown: {} closed, {} cut, {} messages unhandled",
        report.closed, report.cut, report.messages_unhandled
    );
    let [news, missed, untold] =
        [&seen.news, &seen.missed, &seen.untold].map(|count| count.load(Ordering::Relaxed));
    println!("readers: {news} news, {missed} missed, {untold} gaps untold");
    let settled = settle(&control).await;
    Ok(if news > 0 && untold == 0 {
        settled
    } else {
        ExitCode::FAILURE
    })
}

/// Prints the numbers every ten seconds.
async fn observe(control: &Control, duration: Duration) {
    let began = Instant::now();
    let mut ticks = interval(Duration::from_secs(10));
    println!("seconds connections tasks rss_kib opened frames_in frames_out dropped unhandled");
    while began.elapsed() <= duration {
        ticks.tick().await;
        let stats = control.stats();
        let channel = stats.channels.first().map(|(_, channel)| *channel);
        let channel = channel.unwrap_or_default();
        println!(
            "{} {} {} {} {} {} {} {} {}",
            began.elapsed().as_secs(),
            stats.connections(),
            Handle::current().metrics().num_alive_tasks(),
            resident_kib(),
            channel.opened,
            channel.frames_in,
            channel.frames_out,
            channel.dropped_frames,
            channel.messages_unhandled,
        );
    }
}

/// Waits until nothing is left, and says whether that came about.
async fn settle(control: &Control) -> ExitCode {
    for _ in 0..20 {
        let stats = control.stats();
        let tasks = Handle::current().metrics().num_alive_tasks();
        println!(
            "left: {} sessions, {} connections, {} groups, {} members, {tasks} tasks, {} KiB",
            stats.connections(),
            stats.layer.connections,
            stats.layer.groups,
            stats.layer.members,
            resident_kib(),
        );
        let left = stats.connections() as usize + stats.layer.connections + stats.layer.members;
        if left + stats.layer.groups + tasks == 0 {
            return ExitCode::SUCCESS;
        }
        sleep(Duration::from_secs(1)).await;
    }
    ExitCode::FAILURE
}

/// What the process holds in memory.
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    digits.and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
