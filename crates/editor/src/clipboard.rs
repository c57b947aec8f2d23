//! Copy, paste, duplicate.

use crate::editor::Editor;
use crate::geometry::{Point, bounds};
use crate::message::{Change, Effect};
use crate::selection::Selection;
use crate::snap::to_grid;
use crate::vet::full;
use headroom_model::design::{Design, WireRules};
use headroom_model::limits::{NODES_MAX, WIRES_MAX};

/// Offset of copies from their originals, for each paste [world px].
const OFFSET: f64 = 32.0;

impl Editor {
    /// The selected nodes and the wires between them, as a design.
    fn selected_part(&self) -> Option<Design> {
        let chosen = &self.selection().nodes;
        if chosen.is_empty() {
            return None;
        }
        let design = self.design();
        Some(Design {
            nodes: design.nodes.iter().filter(|n| chosen.contains(&n.id)).cloned().collect(),
            wires: design
                .wires
                .iter()
                .filter(|w| chosen.contains(&w.from) && chosen.contains(&w.to))
                .cloned()
                .collect(),
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
        let Some(frame) = bounds(&part.nodes) else { return Effect::default() };
        self.pastes += 1;
        let by = match at {
            Some(at) => {
                let d = at - frame.centre();
                Point::new(to_grid(d.x), to_grid(d.y))
            }
            None => Point::new(OFFSET, OFFSET) * f64::from(self.pastes),
        };
        self.insert(part, by)
    }

    pub(crate) fn duplicate(&mut self) -> Effect {
        match self.selected_part() {
            Some(part) => self.insert(part, Point::new(OFFSET, OFFSET)),
            None => Effect::default(),
        }
    }

    /// Adds another design's nodes under fresh ids, with the wires between them, and selects them.
    fn insert(&mut self, part: Design, by: Point) -> Effect {
        let mut ids: Vec<(String, String)> = Vec::new();
        let effect = self.one_step(|design| {
            if design.nodes.len() + part.nodes.len() > NODES_MAX {
                return Err(full("nodes", "노드", NODES_MAX));
            }
            if design.wires.len() + part.wires.len() > WIRES_MAX {
                return Err(full("wires", "선", WIRES_MAX));
            }
            for node in &part.nodes {
                let mut copy = node.clone();
                copy.id = design.fresh_id(node.kind());
                (copy.x, copy.y) = (node.x + by.x, node.y + by.y);
                copy.place = copy.place.filter(|id| design.place(id).is_some());
                copy.spread.retain(|id| design.place(id).is_some());
                ids.push((node.id.clone(), copy.id.clone()));
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
            let chosen = Selection::of_nodes(ids.into_iter().map(|(_, new)| new));
            let _ = self.select(chosen);
        }
        effect
    }
}
