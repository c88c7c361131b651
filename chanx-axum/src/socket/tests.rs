//! Sockets over a stream that says when it can be read and written.

use std::{
    io::{self, IoSlice},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake},
};

use bytes::Bytes;
use chanx_core::{ChannelOptions, Transport, wire::Frame};
use futures_util::{SinkExt, StreamExt};
use tokio::{io::ReadBuf, task::yield_now, time::advance};

use super::{writing::WRITE_BUFFER, *};

/// One waker for reading and one for writing, as TCP has them.
#[derive(Default)]
struct Stream {
    input: Vec<u8>,
    output: Vec<u8>,
    writable: bool,
    /// It gathers, and takes as many bytes at once.
    takes: Option<usize>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Stream {
    fn become_writable(&mut self) {
        self.writable = true;
        self.writer.take().expect("somebody waits to write").wake();
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.input.is_empty() {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        buffer.put_slice(&mem::take(&mut self.input));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.writable {
            self.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        self.output.extend(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let most = self.takes.expect("only who gathers is asked to");
        let before = self.output.len();
        let bytes = slices.iter().flat_map(|slice| slice.iter().copied());
        self.output.extend(bytes.take(most));
        Poll::Ready(Ok(self.output.len() - before))
    }

    fn is_write_vectored(&self) -> bool {
        self.takes.is_some()
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A part of a session, which notes that it was woken.
#[derive(Default)]
struct Part(AtomicBool);

impl Part {
    fn was_woken(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Part {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn part() -> (Arc<Part>, Waker) {
    let part = Arc::new(Part::default());
    (part.clone(), part.into())
}

/// Frames as a client sends them, masked with zeros.
fn frames(frames: &[(u8, &str)]) -> Vec<u8> {
    let frame = |(first, payload): &(u8, &str)| {
        let length = u8::try_from(payload.len()).expect("a short payload");
        [&[*first, 0x80 | length, 0, 0, 0, 0], payload.as_bytes()].concat()
    };
    frames.iter().flat_map(frame).collect()
}

fn socket(input: Vec<u8>) -> Socket<Stream> {
    let stream = Stream {
        input,
        ..Stream::default()
    };
    let options = ChannelOptions::default()
        .max_message_size(64 * 1024)
        .read_buffer_size(4096);
    Socket::new(stream, options.socket().sizes)
}

fn text(text: &'static str) -> Frame {
    Frame::Text(Bytes::from_static(text.as_bytes()))
}

#[test]
fn frames_that_come_together_are_all_read() {
    let long = "l".repeat(100);
    let sent: Vec<_> = (0..50).map(|_| (0x81, &*long)).collect();
    let mut socket = socket(frames(&sent)[..4096].to_vec());
    let (_, waker) = part();
    let cx = &mut Context::from_waker(&waker);

    let mut read = 0;
    while let Poll::Ready(frame) = socket.poll_next_unpin(cx) {
        assert_eq!(frame, Some(Ok(Frame::Text(Bytes::from(long.clone())))));
        read += 1;
    }

    assert_eq!(read, 4096 / 106);
}

#[test]
fn text_is_shown_where_it_stands_and_taken_or_not() {
    let sent = [
        (0x81, "taken"),
        (0x82, "bytes"),
        (0x81, "left"),
        (0x89, "now"),
        (0x81, "taken"),
    ];
    let mut socket = socket(frames(&sent));
    let (_, waker) = part();
    let cx = &mut Context::from_waker(&waker);

    let mut shown = Vec::new();
    let mut take = |text: &[u8]| {
        shown.push(text.to_vec());
        text == b"taken"
    };
    let read = sent.map(|_| Pin::new(&mut socket).poll_take(&mut take, cx));

    let bytes = Bytes::from_static;
    let frames = [
        None,
        Some(Frame::Binary(bytes(b"bytes"))),
        Some(text("left")),
        Some(Frame::Ping(bytes(b"now"))),
        None,
    ];
    assert_eq!(read, frames.map(|frame| Poll::Ready(Ok(frame))));
    assert_eq!(shown, [b"taken".as_slice(), b"left", b"taken"]);
}

#[test]
fn one_may_be_read_while_the_text_of_another_is_shown() {
    let mut outer = socket(frames(&[(0x81, "outer")]));
    let mut inner = socket(frames(&[(0x81, "inner")]));
    let (_, waker) = part();

    let mut read = None;
    let mut take = |shown: &[u8]| {
        read = Some(inner.poll_next_unpin(&mut Context::from_waker(&waker)));
        shown == b"outer"
    };
    let taken = Pin::new(&mut outer).poll_take(&mut take, &mut Context::from_waker(&waker));

    assert_eq!(taken, Poll::Ready(Ok(None)));
    assert_eq!(read, Some(Poll::Ready(Some(Ok(text("inner"))))));
}

#[test]
fn a_panic_over_text_leaves_the_thread_its_chunk() {
    let (_, waker) = part();
    let cx = &mut Context::from_waker(&waker);
    let mut first = socket(frames(&[(0x81, "one")]));
    let mut panics = |_: &[u8]| -> bool { panic!("as asked for") };
    let read = || Pin::new(&mut first).poll_take(&mut panics, cx);
    assert!(catch_unwind(AssertUnwindSafe(read)).is_err());

    let mut second = socket(frames(&[(0x81, "two")]));
    assert_eq!(
        second.poll_next_unpin(cx),
        Poll::Ready(Some(Ok(text("two"))))
    );
}

#[test]
fn a_pong_that_could_not_be_written_is_written_when_it_can_be() {
    let mut socket = socket(frames(&[(0x89, "now")]));
    let (reader, waker) = part();
    let cx = &mut Context::from_waker(&waker);
    assert!(socket.poll_next_unpin(cx).is_ready());
    assert!(socket.poll_next_unpin(cx).is_pending());

    socket.io.get_mut().become_writable();
    assert!(reader.was_woken());
    assert!(socket.poll_next_unpin(cx).is_pending());

    assert_eq!(socket.io.get_mut().output, b"\x8a\x03now");
}

#[test]
fn whoever_waits_to_write_is_woken_though_the_reader_waits_for_the_same() {
    let mut socket = socket(Vec::new());
    let (writer, writing) = part();
    let (reader, reading) = part();
    socket.start_send_unpin(text("one")).expect("it is kept");
    let flushed = socket.poll_flush_unpin(&mut Context::from_waker(&writing));
    assert!(flushed.is_pending());
    socket.io.get_mut().input = frames(&[(0x89, "")]);
    let cx = &mut Context::from_waker(&reading);
    assert!(socket.poll_next_unpin(cx).is_ready());
    assert!(socket.poll_next_unpin(cx).is_pending());

    socket.io.get_mut().become_writable();

    assert!(writer.was_woken() && reader.was_woken());
}

#[test]
fn a_batch_larger_than_the_buffer_waits_and_arrives_in_order() {
    let mut socket = socket(Vec::new());
    let (writer, waker) = part();
    let cx = &mut Context::from_waker(&waker);
    let large = Bytes::from(vec![b'l'; WRITE_BUFFER]);
    for frame in [Frame::Text(large.clone()), text("after")] {
        socket.start_send_unpin(frame).expect("it is kept");
    }
    assert!(socket.poll_ready_unpin(cx).is_pending());

    socket.io.get_mut().become_writable();
    assert!(writer.was_woken());
    assert_eq!(socket.poll_flush_unpin(cx), Poll::Ready(Ok(())));

    let output = &socket.io.get_mut().output;
    assert!(output.ends_with(b"l\x81\x05after"));
    assert_eq!(output.len(), 4 + WRITE_BUFFER + 2 + 5);
}

#[test]
fn a_stream_that_takes_a_part_of_what_is_gathered_gets_the_rest_in_order() {
    let large = |fill: u8| Bytes::from(vec![fill; 5000]);
    let sent = [
        Frame::Text(large(b'a')),
        text("b"),
        Frame::Binary(large(b'c')),
    ];
    let expected = [
        b"\x81\x7e\x13\x88",
        &*large(b'a'),
        b"\x81\x01b",
        b"\x82\x7e\x13\x88",
        &*large(b'c'),
    ];
    // Within a header, at its end, within a payload, and beyond a frame.
    for takes in (1..=8).chain([4999, 5004, 5005, 5007, 5011, 10_010]) {
        let mut socket = socket(Vec::new());
        let stream = socket.io.get_mut();
        (stream.takes, stream.writable) = (Some(takes), true);
        let (_, waker) = part();
        for frame in sent.clone() {
            socket.start_send_unpin(frame).expect("it is kept");
        }

        let flushed = socket.poll_flush_unpin(&mut Context::from_waker(&waker));

        assert_eq!(flushed, Poll::Ready(Ok(())));
        assert!(socket.io.get_mut().output == expected.concat(), "{takes}");
    }
}

/// A peer that sends without end, through a stream that never has its reader give way.
struct Endless;

impl AsyncRead for Endless {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        buffer.put_slice(b"more");
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Endless {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_sends_without_end_is_let_go() {
    let socket = Socket::new(Endless, ChannelOptions::default().socket().sizes);
    let lingering = tokio::spawn(Box::new(socket).linger());
    yield_now().await;

    advance(LINGER).await;

    assert!(lingering.await.is_ok());
}
