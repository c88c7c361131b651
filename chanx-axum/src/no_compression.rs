//! The place of permessage-deflate where the feature `compression` is off: nobody agrees on it.

use std::convert::Infallible;

use chanx_core::{Compression, WireCounter, wire::Frame};
use chanx_websocket::{Codec, Received};
use http::{HeaderMap, HeaderValue};

/// An agreement that is never made.
#[derive(Debug)]
pub enum Deflating {}

impl Deflating {
    /// Declines by silence, as offers are that cannot be met (RFC 7692 §5).
    pub(crate) fn negotiate(
        _compression: Option<Compression>,
        _request: &HeaderMap,
    ) -> Result<Option<Self>, Infallible> {
        Ok(None)
    }

    pub(crate) fn answer(&self) -> HeaderValue {
        match *self {}
    }

    pub(crate) fn codec(&self, _codec: Codec) -> Codec {
        match *self {}
    }

    pub(crate) fn count_by(&mut self, _counter: WireCounter) {
        match *self {}
    }

    pub(crate) fn deflate(&self, _frame: &Frame) -> Option<chanx_websocket::Frame> {
        match *self {}
    }

    pub(crate) fn note(&self, _received: &Received<'_>) {
        match *self {}
    }
}
