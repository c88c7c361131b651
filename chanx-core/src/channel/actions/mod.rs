//! Compile-time checks of a channel's actions: each belongs to one handler,
//! and none is the framework's own.

mod taken;
mod text;

pub use taken::{Taken, assert_part_free, taken};

use self::text::Text;
use crate::{event::HandledBy, message::ReceivedBy};

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

/// The actions that one handler, or one variant of an enum, takes.
#[derive(Debug, Clone, Copy)]
pub struct Handled {
    /// The name of the method or variant.
    handler: &'static str,
    /// Its actions.
    actions: &'static [&'static str],
}

impl Handled {
    /// The actions that the method or variant of this name takes.
    #[must_use]
    pub const fn new(handler: &'static str, actions: &'static [&'static str]) -> Self {
        Self { handler, actions }
    }
}

/// The actions of messages that a handler of `C` takes.
#[must_use]
pub const fn received<C, M: ReceivedBy<C>>() -> &'static [&'static str] {
    M::ACTIONS
}

/// The actions of events that a handler of `C` takes.
#[must_use]
pub const fn handled<C, E: HandledBy<C>>() -> &'static [&'static str] {
    E::ACTIONS
}

/// Refuses actions of `handler` that are the framework's own, or that a
/// handler before it in the list takes.
///
/// # Panics
///
/// While compiling, naming the action and both handlers.
#[track_caller]
pub const fn assert_free(handled: &[Handled], handler: &str) {
    let mut index = 0;
    while index < handled.len() {
        let (earlier, later) = handled.split_at(index);
        if equal(later[0].handler, handler) {
            assert_none_reserved(&later[0]);
            assert_none_taken(&later[0], earlier);
        }
        index += 1;
    }
}

#[track_caller]
const fn assert_none_reserved(handled: &Handled) {
    let mut index = 0;
    while index < handled.actions.len() {
        let action = handled.actions[index];
        if contains(RESERVED, action) {
            Text::new()
                .with("action `")
                .with(action)
                .with("` is reserved by chanx; choose another for the message of `")
                .with(handled.handler)
                .with("`")
                .panic();
        }
        index += 1;
    }
}

#[track_caller]
const fn assert_none_taken(handled: &Handled, earlier: &[Handled]) {
    let mut index = 0;
    while index < earlier.len() {
        if let Some(action) = common(earlier[index].actions, handled.actions) {
            let text = Text::new().with("action `").with(action);
            if equal(earlier[index].handler, handled.handler) {
                text.with("` is taken twice by `")
                    .with(handled.handler)
                    .with("`, whose part is included twice")
                    .panic();
            }
            text.with("` is taken by both `")
                .with(earlier[index].handler)
                .with("` and `")
                .with(handled.handler)
                .with("`")
                .panic();
        }
        index += 1;
    }
}

const fn common<'a>(one: &[&str], other: &[&'a str]) -> Option<&'a str> {
    let mut index = 0;
    while index < other.len() {
        if contains(one, other[index]) {
            return Some(other[index]);
        }
        index += 1;
    }
    None
}

pub(crate) const fn contains(actions: &[&str], action: &str) -> bool {
    let mut index = 0;
    while index < actions.len() {
        if equal(actions[index], action) {
            return true;
        }
        index += 1;
    }
    false
}

const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Handled, assert_free};

    const CHAT: Handled = Handled::new("chat", &["say", "chat"]);

    #[test]
    fn actions_of_their_own_are_free() {
        let shout = Handled::new("shout", &["shout"]);

        assert_free(&[CHAT, shout], "chat");
        assert_free(&[CHAT, shout], "shout");
    }

    #[test]
    #[should_panic(expected = "action `chat` is taken by both `chat` and `shout`")]
    fn an_action_that_an_earlier_handler_takes_is_refused() {
        let shout = Handled::new("shout", &["shout", "chat"]);

        assert_free(&[CHAT, shout], "shout");
    }

    #[test]
    #[should_panic(expected = "action `error` is reserved by chanx")]
    fn an_action_of_the_framework_is_refused() {
        let fail = Handled::new("fail", &["error"]);

        assert_free(&[CHAT, fail], "fail");
    }
}
