//! A hundred thousand groups on one node, and how they come back after an outage.

use std::{fs, time::Duration};

use axum::Router;
use chanx::{ChannelOptions, Channels, Connect, Consumer, Context, HandlerError, Message, channel};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Failure, node::connect, server::Server};

const MEMBERS: u64 = 100;
const GROUPS: u64 = 1000;

/// Joins as many groups, from that number on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Enter {
    from: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Entered {
    /// The longest that one of them has taken, in microseconds.
    longest: u64,
}

#[derive(Default, Connect, Consumer)]
struct Hall;

#[channel(name = "hall")]
impl Hall {
    #[ws_handler]
    async fn enter(
        &mut self,
        enter: Enter,
        ctx: &mut Context<Self>,
    ) -> Result<Entered, HandlerError> {
        let mut longest = Duration::ZERO;
        for number in enter.from..enter.from + GROUPS {
            let began = Instant::now();
            ctx.join(format!("group-{number}")).await?;
            longest = longest.max(began.elapsed());
        }
        let longest = longest.as_micros() as u64;
        Ok(Entered { longest })
    }
}

#[tokio::main]
pub(crate) async fn join(kind: &str) -> Result<(), Failure> {
    let mut server = Server::start(kind).map_err(|error| error.to_string())?;
    let layer = connect(&server.url()).await?;
    let app = Channels::new(layer.clone())
        .options(ChannelOptions::default().max_groups(1000))
        .route::<Hall>("/hall")
        .into_router();
    let before = resident_mib();

    let began = Instant::now();
    let mut joining = JoinSet::new();
    for member in 0..MEMBERS {
        joining.spawn(enter(app.clone(), member * GROUPS));
    }
    let (mut longest, mut members) = (0, Vec::new());
    while let Some(joined) = joining.join_next().await {
        let (member, slowest) = joined?;
        longest = longest.max(slowest);
        members.push(member);
    }
    let health = layer.health();
    println!(
        "joined {} groups in {:.1} s, the slowest in {:.1} ms, {} lagged, {} MiB more",
        health.subscriptions - 1,
        began.elapsed().as_secs_f64(),
        longest as f64 / 1000.0,
        health.told,
        resident_mib().saturating_sub(before),
    );

    server.kill().map_err(|error| error.to_string())?;
    while layer.health().is_connected {
        sleep(Duration::from_millis(1)).await;
    }
    server.start_again().map_err(|error| error.to_string())?;
    let began = Instant::now();
    while !layer.health().is_connected {
        sleep(Duration::from_millis(1)).await;
    }
    let connected = began.elapsed();
    while layer.health().pending > 0 {
        sleep(Duration::from_millis(1)).await;
    }
    println!(
        "after an outage connected within {:.1} s, all subscribed to after {:.1} s more, {} MiB",
        connected.as_secs_f64(),
        (began.elapsed() - connected).as_secs_f64(),
        resident_mib(),
    );
    Ok(())
}

async fn enter(app: Router, from: u64) -> (Communicator<Hall>, u64) {
    let builder = Communicator::<Hall>::builder(&app, "/hall");
    let mut member = builder.timeout(Duration::from_secs(300)).connect().await;
    let entered: Entered = member.request(&Enter { from }).await;
    (member, entered.longest)
}

/// What the process holds in memory.
fn resident_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line.and_then(|line| line.split_whitespace().next());
    digits
        .and_then(|kib| kib.parse().ok())
        .map_or(0, |kib: u64| kib / 1024)
}
