//! The place of a broker where the feature `broker` is off: nothing joins this process to others.

use std::future::Ready;

use super::{error::LayerError, health::Health};
use crate::{
    connection::{EventDecoder, Member, Publication, Receipt},
    identity::{GroupName, UserKey},
};

/// A link that is never made.
#[derive(Debug)]
pub(super) enum Link {}

impl Link {
    pub(super) fn close(&self) {
        match *self {}
    }

    pub(super) fn health(&self) -> Health {
        match *self {}
    }

    pub(super) fn learn(&self, _channel: &'static str, _decode: EventDecoder) {
        match *self {}
    }

    pub(super) fn want_group(&self, _channel: &'static str, _group: &GroupName) {
        match *self {}
    }

    pub(super) fn unwant_group(&self, _channel: &'static str, _group: &GroupName) {
        match *self {}
    }

    pub(super) fn want_user(&self, _channel: &'static str, _user: &UserKey) {
        match *self {}
    }

    pub(super) fn unwant_user(&self, _channel: &'static str, _user: &UserKey) {
        match *self {}
    }

    pub(super) fn settled(&self, _member: &Member, _groups: &[GroupName]) -> Ready<()> {
        match *self {}
    }

    pub(super) fn publish<M>(
        &self,
        _members: &M,
        _publication: &Publication,
    ) -> Ready<Result<Receipt, LayerError>> {
        match *self {}
    }
}
