//! The result of the second reading.

use super::super::Violation;

/// The reasons for which a payload is refused.
#[derive(Debug)]
pub(in super::super) struct Refusal {
    /// For the client.
    pub(in super::super) violation: Violation,
    /// For the log: what a type has said of its value.
    pub(in super::super) reason: Option<String>,
}
