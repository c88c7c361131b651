//! Compile-time checks of a channel's actions.

/// The framework's own actions, which no message may take.
pub const RESERVED: &[&str] = &[
    "error",
    "complete",
    "group_complete",
    "event_complete",
    "authentication",
    "subscribe",
    "subscribed",
    "unsubscribe",
    "unsubscribed",
];

/// The actions that one handler takes.
#[derive(Debug, Clone, Copy)]
pub struct Handled {
    /// The method's name.
    pub handler: &'static str,
    /// Its actions.
    pub actions: &'static [&'static str],
}
