//! The number of messages that a client may send.

use std::time::Duration;

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Ping, Pong, RateLimit, channel,
};
use chanx_testing::{Communicator, Frame};
use serde_json::json;
use tokio::time::advance;

#[derive(Debug, Default, Connect, Consumer)]
struct Tap;

#[channel(name = "tap")]
impl Tap {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

async fn tap(limit: impl Into<Option<RateLimit>>) -> Communicator<Tap> {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Tap>("/")
        .options(ChannelOptions::default().rate_limit(limit));
    Communicator::connect(&Router::from(channels), "/").await
}

async fn is_answered(client: &mut Communicator<Tap>) {
    client.send(&Ping).await;
    assert_eq!(client.receive::<Pong>().await, Pong);
}

async fn is_refused(client: &mut Communicator<Tap>) {
    client.send(&Ping).await;
    client.expect_error("rate_limited").await;
}

#[tokio::test(start_paused = true)]
async fn there_is_no_limit_by_default() {
    let mut client = tap(None).await;

    for _ in 0..1000 {
        is_answered(&mut client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn as_many_messages_as_said_are_handled_at_once_and_one_more_is_refused() {
    let mut client = tap(RateLimit::per_second(3)).await;

    for _ in 0..3 {
        is_answered(&mut client).await;
    }

    is_refused(&mut client).await;
}

#[tokio::test(start_paused = true)]
async fn a_burst_may_be_larger_than_what_a_second_brings() {
    let mut client = tap(RateLimit::per_second(1).burst(5)).await;

    for _ in 0..5 {
        is_answered(&mut client).await;
    }

    is_refused(&mut client).await;
}

#[tokio::test(start_paused = true)]
async fn one_message_is_the_least_that_a_limit_lets_through() {
    let mut client = tap(RateLimit::per_second(0).burst(0)).await;

    is_answered(&mut client).await;

    is_refused(&mut client).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_message_is_not_handled_and_answered_with_its_ref() {
    let mut client = tap(RateLimit::per_second(1)).await;
    is_answered(&mut client).await;

    client
        .send_json(json!({"action": "ping", "ref": "9"}))
        .await;

    let error = client.receive_json().await;
    assert_eq!(error["ref"], "9");
    assert_eq!(
        error["payload"],
        json!({"detail": "too many messages", "reason": "rate_limited"})
    );
    client.receive_nothing().await;
}

#[tokio::test(start_paused = true)]
async fn time_brings_room_for_more() {
    let mut client = tap(RateLimit::per_second(2)).await;
    is_answered(&mut client).await;
    is_answered(&mut client).await;
    is_refused(&mut client).await;

    advance(Duration::from_millis(500)).await;

    is_answered(&mut client).await;
    is_refused(&mut client).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_still_above_a_second_later_is_closed_with_1008() {
    let mut client = tap(RateLimit::per_second(1)).await;
    is_answered(&mut client).await;
    is_refused(&mut client).await;
    advance(Duration::from_millis(999)).await;
    is_refused(&mut client).await;

    advance(Duration::from_millis(1)).await;
    is_answered(&mut client).await;
    is_refused(&mut client).await;

    let closed = client.closed().await;
    assert_eq!(
        (closed.code, closed.reason.as_str()),
        (1008, "too many messages")
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_slows_down_is_forgiven() {
    let mut client = tap(RateLimit::per_second(1)).await;

    for _ in 0..5 {
        is_answered(&mut client).await;
        is_refused(&mut client).await;
        advance(Duration::from_secs(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn messages_that_nobody_can_read_count_too() {
    let mut client = tap(RateLimit::per_second(3)).await;

    client.send_text("nonsense").await;
    client.expect_error("json_invalid").await;
    client.send_binary(vec![1]).await;
    client.expect_error("json_invalid").await;
    client.send_json(json!({"action": "nonsense"})).await;
    client.expect_error("union_tag_invalid").await;

    client.send_text("nonsense").await;
    client.expect_error("rate_limited").await;
}

#[tokio::test(start_paused = true)]
async fn each_connection_is_counted_by_itself() {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Tap>("/")
        .options(ChannelOptions::default().rate_limit(RateLimit::per_second(1)));
    let app = Router::from(channels);
    let mut one = Communicator::<Tap>::connect(&app, "/").await;
    let mut two = Communicator::<Tap>::connect(&app, "/").await;

    is_answered(&mut one).await;
    is_refused(&mut one).await;
    is_answered(&mut two).await;
}

async fn send_for_three_seconds(client: &mut Communicator<Tap>, frame: &Frame, a_second: u32) {
    for _ in 0..3 * a_second {
        client.send_frame(frame.clone()).await;
        advance(Duration::from_secs(1) / a_second).await;
    }
}

#[tokio::test(start_paused = true)]
async fn pings_and_pongs_above_the_limit_end_the_connection() {
    for frame in [Frame::Ping("".into()), Frame::Pong("unasked".into())] {
        let mut client = tap(RateLimit::per_second(10)).await;

        send_for_three_seconds(&mut client, &frame, 20).await;

        assert_eq!(client.closed().await.code, 1008, "{frame:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn pings_within_the_limit_take_nothing_from_messages() {
    let mut client = tap(RateLimit::per_second(10)).await;

    send_for_three_seconds(&mut client, &Frame::Ping("".into()), 10).await;

    for _ in 0..10 {
        is_answered(&mut client).await;
    }
}

#[tokio::test(start_paused = true)]
async fn pings_are_unlimited_where_messages_are() {
    let mut client = tap(None).await;

    send_for_three_seconds(&mut client, &Frame::Ping("".into()), 100).await;

    is_answered(&mut client).await;
}
