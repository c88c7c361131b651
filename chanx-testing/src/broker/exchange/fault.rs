//! The faults of an exchange.

/// A fault of an [`Exchange`](super::Exchange), on demand.
///
/// For tests of tests: with each of them some case of the suite fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Every seventh message is lost, and nobody is told.
    Loses,
    /// Every message comes twice.
    Duplicates,
    /// Every second message comes behind the next.
    Reorders,
    /// Messages above 16 KiB are cut.
    Cuts,
    /// Messages above 16 KiB are taken and lost.
    LosesLarge,
    /// A name that has more than letters and digits is not subscribed to.
    ForgetsOddNames,
    /// At most a hundred addresses of a node are subscribed to.
    ForgetsMany,
    /// An address that is unsubscribed from takes its node's other subscriptions along.
    UnsubscribesAll,
    /// Publishing says that it went well while the exchange is cut.
    HidesOutages,
    /// Nobody is told that the exchange can be reached again.
    NeverBack,
    /// Subscriptions are not there any more after a cut, whoever subscribes anew.
    NeverSubscribesAgain,
    /// Users are not subscribed to.
    ForgetsUsers,
    /// Nodes are not subscribed to.
    ForgetsNodes,
    /// A task outlives its layer.
    Leaks,
}
