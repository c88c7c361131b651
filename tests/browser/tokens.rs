//! Tokens that are refused or expire, as a page of Chromium bears it.

use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use chanx::{
    AuthenticationFrames, Bearer, ChannelLayer, Channels, Connect, Consumer, Info, Ping, Pong,
    Rejection, channel,
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::browser::{Browser, Driver};

/// Lets in whoever has a token that tells until when it is good, in milliseconds.
struct Vault {
    until: u64,
}

impl Connect for Vault {
    type Handshake = Bearer;

    async fn connect(token: Bearer) -> Result<Self, Rejection> {
        let until = token.as_str().parse();
        let until = until.map_err(|_| Rejection::unauthorized("no such token"))?;
        Ok(Self { until })
    }
}

impl Consumer for Vault {
    fn expires_at(&self) -> Option<std::time::SystemTime> {
        Some(UNIX_EPOCH + Duration::from_millis(self.until))
    }
}

#[channel(name = "vault", security(bearer))]
impl Vault {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

/// A page of the server, in a browser that ends with `driver`.
async fn page(driver: &Driver) -> Browser {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route_with::<Vault>("/ws/vault", |options| {
            options.authentication_frames(AuthenticationFrames::OnRefusal)
        })
        .asyncapi(Info::new("Vault", "1.0.0"));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let app = Router::from(channels);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let browser = driver.browser().await;
    browser.open(&format!("http://{address}/asyncapi")).await;
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expires_is_followed_by_a_fresh_one_once() {
    let driver = Driver::start();
    let browser = page(&driver).await;

    let states = r#"
        return import("/asyncapi/client.js").then(async ({ channels }) => {
            let given = 0;
            const token = () => ((given += 1), String(Date.now() + 500));
            const vault = channels(undefined, { minDelay: 10 }).vault({ token });
            const states = [];
            await new Promise((done) => vault.onStatus(({ state, why }) => {
                states.push(state);
                if (state === "closed") states.push(why.code), done();
            }));
            return [given, states];
        })
    "#;
    assert_eq!(
        browser.run(states).await,
        json!([2, ["open", "waiting", "connecting", "open", "closed", 4401]])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_refused_is_told_with_the_servers_own_words() {
    let driver = Driver::start();
    let browser = page(&driver).await;

    let ending = r#"
        return import("/asyncapi/client.js").then(async ({ channels }) => {
            const vault = channels().vault({ token: "wrong" });
            const asked = vault.request("ping");
            const { state, why, unsent } = await vault.settled();
            const { error } = await asked;
            return [state, why.code, why.status, why.detail, unsent, error.kind, error.sent];
        })
    "#;
    assert_eq!(
        browser.run(ending).await,
        json!(["closed", 4401, 401, "no such token", 1, "cut_off", false])
    );
}
