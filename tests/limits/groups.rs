//! The number of groups that a connection may be in, and their names.

use axum::Router;
use chanx::{
    ChannelLayer, ChannelOptions, Channels, Connect, Consumer, Context, HandlerError, Message,
    channel,
};
use chanx_testing::Communicator;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for groups to be joined, one after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Join {
    groups: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Leave {
    group: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Message)]
struct Joined {
    groups: usize,
    error: Option<String>,
}

#[derive(Debug, Default, Connect, Consumer)]
struct Joiner;

#[channel(name = "joiner")]
impl Joiner {
    #[ws_handler]
    async fn join(&mut self, join: Join, ctx: &mut Context<Self>) -> Joined {
        for group in join.groups {
            if let Err(error) = ctx.join(group).await {
                return Joined {
                    groups: ctx.groups().len(),
                    error: Some(error.to_string()),
                };
            }
        }
        Joined {
            groups: ctx.groups().len(),
            error: None,
        }
    }

    #[ws_handler]
    async fn leave(&mut self, leave: Leave, ctx: &mut Context<Self>) -> Result<(), HandlerError> {
        ctx.leave(leave.group);
        Ok(())
    }
}

async fn joiner(options: ChannelOptions) -> Communicator<Joiner> {
    let channels: Channels = Channels::new(ChannelLayer::new())
        .route::<Joiner>("/")
        .options(options);
    Communicator::connect(&Router::from(channels), "/").await
}

/// Groups whose names are these numbers.
fn numbered(numbers: std::ops::RangeInclusive<u32>) -> Join {
    Join {
        groups: numbers.map(|n| n.to_string()).collect(),
    }
}

fn named(name: String) -> Join {
    Join { groups: vec![name] }
}

fn refused(groups: usize, error: &str) -> Joined {
    Joined {
        groups,
        error: Some(error.to_owned()),
    }
}

fn joined(groups: usize) -> Joined {
    Joined {
        groups,
        error: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_may_be_in_1024_groups_by_default() {
    let mut client = joiner(ChannelOptions::default()).await;

    let below = client.request::<Joined>(&numbered(1..=1023)).await;
    assert_eq!(below, joined(1023));
    let at = client.request::<Joined>(&numbered(1024..=1024)).await;
    assert_eq!(at, joined(1024));

    let above = client.request::<Joined>(&numbered(1025..=1025)).await;
    assert_eq!(
        above,
        refused(1024, "a connection may be in at most 1024 groups")
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_may_be_in_as_many_groups_as_said() {
    let mut client = joiner(ChannelOptions::default().max_groups(2)).await;

    let above = client.request::<Joined>(&numbered(1..=3)).await;

    assert_eq!(above, refused(2, "a connection may be in at most 2 groups"));
}

#[tokio::test(start_paused = true)]
async fn a_group_that_was_left_makes_room_for_another() {
    let mut client = joiner(ChannelOptions::default().max_groups(2)).await;
    client.request::<Joined>(&numbered(1..=2)).await;

    client.send(&Leave { group: "1".into() }).await;

    let again = client.request::<Joined>(&numbered(3..=3)).await;
    assert_eq!(again, joined(2));
}

#[tokio::test(start_paused = true)]
async fn joining_again_takes_no_room() {
    let mut client = joiner(ChannelOptions::default().max_groups(2)).await;
    client.request::<Joined>(&numbered(1..=2)).await;

    let again = client.request::<Joined>(&numbered(1..=2)).await;

    assert_eq!(again, joined(2));
}

#[tokio::test(start_paused = true)]
async fn a_groups_name_may_have_200_bytes_by_default() {
    let mut client = joiner(ChannelOptions::default()).await;

    for (n, bytes) in [1, 199, 200].into_iter().enumerate() {
        let name = "g".repeat(bytes);
        assert_eq!(client.request::<Joined>(&named(name)).await, joined(n + 1));
    }

    let above = client.request::<Joined>(&named("g".repeat(201))).await;
    assert_eq!(above, refused(3, "a group's name has 1 to 200 bytes"));
    let bytes = client.request::<Joined>(&named("é".repeat(101))).await;
    assert_eq!(bytes, refused(3, "a group's name has 1 to 200 bytes"));
}

#[tokio::test(start_paused = true)]
async fn a_groups_name_may_be_as_long_as_said_and_never_empty() {
    let mut client = joiner(ChannelOptions::default().max_group_name(3)).await;

    assert_eq!(
        client.request::<Joined>(&named("abc".into())).await,
        joined(1)
    );

    let error = "a group's name has 1 to 3 bytes";
    let above = client.request::<Joined>(&named("abcd".into())).await;
    assert_eq!(above, refused(1, error));
    let empty = client.request::<Joined>(&named(String::new())).await;
    assert_eq!(empty, refused(1, error));
}
