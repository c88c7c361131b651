//! What the load driver measures and how rounds of it are summed up.
//!
//! ```text
//! load ──Row, a JSON line──▶ results.jsonl ──Summary──▶ report, plot
//! ```
//!
//! `scripts/bench` runs it all.

mod row;
mod summary;

pub use row::{Latency, Row, read_rows};
pub use summary::{Cell, Summary, median};
