//! The methods by which a test receives.

use std::{future::Future, time::Duration};

use chanx_core::{Channel, MessageSet};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::Communicator;
use crate::{
    Frame, Received, Until,
    failure::{Failure, Outcome},
    line::Line,
    received::names,
    socket::Incoming,
};

/// The silence after which nothing comes.
const SILENCE: Duration = Duration::from_millis(100);
/// The same, in memory, once all that was sent has been dealt with.
const SETTLED: Duration = Duration::from_millis(20);

// A generic method gives a boxed future, which keeps a mistake in a type to one error.
impl<C: Channel> Communicator<C> {
    /// Receives a message, or one of an enum of messages.
    ///
    /// It is the next that comes, completion frames aside; nothing is skipped
    /// to find it.
    ///
    /// # Panics
    ///
    /// When something else comes, or nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send(&Ping).await;
    /// assert_eq!(client.receive::<Pong>().await, Pong);
    /// # }
    /// ```
    #[track_caller]
    pub fn receive<M: MessageSet>(&mut self) -> BoxFuture<'_, M> {
        let line = Line::here();
        let message = async move {
            let expected = names(M::ACTIONS);
            let message = match self.next_message(&expected).await {
                Ok(received) => self.read(received, &expected),
                Err(failure) => Err(failure),
            };
            message.unwrap_or_else(|failure| self.fail(line, &failure))
        };
        message.boxed()
    }

    /// Receives a message of any kind.
    ///
    /// # Panics
    ///
    /// When the connection closes, or nothing comes.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send(&Ping).await;
    /// let received = client.receive_any().await;
    /// assert_eq!(received.action(), "pong");
    /// assert_eq!(received.parse::<Pong>(), Pong);
    /// # }
    /// ```
    #[track_caller]
    pub fn receive_any(&mut self) -> impl Future<Output = Received> + Send {
        let line = Line::here();
        async move {
            let received = self.next_message("a message").await;
            received.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    /// Receives a message of any kind, as JSON.
    ///
    /// # Panics
    ///
    /// When the connection closes, or nothing comes.
    #[track_caller]
    pub fn receive_json(&mut self) -> impl Future<Output = Value> + Send {
        let received = self.receive_any();
        async move { received.await.json().clone() }
    }

    /// Receives a frame of any kind: a pong, a completion, a close.
    ///
    /// # Panics
    ///
    /// When the connection is over, or nothing comes.
    #[track_caller]
    pub fn receive_frame(&mut self) -> impl Future<Output = Frame> + Send {
        let line = Line::here();
        async move {
            let outcome = match timeout_at(self.deadline(), self.socket.next_frame()).await {
                Ok(Ok(frame)) => return frame,
                Ok(Err(closed)) => Outcome::Closed(closed),
                Err(_) => Outcome::Nothing(self.patience),
            };
            self.fail(line, &Failure::new("a frame", outcome))
        }
    }

    /// Receives everything up to a stop, completion frames left out.
    ///
    /// A message that is the stop is the last of what is returned.
    ///
    /// # Panics
    ///
    /// When the stop does not come in time, listing what came.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// use chanx_testing::Until;
    ///
    /// client.send(&Ping).await;
    /// client.send(&Ping).await;
    /// assert_eq!(client.receive_all(Until::Complete).await.len(), 2);
    /// # }
    /// ```
    #[track_caller]
    pub fn receive_all(&mut self, until: Until<'_>) -> impl Future<Output = Vec<Received>> + Send {
        let line = Line::here();
        async move {
            let received = self.take_until(until).await;
            received.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    /// Makes sure that nothing comes.
    ///
    /// With a paused clock (`#[tokio::test(start_paused = true)]`) this takes
    /// no time and is exact: the runtime has nothing left to do that could
    /// send something. Otherwise it waits for what this client has sent to be
    /// dealt with and 20 ms of silence in memory, and never for more than
    /// 100 ms. Where another client is the cause, have that one
    /// [`receive_all`](Self::receive_all) until [`Until::Complete`] before.
    ///
    /// # Panics
    ///
    /// When a message comes, or the connection closes.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.receive_nothing().await;
    /// # }
    /// ```
    #[track_caller]
    pub fn receive_nothing(&mut self) -> impl Future<Output = ()> + Send {
        let line = Line::here();
        async move {
            if let Some(outcome) = self.next_in_silence().await {
                self.fail(line, &Failure::new("nothing", outcome));
            }
        }
    }

    /// Skips completion frames; `None` at the deadline.
    pub(super) async fn next_but_completions(&mut self, deadline: Instant) -> Option<Incoming> {
        loop {
            match self.socket.next(deadline).await? {
                Incoming::Completion(..) => self.unfinished = false,
                incoming => return Some(incoming),
            }
        }
    }

    pub(super) async fn next_message(&mut self, expected: &str) -> Result<Received, Failure> {
        let outcome = match self.next_but_completions(self.deadline()).await {
            Some(Incoming::Message(received)) => {
                self.unfinished = true;
                return Ok(received);
            }
            Some(incoming) => incoming.into(),
            None => Outcome::Nothing(self.patience),
        };
        Err(Failure::new(expected, outcome))
    }

    #[expect(clippy::unused_self, reason = "reads as one of the receives")]
    pub(super) fn read<M: MessageSet>(
        &self,
        received: Received,
        expected: &str,
    ) -> Result<M, Failure> {
        if !received.is::<M>() {
            return Err(Failure::new(expected, Outcome::Message(received)));
        }
        received
            .decode()
            .map_err(|error| Failure::new(expected, Outcome::Unreadable(received, error)))
    }

    /// The outcome that breaks the silence, if one does.
    async fn next_in_silence(&mut self) -> Option<Outcome> {
        let latest = Instant::now() + SILENCE;
        loop {
            let settled = self.is_in_memory() && self.socket.outstanding() == 0;
            let deadline = if settled {
                latest.min(Instant::now() + SETTLED)
            } else {
                latest
            };
            match self.socket.next(deadline).await? {
                Incoming::Completion(..) => self.unfinished = false,
                incoming => return Some(incoming.into()),
            }
        }
    }

    async fn take_until(&mut self, until: Until<'_>) -> Result<Vec<Received>, Failure> {
        let deadline = self.deadline();
        let mut received = Vec::new();
        let outcome = loop {
            if self.has_reached(until, &received) {
                return Ok(received);
            }
            match self.socket.next(deadline).await {
                Some(Incoming::Message(message)) => {
                    self.unfinished = true;
                    let is_stop = until == Until::Action(message.action());
                    received.push(message);
                    if is_stop {
                        return Ok(received);
                    }
                }
                Some(Incoming::Completion(completion, _)) => {
                    // A message that the test has taken before is not one that it waits
                    // for now.
                    let stale = self.unfinished && received.is_empty();
                    self.unfinished = false;
                    if until.stops_at(completion) && !stale {
                        return Ok(received);
                    }
                }
                Some(Incoming::Closed(_)) if until == Until::Closed => return Ok(received),
                Some(incoming) => break incoming.into(),
                None => break Outcome::Nothing(self.patience),
            }
        };
        Err(self.without_stop(until, outcome).after(received))
    }

    fn has_reached(&self, until: Until<'_>, received: &[Received]) -> bool {
        match until {
            Until::Complete => self.socket.outstanding() == 0,
            Until::Count(count) => received.len() >= count,
            _ => false,
        }
    }

    fn without_stop(&self, until: Until<'_>, outcome: Outcome) -> Failure {
        let failure = Failure::new(until.to_string(), outcome);
        if self.is_in_memory() || !until.is_completion() {
            return failure;
        }
        failure.note(
            "a server at a real address sends completion frames only with \
             `ChannelOptions::completion_frames(true)`",
        )
    }
}
