//! The parts of a session, side by side in one task.

mod alone;
#[cfg(all(test, not(chanx_loom)))]
mod tests;

pub(super) use alone::Alone;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use futures_util::FutureExt;

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

/// The bit of the last part. Those before it have the higher ones, by their places.
const LAST: usize = 1;

/// Polls each part when it is woken, until one ends.
///
/// A waker for each keeps the socket's read side from being polled because
/// something is to be written. `FuturesUnordered` does as much, but wakes the
/// whole task once more whenever one part wakes another, which is what every
/// message does: worker, writer.
pub(super) fn first_to_end<const N: usize>(
    parts: [Part<'_>; N],
) -> impl Future<Output = Disconnect> {
    let woken = Arc::<Woken>::default();
    let mut parts = woken.first_to_end(parts);
    // The waker of the task.
    let mut known = None;
    poll_fn(move |cx| {
        woken.task.note(cx.waker(), &mut known);
        parts.poll_unpin(cx)
    })
}

/// The parts, each with its waker.
struct Parts<'a, const N: usize> {
    parts: [(Part<'a>, Waker); N],
    woken: Arc<Woken>,
}

impl<const N: usize> Parts<'_, N> {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<Disconnect> {
        let mut ready = 0;
        for _ in 0..ROUNDS {
            ready |= self.woken.begin();
            let mut behind = usize::MAX;
            while let Some(place) = (ready & behind).checked_ilog2() {
                let bit = 1 << place;
                ready &= !bit;
                behind = bit - 1;
                let (part, waker) = &mut self.parts[N - 1 - place as usize];
                let polled = part.as_mut().poll(&mut Context::from_waker(waker));
                if polled.is_ready() {
                    return polled;
                }
                // Whoever it has woken has its turn behind it, which for nearly every
                // message is in this round: worker, writer.
                ready |= self.woken.begin();
            }
            if ready == 0 && self.woken.finish() {
                return Poll::Pending;
            }
        }
        self.woken.give_back(ready);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// The parts that have been woken, and the task that they belong to.
///
/// It is the waker of the last part itself, which is the one that is woken most from
/// outside, the writer: one place in memory less for each delivery.
#[derive(Debug, Default)]
pub(super) struct Woken {
    parts: AtomicUsize,
    task: TaskWaker,
}

impl Woken {
    /// As [`first_to_end`], for whoever notes the waker of the task.
    pub(super) fn first_to_end<'a, const N: usize>(
        self: &Arc<Self>,
        parts: [Part<'a>; N],
    ) -> impl Future<Output = Disconnect> + Unpin + use<'a, N> {
        self.parts.store((1 << N) - 1, Ordering::Relaxed);
        let mut place = N;
        let parts = parts.map(|part| {
            place -= 1;
            (part, self.waker(place))
        });
        let mut parts = Parts {
            parts,
            woken: self.clone(),
        };
        poll_fn(move |cx| parts.poll(cx))
    }

    /// The waker of a part, by its place from the last.
    fn waker(self: &Arc<Self>, place: usize) -> Waker {
        let woken = self.clone();
        match place {
            0 => woken.into(),
            1 => PartWaker::<1>::of(woken),
            2 => PartWaker::<2>::of(woken),
            3 => PartWaker::<3>::of(woken),
            4 => PartWaker::<4>::of(woken),
            5 => PartWaker::<5>::of(woken),
            _ => unreachable!("a session has six parts at most"),
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

    /// Leaves parts to the next who polls, who is to come without being woken.
    fn give_back(&self, parts: usize) {
        self.parts.fetch_or(parts, Ordering::AcqRel);
    }

    fn wake_part(&self, bit: usize) {
        // A part that is woken already has woken the task.
        if self.parts.fetch_or(bit, Ordering::AcqRel) == 0 {
            self.task.wake();
        }
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_part(LAST);
    }
}

/// Wakes the part of one place.
///
/// The place is no field, with which each would take 16 bytes more of every connection.
struct PartWaker<const PLACE: usize>(Arc<Woken>);

impl<const PLACE: usize> PartWaker<PLACE> {
    fn of(woken: Arc<Woken>) -> Waker {
        Arc::new(Self(woken)).into()
    }
}

impl<const PLACE: usize> Wake for PartWaker<PLACE> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.wake_part(1 << PLACE);
    }
}
