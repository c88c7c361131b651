//! Time limits as applications choose them, made fit to be added to the time.

use std::time::Duration;

use tokio::time::Instant;

/// Longer than any connection lives, and short enough to be added to an instant
/// several times over.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// The limit itself, or ten years where it is longer: an instant plus
/// `Duration::MAX` panics.
#[must_use]
pub(crate) fn capped(limit: Duration) -> Duration {
    limit.min(LONGEST)
}

/// The moment at which a limit that starts now is over. A limit of any length
/// will do, `Duration::MAX` included.
#[must_use]
pub fn deadline_after(limit: Duration) -> Instant {
    Instant::now() + capped(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_limit_of_any_length_has_a_deadline() {
        assert!(deadline_after(Duration::MAX) > deadline_after(Duration::from_secs(1)));
    }
}
