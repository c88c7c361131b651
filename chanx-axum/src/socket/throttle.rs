//! A stream of bytes from a peer that may not read its own.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The most that is read from a peer that does not take what is written.
const AHEAD: usize = 64 * 1024;

/// A stream of bytes that is read no further while it cannot be written.
///
/// A WebSocket answers pings as it reads them, and keeps the answers that the
/// peer does not take: one that sends pings and never reads would fill the
/// server's memory.
#[derive(Debug)]
pub(crate) struct Throttled<T> {
    io: T,
    blocked: bool,
    /// Read while blocked, less what was written since.
    ahead: usize,
    /// Whoever waits to read until something has been written.
    reader: Option<Waker>,
}

impl<T> Throttled<T> {
    pub(crate) fn new(io: T) -> Self {
        Self {
            io,
            blocked: false,
            ahead: 0,
            reader: None,
        }
    }

    #[cfg(test)]
    pub(super) fn get_mut(&mut self) -> &mut T {
        &mut self.io
    }

    #[inline(always)]
    fn wrote(&mut self, written: &Poll<io::Result<usize>>) {
        self.blocked = written.is_pending();
        if let Poll::Ready(Ok(bytes)) = written {
            self.ahead = self.ahead.saturating_sub(*bytes);
        }
        if !self.blocked
            && let Some(reader) = self.reader.take()
        {
            reader.wake();
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Throttled<T> {
    #[inline(always)]
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.blocked {
            return Pin::new(&mut self.io).poll_read(cx, buffer);
        }
        if self.ahead >= AHEAD {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buffer);
        self.ahead += buffer.filled().len() - before;
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Throttled<T> {
    #[inline(always)]
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        self.wrote(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(cx, slices);
        self.wrote(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    /// Asked for once everything has been written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.ahead = 0;
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
