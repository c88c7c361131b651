//! A server under churn, floods, stuck readers and panics, for as long as wanted.
//!
//! Run with `scripts/soak SECONDS`. It ends with an error when anything is
//! left, a session, a member of a group, a task; when one of those who read all
//! that everyone is sent has missed something that it was not told of; or when one of
//! those who follow rooms has got what it should not, or a room's job was lost.

mod clients;
mod everyone;
mod follower;
mod topics;

use std::{
    env,
    error::Error,
    fs,
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use axum::Router;
use chanx::{Broadcaster, ChannelLayer, ChannelStats, Channels, Control};
use tokio::{
    net::TcpListener,
    runtime::Handle,
    task::JoinSet,
    time::{interval, sleep},
};

use self::{
    clients::misbehave,
    everyone::{Seen, Soak, keep_reading, publish},
    follower::{Followed, follow},
    topics::{Hub, Jobs, Room, drive},
};

/// How many clients there are at a time, how many of them behave, and how many follow
/// rooms beside them.
const CLIENTS: u64 = 200;
const READERS: u64 = 4;
const FOLLOWERS: u64 = 60;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let seconds = env::args().nth(1).map_or(Ok(180), |text| text.parse())?;
    std::panic::set_hook(Box::new(|_| {}));
    let layer = ChannelLayer::new();
    let channels = Channels::new(layer.clone())
        .route::<Soak>("/")
        .route::<Hub>("/hub");
    let control = channels.control();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let jobs = Arc::new(Jobs::default());
    let app = Router::new().merge(channels).with_state(jobs.clone());
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
    let followed = Arc::new(Followed::default());
    for number in 0..FOLLOWERS {
        load.spawn(follow(address, number, followed.clone()));
    }
    let driving = tokio::spawn(drive(Broadcaster::<Room>::new(&layer), jobs.clone()));
    observe(&control, Duration::from_secs(seconds)).await;

    // Not cut off, so that each job is counted that is given.
    jobs.is_over.store(true, Ordering::Relaxed);
    driving.await?;
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
    let is_followed = account(&control, &followed, &jobs);
    Ok(if news > 0 && untold == 0 && is_followed {
        settled
    } else {
        ExitCode::FAILURE
    })
}

/// Prints what has become of the rooms, and says whether all of it is accounted for.
fn account(control: &Control, followed: &Followed, jobs: &Jobs) -> bool {
    let Followed {
        subscribed,
        ended,
        answers,
        lines,
        wrong,
    } = followed;
    let [subscribed, ended, answers, lines, wrong] =
        [subscribed, ended, answers, lines, wrong].map(|count| count.load(Ordering::Relaxed));
    println!(
        "followers: {subscribed} subscriptions, {ended} ended by the server, {answers} answers, \
         {lines} lines, {wrong} wrong"
    );
    let [given, handled] = [&jobs.given, &jobs.handled].map(|count| count.load(Ordering::Relaxed));
    let dropped = stats_of(control, "hub").dropped_events;
    println!("jobs: {given} given, {handled} handled, {dropped} dropped");
    wrong == 0 && lines > 0 && given == handled + dropped
}

fn stats_of(control: &Control, channel: &str) -> ChannelStats {
    let stats = control.stats();
    let mut channels = stats.channels.into_iter();
    let found = channels.find(|(name, _)| *name == channel);
    found.map(|(_, stats)| stats).unwrap_or_default()
}

/// Prints the numbers every ten seconds.
async fn observe(control: &Control, duration: Duration) {
    let began = Instant::now();
    let mut ticks = interval(Duration::from_secs(10));
    println!(
        "seconds connections subscriptions tasks rss_kib opened frames_in frames_out dropped unhandled"
    );
    while began.elapsed() <= duration {
        ticks.tick().await;
        let stats = control.stats();
        let channel = stats_of(control, "soak");
        println!(
            "{} {} {} {} {} {} {} {} {} {}",
            began.elapsed().as_secs(),
            stats.connections(),
            stats_of(control, "room").subscriptions,
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
