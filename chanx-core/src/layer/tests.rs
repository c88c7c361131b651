//! The traces that a publication leaves in a layer, and the code that runs while it is delivered.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use bytes::Bytes;
use tracing::{Dispatch, Metadata, Subscriber, instrument::WithSubscriber, span};

use super::{ChannelLayer, roster::Attachment};
use crate::{
    connection::{AnyEvent, Connection, Content, Member, Publication, Target},
    event::EventSet,
    identity::{GroupName, UserKey},
    options::{ChannelOptions, CompletionFrames, Overflow},
    wire::{Body, EncodeError, Encoder, InvalidPayload, Payload},
};

const CHANNEL: &str = "room";

fn group(name: &str) -> Target {
    Target::Groups(vec![GroupName::from(name)])
}

fn user(name: &str) -> Target {
    Target::User(UserKey::from(name))
}

fn message() -> Content {
    Content::Message(Body::new("line", &()).unwrap())
}

fn close(code: u16) -> Content {
    Content::Close {
        code,
        reason: String::new(),
    }
}

/// Publishes, and gives how many it has reached.
async fn publish(layer: &ChannelLayer, target: Target, content: Content) -> usize {
    let publication = Publication::new(CHANNEL, target, content);
    layer.publish(&publication).await.unwrap().reached
}

/// A connection of `ann` in the lobby, for as long as the attachment is kept.
fn ann_in_the_lobby(layer: &ChannelLayer, options: &ChannelOptions) -> (Member, Attachment) {
    let ann = Some(UserKey::from("ann"));
    let member = Member::Connection(Arc::new(Connection::new(
        layer.next_connection(),
        CHANNEL,
        None,
        ann,
        options,
        CompletionFrames::Off,
    )));
    let attachment = layer.attach(member.clone());
    layer.join(&member, &"lobby".into()).unwrap();
    (member, attachment)
}

#[tokio::test]
async fn publishing_to_a_channel_without_connections_leaves_nothing_behind() {
    let layer = ChannelLayer::new();

    assert_eq!(publish(&layer, group("lobby"), message()).await, 0);
    assert_eq!(publish(&layer, user("ann"), message()).await, 0);

    assert!(layer.roster().is_empty());
}

#[tokio::test]
async fn publishing_to_names_that_nobody_has_leaves_nothing_behind() {
    let layer = ChannelLayer::new();
    let (member, _attachment) = ann_in_the_lobby(&layer, &ChannelOptions::default());
    let before = layer.stats();

    assert_eq!(publish(&layer, group("attic"), message()).await, 0);
    assert_eq!(publish(&layer, user("bob"), message()).await, 0);
    layer.leave(&member, &"cellar".into());

    assert_eq!(layer.stats(), before);
}

/// Somebody else's code, which comes back to the layer.
#[derive(Clone)]
struct Meddler {
    layer: ChannelLayer,
    member: Member,
    /// For each time that it has run, whether it found the locks free.
    found_free: Arc<Mutex<Vec<bool>>>,
}

impl Meddler {
    fn new(layer: &ChannelLayer, member: &Member) -> Self {
        Self {
            layer: layer.clone(),
            member: member.clone(),
            found_free: Arc::default(),
        }
    }

    /// Takes the layer's locks in another thread, which waits where this one holds them.
    fn meddle(&self) {
        let (done, is_done) = mpsc::channel();
        let (layer, member) = (self.layer.clone(), self.member.clone());
        std::thread::spawn(move || {
            layer.leave(&member, &"lobby".into());
            layer.join(&member, &"lobby".into()).unwrap();
            // Dropped, it would take the member out of everything.
            std::mem::forget(layer.attach(member));
            done.send(())
        });
        let is_free = is_done.recv_timeout(Duration::from_secs(2)).is_ok();
        self.found_free.lock().unwrap().push(is_free);
    }

    fn found_free(&self) -> Vec<bool> {
        self.found_free.lock().unwrap().clone()
    }
}

/// An event that meddles when nobody has it any more.
#[derive(Clone)]
struct Meddling {
    #[expect(dead_code, reason = "held for its drop")]
    meddles: Arc<MeddlesOnDrop>,
}

struct MeddlesOnDrop(Meddler);

impl Drop for MeddlesOnDrop {
    fn drop(&mut self) {
        self.0.meddle();
    }
}

impl EventSet for Meddling {
    const ACTIONS: &'static [&'static str] = &["meddle"];

    fn action(&self) -> &'static str {
        "meddle"
    }

    fn decode(_: &str, _: Payload<'_>) -> Result<Self, InvalidPayload> {
        Err(InvalidPayload::unknown_action())
    }

    fn encode(&self, encoder: Encoder<'_>) -> Result<Bytes, EncodeError> {
        encoder.message("meddle", &())
    }
}

fn event(meddler: &Meddler) -> Content {
    let meddles = Arc::new(MeddlesOnDrop(meddler.clone()));
    Content::Event(AnyEvent::new(Meddling { meddles }))
}

/// Publishes two events to a mailbox that has room for one.
async fn overflow_a_mailbox(overflow: Overflow, target: Target) -> Vec<bool> {
    let layer = ChannelLayer::new();
    let options = ChannelOptions::default().mailbox_events(1);
    let (member, _attachment) = ann_in_the_lobby(&layer, &options.overflow(overflow));
    let meddler = Meddler::new(&layer, &member);

    publish(&layer, target.clone(), event(&meddler)).await;
    publish(&layer, target, event(&meddler)).await;
    meddler.found_free()
}

#[tokio::test]
async fn an_event_that_makes_room_is_dropped_without_a_lock() {
    for target in [group("lobby"), user("ann")] {
        let found_free = overflow_a_mailbox(Overflow::DropOldest, target).await;
        assert_eq!(found_free, [true]);
    }
}

#[tokio::test]
async fn the_events_of_a_connection_that_overflows_are_dropped_without_a_lock() {
    for target in [group("lobby"), user("ann")] {
        let found_free = overflow_a_mailbox(Overflow::Close, target).await;
        assert_eq!(found_free, [true, true]);
    }
}

#[tokio::test]
async fn the_events_of_a_connection_that_is_closed_are_dropped_without_a_lock() {
    let layer = ChannelLayer::new();
    let (member, _attachment) = ann_in_the_lobby(&layer, &ChannelOptions::default());
    let meddler = Meddler::new(&layer, &member);
    publish(&layer, group("lobby"), event(&meddler)).await;

    publish(&layer, user("ann"), close(4001)).await;

    assert_eq!(meddler.found_free(), [true]);
}

/// A subscriber that meddles with every line of the log.
struct MeddlingLog(Meddler);

impl Subscriber for MeddlingLog {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.meddle();
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// Publishes to a connection whose outbox has room for one frame.
async fn publish_with_a_meddling_log(target: Target, contents: &[Content]) -> Vec<bool> {
    let layer = ChannelLayer::new();
    let options = ChannelOptions::default().outbox_frames(1);
    let (member, _attachment) = ann_in_the_lobby(&layer, &options);
    let meddler = Meddler::new(&layer, &member);
    let log = Dispatch::new(MeddlingLog(meddler.clone()));

    for content in contents {
        let publish = publish(&layer, target.clone(), content.clone());
        publish.with_subscriber(log.clone()).await;
    }
    meddler.found_free()
}

#[tokio::test]
async fn an_overflow_is_logged_without_a_lock() {
    for target in [group("lobby"), user("ann")] {
        let found_free = publish_with_a_meddling_log(target, &[message(), message()]).await;
        assert_eq!(found_free, [true]);
    }
}

#[tokio::test]
async fn a_close_code_that_may_not_be_sent_is_logged_without_a_lock() {
    let found_free = publish_with_a_meddling_log(user("ann"), &[close(1005)]).await;

    assert_eq!(found_free, [true]);
}
