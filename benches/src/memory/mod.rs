//! Clients in memory: sessions as a server runs them, without a socket.
//!
//! ```text
//! Loopback ──frame──▶ session ─▶ handler ─▶ session ──frame──▶ Loopback, which asks again
//! Crowd    ──broadcast──▶ layer ─▶ sessions ──frame──▶ Swallow, which counts
//! ```

mod consumers;
mod crowd;
mod loopback;
mod swallow;

pub use consumers::{
    Churn, ECHO, ECHO_ON_A_TOPIC, Echo, EchoMessage, Guarded, Hub, Member, News, SUBSCRIBE,
};
pub use crowd::Crowd;
pub use loopback::{Loopback, exchange};
pub use swallow::Swallow;
