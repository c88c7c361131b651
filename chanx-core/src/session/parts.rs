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
    parts: [Part<'_>; N],
) -> impl Future<Output = Disconnect> {
    let mut parts = Parts::new(parts);
    poll_fn(move |cx| parts.poll(cx))
}

/// The parts, each with its waker.
///
/// What stands together with the last part, the writer, is all that a delivery needs of
/// them: in a large group, each line of the processor's caches is waited for.
#[repr(C)]
struct Parts<'a, const N: usize> {
    parts: [(Part<'a>, Waker); N],
    woken: Arc<Woken<N>>,
    /// The waker of the task.
    known: Option<Waker>,
    /// The parts to poll, as bits.
    ready: usize,
}

impl<'a, const N: usize> Parts<'a, N> {
    fn new(parts: [Part<'a>; N]) -> Self {
        let woken = Arc::new(Woken::default());
        woken.parts.store((1 << N) - 1, Ordering::Relaxed);
        let mut n = 0;
        let parts = parts.map(|part| {
            let bit = 1 << n;
            n += 1;
            (part, Woken::waker(&woken, bit))
        });
        Self {
            parts,
            woken,
            known: None,
            ready: 0,
        }
    }

    fn poll(&mut self, cx: &Context<'_>) -> Poll<Disconnect> {
        self.woken.task.note(cx.waker(), &mut self.known);
        for _ in 0..ROUNDS {
            self.ready |= self.woken.begin();
            for (n, (part, waker)) in self.parts.iter_mut().enumerate() {
                if self.ready & (1 << n) == 0 {
                    continue;
                }
                self.ready &= !(1 << n);
                let polled = part.as_mut().poll(&mut Context::from_waker(waker));
                if polled.is_ready() {
                    return polled;
                }
                // Whoever it has woken has its turn behind it, which for nearly every
                // message is in this round: worker, writer.
                self.ready |= self.woken.begin();
            }
            if self.ready == 0 && self.woken.finish() {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// The parts that have been woken, and the task that they belong to.
///
/// It is the waker of the last part itself, which is the one that is woken most from
/// outside, the writer: one place in memory less for each delivery.
#[derive(Debug, Default)]
struct Woken<const N: usize> {
    parts: AtomicUsize,
    task: TaskWaker,
}

impl<const N: usize> Woken<N> {
    /// The bit of the last part.
    const LAST: usize = 1 << (N - 1);

    /// Wakes one part.
    fn waker(woken: &Arc<Self>, bit: usize) -> Waker {
        let woken = woken.clone();
        match bit == Self::LAST {
            true => woken.into(),
            false => Arc::new(PartWaker { woken, bit }).into(),
        }
    }

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

    fn wake_part(&self, bit: usize) {
        // A part that is woken already has woken the task.
        if self.parts.fetch_or(bit, Ordering::AcqRel) == 0 {
            self.task.wake();
        }
    }
}

impl<const N: usize> Wake for Woken<N> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_part(Self::LAST);
    }
}

/// Wakes one part.
struct PartWaker<const N: usize> {
    woken: Arc<Woken<N>>,
    bit: usize,
}

impl<const N: usize> Wake for PartWaker<N> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.wake_part(self.bit);
    }
}
