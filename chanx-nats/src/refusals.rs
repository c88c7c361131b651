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
use tokio::{
    sync::Notify,
    time::{Instant, timeout_at},
};

/// The most refusals that are remembered.
const LIMIT: usize = 1024;

/// The time that is left to a refusal that is to be expected, because the same was
/// refused before, and to one that is not, because nothing is known. It is the same
/// time for all subjects that are asked about at once.
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

/// A refusal, by its subject, that is told to nobody who waits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Untold {
    Subscription(String),
    /// It comes too late: its publisher was told that it is allowed.
    Publication(String),
}

impl Refusals {
    /// Notes what the server says, and gives what there is still to tell of it.
    pub(crate) fn hear(&self, text: &str) -> Option<Untold> {
        let (act, subject) = read(text)?;
        let mut heard = self.heard.lock();
        heard.count += 1;
        heard.forget(act, subject);
        let was_allowed = act == Act::Publish && heard.disallow(subject);
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
        match act {
            Act::Subscribe => Some(Untold::Subscription(subject.to_owned())),
            Act::Publish => was_allowed.then(|| Untold::Publication(subject.to_owned())),
        }
    }

    /// The number of refusals that there have been, to ask for later ones.
    pub(crate) fn count(&self) -> u64 {
        self.heard.lock().count
    }

    /// The first of these subjects to which publishing was refused since there had been so
    /// many refusals, now that the server has read it all.
    ///
    /// It waits a moment where nothing is known of a subject, for all of them together.
    pub(crate) async fn refused(
        &self,
        subjects: impl Iterator<Item = String>,
        since: u64,
    ) -> Option<String> {
        let asked = Instant::now();
        for subject in subjects {
            if self.has_refused(&subject, since, asked).await {
                return Some(subject);
            }
        }
        None
    }

    async fn has_refused(&self, subject: &str, since: u64, asked: Instant) -> bool {
        let act = Act::Publish;
        let within = match self.number(act, subject) {
            Some(number) if number > since => return true,
            Some(_) => EXPECTED,
            None if self.heard.lock().is_allowed(subject) => return false,
            None => UNKNOWN,
        };
        let is_refused = timeout_at(asked + within, self.again(act, subject, since)).await;
        is_refused.is_ok() || !self.heard.lock().allow(subject, since)
    }

    /// Waits until it is heard whether the same are refused again, of those that were
    /// refused before.
    pub(crate) async fn settle(&self, subjects: impl Iterator<Item = String>, since: u64) {
        let act = Act::Subscribe;
        let until = Instant::now() + EXPECTED;
        for subject in subjects {
            if self.number(act, &subject).is_some_and(|it| it <= since)
                && timeout_at(until, self.again(act, &subject, since))
                    .await
                    .is_err()
            {
                self.heard.lock().forget(act, &subject);
            }
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

    /// Notes that publishing to a subject is allowed, unless it was refused since.
    fn allow(&mut self, subject: &str, since: u64) -> bool {
        let mut refusals = self.last.iter();
        let is_it = |it: &Refusal| it.act == Act::Publish && it.subject == subject;
        if refusals.any(|it| is_it(it) && it.number > since) {
            return false;
        }
        self.forget(Act::Publish, subject);
        if self.allowed[0].len() == ALLOWED {
            self.allowed.swap(0, 1);
            self.allowed[0].clear();
        }
        self.allowed[0].insert(subject.to_owned());
        true
    }

    /// Says whether it was known to be allowed.
    fn disallow(&mut self, subject: &str) -> bool {
        let [newer, older] = &mut self.allowed;
        newer.remove(subject) | older.remove(subject)
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
    use tokio::time::sleep;

    use super::*;

    const PUBLISH: &str = "Permissions Violation for Publish to \"chanx.group.a.B\"";
    const SUBSCRIBE: &str = "Permissions Violation for Subscription to \"chanx.group.a.B\"";

    const SUBJECT: &str = "chanx.group.a.B";

    async fn refused(refusals: &Refusals, subject: &str, since: u64) -> bool {
        let subjects = [subject.to_owned()].into_iter();
        refusals.refused(subjects, since).await.is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_refused_is_known_be_it_a_little_late() {
        let refusals = Refusals::default();
        for _ in 0..2 {
            let since = refusals.count();
            let hearing = async {
                sleep(Duration::from_millis(4)).await;
                refusals.hear(PUBLISH);
            };
            let (is_refused, ()) = tokio::join!(refused(&refusals, SUBJECT, since), hearing);
            assert!(is_refused);
            assert!(
                refused(&refusals, SUBJECT, since).await,
                "it is known by now"
            );
        }
        let since = refusals.count();
        assert!(!refused(&refusals, "chanx.group.a.C", since).await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_allowed_is_not_waited_for_again() {
        let refusals = Refusals::default();
        refusals.hear(PUBLISH);
        let since = refusals.count();

        assert!(!refused(&refusals, SUBJECT, since).await);
        let began = Instant::now();
        assert!(!refused(&refusals, SUBJECT, since).await);
        assert_eq!(began.elapsed(), Duration::ZERO);

        let untold = refusals.hear(PUBLISH);
        assert_eq!(untold, Some(Untold::Publication(SUBJECT.to_owned())));
        assert!(refused(&refusals, SUBJECT, since).await, "it is so no more");
    }

    #[tokio::test(start_paused = true)]
    async fn many_subjects_are_waited_for_together() {
        let refusals = Refusals::default();
        let groups = (0..1000).map(|number| format!("chanx.group.a.{number}"));

        let began = Instant::now();
        assert_eq!(refusals.refused(groups, 0).await, None);
        assert!(began.elapsed() < 2 * UNKNOWN);

        let refused = (0..50).map(|number| format!("chanx.group.b.{number}"));
        for subject in refused.clone() {
            refusals.hear(&SUBSCRIBE.replace(SUBJECT, &subject));
        }
        let began = Instant::now();
        refusals.settle(refused, refusals.count()).await;
        assert!(began.elapsed() < 2 * EXPECTED);
    }

    #[tokio::test(start_paused = true)]
    async fn subjects_take_no_more_than_their_place() {
        let refusals = Refusals::default();
        for number in 0..3 * ALLOWED {
            refused(&refusals, &number.to_string(), 0).await;
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
        let untold = refusals.hear(SUBSCRIBE);
        assert_eq!(untold, Some(Untold::Subscription(SUBJECT.to_owned())));
        assert_eq!(refusals.hear("Slow Consumer"), None);
        assert_eq!(refusals.heard.lock().last.len(), 1);
    }
}
