//! Groups that are shared with Python's chanx.
//!
//! Its processes carry groups over Redis too, in a form of their own: channel
//! `asgi__group__{group}` and msgpack. They die of anything that they do not
//! know there, so that only what has such a form goes by it, and all else, such
//! as closes, goes by the channel that the group has anyway. A node subscribes
//! to both.

mod form;
mod names;

use std::collections::HashMap;

use bytes::Bytes;
use chanx_core::layer::{Address, Inbound};
use parking_lot::Mutex;

use self::{
    form::{Form, Place},
    names::{is_name, topic_name},
};

/// The parts of a channel that are shared.
#[derive(Debug, Clone)]
pub(crate) enum Share {
    /// Its groups, under their own names.
    Groups,
    /// The groups of its topics, which a class of Python has too.
    Topics { class: String },
}

/// The channels that are shared, and the subscriptions of these.
#[derive(Debug, Default)]
pub(crate) struct Sharing {
    shares: HashMap<String, Share>,
    /// The groups of ours behind each channel of Redis.
    subscribed: Mutex<HashMap<String, Vec<Place>>>,
}

impl Sharing {
    pub(crate) fn share(&mut self, channel: String, share: Share) {
        self.shares.insert(channel, share);
    }

    /// The channel of Redis for a group that is shared.
    fn find(&self, address: &Address) -> Option<(String, Place)> {
        let Address::Group { channel, group } = address else {
            return None;
        };
        let share = self.shares.get(channel.as_str())?;
        let (name, is_topic) = match share {
            Share::Groups => (group.as_str().to_owned(), false),
            Share::Topics { class } => (topic_name(class, group.as_str()), true),
        };
        is_name(&name).then(|| {
            let place = Place {
                channel: channel.as_str().to_owned(),
                group: group.as_str().to_owned(),
                is_topic,
            };
            (format!("asgi__group__{name}"), place)
        })
    }

    pub(crate) fn take(&self, address: &Address) -> Option<String> {
        let (name, place) = self.find(address)?;
        let mut subscribed = self.subscribed.lock();
        let places = subscribed.entry(name.clone()).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
        Some(name)
    }

    /// The channel of a group, unless another group needs it still.
    pub(crate) fn give_up(&self, address: &Address) -> Option<String> {
        let (name, place) = self.find(address)?;
        let mut subscribed = self.subscribed.lock();
        let places = subscribed.get_mut(&name)?;
        places.retain(|other| *other != place);
        if !places.is_empty() {
            return None;
        }
        subscribed.remove(&name);
        Some(name)
    }

    /// What Python understands of a message, and where it goes.
    pub(crate) fn outgoing(&self, address: &Address, message: &[u8]) -> Option<(String, Bytes)> {
        let (name, place) = self.find(address)?;
        let form = Form::of(message, &place)?;
        Some((name, form.to_bytes()?))
    }

    /// Hands over what has come by a shared channel; says whether it is one.
    pub(crate) fn incoming(&self, channel: &[u8], message: &Bytes, inbound: &Inbound) -> bool {
        let Ok(channel) = std::str::from_utf8(channel) else {
            return false;
        };
        let places = match self.subscribed.lock().get(channel) {
            Some(places) => places.clone(),
            // Its last member may just have left.
            None => return channel.starts_with("asgi__group__"),
        };
        match Form::read(message) {
            Some(form) => {
                for place in places {
                    if let Some(message) = form.for_place(&place) {
                        inbound.receive(message);
                    }
                }
            }
            // As it is, it is counted.
            None => inbound.receive(message.clone()),
        }
        true
    }
}
