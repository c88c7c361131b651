//! An enum of messages that is declared declares its members.

#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may fail as a test does"
)]

use axum::Router;
use chanx::{
    Broadcaster, Channel, ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Info,
    Message, MessageEnum, SentBy, channel,
};
use chanx_testing::{CaptureLayer, Communicator};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

macro_rules! messages {
    ($($message:ident)*) => {
        $(
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
            struct $message {
                id: u32,
            }
        )*
    };
}

messages!(Create Move Created Moved Archived Noted Renamed);

/// What a client may ask for.
#[derive(MessageEnum)]
enum Edit {
    Create(Create),
    Move(Move),
}

/// What happens to a task.
#[derive(MessageEnum)]
enum Change {
    Created(Created),
    Moved(Moved),
    Noted(Noted),
}

/// Shares a member with `Change`.
#[derive(MessageEnum)]
enum Log {
    Moved(Moved),
    Archived(Archived),
}

/// Of which no channel knows.
#[derive(MessageEnum)]
enum Unrelated {
    Renamed(Renamed),
    Created(Created),
}

#[derive(Debug, Default, Connect, Consumer)]
struct Board;

#[channel(name = "board", groups = ["all"], sends(Change, Renamed))]
impl Board {
    #[ws_handler(sends(Log, Noted))]
    async fn edit(&mut self, edit: Edit, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        match edit {
            Edit::Create(Create { id }) => {
                ctx.send(Created { id }).await?;
                ctx.send(Noted { id }).await?;
                ctx.broadcast(Archived { id }).await?;
            }
            Edit::Move(Move { id }) => {
                ctx.send(Change::from(Moved { id })).await?;
                ctx.send(Moved { id }).await?;
                ctx.send(Log::from(Archived { id })).await?;
                ctx.send(Renamed { id }).await?;
            }
        }
        Ok(())
    }

    /// Answers a member of an enum.
    #[ws_handler]
    async fn renamed(&mut self, renamed: Renamed) -> Change {
        Noted { id: renamed.id }.into()
    }
}

fn channels(layer: &ChannelLayer) -> Channels {
    Channels::new(layer.clone())
        .route::<Board>("/")
        .asyncapi(Info::new("Board", "1"))
}

async fn client(layer: &ChannelLayer) -> Communicator<Board> {
    Communicator::connect(&Router::from(channels(layer)), "/").await
}

fn layer() -> ChannelLayer {
    ChannelLayer::new()
}

#[tokio::test(start_paused = true)]
async fn members_are_sent_and_received_as_they_are() {
    let mut client = client(&layer()).await;

    client.send(&Create { id: 1 }).await;
    assert_eq!(client.receive::<Created>().await.id, 1);
    assert_eq!(client.receive::<Noted>().await.id, 1);
    assert_eq!(client.receive::<Archived>().await.id, 1);

    client.send(&Edit::from(Move { id: 2 })).await;
    assert_eq!(client.receive::<Moved>().await.id, 2);
    assert_eq!(client.receive::<Moved>().await.id, 2);
    assert_eq!(client.receive::<Archived>().await.id, 2);
    assert_eq!(client.receive::<Renamed>().await.id, 2);
}

#[tokio::test(start_paused = true)]
async fn a_member_is_asked_as_it_is() {
    let mut client = client(&layer()).await;

    assert_eq!(client.request::<Noted>(&Renamed { id: 1 }).await.id, 1);
    client.send(&Move { id: 3 }).await;
    assert_eq!(client.receive::<Moved>().await.id, 3);
}

#[tokio::test(start_paused = true)]
async fn members_are_broadcast_from_outside() {
    let layer = layer();
    let mut client = client(&layer).await;
    let boards = Broadcaster::<Board>::new(&layer);

    boards.broadcast(Moved { id: 1 }).await.unwrap();
    assert_eq!(client.receive::<Moved>().await.id, 1);
    boards
        .broadcast(Archived { id: 2 })
        .to("all")
        .await
        .unwrap();
    assert_eq!(client.receive::<Archived>().await.id, 2);
    boards.user("ann").send(Created { id: 3 }).await.unwrap();
    client.receive_nothing().await;
}

#[tokio::test]
async fn a_member_is_captured_as_it_is() {
    let capture = CaptureLayer::swallowing();
    let boards = Broadcaster::<Board>::new(&capture.layer());

    boards.broadcast(Moved { id: 1 }).await.unwrap();
    boards
        .broadcast(Change::from(Moved { id: 2 }))
        .await
        .unwrap();

    assert_eq!(capture.expect_message::<Board, Moved>("all").id, 1);
    assert_eq!(capture.expect_message::<Board, Moved>("all").id, 2);
}

/// What is generic is told what is declared itself.
async fn tell<C: Channel, M: SentBy<C>>(channel: &Broadcaster<C>, message: M) -> usize {
    channel.broadcast(message).await.unwrap().reached
}

#[tokio::test(start_paused = true)]
async fn what_is_generic_sends_what_is_declared_itself() {
    let layer = layer();
    let _client = client(&layer).await;
    let boards = Broadcaster::<Board>::new(&layer);

    assert_eq!(tell(&boards, Change::from(Created { id: 1 })).await, 1);
    assert_eq!(tell(&boards, Noted { id: 1 }).await, 1);
}

#[test]
fn a_member_is_in_the_document_once() {
    let document = channels(&layer()).asyncapi_document();
    let document: Value = serde_json::to_value(document).unwrap();

    let sent = document["operations"]["board_emits"]["messages"].as_array();
    let sent: Vec<_> = sent
        .unwrap()
        .iter()
        .map(|message| {
            message["$ref"]
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(sent, ["created", "moved", "noted", "renamed"]);
}

#[tokio::test(start_paused = true)]
#[should_panic(
    expected = "channel `board` has no handler for `moved`; it takes `create`, `move`, `renamed`"
)]
async fn a_request_that_no_handler_takes_fails_the_test() {
    let mut client = client(&layer()).await;

    client.request::<Moved>(&Moved { id: 1 }).await;
}
