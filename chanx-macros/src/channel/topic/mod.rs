//! `#[topic("room:{room}")]`: a method that admits to a subscription.

pub(super) mod check;
pub(super) mod expand;
pub(super) mod parse;
mod pattern;
