//! The largest message.

use axum::Router;
use chanx::{ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Ping, Pong, channel};
use chanx_testing::{Communicator, Frame};

#[derive(Debug, Default, Connect, Consumer)]
struct Scales;

#[channel(name = "scales")]
impl Scales {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

async fn scales(options: ChannelOptions) -> Communicator<Scales> {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Scales>("/")
        .options(options);
    Communicator::connect(&Router::from(channels), "/").await
}

/// A ping of so many bytes.
fn ping(bytes: usize) -> String {
    let (before, after) = (r#"{"action":"ping","padding":""#, r#""}"#);
    let padding = "x".repeat(bytes - before.len() - after.len());
    format!("{before}{padding}{after}")
}

/// One message in fragments of this size.
async fn send_in_fragments(client: &mut Communicator<Scales>, message: &str, size: usize) {
    let fragments: Vec<_> = message.as_bytes().chunks(size).collect();
    for (n, fragment) in fragments.iter().enumerate() {
        let frame = Frame::Fragment {
            bytes: fragment.to_vec().into(),
            is_first: n == 0,
            is_last: n + 1 == fragments.len(),
        };
        client.send_frame(frame).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_may_have_64_kib_by_default() {
    let mut client = scales(ChannelOptions::default()).await;

    for bytes in [64 * 1024 - 1, 64 * 1024] {
        client.send_text(ping(bytes)).await;
        assert_eq!(client.receive::<Pong>().await, Pong);
    }

    send_in_fragments(&mut client, &ping(64 * 1024 + 1), 32 * 1024).await;
    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn a_message_may_be_as_large_as_said() {
    let mut client = scales(ChannelOptions::default().max_message_size(1000)).await;

    for bytes in [999, 1000] {
        client.send_text(ping(bytes)).await;
        assert_eq!(client.receive::<Pong>().await, Pong);
    }

    client.send_text(ping(1001)).await;
    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn a_message_in_fragments_counts_as_a_whole() {
    let mut client = scales(ChannelOptions::default().max_message_size(1000)).await;

    for bytes in [999, 1000] {
        send_in_fragments(&mut client, &ping(bytes), 300).await;
        assert_eq!(client.receive::<Pong>().await, Pong);
    }

    send_in_fragments(&mut client, &ping(1001), 300).await;
    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_never_ends_is_closed_at_the_limit() {
    let mut client = scales(ChannelOptions::default().max_message_size(1000)).await;

    let part = |is_first| Frame::Fragment {
        bytes: vec![b'x'; 600].into(),
        is_first,
        is_last: false,
    };
    client.send_frame(part(true)).await;
    client.receive_nothing().await;
    client.send_frame(part(false)).await;

    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn a_binary_message_has_the_same_limit() {
    let mut client = scales(ChannelOptions::default().max_message_size(1000)).await;

    client.send_binary(vec![0; 1000]).await;
    client.expect_error("json_invalid").await;

    client.send_binary(vec![0; 1001]).await;
    assert_eq!(client.closed().await.code, 1009);
}

#[tokio::test(start_paused = true)]
async fn a_message_larger_than_the_inbox_is_handled() {
    let options = ChannelOptions::default().inbox_bytes(10);
    let mut client = scales(options).await;

    client.send_text(ping(5000)).await;
    client.send_text(ping(5000)).await;

    assert_eq!(client.receive::<Pong>().await, Pong);
    assert_eq!(client.receive::<Pong>().await, Pong);
}
