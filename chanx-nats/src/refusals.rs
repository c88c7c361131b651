//! The acts that the server does not allow.
//!
//! NATS confirms neither `PUB` nor `SUB`, but it refuses them in so many words,
//! ahead of what confirms that it has read them. The client hands these words over
//! by another task, so that they may be heard a moment later.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{sync::Notify, time::timeout};

/// The most refusals that are remembered.
const LIMIT: usize = 1024;

/// The time that is left to a refusal that is to be expected, because the same was
/// refused before, and to one that is not, because nothing is known.
const EXPECTED: Duration = Duration::from_millis(100);
const UNKNOWN: Duration = Duration::from_millis(5);

/// The most subjects that are known to be allowed, twice.
const ALLOWED: usize = 4096;

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Publish,
    Subscribe,
}

/// The refusals that were heard last.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    heard: Mutex<Heard>,
    came: Notify,
}

#[derive(Debug, Default)]
struct Heard {
    count: u64,
    /// Each act and subject once, the oldest first.
    last: VecDeque<Refusal>,
    /// The subjects that were published to and not refused, the newer and the older.
    allowed: [HashSet<String>; 2],
}

#[derive(Debug, Clone)]
struct Refusal {
    number: u64,
    act: Act,
    subject: String,
}

impl Refusals {
    /// Notes what the server says. Gives the subject that is not subscribed to.
    pub(crate) fn hear(&self, text: &str) -> Option<String> {
        let (act, subject) = read(text)?;
        let mut heard = self.heard.lock();
        heard.count += 1;
        heard.forget(act, subject);
        if act == Act::Publish {
            heard.allowed.iter_mut().for_each(|known| {
                known.remove(subject);
            });
        }
        if heard.last.len() == LIMIT {
            heard.last.pop_front();
        }
        let number = heard.count;
        heard.last.push_back(Refusal {
            number,
            act,
            subject: subject.to_owned(),
        });
        drop(heard);
        self.came.notify_waiters();
        (act == Act::Subscribe).then(|| subject.to_owned())
    }

    /// The number of refusals that there have been, to ask for later ones.
    pub(crate) fn count(&self) -> u64 {
        self.heard.lock().count
    }

    /// True if publishing to a subject was refused since there had been so many, now
    /// that the server has read it.
    ///
    /// It waits a moment where nothing is known of the subject.
    pub(crate) async fn has_refused(&self, subject: &str, since: u64) -> bool {
        let act = Act::Publish;
        let within = match self.number(act, subject) {
            Some(number) if number > since => return true,
            Some(_) => EXPECTED,
            None if self.heard.lock().is_allowed(subject) => return false,
            None => UNKNOWN,
        };
        let is_refused = timeout(within, self.again(act, subject, since)).await;
        let is_refused = is_refused.is_ok();
        if !is_refused {
            self.heard.lock().allow(subject);
        }
        is_refused
    }

    /// Waits until it is heard whether the same is refused again, if it was refused
    /// before.
    pub(crate) async fn settle(&self, subject: &str, since: u64) {
        let act = Act::Subscribe;
        if self.number(act, subject).is_some_and(|it| it <= since)
            && timeout(EXPECTED, self.again(act, subject, since))
                .await
                .is_err()
        {
            self.heard.lock().forget(act, subject);
        }
    }

    async fn again(&self, act: Act, subject: &str, since: u64) {
        loop {
            let came = self.came.notified();
            if self.number(act, subject).is_some_and(|it| it > since) {
                return;
            }
            came.await;
        }
    }

    fn number(&self, act: Act, subject: &str) -> Option<u64> {
        let heard = self.heard.lock();
        let mut last = heard.last.iter();
        let found = last.find(|it| it.act == act && it.subject == subject);
        found.map(|refusal| refusal.number)
    }
}

impl Heard {
    fn is_allowed(&self, subject: &str) -> bool {
        self.allowed.iter().any(|known| known.contains(subject))
    }

    fn allow(&mut self, subject: &str) {
        self.forget(Act::Publish, subject);
        if self.allowed[0].len() == ALLOWED {
            self.allowed.swap(0, 1);
            self.allowed[0].clear();
        }
        self.allowed[0].insert(subject.to_owned());
    }

    fn forget(&mut self, act: Act, subject: &str) {
        self.last
            .retain(|it| it.act != act || it.subject != subject);
    }
}

/// Reads `Permissions Violation for Publish to "subject"`, or `… for Subscription …`.
fn read(text: &str) -> Option<(Act, &str)> {
    let of = text.strip_prefix("Permissions Violation for ")?;
    let (act, rest) = match of.strip_prefix("Publish to \"") {
        Some(rest) => (Act::Publish, rest),
        None => (Act::Subscribe, of.strip_prefix("Subscription to \"")?),
    };
    let (subject, _) = rest.split_once('"')?;
    Some((act, subject))
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    const PUBLISH: &str = "Permissions Violation for Publish to \"chanx.group.a.B\"";
    const SUBSCRIBE: &str = "Permissions Violation for Subscription to \"chanx.group.a.B\"";

    const SUBJECT: &str = "chanx.group.a.B";

    #[tokio::test(start_paused = true)]
    async fn what_is_refused_is_known_be_it_a_little_late() {
        let refusals = Refusals::default();
        for _ in 0..2 {
            let since = refusals.count();
            let hearing = async {
                sleep(Duration::from_millis(4)).await;
                refusals.hear(PUBLISH);
            };
            let (is_refused, ()) = tokio::join!(refusals.has_refused(SUBJECT, since), hearing);
            assert!(is_refused);
            assert!(
                refusals.has_refused(SUBJECT, since).await,
                "it is known by now"
            );
        }
        let since = refusals.count();
        assert!(!refusals.has_refused("chanx.group.a.C", since).await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_allowed_is_not_waited_for_again() {
        let refusals = Refusals::default();
        refusals.hear(PUBLISH);
        let since = refusals.count();

        assert!(!refusals.has_refused(SUBJECT, since).await);
        let began = Instant::now();
        assert!(!refusals.has_refused(SUBJECT, since).await);
        assert_eq!(began.elapsed(), Duration::ZERO);

        refusals.hear(PUBLISH);
        assert!(
            refusals.has_refused(SUBJECT, since).await,
            "it is so no more"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn subjects_take_no_more_than_their_place() {
        let refusals = Refusals::default();
        for number in 0..3 * ALLOWED {
            refusals.has_refused(&number.to_string(), 0).await;
        }
        assert_eq!(
            refusals.heard.lock().allowed.each_ref().map(HashSet::len),
            [ALLOWED; 2]
        );
        for number in 0..2000 {
            refusals.hear(&format!(
                "Permissions Violation for Publish to \"{number}\""
            ));
        }
        assert_eq!(refusals.heard.lock().last.len(), LIMIT);
    }

    #[test]
    fn a_subscription_that_is_refused_has_its_subject() {
        let refusals = Refusals::default();
        assert_eq!(refusals.hear(SUBSCRIBE).unwrap(), SUBJECT);
        assert_eq!(refusals.hear("Slow Consumer"), None);
        assert_eq!(refusals.heard.lock().last.len(), 1);
    }
}
