//! The tests that `docs/src/guides/authentication.md` shows, run.

use axum::Router;
use chanx::{
    AuthenticationFrames, Bearer, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Ping,
    Pong, Rejection, channel,
};
use chanx_testing::Communicator;

#[derive(Consumer)]
struct Vault;

impl Connect for Vault {
    type Handshake = Bearer;

    async fn connect(token: Bearer) -> Result<Self, Rejection> {
        match token.as_str() {
            "sesame" => Ok(Self),
            _ => Err(Rejection::forbidden("wrong word")),
        }
    }
}

#[channel(name = "vault")]
impl Vault {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

fn app(frames: AuthenticationFrames) -> Router {
    let channels = Channels::new(ChannelLayer::new())
        .options(ChannelOptions::default().authentication_frames(frames))
        .route::<Vault>("/vault");
    Router::new().merge(channels)
}

#[tokio::test(start_paused = true)]
async fn only_who_knows_the_word_comes_in() {
    let app = app(AuthenticationFrames::Off);
    let vault = || Communicator::<Vault>::builder(&app, "/vault");

    vault().bearer("sesame").connect().await; // a program
    vault()
        .subprotocol("bearer")
        .subprotocol("sesame")
        .connect()
        .await; // a browser

    let refused = vault()
        .bearer("guess")
        .connect_or_refused()
        .await
        .unwrap_err();
    assert_eq!(refused.status, 403);
    assert_eq!(refused.detail().as_deref(), Some("wrong word"));

    let page = vault()
        .bearer("sesame")
        .header("origin", "https://evil.example");
    assert_eq!(page.connect_or_refused().await.unwrap_err().status, 403);
}

#[tokio::test(start_paused = true)]
async fn a_page_reads_why_it_is_refused() {
    let app = app(AuthenticationFrames::OnRefusal);
    let vault = Communicator::<Vault>::builder(&app, "/vault");

    vault
        .bearer("guess")
        .connect()
        .await
        .expect_refused(403)
        .await;
}

#[test]
fn the_tests_on_the_page_are_those_of_this_file() {
    let blocks = crate::rust_blocks(include_str!("../../docs/src/guides/authentication.md"));
    let file = include_str!("authentication.rs");

    let tests: Vec<_> = blocks
        .iter()
        .filter(|it| it.contains("#[tokio::test"))
        .collect();
    assert_eq!(tests.len(), 1);
    assert!(
        file.contains(tests[0].as_str()),
        "not in the file:\n{}",
        tests[0]
    );
}
