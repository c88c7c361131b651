//! What a delivery across processes costs, beside one in the same process and
//! beside the client of the broker used by hand.
//!
//! ```text
//! scripts/bench-brokers redis      or nats
//! ```
//!
//! A process serves members over TCP, a second one publishes, and this one reads
//! what the members get. It prints what the process that serves has used of the
//! processor for each delivery, and how long each has taken.
//!
//! `scripts/bench-brokers groups redis` joins a hundred thousand groups on one node.

mod by_hand;
mod groups;
mod node;
#[path = "../soak_brokers/server.rs"]
mod server;

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_util::StreamExt;
use serde::Deserialize;
use server::Server;
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use tokio_tungstenite::{client_async, tungstenite::Message as Frame};

type Failure = Box<dyn Error + Send + Sync>;

/// Members, publications, and microseconds between two of them.
const LOADS: [(usize, usize, u64); 3] = [(1, 2000, 500), (100, 500, 2000), (1000, 100, 20_000)];
const ROUNDS: usize = 5;

fn main() -> Result<(), Failure> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["node", "hand", url] => by_hand::serve(url),
        ["publisher", "hand", url] => by_hand::publish(url),
        ["node", way, url] => node::serve(way, url),
        ["publisher", _, url] => node::publish(url),
        ["groups", kind] => groups::join(kind),
        [kind] => compare(kind),
        _ => Err("say which: redis or nats".into()),
    }
}

/// What one measurement has found.
#[derive(Clone, Copy)]
struct Found {
    /// Microseconds of the processor for a delivery.
    cpu: f64,
    /// Microseconds from publishing to the member.
    median: f64,
    slowest: f64,
}

fn compare(kind: &str) -> Result<(), Failure> {
    let server = Server::start(kind).map_err(|error| error.to_string())?;
    println!("| members | way | µs of CPU a delivery | p50, µs | p99, µs |");
    println!("| --- | --- | --- | --- | --- |");
    for load in LOADS {
        let ways = ["local", "remote", "hand"];
        let mut found = ways.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            for (way, found) in ways.iter().zip(&mut found) {
                found.push(measure(way, &server.url(), load)?);
            }
        }
        for (way, found) in ways.iter().zip(&found) {
            println!(
                "| {} | {way} | {} | {} | {} |",
                load.0,
                spread(found, |it| it.cpu),
                spread(found, |it| it.median),
                spread(found, |it| it.slowest),
            );
        }
    }
    Ok(())
}

/// The median, and what lies around it.
fn spread(found: &[Found], of: impl Fn(&Found) -> f64) -> String {
    let mut values: Vec<_> = found.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{:.1} ({least:.1}–{most:.1})", values[values.len() / 2])
}

/// A process of this program's, which ends with this.
struct Program {
    child: Child,
    input: ChildStdin,
    first_line: String,
}

impl Program {
    fn start(role: &str, way: &str, url: &str) -> Result<Self, Failure> {
        let mut child = Command::new(env::current_exe()?)
            .args([role, way, url])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("it has an input")?;
        let output = child.stdout.take().ok_or("it has an output")?;
        let mut first_line = String::new();
        BufReader::new(output).read_line(&mut first_line)?;
        Ok(Self {
            child,
            input,
            first_line,
        })
    }

    /// What all of its threads have used of the processor.
    fn cpu(&self) -> Result<Duration, Failure> {
        let mut nanos = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let used = fs::read_to_string(task?.path().join("schedstat"))?;
            let first = used.split_whitespace().next().unwrap_or_default();
            nanos += first.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Either may fail because it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::main]
async fn measure(
    way: &str,
    url: &str,
    (members, publications, pause): (usize, usize, u64),
) -> Result<Found, Failure> {
    let node = Program::start("node", way, url)?;
    let mut publisher = match way {
        "local" => None,
        _ => Some(Program::start("publisher", way, url)?),
    };
    let at = node.first_line.trim().to_owned();
    let mut reading = JoinSet::new();
    for _ in 0..members {
        let stream = TcpStream::connect(&at).await?;
        stream.set_nodelay(true)?;
        let client = client_async(format!("ws://{at}/room"), stream).await?.0;
        reading.spawn(read(client, publications));
    }
    // Whoever has connected joins a moment later.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = node.cpu()?;
    let command = format!("{publications} {pause}\n");
    let mut node = node;
    let input = publisher
        .as_mut()
        .map_or(&mut node.input, |it| &mut it.input);
    input.write_all(command.as_bytes())?;
    let mut delays = Vec::new();
    while let Some(read) = timeout(Duration::from_secs(60), reading.join_next()).await? {
        delays.extend(read??);
    }
    let used = node.cpu()? - before;
    delays.sort_unstable();
    let at = |part: usize| delays[(delays.len() - 1) * part / 100] as f64 / 1000.0;
    Ok(Found {
        cpu: used.as_secs_f64() * 1e6 / (publications * members) as f64,
        median: at(50),
        slowest: at(99),
    })
}

/// What a member reads.
#[derive(Deserialize)]
struct Pushed {
    payload: Line,
}

#[derive(Deserialize)]
struct Line {
    sent: u64,
}

type Client = tokio_tungstenite::WebSocketStream<TcpStream>;

/// How long each publication has taken, in nanoseconds.
async fn read(mut client: Client, publications: usize) -> Result<Vec<u64>, Failure> {
    let mut delays = Vec::new();
    while delays.len() < publications {
        let frame = client.next().await.ok_or("a member is cut off")??;
        if let Frame::Text(text) = frame {
            let pushed: Pushed = serde_json::from_str(&text)?;
            delays.push(now().saturating_sub(pushed.payload.sent));
        }
    }
    Ok(delays)
}

/// Nanoseconds, the same in all processes.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_nanos() as u64)
}

/// Publishes as often as the line says, with pauses, for each line that comes.
async fn obey(publish: impl AsyncFn() -> Result<(), Failure>) -> Result<(), Failure> {
    loop {
        let line = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).map(|_| line)
        });
        let line = line.await??;
        let Some((publications, pause)) = line.trim().split_once(' ') else {
            return Ok(());
        };
        let mut ticks = tokio::time::interval(Duration::from_micros(pause.parse()?));
        for _ in 0..publications.parse::<usize>()? {
            ticks.tick().await;
            publish().await?;
        }
    }
}

/// What fills a line to the size of a sentence.
const TEXT: &str =
    "A sentence of about a hundred characters is what people send to each other in a chat, mostly.";
