// The application of the crate's examples, which include this file.

use chanx::{
    ChannelLayer, Channels, Connect, Consumer, Context, HandlerError, Message, Ping, Pong, channel,
};
use chanx_testing::Communicator;

/// Answers a ping, refuses a pong, and closes for a shut.
#[derive(Default, Connect, Consumer)]
struct Echo;

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema, Message)]
struct Shut;

#[channel(name = "echo")]
impl Echo {
    #[ws_handler]
    async fn ping(&mut self, _: Ping) -> Pong {
        Pong
    }

    #[ws_handler]
    async fn pong(&mut self, _: Pong) -> Result<(), HandlerError> {
        Err(HandlerError::client("nobody asked").with_reason("unasked"))
    }

    #[ws_handler]
    async fn shut(&mut self, _: Shut, ctx: &mut Context<Self>) {
        ctx.close(4000, "shut");
    }
}

fn app() -> axum::Router {
    Channels::new(ChannelLayer::new())
        .route::<Echo>("/ws")
        .into_router()
}

async fn connect() -> Communicator<Echo> {
    Communicator::connect(&app(), "/ws").await
}
