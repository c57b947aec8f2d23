//! What lies under a pointer.

use crate::geometry::{PORT_REACH, Point, Rect, Side, node_rect, port, wire_paths};
use crate::notes::note_rect;
use crate::places::place_rect;
use crate::selection::WireKey;
use headroom_model::design::{Design, Node, Place};
use headroom_model::kinds::Kind;

/// Height of a place's title, by which it is taken hold of [world px].
pub const TITLE_HEIGHT: f64 = 28.0;
/// How near a place's border is met at least [world px].
const BORDER_REACH: f64 = 4.0;
/// Half the width of a port's reach for a pointer, without tolerance [world px].
const PORT_HALF_WIDTH: f64 = 7.0;

/// What lies under a pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// A node's port.
    Port {
        /// Node id.
        node: String,
        /// Which side.
        side: Side,
    },
    /// A node.
    Node(String),
    /// A note, which lies under nodes and over all else.
    Note(String),
    /// A wire.
    Wire(WireKey),
    /// The title or the border of a place. What is inside it is background.
    Place(String),
    /// The background.
    Background,
}

/// Whether a node has a port on a side: nothing calls users, and what calls nothing has no port to call from.
pub fn has_port(node: &Node, side: Side) -> bool {
    match side {
        Side::In => node.kind() != Kind::Users,
        Side::Out => !node.kind().spec().calls.is_empty(),
    }
}

/// What lies at a world point; ports, wires and the borders of places are met from `tolerance` world px away.
pub fn hit(design: &Design, p: Point, tolerance: f64) -> Hit {
    // A port is a tall pill astride the node's edge. Ports of neighbours may lie close together: the nearest wins.
    let mut best: Option<(f64, Hit)> = None;
    for node in design.nodes.iter().rev() {
        for side in [Side::In, Side::Out] {
            let d = p - port(node, side);
            let reach = (PORT_HALF_WIDTH + tolerance, PORT_REACH + tolerance);
            if d.x.abs() <= reach.0 && d.y.abs() <= reach.1 && has_port(node, side) {
                let distance = d.x.abs() / reach.0 + d.y.abs() / reach.1;
                if best.as_ref().is_none_or(|b| distance < b.0) {
                    best = Some((distance, Hit::Port { node: node.id.clone(), side }));
                }
            }
        }
    }
    if let Some((_, hit)) = best {
        return hit;
    }
    // Later nodes lie on top.
    if let Some(node) = design.nodes.iter().rev().find(|n| node_rect(n).contains(p)) {
        return Hit::Node(node.id.clone());
    }
    if let Some(note) = design.notes.iter().rev().find(|n| note_rect(n).contains(p)) {
        return Hit::Note(note.id.clone());
    }
    let nearest = wire_paths(design)
        .iter()
        .zip(&design.wires)
        .filter_map(|(path, wire)| {
            let path = path.as_ref()?;
            // The hull is cheap and rules most wires out.
            path.hull().grown(tolerance).contains(p).then(|| (path.distance(p), wire))
        })
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, wire)) = nearest {
        return Hit::Wire(WireKey::from(wire));
    }
    match frame_at(design, p, tolerance) {
        Some(place) => Hit::Place(place.id.clone()),
        None => Hit::Background,
    }
}

/// The place whose title or border lies at a point; the smallest of several, which lies on top.
fn frame_at(design: &Design, p: Point, tolerance: f64) -> Option<&Place> {
    let reach = tolerance.max(BORDER_REACH);
    let on_frame = |place: &&Place| {
        let rect = place_rect(place);
        let title = Rect { h: TITLE_HEIGHT.min(rect.h), ..rect };
        let inner = rect.grown(-reach.min(rect.w / 4.0).min(rect.h / 4.0));
        title.contains(p) || (rect.grown(reach).contains(p) && !inner.contains(p))
    };
    let area = |place: &Place| place_rect(place).area();
    design.places.iter().filter(on_frame).min_by(|a, b| area(a).total_cmp(&area(b)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::NODE_WIDTH;
    use headroom_model::scenarios;

    #[test]
    fn ports_come_before_nodes_and_nodes_before_wires() {
        let design = Design::parse(scenarios::by_id("cache-aside").unwrap().json).unwrap();
        let lb = design.node("lb").unwrap();
        let out = port(lb, Side::Out);
        let at = |dx: f64, dy: f64| hit(&design, out + Point::new(dx, dy), 4.0);
        assert_eq!(at(3.0, 2.0), Hit::Port { node: "lb".to_owned(), side: Side::Out });
        assert_eq!(at(-NODE_WIDTH / 2.0, 0.0), Hit::Node("lb".to_owned()));
        assert_eq!(at(40.0, 1.0), Hit::Wire(WireKey::new("lb", "web")));
        assert_eq!(at(40.0, 60.0), Hit::Background);
        // A place is taken hold of by its title and its border.
        let mut design = design.clone();
        let mut boxed = Design::parse(
            r#"{"nodes": [], "wires": [], "places": [{"id": "r", "kind": "region", "x": -600, "y": 900, "w": 600, "h": 300},
            {"id": "z", "kind": "zone", "parent": "r", "x": -600, "y": 900, "w": 300, "h": 200}]}"#,
        )
        .unwrap();
        design.places.append(&mut boxed.places);
        let on = |x: f64, y: f64| hit(&design, Point::new(x, y), 4.0);
        assert_eq!(on(-100.0, 910.0), Hit::Place("r".to_owned()));
        assert_eq!(on(-500.0, 910.0), Hit::Place("z".to_owned()), "the inner one lies on top");
        assert_eq!(on(2.0, 1000.0), Hit::Place("r".to_owned()));
        assert_eq!(on(-100.0, 1000.0), Hit::Background);
        // Nothing calls users: there is no port on their left.
        let users = design.node("users").unwrap();
        assert_eq!(
            hit(&design, port(users, Side::In) + Point::new(2.0, 0.0), 4.0),
            Hit::Node("users".to_owned())
        );
    }
}
