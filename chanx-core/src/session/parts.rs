//! The parts of a session, side by side in one task.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use crate::{
    connection::{Disconnect, TaskWaker},
    sync::atomic::{AtomicUsize, Ordering},
};

/// One of the parts that run side by side.
pub(super) type Part<'a> = Pin<&'a mut (dyn Future<Output = Disconnect> + Send)>;

/// The number of times that the parts may wake each other before other tasks have their
/// turn.
const ROUNDS: usize = 16;

/// Set while the parts are being polled: whoever wakes one then need not wake the task.
const POLLING: usize = 1 << (usize::BITS - 1);

/// Polls each part when it is woken, until one ends.
///
/// A waker for each keeps the socket's read side from being polled because
/// something is to be written. `FuturesUnordered` does as much, but wakes the
/// whole task once more whenever one part wakes another, which is what every
/// message does: worker, writer.
pub(super) fn first_to_end<const N: usize>(
    mut parts: [Part<'_>; N],
) -> impl Future<Output = Disconnect> {
    let woken = Arc::new(Woken::default());
    woken.parts.store((1 << N) - 1, Ordering::Relaxed);
    let wakers: [Waker; N] = std::array::from_fn(|part| {
        Waker::from(Arc::new(PartWaker {
            woken: woken.clone(),
            bit: 1 << part,
        }))
    });
    let mut known = None;
    let mut ready = 0;
    poll_fn(move |cx| {
        woken.task.note(cx.waker(), &mut known);
        for _ in 0..ROUNDS {
            ready |= woken.begin();
            for (n, part) in parts.iter_mut().enumerate() {
                if ready & (1 << n) == 0 {
                    continue;
                }
                ready &= !(1 << n);
                let polled = part.as_mut().poll(&mut Context::from_waker(&wakers[n]));
                if polled.is_ready() {
                    return polled;
                }
                // Whoever it has woken has its turn behind it, which for nearly every
                // message is in this round: worker, writer.
                ready |= woken.begin();
            }
            if ready == 0 && woken.finish() {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

/// The parts that have been woken, and the task that they belong to.
#[derive(Debug, Default)]
struct Woken {
    parts: AtomicUsize,
    task: TaskWaker,
}

impl Woken {
    /// The parts to poll, as bits.
    fn begin(&self) -> usize {
        self.parts.swap(POLLING, Ordering::AcqRel) & !POLLING
    }

    /// True if no part was woken meanwhile; from then on waking one wakes the task.
    fn finish(&self) -> bool {
        self.parts
            .compare_exchange(POLLING, 0, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

/// Wakes one part.
struct PartWaker {
    woken: Arc<Woken>,
    bit: usize,
}

impl Wake for PartWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // A part that is woken already has woken the task.
        if self.woken.parts.fetch_or(self.bit, Ordering::AcqRel) == 0 {
            self.woken.task.wake();
        }
    }
}
