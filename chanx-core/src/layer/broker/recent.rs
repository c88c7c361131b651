//! The ids of publications that have come, so that copies are told apart.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::identity::NodeId;

/// The most ids of one node that are kept.
const IDS: usize = 1024;
/// The most nodes that are kept. Names of nodes come from outside, so they are bounded
/// too.
const NODES: usize = 256;

/// The ids of the last publications that name several addresses, by the node they are from.
#[derive(Debug, Default)]
pub(super) struct Recent {
    nodes: HashMap<NodeId, Ids>,
    /// The nodes, in the order in which they were heard of first.
    order: VecDeque<NodeId>,
}

#[derive(Debug, Default)]
struct Ids {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Recent {
    /// Notes an id, and says whether it is new.
    pub(super) fn note(&mut self, node: NodeId, id: u64) -> bool {
        if !self.nodes.contains_key(&node) {
            if self.order.len() == NODES
                && let Some(oldest) = self.order.pop_front()
            {
                self.nodes.remove(&oldest);
            }
            self.order.push_back(node);
        }
        let ids = self.nodes.entry(node).or_default();
        if !ids.known.insert(id) {
            return false;
        }
        if ids.order.len() == IDS
            && let Some(oldest) = ids.order.pop_front()
        {
            ids.known.remove(&oldest);
        }
        ids.order.push_back(id);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_1024_ids_of_a_node_are_known() {
        let (mut recent, node) = (Recent::default(), NodeId::random());
        for id in 0..2000 {
            assert!(recent.note(node, id));
            assert!(!recent.note(node, id));
        }

        assert!(!recent.note(node, 2000 - 1024));
        assert!(recent.note(node, 2000 - 1025));
    }

    #[test]
    fn one_id_of_two_nodes_is_two() {
        let mut recent = Recent::default();

        assert!(recent.note(NodeId::random(), 1));
        assert!(recent.note(NodeId::random(), 1));
    }

    #[test]
    fn nodes_that_nobody_knows_take_no_more_than_their_place() {
        let mut recent = Recent::default();
        for _ in 0..1000 {
            recent.note(NodeId::random(), 1);
        }

        assert_eq!(recent.nodes.len(), NODES);
        assert_eq!(recent.order.len(), NODES);
    }
}
