//! A client that offers extensions in words of its own, and sees frames as they are.

use std::net::SocketAddr;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The bytes that end every compressed message and are not sent (RFC 7692 §7.2.1).
const TAIL: &[u8] = &[0x00, 0x00, 0xFF, 0xFF];

pub(crate) struct Client {
    stream: TcpStream,
    /// The status line and the headers that answered the handshake.
    pub(crate) answer: String,
}

/// A frame of the server's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) compressed: bool,
    pub(crate) opcode: u8,
    pub(crate) payload: Vec<u8>,
}

impl Client {
    /// Opens a WebSocket, or is refused: `answer` tells.
    pub(crate) async fn connect(server: SocketAddr, path: &str, extensions: &str) -> Self {
        let mut stream = TcpStream::connect(server).await.expect("a server listens");
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Extensions: {extensions}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.expect("the server answers"));
        }
        let answer = String::from_utf8(answer).expect("headers are text");
        Self { stream, answer }
    }

    /// The extensions that the server has agreed to.
    pub(crate) fn agreed(&self) -> Option<&str> {
        let line = |line: &str| {
            line.to_ascii_lowercase()
                .starts_with("sec-websocket-extensions:")
        };
        let line = self.answer.lines().find(|it| line(it))?;
        line.split_once(':').map(|(_, value)| value.trim())
    }

    /// Sends a text as it is.
    pub(crate) async fn send(&mut self, text: &str) {
        self.send_frame(0x81, text.as_bytes()).await;
    }

    /// Sends a text compressed.
    pub(crate) async fn send_deflated(&mut self, text: &str) {
        self.send_frame(0xC1, &deflate(text.as_bytes())).await;
    }

    async fn send_frame(&mut self, first: u8, payload: &[u8]) {
        let mut frame = vec![first];
        match payload.len() {
            length @ ..126 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 126);
                frame.extend(u16::try_from(length).expect("short enough").to_be_bytes());
            }
        }
        // A mask of zeros changes nothing.
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).await.expect("sent");
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Frame {
        let [first, second] = self.take().await;
        let length = match second {
            126 => usize::from(u16::from_be_bytes(self.take().await)),
            127 => u64::from_be_bytes(self.take().await) as usize,
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await.expect("read");
        Frame {
            compressed: first & 0x40 != 0,
            opcode: first & 0x0F,
            payload,
        }
    }

    async fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).await.expect("read");
        bytes
    }
}

impl Frame {
    /// The text that it carries, decompressed.
    pub(crate) fn text(&self) -> String {
        assert_eq!(self.opcode, 1, "{self:?}");
        let payload = match self.compressed {
            true => inflate(&self.payload),
            false => self.payload.clone(),
        };
        String::from_utf8(payload).expect("text is UTF-8")
    }

    /// The code that it closes with.
    pub(crate) fn close_code(&self) -> u16 {
        assert_eq!(self.opcode, 8, "{self:?}");
        u16::from_be_bytes([self.payload[0], self.payload[1]])
    }
}

fn deflate(message: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut output = Vec::with_capacity(message.len() + 100);
    let deflated = compress.compress_vec(message, &mut output, FlushCompress::Sync);
    deflated.expect("it is compressed");
    output.truncate(output.len() - TAIL.len());
    output
}

fn inflate(payload: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(1 << 20);
    let whole = [payload, TAIL].concat();
    let inflated =
        Decompress::new(false).decompress_vec(&whole, &mut output, FlushDecompress::Sync);
    inflated.expect("it is decompressed");
    output
}
