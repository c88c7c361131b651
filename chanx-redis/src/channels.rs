//! The channels of Redis that stand for an address, and the messages that go by them.

use bytes::Bytes;
use chanx_core::layer::{Address, Inbound};

#[cfg(feature = "python")]
use crate::python::Sharing;

/// The names of addresses in Redis.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    pub(crate) prefix: String,
    #[cfg(feature = "python")]
    pub(crate) sharing: Sharing,
}

impl Channels {
    /// The channels to subscribe to for these addresses.
    pub(crate) fn take(&self, addresses: &[Address]) -> Vec<String> {
        #[cfg(feature = "python")]
        let shared = addresses
            .iter()
            .filter_map(|address| self.sharing.take(address));
        #[cfg(not(feature = "python"))]
        let shared = [];
        self.own(addresses).chain(shared).collect()
    }

    /// The channels that are no longer needed without these addresses.
    pub(crate) fn give_up(&self, addresses: &[Address]) -> Vec<String> {
        #[cfg(feature = "python")]
        let shared = addresses
            .iter()
            .filter_map(|address| self.sharing.give_up(address));
        #[cfg(not(feature = "python"))]
        let shared = [];
        self.own(addresses).chain(shared).collect()
    }

    fn own(&self, addresses: &[Address]) -> impl Iterator<Item = String> {
        addresses.iter().map(|address| self.own_name(address))
    }

    fn own_name(&self, address: &Address) -> String {
        format!("{}{address}", self.prefix)
    }

    /// The channel that a message to an address goes by, and its bytes there.
    pub(crate) fn outgoing(&self, address: &Address, message: &Bytes) -> (String, Bytes) {
        #[cfg(feature = "python")]
        if let Some(shared) = self.sharing.outgoing(address, message) {
            return shared;
        }
        (self.own_name(address), message.clone())
    }

    /// Hands over what has come by a channel.
    #[cfg_attr(
        not(feature = "python"),
        expect(
            clippy::unused_self,
            reason = "only shared channels have another format"
        )
    )]
    pub(crate) fn incoming(&self, channel: &[u8], message: Bytes, inbound: &Inbound) {
        #[cfg(feature = "python")]
        if self.sharing.incoming(channel, &message, inbound) {
            return;
        }
        #[cfg(not(feature = "python"))]
        let _ = channel;
        inbound.receive(message);
    }
}
