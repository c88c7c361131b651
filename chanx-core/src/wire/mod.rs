//! The wire format: bytes on one side, envelopes and typed payloads on the other.
//!
//! ```text
//! frame ─▶ Inbound::decode ─┬─▶ action, ref, topic
//!                           └─▶ Payload::decode ─▶ message
//!              │ FrameError         │ InvalidPayload
//!              └────────┬───────────┘
//!                  ErrorPayload ─▶ error_frame ─▶ frame
//!
//! message ─▶ Encoder::message ─▶ frame
//! ```
//!
//! A frame is split once, and its payload goes straight into its type. Only
//! when that fails is it read a second time, slowly, to say where and why.
//! One that looks as most do, an action and a payload and no more, is not even
//! split: a session reads it as that, and splits it where it proves to be
//! something else.
//!
//! Applications need little of it: [`Violation`] for a message that checks
//! itself, [`ErrorPayload`] to render errors, [`Payload`] for events that come
//! as JSON. The rest is for adapters, and for clients written in Rust.

// The frames of a transport.
mod frame;
mod shared_text;

// Foreign text in the log.
mod foreign;
mod logged;

// From bytes to a payload.
mod correlation;
mod explain;
mod guess;
mod heading;
mod inbound;
mod known_schemas;
mod payload;
mod scan;
mod split;
mod strict;

// Mistakes in it.
mod error;
mod kind;
#[cfg(feature = "garde")]
mod rules;
mod summary;
mod violation;

// From a message to bytes.
mod authentication;
mod body;
mod encoder;
mod envelope;
mod finite;
mod head;
pub(crate) mod page;
mod protocol;

pub use authentication::authentication_frame;
pub use body::Body;
pub use correlation::Correlation;
pub use encoder::{EncodeError, Encoder};
pub use envelope::Envelope;
pub use error::ErrorPayload;
pub(crate) use explain::text_of_member;
pub use foreign::Foreign;
pub use frame::{CloseFrame, Frame};
pub(crate) use guess::{Beginning, Guess};
pub(crate) use head::Head;
pub(crate) use heading::{Cut, Heading};
pub use inbound::{FrameError, Inbound};
pub(crate) use logged::Logged;
pub use payload::{InvalidPayload, Payload};
pub(crate) use protocol::{
    COMPLETE, Unsubscribed, error_frame_within, event_complete_frame, group_complete_frame,
    is_group_complete, lagged_frame, subscribed_frame, unsubscribed_frame, unsubscribed_reply,
};
pub use protocol::{EVENT_COMPLETE, GROUP_COMPLETE, complete_frame, error_frame};
#[cfg(feature = "garde")]
pub use rules::{Broken, HasRules, garde_validate};
pub use shared_text::SharedText;
pub(crate) use shared_text::Text;
pub use violation::{Location, Violation};

#[cfg(test)]
mod tests;
