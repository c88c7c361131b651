//! The times at which something that has failed is tried again.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

const FIRST: Duration = Duration::from_millis(100);
const LAST: Duration = Duration::from_secs(5);

/// The time that a broker waits before it tries to connect again, by the number of
/// attempts that have failed in a row.
///
/// From 100 ms it doubles up to 5 s, and what is returned lies by chance between
/// half of that and all of it: the nodes that a broker has lost do not come
/// back in the same moment.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use chanx::layer::retry_delay;
///
/// assert!(retry_delay(1) <= Duration::from_millis(100));
/// assert!(retry_delay(1000) <= Duration::from_secs(5));
/// ```
#[must_use]
pub fn retry_delay(attempt: usize) -> Duration {
    let doublings = attempt.saturating_sub(1).min(10);
    let whole = (FIRST * (1 << doublings)).min(LAST);
    // The standard library seeds its hashers at random.
    let chance = RandomState::new().hash_one(0_u8);
    let part = u32::try_from(chance % 1000).expect("a rest is below 1000");
    whole / 2 + whole / 2 * part / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_five_seconds() {
        for (attempt, millis) in [(1, 100), (2, 200), (4, 800), (7, 5000), (usize::MAX, 5000)] {
            let whole = Duration::from_millis(millis);
            for _ in 0..100 {
                let delay = retry_delay(attempt);
                assert!(whole / 2 <= delay && delay <= whole, "{attempt}: {delay:?}");
            }
        }
    }

    #[test]
    fn delays_differ() {
        let delays: std::collections::HashSet<_> = (0..100).map(|_| retry_delay(9)).collect();

        assert!(delays.len() > 10, "{delays:?}");
    }
}
