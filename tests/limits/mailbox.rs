//! The number of events that may wait for a consumer.

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Control,
    Event, HandlerError, Message, Overflow, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for events, while the handler keeps the consumer from handling them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Ring {
    times: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Rung {
    reached: usize,
    dropped: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Bell {
    n: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Heard {
    n: u32,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Sexton;

#[channel(name = "sexton", groups = ["all"])]
impl Sexton {
    #[ws_handler]
    async fn ring(&mut self, ring: Ring, ctx: &mut Context<Self>) -> Result<Rung, HandlerError> {
        let sextons = Broadcaster::<Self>::new(ctx.layer());
        let (mut reached, mut dropped) = (0, 0);
        for n in 0..ring.times {
            let receipt = sextons.event(Bell { n }).await?;
            reached += receipt.reached;
            dropped += receipt.dropped;
        }
        Ok(Rung { reached, dropped })
    }

    #[event_handler]
    async fn bell(&mut self, bell: Bell) -> Heard {
        Heard { n: bell.n }
    }
}

async fn sexton(options: ChannelOptions) -> (Communicator<Sexton>, Control) {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Sexton>("/")
        .options(options.mailbox_events(4));
    let control = channels.control();
    let client = Communicator::connect(&Router::from(channels), "/").await;
    (client, control)
}

async fn hears(client: &mut Communicator<Sexton>, bells: std::ops::Range<u32>) {
    for n in bells {
        assert_eq!(client.receive::<Heard>().await, Heard { n });
    }
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn events_up_to_the_capacity_are_handled() {
    for times in [3, 4] {
        let (mut client, _) = sexton(ChannelOptions::default()).await;

        client.send(&Ring { times }).await;

        assert_eq!(client.receive::<Rung>().await.dropped, 0);
        hears(&mut client, 0..times).await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_event_more_closes_with_1013_by_default() {
    let (mut client, control) = sexton(ChannelOptions::default()).await;

    client.send(&Ring { times: 5 }).await;

    assert_eq!(client.closed().await.code, 1013);
    let stats = control.stats().channels[0].1;
    // One event found no room, and four were waiting.
    assert_eq!((stats.dropped_events, stats.dropped_frames), (5, 0));
}

#[tokio::test(start_paused = true)]
async fn the_newest_is_dropped_and_the_next_frame_says_lagged() {
    let (mut client, control) =
        sexton(ChannelOptions::default().overflow(Overflow::DropNewest)).await;

    client.send(&Ring { times: 6 }).await;

    client.expect_error("lagged").await;
    let rung = client.receive::<Rung>().await;
    assert_eq!((rung.reached, rung.dropped), (4, 2));
    hears(&mut client, 0..4).await;
    assert_eq!(control.stats().channels[0].1.dropped_events, 2);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_is_dropped_and_the_next_frame_says_lagged() {
    let (mut client, control) =
        sexton(ChannelOptions::default().overflow(Overflow::DropOldest)).await;

    client.send(&Ring { times: 6 }).await;

    client.expect_error("lagged").await;
    let rung = client.receive::<Rung>().await;
    assert_eq!((rung.reached, rung.dropped), (4, 2));
    hears(&mut client, 2..6).await;
    assert_eq!(control.stats().channels[0].1.dropped_events, 2);
}
