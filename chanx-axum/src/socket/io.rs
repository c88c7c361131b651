//! The bytes below a WebSocket, and no layer more than needed.

use std::{
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::{rt::TokioIo, server::conn::auto::upgrade::downcast};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// The stream of a connection's bytes once HTTP is done with it.
#[derive(Debug)]
pub enum Io {
    /// The stream of a listener that `axum::serve` listens on.
    Tcp(TcpStream),
    /// TLS, a Unix socket, a test's pipe: through hyper's own layers.
    Other(TokioIo<Upgraded>),
}

impl Io {
    /// The stream itself where it is TCP, and what HTTP has read of it already.
    ///
    /// That is copied: even if it is nothing, it is a slice of HTTP's buffer,
    /// and would keep all of that for as long as it is kept.
    pub(crate) fn from_upgraded(upgraded: Upgraded) -> (Self, Bytes) {
        match downcast::<TokioIo<TcpStream>>(upgraded) {
            Ok(parts) => {
                let unread = Bytes::copy_from_slice(&parts.read_buf);
                (Self::Tcp(parts.io.into_inner()), unread)
            }
            Err(upgraded) => (Self::Other(TokioIo::new(upgraded)), Bytes::new()),
        }
    }
}

impl AsyncRead for Io {
    #[inline(always)]
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Other(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

/// TCP is tried without a waker first, because most writes succeed. tokio's `poll_write` also
/// counts against the budget of the task, which costs as much as the write; the session
/// counts its batches itself.
impl AsyncWrite for Io {
    #[inline(always)]
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => match stream.try_write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    Pin::new(stream).poll_write(cx, bytes)
                }
                written => Poll::Ready(written),
            },
            Self::Other(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => match stream.try_write_vectored(slices) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    Pin::new(stream).poll_write_vectored(cx, slices)
                }
                written => Poll::Ready(written),
            },
            Self::Other(stream) => Pin::new(stream).poll_write_vectored(cx, slices),
        }
    }

    /// TLS may say that it gathers and write the first slice alone.
    fn is_write_vectored(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Other(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Other(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
