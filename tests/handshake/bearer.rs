//! The places in which a bearer token may stand.

use axum::{Router, http::StatusCode};
use chanx::{
    Bearer, ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, HandlerError,
    Message, Rejection, channel,
};
use chanx_testing::{Builder, Communicator};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Token(String);

#[derive(Debug)]
struct Vault {
    token: Bearer,
}

impl Connect for Vault {
    type Handshake = Bearer;

    async fn connect(token: Bearer) -> Result<Self, Rejection> {
        Ok(Self { token })
    }
}

impl Consumer for Vault {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.send(Token(self.token.as_str().to_owned())).await?;
        Ok(())
    }
}

#[channel(name = "vault", sends(Token))]
impl Vault {}

fn channels() -> Channels {
    Channels::new(ChannelLayer::new()).route::<Vault>("/vault")
}

fn door(channels: Channels) -> Builder<Vault> {
    Communicator::builder(&Router::from(channels), "/vault")
}

async fn token(builder: Builder<Vault>) -> String {
    builder.connect().await.receive::<Token>().await.0
}

async fn refused(builder: Builder<Vault>) -> StatusCode {
    builder.connect_or_refused().await.unwrap_err().status
}

#[tokio::test]
async fn a_token_is_taken_from_the_authorization_header() {
    assert_eq!(token(door(channels()).bearer("sesame")).await, "sesame");
}

#[tokio::test]
async fn the_scheme_of_the_authorization_header_is_case_insensitive() {
    let door = door(channels()).header("authorization", "bEARER sesame");

    assert_eq!(token(door).await, "sesame");
}

#[tokio::test]
async fn a_token_is_taken_from_the_subprotocols_and_answered_as_negotiated() {
    let door = door(channels()).subprotocol("bearer").subprotocol("sesame");

    let mut client = door.connect().await;

    assert_eq!(client.subprotocol(), Some("bearer"));
    assert_eq!(client.receive::<Token>().await.0, "sesame");
}

#[tokio::test]
async fn a_subprotocol_of_ours_is_preferred_to_bearer_and_the_token_is_taken_all_the_same() {
    let options = ChannelOptions::default().subprotocols(["chat.v1"]);
    let door = door(channels().options(options))
        .subprotocol("bearer")
        .subprotocol("sesame")
        .subprotocol("chat.v1");

    let mut client = door.connect().await;

    assert_eq!(client.subprotocol(), Some("chat.v1"));
    assert_eq!(client.receive::<Token>().await.0, "sesame");
}

#[tokio::test]
async fn a_subprotocol_of_ours_is_no_token() {
    let options = ChannelOptions::default().subprotocols(["chat.v1", "chat.v2"]);
    let door = || door(channels().bearer_query("token").options(options.clone()));

    let without_a_token = door().subprotocol("bearer").subprotocol("chat.v2");
    assert_eq!(refused(without_a_token).await, StatusCode::UNAUTHORIZED);

    let behind_ours = door()
        .subprotocol("bearer")
        .subprotocol("chat.v2")
        .subprotocol("sesame");
    assert_eq!(refused(behind_ours).await, StatusCode::UNAUTHORIZED);

    let in_the_query = door()
        .subprotocol("bearer")
        .subprotocol("chat.v2")
        .query("token", "sesame");
    assert_eq!(token(in_the_query).await, "sesame");
}

#[tokio::test]
async fn a_token_is_taken_from_the_query_where_it_is_allowed() {
    let door = door(channels().bearer_query("token")).query("token", "open sesame/+&");

    assert_eq!(token(door).await, "open sesame/+&");
}

#[tokio::test]
async fn a_token_is_not_taken_from_the_query_otherwise() {
    let by_default = door(channels()).query("token", "sesame");
    assert_eq!(refused(by_default).await, StatusCode::UNAUTHORIZED);

    let other_name = door(channels().bearer_query("token")).query("access", "sesame");
    assert_eq!(refused(other_name).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_header_goes_before_the_subprotocol_and_that_before_the_query() {
    let everywhere = || {
        door(channels().bearer_query("token"))
            .query("token", "query")
            .subprotocol("bearer")
            .subprotocol("subprotocol")
    };

    assert_eq!(token(everywhere().bearer("header")).await, "header");
    assert_eq!(token(everywhere()).await, "subprotocol");
}

#[tokio::test]
async fn without_a_token_the_answer_is_401_and_asks_for_one() {
    let refused = door(channels()).connect_or_refused().await.unwrap_err();

    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers["www-authenticate"], "Bearer");
    assert_eq!(
        refused.detail().as_deref(),
        Some("a bearer token is required")
    );
}

#[tokio::test]
async fn an_empty_token_is_none() {
    let header = door(channels()).header("authorization", "Bearer  ");
    assert_eq!(refused(header).await, StatusCode::UNAUTHORIZED);

    let other_scheme = door(channels()).header("authorization", "Basic c2VzYW1l");
    assert_eq!(refused(other_scheme).await, StatusCode::UNAUTHORIZED);

    let subprotocol = door(channels()).subprotocol("bearer");
    assert_eq!(refused(subprotocol).await, StatusCode::UNAUTHORIZED);

    let query = door(channels().bearer_query("token")).query("token", "");
    assert_eq!(refused(query).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn debug_hides_the_token() {
    use axum::{extract::FromRequestParts, http::Request};

    let request = Request::builder().header("authorization", "Bearer sesame");
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    let bearer = Bearer::from_request_parts(&mut parts, &()).await.unwrap();

    assert_eq!(bearer.as_str(), "sesame");
    assert!(!format!("{bearer:?} {bearer:#?}").contains("sesame"));
}
