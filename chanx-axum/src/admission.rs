//! The limits on connections: in all, per user, per address.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{extract::ConnectInfo, response::Response};
use chanx_core::{Rejection, UserKey};
use dashmap::{DashMap, Entry};
use http::{StatusCode, request::Parts};

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
    total: Arc<Places<()>>,
    users: Arc<Places<UserKey>>,
    addresses: Arc<Places<IpAddr>>,
    refused: Arc<Places<()>>,
}

/// The places a connection takes, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Admitted {
    _total: Option<Place>,
    address: Option<Place>,
}

/// A place under one count. Boxed, since most connections take none.
pub(crate) type Place = Box<dyn Send + Sync + std::fmt::Debug>;

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
        let total = take(&self.total, Some(()), self.limits.total)
            .ok_or_else(|| refused(StatusCode::SERVICE_UNAVAILABLE, "too many connections"))?;
        let address = peer(request).map(|peer| network(peer.ip()));
        let address = take(&self.addresses, address, self.limits.per_address)
            .ok_or_else(|| refused(StatusCode::TOO_MANY_REQUESTS, "too many connections"))?;
        Ok(Admitted {
            _total: total,
            address,
        })
    }

    /// Gives the place among all connections back, and takes one among those
    /// that are told of their refusal; `None` where none is left.
    pub(crate) fn admit_refused(&self, admitted: Admitted) -> Option<Admitted> {
        let refused = take(&self.refused, Some(()), Some(REFUSED))?;
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
        take(&self.users, user, self.limits.per_user)
            .ok_or_else(|| Rejection::new(StatusCode::TOO_MANY_REQUESTS, "too many connections"))
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

/// A place for `key`; an empty one where nothing is limited, `None` where none is left.
fn take<K>(places: &Arc<Places<K>>, key: Option<K>, limit: Option<usize>) -> Option<Option<Place>>
where
    K: Clone + Eq + Hash + Send + Sync + std::fmt::Debug + 'static,
{
    let (Some(key), Some(limit)) = (key, limit) else {
        return Some(None);
    };
    let taken = places.take(key, limit)?;
    Some(Some(Box::new(taken)))
}

/// The number of places that are taken, by key. Empty where nobody is connected.
#[derive(Debug)]
struct Places<K: Eq + Hash>(DashMap<K, usize>);

impl<K: Eq + Hash> Default for Places<K> {
    fn default() -> Self {
        Self(DashMap::new())
    }
}

impl<K: Clone + Eq + Hash> Places<K> {
    fn take(self: &Arc<Self>, key: K, limit: usize) -> Option<Taken<K>> {
        let mut count = self.0.entry(key.clone()).or_insert(0);
        if *count >= limit {
            let none = *count == 0;
            drop(count);
            if none {
                self.0.remove_if(&key, |_, count| *count == 0);
            }
            return None;
        }
        *count += 1;
        drop(count);
        Some(Taken {
            places: self.clone(),
            key,
        })
    }

    fn give_back(&self, key: &K) {
        if let Entry::Occupied(mut entry) = self.0.entry(key.clone()) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

#[derive(Debug)]
struct Taken<K: Clone + Eq + Hash> {
    places: Arc<Places<K>>,
    key: K,
}

impl<K: Clone + Eq + Hash> Drop for Taken<K> {
    fn drop(&mut self) {
        self.places.give_back(&self.key);
    }
}
