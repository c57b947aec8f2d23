//! The canvas's picture: nodes, wires, moving requests. Made from the design, kept in step with it, and brought to life
//! from the run's data past Yew, writing only what has changed.

use super::build::{TextSlot, append, flag, html, set, style, svg};
use super::face::Face;
use super::flow::{Flow, Lane};
use super::gesture::{Gesture, Link};
use super::life::Life;
use super::menu::MenuAt;
use super::minimap::Minimap;
use super::note_view::{NoteView, Writing};
use super::place_view::PlaceView;
use super::quick::QuickAt;
use super::wire_view::WireView;
use crate::dom;
use crate::state::{Ctx, node_name, place_name};
use crate::texts::{Lang, canvas as texts};
use headroom_editor::{
    Handle, Item, Point, Rect, Selection, View, WireKey, moving, note_rect, place_rect, wire_paths,
};
use headroom_model::design::Design;
use headroom_model::order;
use headroom_model::places::layout::Layout;
use headroom_model::sim::trace::Trace;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};
use yew::Callback;

/// Height of the buttons at the canvas's foot, with their margins [px].
const TOOLS_PX: f64 = 56.0;
/// Size of a place's handles [px], and under a finger.
const HANDLE_PX: f64 = 10.0;
const HANDLE_PX_TOUCH: f64 = 14.0;
/// A side that is shorter has no handle in its middle [px].
const HANDLE_SIDE_PX: f64 = 56.0;
/// Below this zoom only the most important is shown, larger.
const FAR: f64 = 0.62;

/// The canvas's picture.
pub struct Stage {
    /// The page's state and what reaches it.
    pub ctx: Ctx,
    /// The canvas itself.
    pub root: HtmlElement,
    /// Where it looks.
    pub view: View,
    /// The design that is shown.
    pub design: Rc<Design>,
    /// What the pointers are doing.
    pub gesture: Gesture,
    /// A wire that is being drawn.
    pub link: Option<Link>,
    /// Asks for quick add.
    pub on_quick: Callback<QuickAt>,
    /// Where the pointer was last [screen px].
    pub hover: Option<Point>,
    /// Asks for a menu.
    pub on_menu: Callback<MenuAt>,
    /// A place is being added that may lie out of view: it is to be shown.
    pub show_added: bool,
    /// A note is being added that is to be written at once.
    pub write_added: bool,
    /// Whether a frame is asked for.
    pub frame_wanted: bool,
    pub(super) layers: Layers,
    pub(super) faces: BTreeMap<String, Face>,
    pub(super) wires: BTreeMap<WireKey, WireView>,
    pub(super) flow: Flow,
    /// The moving request that a pointer met when it went down: where, itself, and the wire that it was on.
    pub(super) pressed_dot: Option<(Point, Box<Trace>, u16)>,
    /// Wires on the way of the moving request that was last clicked.
    path: Vec<WireKey>,
    pub(super) life: Life,
    /// Nothing moves: the reader has asked for that.
    pub(super) still: bool,
    opened: u32,
    said: TextSlot,
    pub(super) boxes: BTreeMap<String, PlaceView>,
    pub(super) notes: BTreeMap<String, NoteView>,
    pub(super) minimap: Minimap,
    /// The note that is being written on the canvas.
    pub(super) writing: Option<Writing>,
    /// Places in the order in which they are drawn.
    order: Vec<String>,
}

/// The layers of the canvas, from below.
pub(super) struct Layers {
    places: Element,
    wires: Element,
    pub flow: HtmlCanvasElement,
    nodes: HtmlElement,
    pub notes: HtmlElement,
    over: Element,
    ghost_wire: Element,
    marquee: Element,
    guides: [Element; 2],
    /// The handles of the selected place, in screen px.
    handles: Element,
    ghost: HtmlElement,
    ghost_name: TextSlot,
    tip: HtmlElement,
    tip_text: TextSlot,
}

impl Stage {
    /// Builds the layers inside `root`, in front of what is in it already.
    pub fn new(ctx: Ctx, root: HtmlElement) -> Self {
        let first = root.first_child();
        let layer = |element: &Element| {
            let _ = root.insert_before(element, first.as_ref());
        };
        // In the order of the Tab key: nodes, then wires. What lies above what is said by the style sheet.
        let nodes = html("div", "cv-nodes");
        let notes = html("div", "cv-notes");
        let board = svg("svg", "cv-wires");
        let (places, wires) = (svg("g", ""), svg("g", ""));
        append(&board, &places);
        append(&board, &wires);
        let flow: HtmlCanvasElement = html("canvas", "cv-flow").unchecked_into();
        set(&flow, "aria-hidden", "true");
        let over_board = svg("svg", "cv-over");
        set(&over_board, "aria-hidden", "true");
        let over = svg("g", "");
        append(&over_board, &over);
        let shape = |tag: &str, class: &str| {
            let element = svg(tag, class);
            set(&element, "visibility", "hidden");
            append(&over, &element);
            element
        };
        let ghost_wire = shape("path", "cv-ghost-wire");
        let marquee = shape("rect", "cv-marquee");
        let guides = [shape("line", "cv-guide"), shape("line", "cv-guide")];
        let handles = svg("g", "cv-handles");
        set(&handles, "visibility", "hidden");
        for handle in Handle::ALL {
            let knob = svg("rect", "cv-handle");
            set(&knob, "data-handle", handle.name());
            append(&handles, &knob);
        }
        append(&over_board, &handles);
        let ghost = html("div", "cv-ghost");
        let ghost_name = html("span", "");
        append(&ghost, &ghost_name);
        append(&nodes, &ghost);
        let (tip, said) = (html("div", "cv-tip"), html("div", "cv-said"));
        set(&said, "aria-live", "polite");
        let tip_text = TextSlot::new(tip.clone().into());
        let minimap = Minimap::new();
        let above: [&Element; 4] = [over_board.as_ref(), minimap.root.as_ref(), tip.as_ref(), said.as_ref()];
        let below: [&Element; 4] = [nodes.as_ref(), board.as_ref(), flow.as_ref(), notes.as_ref()];
        for element in below.into_iter().chain(above) {
            layer(element);
        }
        Self {
            ctx,
            view: View { foot: TOOLS_PX, ..View::default() },
            design: Rc::default(),
            gesture: Gesture::default(),
            link: None,
            on_menu: Callback::noop(),
            on_quick: Callback::noop(),
            hover: None,
            show_added: false,
            write_added: false,
            frame_wanted: false,
            layers: Layers {
                places,
                wires,
                flow,
                nodes,
                notes,
                over,
                ghost_wire,
                marquee,
                guides,
                handles,
                ghost,
                ghost_name: TextSlot::new(ghost_name.into()),
                tip,
                tip_text,
            },
            faces: BTreeMap::new(),
            wires: BTreeMap::new(),
            flow: Flow::default(),
            pressed_dot: None,
            path: Vec::new(),
            life: Life::default(),
            still: false,
            opened: 0,
            boxes: BTreeMap::new(),
            notes: BTreeMap::new(),
            minimap,
            writing: None,
            order: Vec::new(),
            said: TextSlot::new(said.into()),
            root,
        }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.ctx.lang()
    }

    /// Whether the design may be changed here.
    pub fn editable(&self) -> bool {
        self.ctx.state.env.editable
    }

    /// What a node is called.
    pub fn name_of(&self, id: &str) -> String {
        self.design.node(id).map_or_else(|| id.to_owned(), |n| node_name(n, self.lang()))
    }

    /// The element of a node, a place or a note.
    pub fn element(&self, id: &str) -> Option<HtmlElement> {
        let place = || self.boxes.get(id).map(|b| b.root.clone().unchecked_into());
        let note = || self.notes.get(id).map(|n| n.root.clone());
        self.faces.get(id).map(|f| f.root.clone()).or_else(place).or_else(note)
    }

    /// Tells a screen reader.
    pub fn say(&mut self, text: &str) {
        self.said.show(text);
    }

    // In step with the page's state.

    /// Shows the page's present state. Gives the id of the first node that has just appeared and is selected: keys that
    /// follow are meant for it, and not for what had the focus before.
    pub fn sync(&mut self, ctx: Ctx) -> Option<String> {
        self.ctx = ctx;
        let design = Rc::clone(&self.ctx.state.design);
        let opened = self.ctx.desk.get().opened();
        let fresh = self.opened != opened;
        let grown = !fresh && self.opened != 0;
        self.design = design;
        if fresh {
            self.opened = opened;
            self.view.open(&self.design);
            self.gesture = Gesture::default();
            self.link = None;
        }
        if self.link.as_ref().is_some_and(|l| self.design.node(&l.from).is_none()) {
            self.link = None;
        }
        let place = self.sync_places();
        let note = self.sync_notes();
        let place = place.or(note);
        if std::mem::take(&mut self.show_added)
            && let Some(id) = &place
        {
            if self.view.fits {
                self.view.fit(&self.design);
            } else {
                self.reveal(id);
            }
        }
        let appeared = self.sync_nodes();
        // A copy of a place comes with nodes: it is the place that was meant.
        let appeared = place.or(appeared);
        self.sync_wires();
        self.place(&Rc::clone(&self.design));
        self.show_camera();
        self.show_link();
        self.still = reduced_motion();
        flag(&self.root, "data-still", self.still);
        self.show_again();
        if fresh {
            self.flow.clear();
        }
        appeared.filter(|_| grown)
    }

    fn sync_nodes(&mut self) -> Option<String> {
        let design = Rc::clone(&self.design);
        let state = Rc::clone(&self.ctx.state);
        let lang = state.lang;
        self.faces.retain(|id, face| {
            let stays = design.node(id).is_some_and(|n| n.kind() == face.kind());
            if !stays {
                face.root.remove();
            }
            stays
        });
        let mut appeared = None;
        // From the end, so that the next node's element is there to stand before.
        let mut next: Option<HtmlElement> = Some(self.layers.ghost.clone());
        for node in design.nodes.iter().rev() {
            if !self.faces.contains_key(&node.id) {
                let face = Face::new(node);
                let _ = self.layers.nodes.insert_before(&face.root, next.as_ref().map(|n| n.as_ref()));
                self.faces.insert(node.id.clone(), face);
                // The first of several: the last that is met from the end.
                if state.selection.nodes.contains(&node.id) {
                    appeared = Some(node.id.clone());
                }
            }
            let face = self.faces.get_mut(&node.id).expect("just made where it was missing");
            face.dress(node, &node_name(node, lang), lang, state.selection.nodes.contains(&node.id));
            next = Some(face.root.clone());
        }
        appeared
    }

    /// Places lie behind all else, outer ones first. Gives the id of one that has just appeared and is selected.
    fn sync_places(&mut self) -> Option<String> {
        let (design, state, lang) = (Rc::clone(&self.design), Rc::clone(&self.ctx.state), self.lang());
        self.boxes.retain(|id, view| {
            let stays = design.place(id).is_some_and(|p| p.kind() == view.kind());
            if !stays {
                view.root.remove();
            }
            stays
        });
        let layout = Layout::new(&design);
        let mut order: Vec<usize> = (0..design.places.len()).collect();
        // What is nested deeper lies above.
        order::sort_by_key(&mut order, |p| layout.chain(Some(*p)).count());
        let mut appeared = None;
        for place in order.iter().map(|p| &design.places[*p]) {
            let selected = state.selection.places.contains(&place.id);
            if !self.boxes.contains_key(&place.id) {
                self.boxes.insert(place.id.clone(), PlaceView::new(&place.id, place.kind()));
                if selected && appeared.is_none() {
                    appeared = Some(place.id.clone());
                }
            }
            let called = place_name(place, lang);
            let kind = lang.t(place.kind().spec().label);
            let name = if place.label.is_empty() { called.clone() } else { format!("{called} · {kind}") };
            let own = Selection::of(Item::Place(place.id.clone()));
            let held = moving(&design, &own).nodes.len().to_string();
            let label = match place.parent.as_deref().and_then(|id| design.place(id)) {
                Some(outer) => lang.fill(
                    texts::PLACE_IN,
                    &[("name", &name), ("n", &held), ("outer", &place_name(outer, lang))],
                ),
                None => lang.fill(texts::PLACE_LABEL, &[("name", &name), ("n", &held)]),
            };
            let view = self.boxes.get_mut(&place.id).expect("just made where it was missing");
            view.dress(&name, &label, lang.t(place.kind().spec().tagline), selected);
        }
        let ids: Vec<String> = order.into_iter().map(|p| design.places[p].id.clone()).collect();
        let attached = |view: &PlaceView| view.root.parent_element().is_some();
        if self.order != ids || !self.boxes.values().all(attached) {
            for view in ids.iter().filter_map(|id| self.boxes.get(id)) {
                append(&self.layers.places, &view.root);
            }
            self.order = ids;
        }
        appeared
    }

    fn sync_wires(&mut self) {
        let design = Rc::clone(&self.design);
        let keys = order::set(design.wires.iter().map(WireKey::from));
        self.wires.retain(|key, view| {
            let stays = keys.contains(key);
            if !stays {
                view.root.remove();
            }
            stays
        });
        for key in keys {
            let selected = self.ctx.state.selection.wires.contains(&key);
            let layer = &self.layers.wires;
            let view = self.wires.entry(key).or_insert_with_key(|key| {
                let view = WireView::new(key);
                append(layer, &view.root);
                view
            });
            view.dress(selected);
        }
    }

    /// Puts nodes, places and wires where this design has them: the page's, or the same in the middle of a drag.
    pub fn place(&mut self, design: &Design) {
        for place in &design.places {
            if let Some(view) = self.boxes.get_mut(&place.id) {
                view.place(place_rect(place));
            }
        }
        self.place_notes(&design.notes);
        self.minimap.draw(design);
        self.show_handles(design);
        for node in &design.nodes {
            if let Some(face) = self.faces.get_mut(&node.id) {
                face.place(Point::new(node.x, node.y));
            }
        }
        let paths = wire_paths(design);
        self.flow.lanes.resize_with(paths.len(), Lane::default);
        for ((path, wire), lane) in paths.iter().zip(&design.wires).zip(&mut self.flow.lanes) {
            let (Some(path), Some(view)) = (path, self.wires.get_mut(&WireKey::from(wire))) else { continue };
            if view.path.as_ref() != Some(path) || lane.is_new() {
                lane.lay(path);
            }
            view.place(*path);
        }
        self.life.flow_stale = true;
    }

    /// The place or note whose handles are shown: the one that alone is selected.
    pub fn handled(&self) -> Option<String> {
        match self.ctx.state.selection.only() {
            Some(Item::Place(id) | Item::Note(id)) if self.editable() => Some(id),
            _ => None,
        }
    }

    /// Shows the handles of the selected place or note, always as large.
    fn show_handles(&self, design: &Design) {
        let group = &self.layers.handles;
        let Some(rect) = self.handled().and_then(|id| box_of(design, &id)) else {
            set(group, "visibility", "hidden");
            return;
        };
        let size = if dom::is_coarse() { HANDLE_PX_TOUCH } else { HANDLE_PX };
        let mut knob = group.first_element_child();
        for handle in Handle::ALL {
            let Some(element) = knob else { break };
            let at = self.view.screen_from_world(handle.point(&rect));
            let zoom = self.view.camera.zoom;
            let side = if handle.x == 0 { rect.w } else { rect.h };
            let crowded = (handle.x == 0 || handle.y == 0) && side * zoom < HANDLE_SIDE_PX;
            set(&element, "visibility", if crowded { "hidden" } else { "inherit" });
            for (name, value) in
                [("x", at.x - size / 2.0), ("y", at.y - size / 2.0), ("width", size), ("height", size)]
            {
                set(&element, name, &format!("{value:.1}"));
            }
            knob = element.next_element_sibling();
        }
        set(group, "visibility", "visible");
    }

    // The camera.

    /// The canvas has this size now.
    pub fn resize(&mut self, width: f64, height: f64) {
        self.view.resize(width, height, &self.design);
        let ratio = dom::window().device_pixel_ratio().clamp(1.0, 2.0);
        let (w, h) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if (self.layers.flow.width(), self.layers.flow.height()) != (w, h) {
            self.layers.flow.set_width(w);
            self.layers.flow.set_height(h);
        }
        self.show_camera();
    }

    /// Shows where the view looks.
    pub fn show_camera(&mut self) {
        self.ctx.desk.look(self.view);
        self.show_handles(&self.design);
        self.minimap.look(&self.view);
        let zoom = self.view.camera.zoom;
        let origin = self.view.screen_from_world(Point::default());
        let transform = format!("translate({:.2}px,{:.2}px) scale({zoom:.4})", origin.x, origin.y);
        style(&self.layers.nodes, "transform", &transform);
        style(&self.layers.notes, "transform", &transform);
        let transform = format!("translate({:.2},{:.2}) scale({zoom:.4})", origin.x, origin.y);
        set(&self.layers.places, "transform", &transform);
        set(&self.layers.wires, "transform", &transform);
        set(&self.layers.over, "transform", &transform);
        // The grid's dots keep a distance that the eye can take.
        let mut step = 24.0 * zoom;
        while step < 16.0 {
            step *= 2.0;
        }
        // No custom properties, which all nodes and wires would inherit: their styles would be worked out anew at each move.
        let (x, y) = (origin.x - step / 2.0, origin.y - step / 2.0);
        style(&self.root, "background-size", &format!("{step:.2}px {step:.2}px"));
        style(&self.root, "background-position", &format!("{x:.1}px {y:.1}px"));
        set(&self.root, "data-zoom", if zoom < FAR { "far" } else { "near" });
        self.life.flow_stale = true;
    }

    /// Marks the wires that a request went over, or none.
    pub fn show_path(&mut self, trace: Option<&Trace>) {
        let path: Vec<WireKey> = {
            let live = self.ctx.live.get();
            let wires = trace.into_iter().flat_map(|t| &t.spans).map(|s| usize::from(s.wire));
            wires.filter_map(|w| live.design.wires.get(w)).map(WireKey::from).collect()
        };
        if path != self.path {
            self.wires.iter_mut().for_each(|(key, view)| view.mark(path.contains(key)));
            self.path = path;
        }
    }

    // What a gesture shows.

    /// Shows lines that a dragged node has snapped to.
    pub fn show_guides(&self, guides: &[headroom_editor::Guide]) {
        for (i, line) in self.layers.guides.iter().enumerate() {
            match guides.get(i) {
                Some(g) => {
                    for (name, v) in [("x1", g.from.x), ("y1", g.from.y), ("x2", g.to.x), ("y2", g.to.y)] {
                        set(line, name, &format!("{v:.1}"));
                    }
                    set(line, "visibility", "visible");
                }
                None => set(line, "visibility", "hidden"),
            }
        }
    }

    /// Shows the rectangle of a selection by dragging.
    pub fn show_marquee(&self, rect: Option<headroom_editor::Rect>) {
        let element = &self.layers.marquee;
        match rect {
            Some(r) => {
                for (name, v) in [("x", r.x), ("y", r.y), ("width", r.w), ("height", r.h)] {
                    set(element, name, &format!("{v:.1}"));
                }
                set(element, "visibility", "visible");
            }
            None => set(element, "visibility", "hidden"),
        }
    }

    /// Shows where what is dragged in would lie.
    pub fn show_ghost(&mut self, name: Option<(&str, Rect)>) {
        match name {
            Some((name, rect)) => {
                self.layers.ghost_name.show(name);
                let place = format!("translate({}px,{}px)", rect.x, rect.y);
                style(&self.layers.ghost, "transform", &place);
                style(&self.layers.ghost, "width", &format!("{}px", rect.w));
                style(&self.layers.ghost, "height", &format!("{}px", rect.h));
                set(&self.layers.ghost, "data-shown", "true");
            }
            None => flag(&self.layers.ghost, "data-shown", false),
        }
    }

    /// Shows a few words at a screen point.
    pub fn show_tip(&mut self, tip: Option<(&str, Point)>) {
        match tip {
            Some((text, at)) => {
                self.layers.tip_text.show(text);
                let x = at.x.min(self.view.width - 240.0).max(4.0);
                let transform = format!("translate({:.0}px,{:.0}px)", x + 14.0, at.y + 18.0);
                style(&self.layers.tip, "transform", &transform);
                set(&self.layers.tip, "data-shown", "true");
            }
            None => flag(&self.layers.tip, "data-shown", false),
        }
    }

    /// Shows the wire that is being drawn: its ghost, what it can reach, and why not what it cannot.
    pub fn show_link(&mut self) {
        let link = self.link.take();
        flag(&self.root, "data-linking", link.is_some());
        for (id, face) in &self.faces {
            let role = link.as_ref().and_then(|l| {
                if *id == l.from {
                    Some("source")
                } else if l.chosen.as_deref() == Some(id) {
                    Some("chosen")
                } else if l.targets.contains(id) {
                    Some("target")
                } else {
                    None
                }
            });
            match role {
                Some(role) => set(&face.root, "data-link", role),
                None => flag(&face.root, "data-link", false),
            }
        }
        let ghost = link.as_ref().and_then(|l| l.path(&self.design, &self.view));
        match ghost {
            Some(path) => {
                set(&self.layers.ghost_wire, "d", &path.svg());
                set(&self.layers.ghost_wire, "visibility", "visible");
            }
            None => set(&self.layers.ghost_wire, "visibility", "hidden"),
        }
        let tip = link.as_ref().and_then(|l| Some((l.reason.clone()?, l.pointer?)));
        self.show_tip(tip.as_ref().map(|(text, at)| (text.as_str(), *at)));
        self.link = link;
    }
}

/// The box of a place or a note.
pub fn box_of(design: &Design, id: &str) -> Option<Rect> {
    design.place(id).map(place_rect).or_else(|| design.note(id).map(note_rect))
}

/// Whether the reader has asked for less motion.
pub fn reduced_motion() -> bool {
    let query = dom::window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|q| q.matches())
}
