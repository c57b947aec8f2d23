//! Snapping a dragged node to other nodes and to the grid.

use crate::geometry::{NODE_HEIGHT, NODE_WIDTH, Point, node_rect};
use headroom_model::design::Node;

/// Distance between two lines of the grid [world px].
pub const GRID: f64 = 8.0;
/// How near another node's line attracts [screen px].
const PULL_PX: f64 = 6.0;
/// Nodes farther away than this do not attract [world px].
const SIGHT: f64 = 1_200.0;

/// A line that a dragged node has snapped to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guide {
    /// One end [world px].
    pub from: Point,
    /// The other end.
    pub to: Point,
}

/// The grid point next to a value.
pub(crate) fn to_grid(x: f64) -> f64 {
    (x / GRID).round() * GRID
}

/// Where the held node's corner snaps to, and the lines that attracted it. All nodes have one size, so equal left
/// edges mean equal middles and right edges.
pub(crate) fn snap<'a>(
    corner: Point,
    others: impl Iterator<Item = &'a Node>,
    zoom: f64,
) -> (Point, Vec<Guide>) {
    let pull = PULL_PX / zoom;
    let mut best_x: Option<(f64, &Node)> = None;
    let mut best_y: Option<(f64, &Node)> = None;
    for node in others {
        if Point::new(node.x, node.y).distance(corner) > SIGHT {
            continue;
        }
        let nearer = |best: &Option<(f64, &Node)>, d: f64| d <= pull && best.is_none_or(|b| d < b.0);
        let (dx, dy) = ((node.x - corner.x).abs(), (node.y - corner.y).abs());
        if nearer(&best_x, dx) {
            best_x = Some((dx, node));
        }
        if nearer(&best_y, dy) {
            best_y = Some((dy, node));
        }
    }
    let at = Point::new(
        best_x.map_or_else(|| to_grid(corner.x), |b| b.1.x),
        best_y.map_or_else(|| to_grid(corner.y), |b| b.1.y),
    );
    let mut guides = Vec::new();
    if let Some((_, node)) = best_x {
        let (rect, x) = (node_rect(node), at.x + NODE_WIDTH / 2.0);
        let (top, bottom) = (rect.y.min(at.y), (rect.y + rect.h).max(at.y + NODE_HEIGHT));
        guides.push(Guide { from: Point::new(x, top - GRID), to: Point::new(x, bottom + GRID) });
    }
    if let Some((_, node)) = best_y {
        let (rect, y) = (node_rect(node), at.y + NODE_HEIGHT / 2.0);
        let (left, right) = (rect.x.min(at.x), (rect.x + rect.w).max(at.x + NODE_WIDTH));
        guides.push(Guide { from: Point::new(left - GRID, y), to: Point::new(right + GRID, y) });
    }
    (at, guides)
}
