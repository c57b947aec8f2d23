//! Putting nodes in places by where they stand on the canvas.

use crate::geometry::{Point, Rect, node_rect};
use headroom_model::design::{Design, Node, Place, Refusal, place_refusal, reach_refusal};
use headroom_model::places::layout::Layout;
use std::collections::BTreeSet;

/// Where a place lies.
pub fn place_rect(place: &Place) -> Rect {
    Rect { x: place.x, y: place.y, w: place.w, h: place.h }
}

/// The smallest place at a point that such a node may be in.
fn place_at<'a>(design: &'a Design, node: &Node, at: Point) -> Option<&'a Place> {
    design
        .places
        .iter()
        .filter(|p| place_rect(p).contains(at) && place_refusal(node.kind(), p.kind()).is_none())
        .min_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h)))
}

/// After a move by `by`, puts nodes in the places that they have come to. A node that has crossed no border stays in what
/// its design says, drawn there or not.
///
/// # Errors
/// Why a wire of theirs could not stay as it is.
pub(crate) fn settle_in(design: &mut Design, ids: &BTreeSet<String>, by: Point) -> Result<(), Refusal> {
    if design.places.is_empty() {
        return Ok(());
    }
    let mut moved = Vec::new();
    for (i, node) in design.nodes.iter().enumerate().filter(|(_, n)| ids.contains(&n.id)) {
        let now = node_rect(node).centre();
        let place = |at| place_at(design, node, at).map(|p| p.id.clone());
        let there = place(now);
        if place(now - by) != there && node.place != there {
            moved.push((i, there));
        }
    }
    let which: Vec<usize> = moved.iter().map(|(i, _)| *i).collect();
    for (i, place) in moved {
        design.nodes[i].place = place;
    }
    reachable(design, &which)
}

/// Puts a new node in the place where it stands.
pub(crate) fn settle_new(design: &Design, node: &mut Node) {
    node.place = place_at(design, node, node_rect(node).centre()).map(|p| p.id.clone());
}

fn reachable(design: &Design, nodes: &[usize]) -> Result<(), Refusal> {
    let layout = Layout::new(design);
    let ends =
        design.wires.iter().filter_map(|w| Some((design.node_index(&w.from)?, design.node_index(&w.to)?)));
    for (from, to) in ends.filter(|(a, b)| nodes.contains(a) || nodes.contains(b)) {
        if let Some(refusal) = reach_refusal(design, &layout, from, to) {
            return Err(refusal);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Change, EditMsg, Editor, Item};

    fn design() -> Design {
        Design::parse(
            r#"{"nodes": [{"id": "u", "kind": "users", "x": 0, "y": 0}, {"id": "w", "kind": "web", "x": 400, "y": 0}],
            "wires": [{"from": "u", "to": "w"}],
            "places": [{"id": "r", "kind": "region", "x": 300, "y": 300, "w": 900, "h": 900},
              {"id": "front", "kind": "public_subnet", "parent": "r", "x": 350, "y": 350, "w": 300, "h": 200},
              {"id": "back", "kind": "private_subnet", "parent": "r", "x": 700, "y": 350, "w": 300, "h": 200}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_node_that_is_dropped_in_a_place_is_in_it_and_undo_takes_it_out() {
        let mut editor = Editor::new(design());
        let place = |editor: &Editor| editor.design().node("w").unwrap().place.clone();
        let _ = editor.apply(EditMsg::Select(Item::Node("w".to_owned())));
        let effect = editor.apply(EditMsg::Move { by: Point::new(0.0, 380.0) });
        assert_eq!((effect.change, place(&editor).as_deref()), (Change::Structure, Some("front")));
        // Within the place nothing changes but the picture.
        let effect = editor.apply(EditMsg::Move { by: Point::new(10.0, 0.0) });
        assert_eq!((effect.change, place(&editor).as_deref()), (Change::Cosmetic, Some("front")));
        // Users cannot reach it in the private subnet: it stays where it was.
        let before = editor.design().clone();
        let effect = editor.apply(EditMsg::Move { by: Point::new(350.0, 0.0) });
        assert!(effect.refusal.is_some_and(|r| r.en.contains("private subnet") && r.ko.contains("서브넷")));
        assert_eq!(*editor.design(), before);
        let _ = editor.apply(EditMsg::Undo);
        let _ = editor.apply(EditMsg::Undo);
        assert_eq!(place(&editor), None);
    }

    #[test]
    fn users_are_in_the_region_whatever_else_is_there() {
        let mut editor = Editor::new(design());
        let _ = editor.apply(EditMsg::Select(Item::Node("u".to_owned())));
        let _ = editor.apply(EditMsg::Move { by: Point::new(400.0, 380.0) });
        assert_eq!(editor.design().node("u").unwrap().place.as_deref(), Some("r"));
    }
}
