//! The channels that are documented, and the paths of the document.

use chanx_asyncapi::Documented;

use super::Docs;

/// The channels that `Channels` document besides their own, and the paths of the
/// document.
#[derive(Debug, Default)]
pub(crate) struct Documentation {
    pub(super) docs: Option<Docs>,
    pub(super) mount: String,
    pub(super) besides: Vec<Documented>,
}
