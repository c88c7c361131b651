//! The server's side of the WebSocket protocol (RFC 6455), without I/O; with the
//! feature `compression`, permessage-deflate (RFC 7692) too.
//!
//! ```text
//! bytes ──▶ header ─▶ mask ─▶ message ──Received──▶ caller
//!                │               │
//!              ping, close     pieces, until the message is whole
//!                ▼
//! bytes ◀── Output ◀──Frame── caller
//! ```
//!
//! A [`Codec`] is given what has been read from a client whose handshake is
//! done, and hands out messages and control frames. It is given [`Frame`]s to
//! send, and gathers them in an [`Output`] from which the caller writes. What
//! the protocol asks of an endpoint by itself, the answers to pings and to a
//! close frame, it does by itself. When bytes are read and written, and how
//! long anybody waits, is the caller's business.
//!
//! Each rule stands beside the code that keeps it, with its section.
//!
//! ```
//! use chanx_websocket::{Codec, Frame, Received};
//!
//! let mut codec = Codec::new(64 * 1024);
//! let mut read = *b"\x81\x85\x01\x02\x03\x04igohn";
//!
//! let mut input = &mut read[..];
//! while let Some(received) = codec.read(&mut input)? {
//!     if let Received::Text(text) = received {
//!         assert_eq!(&*text, b"hello");
//!         codec.write(Frame::text(text.into_bytes()))?;
//!     }
//! }
//!
//! assert_eq!(codec.take_output(), b"\x81\x05hello"[..]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! | feature | adds | default |
//! | --- | --- | --- |
//! | `compression` | [`Deflate`], [`deflate`](fn@deflate) and [`SharedText`]: permessage-deflate | no |

#![forbid(unsafe_code)]

// A frame, coming in.
mod header;
mod mask;
// The contents of frames.
mod close;
mod message;
mod received;
// A frame, going out.
mod frame;
mod output;
// Both directions.
mod codec;
mod reader;
// The compression between message and frame.
#[cfg(feature = "compression")]
mod deflate;
#[cfg(not(feature = "compression"))]
mod no_deflate;

mod error;

#[cfg(not(feature = "compression"))]
use no_deflate as deflate;

pub use close::Close;
pub use codec::Codec;
#[cfg(feature = "compression")]
pub use deflate::{Deflate, MalformedExtensions, SharedText, Window, deflate};
pub use error::{ReadError, WriteError};
pub use frame::Frame;
pub use header::Opcode;
pub use output::Output;
pub use received::{Payload, Received};
