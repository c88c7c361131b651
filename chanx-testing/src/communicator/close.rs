//! The end of a test's connection.

use std::future::Future;

use chanx_core::Channel;

use super::Communicator;
use crate::{
    Closed, Frame,
    failure::{Failure, Outcome},
    line::Line,
    socket::Incoming,
};

impl<C: Channel> Communicator<C> {
    /// Closes the connection, and waits until the server has done so too.
    ///
    /// By then what was sent before has been handled, `disconnected` has run and the
    /// groups have been left. Where a handler is still at work, the server closes
    /// at once all the same, as it does with any client, and finishes behind it.
    /// What the server has sent and nobody has received is dropped.
    ///
    /// # Panics
    ///
    /// When the server does not close in time.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let app = app();
    /// let client = Communicator::<Echo>::connect(&app, "/ws").await;
    /// client.close(1000).await; // what `disconnected` does has been done
    /// # }
    /// ```
    #[track_caller]
    pub fn close(self, code: u16) -> impl Future<Output = ()> + Send {
        let line = Line::here();
        async move {
            let deadline = self.deadline();
            // A connection that cannot be closed any more has closed already.
            let _ = self.socket.send(Frame::close(code)).await;
            if self.socket.closed_by(deadline).await.is_none() {
                let outcome = Outcome::Nothing(self.patience);
                self.fail(line, &Failure::new("an answer to the close", outcome));
            }
        }
    }

    /// Waits until the server has closed the connection.
    ///
    /// By then `disconnected` has run and the groups have been left, unless
    /// that takes longer than the timeout.
    ///
    /// # Panics
    ///
    /// When a message comes before that, or nothing happens.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/echo.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut client = connect().await;
    /// client.send(&Shut).await;
    /// let closed = client.closed().await;
    /// assert_eq!((closed.code, closed.reason.as_str()), (4000, "shut"));
    /// # }
    /// ```
    #[track_caller]
    pub fn closed(&mut self) -> impl Future<Output = Closed> + Send {
        let line = Line::here();
        async move {
            let closed = self.next_close().await;
            closed.unwrap_or_else(|failure| self.fail(line, &failure))
        }
    }

    pub(super) async fn next_close(&mut self) -> Result<Closed, Failure> {
        let outcome = match self.next_but_completions(self.deadline()).await {
            Some(Incoming::Closed(closed)) => return Ok(closed),
            Some(incoming) => incoming.into(),
            None => Outcome::Nothing(self.patience),
        };
        Err(Failure::new("the connection to close", outcome))
    }
}
