//! Channels that are nested, and several in one application.

use std::sync::{Arc, Mutex};

use axum::Router;
use chanx::{ChannelLayer, Channels, Docs, Info};
use serde_json::Value;
use tracing::subscriber::DefaultGuard;

use crate::{
    kitchen_sink::{Presence, Room},
    request::{get, read},
};

fn addresses(document: &Value) -> Vec<(String, String)> {
    let channels = document["channels"].as_object().unwrap().iter();
    let address = |(name, channel): (&String, &Value)| {
        let address = channel["address"].as_str().unwrap();
        (name.clone(), address.to_owned())
    };
    channels.map(address).collect()
}

fn at(name: &str, address: &str) -> (String, String) {
    (name.to_owned(), address.to_owned())
}

fn rooms() -> Channels {
    Channels::new(ChannelLayer::new())
        .route::<Room>("/room/{room}")
        .asyncapi(Info::new("Rooms", "1.0.0"))
}

fn presence() -> Channels {
    Channels::new(ChannelLayer::new()).route::<Presence>("/presence/{place}")
}

#[tokio::test]
async fn nested_channels_have_their_whole_paths() {
    let channels = rooms().mounted_at("/api/{tenant}/");
    let app = Router::new().nest("/api/{tenant}", channels.into_router());

    let document = get(&app, "/api/acme/asyncapi.json").await.json();

    assert_eq!(
        addresses(&document),
        [at("room", "/api/{tenant}/room/{room}")]
    );
    let parameters = document["channels"]["room"]["parameters"]
        .as_object()
        .unwrap();
    assert_eq!(parameters.keys().collect::<Vec<_>>(), ["room", "tenant"]);
}

#[tokio::test]
async fn a_channel_at_the_root_of_a_nest_has_the_nests_path() {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Presence>("/")
        .asyncapi(Info::new("Presence", "1.0.0"))
        .mounted_at("/presence");

    let document = read(&channels.asyncapi_document());

    assert_eq!(addresses(&document), [at("presence", "/presence")]);
}

#[test]
#[should_panic(expected = "`api` is not a path: start it with a slash")]
fn a_mount_is_a_path() {
    let _ = rooms().mounted_at("api");
}

#[tokio::test]
async fn several_channels_share_a_document() {
    let presence = presence().mounted_at("/live");
    let rooms = rooms().also_document(&presence);
    let app = Router::new()
        .merge(rooms)
        .nest("/live", presence.into_router());

    let document = get(&app, "/asyncapi.json").await.json();

    assert_eq!(
        addresses(&document),
        [
            at("presence", "/live/presence/{place}"),
            at("room", "/room/{room}"),
        ],
    );
}

#[tokio::test]
async fn several_channels_have_a_document_each() {
    let docs = Docs::new(Info::new("Presence", "1.0.0")).at("/presence-docs");
    let app = Router::new()
        .merge(rooms())
        .merge(presence().asyncapi(docs));

    let rooms = get(&app, "/asyncapi.json").await.json();
    let presence = get(&app, "/presence-docs.json").await.json();

    assert_eq!(addresses(&rooms), [at("room", "/room/{room}")]);
    assert_eq!(addresses(&presence), [at("presence", "/presence/{place}")]);
}

#[test]
#[should_panic(expected = "channels have a document once `asyncapi` says what they are")]
fn channels_that_nobody_has_introduced_have_no_document() {
    let _ = presence().asyncapi_document();
}

#[tokio::test]
async fn a_mount_that_is_not_where_the_channels_are_is_told_once() {
    let (log, _guard) = Log::start();
    let app = Router::new().nest("/api", rooms().into_router());

    get(&app, "/api/asyncapi.json").await;
    get(&app, "/api/asyncapi.json").await;

    let told = log.text();
    assert_eq!(told.matches("Channels::mounted_at").count(), 1, "{told}");
    assert!(told.contains(r#"nested="/api""#), "{told}");
}

#[tokio::test]
async fn a_mount_that_is_right_is_not_worth_a_word() {
    let (log, _guard) = Log::start();
    let nested = Router::new().nest("/api", rooms().mounted_at("/api").into_router());
    let merged = Router::from(rooms());

    get(&nested, "/api/asyncapi.json").await;
    get(&merged, "/asyncapi.json").await;

    assert_eq!(log.text(), "");
}

/// The lines that have been logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Takes down what this thread logs from now on, while the guard lives.
    fn start() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
