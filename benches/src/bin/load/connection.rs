//! One WebSocket, as cheaply as a client can hold it.

use std::{io, net::Ipv4Addr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use crate::frame::{self, Counter};

/// Enough for a batch of messages, and for the head of any response.
const BUFFER: usize = 4096;

/// An open connection; its halves may go to two tasks.
pub(crate) struct Connection {
    pub(crate) reader: Reader,
    pub(crate) writer: OwnedWriteHalf,
}

/// Counts what arrives.
pub(crate) struct Reader {
    stream: OwnedReadHalf,
    buffer: Box<[u8]>,
    counter: Counter,
    /// Messages that came right behind the handshake.
    early: u64,
}

impl Connection {
    /// Connects and waits for the server to agree to the upgrade.
    pub(crate) async fn open(port: u16, path: &str) -> io::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.set_nodelay(true)?;
        let (stream, mut writer) = stream.into_split();
        writer
            .write_all(upgrade_request(port, path).as_bytes())
            .await?;

        let mut reader = Reader {
            stream,
            buffer: vec![0; BUFFER].into(),
            counter: Counter::default(),
            early: 0,
        };
        reader.upgraded().await?;
        Ok(Self { reader, writer })
    }

    /// One after the other, so that no accept queue overflows.
    pub(crate) async fn open_many(port: u16, path: &str, count: u64) -> io::Result<Vec<Self>> {
        let mut connections = Vec::new();
        for _ in 0..count {
            connections.push(Self::open(port, path).await?);
        }
        Ok(connections)
    }

    /// Sends a message and gives back the text of the next one.
    pub(crate) async fn ask(&mut self, message: &[u8]) -> io::Result<String> {
        self.writer.write_all(message).await?;
        self.reader.receive_text().await
    }

    /// Closes in good order: a close frame, the server's, the end of the stream.
    pub(crate) async fn close(mut self) -> io::Result<()> {
        self.writer.write_all(&frame::close()).await?;
        while self.reader.read().await? > 0 {}
        Ok(())
    }
}

impl Reader {
    /// Waits for messages and says how many there were.
    pub(crate) async fn receive(&mut self) -> io::Result<u64> {
        let mut messages = std::mem::take(&mut self.early);
        while messages == 0 {
            let len = self.read_some().await?;
            messages = self.counter.count(&self.buffer[..len])?;
        }
        Ok(messages)
    }

    async fn receive_text(&mut self) -> io::Result<String> {
        let mut bytes = Vec::new();
        let mut messages = 0;
        while messages == 0 {
            let len = self.read_some().await?;
            messages = self.counter.count(&self.buffer[..len])?;
            bytes.extend_from_slice(&self.buffer[..len]);
        }
        let text = bytes.split_off(frame::header_len(bytes[1]));
        String::from_utf8(text).map_err(io::Error::other)
    }

    async fn upgraded(&mut self) -> io::Result<()> {
        const END: &[u8] = b"\r\n\r\n";
        let mut head = Vec::new();
        let end = loop {
            let len = self.read_some().await?;
            head.extend_from_slice(&self.buffer[..len]);
            if let Some(at) = head.windows(END.len()).position(|window| window == END) {
                break at + END.len();
            }
        };
        if !head.starts_with(b"HTTP/1.1 101 ") {
            let head = String::from_utf8_lossy(&head);
            return Err(io::Error::other(format!(
                "refused: {}",
                head.lines().next().unwrap_or_default()
            )));
        }
        self.early = self.counter.count(&head[end..])?;
        Ok(())
    }

    async fn read_some(&mut self) -> io::Result<usize> {
        match self.read().await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            len => Ok(len),
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        self.stream.read(&mut self.buffer).await
    }
}

/// The key is RFC 6455's sample: what the server makes of it is not checked.
fn upgrade_request(port: u16, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\n\
         Host: 127.0.0.1:{port}\r\n\
         Origin: http://127.0.0.1:{port}\r\n\
         Connection: Upgrade\r\n\
         Upgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}
