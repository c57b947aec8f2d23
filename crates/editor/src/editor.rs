//! The editor: takes messages, keeps the invariants.

use crate::arrange::{align, bridges, distribute, draw_possible, reach, tidy};
use crate::boxes::{
    grow, place_mut, remove_places, resize, set_node_place, set_parent, set_place_param, set_spread,
    shift_and_settle,
};
use crate::fields::{drop_impossible, insert_entry, remove_entry, set_param, set_params, set_wire, short};
use crate::geometry::{Point, Side, node_rect};
use crate::history::{About, History, Saved, difference};
use crate::message::{Change, EditMsg, Effect, Phase};
use crate::notes::{note_rect, resize_note, set_text};
use crate::places::{place_rect, settle_new, sound};
use crate::selection::{Item, Selection, WireKey};
use crate::snap::place_for;
use crate::vet::{full, gone, unusable, vet};
use headroom_model::design::{
    CanvasNote, Design, Node, Objectives, Place, Refusal, View, Wire, WireRules, wire_refusal,
};
use headroom_model::kinds::Kind;
use headroom_model::limits::{LABEL_CHARS_MAX, NODES_MAX, NOTE_CHARS_MAX, WIRES_MAX};
use headroom_model::order;
use headroom_model::params::Params;
use std::rc::Rc;

/// What [`Editor::change_design`] came to: what should be told besides, or why nothing was done.
pub(crate) type Outcome = Result<Option<Refusal>, Refusal>;

/// A design being edited.
#[derive(Clone, Debug)]
pub struct Editor {
    design: Rc<Design>,
    /// Which of the designs opened so far this one goes back to.
    opened: u32,
    designs_opened: u32,
    pub(crate) selection: Selection,
    history: History,
    pub(crate) clipboard: Option<Design>,
    pub(crate) pastes: u32,
}

impl Default for Editor {
    fn default() -> Self {
        Self::new(Design::default())
    }
}

impl Editor {
    /// An editor that has just opened this design.
    pub fn new(design: Design) -> Self {
        let mut editor = Self {
            design: Rc::default(),
            opened: 0,
            designs_opened: 0,
            selection: Selection::default(),
            history: History::default(),
            clipboard: None,
            pastes: 0,
        };
        editor.open(design);
        editor
    }

    /// The design.
    pub fn design(&self) -> &Rc<Design> {
        &self.design
    }

    /// A number that differs between designs that were opened one after the other, and is the same for all that one of
    /// them was edited into. When it changes a canvas looks at the whole.
    pub fn opened(&self) -> u32 {
        self.opened
    }

    /// What is selected.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Whether there is a step to take back.
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether there is a step to do again.
    pub fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// What was copied, as a design.
    pub fn clipboard(&self) -> Option<&Design> {
        self.clipboard.as_ref()
    }

    /// Why a wire between these would be refused, if so.
    pub fn refusal(&self, from: &str, to: &str) -> Option<Refusal> {
        match (self.design.node_index(from), self.design.node_index(to)) {
            (Some(_), Some(_)) if self.design.wires.len() >= WIRES_MAX => {
                Some(full("wires", "선", WIRES_MAX))
            }
            (Some(from), Some(to)) => wire_refusal(&self.design, from, to),
            _ => Some(gone("node", "노드")),
        }
    }

    /// Ids of the nodes that a wire from (`Side::Out`) or to (`Side::In`) this node's port may reach.
    pub fn wire_targets(&self, node: &str, side: Side) -> Vec<String> {
        let nodes = &self.design.nodes;
        let rules = WireRules::of(&self.design);
        let Some(own) = rules.index(node).filter(|_| self.design.wires.len() < WIRES_MAX) else {
            return Vec::new();
        };
        let fits = |other: usize| match side {
            Side::Out => rules.refusal(own, other).is_none(),
            Side::In => rules.refusal(other, own).is_none(),
        };
        (0..nodes.len()).filter(|i| fits(*i)).map(|i| nodes[i].id.clone()).collect()
    }

    /// Changes the design by a function of the caller's. Changes of the same `merge` name in a row are one undo step. The
    /// function must leave a design that [`Design::parse`] would take.
    pub fn change_design(&mut self, merge: Option<&str>, change: impl FnOnce(&mut Design)) -> Effect {
        let about = merge.map_or(About::Other, |name| About::Named(name.to_owned()));
        self.step(about, Start::Now, Phase::Dragging, |design| {
            change(design);
            Ok(None)
        })
    }

    /// Takes a message.
    pub fn apply(&mut self, message: EditMsg) -> Effect {
        match message {
            EditMsg::AddNode { kind, at } => self.add_node_and(kind, at, |_| Ok(())),
            EditMsg::AddWired { kind, at, node, side } => self.add_wired(kind, at, &node, side),
            EditMsg::AddPlace { kind, at } => self.add_place(kind, at),
            EditMsg::AddPlaceHere { kind, seen } => self.add_place_here(kind, seen),
            EditMsg::ResizePlace { place, rect } => self.one_step(|design| resize(design, &place, rect)),
            EditMsg::NudgeSize { by } => {
                let chosen = self.selection.clone();
                self.step(About::NudgeSize, Start::Now, Phase::Dragging, |design| grow(design, &chosen, by))
            }
            EditMsg::SetPlaceParam { place, name, value, phase } => {
                let about = About::PlaceParam(place.clone(), name.clone());
                self.step(about, Start::Base, phase, |design| set_place_param(design, &place, &name, &value))
            }
            EditMsg::SetPlaceLabel { place, label } => {
                let about = About::PlaceLabel(place.clone());
                self.step(about, Start::Base, Phase::Dragging, |design| {
                    place_mut(design, &place)?.label = short(label, LABEL_CHARS_MAX)?;
                    Ok(None)
                })
            }
            EditMsg::SetParent { place, parent } => {
                self.one_step(|design| set_parent(design, &place, parent))
            }
            EditMsg::SetNodePlace { node, place } => {
                self.one_step(|design| set_node_place(design, &node, place))
            }
            EditMsg::SetSpread { node, spread } => self.one_step(|design| set_spread(design, &node, spread)),
            EditMsg::AddNote { at } => self.add_note(at),
            EditMsg::SetNoteText { note, text } => {
                self.step(About::NoteText(note.clone()), Start::Base, Phase::Dragging, |design| {
                    set_text(design, &note, text)
                })
            }
            EditMsg::ResizeNote { note, rect } => self.one_step(|design| resize_note(design, &note, rect)),
            EditMsg::Connect { from, to } => self.connect(from, to),
            EditMsg::Reconnect { wire, to } => self.reconnect(&wire, to),
            EditMsg::InsertNode { kind, wire, at } => self.insert_node(kind, &wire, at),
            EditMsg::Delete => self.delete(false),
            EditMsg::DeleteAndHeal => self.delete(true),
            EditMsg::Align(line) => {
                let ids = self.selection.nodes.clone();
                self.one_step(|design| align(design, &ids, line))
            }
            EditMsg::Distribute(axis) => {
                let ids = self.selection.nodes.clone();
                self.one_step(|design| distribute(design, &ids, axis))
            }
            EditMsg::Tidy => {
                let ids = self.selection.nodes.clone();
                self.one_step(|design| tidy(design, &ids))
            }
            EditMsg::Move { by } => {
                let chosen = self.selection.clone();
                self.one_step(|design| shift_and_settle(design, &chosen, by))
            }
            EditMsg::Nudge { by } => {
                let chosen = self.selection.clone();
                self.step(About::Nudge, Start::Now, Phase::Dragging, |design| {
                    shift_and_settle(design, &chosen, by)
                })
            }
            EditMsg::CancelDrag => self.cancel_drag(),
            EditMsg::Settle => {
                self.history.close(&self.design);
                Effect::default()
            }
            EditMsg::SetParam { node, name, value, phase } => {
                self.step(About::Param(node.clone(), name.clone()), Start::Base, phase, |design| {
                    set_param(design, &node, &name, &value)
                })
            }
            EditMsg::SetParams { nodes, name, value, phase } => {
                self.step(About::Params(nodes.clone(), name.clone()), Start::Base, phase, |design| {
                    set_params(design, &nodes, &name, &value)
                })
            }
            EditMsg::SetLabel { node, label } => {
                self.step(About::Label(node.clone()), Start::Base, Phase::Dragging, |design| {
                    let label = short(label, LABEL_CHARS_MAX)?;
                    design
                        .nodes
                        .iter_mut()
                        .find(|n| n.id == node)
                        .ok_or_else(|| gone("node", "노드"))?
                        .label = label;
                    Ok(None)
                })
            }
            EditMsg::SetWire { wire, name, value, phase } => {
                self.step(About::Wire(wire.clone()), Start::Base, phase, |design| {
                    set_wire(design, &wire, &name, &value)
                })
            }
            EditMsg::SetTitle(title) => self.step(About::Title, Start::Base, Phase::Dragging, |design| {
                design.title = short(title, LABEL_CHARS_MAX)?;
                Ok(None)
            }),
            EditMsg::SetNote(note) => self.step(About::Note, Start::Base, Phase::Dragging, |design| {
                design.note = short(note, NOTE_CHARS_MAX)?;
                Ok(None)
            }),
            EditMsg::SetRun { run, phase } => self.step(About::Run, Start::Base, phase, |design| {
                vet(&Design { run: run.clone(), ..Design::default() })?;
                design.run = run;
                Ok(None)
            }),
            EditMsg::SetObjectives { objectives, phase } => {
                self.step(About::Named("objectives".to_owned()), Start::Base, phase, |design| {
                    vet(&Design { view: View { objectives, ..View::default() }, ..Design::default() })?;
                    // What is no number is no promise.
                    let number = |x: Option<f64>| x.filter(|x| x.is_finite());
                    design.view.objectives = Objectives {
                        p99_ms: number(objectives.p99_ms),
                        error_share: number(objectives.error_share),
                    };
                    Ok(None)
                })
            }
            EditMsg::SetPrice { name, value, phase } => {
                self.step(About::Price(name.clone()), Start::Base, phase, |design| {
                    design.prices.set(&name, &value).map_err(|reason| unusable(&reason))?;
                    Ok(None)
                })
            }
            EditMsg::AddEntry(entry) => self.one_step(|design| insert_entry(design, entry)),
            EditMsg::AppendActed(entry) => {
                let mut effect = self.one_step(|design| insert_entry(design, entry));
                effect.change = effect.change.min(Change::Cosmetic);
                effect
            }
            EditMsg::SetEntry { index, entry, phase } => {
                self.step(About::Entry(index), Start::Base, phase, |design| {
                    remove_entry(design, index)?;
                    insert_entry(design, entry)
                })
            }
            EditMsg::RemoveEntry(index) => self.one_step(|design| {
                remove_entry(design, index)?;
                Ok(drop_impossible(design))
            }),
            EditMsg::ReplaceDesign(design) => self.replace(*design),
            EditMsg::Undo => self.travel(History::undo),
            EditMsg::Redo => self.travel(History::redo),
            EditMsg::Copy => self.copy(),
            EditMsg::Cut => {
                let copied = self.copy();
                if copied.change == Change::Nothing { copied } else { self.delete(false) }
            }
            EditMsg::Paste { at } => self.paste(at),
            EditMsg::SetClipboard(design) => {
                self.clipboard = Some(*design);
                self.pastes = 0;
                Effect::of(Change::View)
            }
            EditMsg::Duplicate => self.duplicate(),
            EditMsg::Select(item) => self.select(Selection::of(item)),
            EditMsg::Toggle(item) => {
                let mut selection = self.selection.clone();
                selection.toggle(item);
                self.select(selection)
            }
            EditMsg::Marquee { rect, keep } => {
                let met = |n: &&Node| node_rect(n).meets(&rect);
                let ids = self.design.nodes.iter().filter(met).map(|n| n.id.clone());
                let mut chosen = Selection::of_nodes(ids.chain(keep.iter().cloned()));
                let whole = |p: &&Place| rect.holds(&place_rect(p)) || keep.contains(&p.id);
                chosen.places.extend(self.design.places.iter().filter(whole).map(|p| p.id.clone()));
                let met = |n: &&CanvasNote| note_rect(n).meets(&rect) || keep.contains(&n.id);
                chosen.notes.extend(self.design.notes.iter().filter(met).map(|n| n.id.clone()));
                self.select(chosen)
            }
            EditMsg::SelectReach(way) => {
                self.select(Selection::of_nodes(reach(&self.design, &self.selection.nodes, way)))
            }
            EditMsg::SelectAll => self.select(Selection {
                nodes: order::set(self.design.nodes.iter().map(|n| n.id.clone())),
                wires: order::set(self.design.wires.iter().map(WireKey::from)),
                places: order::set(self.design.places.iter().map(|p| p.id.clone())),
                notes: order::set(self.design.notes.iter().map(|n| n.id.clone())),
            }),
            EditMsg::ClearSelection => self.select(Selection::default()),
        }
    }

    // Steps.

    /// Makes an undo step of a change, or a part of one that goes on.
    fn step(
        &mut self,
        about: About,
        start: Start,
        phase: Phase,
        change: impl FnOnce(&mut Design) -> Outcome,
    ) -> Effect {
        let base = self.history.base(&about).map(|saved| Rc::clone(&saved.design));
        let goes_on = base.is_some();
        let from = match (start, base) {
            (Start::Base, Some(base)) => base,
            _ => Rc::clone(&self.design),
        };
        let mut next = (*from).clone();
        let notice = match change(&mut next) {
            Ok(notice) => notice,
            Err(refusal) => return Effect::refused(refusal),
        };
        let change = difference(&self.design, &next);
        if change != Change::Nothing {
            if !goes_on {
                self.history.close(&self.design);
                let saved = self.saved();
                self.history.push(saved);
            }
            self.design = Rc::new(next);
            self.selection.keep_existing(&self.design);
        }
        if change != Change::Nothing || goes_on {
            self.history.leave_open(about);
        }
        if phase == Phase::Done {
            self.history.close(&self.design);
        }
        Effect { change, refusal: None, notice }
    }

    /// A change that is an undo step by itself.
    pub(crate) fn one_step(&mut self, change: impl FnOnce(&mut Design) -> Outcome) -> Effect {
        self.step(About::Other, Start::Now, Phase::Done, change)
    }

    fn cancel_drag(&mut self) -> Effect {
        let Some(saved) = self.history.abandon() else { return Effect::default() };
        self.go_to(saved)
    }

    fn travel(&mut self, way: fn(&mut History, Saved) -> Option<Saved>) -> Effect {
        self.history.close(&self.design);
        let now = self.saved();
        match way(&mut self.history, now) {
            Some(saved) => self.go_to(saved),
            None => Effect::default(),
        }
    }

    fn go_to(&mut self, saved: Saved) -> Effect {
        let change = difference(&self.design, &saved.design);
        self.design = saved.design;
        self.opened = saved.opened;
        self.selection = saved.selection;
        self.selection.keep_existing(&self.design);
        Effect::of(change)
    }

    fn open(&mut self, design: Design) {
        let focus = design.view.focus.clone().filter(|id| design.node(id).is_some());
        self.selection = focus.map(|id| Selection::of(Item::Node(id))).unwrap_or_default();
        self.design = Rc::new(design);
        self.designs_opened += 1;
        self.opened = self.designs_opened;
    }

    fn saved(&self) -> Saved {
        Saved { design: Rc::clone(&self.design), selection: self.selection.clone(), opened: self.opened }
    }

    fn replace(&mut self, design: Design) -> Effect {
        if *self.design == design {
            return self.select(Selection::default());
        }
        self.history.close(&self.design);
        let saved = self.saved();
        self.history.push(saved);
        self.open(design);
        Effect::of(Change::Structure)
    }

    // Nodes and wires.

    /// Adds a node and does with it what else belongs to the same step, unless that is refused.
    pub(crate) fn add_node_and(
        &mut self,
        kind: Kind,
        at: Point,
        then: impl FnOnce(&mut Design) -> Result<(), Refusal>,
    ) -> Effect {
        let corner = place_for(&self.design, at);
        let id = self.design.fresh_id(kind);
        let mut node = Node::new(id.clone(), kind, corner.x, corner.y);
        settle_new(&self.design, &mut node);
        let effect = self.one_step(|design| {
            if design.nodes.len() >= NODES_MAX {
                return Err(full("nodes", "노드", NODES_MAX));
            }
            design.nodes.push(node);
            then(design).map(|()| None)
        });
        if effect.change != Change::Nothing {
            self.selection = Selection::of(Item::Node(id));
        }
        effect
    }

    fn insert_node(&mut self, kind: Kind, wire: &WireKey, at: Point) -> Effect {
        let corner = place_for(&self.design, at);
        let id = self.design.fresh_id(kind);
        let mut node = Node::new(id.clone(), kind, corner.x, corner.y);
        settle_new(&self.design, &mut node);
        let effect = self.one_step(|design| {
            if design.nodes.len() >= NODES_MAX {
                return Err(full("nodes", "노드", NODES_MAX));
            }
            if design.wires.len() >= WIRES_MAX {
                return Err(full("wires", "선", WIRES_MAX));
            }
            let index = design.wires.iter().position(|w| wire.is(w)).ok_or_else(|| gone("wire", "선"))?;
            let mut first = design.wires.remove(index);
            design.nodes.push(node);
            for (from, to) in [(&wire.from, &id), (&id, &wire.to)] {
                let ends = (design.node_index(from), design.node_index(to));
                let (Some(a), Some(b)) = ends else { return Err(gone("node", "노드")) };
                if let Some(refusal) = wire_refusal(design, a, b) {
                    return Err(refusal);
                }
                if *to == id {
                    first.to.clone_from(&id);
                    design.wires.insert(index, first.clone());
                } else {
                    design.wires.insert(index + 1, Wire::new(from, to));
                }
            }
            Ok(drop_impossible(design))
        });
        if effect.change != Change::Nothing {
            self.selection = Selection::of(Item::Node(id));
        }
        effect
    }

    fn connect(&mut self, from: String, to: String) -> Effect {
        if let Some(refusal) = self.refusal(&from, &to) {
            return Effect::refused(refusal);
        }
        self.one_step(|design| {
            design.wires.push(Wire::new(from, to));
            Ok(None)
        })
    }

    fn reconnect(&mut self, wire: &WireKey, to: WireKey) -> Effect {
        if *wire == to {
            return Effect::default();
        }
        let effect = self.one_step(|design| {
            let index = design.wires.iter().position(|w| wire.is(w)).ok_or_else(|| gone("wire", "선"))?;
            // Judged without the wire itself, which gives way.
            let mut moved = design.wires.remove(index);
            match (design.node_index(&to.from), design.node_index(&to.to)) {
                (Some(a), Some(b)) => {
                    if let Some(refusal) = wire_refusal(design, a, b) {
                        return Err(refusal);
                    }
                }
                _ => return Err(gone("node", "노드")),
            }
            (moved.from, moved.to) = (to.from.clone(), to.to.clone());
            design.wires.insert(index, moved);
            Ok(None)
        });
        if effect.change != Change::Nothing {
            self.selection = Selection::of(Item::Wire(to));
        }
        effect
    }

    pub(crate) fn delete(&mut self, heal: bool) -> Effect {
        let gone = self.selection.clone();
        if gone.is_empty() {
            return Effect::default();
        }
        self.one_step(|design| {
            let bridges = if heal { bridges(design, &gone.nodes) } else { Vec::new() };
            design.nodes.retain(|n| !gone.nodes.contains(&n.id));
            design.wires.retain(|w| {
                !gone.nodes.contains(&w.from)
                    && !gone.nodes.contains(&w.to)
                    && !gone.wires.iter().any(|key| key.is(w))
            });
            design.notes.retain(|n| !gone.notes.contains(&n.id));
            let boxes = !gone.places.is_empty();
            remove_places(design, &gone.places);
            // Entries go silently with their node or place: undo brings back both.
            let is_gone = |id: &String| gone.nodes.contains(id) || gone.places.contains(id);
            design.timeline.retain(|e| !is_gone(&e.action.target) && !is_gone(&e.action.to));
            if design.view.focus.as_ref().is_some_and(|id| gone.nodes.contains(id)) {
                design.view.focus = None;
            }
            if boxes {
                sound(design)?;
            }
            draw_possible(design, bridges);
            Ok(None)
        })
    }

    // View.

    pub(crate) fn select(&mut self, mut selection: Selection) -> Effect {
        selection.keep_existing(&self.design);
        if selection == self.selection {
            return Effect::default();
        }
        self.history.close(&self.design);
        self.selection = selection;
        Effect::of(Change::View)
    }
}

/// Where a message of an open step starts from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// From the state before the step: the message says the whole.
    Base,
    /// From the present state: the message says the rest.
    Now,
}
