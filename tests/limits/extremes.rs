//! Every option at its least and at its most: a client is served or told why not, and
//! nothing panics.

use std::time::Duration;

use axum::Router;
use chanx::{
    Broadcaster, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Event,
    HandlerError, Ping, Pong, RateLimit, channel,
};
use chanx_testing::Communicator;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, Event)]
struct Rung;

#[derive(Debug, Default, Connect, Consumer)]
struct Bell;

#[channel(name = "bell", groups = ["ringers"], sends(Ping))]
impl Bell {
    #[ws_handler]
    async fn ping(&mut self, _: Ping, ctx: &mut Context<Self>) -> Result<Pong, HandlerError> {
        ctx.send(Ping).await?;
        Ok(Pong)
    }

    #[event_handler]
    async fn rung(&mut self, _: Rung) -> Pong {
        Pong
    }
}

async fn bell(layer: &ChannelLayer, options: ChannelOptions) -> Communicator<Bell> {
    let channels: Channels = Channels::new(layer.clone())
        .route::<Bell>("/")
        .options(options);
    Communicator::connect(&Router::from(channels), "/").await
}

/// Sends something through the inbox, the layer, the mailbox and the outbox.
async fn is_served(options: ChannelOptions) {
    let layer = ChannelLayer::new();
    let mut client = bell(&layer, options).await;

    for _ in 0..2 {
        client.send(&Ping).await;
        assert_eq!(client.receive::<Ping>().await, Ping);
        assert_eq!(client.receive::<Pong>().await, Pong);

        let receipt = Broadcaster::<Bell>::new(&layer).event(Rung).await.unwrap();
        assert_eq!(receipt.reached, 1);
        assert_eq!(client.receive::<Pong>().await, Pong);
    }
}

#[tokio::test(start_paused = true)]
async fn the_largest_sizes_are_served() {
    let most = usize::MAX;
    is_served(ChannelOptions::default().read_buffer_size(most)).await;
    is_served(ChannelOptions::default().max_message_size(most)).await;
    is_served(ChannelOptions::default().inbox_bytes(most)).await;
    is_served(ChannelOptions::default().outbox_frames(most)).await;
    is_served(ChannelOptions::default().outbox_bytes(most)).await;
    is_served(ChannelOptions::default().mailbox_events(most)).await;
    is_served(ChannelOptions::default().max_groups(most)).await;
    is_served(ChannelOptions::default().max_group_name(most)).await;
    is_served(
        ChannelOptions::default()
            .read_buffer_size(most)
            .max_message_size(most)
            .inbox_bytes(most)
            .outbox_frames(most)
            .outbox_bytes(most)
            .mailbox_events(most),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn sizes_of_nothing_are_at_least_one_thing() {
    is_served(ChannelOptions::default().read_buffer_size(0)).await;
    is_served(ChannelOptions::default().inbox_bytes(0)).await;
    is_served(ChannelOptions::default().outbox_frames(0)).await;
    is_served(ChannelOptions::default().outbox_bytes(0)).await;
    is_served(ChannelOptions::default().mailbox_events(0)).await;
    is_served(
        ChannelOptions::default()
            .read_buffer_size(0)
            .inbox_bytes(0)
            .outbox_frames(0)
            .outbox_bytes(0)
            .mailbox_events(0),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_message_of_no_size_is_too_large() {
    let layer = ChannelLayer::new();
    let mut client = bell(&layer, ChannelOptions::default().max_message_size(0)).await;

    client.send(&Ping).await;

    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn the_longest_times_are_served() {
    let ever = Duration::MAX;
    is_served(ChannelOptions::default().handshake_timeout(ever)).await;
    is_served(ChannelOptions::default().close_timeout(ever)).await;
    is_served(ChannelOptions::default().disconnect_timeout(ever)).await;
    is_served(ChannelOptions::default().ping_interval(ever)).await;
    is_served(ChannelOptions::default().ping_timeout(ever)).await;
    is_served(ChannelOptions::default().idle_timeout(ever)).await;
    is_served(
        ChannelOptions::default()
            .ping_interval(Duration::from_nanos(1))
            .ping_timeout(ever),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn no_time_for_the_end_of_a_connection_is_served() {
    is_served(ChannelOptions::default().close_timeout(Duration::ZERO)).await;
    is_served(ChannelOptions::default().disconnect_timeout(Duration::ZERO)).await;
    is_served(ChannelOptions::default().ping_interval(Duration::ZERO)).await;
}

#[tokio::test(start_paused = true)]
async fn the_highest_rate_is_served() {
    let most = RateLimit::per_second(u32::MAX).burst(u32::MAX);
    is_served(ChannelOptions::default().rate_limit(most)).await;
    let least = RateLimit::per_second(0).burst(u32::MAX);
    is_served(ChannelOptions::default().rate_limit(least)).await;
}
