//! The pings and clocks by which a session finds out that its peer is gone.

use std::{future::Future, mem, time::Duration};

use parking_lot::Mutex;
use tokio::time::{Instant, sleep_until};

use super::inbox::Inbox;
use crate::{
    connection::{Disconnect, Outbox},
    options::ChannelOptions,
    time_limit::capped,
};

/// The moments at which a peer was last heard of.
///
/// It is also the session's clock: whoever needs to know when a message came
/// does not read the time again.
#[derive(Debug)]
pub(super) struct Pulse(Mutex<Moments>);

#[derive(Debug, Clone, Copy)]
struct Moments {
    last_frame: Instant,
    last_message: Instant,
    /// When a message was last read, or the handler of one was done.
    last_turn: Instant,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Mutex::new(Moments {
            last_frame: now,
            last_message: now,
            last_turn: now,
        }))
    }

    /// Notes a sign of life.
    pub(super) fn beat(&self) {
        let now = Instant::now();
        self.0.lock().last_frame = now;
    }

    /// Notes a message that has just been read.
    ///
    /// It is no sign of life while the reader looks ahead for a pong, because
    /// what lies beyond the inbox's capacity may have been sent long ago.
    #[inline]
    pub(super) fn message(&self, inbox: &Inbox) {
        let now = Instant::now();
        let looks_ahead = inbox.is_past_capacity();
        let mut moments = self.0.lock();
        moments.last_turn = now;
        if !looks_ahead {
            moments.last_frame = now;
        }
        moments.last_message = moments.last_frame;
    }

    /// Notes a pong, so that the reader need not look ahead for it any longer.
    pub(super) fn pong(&self, inbox: &Inbox) {
        self.beat();
        inbox.withdraw();
    }

    /// When a handler could begin with the message that is next: as soon as that was
    /// read, or once the handler before it was done.
    #[inline]
    pub(super) fn last_turn(&self) -> Instant {
        self.0.lock().last_turn
    }

    /// Notes that a handler is done, and returns how long it took.
    #[inline]
    pub(super) fn done(&self, began: Instant) -> Duration {
        let now = Instant::now();
        self.0.lock().last_turn = now;
        now.duration_since(began)
    }

    /// As [`done`](Self::done), where nothing was read since the handler could begin.
    #[inline]
    pub(super) fn turn_done(&self) -> Duration {
        let now = Instant::now();
        let began = mem::replace(&mut self.0.lock().last_turn, now);
        now.duration_since(began)
    }

    fn last_frame(&self) -> Instant {
        self.0.lock().last_frame
    }

    fn last_message(&self) -> Instant {
        self.0.lock().last_message
    }
}

/// The bytes that are read beyond the inbox's capacity to find a pong.
const LOOK_AHEAD: usize = 64 * 1024;

/// Pings at every interval, until the peer has been silent for an interval
/// and the time-out.
///
/// It pings a busy peer too, because otherwise one that vanishes right after a
/// frame would not be noticed in time. With each ping the reader may look ahead
/// past a full inbox. So a peer that still answers is found, unless it has sent
/// more than is looked at while a single handler ran all that time.
#[expect(
    clippy::manual_async_fn,
    reason = "an async function would hold its arguments twice"
)]
pub(super) fn ping<'a>(
    pulse: &'a Pulse,
    inbox: &'a Inbox,
    outbox: &'a Outbox,
    options: &'a ChannelOptions,
) -> impl Future<Output = Disconnect> + use<'a> {
    async move {
        let Some(interval) = options.ping_interval else {
            return std::future::pending().await;
        };
        let interval = capped(interval);
        let timeout = capped(options.ping_timeout);
        let mut next_ping = pulse.last_frame() + interval;
        // The first ping since the peer was heard of. The peer gets the time-out
        // from here on, because the whole process may have stood still before.
        let mut asked: Option<Instant> = None;
        loop {
            // In a block, because what lives across the sleep enlarges every idle connection.
            let until = {
                let (now, heard) = (Instant::now(), pulse.last_frame());
                if next_ping <= now {
                    outbox.ping();
                    // The pong stands behind whatever the peer has sent before it.
                    inbox.grant(LOOK_AHEAD);
                    asked = asked.filter(|asked| *asked > heard).or(Some(now));
                    next_ping = (next_ping + interval).max(now);
                }
                let answer_by = asked.map_or(heard, |asked| asked + timeout);
                let silent_until = answer_by.max(heard + interval + timeout);
                if silent_until <= now {
                    return Disconnect::PingTimeout;
                }
                silent_until.min(next_ping)
            };
            sleep_until(until).await;
        }
    }
}

/// Waits until the client has sent no message for too long.
///
/// While messages wait for a handler the time stands still, because the client
/// is not silent then.
pub(super) async fn idle(pulse: &Pulse, inbox: &Inbox, timeout: Duration) -> Disconnect {
    let timeout = capped(timeout);
    let mut deadline = pulse.last_message() + timeout;
    loop {
        sleep_until(deadline).await;
        let now = Instant::now();
        deadline = pulse.last_message() + timeout;
        if !inbox.is_empty() {
            deadline = now + timeout;
        }
        if deadline <= now {
            return Disconnect::Idle;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt;
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_peer_is_asked_once_more_after_the_process_has_stood_still() {
        let options = ChannelOptions::default();
        let (inbox, outbox, pulse) = (Inbox::new(1), Outbox::new(&options), Pulse::new());
        let mut pinging = pin!(ping(&pulse, &inbox, &outbox, &options));

        advance(Duration::from_secs(1000)).await;
        assert_eq!(pinging.as_mut().now_or_never(), None);

        advance(options.ping_timeout).await;
        assert_eq!(pinging.now_or_never(), Some(Disconnect::PingTimeout));
    }

    #[test]
    fn an_interval_of_zero_is_none() {
        let options = ChannelOptions::default().ping_interval(Duration::ZERO);

        assert_eq!(options.ping_interval, None);
    }
}
