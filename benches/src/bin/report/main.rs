//! Prints the rows of `results.jsonl` as Markdown tables.
//!
//! ```sh
//! target/release/report target/bench/results.jsonl
//! ```

mod table;

use std::{env, io, path::Path};

use chanx_bench::{Cell, Latency, Row, Summary, read_rows};

use crate::table::Table;

const COSTS: &str = "\
What the server spends: microseconds of processor time per message, or bytes per idle connection.
Medians; in brackets the median ratio to `raw-axum` of the same round. The last column is the same
ratio of `chanx` to `raw-axum-r4k`.
";

/// The server whose cost is of interest, and the strictest one to compare it with.
const CHANX: &str = "chanx";
const TUNED: &str = "raw-axum-r4k";

const CIRCUMSTANCES: &str = "\
How it went: messages per second; cores that server and driver used; microseconds from send to
receipt. Where the server used less than a core, the rate is not its limit. While it waited, other
work had its core: the more of that, the less the figures are worth.
";

fn main() -> io::Result<()> {
    let file = env::args_os()
        .nth(1)
        .ok_or_else(|| io::Error::other("usage: report results.jsonl"))?;
    let summary = Summary::new(read_rows(Path::new(&file))?);

    println!("{COSTS}\n{}", costs(&summary));
    println!("{CIRCUMSTANCES}\n{}", circumstances(&summary));
    Ok(())
}

/// A line per workload, a column per server.
fn costs(summary: &Summary) -> Table {
    let head = ["workload"].into_iter().chain(summary.servers());
    let mut table = Table::new(head.chain(["chanx/r4k"]));
    for workload in summary.workloads() {
        let cells = summary
            .servers()
            .into_iter()
            .map(|server| cost(summary.cell(workload, server)));
        let ratio = number(summary.ratio(workload, CHANX, TUNED));
        table.line(
            [workload.to_owned()]
                .into_iter()
                .chain(cells)
                .chain([ratio]),
        );
    }
    table
}

/// A line per workload and server.
fn circumstances(summary: &Summary) -> Table {
    let mut table = Table::new([
        "workload", "server", "rounds", "rate", "busy", "waited", "driver", "p50", "p99", "p99.9",
    ]);
    for workload in summary.workloads() {
        for server in summary.servers() {
            let rounds = summary.rows(workload, server).count();
            let median = |figure: fn(&Row) -> Option<f64>| {
                number(summary.median_of(workload, server, figure))
            };
            table.line([
                workload.to_owned(),
                server.to_owned(),
                rounds.to_string(),
                median(|row| Some(row.rate)),
                median(|row| Some(row.server_busy)),
                median(|row| Some(row.server_waited)),
                median(|row| Some(row.driver_busy)),
                median(|row| latency(row, |latency| latency.p50_us)),
                median(|row| latency(row, |latency| latency.p99_us)),
                median(|row| latency(row, |latency| latency.p999_us)),
            ]);
        }
    }
    table
}

fn latency(row: &Row, percentile: fn(Latency) -> f64) -> Option<f64> {
    row.latency.map(percentile)
}

fn cost(cell: Option<Cell>) -> String {
    match cell {
        Some(Cell {
            cost,
            ratio: Some(ratio),
        }) => format!("{} ({ratio:.2})", number(Some(cost))),
        Some(Cell { cost, ratio: None }) => number(Some(cost)),
        None => number(None),
    }
}

/// About three digits.
fn number(value: Option<f64>) -> String {
    match value {
        Some(value) if value < 10.0 => format!("{value:.2}"),
        Some(value) if value < 100.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.0}"),
        None => "–".to_owned(),
    }
}
