//! From a webhook or a queue, as JSON.

use std::sync::atomic::{AtomicUsize, Ordering};

use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Event, Message, channel,
    describe::MessageDescription, wire::Payload,
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
