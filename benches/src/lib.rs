//! The rows that the load driver measures, and their summary over rounds.
//!
//! ```text
//! load ──Row, a JSON line──▶ results.jsonl ──Summary──▶ report, plot
//! ```
//!
//! `scripts/bench` runs it all. What has no socket to it is measured by
//! `scripts/scale`, `scripts/instructions` and the benches, over [`memory`].

pub mod memory;
mod row;
mod summary;

pub use row::{Latency, Row, read_rows};
pub use summary::{Cell, Summary, median};
