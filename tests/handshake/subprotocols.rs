//! The choice of a subprotocol.

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, HandlerError, Message,
    channel,
};
use chanx_testing::{Builder, Communicator};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::raw::{self, UPGRADE};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Spoken(Option<String>);

#[derive(Debug, Default, Connect)]
struct Interpreter;

impl Consumer for Interpreter {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let spoken = ctx.request().subprotocol().map(ToOwned::to_owned);
        ctx.send(Spoken(spoken)).await?;
        Ok(())
    }
}

#[channel(name = "interpreter", sends(Spoken))]
impl Interpreter {}

fn app() -> Router {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Interpreter>("/")
        .options(ChannelOptions::default().subprotocols(["chat.v2", "chat.v1"]));
    Router::from(channels)
}

fn door() -> Builder<Interpreter> {
    Communicator::builder(&app(), "/")
}

async fn negotiated(door: Builder<Interpreter>) -> Option<String> {
    let mut client = door.connect().await;
    let answered = client.subprotocol().map(ToOwned::to_owned);
    assert_eq!(client.receive::<Spoken>().await, Spoken(answered.clone()));
    answered
}

#[tokio::test]
async fn the_first_of_ours_that_is_offered_is_spoken() {
    let both = door().subprotocol("chat.v1").subprotocol("chat.v2");
    assert_eq!(negotiated(both).await.as_deref(), Some("chat.v2"));

    let older = door().subprotocol("chat.v0").subprotocol("chat.v1");
    assert_eq!(negotiated(older).await.as_deref(), Some("chat.v1"));
}

#[tokio::test]
async fn what_is_offered_may_stand_on_several_lines() {
    let headers = format!(
        "{UPGRADE}sec-websocket-protocol: chat.v0\r\n\
         sec-websocket-protocol: chat.v3 , chat.v1,\r\n"
    );

    let response = raw::get(app(), "/", &headers).await;

    assert_eq!(response.status, 101);
    let chosen = "\r\nsec-websocket-protocol: chat.v1\r\n";
    assert!(response.head.contains(chosen), "{}", response.head);
}

#[tokio::test]
async fn none_is_spoken_where_none_of_ours_is_offered() {
    assert_eq!(negotiated(door().subprotocol("chat.v3")).await, None);
    assert_eq!(negotiated(door().subprotocol("CHAT.V1")).await, None);
    assert_eq!(negotiated(door()).await, None);
}
