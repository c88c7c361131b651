//! The place of permessage-deflate where the feature `compression` is off.

use crate::ReadError;

/// Nothing comes here: as no handshake agrees on compression, a header that says so is an error.
pub(crate) fn inflate(_message: &[u8], _limit: usize) -> Result<Vec<u8>, ReadError> {
    Err(ReadError::Deflate)
}
