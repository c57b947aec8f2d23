//! The canvas's picture: nodes, wires, moving requests. Made from the design, kept in step with it, and brought to life
//! from the run's data past Yew, writing only what has changed.

use super::build::{TextSlot, append, flag, html, set, style, svg};
use super::face::Face;
use super::flow::{Flow, Lane};
use super::gesture::{Gesture, Link};
use super::reading::{read, summary, write_value};
use super::wire_view::WireView;
use crate::dom;
use crate::state::{Ctx, node_name};
use crate::texts::{Lang, canvas as texts};
use headroom_editor::{Point, View, WireKey, wire_paths};
use headroom_model::design::Design;
use headroom_model::kinds::{Unit, common};
use headroom_model::messages::RunState;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlElement};

/// Numbers on the canvas change at most so often [ms]: faster, nobody can read them.
const NUMBERS_MS: f64 = 120.0;
/// What a screen reader may read changes at most so often [ms].
const WORDS_MS: f64 = 2_000.0;
/// Below this zoom only the most important is shown, larger.
const FAR: f64 = 0.62;

/// Where the live data keeps what belongs to each node and wire.
#[derive(Default)]
struct Index {
    design: Rc<Design>,
    nodes: BTreeMap<String, usize>,
    wires: BTreeMap<WireKey, usize>,
}

impl Index {
    fn of(design: &Rc<Design>) -> Self {
        Self {
            design: Rc::clone(design),
            nodes: design.nodes.iter().enumerate().map(|(i, n)| (n.id.clone(), i)).collect(),
            wires: design.wires.iter().enumerate().map(|(i, w)| (WireKey::from(w), i)).collect(),
        }
    }
}

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
    /// Whether a frame is asked for.
    pub frame_wanted: bool,
    layers: Layers,
    faces: BTreeMap<String, Face>,
    wires: BTreeMap<WireKey, WireView>,
    flow: Flow,
    index: Index,
    opened: u32,
    version_shown: u64,
    numbers_at: f64,
    words_at: f64,
    frame_at: f64,
    flow_stale: bool,
    still: bool,
    ink: [String; 2],
    said: TextSlot,
}

/// The layers of the canvas, from below.
struct Layers {
    wires: Element,
    flow: HtmlCanvasElement,
    nodes: HtmlElement,
    over: Element,
    ghost_wire: Element,
    marquee: Element,
    guides: [Element; 2],
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
        let board = svg("svg", "cv-wires");
        let wires = svg("g", "");
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
        let ghost = html("div", "cv-ghost");
        let ghost_name = html("span", "");
        append(&ghost, &ghost_name);
        append(&nodes, &ghost);
        let (tip, said) = (html("div", "cv-tip"), html("div", "cv-said"));
        set(&said, "aria-live", "polite");
        let tip_text = TextSlot::new(tip.clone().into());
        for element in [nodes.as_ref(), &board, flow.as_ref(), &over_board, tip.as_ref(), said.as_ref()] {
            layer(element);
        }
        Self {
            ctx,
            view: View::default(),
            design: Rc::default(),
            gesture: Gesture::default(),
            link: None,
            frame_wanted: false,
            layers: Layers {
                wires,
                flow,
                nodes,
                over,
                ghost_wire,
                marquee,
                guides,
                ghost,
                ghost_name: TextSlot::new(ghost_name.into()),
                tip,
                tip_text,
            },
            faces: BTreeMap::new(),
            wires: BTreeMap::new(),
            flow: Flow::default(),
            index: Index::default(),
            opened: 0,
            version_shown: u64::MAX,
            numbers_at: f64::NEG_INFINITY,
            words_at: f64::NEG_INFINITY,
            frame_at: 0.0,
            flow_stale: true,
            still: false,
            ink: Default::default(),
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

    /// The element of a node.
    pub fn face(&self, id: &str) -> Option<&HtmlElement> {
        self.faces.get(id).map(|f| &f.root)
    }

    /// Tells a screen reader.
    pub fn say(&mut self, text: &str) {
        self.said.show(text);
    }

    // In step with the page's state.

    /// Shows the page's present state. Gives the id of a node that has just appeared and is selected, if there is one.
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
        let appeared = self.sync_nodes();
        self.sync_wires();
        self.place(&Rc::clone(&self.design));
        self.show_camera();
        self.show_link();
        self.still = reduced_motion();
        flag(&self.root, "data-still", self.still);
        self.read_ink();
        self.version_shown = u64::MAX;
        self.words_at = f64::NEG_INFINITY;
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
                if state.selection.nodes.len() == 1 && state.selection.nodes.contains(&node.id) {
                    appeared = Some(node.id.clone());
                }
            }
            let face = self.faces.get_mut(&node.id).expect("just made where it was missing");
            face.dress(node, &node_name(node, lang), lang, state.selection.nodes.contains(&node.id));
            next = Some(face.root.clone());
        }
        appeared
    }

    fn sync_wires(&mut self) {
        let design = Rc::clone(&self.design);
        let keys: std::collections::BTreeSet<WireKey> = design.wires.iter().map(WireKey::from).collect();
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

    /// Puts nodes and wires where this design has them: the page's, or the same in the middle of a drag.
    pub fn place(&mut self, design: &Design) {
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
        self.flow_stale = true;
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
        let zoom = self.view.camera.zoom;
        let origin = self.view.screen_from_world(Point::default());
        style(
            &self.layers.nodes,
            "transform",
            &format!("translate({:.2}px,{:.2}px) scale({zoom:.4})", origin.x, origin.y),
        );
        let transform = format!("translate({:.2},{:.2}) scale({zoom:.4})", origin.x, origin.y);
        set(&self.layers.wires, "transform", &transform);
        set(&self.layers.over, "transform", &transform);
        style(&self.root, "--cv-x", &format!("{:.1}px", origin.x));
        style(&self.root, "--cv-y", &format!("{:.1}px", origin.y));
        // The grid's dots keep a distance that the eye can take.
        let mut step = 24.0 * zoom;
        while step < 16.0 {
            step *= 2.0;
        }
        style(&self.root, "--cv-step", &format!("{step:.2}px"));
        style(&self.root, "--cv-zoom", &format!("{zoom:.3}"));
        set(&self.root, "data-zoom", if zoom < FAR { "far" } else { "near" });
        self.flow_stale = true;
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

    /// Shows where a node that is dragged in would lie.
    pub fn show_ghost(&mut self, name: Option<(&str, Point)>) {
        match name {
            Some((name, corner)) => {
                self.layers.ghost_name.show(name);
                let place = format!("translate({}px,{}px)", corner.x, corner.y);
                style(&self.layers.ghost, "transform", &place);
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

    // Life.

    /// Draws the next picture at this moment [ms]. True when another is wanted after it.
    pub fn frame(&mut self, now: f64) -> bool {
        let (version, playing) = {
            let live = self.ctx.live.get();
            let playing = matches!(live.snapshot.state, RunState::Playing | RunState::CatchingUp);
            (live.version, playing)
        };
        let due = now - self.numbers_at >= NUMBERS_MS || !playing;
        let behind = self.version_shown != version;
        if behind && due {
            let words = now - self.words_at >= WORDS_MS || !playing;
            self.show_numbers(words);
            self.version_shown = version;
            self.numbers_at = now;
            if words {
                self.words_at = now;
                self.read_ink();
            }
        }
        let dt_s = ((now - self.frame_at) / 1e3).clamp(0.0, 0.1);
        self.frame_at = now;
        let moving = playing && !self.still;
        if moving {
            self.flow.advance(dt_s);
        }
        if moving || self.flow_stale {
            self.draw_flow();
            self.flow_stale = false;
        }
        moving || (behind && !due)
    }

    fn show_numbers(&mut self, words: bool) {
        let lang = self.lang();
        let live = self.ctx.live.clone();
        let live = live.get();
        if !Rc::ptr_eq(&self.index.design, &live.design) {
            self.index = Index::of(&live.design);
        }
        let window = live.windows.last();
        let playing = matches!(live.snapshot.state, RunState::Playing);
        let speed = if playing { live.snapshot.speed_reached.max(0.0) } else { 0.0 };
        let design = Rc::clone(&self.design);
        for node in &design.nodes {
            let Some(face) = self.faces.get_mut(&node.id) else { continue };
            let known = self.index.nodes.get(&node.id).copied();
            // A node of the same name and another kind has other numbers.
            let known = known.filter(|i| live.design.nodes.get(*i).is_some_and(|n| n.kind() == node.kind()));
            let values = known.zip(window).map_or(&[][..], |(i, w)| live.node_values(w, i));
            let parts: Vec<&[f32]> =
                known.zip(window).map(|(i, w)| live.part_values(w, i).collect()).unwrap_or_default();
            let now = known.and_then(|i| live.snapshot.nodes.get(i));
            face.show(read(node, lang, values, &parts, now));
            if words {
                face.say(&summary(node, &node_name(node, lang), face.shown(), lang));
            }
        }
        for (wire, lane) in design.wires.iter().zip(&mut self.flow.lanes) {
            let key = WireKey::from(wire);
            let Some(view) = self.wires.get_mut(&key) else { continue };
            let rate = self.index.wires.get(&key).zip(window).and_then(|(i, w)| w.wires.get(*i).copied());
            let rate = rate.filter(|r| r.is_finite());
            let failing = self
                .index
                .nodes
                .get(&wire.to)
                .zip(window)
                .map_or(0.0, |(i, w)| failing_share(live.node_values(w, *i)));
            lane.rate = f64::from(rate.unwrap_or(0.0)) * speed;
            lane.failing = failing;
            let text = rate.map_or_else(String::new, |r| write_value(Unit::Rate, r));
            let title = lang.fill(texts::WIRE_HELP, &[("rate", if text.is_empty() { "–" } else { &text })]);
            view.show(f64::from(rate.unwrap_or(0.0)), &text, &title, failing > 0.01);
            if words {
                let (from, to) = (self.design.node(&wire.from), self.design.node(&wire.to));
                if let (Some(from), Some(to)) = (from, to) {
                    let (from, to) = (node_name(from, lang), node_name(to, lang));
                    let names = [("from", from.as_str()), ("to", to.as_str()), ("rate", text.as_str())];
                    let said = if text.is_empty() { texts::WIRE } else { texts::WIRE_RATE };
                    view.say(&lang.fill(said, &names));
                }
            }
        }
        set(&self.root, "data-run", if playing { "playing" } else { "standing" });
    }

    fn draw_flow(&self) {
        let canvas = &self.layers.flow;
        let context = canvas.get_context("2d").ok().flatten();
        let Some(g) = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok()) else { return };
        let (w, h) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let _ = g.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        g.clear_rect(0.0, 0.0, w, h);
        if self.still || self.flow.is_empty() || self.view.width <= 0.0 {
            return;
        }
        let ratio = w / self.view.width;
        let zoom = self.view.camera.zoom;
        let origin = self.view.screen_from_world(Point::default());
        let _ = g.set_transform(zoom * ratio, 0.0, 0.0, zoom * ratio, origin.x * ratio, origin.y * ratio);
        let seen = self.view.seen().grown(8.0);
        let radius = 2.6_f64.max(1.6 / zoom);
        let arm = radius * 1.5;
        g.set_fill_style_str(&self.ink[0]);
        g.begin_path();
        for (p, _) in self.flow.dots().filter(|(p, fails)| !fails && seen.contains(*p)) {
            g.move_to(p.x + radius, p.y);
            let _ = g.arc(p.x, p.y, radius, 0.0, std::f64::consts::TAU);
        }
        g.fill();
        // A failing request is told by its shape as well as by its colour.
        g.set_stroke_style_str(&self.ink[1]);
        g.set_line_width(2.2_f64.max(1.4 / zoom));
        g.begin_path();
        for (p, _) in self.flow.dots().filter(|(p, fails)| *fails && seen.contains(*p)) {
            g.move_to(p.x - arm, p.y - arm);
            g.line_to(p.x + arm, p.y + arm);
            g.move_to(p.x - arm, p.y + arm);
            g.line_to(p.x + arm, p.y - arm);
        }
        g.stroke();
    }

    /// Takes the colours of requests from the style sheet.
    fn read_ink(&mut self) {
        let Ok(Some(css)) = dom::window().get_computed_style(&self.layers.flow) else { return };
        let get = |name: &str| css.get_property_value(name).unwrap_or_default();
        self.ink = [get("color"), get("outline-color")];
    }
}

/// Share of a node's requests that fail in it.
fn failing_share(values: &[f32]) -> f64 {
    let get = |i: usize| values.get(i).copied().filter(|v| v.is_finite()).unwrap_or(0.0);
    let (failures, arrivals) = (get(common::FAILURES), get(common::ARRIVALS));
    if failures > 0.0 { f64::from((failures / arrivals.max(failures)).min(1.0)) } else { 0.0 }
}

fn reduced_motion() -> bool {
    let query = dom::window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|q| q.matches())
}
