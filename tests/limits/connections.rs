//! The number of connections that there may be.

use std::net::SocketAddr;

use axum::{Router, extract::Path};
use chanx::{ChannelLayer, Channels, Connect, Consumer, Ping, Pong, Rejection, UserKey, channel};
use chanx_testing::{Builder, Communicator, Refused};

#[derive(Debug)]
struct Guest {
    user: u64,
}

impl Connect for Guest {
    type Handshake = Path<u64>;

    async fn connect(Path(user): Path<u64>) -> Result<Self, Rejection> {
        if user == 13 {
            return Err(Rejection::forbidden("no"));
        }
        Ok(Self { user })
    }
}

impl Consumer for Guest {
    fn identity(&self) -> Option<UserKey> {
        (self.user != 0).then(|| self.user.into())
    }
}

#[channel(name = "guest")]
impl Guest {
    #[ws_handler]
    async fn ping(&self, _: Ping) -> Pong {
        Pong
    }
}

struct Inn(Router);

impl Inn {
    fn new(limit: impl FnOnce(Channels) -> Channels) -> Self {
        let channels = Channels::new(ChannelLayer::new()).route::<Guest>("/{user}");
        Self(limit(channels).into())
    }

    fn door(&self, user: u64) -> Builder<Guest> {
        Communicator::builder(&self.0, &format!("/{user}"))
    }

    async fn enter(&self, user: u64) -> Communicator<Guest> {
        let mut guest = self.door(user).connect().await;
        guest.request::<Pong>(&Ping).await;
        guest
    }

    async fn refused(&self, user: u64) -> Refused {
        self.door(user).connect_or_refused().await.unwrap_err()
    }
}

fn address(address: &str) -> SocketAddr {
    address.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn connections_are_unlimited_by_default() {
    let inn = Inn::new(|channels| channels);
    let mut guests = Vec::new();

    for _ in 0..50 {
        guests.push(inn.enter(7).await);
    }
}

#[tokio::test(start_paused = true)]
async fn one_connection_above_the_limit_is_refused_with_503() {
    let inn = Inn::new(|channels| channels.max_connections(2));
    let _one = inn.enter(1).await;
    let _two = inn.enter(2).await;

    let refused = inn.refused(3).await;

    assert_eq!(refused.status, 503);
    assert_eq!(refused.detail().as_deref(), Some("too many connections"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_makes_room() {
    let inn = Inn::new(|channels| channels.max_connections(1));
    let one = inn.enter(1).await;
    inn.refused(2).await;

    one.close(1000).await;

    inn.enter(2).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_handshake_takes_no_room() {
    let inn = Inn::new(|channels| channels.max_connections(1).max_connections_per_address(1));

    for _ in 0..3 {
        assert_eq!(inn.refused(13).await.status, 403);
    }

    inn.enter(1).await;
}

#[tokio::test(start_paused = true)]
async fn one_connection_above_a_users_limit_is_refused_with_429() {
    let inn = Inn::new(|channels| channels.max_connections_per_user(2));
    let one = inn.enter(7).await;
    let _two = inn.enter(7).await;

    let refused = inn.refused(7).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.detail().as_deref(), Some("too many connections"));
    inn.enter(8).await;

    one.close(1000).await;
    inn.enter(7).await;
}

#[tokio::test(start_paused = true)]
async fn connections_of_nobody_are_not_counted_as_one_users() {
    let inn = Inn::new(|channels| channels.max_connections_per_user(1));

    let _one = inn.enter(0).await;
    let _two = inn.enter(0).await;
}

#[tokio::test(start_paused = true)]
async fn one_connection_above_an_addresss_limit_is_refused_with_429() {
    let inn = Inn::new(|channels| channels.max_connections_per_address(2));
    let from = |peer: &str| inn.door(1).peer(address(peer));
    let one = from("192.0.2.1:1000").connect().await;
    let _two = from("192.0.2.1:1001").connect().await;

    let refused = from("192.0.2.1:1002")
        .connect_or_refused()
        .await
        .unwrap_err();
    assert_eq!(refused.status, 429);
    from("192.0.2.2:1000").connect().await;

    one.close(1000).await;
    from("192.0.2.1:1003").connect().await;
}

#[tokio::test(start_paused = true)]
async fn an_address_written_as_ipv6_is_the_same_address() {
    let inn = Inn::new(|channels| channels.max_connections_per_address(1));
    let from = |peer: &str| inn.door(1).peer(address(peer));
    let _one = from("192.0.2.1:1000").connect().await;

    let refused = from("[::ffff:192.0.2.1]:1000").connect_or_refused().await;

    assert_eq!(refused.unwrap_err().status, 429);
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_none_lets_nobody_in() {
    let inn = Inn::new(|channels| channels.max_connections(0));

    assert_eq!(inn.refused(1).await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn a_network_of_ipv6_is_one_address() {
    let inn = Inn::new(|channels| channels.max_connections_per_address(1));
    let from = |peer: &str| inn.door(1).peer(address(peer)).connect_or_refused();
    let _one = from("[2001:db8:0:1::1]:1000").await.unwrap();

    let same = from("[2001:db8:0:1:ffff:ffff:ffff:ffff]:1000").await;
    assert_eq!(same.unwrap_err().status, 429);

    let _neighbour = from("[2001:db8:0:2::1]:1000").await.unwrap();
    let _mapped = from("[::ffff:192.0.2.1]:1000").await.unwrap();
    let _mapped_neighbour = from("[::ffff:192.0.2.2]:1000").await.unwrap();
    assert_eq!(from("192.0.2.1:1000").await.unwrap_err().status, 429);
}
