//! What is in which place, by where it stands on the canvas.

use crate::geometry::{Point, Rect, node_rect};
use crate::notes::note_rect;
use crate::selection::Selection;
use headroom_model::design::{
    CanvasNote, Design, Node, Place, Refusal, nesting_refusal, place_refusal, reach_refusal,
};
use headroom_model::places::layout::Layout;

/// Where a place lies.
pub fn place_rect(place: &Place) -> Rect {
    Rect { x: place.x, y: place.y, w: place.w, h: place.h }
}

/// The smallest place at a point that such a node may be in.
pub(crate) fn place_at<'a>(design: &'a Design, node: &Node, at: Point) -> Option<&'a Place> {
    design
        .places
        .iter()
        .filter(|p| place_rect(p).contains(at) && place_refusal(node.kind(), p.kind()).is_none())
        .min_by(|a, b| (a.w * a.h).total_cmp(&(b.w * b.h)))
}

/// The place that another lies in by the picture: the smallest that is larger and holds its middle. What lies in it itself
/// does not count.
fn outer_of(design: &Design, layout: &Layout, index: usize) -> Option<usize> {
    let rect = place_rect(&design.places[index]);
    let larger = |p: &Place| place_rect(p).area() > rect.area() && place_rect(p).contains(rect.centre());
    let places = design.places.iter().enumerate();
    places
        .filter(|(i, p)| larger(p) && !layout.is_in(Some(*i), index))
        .min_by(|a, b| place_rect(a.1).area().total_cmp(&place_rect(b.1).area()))
        .map(|(i, _)| i)
}

/// Puts nodes and places in the places that they have come to, as the picture was `before` and is now. What has crossed no
/// border stays in what its design says, drawn there or not.
///
/// # Errors
/// Why a place cannot lie there, or a wire could not stay as it is.
pub(crate) fn settle(before: &Design, after: &mut Design) -> Result<(), Refusal> {
    let boxes = |d: &Design| d.places.iter().map(|p| (p.id.clone(), place_rect(p))).collect::<Vec<_>>();
    let same_boxes = boxes(before) == boxes(after);
    let mut parents = Vec::new();
    if !same_boxes {
        let layouts = (Layout::new(before), Layout::new(after));
        for (i, place) in after.places.iter().enumerate() {
            let was = layouts.0.index(&place.id).and_then(|i| outer_of(before, &layouts.0, i));
            let was = was.map(|o| before.places[o].id.as_str());
            let outer = outer_of(after, &layouts.1, i).map(|o| &after.places[o]);
            let is = outer.map(|o| o.id.as_str());
            if was == is || place.parent.as_deref() == is {
                continue;
            }
            if let Some(refusal) = outer.and_then(|o| nesting_refusal(place.kind(), o.kind())) {
                return Err(refusal);
            }
            parents.push((i, is.map(str::to_owned)));
        }
    }
    let mut nodes = Vec::new();
    for (i, node) in after.nodes.iter().enumerate() {
        let old = before.node(&node.id);
        if same_boxes && old.is_some_and(|o| (o.x, o.y) == (node.x, node.y)) {
            continue;
        }
        let was = old.and_then(|o| place_at(before, o, node_rect(o).centre())).map(|p| p.id.as_str());
        let is = place_at(after, node, node_rect(node).centre()).map(|p| p.id.as_str());
        if was != is && node.place.as_deref() != is {
            nodes.push((i, is.map(str::to_owned)));
        }
    }
    let changed = !parents.is_empty() || !nodes.is_empty();
    for (i, parent) in parents {
        after.places[i].parent = parent;
    }
    for (i, place) in nodes {
        after.nodes[i].place = place;
    }
    if changed { sound(after) } else { Ok(()) }
}

/// Whether places and wires can be as they are.
///
/// # Errors
/// Why not.
pub(crate) fn sound(design: &Design) -> Result<(), Refusal> {
    let layout = Layout::new(design);
    if (0..design.places.len()).any(|p| layout.is_circular(p)) {
        return Err(Refusal {
            en: "A place cannot lie in what lies in it.".to_owned(),
            ko: "장소를 그 안에 든 장소에 넣을 수는 없습니다.".to_owned(),
        });
    }
    let mut ends =
        design.wires.iter().filter_map(|w| Some((design.node_index(&w.from)?, design.node_index(&w.to)?)));
    match ends.find_map(|(from, to)| reach_refusal(design, &layout, from, to)) {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}

/// What moves when these are moved: they, all that is in the places among them, and the notes that lie there.
pub fn moving(design: &Design, chosen: &Selection) -> Selection {
    let layout = Layout::new(design);
    let outer: Vec<usize> = chosen.places.iter().filter_map(|id| layout.index(id)).collect();
    let held = |place: Option<usize>| outer.iter().any(|o| layout.is_in(place, *o));
    let mut all =
        Selection { nodes: chosen.nodes.clone(), notes: chosen.notes.clone(), ..Selection::default() };
    if outer.is_empty() {
        return all;
    }
    let places = design.places.iter().enumerate().filter(|(i, _)| held(Some(*i)));
    all.places.extend(places.map(|(_, p)| p.id.clone()));
    let boxes: Vec<Rect> = outer.iter().map(|o| place_rect(&design.places[*o])).collect();
    let lies_there = |n: &&CanvasNote| boxes.iter().any(|b| b.contains(note_rect(n).centre()));
    all.notes.extend(design.notes.iter().filter(lies_there).map(|n| n.id.clone()));
    for node in &design.nodes {
        let inside = match &node.place {
            Some(id) => held(layout.index(id)),
            None => !node.spread.is_empty() && node.spread.iter().all(|id| held(layout.index(id))),
        };
        if inside {
            all.nodes.insert(node.id.clone());
        }
    }
    all
}

/// Puts a new node in the place where it stands.
pub(crate) fn settle_new(design: &Design, node: &mut Node) {
    node.place = place_at(design, node, node_rect(node).centre()).map(|p| p.id.clone());
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
