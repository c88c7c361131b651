//! All connections of one user, reached and closed together.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::{Path, State},
};
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, ConnectionId, Consumer, Control, Event,
    GroupName, Message, Rejection, UserKey, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message, Event)]
struct Notice {
    text: String,
}

#[derive(Debug)]
struct Inbox {
    user: u64,
    asked: Arc<AtomicUsize>,
}

impl Connect for Inbox {
    type Handshake = (Path<u64>, State<Arc<AtomicUsize>>);

    async fn connect((Path(user), State(asked)): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { user, asked })
    }
}

impl Consumer for Inbox {
    fn identity(&self) -> Option<UserKey> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        (self.user != 0).then(|| self.user.into())
    }
}

#[channel(name = "inbox", passthrough(Notice), sends(Notice))]
impl Inbox {}

struct Office {
    app: Router,
    control: Control,
    inboxes: Broadcaster<Inbox>,
    asked: Arc<AtomicUsize>,
}

impl Office {
    fn new() -> Self {
        let layer = ChannelLayer::new();
        let inboxes = Broadcaster::new(&layer);
        let asked = Arc::<AtomicUsize>::default();
        let channels = Channels::new(layer).route::<Inbox>("/inbox/{user}");
        Self {
            control: channels.control(),
            app: Router::new().merge(channels).with_state(asked.clone()),
            inboxes,
            asked,
        }
    }

    async fn open(&self, user: u64) -> Communicator<Inbox> {
        let mut inbox = Communicator::connect(&self.app, &format!("/inbox/{user}")).await;
        // An answer shows that the connection is there.
        inbox.send_text("").await;
        inbox.expect_error("json_invalid").await;
        inbox
    }

    fn users(&self) -> usize {
        self.control.stats().layer.users
    }
}

fn notice() -> Notice {
    Notice {
        text: "it rains".into(),
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_for_a_user_reaches_all_of_its_connections_and_no_others() {
    let office = Office::new();
    let mut phone = office.open(7).await;
    let mut laptop = office.open(7).await;
    let mut other = office.open(8).await;

    let receipt = office.inboxes.user(7).event(notice()).await.unwrap();

    assert_eq!(receipt.reached, 2);
    assert_eq!(phone.receive::<Notice>().await, notice());
    assert_eq!(laptop.receive::<Notice>().await, notice());
    other.receive_nothing().await;
}

#[test]
fn a_number_of_any_width_names_the_user_that_its_digits_do() {
    let seven = [
        UserKey::from(7_u8),
        UserKey::from(7_u16),
        UserKey::from(7_u32),
        UserKey::from(7_usize),
        UserKey::from(7_u128),
        UserKey::from(7_i8),
        UserKey::from(7_i16),
        UserKey::from(7),
        UserKey::from(7_i64),
        UserKey::from(7_isize),
        UserKey::from(7_i128),
        UserKey::from(String::from("7")),
        UserKey::from(&UserKey::from("7")),
    ];
    assert!(seven.iter().all(|key| *key == "7"));
    assert_eq!(UserKey::from(i128::MIN), i128::MIN.to_string().as_str());
}

#[test]
fn a_user_or_a_group_is_a_string_as_json_and_looked_up_by_one() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Seat {
        user: UserKey,
        group: GroupName,
    }
    let seat = Seat {
        user: 7.into(),
        group: "room.7".into(),
    };
    let json = r#"{"user":"7","group":"room.7"}"#;

    assert_eq!(serde_json::to_string(&seat).unwrap(), json);
    assert_eq!(serde_json::from_str::<Seat>(json).unwrap(), seat);
    assert!(HashSet::from([seat.user]).contains("7"));
    assert!(HashSet::from([seat.group]).contains("room.7"));
}

#[test]
fn what_names_a_connection_or_a_user_may_be_a_field_of_a_message() {
    #[derive(Serialize, Deserialize, JsonSchema, Message)]
    struct Moved {
        by: ConnectionId,
        user: UserKey,
        to: GroupName,
    }
    let schema = schemars::schema_for!(Moved);

    assert_eq!(
        schema.get("properties"),
        Some(&json!({
            "by": { "type": "string", "pattern": "^[0-9A-Fa-f]{32}$" },
            "user": { "type": "string" },
            "to": { "type": "string" },
        })),
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_for_a_user_reaches_all_of_its_connections() {
    let office = Office::new();
    let mut phone = office.open(7).await;
    let mut laptop = office.open(7).await;

    let receipt = office.inboxes.user("7").send(notice()).await.unwrap();

    assert_eq!(receipt.reached, 2);
    assert_eq!(phone.receive::<Notice>().await, notice());
    assert_eq!(laptop.receive::<Notice>().await, notice());
}

#[tokio::test(start_paused = true)]
async fn closing_a_user_closes_all_of_its_connections_and_no_others() {
    let office = Office::new();
    let mut phone = office.open(7).await;
    let mut laptop = office.open(7).await;
    let mut other = office.open(8).await;

    let closing = office.inboxes.user(7).close(4403, "banned");
    assert_eq!(closing.await.unwrap().reached, 2);

    for connection in [&mut phone, &mut laptop] {
        let closed = connection.closed().await;
        assert_eq!((closed.code, closed.reason.as_str()), (4403, "banned"));
    }
    other.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn the_index_of_users_empties_with_the_last_connection() {
    let office = Office::new();
    assert_eq!(office.users(), 0);
    let phone = office.open(7).await;
    let laptop = office.open(7).await;
    let other = office.open(8).await;
    assert_eq!(office.users(), 2);

    phone.close(1000).await;
    assert_eq!(office.users(), 2);
    laptop.close(1000).await;
    assert_eq!(office.users(), 1);
    other.close(1000).await;

    assert_eq!(office.users(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_user_without_connections_is_reached_nowhere() {
    let office = Office::new();

    let receipt = office.inboxes.user(7).event(notice()).await.unwrap();

    assert_eq!((receipt.reached, receipt.dropped), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_connection_of_nobody_is_in_no_index() {
    let office = Office::new();

    let _nobody = office.open(0).await;

    assert_eq!(office.users(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_identity_is_asked_once() {
    let office = Office::new();

    let _inbox = office.open(7).await;

    assert_eq!(office.asked.load(Ordering::SeqCst), 1);
}
