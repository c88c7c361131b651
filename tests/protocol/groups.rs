//! P21–P24: the members that a group message reaches.

use std::time::Duration;

use axum::{Router, extract::State};
use chanx::{ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Rejection, channel};
use chanx_testing::Communicator;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::room::{
    Annex, Crash, Groups, Heard, House, Join, Leave, Reached, Shout, heard, shout, shout_to,
};

fn join(group: &str) -> Join {
    Join {
        group: group.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn p21_a_broadcast_reaches_every_member_the_sender_included() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;

    ann.send(&shout_to(&["lobby"], "hi")).await;

    assert_eq!(ann.receive::<Heard>().await, heard("hi"));
    assert_eq!(bob.receive::<Heard>().await, heard("hi"));
}

#[tokio::test(start_paused = true)]
async fn p21_a_broadcast_leaves_the_sender_out_when_it_is_excluded() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;

    let reached = ann
        .request::<Reached>(&Shout {
            not_to_me: true,
            ..shout_to(&["lobby"], "hi")
        })
        .await;

    assert_eq!(reached.connections, 1);
    assert_eq!(bob.receive::<Heard>().await, heard("hi"));
    ann.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p21_a_broadcast_reaches_nobody_outside_of_the_group() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("bob", &["bar"]).await;

    ann.send(&shout_to(&["lobby"], "hi")).await;

    ann.receive::<Heard>().await;
    bob.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p21_groups_of_the_same_name_in_two_channels_are_two_groups() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut stranger = Communicator::<Annex>::connect(&house.app, "/annex").await;

    let reached = ann.request::<Reached>(&shout_to(&["lobby"], "hi")).await;

    assert_eq!(reached.connections, 1);
    stranger.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p21_a_member_of_several_named_groups_gets_a_broadcast_once() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby", "bar"]).await;
    let mut bob = house.guest("bob", &["bar"]).await;

    let reached = ann
        .request::<Reached>(&shout_to(&["lobby", "bar", "bar"], "hi"))
        .await;

    assert_eq!(reached.connections, 2);
    ann.receive::<Heard>().await;
    ann.receive_nothing().await;
    bob.receive::<Heard>().await;
    bob.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p21_joining_twice_is_joining_once() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby", "lobby"]).await;

    let reached = ann.request::<Reached>(&shout_to(&["lobby"], "hi")).await;
    assert_eq!(reached.connections, 1);
    ann.receive::<Heard>().await;

    let leave = Leave {
        group: "lobby".into(),
    };
    assert_eq!(ann.request::<Groups>(&leave).await.groups, [""; 0]);
    let reached = ann.request::<Reached>(&shout_to(&["lobby"], "hi")).await;
    assert_eq!(reached.connections, 0);
}

#[tokio::test(start_paused = true)]
async fn p21_one_can_tell_a_group_without_being_in_it() {
    let house = House::new();
    let mut ann = house.guest("ann", &[]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;

    ann.send(&shout_to(&["lobby"], "hi")).await;

    assert_eq!(bob.receive::<Heard>().await, heard("hi"));
}

#[tokio::test(start_paused = true)]
async fn p22_a_broadcast_that_names_no_group_goes_to_those_that_were_joined() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby", "bar"]).await;
    let mut in_lobby = house.guest("bob", &["lobby"]).await;
    let mut in_bar = house.guest("eve", &["bar"]).await;
    let mut elsewhere = house.guest("joe", &["attic"]).await;

    ann.send(&shout("hi")).await;

    assert_eq!(in_lobby.receive::<Heard>().await, heard("hi"));
    assert_eq!(in_bar.receive::<Heard>().await, heard("hi"));
    elsewhere.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p22_a_group_that_was_left_is_no_longer_meant() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby", "bar"]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;
    let leave = Leave {
        group: "lobby".into(),
    };
    assert_eq!(ann.request::<Groups>(&leave).await.groups, ["bar"]);

    ann.send(&shout("hi")).await;

    ann.receive::<Heard>().await;
    bob.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn p22_a_broadcast_of_one_who_is_in_no_group_fails() {
    let house = House::new();
    let mut ann = house.guest("ann", &[]).await;

    ann.send(&shout("hi")).await;

    ann.expect_error("Failed to process message for shout")
        .await;
}

#[tokio::test(start_paused = true)]
async fn p23_metadata_says_whose_message_it_is_to_each_recipient() {
    let house = House::new();
    let mut current = house.guest("ann", &["lobby"]).await;
    let mut mine = house.guest("ann", &["lobby"]).await;
    let mut other = house.guest("bob", &["lobby"]).await;

    current
        .send(&Shout {
            marked: true,
            ..shout_to(&["lobby"], "hi")
        })
        .await;

    let heard = |is_mine, is_current| {
        json!({
            "action": "heard",
            "payload": {"text": "hi"},
            "is_mine": is_mine,
            "is_current": is_current,
        })
    };
    assert_eq!(current.receive_json().await, heard(true, true));
    assert_eq!(mine.receive_json().await, heard(true, false));
    assert_eq!(other.receive_json().await, heard(false, false));
}

#[tokio::test(start_paused = true)]
async fn p23_a_group_message_carries_no_metadata_unless_it_is_asked_for() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;

    ann.send(&shout_to(&["lobby"], "hi")).await;

    assert_eq!(
        ann.receive_json().await,
        json!({"action": "heard", "payload": {"text": "hi"}})
    );
}

#[tokio::test(start_paused = true)]
async fn p24_closing_leaves_all_groups() {
    let house = House::new();
    let ann = house.guest("ann", &["lobby", "bar"]).await;
    assert_eq!(house.members(), 2);

    ann.close(1000).await;

    assert_eq!(house.members(), 0);
    assert_eq!(house.control.stats().layer.groups, 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_connection_that_breaks_leaves_all_groups() {
    let house = House::new();
    let ann = house.guest("ann", &["lobby"]).await;

    drop(ann);

    house.until_empty().await;
    assert_eq!(house.members(), 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_handler_that_panics_leaves_all_groups() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;

    ann.send(&Crash).await;
    ann.expect_error("Failed to process message for crash")
        .await;
    ann.closed().await;

    assert_eq!(house.members(), 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_connected_that_fails_leaves_what_it_has_joined() {
    let house = House::new();
    let mut ann = house.door("unwelcome").connect().await;

    ann.expect_error("not today").await;
    ann.closed().await;

    assert_eq!(house.members(), 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_clean_up_that_panics_leaves_all_groups() {
    let house = House::new();
    let ann = house.guest("clumsy", &["lobby"]).await;

    ann.close(1000).await;

    assert_eq!(house.members(), 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_clean_up_that_takes_too_long_leaves_all_groups() {
    let house = House::new();
    let mut ann = house.guest("slow", &["lobby"]).await;

    ann.send_frame(chanx_testing::Frame::Close(None)).await;
    ann.closed().await;
    tokio::time::advance(Duration::from_secs(30)).await;

    house.until_empty().await;
    assert_eq!(house.members(), 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_client_that_is_silent_for_too_long_leaves_all_groups() {
    let house = House::with(ChannelOptions::default().idle_timeout(Duration::from_secs(30)));
    let mut ann = house.guest("ann", &["lobby"]).await;

    ann.closed().await;

    assert_eq!(house.members(), 0);
}

#[tokio::test(start_paused = true)]
async fn p24_a_shutdown_leaves_all_groups() {
    let house = House::new();
    let mut ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("slow", &["lobby"]).await;
    let control = house.control.clone();

    let shutdown = tokio::spawn(async move { control.shutdown().await });
    ann.closed().await;
    bob.closed().await;
    let report = shutdown.await.unwrap();

    assert_eq!((report.closed, report.cut), (1, 1));
    house.until_empty().await;
    assert_eq!(house.members(), 0);
}

/// Notes the groups that stand when it is dropped.
struct Parting {
    layer: ChannelLayer,
    notes: UnboundedSender<usize>,
}

impl Connect for Parting {
    type Handshake = State<(ChannelLayer, UnboundedSender<usize>)>;

    async fn connect(State((layer, notes)): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { layer, notes })
    }
}

impl Consumer for Parting {}

#[channel(name = "parting", groups = ["lobby"])]
impl Parting {}

impl Drop for Parting {
    fn drop(&mut self) {
        let _ = self.notes.send(self.layer.stats().groups);
    }
}

#[tokio::test(start_paused = true)]
async fn p24_a_connection_leaves_its_groups_once_its_consumer_is_gone() {
    let layer = ChannelLayer::new();
    let (notes, mut noted) = unbounded_channel();
    let channels = Channels::new(layer.clone()).route::<Parting>("/");
    let app = Router::from(channels).with_state((layer.clone(), notes));

    let client = Communicator::<Parting>::connect(&app, "/").await;
    client.close(1000).await;
    assert_eq!(noted.recv().await, Some(1));

    drop(Communicator::<Parting>::connect(&app, "/").await);
    assert_eq!(noted.recv().await, Some(1));
}

#[tokio::test(start_paused = true)]
async fn p24_who_leaves_may_tell_those_who_stay_and_is_told_nothing() {
    let house = House::new();
    let ann = house.guest("ann", &["lobby"]).await;
    let mut bob = house.guest("bob", &["lobby"]).await;

    ann.close(1000).await;

    assert_eq!(bob.receive::<Heard>().await, heard("ann has left"));
    assert_eq!(
        bob.request::<Groups>(&join("lobby")).await.groups,
        ["lobby"]
    );
}
