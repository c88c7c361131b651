//! permessage-deflate (RFC 7692), without context takeover.
//!
//! ```text
//! offers ──▶ negotiate ─▶ Deflate ──answer──▶ client
//!
//! message ─▶ deflate ─▶ the same bytes to all whose window is as large
//! frames ─▶ inflate ─▶ message
//! ```
//!
//! Each message is compressed by itself (§7.1.1): a connection keeps no window,
//! which would be hundreds of kilobytes, and what was compressed for one
//! client serves all. What compressing and decompressing need meanwhile, each
//! thread has once.

// The agreement.
mod negotiate;
mod offer;
// The work on messages.
mod compress;
mod inflate;
mod shared;

pub use compress::deflate;
pub use negotiate::{Deflate, MalformedExtensions, Window};
pub use shared::SharedText;

pub(crate) use inflate::inflate;

/// The bytes that are left out behind each message, and put back (§7.2.1, §7.2.2): the
/// end of an empty block without compression.
const TAIL: [u8; 4] = [0x00, 0x00, 0xFF, 0xFF];
