//! Permissions on an object: an extractor that loads a row.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{FromRef, FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use chanx::{
    Bearer, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Rejection,
    channel,
};
use chanx_testing::{Builder, Communicator};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone)]
struct Document {
    owner: &'static str,
    title: &'static str,
}

#[derive(Debug, Clone)]
struct Documents(Arc<HashMap<u32, Document>>);

#[derive(Debug, Clone, FromRef)]
struct AppState {
    documents: Documents,
    layer: ChannelLayer,
}

/// The document of the path, for its owner.
#[derive(Debug)]
struct Own(Document);

impl<S> FromRequestParts<S> for Own
where
    S: Send + Sync,
    Documents: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Documents(documents) = Documents::from_ref(state);
        let user = Bearer::from_request_parts(parts, state).await?;
        let Path(id): Path<u32> = Path::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        match documents.get(&id) {
            Some(document) if document.owner == user.as_str() => Ok(Self(document.clone())),
            Some(_) => Err(http::StatusCode::FORBIDDEN.into_response()),
            None => Err(http::StatusCode::NOT_FOUND.into_response()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Title(String);

#[derive(Debug)]
struct Editor {
    document: Document,
}

impl Connect for Editor {
    type Handshake = Own;

    async fn connect(Own(document): Own) -> Result<Self, Rejection> {
        Ok(Self { document })
    }
}

impl Consumer for Editor {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.send(Title(self.document.title.to_owned())).await?;
        Ok(())
    }
}

#[channel(name = "editor", sends(Title))]
impl Editor {}

fn document(id: u32) -> Builder<Editor> {
    let diary = Document {
        owner: "ann",
        title: "Diary",
    };
    let layer = ChannelLayer::new();
    let app = Router::new()
        .merge(Channels::new(layer.clone()).route::<Editor>("/documents/{id}"))
        .with_state(AppState {
            documents: Documents(Arc::new(HashMap::from([(1, diary)]))),
            layer,
        });
    Communicator::builder(&app, &format!("/documents/{id}"))
}

#[tokio::test]
async fn an_owner_is_given_the_object_itself() {
    let mut editor = document(1).bearer("ann").connect().await;

    assert_eq!(editor.receive::<Title>().await, Title("Diary".into()));
}

#[tokio::test]
async fn somebody_else_is_refused() {
    let refused = document(1)
        .bearer("bob")
        .connect_or_refused()
        .await
        .unwrap_err();

    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn an_object_that_is_not_there_is_not_found() {
    let refused = document(2)
        .bearer("ann")
        .connect_or_refused()
        .await
        .unwrap_err();

    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn an_extractor_may_lean_on_another_and_refuse_in_its_words() {
    let refused = document(1).connect_or_refused().await.unwrap_err();

    assert_eq!(refused.status, 401);
    assert_eq!(
        refused.detail().as_deref(),
        Some("a bearer token is required")
    );
}
