//! P23: group messages with metadata: how often they are written, and what they say of a
//! stranger's.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, extract::Path};
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Message, Ping, Pong, Rejection,
    UserKey, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;

/// Counts how often it is written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema, Message)]
struct Tallied {
    #[serde(skip)]
    tally: Arc<AtomicUsize>,
}

impl Serialize for Tallied {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.tally.fetch_add(1, Ordering::SeqCst);
        serializer.collect_map([("tallied", true)])
    }
}

#[derive(Debug)]
struct Club {
    user: String,
}

impl Connect for Club {
    type Handshake = Path<String>;

    async fn connect(Path(user): Path<String>) -> Result<Self, Rejection> {
        Ok(Self { user })
    }
}

impl Consumer for Club {
    fn identity(&self) -> Option<UserKey> {
        Some(self.user.as_str().into())
    }
}

#[channel(name = "club", groups = ["all"], sends(Tallied))]
impl Club {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

/// Members of a club that are there, and the way to tell them something.
async fn club(users: &[&str]) -> (Vec<Communicator<Club>>, Broadcaster<Club>) {
    let layer = ChannelLayer::new();
    let clubs = Broadcaster::new(&layer);
    let channels: Channels = Channels::new(layer).route::<Club>("/{user}");
    let app = Router::from(channels);
    let mut members = Vec::new();
    for user in users {
        let mut member = Communicator::<Club>::connect(&app, &format!("/{user}")).await;
        member.request::<Pong>(&Ping).await;
        members.push(member);
    }
    (members, clubs)
}

#[tokio::test(start_paused = true)]
async fn p23_a_group_message_is_encoded_once_for_everyone() {
    let (_members, clubs) = club(&["ann", "ann", "bob", "eve", "joe"]).await;
    let message = Tallied::default();
    let tally = message.tally.clone();

    assert_eq!(clubs.broadcast(message).await.unwrap().reached, 5);

    assert_eq!(tally.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn p23_with_metadata_it_is_encoded_at_most_three_times() {
    let (_members, clubs) = club(&["ann", "ann", "bob", "eve", "joe"]).await;
    let message = Tallied::default();
    let tally = message.tally.clone();

    let receipt = clubs.broadcast(message).with_metadata().await.unwrap();

    assert_eq!(receipt.reached, 5);
    assert!(tally.load(Ordering::SeqCst) <= 3);
}

#[tokio::test(start_paused = true)]
async fn p23_what_comes_from_no_connection_is_nobodys_own() {
    let (mut members, clubs) = club(&["ann", "bob"]).await;

    clubs
        .broadcast(Tallied::default())
        .with_metadata()
        .await
        .unwrap();

    for member in &mut members {
        assert_eq!(
            member.receive_json().await,
            json!({
                "action": "tallied",
                "payload": {"tallied": true},
                "is_mine": false,
                "is_current": false,
            })
        );
    }
}

#[tokio::test(start_paused = true)]
async fn p23_a_message_on_behalf_of_a_user_is_theirs_on_every_connection() {
    let (members, clubs) = club(&["ann", "ann", "bob"]).await;

    let message = clubs.broadcast(Tallied::default());
    let receipt = message.on_behalf_of("ann").with_metadata().await.unwrap();

    assert_eq!(receipt.reached, 3);
    for (mut member, is_mine) in members.into_iter().zip([true, true, false]) {
        let frame = member.receive_json().await;
        assert_eq!(frame["is_mine"], is_mine);
        assert_eq!(frame["is_current"], false);
    }
}

#[tokio::test(start_paused = true)]
async fn p23_whose_it_is_shows_only_with_metadata_and_leaves_out_nobody() {
    let (members, clubs) = club(&["ann", "bob"]).await;

    let message = clubs.broadcast(Tallied::default()).on_behalf_of("ann");
    assert_eq!(message.exclude_current().await.unwrap().reached, 2);

    for mut member in members {
        let frame = member.receive_json().await;
        assert_eq!(frame.get("is_mine"), None);
    }
}

#[tokio::test(start_paused = true)]
async fn p23_a_message_to_one_user_may_be_anothers() {
    let (mut members, clubs) = club(&["ann", "bob"]).await;

    let message = clubs.user("bob").send(Tallied::default());
    message.on_behalf_of("ann").with_metadata().await.unwrap();

    assert_eq!(members[1].receive_json().await["is_mine"], false);
}
