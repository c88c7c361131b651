//! The limits on connections: in all, per user, per address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{extract::ConnectInfo, response::Response};
use chanx_core::{Rejection, UserKey};
use http::{StatusCode, request::Parts};
use parking_lot::Mutex;

use crate::rejection::into_response;

/// The most connections there may be; `None` is no limit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ConnectionLimits {
    pub(crate) total: Option<usize>,
    pub(crate) per_user: Option<usize>,
    pub(crate) per_address: Option<usize>,
}

/// The most connections that are told at one time, in a frame, that they are refused.
const REFUSED: usize = 256;

/// Counts the connections of one `Channels` from their handshakes on.
#[derive(Debug, Default)]
pub(crate) struct Admission {
    limits: ConnectionLimits,
    places: Arc<Places>,
}

/// The places a connection takes, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    _total: Option<Place>,
    address: Option<Place>,
}

/// A place under one count. Boxed, since most connections take none.
pub(crate) type Place = Box<Taken>;

impl Admission {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Takes a place among all connections and those of the peer's address.
    ///
    /// # Errors
    ///
    /// 503 where all places are taken, 429 where the peer has all of its own.
    pub(crate) fn admit(&self, request: &Parts) -> Result<Admitted, Response> {
        let total = self
            .take(Some(Scope::All), self.limits.total)
            .ok_or_else(|| refused(StatusCode::SERVICE_UNAVAILABLE, "too many connections"))?;
        let address = peer(request).map(|peer| Scope::Network(network(peer.ip())));
        let address = self
            .take(address, self.limits.per_address)
            .ok_or_else(|| refused(StatusCode::TOO_MANY_REQUESTS, "too many connections"))?;
        Ok(Admitted {
            _total: total,
            address,
        })
    }

    /// Gives the place among all connections back, and takes one among those
    /// that are told of their refusal; `None` where none is left.
    pub(crate) fn admit_refused(&self, admitted: Admitted) -> Option<Admitted> {
        let refused = self.take(Some(Scope::Refused), Some(REFUSED))?;
        Some(Admitted {
            _total: refused,
            address: admitted.address,
        })
    }

    /// Takes a place among the connections of the user.
    ///
    /// # Errors
    ///
    /// 429 where the user has all of its places.
    pub(crate) fn admit_user(&self, user: Option<UserKey>) -> Result<Option<Place>, Rejection> {
        self.take(user.map(Scope::User), self.limits.per_user)
            .ok_or_else(|| Rejection::new(StatusCode::TOO_MANY_REQUESTS, "too many connections"))
    }

    /// A place; an empty one where nothing is limited, `None` where none is left.
    fn take(&self, scope: Option<Scope>, limit: Option<usize>) -> Option<Option<Place>> {
        let (Some(scope), Some(limit)) = (scope, limit) else {
            return Some(None);
        };
        let taken = self.places.take(scope, limit)?;
        Some(Some(Box::new(taken)))
    }
}

/// The other end of the TCP connection, where the server was told to note it.
pub(crate) fn peer(request: &Parts) -> Option<SocketAddr> {
    let ConnectInfo(peer) = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(*peer)
}

/// The network that counts as one address, because whoever has one of IPv6 has all 2⁶⁴
/// beside it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

fn refused(status: StatusCode, detail: &'static str) -> Response {
    into_response(&Rejection::new(status, detail))
}

/// The connections that a limit is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Scope {
    All,
    User(UserKey),
    Network(IpAddr),
    /// Those that are told of their refusal.
    Refused,
}

/// The number of places that are taken. Empty where nobody is connected.
#[derive(Debug, Default)]
struct Places(Mutex<HashMap<Scope, usize>>);

impl Places {
    fn take(self: &Arc<Self>, scope: Scope, limit: usize) -> Option<Taken> {
        let mut places = self.0.lock();
        let taken = places.get(&scope).copied().unwrap_or_default();
        if taken >= limit {
            return None;
        }
        places.insert(scope.clone(), taken + 1);
        drop(places);
        Some(Taken {
            places: self.clone(),
            scope,
        })
    }

    fn give_back(&self, scope: &Scope) {
        let mut places = self.0.lock();
        match places.get_mut(scope) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => drop(places.remove(scope)),
        }
    }
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    places: Arc<Places>,
    scope: Scope,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.places.give_back(&self.scope);
    }
}
