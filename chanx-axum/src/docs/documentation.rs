//! What is documented, and where.

use chanx_asyncapi::Documented;

use super::Docs;

/// What `Channels` document besides their own routes, and where.
#[derive(Debug, Default)]
pub(crate) struct Documentation {
    pub(super) docs: Option<Docs>,
    pub(super) mount: String,
    pub(super) besides: Vec<Documented>,
}
