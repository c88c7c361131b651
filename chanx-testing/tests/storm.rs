//! Three nodes, with members that come and go, publications and outages, against a model.

use std::{collections::BTreeMap, time::Duration};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, ConnectionId, Consumer, Context,
    HandlerError, LayerError, Message, PublishError, channel,
};
use chanx_testing::{Communicator, Until, broker::Exchange};
use futures_util::future::join_all;
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Line {
    publisher: usize,
    number: u64,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Enter {
    group: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Exit {
    group: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Done;

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct WhoAmI;

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Name {
    connection: String,
}

#[derive(Default, Connect, Consumer)]
struct Room;

#[channel(name = "room", sends(Line))]
impl Room {
    #[ws_handler]
    async fn enter(&mut self, enter: Enter, ctx: &mut Context<Self>) -> Result<Done, HandlerError> {
        ctx.join(enter.group).await?;
        Ok(Done)
    }

    #[ws_handler]
    async fn who_am_i(&mut self, _: WhoAmI, ctx: &mut Context<Self>) -> Name {
        let connection = ctx.connection_id().to_string();
        Name { connection }
    }

    #[ws_handler]
    async fn exit(&mut self, exit: Exit, ctx: &mut Context<Self>) -> Done {
        ctx.leave(exit.group);
        Done
    }
}

const NODES: usize = 3;
const MEMBERS: usize = 6;
const GROUPS: usize = 3;

/// The longest that a message is on its way, and some more.
const SETTLED: Duration = Duration::from_millis(50);

/// The longest until a gap is told.
const TOLD: Duration = Duration::from_secs(7);

#[derive(Debug, Clone)]
enum Step {
    Enter {
        member: usize,
        group: usize,
    },
    Exit {
        member: usize,
        group: usize,
    },
    /// A member is closed from a node, and another takes its place.
    Kick {
        member: usize,
        from: usize,
    },
    /// Every node publishes at the same time, to one group or to two.
    Publish {
        groups: [usize; NODES],
        both: bool,
    },
    Cut,
    Mend,
    DropSome,
}

fn step() -> impl Strategy<Value = Step> {
    let member = || 0..MEMBERS;
    let group = || 0..GROUPS;
    prop_oneof![
        4 => (member(), group()).prop_map(|(member, group)| Step::Enter { member, group }),
        2 => (member(), group()).prop_map(|(member, group)| Step::Exit { member, group }),
        1 => (member(), 0..NODES).prop_map(|(member, from)| Step::Kick { member, from }),
        8 => ([group(), group(), group()], any::<bool>())
            .prop_map(|(groups, both)| Step::Publish { groups, both }),
        1 => Just(Step::Cut),
        1 => Just(Step::Mend),
        1 => Just(Step::DropSome),
    ]
}

struct Node {
    layer: ChannelLayer,
    app: Router,
}

/// A connection, and what it is owed since it is there.
struct Member {
    node: usize,
    id: ConnectionId,
    client: Communicator<Room>,
    groups: [bool; GROUPS],
    owed: BTreeMap<(usize, u64), Owed>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Owed {
    /// In the group from before to after, on a node that was told.
    Surely,
    /// The publisher was told that other nodes may not have got it.
    Perhaps,
}

impl Member {
    async fn new(nodes: &[Node], node: usize) -> Self {
        let mut client = Communicator::connect(&nodes[node].app, "/ws").await;
        let id: Name = client.request(&WhoAmI).await;
        Self {
            node,
            id: id.connection.parse().expect("an id that was written by us"),
            client,
            groups: [false; GROUPS],
            owed: BTreeMap::new(),
        }
    }

    /// What it has got by now is compared with what it is owed.
    async fn settle(&mut self) {
        let mut last = [None; NODES];
        let mut got = Vec::new();
        let mut lagged = 0;
        self.client.send(&WhoAmI).await;
        for frame in self.client.receive_all(Until::Action("name")).await {
            match frame.action() {
                "done" | "name" => {}
                "line" => {
                    let line: Line = frame.parse();
                    let before = last[line.publisher].replace(line.number);
                    assert!(before < Some(line.number), "once and in order: {line:?}");
                    let key = (line.publisher, line.number);
                    assert!(self.owed.contains_key(&key), "not for it: {line:?}");
                    got.push(key);
                }
                "error" => {
                    assert_eq!(frame.payload()["reason"], "lagged");
                    lagged += 1;
                }
                other => panic!("it is not owed `{other}`"),
            }
        }
        let surely = self.owed.iter().filter(|(_, owed)| **owed == Owed::Surely);
        let missed: Vec<_> = surely.filter(|(key, _)| !got.contains(key)).collect();
        assert!(
            missed.is_empty() || lagged > 0,
            "lost and untold: {missed:?}"
        );
    }
}

async fn storm(steps: Vec<Step>) {
    let exchange = Exchange::new();
    exchange.delay(Duration::from_millis(20));
    let mut nodes = Vec::new();
    for _ in 0..NODES {
        let layer = ChannelLayer::connect(exchange.broker())
            .await
            .expect("the broker for tests accepts every node");
        let app = Channels::new(layer.clone())
            // A member that is not read for long answers no ping either.
            .options(ChannelOptions::default().ping_interval(None))
            .route::<Room>("/ws")
            .into_router();
        nodes.push(Node { layer, app });
    }
    let mut members = Vec::new();
    for member in 0..MEMBERS {
        members.push(Member::new(&nodes, member % NODES).await);
    }
    let mut number = 0;
    let mut is_cut = false;

    for step in steps {
        match step {
            Step::Enter { member, group } => {
                let member = &mut members[member];
                // What is under way may come to who joins meanwhile, or not.
                sleep(SETTLED).await;
                member
                    .client
                    .send(&Enter {
                        group: group.to_string(),
                    })
                    .await;
                sleep(SETTLED).await;
                member.groups[group] = true;
            }
            Step::Exit { member, group } => {
                let member = &mut members[member];
                // What is under way is owed to who is there until it has come.
                sleep(SETTLED).await;
                member
                    .client
                    .send(&Exit {
                        group: group.to_string(),
                    })
                    .await;
                sleep(SETTLED).await;
                member.groups[group] = false;
            }
            Step::Kick { member, from } => {
                // Who is closed while the broker is away is told nothing more.
                if !is_cut {
                    sleep(TOLD).await;
                    members[member].settle().await;
                }
                let node = members[member].node;
                let fresh = Member::new(&nodes, node).await;
                let mut old = std::mem::replace(&mut members[member], fresh);
                let kick = Broadcaster::<Room>::new(&nodes[from].layer);
                match kick.connection(old.id).close(4001, "kicked").await {
                    // Its node is coming back, and is not heard of yet.
                    Ok(receipt) if receipt.unknown == 1 => assert_ne!(from, node),
                    Ok(receipt) => {
                        assert_eq!(receipt.reached, 1);
                        old.client.receive_all(Until::Closed).await;
                    }
                    Err(PublishError::Layer(LayerError::OtherNodes { .. })) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
            Step::Publish { groups, both } => {
                number += 1;
                let rooms = nodes
                    .iter()
                    .map(|node| Broadcaster::<Room>::new(&node.layer));
                let rooms: Vec<_> = rooms.collect();
                let publishing = (0..NODES).map(|publisher| {
                    let first = groups[publisher];
                    let second = if both { (first + 1) % GROUPS } else { first };
                    let named = [first.to_string(), second.to_string()];
                    let line = Line { publisher, number };
                    rooms[publisher].broadcast(line).to(named).into_future()
                });
                let published = join_all(publishing).await;
                for (publisher, published) in published.into_iter().enumerate() {
                    let is_everywhere = match published {
                        Ok(_) => true,
                        Err(PublishError::Layer(LayerError::OtherNodes { .. })) => false,
                        Err(error) => panic!("{error:?}"),
                    };
                    let first = groups[publisher];
                    let second = if both { (first + 1) % GROUPS } else { first };
                    for member in &mut members {
                        if member.groups[first] || member.groups[second] {
                            let owed = if is_everywhere || member.node == publisher {
                                Owed::Surely
                            } else {
                                Owed::Perhaps
                            };
                            member.owed.insert((publisher, number), owed);
                        }
                    }
                }
            }
            Step::Cut => {
                exchange.cut();
                is_cut = true;
            }
            Step::Mend => {
                exchange.mend();
                is_cut = false;
            }
            Step::DropSome => exchange.drop_some(),
        }
    }

    exchange.mend();
    sleep(TOLD).await;
    for member in &mut members {
        member.settle().await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_member_gets_all_that_it_is_owed_once_and_in_order_or_is_told(
        steps in prop::collection::vec(step(), 10..80),
    ) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().start_paused(true).build().unwrap().block_on(storm(steps));
    }
}
