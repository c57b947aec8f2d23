//! Where nodes, ports and wires lie, in world px.

use crate::notes::note_rect;
use crate::places::place_rect;
use headroom_model::design::{Design, Node};
use headroom_model::order;
use std::ops::{Add, Mul, Sub};

/// Width of every node [world px].
pub const NODE_WIDTH: f64 = 176.0;
/// Height of every node [world px]. One size for all kinds keeps wires between neighbours straight.
pub const NODE_HEIGHT: f64 = 104.0;
/// Wires at one port spread over at most this much up and down from its middle [world px].
pub const PORT_REACH: f64 = 18.0;
/// Distance between two wires at one port [world px], while there is room.
const PORT_STEP: f64 = 9.0;
/// Least reach of a wire's tangent from its ends [world px].
const TANGENT_MIN: f64 = 40.0;
/// Straight pieces that stand for a curve when it is measured.
const PIECES: usize = 24;

/// A point or an offset.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// A point.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Distance to another point.
    pub fn distance(self, other: Point) -> f64 {
        let d = self - other;
        (d.x * d.x + d.y * d.y).sqrt()
    }
}

impl Add for Point {
    type Output = Point;
    fn add(self, o: Point) -> Point {
        Point::new(self.x + o.x, self.y + o.y)
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, o: Point) -> Point {
        Point::new(self.x - o.x, self.y - o.y)
    }
}

impl Mul<f64> for Point {
    type Output = Point;
    fn mul(self, k: f64) -> Point {
        Point::new(self.x * k, self.y * k)
    }
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// The rectangle between two opposite corners, whichever they are.
    pub fn between(a: Point, b: Point) -> Self {
        Self { x: a.x.min(b.x), y: a.y.min(b.y), w: (a.x - b.x).abs(), h: (a.y - b.y).abs() }
    }

    /// Its middle.
    pub fn centre(&self) -> Point {
        Point::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// Whether a point lies in it.
    pub fn contains(&self, p: Point) -> bool {
        p.x >= self.x && p.x <= self.x + self.w && p.y >= self.y && p.y <= self.y + self.h
    }

    /// Whether two rectangles touch.
    pub fn meets(&self, o: &Rect) -> bool {
        self.x <= o.x + o.w && o.x <= self.x + self.w && self.y <= o.y + o.h && o.y <= self.y + self.h
    }

    /// Whether another lies in it whole.
    pub fn holds(&self, o: &Rect) -> bool {
        self.x <= o.x && self.y <= o.y && o.x + o.w <= self.x + self.w && o.y + o.h <= self.y + self.h
    }

    /// Its area.
    pub fn area(&self) -> f64 {
        self.w * self.h
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn joined(&self, o: &Rect) -> Rect {
        let (x, y) = (self.x.min(o.x), self.y.min(o.y));
        Rect { x, y, w: (self.x + self.w).max(o.x + o.w) - x, h: (self.y + self.h).max(o.y + o.h) - y }
    }

    /// The same, larger on all sides.
    pub fn grown(&self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, w: self.w + 2.0 * by, h: self.h + 2.0 * by }
    }
}

/// Where a node lies.
pub fn node_rect(node: &Node) -> Rect {
    Rect { x: node.x, y: node.y, w: NODE_WIDTH, h: NODE_HEIGHT }
}

/// The rectangle around these nodes; none without nodes.
pub fn bounds<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> Option<Rect> {
    nodes.into_iter().map(node_rect).reduce(|a, b| a.joined(&b))
}

/// The rectangle around all nodes, places and notes of a design; none where there are none.
pub fn content(design: &Design) -> Option<Rect> {
    let nodes = design.nodes.iter().map(node_rect);
    let places = design.places.iter().map(place_rect);
    nodes.chain(places).chain(design.notes.iter().map(note_rect)).reduce(|a, b| a.joined(&b))
}

/// A side of a node where wires end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Left: it is called.
    In,
    /// Right: it calls.
    Out,
}

/// The middle of a node's port.
pub fn port(node: &Node, side: Side) -> Point {
    let x = if side == Side::In { node.x } else { node.x + NODE_WIDTH };
    Point::new(x, node.y + NODE_HEIGHT / 2.0)
}

/// A wire's curve: a cubic Bézier from the caller's right to the called one's left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WirePath {
    /// Start, two control points, end.
    pub points: [Point; 4],
}

/// The curve between two points, leaving to the right and coming in from the left.
pub fn wire_path(from: Point, to: Point) -> WirePath {
    let (dx, dy) = (to.x - from.x, (to.y - from.y).abs());
    // Forwards half the way; backwards a loop that grows with the distance.
    let reach =
        if dx >= 0.0 { (dx / 2.0).max(TANGENT_MIN.min(dx + dy / 2.0)) } else { TANGENT_MIN - dx / 3.0 };
    let reach = reach.max(8.0);
    WirePath { points: [from, from + Point::new(reach, 0.0), to - Point::new(reach, 0.0), to] }
}

/// The curves of all wires of a design, in its order. Wires that share a port are spread over it, in the order in which
/// their other ends lie from top to bottom, so that they do not cross there. A wire to a node that does not exist has none.
pub fn wire_paths(design: &Design) -> Vec<Option<WirePath>> {
    let ends: Vec<Option<(usize, usize)>> =
        design.wires.iter().map(|w| Some((design.node_index(&w.from)?, design.node_index(&w.to)?))).collect();
    // At each node and side: (height of the other end, its left edge, wire).
    let mut at = vec![[Vec::new(), Vec::new()]; design.nodes.len()];
    for (wire, end) in ends.iter().enumerate() {
        if let Some((from, to)) = *end {
            let (a, b) = (&design.nodes[from], &design.nodes[to]);
            at[from][1].push((b.y, b.x, wire));
            at[to][0].push((a.y, a.x, wire));
        }
    }
    let mut offsets = vec![[0.0; 2]; design.wires.len()];
    for list in at.iter_mut().flat_map(|sides| sides.iter_mut().enumerate()) {
        let (side, list) = list;
        order::sort_by(list, |a, b| a.partial_cmp(b).expect("positions are finite"));
        let gaps = list.len().saturating_sub(1) as f64;
        let step = if gaps > 0.0 { PORT_STEP.min(2.0 * PORT_REACH / gaps) } else { 0.0 };
        for (i, (_, _, wire)) in list.iter().enumerate() {
            offsets[*wire][side] = (i as f64 - gaps / 2.0) * step;
        }
    }
    ends.iter()
        .zip(&offsets)
        .map(|(end, offset)| {
            let (from, to) = (*end)?;
            Some(wire_path(
                port(&design.nodes[from], Side::Out) + Point::new(0.0, offset[1]),
                port(&design.nodes[to], Side::In) + Point::new(0.0, offset[0]),
            ))
        })
        .collect()
}

impl WirePath {
    /// The point at `t` from 0 (start) to 1 (end).
    pub fn at(&self, t: f64) -> Point {
        let [a, b, c, d] = self.points;
        let u = 1.0 - t;
        a * (u * u * u) + b * (3.0 * u * u * t) + c * (3.0 * u * t * t) + d * (t * t * t)
    }

    /// Its length, to about a per cent.
    pub fn length(&self) -> f64 {
        self.pieces().map(|(a, b)| a.distance(b)).sum()
    }

    /// Distance of a point from it.
    pub fn distance(&self, p: Point) -> f64 {
        self.pieces().map(|(a, b)| distance_to_segment(p, a, b)).fold(f64::INFINITY, f64::min)
    }

    /// The rectangle around its control points, which holds the curve.
    pub fn hull(&self) -> Rect {
        let [a, b, c, d] = self.points;
        let (x0, x1) = (a.x.min(b.x).min(c.x).min(d.x), a.x.max(b.x).max(c.x).max(d.x));
        let (y0, y1) = (a.y.min(b.y).min(c.y).min(d.y), a.y.max(b.y).max(c.y).max(d.y));
        Rect { x: x0, y: y0, w: x1 - x0, h: y1 - y0 }
    }

    /// The `d` of an SVG path.
    pub fn svg(&self) -> String {
        let [a, b, c, d] = self.points;
        format!("M{:.1},{:.1}C{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}", a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y)
    }

    fn pieces(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        let at = |i: usize| self.at(i as f64 / PIECES as f64);
        (0..PIECES).map(move |i| (at(i), at(i + 1)))
    }
}

fn distance_to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (d, v) = (b - a, p - a);
    let length2 = d.x * d.x + d.y * d.y;
    let t = if length2 > 0.0 { ((v.x * d.x + v.y * d.y) / length2).clamp(0.0, 1.0) } else { 0.0 };
    p.distance(a + d * t)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::design::Wire;
    use headroom_model::kinds::Kind;

    fn node(id: &str, kind: Kind, x: f64, y: f64) -> Node {
        Node::new(id, kind, x, y)
    }

    #[test]
    fn a_curve_begins_and_ends_at_its_ends_and_is_near_itself() {
        for (a, b) in [
            (Point::new(0.0, 0.0), Point::new(300.0, 80.0)),
            (Point::new(0.0, 0.0), Point::new(10.0, 200.0)),
            (Point::new(0.0, 0.0), Point::new(-200.0, 40.0)),
        ] {
            let path = wire_path(a, b);
            assert_eq!((path.at(0.0), path.at(1.0)), (a, b));
            assert!(path.length() >= a.distance(b) - 1e-9);
            for i in 0..=10 {
                let p = path.at(f64::from(i) / 10.0);
                assert!(path.distance(p) < 1.5, "{p:?}");
                assert!(path.hull().grown(1e-9).contains(p));
            }
        }
        let straight = wire_path(Point::new(0.0, 0.0), Point::new(200.0, 0.0));
        assert!((straight.length() - 200.0).abs() < 1e-9);
        assert!((straight.distance(Point::new(100.0, 30.0)) - 30.0).abs() < 1e-9);
    }

    #[test]
    fn wires_at_one_port_lie_in_the_order_of_their_other_ends() {
        let design = Design {
            nodes: vec![
                node("web", Kind::Web, 0.0, 100.0),
                node("db", Kind::Relational, 300.0, 200.0),
                node("cache", Kind::Cache, 300.0, 0.0),
            ],
            wires: vec![Wire::new("web", "db"), Wire::new("web", "cache"), Wire::new("web", "gone")],
            ..Design::default()
        };
        let paths = wire_paths(&design);
        let start = |i: usize| paths[i].unwrap().points[0];
        assert!(start(1).y < start(0).y, "the wire to the upper node leaves above");
        assert!((start(0).y - start(1).y).abs() <= 2.0 * PORT_REACH);
        assert_eq!(paths[2], None);
        // A single wire ends in the middle of the port.
        assert_eq!(paths[0].unwrap().points[3], port(&design.nodes[1], Side::In));
    }
}
