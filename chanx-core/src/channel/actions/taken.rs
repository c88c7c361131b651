//! The actions that parts take, and the parts in them.

use super::{Handled, assert_none_taken};
use crate::channel::PartOf;

/// The actions that a block takes, with those of its parts.
#[derive(Debug)]
pub struct Taken {
    messages: &'static [Handled],
    events: &'static [Handled],
    parts: &'static [&'static Self],
}

impl Taken {
    /// The actions of clients' messages and of events that the handlers of a block
    /// take, and those that its parts take.
    #[must_use]
    pub const fn new(
        messages: &'static [Handled],
        events: &'static [Handled],
        parts: &'static [&'static Self],
    ) -> Self {
        Self {
            messages,
            events,
            parts,
        }
    }
}

/// The actions that a part of `C` takes.
#[must_use]
pub const fn taken<C, P: PartOf<C>>() -> &'static Taken {
    P::TAKEN
}

/// Refuses a part that takes an action of anything `earlier`.
///
/// # Panics
///
/// While compiling, naming the action and both handlers.
#[track_caller]
pub const fn assert_part_free(earlier: &[&Taken], part: &Taken) {
    let mut index = 0;
    while index < earlier.len() {
        assert_apart(earlier[index], part);
        index += 1;
    }
}

#[track_caller]
const fn assert_apart(earlier: &Taken, part: &Taken) {
    assert_own_free(earlier, part);
    let mut index = 0;
    while index < part.parts.len() {
        assert_apart(earlier, part.parts[index]);
        index += 1;
    }
}

/// Refuses what a part takes itself.
#[track_caller]
const fn assert_own_free(earlier: &Taken, part: &Taken) {
    assert_each_free(earlier.messages, part.messages);
    assert_each_free(earlier.events, part.events);
    let mut index = 0;
    while index < earlier.parts.len() {
        assert_own_free(earlier.parts[index], part);
        index += 1;
    }
}

#[track_caller]
const fn assert_each_free(earlier: &[Handled], handlers: &[Handled]) {
    let mut index = 0;
    while index < handlers.len() {
        assert_none_taken(&handlers[index], earlier);
        index += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Handled, Taken, assert_part_free};

    const ROOM: Taken = Taken::new(&[Handled::new("Room::chat", &["chat"])], &[], &[]);
    const INNER: Taken = Taken::new(&[Handled::new("Inner::deep", &["deep"])], &[], &[]);
    const OUTER: Taken = Taken::new(&[Handled::new("Outer::ping", &["ping"])], &[], &[&INNER]);
    const TYPING: Taken = Taken::new(&[Handled::new("Typing::typing", &["deep"])], &[], &[]);

    #[test]
    fn parts_with_actions_of_their_own_are_free() {
        assert_part_free(&[&ROOM], &OUTER);
        assert_part_free(&[], &INNER);
    }

    #[test]
    fn a_message_and_an_event_may_have_one_action() {
        const EVENTS: Taken = Taken::new(&[], &[Handled::new("Typing::deep", &["deep"])], &[]);

        assert_part_free(&[&INNER], &EVENTS);
    }

    #[test]
    #[should_panic(expected = "action `deep` is taken by both `Inner::deep` and `Typing::typing`")]
    fn an_action_of_a_part_in_a_part_is_taken() {
        assert_part_free(&[&ROOM, &OUTER], &TYPING);
    }

    #[test]
    #[should_panic(expected = "action `deep` is taken by both `Typing::typing` and `Inner::deep`")]
    fn a_part_in_a_part_is_looked_at() {
        assert_part_free(&[&TYPING], &OUTER);
    }

    #[test]
    #[should_panic(expected = "action `news` is taken by both `Room::news` and `Feed::news`")]
    fn events_are_looked_at() {
        const ROOM: Taken = Taken::new(&[], &[Handled::new("Room::news", &["news"])], &[]);
        const FEED: Taken = Taken::new(&[], &[Handled::new("Feed::news", &["news"])], &[]);

        assert_part_free(&[&ROOM], &FEED);
    }

    #[test]
    #[should_panic(expected = "taken twice by `Inner::deep`, whose part is included twice")]
    fn a_part_that_is_included_twice_is_called_so() {
        assert_part_free(&[&OUTER], &INNER);
    }
}
