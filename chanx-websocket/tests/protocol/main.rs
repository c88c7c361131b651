//! RFC 6455 by section, as a client would see it.

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

// By chance.
mod against_tungstenite;
mod duel;
mod pieces;
