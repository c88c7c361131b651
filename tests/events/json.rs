//! Publications that come as JSON, from a webhook or a queue.

use std::sync::atomic::{AtomicUsize, Ordering};

use chanx::{
    Broadcaster, Channel, ChannelLayer, Channels, Connect, Consumer, Event, EventEnum, Message,
    channel, describe::MessageDescription, wire::Payload,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Event)]
struct Paid {
    cents: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Event, Message)]
struct Refunded {
    cents: u64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Receipt {
    cents: u64,
}

#[derive(Default, Connect, Consumer)]
struct Till;

#[channel(name = "till", groups = ["tills"], passthrough(Refunded))]
impl Till {
    #[event_handler]
    async fn paid(&mut self, paid: Paid) -> Receipt {
        Receipt { cents: paid.cents }
    }
}

async fn till() -> (Broadcaster<Till>, Communicator<Till>) {
    let layer = ChannelLayer::new();
    let tills = Broadcaster::new(&layer);
    let app = Channels::new(layer).route::<Till>("/").into_router();
    (tills, Communicator::connect(&app, "/").await)
}

#[tokio::test(start_paused = true)]
async fn an_event_reaches_the_handler_of_its_action() {
    let (tills, mut client) = till().await;
    let payload = serde_json::to_string(&Paid { cents: 5 }).unwrap();

    let event = tills.event_from_json("paid", Payload::from_json(&payload).unwrap());
    event.unwrap().await.unwrap();

    assert_eq!(client.receive::<Receipt>().await, Receipt { cents: 5 });
}

#[tokio::test(start_paused = true)]
async fn an_event_that_passes_through_does_so_from_json_too() {
    let (tills, mut client) = till().await;
    let refunded = Refunded { cents: 5 };
    let payload = serde_json::to_string(&refunded).unwrap();

    let event = tills.event_from_json("refunded", Payload::from_json(&payload).unwrap());
    event.unwrap().await.unwrap();

    assert_eq!(client.receive::<Refunded>().await, refunded);
}

#[tokio::test(start_paused = true)]
async fn an_action_that_no_event_has_is_an_error_without_violations() {
    let (tills, mut client) = till().await;

    let error = tills.event_from_json("receipt", Payload::NULL).unwrap_err();

    assert!(error.violations().is_empty());
    client.receive_nothing().await;
}

/// A message that counts how often it is asked for its description.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Entry;

static DESCRIBED: AtomicUsize = AtomicUsize::new(0);

impl Message for Entry {
    const ACTION: &'static str = "entry";

    fn describe() -> MessageDescription {
        DESCRIBED.fetch_add(1, Ordering::SeqCst);
        MessageDescription::of::<Self>()
    }
}

#[derive(Default, Connect, Consumer)]
struct Ledger;

#[channel(name = "ledger", groups = ["ledgers"])]
impl Ledger {
    #[event_handler]
    async fn paid(&mut self, _: Paid) -> Entry {
        Entry
    }
}

#[tokio::test]
async fn a_channel_is_described_once_for_all_its_events() {
    let ledgers = Broadcaster::<Ledger>::new(&ChannelLayer::new());
    let payload = serde_json::to_string(&Paid { cents: 5 }).unwrap();

    for _ in 0..3 {
        let event = ledgers.event_from_json("paid", Payload::from_json(&payload).unwrap());
        event.unwrap().await.unwrap();
    }

    assert_eq!(DESCRIBED.load(Ordering::SeqCst), 1);
}

/// What serde reads from a buffer, where it would take a list for a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "shape")]
enum Shape {
    Dot { at: Point },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Point {
    x: f32,
    y: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Event)]
struct Drawn {
    shape: Shape,
}

/// A drawing whose type says nothing of itself.
#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Sketched {
    shape: Shape,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message, Event)]
struct Moved {
    #[serde(flatten)]
    to: Around,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Around {
    centre: Point,
}

#[derive(Clone, EventEnum)]
enum Any {
    Drawn(Drawn),
}

#[derive(Default, Connect, Consumer)]
struct Easel;

#[channel(name = "easel", groups = ["easels"], passthrough(Moved))]
impl Easel {
    #[event_handler]
    async fn any(&mut self, _: Any) {}

    #[event_handler]
    async fn sketched(&mut self, _: Sketched) {}
}

#[derive(Default, Connect, Consumer)]
struct Wall;

#[channel(name = "wall", groups = ["walls"])]
impl Wall {
    #[event_handler]
    async fn drawn(&mut self, _: Drawn) {}
}

/// The kind and the path of what is wrong with an event of `C`.
fn wrong<C: Channel>(action: &str, payload: &str) -> (String, String) {
    let broadcaster = Broadcaster::<C>::new(&ChannelLayer::new());
    let payload = Payload::from_json(payload).unwrap();
    let refused = broadcaster.event_from_json(action, payload).map(drop);
    let refused = refused.unwrap_err();
    let [violation] = refused.violations() else {
        panic!("one violation, rather than {refused}");
    };
    let path = serde_json::to_string(&violation.path).unwrap();
    (violation.kind.to_string(), path)
}

#[test]
fn what_has_a_schema_is_read_as_a_message_is() {
    for (payload, kind, path) in [
        (
            r#"{"shape":{"shape":"Dot","at":[1,2]}}"#,
            "dict_type",
            r#"["shape","at"]"#,
        ),
        (
            r#"{"shape":{"shape":"Dot","at":{"x":1e39,"y":0}}}"#,
            "finite_number",
            r#"["shape","at","x"]"#,
        ),
        (
            r#"{"shape":{"shape":"Dot","at":{"x":"1","y":0}}}"#,
            "float_type",
            r#"["shape","at","x"]"#,
        ),
        ("[]", "dict_type", "[]"),
        (
            r#"{"shape":["Dot",{"x":1,"y":2}]}"#,
            "dict_type",
            r#"["shape"]"#,
        ),
    ] {
        let expected = (kind.to_owned(), path.to_owned());
        assert_eq!(wrong::<Wall>("drawn", payload), expected, "{payload}");
        assert_eq!(wrong::<Easel>("drawn", payload), expected, "{payload}");
    }
    assert_eq!(
        wrong::<Easel>("moved", r#"{"centre":[1,2]}"#),
        ("dict_type".to_owned(), r#"["centre"]"#.to_owned())
    );
}

#[test]
fn what_has_no_schema_is_read_as_its_type_says() {
    let payload = r#"{"shape":{"shape":"Dot","at":{"x":"1","y":0}}}"#;
    assert_eq!(
        wrong::<Easel>("sketched", payload),
        ("value_error".to_owned(), r#"["shape"]"#.to_owned())
    );
    assert_eq!(
        wrong::<Easel>("sketched", "[[]]"),
        ("dict_type".to_owned(), "[]".to_owned())
    );
}
