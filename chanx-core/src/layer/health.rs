//! The health of the way to other nodes.

/// The health of the way to other nodes, and the losses on it.
///
/// A layer without a broker is always connected and has lost nothing.
///
/// # Examples
///
/// ```
/// use chanx::ChannelLayer;
///
/// let health = ChannelLayer::new().health();
/// assert!(health.is_connected);
/// assert_eq!(health.gaps, 0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Health {
    /// True while publications reach other nodes, and theirs reach this one.
    pub is_connected: bool,
    /// The number of times that something may have been missed.
    pub gaps: u64,
    /// Members that were told so, with an `error` of reason `lagged`.
    pub told: u64,
    /// Publications that other nodes may not have got, of which the publisher was told.
    pub failed: u64,
    /// The times that the broker refused what a publisher had been told it has: one
    /// publication, or several in a row.
    pub unpublished: u64,
    /// Messages that were no publication that this version can read, or an
    /// event that this node does not know.
    pub unreadable: u64,
    /// Addresses that are subscribed to.
    pub subscriptions: usize,
    /// Addresses that are to be, and are not yet.
    pub pending: usize,
    /// Addresses that the broker does not allow, such as by the permissions of its
    /// user: members there get what is published on this node alone, and were told
    /// that they miss something.
    pub refused: usize,
}
