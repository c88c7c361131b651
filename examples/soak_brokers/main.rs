//! Three processes at a broker that is killed every 20 seconds, for a while.
//!
//! ```text
//! scripts/soak-brokers redis 300      or nats; the number is of seconds
//! ```
//!
//! Each process publishes numbered lines to twenty groups, and has clients that come
//! and go. Each client checks what it gets: every publisher's lines once and in
//! order, and `lagged` behind each gap. The run fails where neither the client was told of
//! what it misses, nor the publisher that it may be missed.

mod node;
mod server;

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio, exit},
    thread::sleep,
    time::{Duration, Instant},
};

use node::Report;
use server::Server;

/// The interval at which the broker is killed, and the time for which it is away.
const EVERY: Duration = Duration::from_secs(20);
const AWAY: Duration = Duration::from_secs(1);

/// The time that the processes have to reconnect, and to tell their members.
const SETTLES: Duration = Duration::from_secs(12);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["node", url, number] => node::run(url, number.parse()?),
        [kind, seconds] => run(kind, Duration::from_secs(seconds.parse()?)),
        _ => Err("say which, and for how long: redis 300".into()),
    }
}

fn run(kind: &str, duration: Duration) -> Result<(), Box<dyn Error>> {
    let mut server = Server::start(kind)?;
    let mut nodes = Vec::new();
    for number in 0..3 {
        let program = Command::new(env::current_exe()?)
            .args(["node", &server.url(), &number.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        nodes.push(program);
    }
    let began = Instant::now();
    let mut outages = 0;
    while began.elapsed() + EVERY < duration {
        sleep(EVERY);
        server.kill()?;
        sleep(AWAY);
        server.start_again()?;
        outages += 1;
        println!("{:4} s: killed {outages} times", began.elapsed().as_secs());
    }
    sleep(SETTLES);
    let mut total = Report::default();
    for node in &mut nodes {
        tell(node, "quiet")?;
    }
    sleep(Duration::from_secs(2));
    for node in &mut nodes {
        tell(node, "last")?;
    }
    sleep(Duration::from_secs(3));
    for mut node in nodes {
        tell(&mut node, "end")?;
        let output = node.stdout.take().ok_or("a node has an output")?;
        let line = BufReader::new(output)
            .lines()
            .next()
            .ok_or("a node reports")??;
        total.add(serde_json::from_str(&line)?);
        node.wait()?;
    }
    let untold = total.untold();
    println!(
        "outages {outages}, published {}, failed {}, clients {}, lines {}, missing {}, told {}, late {}",
        total.published,
        total.failed,
        total.clients,
        total.lines,
        total.missing,
        total.told,
        total.late
    );
    println!(
        "missed, and told to the publisher alone: {}, behind {} lines of which {} had failed too",
        total.owed.len() - untold.len(),
        total.ahead.len(),
        total.strays()
    );
    println!(
        "untold: {} {:?}",
        untold.len(),
        untold.iter().take(20).collect::<Vec<_>>()
    );
    if !untold.is_empty() || total.late > 0 || total.lines == 0 {
        // `exit` would leave it running.
        drop(server);
        exit(1);
    }
    Ok(())
}

fn tell(node: &mut Child, word: &str) -> Result<(), Box<dyn Error>> {
    let input = node.stdin.as_mut().ok_or("a node has an input")?;
    writeln!(input, "{word}")?;
    Ok(())
}
