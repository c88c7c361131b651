//! Extractors that many handshakes need.

mod bearer;

pub use bearer::Bearer;
pub(crate) use bearer::TokenPlaces;
