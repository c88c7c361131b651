//! One publisher's order, over many groups and at once.

use std::{sync::mpsc, time::Duration};

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, channel,
};
use chanx_testing::Communicator;
use tokio::sync::oneshot;

use crate::{
    node::Line,
    server::{Kind, Nats, Redis, Server},
};

const GROUPS: u64 = 20;
const LINES: u64 = 400;

/// A member of all groups.
#[derive(Default, Connect)]
struct Hall;

impl Consumer for Hall {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        for number in 0..GROUPS {
            ctx.join(format!("group-{number}")).await?;
        }
        Ok(())
    }
}

#[channel(name = "hall", sends(Line))]
impl Hall {}

/// A process stands still while lines go to many groups, and then has all of them
/// at once: they have the publisher's order, whatever their groups.
async fn come_in_order<K: Kind>() {
    let server = Server::<K>::start().await;
    let here = ChannelLayer::connect(server.broker()).await.unwrap();
    let broker = server.broker();
    let (stands, is_standing) = oneshot::channel();
    let (go_on, goes_on) = mpsc::channel();
    let far = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let layer = ChannelLayer::connect(broker).await.unwrap();
            let app: Router = Channels::new(layer).route::<Hall>("/hall").into_router();
            let builder = Communicator::<Hall>::builder(&app, "/hall");
            let mut member = builder.timeout(Duration::from_secs(20)).connect().await;
            stands.send(()).unwrap();
            // Nothing of this process runs until then.
            let () = goes_on.recv().unwrap();
            let mut numbers = Vec::new();
            for _ in 0..LINES {
                numbers.push(member.receive::<Line>().await.number);
            }
            numbers
        })
    });

    is_standing.await.unwrap();
    let halls = Broadcaster::<Hall>::new(&here);
    for number in 0..LINES {
        let text = String::new();
        let group = format!("group-{}", number * 7 % GROUPS);
        halls
            .broadcast(Line { number, text })
            .to(group)
            .await
            .unwrap();
    }
    go_on.send(()).unwrap();

    let expected: Vec<_> = (0..LINES).collect();
    assert_eq!(far.join().unwrap(), expected);
}

#[tokio::test]
async fn lines_from_redis_come_in_the_order_of_their_publisher() {
    come_in_order::<Redis>().await;
}

#[tokio::test]
async fn lines_from_nats_come_in_the_order_of_their_publisher() {
    come_in_order::<Nats>().await;
}
