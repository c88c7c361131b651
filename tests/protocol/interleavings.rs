//! Random interleavings of all that may happen to subscriptions: each topic's frames
//! are compared with the protocol's rules.

use std::collections::HashMap;

use chanx::{Broadcaster, layer::LayerStats};
use chanx_testing::Communicator;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::hub::{App, Heard, Hub, Room};

const TOPICS: [&str; 3] = ["room:1", "room:2", "room:3"];

#[derive(Debug, Clone, Copy)]
enum Act {
    Subscribe(usize),
    Say(usize),
    Unsubscribe(usize),
    Fail(usize),
    Boom(usize),
    Publish(usize),
    Kick(usize),
    Ping,
    /// Gives the server so many turns to run.
    Pause(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let topic = 0..TOPICS.len();
    prop_oneof![
        4 => topic.clone().prop_map(Act::Subscribe),
        3 => topic.clone().prop_map(Act::Say),
        3 => topic.clone().prop_map(Act::Unsubscribe),
        1 => topic.clone().prop_map(Act::Fail),
        1 => topic.clone().prop_map(Act::Boom),
        3 => topic.clone().prop_map(Act::Publish),
        2 => topic.prop_map(Act::Kick),
        1 => Just(Act::Ping),
        5 => (1..40_u8).prop_map(Act::Pause),
    ]
}

/// The frames of one topic that the client has seen.
#[derive(Debug, Default)]
struct Seen {
    subscribed: bool,
    /// Answers, in the order in which they came.
    answered: Vec<u64>,
    heard: usize,
    /// Subscriptions that have begun.
    begun: usize,
}

impl Seen {
    /// Takes one frame of the topic, which has to be one that may come now.
    fn see(&mut self, frame: &Value) {
        let action = frame["action"].as_str().unwrap();
        if let Some(reference) = frame["ref"].as_str() {
            self.answered.push(reference.parse().unwrap());
        }
        match (action, frame.get("ref").is_some()) {
            ("subscribed", true) => {
                self.begun += usize::from(!self.subscribed);
                self.subscribed = true;
            }
            ("unsubscribed", _) => self.subscribed = false,
            ("said", true) => assert!(self.subscribed, "an answer of nobody: {frame}"),
            ("error", true) => {}
            ("heard", false) => {
                assert!(self.subscribed, "a push to nobody: {frame}");
                self.heard += 1;
            }
            ("greeting", false) => assert!(self.subscribed, "a push to nobody: {frame}"),
            _ => panic!("not expected: {frame}"),
        }
    }
}

async fn run(acts: &[Act]) {
    let mut app = App::new();
    let rooms = Broadcaster::<Room>::new(&app.layer);
    let mut client: Communicator<Hub> = app.connect().await;
    let mut asked: HashMap<&str, Vec<u64>> = HashMap::new();
    let mut reached = [0; TOPICS.len()];
    let mut pings = 0;
    for (reference, act) in (1..).zip(acts) {
        let mut send = |topic: usize, action: &str| {
            let topic = TOPICS[topic];
            asked.entry(topic).or_default().push(reference);
            json!({
                "action": action,
                "payload": if action == "say" { json!({"text": "hi"}) } else { Value::Null },
                "topic": topic,
                "ref": reference.to_string(),
            })
        };
        match *act {
            Act::Subscribe(topic) => client.send_json(send(topic, "subscribe")).await,
            Act::Say(topic) => client.send_json(send(topic, "say")).await,
            Act::Unsubscribe(topic) => client.send_json(send(topic, "unsubscribe")).await,
            Act::Fail(topic) => client.send_json(send(topic, "fail")).await,
            Act::Boom(topic) => client.send_json(send(topic, "boom")).await,
            Act::Publish(topic) => {
                let text = "hi".to_owned();
                let receipt = rooms.broadcast(Heard { text }).to(TOPICS[topic]).await;
                reached[topic] += receipt.unwrap().reached;
            }
            Act::Kick(topic) => {
                rooms
                    .unsubscribe("kicked", "")
                    .to(TOPICS[topic])
                    .await
                    .unwrap();
            }
            Act::Ping => {
                pings += 1;
                client
                    .send_json(json!({"action": "ping", "ref": "0"}))
                    .await;
            }
            Act::Pause(turns) => {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
            }
        }
    }
    let expected = asked.values().map(Vec::len).sum::<usize>() + pings;
    let mut seen: HashMap<String, Seen> = HashMap::new();
    let (mut answers, mut pongs) = (0, 0);
    let mut is_last = false;
    while !is_last {
        if answers == expected {
            // What was pushed before comes before its answer.
            client
                .send_json(json!({"action": "ping", "ref": "last"}))
                .await;
            answers += 1;
        }
        let frame = client.receive_json().await;
        is_last = frame["ref"] == "last";
        match frame["topic"].as_str() {
            Some(topic) => seen.entry(topic.to_owned()).or_default().see(&frame),
            None => pongs += usize::from(!is_last),
        }
        answers += usize::from(frame.get("ref").is_some() && answers < expected);
    }
    assert_eq!(pongs, pings);
    let begun: usize = seen.values().map(|seen| seen.begun).sum();
    for (n, topic) in TOPICS.iter().enumerate() {
        let seen = seen.remove(*topic).unwrap_or_default();
        let asked = asked.remove(topic).unwrap_or_default();
        assert_eq!(
            seen.answered, asked,
            "{topic}: one answer for each, in order"
        );
        assert!(seen.heard <= reached[n], "{topic}: nothing comes twice");
    }
    client.close(1000).await;
    assert_eq!(app.layer.stats(), LayerStats::default());
    let notes = app.notes();
    let left = notes.iter().filter(|note| note.contains(" left: ")).count();
    assert_eq!(left, begun + 1, "each that has begun has ended: {notes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn p25_to_p36_hold_whatever_comes_between(acts in vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(run(&acts));
    }
}
