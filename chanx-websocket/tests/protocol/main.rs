//! RFC 6455 and RFC 7692 by section, as a client would see them.

mod client;

// By section.
mod close;
mod control;
mod fragments;
mod header;
mod limits;
mod mask;
mod text;
mod written;
// Of RFC 7692.
#[cfg(feature = "compression")]
mod compressed;
#[cfg(feature = "compression")]
mod negotiation;

// By chance.
mod against_tungstenite;
mod duel;
mod pieces;
