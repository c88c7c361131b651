//! Compressed messages, as a client over TCP sees them.

mod client;

use std::net::SocketAddr;

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, ChannelStats, Channels, Compression, Connect, Consumer, Context,
    Control, HandlerError, Message, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::client::Client;

/// The offer of Chromium.
const CHROMIUM: &str = "permessage-deflate; client_max_window_bits";

/// A text for all, or for who asks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct News {
    text: String,
}

/// Asks for the text that it carries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Echo {
    text: String,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Board;

#[channel(name = "board", groups = ["all"], sends(News))]
impl Board {
    #[ws_handler]
    async fn echo(&self, echo: Echo) -> News {
        News { text: echo.text }
    }

    #[ws_handler]
    async fn news(&self, news: News, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.broadcast(news).await?;
        Ok(())
    }
}

struct Server {
    address: SocketAddr,
    control: Control,
}

impl Server {
    async fn start(options: ChannelOptions) -> Self {
        let channels: Channels = Channels::new(ChannelLayer::new())
            .options(options)
            .route::<Board>("/");
        let control = channels.control();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let app = Router::from(channels);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, control }
    }

    async fn compressing() -> Self {
        Self::start(ChannelOptions::default().compression(Compression::default())).await
    }

    async fn client(&self, extensions: &str) -> Client {
        Client::connect(self.address, "/", extensions).await
    }

    /// The counters, once every connection is over.
    async fn stats(&self) -> ChannelStats {
        self.control.shutdown().await;
        self.control.stats().channels[0].1
    }
}

fn ask(action: &str, text: &str) -> String {
    format!(r#"{{"action":"{action}","payload":{{"text":"{text}"}}}}"#)
}

fn long() -> String {
    "the same again, ".repeat(100)
}

#[tokio::test]
async fn a_long_reply_comes_compressed_and_a_short_one_as_it_is() {
    let server = Server::compressing().await;
    let mut client = server.client(CHROMIUM).await;
    assert_eq!(
        client.agreed(),
        Some("permessage-deflate; server_no_context_takeover; client_no_context_takeover")
    );

    for (text, compressed) in [(long(), true), ("short".to_owned(), false), (long(), true)] {
        client.send(&ask("echo", &text)).await;
        let frame = client.frame().await;
        assert_eq!(frame.text(), ask("news", &text));
        assert_eq!(frame.compressed, compressed);
    }
}

#[tokio::test]
async fn the_threshold_is_the_shortest_message_that_is_compressed() {
    let news = ask("news", &long());
    for (threshold, compressed) in [(0, true), (news.len(), true), (news.len() + 1, false)] {
        let options = ChannelOptions::default().compression(Compression::above(threshold));
        let server = Server::start(options).await;
        let mut client = server.client(CHROMIUM).await;

        for action in ["echo", "news"] {
            client.send(&ask(action, &long())).await;
            let frame = client.frame().await;
            assert_eq!(frame.text(), news);
            assert_eq!(frame.compressed, compressed, "{action} above {threshold}");
        }
    }
}

#[tokio::test]
async fn a_compressed_message_is_handled_as_any_other() {
    let server = Server::compressing().await;
    let mut client = server.client(CHROMIUM).await;

    for text in [long(), "short".to_owned(), String::new()] {
        client.send_deflated(&ask("echo", &text)).await;
        assert_eq!(client.frame().await.text(), ask("news", &text));
    }
}

#[tokio::test]
async fn a_broadcast_reaches_who_compresses_and_who_does_not() {
    let server = Server::compressing().await;
    let mut plain = server.client("x-unknown").await;
    assert_eq!(plain.agreed(), None);
    let mut small = server
        .client("permessage-deflate; server_max_window_bits=9")
        .await;
    let agreed = small.agreed().expect("it is agreed");
    assert!(agreed.ends_with("; server_max_window_bits=9"), "{agreed}");
    let mut one = server.client(CHROMIUM).await;
    let mut other = server.client(CHROMIUM).await;
    // Each is in the group once it has been answered.
    for client in [&mut plain, &mut small, &mut one, &mut other] {
        client.send(&ask("echo", "")).await;
        client.frame().await;
    }

    one.send(&ask("news", &long())).await;

    let sent = one.frame().await;
    assert!(sent.compressed);
    assert_eq!(other.frame().await, sent);
    let frame = small.frame().await;
    assert!(frame.compressed);
    assert_eq!(frame.text(), ask("news", &long()));
    let frame = plain.frame().await;
    assert!(!frame.compressed);
    assert_eq!(frame.text(), ask("news", &long()));
}

#[tokio::test]
async fn what_decompresses_to_too_much_closes_with_1009() {
    let server = Server::compressing().await;
    let mut client = server.client(CHROMIUM).await;

    client
        .send_deflated(&ask("echo", &" ".repeat(64 * 1024)))
        .await;

    assert_eq!(client.frame().await.close_code(), 1009);
}

#[tokio::test]
async fn without_the_option_nothing_is_agreed_and_nothing_compressed_is_read() {
    let server = Server::start(ChannelOptions::default()).await;
    let mut client = server.client(CHROMIUM).await;
    assert_eq!(client.agreed(), None);
    client.send(&ask("echo", &long())).await;
    assert!(!client.frame().await.compressed);

    client.send_deflated(&ask("echo", "")).await;

    assert_eq!(client.frame().await.close_code(), 1002);
}

#[tokio::test]
async fn an_offer_that_cannot_be_met_is_declined_and_the_connection_goes_on() {
    let server = Server::compressing().await;
    let unmet = "permessage-deflate; server_max_window_bits=8, permessage-deflate; unknown";
    let mut client = server.client(unmet).await;
    assert_eq!(client.agreed(), None);

    client.send(&ask("echo", &long())).await;

    assert!(!client.frame().await.compressed);
}

#[tokio::test]
async fn malformed_extensions_are_a_bad_request() {
    let server = Server::compressing().await;

    let client = server.client("permessage-deflate; =").await;

    assert!(
        client.answer.starts_with("HTTP/1.1 400 "),
        "{}",
        client.answer
    );
}

#[tokio::test]
async fn bytes_are_counted_before_and_after_compression() {
    let server = Server::compressing().await;
    let mut client = server.client(CHROMIUM).await;
    let (asked, answer) = (ask("echo", &long()), ask("news", &long()));
    client.send_deflated(&asked).await;
    let compressed = client.frame().await.payload.len() as u64;
    client.send(&ask("echo", "")).await;
    let short = client.frame().await.payload.len() as u64;

    drop(client);
    let stats = server.stats().await;

    assert_eq!(stats.bytes_out, answer.len() as u64 + short);
    assert_eq!(stats.wire_bytes_out, compressed + short);
    assert_eq!(stats.bytes_in, (asked.len() + ask("echo", "").len()) as u64);
    assert!(stats.wire_bytes_in < 300, "{stats:?}");
}
