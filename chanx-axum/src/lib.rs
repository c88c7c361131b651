//! chanx channels as routes of an axum application.
//!
//! ```text
//! request ─▶ upgrade headers ─▶ origin ─▶ limits ─▶ extractors ─▶ connect ─▶ 101 ─▶ session
//! ```
//!
//! Applications depend on the facade crate, `chanx`, which re-exports this one.

// What an application names.
mod broadcaster;
mod channels;
mod control;
#[cfg(feature = "asyncapi")]
mod docs;
mod extract;
// From a request to a session.
mod admission;
mod gate;
mod origin;
mod rejection;
mod socket;
mod test_connection;
mod upgrade;

#[doc(hidden)]
pub mod __private {
    //! What the project's own test tools may name, and nobody else.

    pub use crate::{
        socket::{Io, Socket, SocketConfig},
        test_connection::TestConnection,
    };
}

pub use broadcaster::{Addressed, Broadcaster, HasLayer};
pub use channels::Channels;
pub use control::{Control, Stats};
#[cfg(feature = "asyncapi")]
pub use docs::Docs;
pub use extract::Bearer;
