//! The topics of a test's connection.

use std::future::Future;

use chanx_core::{Channel, describe::ChannelDescription};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::json;

use super::{Communicator, send::Sifted};
use crate::{
    Frame, Received,
    failure::{Failure, Outcome},
    line::Line,
    received::names,
    socket::Incoming,
};

impl<C: Channel> Communicator<C> {
    /// Subscribes to a topic, and gives a client of the subscription: what is sent
    /// by it goes to the topic, and what comes on the topic is received by it.
    ///
    /// Several of one connection, and the connection's own, are used side by side,
    /// in tasks of their own where a test needs it. In memory it waits until the
    /// subscription's `connected` has returned, and completion frames are on for
    /// topics too: [`Until::Complete`](crate::Until::Complete) is what this client
    /// has sent on its topic.
    ///
    /// Dropping it leaves the subscription as it is, and what comes on the topic to
    /// the connection's client; to leave the topic, [`unsubscribe`](Self::unsubscribe).
    /// Subscribed to again, a topic has one subscription all the same, and what comes on
    /// it is the later client's to receive.
    ///
    /// # Panics
    ///
    /// When `C` has no topic that is an `R`, and when it refuses, with its answer.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/hub.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut hub = connect().await;
    /// let mut five = hub.subscribe::<Room>("room:5").await;
    /// let mut six = hub.subscribe::<Room>("room:6").await;
    ///
    /// five.send(&Ping).await;
    /// assert_eq!(five.receive::<Pong>().await, Pong);
    /// six.receive_nothing().await;
    /// five.unsubscribe().await;
    /// # }
    /// ```
    #[track_caller]
    pub fn subscribe<R: Channel>(&mut self, topic: &str) -> BoxFuture<'_, Communicator<R>> {
        let line = Line::here();
        let topic = topic.to_owned();
        let subscribed = async move {
            match self.open_topic(line, &topic).await {
                Ok(subscribed) => subscribed,
                Err(refused) => {
                    let expected = format!("`subscribed` to `{topic}`");
                    self.fail(line, &Failure::new(expected, Outcome::Message(refused)))
                }
            }
        };
        subscribed.boxed()
    }

    /// Subscribes to a topic, or gives the `error` by which it is refused.
    ///
    /// # Panics
    ///
    /// When `C` has no topic that is an `R`, and when there is no answer.
    ///
    /// # Errors
    ///
    /// The answer.
    ///
    /// # Examples
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/doctest/hub.rs"));
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// # let mut hub = connect().await;
    /// let refused = hub.subscribe_or_refused::<Room>("room:13").await.unwrap_err();
    /// assert_eq!(refused.payload()["reason"], "unauthorized");
    /// # }
    /// ```
    #[track_caller]
    pub fn subscribe_or_refused<R: Channel>(
        &mut self,
        topic: &str,
    ) -> BoxFuture<'_, Result<Communicator<R>, Received>> {
        let line = Line::here();
        let topic = topic.to_owned();
        async move { self.open_topic(line, &topic).await }.boxed()
    }

    /// Unsubscribes, and waits for the answer.
    ///
    /// By then what was sent before has been handled, the subscription's
    /// `disconnected` has run and its groups have been left. What the server has
    /// sent and nobody has received is dropped. A topic's own route closes the
    /// connection.
    ///
    /// # Panics
    ///
    /// When this is no client of a topic, and when there is no answer.
    #[track_caller]
    pub fn unsubscribe(mut self) -> impl Future<Output = ()> + Send {
        let line = Line::here();
        async move {
            let Some(topic) = self.socket.topic() else {
                panic!("{line}: this is a client of a connection: to end it, `close` it");
            };
            let reference = self.socket.next_reference();
            let frame = json!({"action": "unsubscribe", "topic": topic, "ref": reference});
            self.send_on(line, Frame::text(frame.to_string())).await;
            let outcome = match self.answer(&reference).await {
                Ok(answer) if answer.action() == "unsubscribed" => return,
                Ok(answer) => Outcome::Message(answer),
                Err(outcome) => outcome,
            };
            self.fail(line, &Failure::new("`unsubscribed`", outcome));
        }
    }

    /// The topic that it is subscribed to.
    ///
    /// At a real address a topic's own route does not tell it.
    #[must_use]
    pub fn topic(&self) -> Option<String> {
        self.socket.topic()
    }

    /// The topic that its frames have to name.
    pub(super) fn subscribed_to(&self) -> Option<String> {
        self.is_subscription.then(|| self.topic()).flatten()
    }

    async fn open_topic<R: Channel>(
        &mut self,
        line: Line,
        topic: &str,
    ) -> Result<Communicator<R>, Received> {
        assert_served::<C, R>(line);
        let reference = self.socket.next_reference();
        let mut subscription = Communicator::<R>::new(
            self.socket.of_topic(topic, &reference),
            self.headers.clone(),
            self.failed.clone(),
            self.patience,
            self.waits_for_connected,
        );
        subscription.is_subscription = true;
        let frame = json!({"action": "subscribe", "topic": topic, "ref": reference});
        let frame = Frame::text(frame.to_string());
        subscription.send_on(line, frame).await;
        let outcome = match subscription.answer(&reference).await {
            Ok(answer) if answer.action() == "subscribed" => {
                subscription.settle(line, &reference).await;
                return Ok(subscription);
            }
            Ok(answer) if answer.action() == "error" => return Err(answer),
            Ok(answer) => Outcome::Message(answer),
            Err(outcome) => outcome,
        };
        let expected = format!("`subscribed` to `{topic}`");
        subscription.fail(line, &Failure::new(expected, outcome))
    }

    /// Waits until `connected` has returned, where the server tells it.
    async fn settle(&mut self, line: Line, reference: &str) {
        if !self.is_in_memory() || !self.waits_for_connected {
            return;
        }
        let settled = self.sift(|incoming| match incoming {
            Incoming::Completion(_, completion) if completion.reference() == Some(reference) => {
                Sifted::Last(())
            }
            Incoming::Message(ended) if ended.action() == "unsubscribed" => Sifted::Never(()),
            _ => Sifted::Kept,
        });
        // The end of a connection is for those who receive, too.
        if let Err(Outcome::Nothing(patience)) = settled.await {
            panic!(
                "{line}: `connected` has not returned for {patience:?}: to subscribe while it \
                 runs, add `.without_waiting_for_connected()` to the connection's builder"
            );
        }
    }
}

/// Makes sure that a topic of `C` is an `R`.
#[track_caller]
fn assert_served<C: Channel, R: Channel>(line: Line) {
    let hub = ChannelDescription::of::<C>();
    let topics = hub.topics.iter();
    if topics.clone().any(|topic| topic.channel.name == R::NAME) {
        return;
    }
    let topics: Vec<_> = topics.map(|topic| topic.pattern).collect();
    let topics = match topics.is_empty() {
        true => "it has none".to_owned(),
        false => format!("it has {}", names(&topics)),
    };
    panic!(
        "{line}: channel `{}` has no topic that is a `{}`; {topics}",
        C::NAME,
        R::NAME,
    );
}
