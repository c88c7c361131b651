//! Compression, as Chromium negotiates it (RFC 7692).

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Compression, Connect, Consumer, Info, Message, channel,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::net::TcpListener;

use crate::browser::Driver;

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Say {
    text: String,
}

#[derive(Serialize, Deserialize, JsonSchema, Message)]
struct Said {
    text: String,
}

#[derive(Default, Connect, Consumer)]
struct Echo;

#[channel(name = "echo")]
impl Echo {
    #[ws_handler]
    async fn say(&self, Say { text }: Say) -> Said {
        Said { text }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_and_the_server_compress_what_they_send() {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .options(ChannelOptions::default().compression(Compression::above(256)))
        .route::<Echo>("/ws/echo")
        .asyncapi(Info::new("Echo", "1.0.0"));
    let control = channels.control();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::from(channels);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let driver = Driver::start();
    let browser = driver.browser().await;
    browser.open(&format!("http://{address}/asyncapi")).await;

    let negotiated = r#"
        const socket = new WebSocket(`ws://${location.host}/ws/echo`);
        return new Promise((done) => (socket.onopen = () => done(socket.extensions)))
            .finally(() => socket.close());
    "#;
    let negotiated = browser.run(negotiated).await;
    assert!(
        negotiated
            .as_str()
            .is_some_and(|it| it.starts_with("permessage-deflate")),
        "{negotiated}"
    );
    // Messages of all sizes: those below the bound go as they are.
    let echoed = r#"
        return import("/asyncapi/client.js").then(async ({ channels }) => {
            const echo = channels().echo();
            const texts = [0, 1, 20, 25, 200, 5_000].map((times) => "größe ".repeat(times));
            const answers = await Promise.all(texts.map((text) => echo.request("say", { text })));
            echo.close();
            return answers.map((answer, at) => answer.ok ? answer.payload.text === texts[at] : answer.error);
        })
    "#;
    assert_eq!(
        browser.run(echoed).await,
        json!([true, true, true, true, true, true])
    );

    let stats = control.stats();
    let (_, echo) = &stats.channels[0];
    assert!(echo.bytes_in > 40_000, "{echo:?}");
    assert!(echo.wire_bytes_in < echo.bytes_in / 20, "{echo:?}");
    assert!(echo.bytes_out > 40_000, "{echo:?}");
    assert!(echo.wire_bytes_out < echo.bytes_out / 20, "{echo:?}");
}
