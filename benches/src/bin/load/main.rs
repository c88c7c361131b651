//! The load driver: runs one workload against one server and prints a row.
//!
//! ```text
//! args ─▶ Workload::run ─▶ connections ⇄ server        messages, latency: meter
//!                │                          └─ /proc    processor time, memory: process
//!                └─ Measured ─▶ Row, a JSON line on stdout
//! ```
//!
//! ```sh
//! target/release/load --list
//! target/release/load --port 3000 --pid 4711 --workload echo-64 [--server NAME] [--round N]
//!                     [--seconds 2] [--warmup 0.5]
//! target/release/load --port 3000 --echo 1000
//! target/release/load --port 3000 --broadcast 20 [--members 1000]
//! ```
//!
//! Everything runs on one thread, and only servers on this machine are loaded.
//! The driver masks its frames beforehand and merely counts what comes back, so
//! that on a core of its own it costs less per message than the server.

mod args;
mod connection;
mod frame;
mod meter;
mod process;
mod target;
mod workload;

use std::{env, io, process::ExitCode};

use chanx_bench::Row;
use tokio::runtime::{Builder, LocalOptions};

use crate::{
    args::{Args, Command},
    workload::Workload,
};

fn main() -> ExitCode {
    let done = match Command::parse(env::args_os()) {
        Ok(Command::List) => {
            Workload::names().for_each(|name| println!("{name}"));
            Ok(())
        }
        Ok(Command::Run(args)) => match run(&args) {
            Ok(line) => {
                println!("{line}");
                Ok(())
            }
            Err(error) => Err(format!(
                "{} on {}: {error}",
                args.workload.name, args.server
            )),
        },
        Ok(Command::Echo { port, messages }) => {
            on_one_thread(workload::echo_exactly(port, messages)).map_err(|error| error.to_string())
        }
        Ok(Command::Broadcast {
            port,
            members,
            messages,
        }) => on_one_thread(workload::broadcast_exactly(port, members, messages))
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("load: {text}");
            ExitCode::FAILURE
        }
    }
}

fn on_one_thread<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    Builder::new_current_thread()
        .enable_all()
        .build_local(LocalOptions::default())?
        .block_on(work)
}

fn run(args: &Args) -> io::Result<String> {
    let measured = on_one_thread(args.workload.run(&args.target))?;

    let row = Row {
        server: args.server.clone(),
        round: args.round,
        workload: args.workload.name.to_owned(),
        connections: args.workload.connections(),
        members: args.workload.members(),
        messages: measured.messages,
        seconds: measured.seconds,
        rate: measured.messages as f64 / measured.seconds,
        cpu_us_per_message: measured.server.running.as_secs_f64() * 1e6 / measured.messages as f64,
        server_busy: measured.share(measured.server.running),
        server_waited: measured.share(measured.server.waiting),
        driver_busy: measured.share(measured.driver.running),
        latency: measured.latency,
        bytes_per_connection: measured.bytes_per_connection,
    };
    Ok(serde_json::to_string(&row)?)
}
