//! What is written together: each write is a system call.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use chanx::ChannelOptions;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};

use crate::support::{Server, open, serve};

/// A stream that counts how often it is written to.
struct Counted {
    stream: DuplexStream,
    writes: Arc<AtomicUsize>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_one_write_with_what_completes_it() {
    let server = Server::with(ChannelOptions::default().completion_frames(true));
    let (client, stream) = duplex(64 * 1024);
    let writes = Arc::new(AtomicUsize::new(0));
    let counted = Counted {
        stream,
        writes: writes.clone(),
    };
    serve(
        server.app.clone(),
        counted,
        |response| async move { response },
    );
    let mut client = open(client, "calm").await;
    for _ in 0..2 {
        let before = writes.load(Ordering::Relaxed);

        client.send("echo", json!({"text": "hello"})).await;
        assert_eq!(client.message().await["action"], "echo");
        assert_eq!(client.message().await["action"], "complete");

        assert_eq!(writes.load(Ordering::Relaxed) - before, 1);
    }
}
