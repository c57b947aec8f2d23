//! What a node is wired to, resolved once when a run is assembled: topology decides strategy.

use super::core::NodeIdx;
use crate::kinds::Kind;
use crate::kinds::cache::OnWrite;
use headroom_engine::mix64;

/// One outgoing wire.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    /// Position of the wire in the design.
    pub wire: u16,
    /// Called node.
    pub node: NodeIdx,
    /// Its kind.
    pub kind: Kind,
    /// Parts that it has at the start.
    pub parts: u16,
    /// Share among several.
    pub weight: f64,
    /// For a store: whether it can answer queries over many items.
    pub answers_queries: bool,
    /// For a cache: whether it is itself wired to a store, and so reads through.
    pub reads_through: bool,
    /// For a cache: whether it keeps results of queries.
    pub keeps_results: bool,
    /// For a cache: what a write does to the cached copy.
    pub on_write: Option<OnWrite>,
}

/// The outgoing wires of a node.
#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// In the design's order.
    pub out: Vec<Out>,
}

impl Wiring {
    /// The wires that lead to one of these kinds.
    pub fn to<'a>(&'a self, kinds: &'a [Kind]) -> impl Iterator<Item = &'a Out> {
        self.out.iter().filter(move |o| kinds.contains(&o.kind))
    }

    /// Wires with the share of weights up to and including each, from 0 to 1. Wires of weight 0 are left out unless all
    /// have it; then all count alike.
    pub fn cumulative<'a>(&self, wires: impl Iterator<Item = &'a Out> + Clone) -> Vec<(u16, f64)> {
        let total: f64 = wires.clone().map(|o| o.weight).sum();
        let weight = |o: &Out| if total > 0.0 { o.weight } else { 1.0 };
        let total = if total > 0.0 { total } else { wires.clone().count() as f64 };
        let mut sum = 0.0;
        wires
            .filter(|o| weight(o) > 0.0)
            .map(|o| {
                sum += weight(o);
                (o.wire, sum / total)
            })
            .collect()
    }
}

/// The route for a number in [0, 1).
#[inline]
pub fn pick(routes: &[(u16, f64)], u: f64) -> u16 {
    routes.iter().find(|r| u < r.1).or(routes.last()).expect("there is a route").0
}

/// The route for an item: the same item always goes the same way.
#[inline]
pub fn pick_by_key(routes: &[(u16, f64)], key: u32) -> u16 {
    match routes {
        [(wire, _)] => *wire,
        routes => {
            pick(routes, (mix64(u64::from(key) ^ 0x9e37_79b9_7f4a_7c15) >> 11) as f64 / (1u64 << 53) as f64)
        }
    }
}
