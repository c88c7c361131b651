//! Answers on their way past the outbox, beside what goes through it.

use std::{pin::pin, sync::Arc, task::Waker};

use futures_util::{FutureExt, Sink, Stream};

use super::*;
use crate::{
    layer::ChannelLayer,
    options::{ChannelOptions, CompletionFrames},
};

/// A transport to a client that reads while it is told to.
#[derive(Default)]
struct Client {
    fed: Vec<Bytes>,
    flushed: usize,
    is_slow: bool,
    is_lost: bool,
    /// Told once, where there is to be room for a frame.
    failure: Option<TransportError>,
    /// The connection to which others publish a batch whenever one has been written, so
    /// many times.
    published_to: Option<(Arc<Connection>, usize)>,
}

impl Stream for Client {
    type Item = Result<Frame, TransportError>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Pending
    }
}

impl Sink<Frame> for Client {
    type Error = TransportError;

    fn poll_ready(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        Poll::Ready(self.failure.take().map_or(Ok(()), Err))
    }

    fn start_send(mut self: Pin<&mut Self>, frame: Frame) -> Result<(), TransportError> {
        self.fed.extend(frame.text().cloned());
        match self.is_lost {
            true => Err(TransportError::Lost),
            false => Ok(()),
        }
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Result<(), TransportError>> {
        if self.is_slow {
            return Poll::Pending;
        }
        self.flushed = self.fed.len();
        if let Some((connection, times @ 1..)) = &mut self.published_to {
            *times -= 1;
            for _ in 0..64 {
                publish(connection, "more");
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }
}

impl Transport for Client {}

/// Runs `test` with a writer that waits for the first frame, and gives what was flushed.
fn with_writer(test: impl FnOnce(&Session<'_>)) -> Vec<Bytes> {
    let connection = Arc::new(Connection::new(
        ChannelLayer::new().next_connection(),
        "test",
        None,
        None,
        &ChannelOptions::default(),
        CompletionFrames::Off,
    ));
    let mut client = Some(Client::default());
    let transport = Shared::new(&mut client);
    let session = Session {
        writing: Writing::new(&transport, &connection),
        member: Member::Connection(connection.clone()),
        transport: &transport,
    };
    assert_eq!(session.write(), Poll::Pending);
    test(&session);
    let client = client.expect("nobody takes it");
    client.fed[..client.flushed].to_vec()
}

fn publish(connection: &Connection, text: &'static str) {
    let text = Bytes::from(text).into();
    connection.outbox.push(text, None, None);
}

struct Session<'a> {
    writing: Writing<'a, Client>,
    member: Member,
    transport: &'a Shared<'a, Client>,
}

impl Session<'_> {
    /// Runs the writer once.
    fn write(&self) -> Poll<Result<(), TransportError>> {
        let cx = &mut Context::from_waker(Waker::noop());
        self.writing.poll_all(cx)
    }

    /// Runs it where nothing else is to be done.
    fn write_alone(&self) -> Poll<()> {
        let cx = &mut Context::from_waker(Waker::noop());
        self.writing.poll_alone(cx)
    }

    /// Answers as a handler does; false where the answer waits in the outbox.
    fn answer(&self, text: &'static str) -> bool {
        match self.writing.try_write(&self.member, text.into()) {
            Ok(()) => true,
            Err(answer) => {
                self.member.try_send(answer).expect("there is room");
                false
            }
        }
    }

    fn publish(&self, text: &'static str) {
        publish(self.member.shared(), text);
    }

    fn client(&self, change: impl FnOnce(&mut Client)) {
        let _ = self.transport.with(|client| {
            change(client.get_mut());
            Poll::Ready(Ok(()))
        });
    }

    fn frames_out(&self) -> u64 {
        let counters = &self.member.shared().counters;
        counters
            .frames_out
            .load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[test]
fn an_answer_is_written_without_the_writer() {
    let written = with_writer(|session| {
        assert!(session.answer("a"));
        assert!(session.answer("b"));
        session.writing.flush();

        assert_eq!(session.frames_out(), 2);
    });

    assert_eq!(written, ["a", "b"]);
}

#[test]
fn an_answer_stays_behind_what_was_published_before() {
    let written = with_writer(|session| {
        assert!(session.answer("a"));
        session.publish("published");
        assert!(!session.answer("b"));
        session.writing.flush();
        assert_eq!(session.write(), Poll::Pending);
        assert!(session.answer("c"));
        session.writing.flush();

        assert_eq!(session.frames_out(), 4);
    });

    assert_eq!(written, ["a", "published", "b", "c"]);
}

#[test]
fn answers_to_a_client_that_does_not_read_wait_in_the_outbox() {
    let written = with_writer(|session| {
        session.client(|client| client.is_slow = true);
        assert!(session.answer("a"));
        session.writing.flush();
        assert!(!session.answer("b"));
        assert_eq!(session.write(), Poll::Pending);
        assert!(!session.answer("c"));
        session.writing.flush();
        assert_eq!(session.frames_out(), 0);
        session.client(|client| client.is_slow = false);

        assert_eq!(session.write(), Poll::Pending);
        assert_eq!(session.frames_out(), 3);
        assert_eq!(session.member.shared().outbox.abandon(), 0);
    });

    assert_eq!(written, ["a", "b", "c"]);
}

#[test]
fn the_writer_is_woken_for_what_could_not_be_flushed() {
    with_writer(|session| {
        session.client(|client| client.is_slow = true);
        assert!(session.answer("a"));
        session.writing.flush();

        assert!(!session.member.is_next());
    });
}

#[test]
fn a_ping_goes_ahead_of_answers() {
    with_writer(|session| {
        session.member.shared().outbox.ping();

        assert!(!session.answer("a"));
    });
}

#[test]
fn a_closed_outbox_takes_no_answer() {
    with_writer(|session| {
        session.member.shared().outbox.close();
        let answer = session.writing.try_write(&session.member, "a".into());

        assert_eq!(answer, Err("a".into()));
        assert_eq!(session.write(), Poll::Ready(Ok(())));
    });
}

#[test]
fn a_transport_that_takes_no_answer_ends_the_writer() {
    with_writer(|session| {
        session.client(|client| client.is_lost = true);
        assert!(session.answer("a"));
        session.writing.flush();
        assert!(!session.answer("b"));

        let ended = session.write();
        assert_eq!(ended, Poll::Ready(Err(TransportError::Lost)));
        assert_eq!(session.frames_out(), 0);
    });
}

#[test]
fn a_failure_that_is_told_once_ends_the_writer_all_the_same() {
    for has_room in [true, false] {
        with_writer(|session| {
            session.client(|client| match has_room {
                true => client.is_lost = true,
                false => client.failure = Some(TransportError::Lost),
            });
            assert_eq!(session.answer("a"), has_room);
            session.client(|client| client.is_lost = false);
            assert!(!session.answer("b"));
            session.writing.flush();

            let ended = session.write();
            assert_eq!(ended, Poll::Ready(Err(TransportError::Lost)));
        });
    }
}

#[test]
fn a_failure_that_is_told_where_the_writer_is_alone_ends_it() {
    with_writer(|session| {
        session.client(|client| client.failure = Some(TransportError::Lost));
        session.publish("a");
        assert_eq!(session.write_alone(), Poll::Ready(()));

        let ended = session.write();
        assert_eq!(ended, Poll::Ready(Err(TransportError::Lost)));
    });
}

#[test]
fn what_is_published_is_written_by_a_writer_that_is_alone_while_the_connection_is_open() {
    let written = with_writer(|session| {
        session.publish("a");
        assert_eq!(session.write_alone(), Poll::Pending);
        session.publish("b");
        session.member.shared().end(Disconnect::Shutdown);

        assert_eq!(session.write_alone(), Poll::Ready(()));
        assert_eq!(session.frames_out(), 1);
    });

    assert_eq!(written, ["a"]);
}

#[test]
fn more_answers_than_a_batch_has_room_for_wait() {
    with_writer(|session| {
        let past = (0..100).filter(|_| session.answer("a")).count();

        assert_eq!(past, 64);
    });
}

#[tokio::test]
async fn publishers_that_never_pause_leave_other_tasks_their_turn() {
    let written = with_writer(|session| {
        let connection = session.member.shared().clone();
        session.client(|client| client.published_to = Some((connection, 1000)));
        for _ in 0..65 {
            session.publish("first");
        }

        assert_eq!(session.write(), Poll::Pending);
    });

    let batches = written.len() / 64;
    assert!((1..1000).contains(&batches), "{batches} in one turn");
}

#[test]
fn what_a_handler_writes_is_flushed_when_it_waits_and_when_it_ends() {
    let written = with_writer(|session| {
        let mut first = true;
        let handlers = pin!(poll_fn(|cx| {
            session.answer("a");
            cx.waker().wake_by_ref();
            match std::mem::take(&mut first) {
                true => Poll::Pending,
                false => Poll::Ready(()),
            }
        }));
        let mut handlers = pin!(flushed(handlers, &session.writing));

        assert_eq!(handlers.as_mut().now_or_never(), None);
        assert_eq!(session.frames_out(), 1);
        assert_eq!(handlers.as_mut().now_or_never(), Some(()));
    });

    assert_eq!(written, ["a", "a"]);
}
