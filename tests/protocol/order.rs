//! P18 and P20: the order in which messages are handled and sent, and what is never handled.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, extract::State};
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Rejection, channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Knock;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Goodbye;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Step {
    n: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Message)]
struct Walk {
    steps: usize,
}

#[derive(Debug, Clone)]
struct Gate {
    opened: Arc<Semaphore>,
    knocks: Arc<AtomicUsize>,
    /// True if every handshake is refused.
    closes: bool,
}

/// Holds handshakes back until the gate is opened, and counts them.
#[derive(Debug)]
struct Porter {
    gate: Gate,
}

impl Connect for Porter {
    type Handshake = State<Gate>;

    async fn connect(State(gate): State<Gate>) -> Result<Self, Rejection> {
        Ok(Self { gate })
    }
}

impl Consumer for Porter {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        self.gate.opened.acquire().await?.forget();
        if self.gate.closes {
            ctx.close(1000, "closed");
        }
        let _ = ctx.send(Step { n: 0 }).await;
        Ok(())
    }
}

#[channel(name = "porter", groups = ["walkers"], sends(Step))]
impl Porter {
    #[ws_handler]
    async fn knock(&mut self, _: Knock) {
        self.gate.knocks.fetch_add(1, Ordering::SeqCst);
    }

    #[ws_handler]
    async fn goodbye(&mut self, _: Goodbye, ctx: &mut Context<Self>) {
        ctx.close(1000, "goodbye");
    }

    /// Takes steps in every way that there is to send one.
    #[ws_handler]
    async fn walk(
        &mut self,
        walk: Walk,
        ctx: &mut Context<Self>,
    ) -> Result<Vec<Step>, HandlerError> {
        for n in 0..walk.steps {
            if n % 2 == 0 {
                ctx.send(Step { n }).await?;
            } else {
                ctx.broadcast(Step { n }).await?;
            }
        }
        let steps = walk.steps;
        Ok((steps..steps + 3).map(|n| Step { n }).collect())
    }
}

fn app(opened: usize) -> (Router, Gate) {
    app_of(Gate {
        opened: Arc::new(Semaphore::new(opened)),
        knocks: Arc::default(),
        closes: false,
    })
}

fn app_of(gate: Gate) -> (Router, Gate) {
    let channels = Channels::new(ChannelLayer::new()).route::<Porter>("/");
    (Router::new().merge(channels).with_state(gate.clone()), gate)
}

/// A client whose `connected` may still run.
async fn early(app: &Router) -> Communicator<Porter> {
    Communicator::builder(app, "/")
        .without_waiting_for_connected()
        .connect()
        .await
}

#[tokio::test(start_paused = true)]
async fn p18_nothing_is_dispatched_before_connected_has_returned() {
    let (app, gate) = app(0);
    let mut client = early(&app).await;

    client.send(&Knock).await;
    client.receive_nothing().await;
    assert_eq!(gate.knocks.load(Ordering::SeqCst), 0);

    gate.opened.add_permits(1);
    client.receive::<Step>().await;
    client.receive_all(chanx_testing::Until::Complete).await;
    assert_eq!(gate.knocks.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn p18_nothing_is_dispatched_behind_a_close() {
    let (app, gate) = app(1);
    let mut client = Communicator::<Porter>::connect(&app, "/").await;
    client.receive::<Step>().await;

    client.send(&Goodbye).await;
    for _ in 0..3 {
        client.send(&Knock).await;
    }

    assert_eq!(client.closed().await.code, 1000);
    assert_eq!(gate.knocks.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn p18_nothing_is_dispatched_behind_a_close_in_connected() {
    let opened = Arc::new(Semaphore::new(0));
    let (app, gate) = app_of(Gate {
        opened: opened.clone(),
        knocks: Arc::default(),
        closes: true,
    });
    let mut client = early(&app).await;
    client.send(&Knock).await;
    client.receive_nothing().await;

    opened.add_permits(1);

    assert_eq!(client.closed().await.reason, "closed");
    assert_eq!(gate.knocks.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn p18_nothing_is_sent_behind_a_close() {
    let (app, _) = app(1);
    let mut client = Communicator::<Porter>::connect(&app, "/").await;
    client.receive::<Step>().await;

    client.send(&Goodbye).await;
    client.send(&Walk { steps: 4 }).await;

    let closed = client.closed().await;
    assert_eq!((closed.code, closed.reason.as_str()), (1000, "goodbye"));
}

#[tokio::test(start_paused = true)]
async fn p20_frames_of_one_producer_arrive_in_the_order_in_which_they_were_sent() {
    let (app, _) = app(1);
    let mut client = Communicator::<Porter>::connect(&app, "/").await;
    client.receive::<Step>().await;

    client.send(&Walk { steps: 500 }).await;

    for n in 0..503 {
        assert_eq!(client.receive::<Step>().await, Step { n });
    }
}

#[tokio::test(start_paused = true)]
async fn p20_frames_are_dealt_with_in_the_order_in_which_they_came() {
    let (app, _) = app(1);
    let mut client = Communicator::<Porter>::connect(&app, "/").await;
    client.receive::<Step>().await;

    for n in 0..200 {
        client
            .send_json(serde_json::json!({"action": "walk", "payload": {"steps": 0}, "ref": n.to_string()}))
            .await;
    }

    for n in 0..200 {
        for _ in 0..3 {
            let step = client.receive_any().await;
            assert_eq!(step.reference(), Some(n.to_string().as_str()));
        }
    }
}
