//! Which node of a cache tier an item belongs to.

use crate::order;
use crate::params::choice;
use headroom_engine::{hash2, mix64};

choice! {
    /// How an item finds its node.
    pub enum Spread {
        /// Hash of the item, modulo the number of nodes that are in use.
        Modulo = "modulo", "hash mod n", "해시 mod n", "항목의 해시를 쓰이는 노드 수로 나눈 나머지입니다.";
        /// The next point clockwise on a ring where each node has a hundred points.
        Consistent = "consistent", "Consistent hashing", "안정 해시", "노드마다 점을 백 개 가진 링에서 시계 방향 다음 점입니다.";
    }
}

/// Points of each node on the ring.
const POINTS: u64 = 100;

/// The node of every item.
#[derive(Clone, Debug)]
pub(super) struct Homes {
    spread: Spread,
    salt: u64,
    items: u32,
    /// By item; empty while there is one node.
    node_of: Vec<u16>,
}

impl Homes {
    pub fn new(spread: Spread, items: u32, nodes: usize, salt: u64) -> Self {
        let mut homes = Self { spread, salt, items, node_of: Vec::new() };
        if nodes > 1 {
            homes.assign(&vec![true; nodes]);
        }
        homes
    }

    #[inline]
    pub fn of(&self, key: u32) -> u16 {
        self.node_of.get(key as usize).copied().unwrap_or(0)
    }

    /// Spreads all items over the nodes that are in use; where none is, all stays as it was.
    pub fn assign(&mut self, in_use: &[bool]) {
        let nodes: Vec<u16> = (0..in_use.len() as u16).filter(|n| in_use[*n as usize]).collect();
        if nodes.is_empty() || in_use.len() == 1 {
            return;
        }
        let hash = |key: u32| hash2(self.salt, u64::from(key));
        self.node_of = match self.spread {
            Spread::Modulo => {
                (0..self.items).map(|key| nodes[(hash(key) % nodes.len() as u64) as usize]).collect()
            }
            Spread::Consistent => {
                let salt = mix64(self.salt ^ 0x0063_6163_6865);
                let mut ring: Vec<(u64, u16)> = nodes
                    .iter()
                    .flat_map(|&n| (0..POINTS).map(move |p| (hash2(salt, (u64::from(n) << 32) | p), n)))
                    .collect();
                order::sort(&mut ring);
                let owner = |hash: u64| ring[ring.partition_point(|p| p.0 < hash) % ring.len()].1;
                (0..self.items).map(|key| owner(hash(key))).collect()
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Share of items whose node is another one after one of four has gone.
    fn moved(spread: Spread) -> (f64, bool) {
        let all = Homes::new(spread, 100_000, 4, 9);
        let mut three = all.clone();
        three.assign(&[true, false, true, true]);
        let moved = (0..100_000).filter(|k| all.of(*k) != three.of(*k));
        let only_its_own = moved.clone().all(|k| all.of(k) == 1);
        (moved.count() as f64 / 100_000.0, only_its_own)
    }

    #[test]
    fn a_node_that_goes_takes_its_own_items_on_a_ring_and_nearly_all_by_modulo() {
        let (share, only_its_own) = moved(Spread::Consistent);
        assert!(only_its_own && (share - 0.25).abs() < 0.1, "{share}");
        // A key stays where hash mod 4 is 0 and hash mod 3 is 0, or 2 and 1, or 3 and 2: 3 of 12 residues.
        let (share, _) = moved(Spread::Modulo);
        assert!((share - 0.75).abs() < 0.01, "{share}");
    }
}
