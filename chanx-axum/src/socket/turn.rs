//! A socket as the protocol sees it for the time of one poll.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use tokio::io::AsyncWrite;

/// What has been read, and a stream that is written until it blocks.
pub(super) struct Turn<'a, 'cx, W> {
    pub(super) io: &'a mut W,
    /// Whom to wake once it no longer blocks; without one, nothing is written.
    pub(super) cx: Option<&'a mut Context<'cx>>,
    /// Somebody else who waits for the same.
    pub(super) also: Option<&'a Waker>,
    pub(super) input: &'a [u8],
    /// Nothing comes after the input.
    pub(super) ended: bool,
    /// Something is left to be written.
    pub(super) blocked: bool,
}

impl<'a, 'cx, W> Turn<'a, 'cx, W> {
    /// For what only writes, and only gathers where nobody could be woken.
    pub(super) fn writing(io: &'a mut W, cx: Option<&'a mut Context<'cx>>) -> Self {
        Self {
            io,
            cx,
            also: None,
            input: &[],
            ended: false,
            blocked: false,
        }
    }
}

impl<W> Read for Turn<'_, '_, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.input.is_empty() && !self.ended {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.input.read(buffer)
    }
}

impl<W: AsyncWrite + Unpin> Turn<'_, '_, W> {
    fn poll<T>(
        &mut self,
        poll: impl FnOnce(Pin<&mut W>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T> {
        let Some(cx) = &mut self.cx else {
            return Err(io::ErrorKind::WouldBlock.into());
        };
        let io = Pin::new(&mut *self.io);
        let polled = match self.also {
            None => poll(io, cx),
            // The stream remembers one waker only.
            Some(also) => {
                let both = Waker::from(Arc::new(Both(cx.waker().clone(), also.clone())));
                poll(io, &mut Context::from_waker(&both))
            }
        };
        match polled {
            Poll::Ready(result) => result,
            Poll::Pending => {
                self.blocked = true;
                Err(io::ErrorKind::WouldBlock.into())
            }
        }
    }
}

impl<W: AsyncWrite + Unpin> Write for Turn<'_, '_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.poll(|io, cx| io.poll_write(cx, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.poll(|io, cx| io.poll_flush(cx))
    }
}

/// Wakes two.
struct Both(Waker, Waker);

impl Wake for Both {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
        self.1.wake_by_ref();
    }
}
