//! What is written of an outbox, whatever is done to it, in any order.

use proptest::{collection::vec, prelude::*};

use super::{Client, Lagged, MEMBERS, Number, Subscribed, Written, frame};
use crate::{
    connection::outbox::Pushed,
    options::{ChannelOptions, Overflow},
};

#[derive(Debug, Clone, Copy)]
enum Act {
    /// Somebody publishes to a member a frame with so many bytes more than it needs.
    Publish(usize, usize),
    /// A consumer sends, if there is room.
    Send(usize),
    /// Something for a member is lost on its way to the outbox.
    Lose(usize),
    /// The client is told of a subscription, if there is room.
    Subscribe(usize),
    Write,
}

fn act() -> impl Strategy<Value = Act> {
    let member = 0..MEMBERS;
    let publish = (member.clone(), 0..100_usize);
    prop_oneof![
        6 => publish.prop_map(|(member, bytes)| Act::Publish(member, bytes)),
        3 => member.clone().prop_map(Act::Send),
        2 => member.prop_map(Act::Lose),
        1 => (1..MEMBERS).prop_map(Act::Subscribe),
        5 => Just(Act::Write),
    ]
}

/// What became of one member's numbers.
#[derive(Debug, Default)]
struct Story {
    given: u64,
    /// Those that the consumer has sent, which are never dropped.
    own: Vec<u64>,
    is_subscribed: bool,
    written: Vec<Written>,
    /// The act at which the client was last told of a gap.
    told: usize,
}

impl Story {
    fn give(&mut self) -> u64 {
        self.given += 1;
        self.given - 1
    }

    /// Notes what is written, when nothing but writing has been done since that act.
    fn write(&mut self, written: Written, since: usize) {
        if written == Lagged {
            let told = std::mem::replace(&mut self.told, since);
            let is_twice = self.written.last() == Some(&Lagged) && told == since;
            assert!(!is_twice, "told twice of one gap: {self:?}");
        }
        self.written.push(written);
    }

    fn check(&self, member: usize) {
        let mut written = self.written.as_slice();
        if member > 0 {
            assert_eq!(written.split_off_first(), Some(&Subscribed), "{self:?}");
        }
        let (mut next, mut is_told) = (0, false);
        for written in written {
            match *written {
                Lagged => is_told = true,
                Number(number) => {
                    assert!(number >= next, "late, or twice: {self:?}");
                    assert_eq!(is_told, number > next, "before {number}: {self:?}");
                    (next, is_told) = (number + 1, false);
                }
                Subscribed => panic!("twice: {self:?}"),
            }
        }
        assert_eq!(is_told, self.given > next, "at the end: {self:?}");
        for own in &self.own {
            assert!(self.written.contains(&Number(*own)), "{own}: {self:?}");
        }
    }
}

fn run(options: &ChannelOptions, is_limited_by_bytes: bool, acts: &[Act]) {
    let client = Client::new(options);
    let mut stories: [Story; MEMBERS] = Default::default();
    let mut waiting = 0;
    let write_all = [Act::Write; 2].repeat(acts.len() + MEMBERS);
    let subscribe = |member| [&[Act::Subscribe(member)], &write_all[..]].concat();
    let end = [write_all.clone(), subscribe(1), subscribe(2)].concat();
    let mut since = 0;
    for (number, act) in [acts, &end].concat().into_iter().enumerate() {
        if !matches!(act, Act::Write) {
            since = number;
        }
        match act {
            Act::Publish(member, bytes) => {
                let number = stories[member].given.to_string();
                let pushed = client.push(member, frame(member, &number, bytes));
                let has_room = waiting == 0 || waiting < options.outbox_frames;
                if !is_limited_by_bytes {
                    assert_eq!(pushed == Pushed::Queued, has_room, "{waiting} wait");
                }
                match pushed {
                    Pushed::Queued => waiting += 1,
                    // Together with itself, or itself alone.
                    Pushed::Dropped(dropped) => waiting = waiting + 1 - dropped as usize,
                    // It would end the connection, and is as if it had not been.
                    Pushed::Overflowed => continue,
                    Pushed::Closed => panic!("it is open"),
                }
                stories[member].give();
            }
            Act::Send(member) if member == 0 || stories[member].is_subscribed => {
                let story = &mut stories[member];
                if client.try_send(member, &story.given.to_string()) {
                    let number = story.give();
                    story.own.push(number);
                    waiting += 1;
                }
            }
            Act::Lose(member) => {
                client.lag(member);
                stories[member].give();
            }
            Act::Subscribe(member) if !stories[member].is_subscribed => {
                stories[member].is_subscribed = client.try_send(member, "subscribed");
                waiting += usize::from(stories[member].is_subscribed);
            }
            Act::Write => {
                if let Some((member, written)) = client.write() {
                    waiting -= usize::from(written != Lagged);
                    stories[member].write(written, since);
                }
            }
            Act::Send(_) | Act::Subscribe(_) => {}
        }
    }
    for (member, story) in stories.iter().enumerate() {
        story.check(member);
    }
}

proptest! {
    #[test]
    fn each_number_comes_once_and_in_order_or_its_place_says_that_it_is_missing(
        overflow in prop_oneof![
            Just(Overflow::Close), Just(Overflow::DropNewest), Just(Overflow::DropOldest)
        ],
        frames in 1..12_usize,
        bytes in prop_oneof![Just(usize::MAX), 20..400_usize],
        acts in vec(act(), 1..120),
    ) {
        let options = ChannelOptions::default()
            .outbox_frames(frames)
            .outbox_bytes(bytes)
            .overflow(overflow);
        run(&options, bytes < usize::MAX, &acts);
    }
}
