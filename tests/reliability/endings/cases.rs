//! Clients that say their last words, over TCP.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{Router, extract::State};
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Rejection, channel,
};
use futures_util::{SinkExt, StreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::{client_async, tungstenite::Message as Frame};

/// A row for the table; broadcast, it tells the others that it is stored.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Row {
    number: u64,
    leaves: Leaves,
}

/// The moment at which the author leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
enum Leaves {
    AtOnce,
    /// While the handler commits the row.
    BeforeTheCommit,
    /// When the row is stored, and nobody has been told.
    BehindTheCommit,
    WhenAllIsDone,
}

/// The stages that a row goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begun,
    Stored,
    Told,
    Left,
}

#[derive(Clone)]
struct Table {
    rows: Arc<Mutex<BTreeSet<u64>>>,
    stages: UnboundedSender<Stage>,
}

impl Table {
    fn is_at(&self, stage: Stage) {
        let _ = self.stages.send(stage);
    }
}

struct Author {
    table: Table,
}

impl Connect for Author {
    type Handshake = State<Table>;

    async fn connect(State(table): Self::Handshake) -> Result<Self, Rejection> {
        Ok(Self { table })
    }
}

impl Consumer for Author {
    async fn disconnected(
        &mut self,
        _ctx: &mut Context<Self>,
        _why: chanx::Disconnect,
    ) -> Result<(), HandlerError> {
        self.table.is_at(Stage::Left);
        Ok(())
    }
}

#[channel(name = "authors", groups = ["authors"])]
impl Author {
    /// Commits a row, then tells the others; both take until its author has left.
    #[ws_handler(sends(Row))]
    async fn row(&mut self, row: Row, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        self.table.is_at(Stage::Begun);
        if row.leaves == Leaves::BeforeTheCommit {
            ctx.closed().await;
        }
        self.table.rows.lock().unwrap().insert(row.number);
        self.table.is_at(Stage::Stored);
        if row.leaves == Leaves::BehindTheCommit {
            ctx.closed().await;
        }
        ctx.broadcast(row).exclude_current().await?;
        self.table.is_at(Stage::Told);
        Ok(())
    }
}

struct Served {
    address: std::net::SocketAddr,
    table: Table,
    stages: UnboundedReceiver<Stage>,
}

impl Served {
    async fn until(&mut self, stage: Stage) {
        while self.stages.recv().await.unwrap() != stage {}
    }
}

async fn serve() -> Served {
    let (stages, reached) = unbounded_channel();
    let table = Table {
        rows: Arc::default(),
        stages,
    };
    let channels = Channels::new(ChannelLayer::new()).route::<Author>("/ws");
    let app = Router::new().merge(channels).with_state(table.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Served {
        address,
        table,
        stages: reached,
    }
}

type Client = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

async fn connect(served: &Served) -> Client {
    let stream = tokio::net::TcpStream::connect(served.address)
        .await
        .unwrap();
    client_async(format!("ws://{}/ws", served.address), stream)
        .await
        .unwrap()
        .0
}

fn row(number: u64, leaves: Leaves) -> Frame {
    Frame::text(
        json!({"action": "row", "payload": {"number": number, "leaves": leaves}}).to_string(),
    )
}

#[tokio::test]
async fn p37_of_ten_commands_and_a_close_ten_are_handled() {
    let mut served = serve().await;
    let mut client = connect(&served).await;

    for number in 0..10 {
        client
            .feed(row(number, Leaves::BeforeTheCommit))
            .await
            .unwrap();
    }
    client.close(None).await.unwrap();

    served.until(Stage::Left).await;
    assert_eq!(served.table.rows.lock().unwrap().len(), 10);
}

#[tokio::test]
async fn p37_of_sixty_authors_that_leave_sixty_are_stored_and_sixty_told() {
    let mut served = serve().await;
    let mut reader = connect(&served).await;
    for number in 0..60 {
        let (leaves, stage) = match number % 4 {
            0 => (Leaves::AtOnce, None),
            1 => (Leaves::BeforeTheCommit, Some(Stage::Begun)),
            2 => (Leaves::BehindTheCommit, Some(Stage::Stored)),
            _ => (Leaves::WhenAllIsDone, Some(Stage::Told)),
        };
        let mut author = connect(&served).await;
        author.send(row(number, leaves)).await.unwrap();
        if let Some(stage) = stage {
            served.until(stage).await;
        }
        author.close(None).await.unwrap();
        served.until(Stage::Left).await;
    }

    let mut told = BTreeSet::new();
    while told.len() < 60 {
        let frame = reader.next().await.unwrap().unwrap();
        if let Frame::Text(text) = frame {
            let message: serde_json::Value = serde_json::from_str(&text).unwrap();
            told.insert(message["payload"]["number"].as_u64().unwrap());
        }
    }

    assert_eq!(told, *served.table.rows.lock().unwrap());
}
