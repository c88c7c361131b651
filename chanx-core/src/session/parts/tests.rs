//! The parts that are polled, whoever is woken.

use std::{pin::pin, sync::Mutex};

use futures_util::FutureExt;

use super::*;

/// Three parts that end never, the last of which may be polled alone.
struct Three {
    alone: Alone,
    /// Who was polled, and the wakers of the parts.
    polled: Mutex<Vec<&'static str>>,
    wakers: Mutex<Vec<Waker>>,
}

impl Three {
    /// Runs `test` with parts that have been polled once.
    fn with(test: impl FnOnce(&Self, Pin<&mut (dyn Future<Output = Disconnect> + Send)>)) {
        let three = Self {
            alone: Alone::new(),
            polled: Mutex::default(),
            wakers: Mutex::default(),
        };
        let woken = three.alone.woken();
        let (polled, wakers) = (&three.polled, &three.wakers);
        let part = |name| {
            poll_fn(move |cx| {
                polled.lock().expect("no test has failed").push(name);
                let mut wakers = wakers.lock().expect("no test has failed");
                wakers.push(cx.waker().clone());
                Poll::Pending
            })
        };
        let parts: [Part<'_>; 3] = [
            pin!(part("first")),
            pin!(part("second")),
            pin!(part("last")),
        ];
        let mut parts = pin!(woken.first_to_end(parts));
        assert_eq!(parts.as_mut().now_or_never(), None);
        assert_eq!(three.polled(), ["first", "second", "last"]);
        test(&three, parts);
    }

    fn polled(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.polled.lock().expect("no test has failed"))
    }

    fn wake(&self, n: usize) {
        self.wakers.lock().expect("no test has failed")[n].wake_by_ref();
    }

    /// Polls the last alone if that may be, who does `last` then; true if nothing is
    /// left.
    fn poll_last(&self, last: impl FnOnce() -> Poll<()>) -> bool {
        self.alone.poll(|_| {
            self.polled
                .lock()
                .expect("no test has failed")
                .push("alone");
            last()
        })
    }
}

#[test]
fn a_part_that_is_woken_alone_is_polled_past_the_others() {
    Three::with(|three, _| {
        three.wake(2);
        assert!(three.poll_last(|| Poll::Pending));
        assert_eq!(three.polled(), ["alone"]);

        assert!(!three.poll_last(|| Poll::Pending), "it is woken no more");
        assert_eq!(three.polled(), [""; 0]);
    });
}

#[test]
fn a_part_that_is_woken_with_another_is_polled_in_its_turn() {
    Three::with(|three, parts| {
        three.wake(2);
        three.wake(0);
        assert!(!three.poll_last(|| Poll::Pending));

        assert_eq!(parts.now_or_never(), None);
        assert_eq!(three.polled(), ["first", "last"]);
    });
}

#[test]
fn a_part_that_is_woken_meanwhile_is_polled_in_the_same_turn() {
    Three::with(|three, parts| {
        three.wake(2);
        let is_all = three.poll_last(|| {
            three.wake(1);
            Poll::Pending
        });
        assert!(!is_all);

        assert_eq!(parts.now_or_never(), None);
        assert_eq!(three.polled(), ["alone", "second", "last"]);
    });
}

#[test]
fn a_part_is_left_to_end_itself() {
    Three::with(|three, parts| {
        three.wake(2);
        assert!(!three.poll_last(|| Poll::Ready(())));

        assert_eq!(parts.now_or_never(), None);
        assert_eq!(three.polled(), ["alone", "last"]);
    });
}

#[test]
fn parts_that_wake_each_other_for_long_go_on_in_the_next_turn() {
    let alone = Alone::new();
    let mut turns = 0;
    let restless: Part<'_> = pin!(poll_fn(|cx| {
        turns += 1;
        cx.waker().wake_by_ref();
        match turns {
            100 => Poll::Ready(Disconnect::Idle),
            _ => Poll::Pending,
        }
    }));
    let mut parts = pin!(alone.woken().first_to_end([restless]));

    let turns = (1..100).find(|_| parts.as_mut().now_or_never().is_some());

    assert_eq!(turns, Some(100_usize.div_ceil(ROUNDS)));
}
