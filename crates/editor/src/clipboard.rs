//! Copy, paste, duplicate.

use crate::editor::Editor;
use crate::fields::clamped;
use crate::geometry::{Point, content};
use crate::message::{Change, Effect};
use crate::notes::copy_notes;
use crate::places::moving;
use crate::selection::Selection;
use crate::snap::to_grid;
use crate::vet::full;
use headroom_model::design::{Design, WireRules, nesting_refusal, place_refusal};
use headroom_model::limits::{NODES_MAX, PLACES_MAX, WIRES_MAX};

/// Offset of copies from their originals, for each paste [world px].
const OFFSET: f64 = 32.0;

impl Editor {
    /// The selected nodes, places and notes, what places hold, and the wires between, as a design.
    fn selected_part(&self) -> Option<Design> {
        let design = self.design();
        let chosen = moving(design, self.selection());
        if chosen.is_empty() {
            return None;
        }
        Some(Design {
            nodes: design.nodes.iter().filter(|n| chosen.nodes.contains(&n.id)).cloned().collect(),
            wires: design
                .wires
                .iter()
                .filter(|w| chosen.nodes.contains(&w.from) && chosen.nodes.contains(&w.to))
                .cloned()
                .collect(),
            places: design.places.iter().filter(|p| chosen.places.contains(&p.id)).cloned().collect(),
            notes: design.notes.iter().filter(|n| chosen.notes.contains(&n.id)).cloned().collect(),
            ..Design::default()
        })
    }

    pub(crate) fn copy(&mut self) -> Effect {
        match self.selected_part() {
            Some(part) => {
                self.clipboard = Some(part);
                self.pastes = 0;
                Effect::of(Change::View)
            }
            None => Effect::default(),
        }
    }

    pub(crate) fn paste(&mut self, at: Option<Point>) -> Effect {
        let Some(part) = self.clipboard.clone() else { return Effect::default() };
        let Some(frame) = content(&part) else { return Effect::default() };
        self.pastes += 1;
        let by = match at {
            Some(at) => {
                let d = at - frame.centre();
                Point::new(to_grid(d.x), to_grid(d.y))
            }
            None => offset(&part) * f64::from(self.pastes),
        };
        self.insert(part, by)
    }

    pub(crate) fn duplicate(&mut self) -> Effect {
        match self.selected_part() {
            Some(part) => {
                let by = offset(&part);
                self.insert(part, by)
            }
            None => Effect::default(),
        }
    }

    /// Adds another design's nodes, places and notes under fresh ids, with the wires between them, and selects them. What lies
    /// in a place that is not copied stays in that one, if it is here.
    fn insert(&mut self, part: Design, by: Point) -> Effect {
        let mut ids: Vec<(String, String)> = Vec::new();
        let mut chosen = Selection::default();
        let effect = self.one_step(|design| {
            if design.nodes.len() + part.nodes.len() > NODES_MAX {
                return Err(full("nodes", "노드", NODES_MAX));
            }
            if design.wires.len() + part.wires.len() > WIRES_MAX {
                return Err(full("wires", "선", WIRES_MAX));
            }
            if design.places.len() + part.places.len() > PLACES_MAX {
                return Err(full("places", "장소", PLACES_MAX));
            }
            chosen.notes.extend(copy_notes(design, &part.notes, by)?);
            let known: Vec<String> = design.places.iter().map(|p| p.id.clone()).collect();
            for place in &part.places {
                let mut copy = place.clone();
                copy.id = design.fresh_place_id(place.kind());
                (copy.x, copy.y) = (clamped(place.x + by.x), clamped(place.y + by.y));
                ids.push((place.id.clone(), copy.id.clone()));
                chosen.places.insert(copy.id.clone());
                design.places.push(copy);
            }
            // A place by its id in the clipboard: its copy, or else the one that is here.
            let places: Vec<(String, String)> = ids.clone();
            let now = |id: &String| match places.iter().find(|(old, _)| old == id) {
                Some((_, new)) => Some(new.clone()),
                None => known.contains(id).then(|| id.clone()),
            };
            for place in design.places.iter_mut().skip(known.len()) {
                place.parent = place.parent.as_ref().and_then(now);
            }
            unnest_impossible(design, known.len());
            for node in &part.nodes {
                let mut copy = node.clone();
                copy.id = design.fresh_id(node.kind());
                (copy.x, copy.y) = (clamped(node.x + by.x), clamped(node.y + by.y));
                let kind = node.kind();
                let suits =
                    |id: &String| design.place(id).is_some_and(|p| place_refusal(kind, p.kind()).is_none());
                copy.place = copy.place.as_ref().and_then(now).filter(suits);
                copy.spread = copy.spread.iter().filter_map(now).filter(suits).collect();
                ids.push((node.id.clone(), copy.id.clone()));
                chosen.nodes.insert(copy.id.clone());
                design.nodes.push(copy);
            }
            let fresh = |id: &str| ids.iter().find(|(old, _)| old == id).map(|(_, new)| new.clone());
            let mut rules = WireRules::of(design);
            let mut wires = Vec::new();
            for wire in &part.wires {
                if let (Some(from), Some(to)) = (fresh(&wire.from), fresh(&wire.to)) {
                    let ends = (rules.index(&from), rules.index(&to));
                    // A clipboard from elsewhere may hold wires that make no sense.
                    if let (Some(a), Some(b)) = ends
                        && rules.refusal(a, b).is_none()
                    {
                        rules.add(a, b);
                        let mut copy = wire.clone();
                        (copy.from, copy.to) = (from, to);
                        wires.push(copy);
                    }
                }
            }
            design.wires.append(&mut wires);
            Ok(None)
        });
        if effect.change != Change::Nothing {
            let _ = self.select(chosen);
        }
        effect
    }
}

/// How far a copy lies from its original: a little, or beside it where the original is a box.
fn offset(part: &Design) -> Point {
    match content(part) {
        Some(frame) if !part.places.is_empty() => Point::new(to_grid(frame.w + OFFSET), 0.0),
        _ => Point::new(OFFSET, OFFSET),
    }
}

/// Takes copies out of places that they may not lie in: a clipboard may come from elsewhere.
fn unnest_impossible(design: &mut Design, first: usize) {
    for i in first..design.places.len() {
        let place = &design.places[i];
        let outer = place.parent.as_ref().and_then(|id| design.place(id));
        if outer.is_some_and(|o| nesting_refusal(place.kind(), o.kind()).is_some()) {
            design.places[i].parent = None;
        }
    }
}
