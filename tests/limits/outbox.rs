//! The messages that may wait for a client that does not read.
//!
//! A test client's connection has completion frames, so that a group message
//! is two frames here.

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Control, HandlerError,
    Message, MessageSet, Overflow, channel,
    wire::{Encoder, Envelope, GROUP_COMPLETE},
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for group messages, faster than anybody could read them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Flood {
    drops: u32,
}

/// Asks for messages of the connection's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Pour {
    drops: u32,
    bytes: usize,
}

/// Asks for messages of the connection's own, and for group messages behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Mix {
    own: u32,
    drops: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Drop {
    n: u32,
    water: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Flooded {
    reached: usize,
    dropped: usize,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Bucket;

#[channel(name = "bucket", groups = ["all"], sends(Drop))]
impl Bucket {
    #[ws_handler]
    async fn flood(
        &mut self,
        flood: Flood,
        ctx: &mut Context<Self>,
    ) -> Result<Flooded, HandlerError> {
        let (mut reached, mut dropped) = (0, 0);
        for n in 0..flood.drops {
            let receipt = ctx.broadcast(drop_of(n, 10)).await?;
            reached += receipt.reached;
            dropped += receipt.dropped;
        }
        Ok(Flooded { reached, dropped })
    }

    #[ws_handler]
    async fn mix(&mut self, mix: Mix, ctx: &mut Context<Self>) -> Result<Flooded, HandlerError> {
        for n in 0..mix.own {
            ctx.send(drop_of(100 + n, 10)).await?;
        }
        self.flood(Flood { drops: mix.drops }, ctx).await
    }

    #[ws_handler]
    async fn pour(&mut self, pour: Pour, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        for n in 0..pour.drops {
            ctx.send(drop_of(n, pour.bytes)).await?;
        }
        Ok(())
    }
}

fn drop_of(n: u32, bytes: usize) -> Drop {
    Drop {
        n,
        water: "~".repeat(bytes),
    }
}

/// The bytes that one group message takes, its completion included.
fn cost() -> usize {
    let frame = drop_of(0, 10).encode(Encoder::new(Envelope::push()));
    frame.unwrap().len() + GROUP_COMPLETE.len()
}

async fn bucket(options: ChannelOptions) -> (Communicator<Bucket>, Control) {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Bucket>("/")
        .options(options);
    let control = channels.control();
    let client = Communicator::connect(&Router::from(channels), "/").await;
    (client, control)
}

/// Receives so many drops, from the one with this number on.
async fn receives(client: &mut Communicator<Bucket>, drops: std::ops::Range<u32>) {
    for n in drops {
        assert_eq!(client.receive::<Drop>().await, drop_of(n, 10));
    }
}

async fn is_closed_as_too_slow(mut client: Communicator<Bucket>) {
    let closed = client.closed().await;
    assert_eq!((closed.code, closed.reason.as_str()), (1013, "too slow"));
}

#[tokio::test(start_paused = true)]
async fn frames_up_to_the_capacity_arrive() {
    let (mut client, _) = bucket(ChannelOptions::default().outbox_frames(8)).await;

    for drops in [3, 4] {
        client.send(&Flood { drops }).await;

        receives(&mut client, 0..drops).await;
        let flooded = client.receive::<Flooded>().await;
        assert_eq!((flooded.reached, flooded.dropped), (drops as usize, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn one_frame_more_closes_with_1013_by_default() {
    let (mut client, control) = bucket(ChannelOptions::default().outbox_frames(8)).await;

    client.send(&Flood { drops: 5 }).await;

    is_closed_as_too_slow(client).await;
    // One message found no room, and four were waiting.
    assert_eq!(control.stats().channels[0].1.dropped_frames, 5);
}

#[tokio::test(start_paused = true)]
async fn the_newest_is_dropped_and_lagged_comes_in_its_place() {
    let options = ChannelOptions::default().outbox_frames(8);
    let (mut client, control) = bucket(options.overflow(Overflow::DropNewest)).await;

    client.send(&Flood { drops: 6 }).await;

    receives(&mut client, 0..4).await;
    client.expect_error("lagged").await;
    let flooded = client.receive::<Flooded>().await;
    assert_eq!((flooded.reached, flooded.dropped), (4, 2));
    assert_eq!(control.stats().channels[0].1.dropped_frames, 2);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_is_dropped_and_lagged_comes_in_its_place() {
    let options = ChannelOptions::default().outbox_frames(8);
    let (mut client, control) = bucket(options.overflow(Overflow::DropOldest)).await;

    client.send(&Flood { drops: 6 }).await;

    client.expect_error("lagged").await;
    receives(&mut client, 2..6).await;
    let flooded = client.receive::<Flooded>().await;
    assert_eq!((flooded.reached, flooded.dropped), (4, 2));
    assert_eq!(control.stats().channels[0].1.dropped_frames, 2);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_of_what_was_published_is_dropped_and_nothing_of_the_consumers_own() {
    let options = ChannelOptions::default().outbox_frames(8);
    let (mut client, control) = bucket(options.overflow(Overflow::DropOldest)).await;

    client.send(&Mix { own: 2, drops: 6 }).await;

    receives(&mut client, 100..102).await;
    client.expect_error("lagged").await;
    receives(&mut client, 3..6).await;
    let flooded = client.receive::<Flooded>().await;
    assert_eq!((flooded.reached, flooded.dropped), (3, 3));
    assert_eq!(control.stats().channels[0].1.dropped_frames, 3);
}

#[tokio::test(start_paused = true)]
async fn the_newest_is_dropped_where_only_the_consumers_own_wait() {
    let options = ChannelOptions::default().outbox_frames(2);
    let (mut client, _) = bucket(options.overflow(Overflow::DropOldest)).await;

    client.send(&Mix { own: 1, drops: 1 }).await;

    receives(&mut client, 100..101).await;
    client.expect_error("lagged").await;
    let flooded = client.receive::<Flooded>().await;
    assert_eq!((flooded.reached, flooded.dropped), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn who_catches_up_is_told_once_and_goes_on() {
    let options = ChannelOptions::default().outbox_frames(8);
    let (mut client, _) = bucket(options.overflow(Overflow::DropNewest)).await;
    client.send(&Flood { drops: 9 }).await;
    receives(&mut client, 0..4).await;
    client.expect_error("lagged").await;
    client.receive::<Flooded>().await;

    client.send(&Flood { drops: 4 }).await;

    receives(&mut client, 0..4).await;
    assert_eq!(client.receive::<Flooded>().await.dropped, 0);
}

#[tokio::test(start_paused = true)]
async fn bytes_up_to_the_capacity_arrive() {
    for spare in [0, 1] {
        let options = ChannelOptions::default().outbox_bytes(3 * cost() + spare);
        let (mut client, _) = bucket(options).await;

        client.send(&Flood { drops: 3 }).await;

        receives(&mut client, 0..3).await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_byte_more_closes_with_1013() {
    let options = ChannelOptions::default().outbox_bytes(3 * cost() - 1);
    let (mut client, _) = bucket(options).await;

    client.send(&Flood { drops: 3 }).await;

    is_closed_as_too_slow(client).await;
}

#[tokio::test(start_paused = true)]
async fn bytes_are_dropped_under_the_same_policies() {
    let options = ChannelOptions::default().outbox_bytes(3 * cost() - 1);
    let (mut newest, _) = bucket(options.clone().overflow(Overflow::DropNewest)).await;
    let (mut oldest, _) = bucket(options.overflow(Overflow::DropOldest)).await;

    newest.send(&Flood { drops: 3 }).await;
    receives(&mut newest, 0..2).await;
    newest.expect_error("lagged").await;

    oldest.send(&Flood { drops: 3 }).await;
    oldest.expect_error("lagged").await;
    receives(&mut oldest, 1..3).await;
}

#[tokio::test(start_paused = true)]
async fn one_message_always_fits() {
    let options = ChannelOptions::default().outbox_bytes(1).outbox_frames(1);
    let (mut client, _) = bucket(options).await;

    client.send(&Flood { drops: 1 }).await;

    receives(&mut client, 0..1).await;
}

#[tokio::test(start_paused = true)]
async fn a_consumers_own_messages_wait_and_never_overflow() {
    let options = ChannelOptions::default().outbox_frames(2).outbox_bytes(100);
    let (mut client, control) = bucket(options).await;

    client
        .send(&Pour {
            drops: 100,
            bytes: 10,
        })
        .await;

    receives(&mut client, 0..100).await;
    assert_eq!(control.stats().channels[0].1.dropped_frames, 0);
}

#[tokio::test(start_paused = true)]
async fn a_message_larger_than_the_outbox_is_sent() {
    let (mut client, _) = bucket(ChannelOptions::default().outbox_bytes(100)).await;

    client
        .send(&Pour {
            drops: 2,
            bytes: 5000,
        })
        .await;

    assert_eq!(client.receive::<Drop>().await, drop_of(0, 5000));
    assert_eq!(client.receive::<Drop>().await, drop_of(1, 5000));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_costs_nobody_but_itself() {
    let options = ChannelOptions::default().outbox_frames(1000);
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Bucket>("/")
        .options(options);
    let app = Router::from(channels);
    let idle = Communicator::<Bucket>::connect(&app, "/").await;
    let mut busy = Communicator::<Bucket>::connect(&app, "/").await;

    for _ in 0..100 {
        busy.send(&Flood { drops: 50 }).await;
        receives(&mut busy, 0..50).await;
        busy.receive::<Flooded>().await;
    }

    let mut idle = idle;
    let read = idle.receive_all(chanx_testing::Until::Closed).await;
    assert!(read.len() < 5000);
    assert_eq!(idle.closed().await.code, 1013);
}
