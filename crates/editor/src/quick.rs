//! A new node that is wired at once: where it goes, whether the rules let it, and both as one step.

use crate::editor::Editor;
use crate::geometry::{NODE_HEIGHT, NODE_WIDTH, Point, Side, node_rect};
use crate::message::Effect;
use crate::snap::GRID;
use crate::vet::{full, gone};
use headroom_model::design::{Design, Node, Refusal, Wire, wire_refusal};
use headroom_model::kinds::Kind;
use headroom_model::limits::WIRES_MAX;

/// Distance between a node and one that is put beside it [world px].
const BESIDE: f64 = 16.0 * GRID;
/// Rows that are tried below and above it.
const ROWS: i32 = 8;

/// Why a new node of a kind could not be wired to the port of this one, if so.
pub fn kind_refusal(design: &Design, node: &str, side: Side, kind: Kind) -> Option<Refusal> {
    let mut trial = design.clone();
    let own = trial.node_index(node)?;
    let id = trial.fresh_id(kind);
    trial.nodes.push(Node::new(id, kind, 0.0, 0.0));
    let new = trial.nodes.len() - 1;
    match side {
        Side::Out => wire_refusal(&trial, own, new),
        Side::In => wire_refusal(&trial, new, own),
    }
}

/// The middle of the free place beside a node, on the side of this port, that is nearest to it.
pub fn room_beside(design: &Design, node: &Node, side: Side) -> Point {
    let own = node_rect(node);
    let way = if side == Side::Out { 1.0 } else { -1.0 };
    let step = NODE_HEIGHT + 4.0 * GRID;
    let at = |row: i32| own.centre() + Point::new(way * (NODE_WIDTH + BESIDE), f64::from(row) * step);
    let free = |p: &Point| {
        design.nodes.iter().map(node_rect).all(|r| {
            let apart = r.centre() - *p;
            apart.x.abs() >= NODE_WIDTH + GRID || apart.y.abs() >= NODE_HEIGHT + GRID
        })
    };
    let rows = (0..=ROWS).flat_map(|r| [r, -r]);
    rows.map(at).find(free).unwrap_or_else(|| at(0))
}

impl Editor {
    /// Adds a node and the wire between it and a port of another, as one step.
    pub(crate) fn add_wired(&mut self, kind: Kind, at: Point, node: &str, side: Side) -> Effect {
        let id = self.design().fresh_id(kind);
        let (from, to) = match side {
            Side::Out => (node, id.as_str()),
            Side::In => (id.as_str(), node),
        };
        self.add_node_and(kind, at, |design| {
            if design.wires.len() >= WIRES_MAX {
                return Err(full("wires", "선", WIRES_MAX));
            }
            let ends = (design.node_index(from), design.node_index(to));
            let (Some(a), Some(b)) = ends else { return Err(gone("node", "노드")) };
            match wire_refusal(design, a, b) {
                Some(refusal) => Err(refusal),
                None => {
                    design.wires.push(Wire::new(from, to));
                    Ok(())
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::message::{Change, EditMsg};
    use crate::selection::Item;

    fn editor() -> Editor {
        let mut editor = Editor::default();
        let _ = editor.apply(EditMsg::AddNode { kind: Kind::Users, at: Point::new(0.0, 0.0) });
        let _ = editor.apply(EditMsg::AddNode { kind: Kind::Web, at: Point::new(300.0, 0.0) });
        editor
    }

    fn add(editor: &mut Editor, kind: Kind, node: &str, side: Side) -> Effect {
        let beside = editor.design().node(node).map(|n| room_beside(editor.design(), n, side));
        let at = beside.unwrap_or_default();
        editor.apply(EditMsg::AddWired { kind, at, node: node.to_owned(), side })
    }

    #[test]
    fn a_node_and_its_wire_are_one_step() {
        let mut editor = editor();
        let before = editor.design().clone();
        let effect = add(&mut editor, Kind::Cache, "web", Side::Out);
        assert_eq!(effect.change, Change::Structure);
        assert_eq!(editor.selection().only(), Some(Item::Node("cache".to_owned())));
        assert!(editor.design().wires.iter().any(|w| w.from == "web" && w.to == "cache"));
        // Called from the other side as well.
        let _ = add(&mut editor, Kind::LoadBalancer, "web", Side::In);
        assert!(editor.design().wires.iter().any(|w| w.from == "load_balancer" && w.to == "web"));
        let _ = editor.apply(EditMsg::Undo);
        let _ = editor.apply(EditMsg::Undo);
        assert_eq!(**editor.design(), *before);
    }

    #[test]
    fn what_the_rules_forbid_adds_nothing_and_says_why() {
        let mut editor = editor();
        let before = editor.design().clone();
        assert!(kind_refusal(editor.design(), "web", Side::Out, Kind::Users).is_some());
        assert!(kind_refusal(editor.design(), "web", Side::Out, Kind::Cache).is_none());
        let effect = add(&mut editor, Kind::Users, "web", Side::Out);
        assert!(effect.refusal.is_some() && **editor.design() == *before);
        assert!(add(&mut editor, Kind::Cache, "nobody", Side::Out).refusal.is_some());
    }

    #[test]
    fn new_nodes_find_room_beside_the_old_one() {
        let mut editor = editor();
        for _ in 0..6 {
            let _ = add(&mut editor, Kind::Cache, "web", Side::Out);
        }
        let rects: Vec<_> = editor.design().nodes.iter().map(node_rect).collect();
        for (i, a) in rects.iter().enumerate() {
            assert!(rects[i + 1..].iter().all(|b| !a.meets(b)), "{rects:?}");
        }
        let web = node_rect(editor.design().node("web").unwrap());
        assert!(rects[2..].iter().all(|r| r.x > web.x + web.w));
    }
}
