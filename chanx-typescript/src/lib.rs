//! TypeScript clients of an application's channels.
//!
//! ```text
//! #[channel] ─▶ Protocol ─▶ types: schemas ─▶ TypeScript ─┐
//!                  │                                      ├─▶ Client: client.ts, or client.js and client.d.ts
//!                  └─▶ client: channels, their actions ───┤
//! assets/runtime: what connects, the same for all ────────┘
//! ```
//!
//! A client is one file without dependencies, in strict TypeScript for ES2022:
//! the types of all messages, and code that connects, connects again, sends,
//! asks and listens. It runs in browsers, Node 22 and later, Deno and Bun, which
//! need no build step for it. The same channels give the same bytes.
//!
//! `Channels::typescript_client` makes one of what is served. Without axum,
//! [`Client::of`] makes it from a [`Protocol`](chanx_core::describe::Protocol),
//! which may have been written to a file by the application.
//!
//! # Types
//!
//! | Rust, as serde writes it | TypeScript |
//! | --- | --- |
//! | integers and floats of all widths | `number`, which is exact up to 2⁵³ |
//! | `String`, dates, times, `Uuid`, `Url` | `string` |
//! | `Option<T>` | `T \| null` |
//! | what may be left out of what is sent to the server | `key?: T` |
//! | the same, in what the server always writes | `key: T` |
//! | `Vec<T>`, sets | `T[]` |
//! | tuples, arrays of up to eight | `[A, B]` |
//! | maps | `Record<string, T>`, `Record<number, T>` by integers, `{ key?: T }` by plain enums |
//! | enums, in all four representations | a union |
//! | `serde_json::Value` | `JsonValue` |
//!
//! A named type that is read otherwise than it is written is there twice: under
//! its name as the server writes it, and with `Input` behind it as the server
//! reads it. A name that TypeScript or the client needs, or that two types
//! have, gets a number.
//!
//! An identifier beyond 2⁵³ loses digits in JavaScript, whatever its type is called:
//! send it as a string.
//!
//! # Examples
//!
//! ```
//! use chanx::{
//!     Connect, Consumer, Ping, Pong, channel,
//!     describe::{ChannelDescription, Documented, Protocol},
//!     typescript::Client,
//! };
//!
//! #[derive(Default, Connect, Consumer)]
//! struct Echo;
//!
//! #[channel(name = "echo")]
//! impl Echo {
//!     #[ws_handler]
//!     async fn ping(&mut self, _: Ping) -> Pong {
//!         Pong
//!     }
//! }
//!
//! let echo = Documented::new("/ws/echo", ChannelDescription::of::<Echo>());
//! let client = Client::of(&Protocol::of_each_way(&[echo]));
//!
//! assert!(client.typescript().contains("export type EchoChannel = {"));
//! ```

// What is told of each type.
mod comment;
mod names;
mod types;
// What is told of each channel.
mod channel;
mod path;
// What is written.
mod client;
mod runtime;

pub use client::Client;
