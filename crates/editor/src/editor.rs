//! The editor: takes messages, keeps the invariants.

use crate::camera::{self, Viewport};
use crate::geometry::{
    NODE_HEIGHT, NODE_WIDTH, Point, Rect, Side, WirePath, bounds, node_rect, wire_path, wire_paths,
};
use crate::history::{About, History, Saved, difference};
use crate::message::{Change, EditMsg, Effect, Phase, WirePatch};
use crate::selection::{Item, Selection, WireKey};
use crate::snap::{Guide, snap, to_grid};
use crate::vet::{full, gone, too_long, unusable, vet};
use headroom_model::design::{Camera, Design, Entry, Node, Refusal, Wire, wire_refusal};
use headroom_model::kinds::{Kind, NodeParams};
use headroom_model::limits::{LABEL_CHARS_MAX, NODES_MAX, NOTE_CHARS_MAX, TIMELINE_MAX, WIRES_MAX};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Room left around a design that is fitted on opening [screen px].
const FIT_PADDING: f64 = 48.0;
/// Room between a revealed node and the canvas's edge [screen px].
const REVEAL_PADDING: f64 = 16.0;
/// Offset of a new node from one that already lies there, and its place beyond which a number is no place.
const STEP_ASIDE: f64 = 32.0;
const PLACE_MAX: f64 = 1e6;

/// What [`Editor::change_design`] came to: what should be told besides, or why nothing was done.
pub(crate) type Outcome = Result<Option<Refusal>, Refusal>;

/// A design being edited.
#[derive(Clone, Debug)]
pub struct Editor {
    design: Rc<Design>,
    selection: Selection,
    history: History,
    pub(crate) clipboard: Option<Design>,
    pub(crate) pastes: u32,
    camera: Camera,
    viewport: Viewport,
    fit_wanted: bool,
    guides: Vec<Guide>,
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
            selection: Selection::default(),
            history: History::default(),
            clipboard: None,
            pastes: 0,
            camera: Camera { x: 0.0, y: 0.0, zoom: 1.0 },
            viewport: Viewport::default(),
            fit_wanted: true,
            guides: Vec::new(),
        };
        editor.open(design);
        editor
    }

    /// The design.
    pub fn design(&self) -> &Rc<Design> {
        &self.design
    }

    /// The design as it is saved or shared: with the camera, unless everything is fitted anyway.
    pub fn document(&self) -> Design {
        let mut design = (*self.design).clone();
        design.view.camera = if self.fit_wanted { None } else { Some(self.camera) };
        design
    }

    /// What is selected.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Where the canvas looks.
    pub fn camera(&self) -> Camera {
        self.camera
    }

    /// Size of the canvas.
    pub fn viewport(&self) -> Viewport {
        self.viewport
    }

    /// Lines that a dragged node has snapped to.
    pub fn guides(&self) -> &[Guide] {
        &self.guides
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

    /// Where a world point is seen.
    pub fn screen_from_world(&self, p: Point) -> Point {
        camera::screen_from_world(&self.camera, self.viewport, p)
    }

    /// The world point that is seen at a screen point.
    pub fn world_from_screen(&self, p: Point) -> Point {
        camera::world_from_screen(&self.camera, self.viewport, p)
    }

    /// The curves of the wires, in the design's order.
    pub fn wire_paths(&self) -> Vec<Option<WirePath>> {
        wire_paths(&self.design)
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
        let fits = |other: &str| match side {
            Side::Out => self.refusal(node, other).is_none(),
            Side::In => self.refusal(other, node).is_none(),
        };
        self.design.nodes.iter().map(|n| n.id.clone()).filter(|id| fits(id)).collect()
    }

    /// The curve of a wire that is being drawn from a node's port to a world point.
    pub fn ghost_path(&self, node: &str, side: Side, to: Point) -> Option<WirePath> {
        let from = crate::geometry::port(self.design.node(node)?, side);
        Some(if side == Side::Out { wire_path(from, to) } else { wire_path(to, from) })
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
        if !matches!(message, EditMsg::Drag { phase: Phase::Dragging, .. }) {
            self.guides.clear();
        }
        match message {
            EditMsg::AddNode { kind, at } => self.add_node(kind, at),
            EditMsg::Connect { from, to } => self.connect(from, to),
            EditMsg::Reconnect { wire, to } => self.reconnect(&wire, to),
            EditMsg::Delete => self.delete(),
            EditMsg::Drag { held, by, snap, phase } => self.drag(&held, by, snap, phase),
            EditMsg::Nudge { by } => {
                let ids = self.selection.nodes.clone();
                self.step(About::Nudge, Start::Now, Phase::Dragging, |design| {
                    shift(design, &ids, by);
                    Ok(None)
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
            EditMsg::SetWire { wire, patch, phase } => {
                self.step(About::Wire(wire.clone()), Start::Base, phase, |design| {
                    set_wire(design, &wire, &patch)
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
                if copied.change == Change::Nothing { copied } else { self.delete() }
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
                self.select(Selection::of_nodes(ids.chain(keep)))
            }
            EditMsg::SelectAll => self.select(Selection {
                nodes: self.design.nodes.iter().map(|n| n.id.clone()).collect(),
                wires: self.design.wires.iter().map(WireKey::from).collect(),
            }),
            EditMsg::ClearSelection => self.select(Selection::default()),
            EditMsg::Viewport { w, h } => self.resize(w, h),
            EditMsg::Pan { dx, dy } => {
                let c = self.camera;
                self.look(Camera { x: c.x - dx / c.zoom, y: c.y - dy / c.zoom, zoom: c.zoom })
            }
            EditMsg::ZoomAt { at, factor } => {
                self.look(camera::zoomed_at(&self.camera, self.viewport, at, factor))
            }
            EditMsg::ZoomTo(zoom) => {
                self.look(Camera { zoom: zoom.clamp(camera::ZOOM_MIN, camera::ZOOM_MAX), ..self.camera })
            }
            EditMsg::Fit { padding } => self.fit(padding),
            EditMsg::Reveal(node) => self.reveal(&node),
            EditMsg::SetCamera(camera) => self.look(camera),
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
                self.history
                    .push(Saved { design: Rc::clone(&self.design), selection: self.selection.clone() });
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
        let now = Saved { design: Rc::clone(&self.design), selection: self.selection.clone() };
        match way(&mut self.history, now) {
            Some(saved) => self.go_to(saved),
            None => Effect::default(),
        }
    }

    fn go_to(&mut self, saved: Saved) -> Effect {
        let change = difference(&self.design, &saved.design);
        self.design = saved.design;
        self.selection = saved.selection;
        self.selection.keep_existing(&self.design);
        Effect::of(change)
    }

    fn open(&mut self, design: Design) {
        self.fit_wanted = design.view.camera.is_none();
        if let Some(camera) = design.view.camera {
            self.look_at(camera);
        }
        self.selection = Selection::default();
        if let Some(id) = design.view.focus.as_ref().filter(|id| design.node(id).is_some()) {
            self.selection = Selection::of(Item::Node(id.clone()));
        }
        self.design = Rc::new(design);
        self.fit_if_wanted();
    }

    fn replace(&mut self, design: Design) -> Effect {
        if *self.design == design {
            return self.select(Selection::default());
        }
        self.history.close(&self.design);
        self.history.push(Saved { design: Rc::clone(&self.design), selection: self.selection.clone() });
        self.open(design);
        Effect::of(Change::Structure)
    }

    // Nodes and wires.

    fn add_node(&mut self, kind: Kind, at: Point) -> Effect {
        let mut corner =
            Point::new(to_grid(clamped(at.x - NODE_WIDTH / 2.0)), to_grid(clamped(at.y - NODE_HEIGHT / 2.0)));
        // A node just over another could not be told from it.
        let taken = |p: Point| self.design.nodes.iter().any(|n| Point::new(n.x, n.y).distance(p) < 12.0);
        while taken(corner) {
            corner = corner + Point::new(STEP_ASIDE, STEP_ASIDE);
        }
        let id = self.design.fresh_id(kind);
        let node = Node {
            id: id.clone(),
            label: String::new(),
            x: corner.x,
            y: corner.y,
            params: NodeParams::default_of(kind),
        };
        let effect = self.one_step(|design| {
            if design.nodes.len() >= NODES_MAX {
                return Err(full("nodes", "노드", NODES_MAX));
            }
            design.nodes.push(node);
            Ok(None)
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

    pub(crate) fn delete(&mut self) -> Effect {
        let gone = self.selection.clone();
        if gone.is_empty() {
            return Effect::default();
        }
        self.one_step(|design| {
            design.nodes.retain(|n| !gone.nodes.contains(&n.id));
            design.wires.retain(|w| {
                !gone.nodes.contains(&w.from)
                    && !gone.nodes.contains(&w.to)
                    && !gone.wires.iter().any(|key| key.is(w))
            });
            // Entries go silently with their node: undo brings back both.
            design.timeline.retain(|e| !gone.nodes.contains(e.action.node()));
            if design.view.focus.as_ref().is_some_and(|id| gone.nodes.contains(id)) {
                design.view.focus = None;
            }
            Ok(None)
        })
    }

    fn drag(&mut self, held: &str, by: Point, snapping: bool, phase: Phase) -> Effect {
        let ids = self.selection.nodes.clone();
        let base =
            self.history.base(&About::Drag).map_or_else(|| Rc::clone(&self.design), |s| Rc::clone(&s.design));
        let Some(lead) = base.node(held) else { return Effect::default() };
        let corner = Point::new(lead.x, lead.y);
        let (mut by, mut guides) = (by, Vec::new());
        if snapping && by != Point::default() {
            let others = base.nodes.iter().filter(|n| !ids.contains(&n.id));
            let (at, lines) = snap(corner + by, others, self.camera.zoom);
            (by, guides) = (at - corner, lines);
        }
        let effect = self.step(About::Drag, Start::Base, phase, |design| {
            shift(design, &ids, by);
            Ok(None)
        });
        self.guides = if phase == Phase::Dragging { guides } else { Vec::new() };
        effect
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

    fn resize(&mut self, w: f64, h: f64) -> Effect {
        let size = Viewport { w: w.max(0.0), h: h.max(0.0) };
        if size == self.viewport || !(w.is_finite() && h.is_finite()) {
            return Effect::default();
        }
        self.viewport = size;
        self.fit_if_wanted();
        Effect::of(Change::View)
    }

    fn look_at(&mut self, camera: Camera) {
        if camera.x.is_finite() && camera.y.is_finite() && camera.zoom.is_finite() {
            self.camera = Camera {
                x: camera.x.clamp(-PLACE_MAX, PLACE_MAX),
                y: camera.y.clamp(-PLACE_MAX, PLACE_MAX),
                zoom: camera.zoom.clamp(camera::ZOOM_MIN, camera::ZOOM_MAX),
            };
        }
    }

    /// Looks there, by the user's will: from now on a new size of the canvas does not fit everything again.
    fn look(&mut self, camera: Camera) -> Effect {
        let before = self.camera;
        self.look_at(camera);
        self.fit_wanted = false;
        Effect::of(if self.camera == before { Change::Nothing } else { Change::View })
    }

    fn fit_if_wanted(&mut self) {
        let known = self.viewport.w > 0.0 && self.viewport.h > 0.0;
        if self.fit_wanted && known {
            self.show_all(FIT_PADDING.min(self.viewport.w / 16.0));
        }
    }

    fn show_all(&mut self, padding: f64) {
        let content =
            bounds(&self.design.nodes).unwrap_or(Rect { x: 0.0, y: 0.0, w: NODE_WIDTH, h: NODE_HEIGHT });
        self.look_at(camera::fitted(content, self.viewport, padding));
    }

    fn fit(&mut self, padding: f64) -> Effect {
        let before = self.camera;
        self.show_all(padding);
        self.fit_wanted = true;
        Effect::of(if self.camera == before { Change::Nothing } else { Change::View })
    }

    fn reveal(&mut self, id: &str) -> Effect {
        let Some(node) = self.design.node(id) else { return Effect::default() };
        let rect = node_rect(node);
        let (a, b) = (
            self.screen_from_world(Point::new(rect.x, rect.y)),
            self.screen_from_world(Point::new(rect.x + rect.w, rect.y + rect.h)),
        );
        // The least shift that brings [lo, hi] inside; its beginning wins where it does not fit.
        let shift = |lo: f64, hi: f64, size: f64| {
            if lo < REVEAL_PADDING {
                REVEAL_PADDING - lo
            } else {
                (size - REVEAL_PADDING - hi).clamp(REVEAL_PADDING - lo, 0.0)
            }
        };
        let (dx, dy) = (shift(a.x, b.x, self.viewport.w), shift(a.y, b.y, self.viewport.h));
        if dx == 0.0 && dy == 0.0 { Effect::default() } else { self.apply(EditMsg::Pan { dx, dy }) }
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

/// A coordinate that a design may hold.
fn clamped(x: f64) -> f64 {
    if x.is_finite() { x.clamp(-PLACE_MAX, PLACE_MAX) } else { 0.0 }
}

fn shift(design: &mut Design, ids: &BTreeSet<String>, by: Point) {
    for node in design.nodes.iter_mut().filter(|n| ids.contains(&n.id)) {
        node.x = clamped(node.x + by.x);
        node.y = clamped(node.y + by.y);
    }
}

fn short(text: String, max: usize) -> Result<String, Refusal> {
    if text.chars().count() > max { Err(too_long(max)) } else { Ok(text) }
}

fn set_param(design: &mut Design, id: &str, name: &str, value: &serde_json::Value) -> Outcome {
    let index = design.node_index(id).ok_or_else(|| gone("node", "노드"))?;
    design.nodes[index].params.set(name, value).map_err(|reason| unusable(&reason))?;
    // Rules between params, such as a celebrity among the items.
    vet(&Design { nodes: vec![design.nodes[index].clone()], ..Design::default() })?;
    Ok(drop_impossible(design))
}

fn set_wire(design: &mut Design, key: &WireKey, patch: &WirePatch) -> Outcome {
    let index = design.wires.iter().position(|w| key.is(w)).ok_or_else(|| gone("wire", "선"))?;
    let wire = &mut design.wires[index];
    wire.latency_ms = patch.latency_ms.unwrap_or(wire.latency_ms);
    wire.weight = patch.weight.unwrap_or(wire.weight);
    wire.pool = patch.pool.unwrap_or(wire.pool);
    wire.pool_wait_ms = patch.pool_wait_ms.unwrap_or(wire.pool_wait_ms);
    let nodes = [&key.from, &key.to].map(|id| design.node(id).expect("a wire has its nodes").clone());
    vet(&Design { nodes: nodes.into(), wires: vec![design.wires[index].clone()], ..Design::default() })?;
    Ok(None)
}

/// Puts an entry at its place in time, after those of the same moment.
fn insert_entry(design: &mut Design, entry: Entry) -> Outcome {
    if design.timeline.len() >= TIMELINE_MAX {
        return Err(full("timeline entries", "타임라인 항목", TIMELINE_MAX));
    }
    if !entry.at_s.is_finite() {
        return Err(unusable("the time is not a number"));
    }
    let at = design.timeline.partition_point(|e| e.at_s <= entry.at_s);
    let node = entry.action.node().to_owned();
    design.timeline.insert(at, entry);
    vet_timeline(design, &node)?;
    Ok(None)
}

/// Checks a node's entries.
fn vet_timeline(design: &Design, id: &str) -> Result<(), Refusal> {
    let node = design.node(id).ok_or_else(|| gone("node", "노드"))?;
    let timeline = design.timeline.iter().filter(|e| e.action.node() == id).cloned().collect();
    vet(&Design { nodes: vec![node.clone()], timeline, ..Design::default() })
}

fn remove_entry(design: &mut Design, index: usize) -> Result<(), Refusal> {
    if index >= design.timeline.len() {
        return Err(gone("timeline entry", "타임라인 항목"));
    }
    design.timeline.remove(index);
    Ok(())
}

/// Drops entries that can no longer be done, such as killing an instance that a tier no longer has; says so.
fn drop_impossible(design: &mut Design) -> Option<Refusal> {
    let before = design.timeline.len();
    // Without an added shard, later entries about it become impossible as well.
    loop {
        let possible: Vec<bool> =
            design.timeline.iter().map(|e| design.check_action(&e.action).is_ok()).collect();
        if possible.iter().all(|p| *p) {
            break;
        }
        let mut keep = possible.iter();
        design.timeline.retain(|_| *keep.next().expect("one for each entry"));
    }
    let gone = before - design.timeline.len();
    (gone > 0).then(|| Refusal {
        en: format!(
            "{gone} timeline {} no longer possible and removed. Undo brings {} back.",
            if gone == 1 { "entry is" } else { "entries are" },
            if gone == 1 { "it" } else { "them" }
        ),
        ko: format!("더는 할 수 없는 타임라인 항목 {gone}개를 지웠습니다. 실행 취소하면 되돌아옵니다."),
    })
}
