//! Clients that say their last words, over TCP.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State};
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Rejection, channel,
};
use futures_util::{SinkExt, StreamExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{net::TcpListener, sync::mpsc::UnboundedSender, time::sleep};
use tokio_tungstenite::{client_async, tungstenite::Message as Frame};

/// A row of a table, and the news of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Row {
    number: u64,
}

#[derive(Clone)]
struct Table {
    rows: Arc<Mutex<BTreeSet<u64>>>,
    left: UnboundedSender<()>,
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
        let _ = self.table.left.send(());
        Ok(())
    }
}

#[channel(name = "authors", groups = ["authors"])]
impl Author {
    /// Commits a row, then tells the others.
    #[ws_handler(sends(Row))]
    async fn row(&mut self, row: Row, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        sleep(Duration::from_millis(2)).await;
        self.table.rows.lock().unwrap().insert(row.number);
        sleep(Duration::from_millis(2)).await;
        ctx.broadcast(row).exclude_current().await?;
        Ok(())
    }
}

struct Served {
    address: std::net::SocketAddr,
    table: Table,
    left: tokio::sync::mpsc::UnboundedReceiver<()>,
}

async fn serve() -> Served {
    let (left, has_left) = tokio::sync::mpsc::unbounded_channel();
    let table = Table {
        rows: Arc::default(),
        left,
    };
    let channels = Channels::new(ChannelLayer::new()).route::<Author>("/ws");
    let app = Router::new().merge(channels).with_state(table.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Served {
        address,
        table,
        left: has_left,
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

fn row(number: u64) -> Frame {
    Frame::text(json!({"action": "row", "payload": {"number": number}}).to_string())
}

#[tokio::test]
async fn p37_of_ten_commands_and_a_close_ten_are_handled() {
    let mut served = serve().await;
    let mut client = connect(&served).await;

    for number in 0..10 {
        client.feed(row(number)).await.unwrap();
    }
    client.close(None).await.unwrap();

    served.left.recv().await.unwrap();
    assert_eq!(served.table.rows.lock().unwrap().len(), 10);
}

#[tokio::test]
async fn p37_of_sixty_authors_that_leave_sixty_are_stored_and_sixty_told() {
    let mut served = serve().await;
    let mut reader = connect(&served).await;
    for number in 0..60 {
        let mut author = connect(&served).await;
        author.send(row(number)).await.unwrap();
        sleep(Duration::from_millis(number % 10)).await;
        author.close(None).await.unwrap();
    }

    let mut told = BTreeSet::new();
    while told.len() < 60 {
        let frame = reader.next().await.unwrap().unwrap();
        if let Frame::Text(text) = frame {
            let message: serde_json::Value = serde_json::from_str(&text).unwrap();
            told.insert(message["payload"]["number"].as_u64().unwrap());
        }
    }

    for _ in 0..60 {
        served.left.recv().await.unwrap();
    }
    assert_eq!(told, *served.table.rows.lock().unwrap());
}
