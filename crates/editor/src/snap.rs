//! Snapping a dragged node to other nodes and to the grid.

use crate::geometry::{NODE_HEIGHT, NODE_WIDTH, Point, Rect, node_rect};
use crate::view::PLACE_MAX;
use headroom_model::design::{Design, Node};
use std::collections::BTreeSet;

/// Distance between two lines of the grid [world px].
pub const GRID: f64 = 8.0;
/// Nodes farther away than this do not attract [world px].
const SIGHT: f64 = 1_200.0;
/// Offset of a new node from one that already lies there [world px].
const STEP_ASIDE: f64 = 32.0;

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

/// A drag's offset after snapping, and the lines that attracted it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapped {
    /// Offset [world px].
    pub by: Point,
    /// Lines to show.
    pub guides: Vec<Guide>,
}

/// Snaps a drag of the nodes `moving` by `by`: the node `held` lines up with others that are within `pull` [world px],
/// or else with the grid. All nodes have one size, so equal left edges mean equal middles and right edges.
pub fn snap_drag(design: &Design, moving: &BTreeSet<String>, held: &str, by: Point, pull: f64) -> Snapped {
    let Some(lead) = design.node(held) else { return Snapped { by, guides: Vec::new() } };
    let start = Point::new(lead.x, lead.y);
    let corner = start + by;
    let mut best_x: Option<(f64, &Node)> = None;
    let mut best_y: Option<(f64, &Node)> = None;
    for node in design.nodes.iter().filter(|n| !moving.contains(&n.id)) {
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
    Snapped { by: at - start, guides }
}

/// Snaps the drag of a place or a note by `by` to the grid.
pub fn snap_box(design: &Design, held: &str, by: Point) -> Snapped {
    let place = design.place(held).map(|p| Point::new(p.x, p.y));
    let corner = place.or_else(|| design.note(held).map(|n| Point::new(n.x, n.y)));
    let Some(at) = corner else { return Snapped { by, guides: Vec::new() } };
    let to = Point::new(to_grid(at.x + by.x), to_grid(at.y + by.y));
    Snapped { by: to - at, guides: Vec::new() }
}

/// Where a new node's corner goes when its middle is wanted at `at`: on the grid, and not just over another node, from
/// which it could not be told.
pub fn place_for(design: &Design, at: Point) -> Point {
    let fit = |x: f64| if x.is_finite() { to_grid(x.clamp(-PLACE_MAX / 2.0, PLACE_MAX / 2.0)) } else { 0.0 };
    let mut corner = Point::new(fit(at.x - NODE_WIDTH / 2.0), fit(at.y - NODE_HEIGHT / 2.0));
    while design.nodes.iter().any(|n| Point::new(n.x, n.y).distance(corner) < 2.0 * GRID) {
        corner = corner + Point::new(STEP_ASIDE, STEP_ASIDE);
    }
    corner
}

/// The middle of a free place for a new node, as near as can be to the middle of what is seen.
pub fn room_in(design: &Design, seen: Rect) -> Point {
    const STEP: Point = Point::new(NODE_WIDTH + 4.0 * GRID, NODE_HEIGHT + 4.0 * GRID);
    const RINGS: i32 = 6;
    let middle = seen.centre();
    let free = |p: &Point| {
        let corner = *p - Point::new(NODE_WIDTH, NODE_HEIGHT) * 0.5;
        let rect = Rect { x: corner.x, y: corner.y, w: NODE_WIDTH, h: NODE_HEIGHT }.grown(GRID);
        design.nodes.iter().all(|n| !node_rect(n).meets(&rect))
    };
    // Places on a raster around the middle that are seen whole.
    let (half_w, half_h) = ((seen.w - NODE_WIDTH) / 2.0, (seen.h - NODE_HEIGHT) / 2.0);
    let places = (-RINGS..=RINGS)
        .flat_map(|i| (-RINGS..=RINGS).map(move |j| (i, j)))
        .map(|(i, j)| middle + Point::new(f64::from(i) * STEP.x / 2.0, f64::from(j) * STEP.y / 2.0));
    let inside = |p: &Point| (p.x - middle.x).abs() <= half_w && (p.y - middle.y).abs() <= half_h;
    places
        .filter(|p| inside(p) && free(p))
        .min_by(|a, b| a.distance(middle).total_cmp(&b.distance(middle)))
        .unwrap_or(middle)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::kinds::Kind;

    fn design() -> Design {
        let node = |id: &str, x: f64, y: f64| Node::new(id, Kind::Web, x, y);
        Design { nodes: vec![node("a", 3.0, 5.0), node("b", 300.0, 150.0)], ..Design::default() }
    }

    #[test]
    fn a_dragged_node_lines_up_with_another_or_with_the_grid() {
        let design = design();
        let moving = BTreeSet::from(["b".to_owned()]);
        let near = snap_drag(&design, &moving, "b", Point::new(20.0, -141.0), 6.0);
        assert_eq!((near.by.x + 300.0, near.by.y + 150.0), (320.0, 5.0));
        assert_eq!(near.guides.len(), 1);
        let far = snap_drag(&design, &moving, "b", Point::new(21.0, 51.0), 6.0);
        assert_eq!((far.by.x + 300.0, far.by.y + 150.0), (320.0, 200.0));
        assert!(far.guides.is_empty());
    }

    #[test]
    fn a_new_node_finds_room_in_what_is_seen() {
        let mut design = design();
        let seen = Rect { x: 0.0, y: 0.0, w: 900.0, h: 600.0 };
        for i in 0..6 {
            let corner = place_for(&design, room_in(&design, seen));
            let mut node = design.nodes[0].clone();
            (node.id, node.x, node.y) = (format!("new{i}"), corner.x, corner.y);
            let rect = node_rect(&node);
            assert!(design.nodes.iter().all(|n| !node_rect(n).meets(&rect)), "{rect:?}");
            design.nodes.push(node);
        }
    }

    #[test]
    fn a_new_node_never_hides_another() {
        let mut design = design();
        for i in 0..5 {
            let at = place_for(&design, Point::new(90.0, 60.0));
            assert!(design.nodes.iter().all(|n| Point::new(n.x, n.y).distance(at) >= 2.0 * GRID));
            let mut node = design.nodes[0].clone();
            (node.id, node.x, node.y) = (format!("new{i}"), at.x, at.y);
            design.nodes.push(node);
        }
    }
}
