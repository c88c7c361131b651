//! One measurement: one workload against one server in one round.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

/// A line of `results.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The server's name, `raw-axum` being the one others are compared with.
    pub server: String,
    /// The round; ratios are taken within one.
    pub round: u32,
    /// The workload's name, as `load --list` prints it.
    pub workload: String,
    /// The number of connections that stood open, or were being opened at once.
    pub connections: u64,
    /// The size of each group, for broadcasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<u64>,
    /// What was counted: messages answered, deliveries or connections.
    pub messages: u64,
    /// The time for which was counted.
    pub seconds: f64,
    /// Messages per second.
    pub rate: f64,
    /// Microseconds of the server's processor time per message.
    pub cpu_us_per_message: f64,
    /// How much of one core the server used. Below 1 the rate says little
    /// about the server: it was waiting for the driver.
    pub server_busy: f64,
    /// How much of the time the server was ready while other work had its core.
    /// The more, the less its caches and the figures are its own.
    pub server_waited: f64,
    /// The share of one core that the driver used.
    pub driver_busy: f64,
    /// From send to receipt, where there is such a thing.
    #[serde(flatten)]
    pub latency: Option<Latency>,
    /// Resident memory that an idle connection adds to the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_connection: Option<f64>,
}

/// Percentiles, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// The median.
    pub p50_us: f64,
    /// The time that 99 of 100 stay below.
    pub p99_us: f64,
    /// The time that 999 of 1000 stay below.
    pub p999_us: f64,
}

impl Row {
    /// The figure that servers are compared by: memory where it was measured,
    /// and processor time otherwise, which varies far less than the rate.
    pub fn cost(&self) -> f64 {
        self.bytes_per_connection.unwrap_or(self.cpu_us_per_message)
    }
}

/// Reads a file of rows, one JSON object a line.
///
/// # Errors
///
/// When the file cannot be read, or a line of it is not a row.
pub fn read_rows(path: &Path) -> io::Result<Vec<Row>> {
    fs::read_to_string(path)?
        .lines()
        .map(|line| serde_json::from_str(line).map_err(io::Error::from))
        .collect()
}
