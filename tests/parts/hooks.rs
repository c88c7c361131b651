//! The hooks of parts, beside those of their consumer.

use axum::{Router, extract::Query};
use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, Disconnect, HandlerError, Message, Part,
    Rejection, channel, handlers,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Came {
    who: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Message)]
struct Went {
    who: String,
}

/// What goes wrong in the first part's hooks.
#[derive(Debug, Default, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    #[default]
    None,
    Connecting,
    Leaving,
    Panicking,
}

#[derive(Default, Part)]
struct Notes;

#[handlers(sends(Came, Went))]
impl Notes {
    async fn came(&self, who: &str, ctx: &Context<Self>) -> Result<(), HandlerError> {
        let who = who.to_owned();
        ctx.send(Came { who }).await?;
        Ok(())
    }

    async fn went(&self, who: &str, ctx: &Context<Self>) -> Result<(), HandlerError> {
        let who = who.to_owned();
        ctx.broadcast(Went { who }).await?;
        Ok(())
    }
}

#[derive(Default)]
struct First {
    fault: Fault,
    notes: Notes,
}

impl Part for First {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if self.fault == Fault::Connecting {
            return Err(HandlerError::client("no chair is left"));
        }
        self.notes.came("first", ctx.part()).await
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        match self.fault {
            Fault::Leaving => Err(HandlerError::internal("the chair is stuck")),
            Fault::Panicking => panic!("the chair is gone"),
            Fault::None | Fault::Connecting => self.notes.went("first", ctx.part()).await,
        }
    }
}

#[handlers(include(self.notes: Notes))]
impl First {}

#[derive(Default)]
struct Inner;

impl Part for Inner {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let who = "inner".to_owned();
        ctx.send(Came { who }).await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        let who = "inner".to_owned();
        ctx.broadcast(Went { who }).await?;
        Ok(())
    }
}

#[handlers(sends(Came, Went))]
impl Inner {}

#[derive(Default)]
struct Outer {
    inner: Inner,
}

impl Part for Outer {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let who = "outer".to_owned();
        ctx.send(Came { who }).await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        let who = "outer".to_owned();
        ctx.broadcast(Went { who }).await?;
        Ok(())
    }
}

#[handlers(sends(Came, Went), include(self.inner: Inner))]
impl Outer {}

#[derive(Default)]
struct Table {
    outer: Outer,
    first: First,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    fault: Fault,
}

impl Connect for Table {
    type Handshake = Query<Asked>;

    async fn connect(Query(asked): Self::Handshake) -> Result<Self, Rejection> {
        let mut table = Self::default();
        table.first.fault = asked.fault;
        Ok(table)
    }
}

impl Consumer for Table {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        let who = "table".to_owned();
        ctx.send(Came { who }).await?;
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        let who = "table".to_owned();
        ctx.broadcast(Went { who }).await?;
        Ok(())
    }
}

#[channel(
    name = "table",
    groups = ["tables"],
    sends(Came, Went),
    include(self.outer: Outer, self.first: First),
)]
impl Table {}

fn app() -> Router {
    Channels::new(ChannelLayer::new())
        .route::<Table>("/table")
        .into_router()
}

async fn came(client: &mut Communicator<Table>, count: usize) -> Vec<String> {
    let mut came = Vec::new();
    for _ in 0..count {
        came.push(client.receive::<Came>().await.who);
    }
    came
}

/// Who is heard to go, by somebody who stays.
async fn went(stays: &mut Communicator<Table>, count: usize) -> Vec<String> {
    let mut went = Vec::new();
    for _ in 0..count {
        went.push(stays.receive::<Went>().await.who);
    }
    went
}

async fn settled(app: &Router) -> Communicator<Table> {
    let mut client = Communicator::connect(app, "/table").await;
    came(&mut client, 4).await;
    client
}

#[tokio::test(start_paused = true)]
async fn parts_connect_before_their_consumer_and_a_part_in_a_part_before_it() {
    let app = app();

    let mut client = Communicator::connect(&app, "/table").await;

    assert_eq!(
        came(&mut client, 4).await,
        ["inner", "outer", "first", "table"]
    );
}

#[tokio::test(start_paused = true)]
async fn parts_disconnect_behind_their_consumer_in_the_opposite_order() {
    let app = app();
    let mut stays = settled(&app).await;
    let leaves = settled(&app).await;

    leaves.close(1000).await;

    assert_eq!(
        went(&mut stays, 4).await,
        ["table", "first", "outer", "inner"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_part_that_fails_to_connect_ends_the_connection_and_every_hook_of_the_end_runs() {
    let app = app();
    let mut stays = settled(&app).await;

    let mut client = Communicator::<Table>::connect(&app, "/table?fault=connecting").await;

    assert_eq!(came(&mut client, 2).await, ["inner", "outer"]);
    client.expect_error("no chair is left").await;
    assert_eq!(client.closed().await.code, 1011);
    assert_eq!(
        went(&mut stays, 4).await,
        ["table", "first", "outer", "inner"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_part_that_fails_at_the_end_keeps_no_other_from_ending() {
    let app = app();
    for fault in ["leaving", "panicking"] {
        let mut stays = settled(&app).await;
        let path = format!("/table?fault={fault}");
        let mut leaves = Communicator::<Table>::connect(&app, &path).await;
        came(&mut leaves, 4).await;

        leaves.close(1000).await;

        assert_eq!(
            went(&mut stays, 3).await,
            ["table", "outer", "inner"],
            "{fault}"
        );
        stays.close(1000).await;
    }
}
