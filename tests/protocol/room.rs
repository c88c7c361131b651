//! A consumer whose clients choose the groups that they are in and write to.

use std::time::Duration;

use axum::{Router, extract::Path};
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, Control, Disconnect,
    HandlerError, Message, Rejection, UserKey, channel,
};
use chanx_testing::{Builder, Communicator};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Join {
    pub(crate) group: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Leave {
    pub(crate) group: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Groups {
    pub(crate) groups: Vec<String>,
}

/// A line for the groups named, or for all that the sender is in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
#[serde(default)]
pub(crate) struct Shout {
    pub(crate) text: String,
    pub(crate) to: Option<Vec<String>>,
    pub(crate) not_to_me: bool,
    pub(crate) marked: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Heard {
    pub(crate) text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Reached {
    pub(crate) connections: usize,
    pub(crate) dropped: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
pub(crate) struct Crash;

#[derive(Debug)]
pub(crate) struct Room {
    user: String,
}

impl Connect for Room {
    type Handshake = Path<String>;

    async fn connect(Path(user): Path<String>) -> Result<Self, Rejection> {
        Ok(Self { user })
    }
}

impl Consumer for Room {
    async fn connected(&mut self, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        if self.user == "unwelcome" {
            ctx.join("lobby").await?;
            return Err(HandlerError::client("not today"));
        }
        Ok(())
    }

    async fn disconnected(
        &mut self,
        ctx: &mut Context<Self>,
        _: Disconnect,
    ) -> Result<(), HandlerError> {
        match self.user.as_str() {
            "clumsy" => panic!("falls down the stairs"),
            "slow" => std::future::pending().await,
            user => {
                let text = format!("{user} has left");
                ctx.broadcast(Heard { text }).exclude_current().await?;
                Ok(())
            }
        }
    }

    fn identity(&self) -> Option<UserKey> {
        Some(self.user.as_str().into())
    }
}

#[channel(name = "room", sends(Heard))]
impl Room {
    #[ws_handler]
    async fn join(&mut self, join: Join, ctx: &mut Context<Self>) -> Result<Groups, HandlerError> {
        ctx.join(join.group).await?;
        Ok(groups(ctx))
    }

    #[ws_handler]
    async fn leave(
        &mut self,
        leave: Leave,
        ctx: &mut Context<Self>,
    ) -> Result<Groups, HandlerError> {
        ctx.leave(leave.group);
        Ok(groups(ctx))
    }

    #[ws_handler]
    async fn shout(
        &mut self,
        shout: Shout,
        ctx: &mut Context<Self>,
    ) -> Result<Reached, HandlerError> {
        let mut broadcast = ctx.broadcast(Heard { text: shout.text });
        if let Some(groups) = shout.to {
            broadcast = broadcast.to(groups);
        }
        if shout.not_to_me {
            broadcast = broadcast.exclude_current();
        }
        if shout.marked {
            broadcast = broadcast.with_metadata();
        }
        let receipt = broadcast.await?;
        Ok(Reached {
            connections: receipt.reached,
            dropped: receipt.dropped,
        })
    }

    #[ws_handler]
    async fn crash(&mut self, _: Crash) {
        panic!("as asked");
    }
}

fn groups(ctx: &Context<Room>) -> Groups {
    Groups {
        groups: ctx.groups().iter().map(ToString::to_string).collect(),
    }
}

/// Another consumer, whose groups have the same names.
#[derive(Debug, Default, Connect, Consumer)]
pub(crate) struct Annex;

#[channel(name = "annex", groups = ["lobby"], sends(Heard))]
impl Annex {}

/// A house with a room and an annex.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) app: Router,
    pub(crate) control: Control,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(ChannelOptions::default())
    }

    pub(crate) fn with(options: ChannelOptions) -> Self {
        let channels: Channels = Channels::new(ChannelLayer::new())
            .route::<Room>("/room/{user}")
            .route::<Annex>("/annex")
            .options(options);
        Self {
            control: channels.control(),
            app: channels.into(),
        }
    }

    pub(crate) fn door(&self, user: &str) -> Builder<Room> {
        Communicator::builder(&self.app, &format!("/room/{user}")).timeout(Duration::from_secs(60))
    }

    /// A client whose connection is in these groups.
    pub(crate) async fn guest(&self, user: &str, groups: &[&str]) -> Communicator<Room> {
        let mut guest = self.door(user).connect().await;
        for group in groups {
            let join = Join {
                group: (*group).to_owned(),
            };
            guest.request::<Groups>(&join).await;
        }
        guest
    }

    /// The number of memberships.
    pub(crate) fn members(&self) -> usize {
        self.control.stats().layer.members
    }

    /// Gives the server time to notice that a client is gone.
    pub(crate) async fn until_empty(&self) {
        while self.control.stats().connections() > 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// A line for all groups that the sender is in.
pub(crate) fn shout(text: &str) -> Shout {
    Shout {
        text: text.to_owned(),
        ..Shout::default()
    }
}

/// A line for the groups named.
pub(crate) fn shout_to(groups: &[&str], text: &str) -> Shout {
    Shout {
        to: Some(groups.iter().map(ToString::to_string).collect()),
        ..shout(text)
    }
}

pub(crate) fn heard(text: &str) -> Heard {
    Heard {
        text: text.to_owned(),
    }
}
