//! Clients: one that knows the protocol, and one that only knows bytes.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Error, Message, protocol::Role},
};

/// The request of a client that wants to be upgraded.
pub(crate) fn request(mode: &str) -> String {
    format!(
        "GET /lab/{mode}?token=secret-token HTTP/1.1\r\nHost: lab\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Authorization: Bearer secret-bearer\r\n\r\n"
    )
}

/// Upgrades a stream of bytes, sending some more behind the request.
async fn shake_hands(
    io: &mut (impl AsyncRead + AsyncWrite + Unpin),
    mode: &str,
    behind: &[u8],
) -> String {
    let request = [request(mode).as_bytes(), behind].concat();
    io.write_all(&request).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match io.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// A client that keeps to the protocol, over any stream of bytes.
pub(crate) async fn open<T>(mut io: T, mode: &str) -> Client<T>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let head = shake_hands(&mut io, mode, b"").await;
    assert!(head.starts_with("HTTP/1.1 101"), "refused: {head}");
    Client(WebSocketStream::from_raw_socket(io, Role::Client, None).await)
}

/// A client that only knows bytes.
pub(crate) async fn raw<T: AsyncRead + AsyncWrite + Unpin>(io: T, mode: &str) -> Raw<T> {
    raw_at_once(io, mode, b"").await
}

/// The same, with the first bytes sent along with the handshake.
pub(crate) async fn raw_at_once<T>(mut io: T, mode: &str, first: &[u8]) -> Raw<T>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let head = shake_hands(&mut io, mode, first).await;
    Raw { io, head }
}

pub(crate) struct Client<T>(pub(crate) WebSocketStream<T>);

impl<T: AsyncRead + AsyncWrite + Unpin> Client<T> {
    /// Sends a message: its action and its payload.
    pub(crate) async fn send(&mut self, action: &str, payload: Value) {
        let message = serde_json::json!({ "action": action, "payload": payload });
        self.send_json(message).await;
    }

    /// Sends a message as it is.
    pub(crate) async fn send_json(&mut self, message: Value) {
        self.0
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    /// The next frame of any kind; `None` at the end.
    pub(crate) async fn frame(&mut self) -> Option<Message> {
        match self.0.next().await {
            Some(Ok(frame)) => Some(frame),
            Some(Err(Error::Protocol(_) | Error::Io(_))) | None => None,
            Some(Err(error)) => panic!("a server breaks the protocol: {error}"),
        }
    }

    /// The next message.
    pub(crate) async fn message(&mut self) -> Value {
        loop {
            match self.frame().await.expect("the connection is open") {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not a message: {other:?}"),
            }
        }
    }

    /// The code that the server closes with, forgetting what comes before;
    /// 1006 where it does not say.
    pub(crate) async fn closed(&mut self) -> u16 {
        let mut code = 1006;
        while let Some(frame) = self.frame().await {
            if let Message::Close(close) = frame {
                code = close.map_or(1005, |close| close.code.into());
            }
        }
        code
    }
}

pub(crate) struct Raw<T> {
    pub(crate) io: T,
    /// The response to the handshake.
    pub(crate) head: String,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Raw<T> {
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.io.write_all(bytes).await.unwrap();
    }

    /// The next frame: opcode and payload; `None` at the end.
    pub(crate) async fn read(&mut self) -> Option<(u8, Vec<u8>)> {
        let opcode = self.io.read_u8().await.ok()? & 0x0F;
        let length = match self.io.read_u8().await.ok()? {
            126 => u64::from(self.io.read_u16().await.ok()?),
            127 => self.io.read_u64().await.ok()?,
            length => u64::from(length),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.io.read_exact(&mut payload).await.ok()?;
        Some((opcode, payload))
    }

    /// The code of the next close frame, forgetting what comes before.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        loop {
            let (opcode, payload) = self.read().await?;
            if opcode == 8 {
                return Some(
                    payload
                        .first_chunk()
                        .map_or(1005, |code| u16::from_be_bytes(*code)),
                );
            }
        }
    }
}

/// A frame as a client sends it; the first byte is flags and opcode.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    frame(first, 0x80, payload)
}

/// A frame, masked with zeros where the flag says so.
pub(crate) fn frame(first: u8, mask: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()) {
        Ok(short @ 0..126) => frame.push(mask | u8::try_from(short).unwrap()),
        Ok(long) => {
            frame.push(mask | 126);
            frame.extend(long.to_be_bytes());
        }
        Err(_) => {
            frame.push(mask | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    if mask != 0 {
        frame.extend([0; 4]);
    }
    frame.extend(payload);
    frame
}
