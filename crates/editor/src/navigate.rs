//! Going from node to node by keys.

use crate::geometry::node_rect;
use headroom_model::design::Design;
use headroom_model::order;

/// An arrow key's direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}

/// Positions of the nodes as one reads a picture whose requests flow to the right: by columns from the left, and from
/// top to bottom in each.
pub fn reading_order(design: &Design) -> Vec<usize> {
    let mut order: Vec<usize> = (0..design.nodes.len()).collect();
    let at = |i: &usize| (design.nodes[*i].x, design.nodes[*i].y, *i);
    order::sort_by(&mut order, |a, b| at(a).partial_cmp(&at(b)).expect("positions are finite"));
    order
}

/// The nearest of `candidates` (positions of nodes) in a direction from a node; sideways distance counts double.
pub fn neighbour(design: &Design, from: usize, direction: Direction, candidates: &[usize]) -> Option<usize> {
    let start = node_rect(design.nodes.get(from)?).centre();
    let cost = |i: usize| -> Option<f64> {
        let d = node_rect(design.nodes.get(i)?).centre() - start;
        let (along, across) = match direction {
            Direction::Left => (-d.x, d.y),
            Direction::Right => (d.x, d.y),
            Direction::Up => (-d.y, d.x),
            Direction::Down => (d.y, d.x),
        };
        (i != from && along > 0.0).then_some(along + 2.0 * across.abs())
    };
    candidates
        .iter()
        .filter_map(|i| cost(*i).map(|c| (c, *i)))
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, i)| i)
}
