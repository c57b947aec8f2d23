//! The picture brought to life: numbers from the run's data, in rounds over nodes and wires, and moving requests.

use super::reading::{read, summary, write_value};
use super::stage::Stage;
use super::wire_view::WireView;
use crate::dom;
use crate::live::Live;
use crate::state::{Msg, node_name};
use crate::texts::canvas as texts;
use headroom_editor::{Point, WireKey, node_rect};
use headroom_model::design::{Design, Wire};
use headroom_model::kinds::{Kind, Unit};
use headroom_model::messages::{PartState, RunState, wire as guard_at};
use headroom_model::order;
use headroom_model::places::layout::Layout;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::CanvasRenderingContext2d;

/// Numbers on the canvas change at most so often [ms]: faster, nobody can read them.
const NUMBERS_MS: f64 = 120.0;
/// What a screen reader may read changes at most so often [ms].
const WORDS_MS: f64 = 2_000.0;
/// Nodes and wires whose numbers are brought up to date in one frame: the rest wait for the next ones.
const NODES_A_FRAME: usize = 32;
const WIRES_A_FRAME: usize = 64;
/// Share of failing requests from which a wire is marked.
const FAILING_SEEN: f64 = 0.01;
/// How many requests are shown is set anew at most so often [ms], and when it is off by this factor.
const FILM_MS: f64 = 1_000.0;
const FILM_NEAR: f64 = 1.25;

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
            nodes: order::map(design.nodes.iter().enumerate().map(|(i, n)| (n.id.clone(), i))),
            wires: order::map(design.wires.iter().enumerate().map(|(i, w)| (WireKey::from(w), i))),
        }
    }
}

/// How far the picture is behind the run.
pub struct Life {
    index: Index,
    /// Version of the live data that is shown.
    version: u64,
    /// The round in hand.
    round: Option<Round>,
    round_at: f64,
    words_at: f64,
    frame_at: f64,
    /// The moving requests must be drawn even if nothing moves.
    pub flow_stale: bool,
    ink: super::dots::Inks,
    /// Requests per second that were asked for to be shown, and when.
    asked_per_s: u16,
    asked_at: f64,
}

impl Default for Life {
    fn default() -> Self {
        Self {
            index: Index::default(),
            version: u64::MAX,
            round: None,
            round_at: f64::NEG_INFINITY,
            words_at: f64::NEG_INFINITY,
            frame_at: 0.0,
            flow_stale: true,
            ink: Default::default(),
            asked_per_s: 0,
            asked_at: f64::NEG_INFINITY,
        }
    }
}

/// A round over all nodes and wires.
#[derive(Clone, Copy)]
struct Round {
    version: u64,
    /// What a screen reader may read is renewed as well, and what is out of sight.
    words: bool,
    nodes_done: usize,
    wires_done: usize,
}

impl Stage {
    /// Everything is to be shown anew.
    pub fn show_again(&mut self) {
        self.life.version = u64::MAX;
        self.life.words_at = f64::NEG_INFINITY;
        self.life.round = None;
        self.life.flow_stale = true;
        self.read_ink();
    }

    /// Draws the next picture at this moment [ms]. True when another is wanted after it.
    pub fn frame(&mut self, now: f64) -> bool {
        let (version, state) = {
            let live = self.ctx.live.get();
            (live.version, live.snapshot.state)
        };
        let playing = matches!(state, RunState::Playing | RunState::CatchingUp);
        if self.life.round.is_none() && self.life.version != version {
            let due = now - self.life.round_at >= NUMBERS_MS;
            if due || !playing {
                let words = now - self.life.words_at >= WORDS_MS || !playing;
                self.life.round = Some(Round { version, words, nodes_done: 0, wires_done: 0 });
                self.life.round_at = now;
                if words {
                    self.life.words_at = now;
                    self.read_ink();
                }
            }
        }
        if let Some(mut round) = self.life.round {
            self.go_round(&mut round);
            let done =
                round.nodes_done >= self.design.nodes.len() && round.wires_done >= self.design.wires.len();
            if done {
                self.life.version = round.version;
                self.show_places();
                set_run(self, playing);
            }
            self.life.round = (!done).then_some(round);
        }
        let dt_s = ((now - self.life.frame_at) / 1e3).clamp(0.0, 0.1);
        self.life.frame_at = now;
        let moving = state == RunState::Playing && !self.still;
        self.take_films();
        if moving {
            self.flow.advance(dt_s);
        } else if state == RunState::CatchingUp {
            // What was on its way belongs to another moment.
            self.flow.clear();
            self.life.flow_stale = true;
        }
        self.want_film(now);
        if moving || self.life.flow_stale {
            self.draw_flow();
            self.life.flow_stale = false;
        }
        moving || self.life.round.is_some() || self.life.version != version
    }

    /// Shows which places are dead: all that stands in them is.
    fn show_places(&mut self) {
        let live = self.ctx.live.get();
        let layout = Layout::new(&self.design);
        let mut counts = vec![(0, 0); self.design.places.len()];
        if !counts.is_empty() {
            for node in self.design.nodes.iter().filter(|n| n.kind() != Kind::Users) {
                let stands = layout.of_node(node);
                for (i, part) in live.parts(&node.id).iter().enumerate() {
                    for place in layout.chain(stands[i % stands.len()]) {
                        counts[place].0 += usize::from(part.state == PartState::Down);
                        counts[place].1 += usize::from(part.state != PartState::Gone);
                    }
                }
            }
        }
        for (place, (dead, all)) in self.design.places.iter().zip(counts) {
            if let Some(view) = self.boxes.get_mut(&place.id) {
                view.show(all > 0 && dead == all);
            }
        }
    }

    /// The next stretch of a round.
    fn go_round(&mut self, round: &mut Round) {
        let live = self.ctx.live.clone();
        let live = live.get();
        if !Rc::ptr_eq(&self.life.index.design, &live.design) {
            self.life.index = Index::of(&live.design);
        }
        let design = Rc::clone(&self.design);
        if round.nodes_done < design.nodes.len() {
            let end = (round.nodes_done + NODES_A_FRAME).min(design.nodes.len());
            self.show_nodes(&live, &design, round.nodes_done..end, round.words);
            round.nodes_done = end;
        } else {
            let end = (round.wires_done + WIRES_A_FRAME).min(design.wires.len());
            self.show_wires(&live, &design, round.wires_done..end, round.words);
            round.wires_done = end;
        }
        // A small design needs no second frame.
        if round.nodes_done >= design.nodes.len()
            && round.wires_done == 0
            && design.nodes.len() + design.wires.len() <= NODES_A_FRAME
        {
            self.show_wires(&live, &design, 0..design.wires.len(), round.words);
            round.wires_done = design.wires.len();
        }
    }

    fn show_nodes(&mut self, live: &Live, design: &Design, range: std::ops::Range<usize>, words: bool) {
        let lang = self.lang();
        let window = live.windows.last();
        let seen = self.view.seen();
        for node in &design.nodes[range] {
            if !words && !seen.meets(&node_rect(node)) {
                continue;
            }
            let Some(face) = self.faces.get_mut(&node.id) else { continue };
            let known = self.life.index.nodes.get(&node.id).copied();
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
    }

    fn show_wires(&mut self, live: &Live, design: &Design, range: std::ops::Range<usize>, words: bool) {
        let window = live.windows.last();
        for i in range {
            let wire = &design.wires[i];
            let key = WireKey::from(wire);
            let Some(view) = self.wires.get_mut(&key) else { continue };
            let index = &self.life.index;
            let rate = index.wires.get(&key).zip(window).and_then(|(i, w)| w.wires.get(*i).copied());
            let rate = rate.filter(|r| r.is_finite());
            let failures =
                index.wires.get(&key).zip(window).and_then(|(i, w)| w.wire_failures.get(*i).copied());
            let failing = failing_share(rate, failures) > FAILING_SEEN;
            let text = rate.map_or_else(String::new, |r| write_value(Unit::Rate, r));
            view.show(f64::from(rate.unwrap_or(0.0)), &text, failing);
            let guard = index.wires.get(&key).zip(window).map(|(i, w)| live.guard_values(w, *i));
            let open = guard.and_then(|g| g.get(guard_at::OPEN_SHARE)).is_some_and(|share| *share > 0.0);
            view.break_circuit(open);
            if words {
                let ctx = &self.ctx;
                say_wire(view, design, wire, &text, open, ctx.lang());
            }
        }
    }

    /// Takes the requests that have come to be shown.
    fn take_films(&mut self) {
        let live = self.ctx.live.clone();
        let live = live.get();
        let films = live.films.take();
        if films.is_empty() {
            return;
        }
        if !Rc::ptr_eq(&self.life.index.design, &live.design) {
            self.life.index = Index::of(&live.design);
        }
        let lane = |w: &Wire| self.design.wires.iter().position(|x| x.from == w.from && x.to == w.to);
        self.flow.wires = live.design.wires.iter().map(lane).collect();
        let speed = self.ctx.state.run.speed.unwrap_or(1.0);
        for film in films {
            self.flow.take(film, live.snapshot.now_ns, speed);
        }
        self.life.flow_stale = true;
    }

    /// Says how many requests are wanted to be shown, when that has changed.
    pub fn want_film(&mut self, now: f64) {
        let hidden = dom::document().hidden();
        let wanted = if self.still || hidden {
            0
        } else {
            let px = self.flow.length() * self.view.camera.zoom;
            self.flow.wanted_per_s(px).round() as u16
        };
        let asked = self.life.asked_per_s;
        let (a, b) = (f64::from(asked), f64::from(wanted));
        let far = (asked == 0) != (wanted == 0) || a > b * FILM_NEAR || b > a * FILM_NEAR;
        if far && (wanted == 0 || asked == 0 || now - self.life.asked_at >= FILM_MS) {
            (self.life.asked_per_s, self.life.asked_at) = (wanted, now);
            self.ctx.send(Msg::Film(wanted));
        }
    }

    fn draw_flow(&mut self) {
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
        self.flow.place();
        let radius = 2.8_f64.max(2.1 / zoom);
        super::dots::draw(&g, self.flow.dots(), &self.life.ink, radius, self.view.seen().grown(8.0));
    }

    /// Takes the colours of requests from the style sheet.
    fn read_ink(&mut self) {
        let Ok(Some(css)) = dom::window().get_computed_style(&self.layers.flow) else { return };
        self.life.ink =
            super::dots::INKS.map(|name| css.get_property_value(name).unwrap_or_default().trim().to_owned());
    }
}

/// Tells readers and tests whether the run goes on.
fn set_run(stage: &Stage, playing: bool) {
    super::build::set(&stage.root, "data-run", if playing { "playing" } else { "standing" });
}

fn say_wire(
    view: &mut WireView,
    design: &Design,
    wire: &Wire,
    rate: &str,
    open: bool,
    lang: crate::texts::Lang,
) {
    let (Some(from), Some(to)) = (design.node(&wire.from), design.node(&wire.to)) else { return };
    let (from, to) = (node_name(from, lang), node_name(to, lang));
    let names = [("from", from.as_str()), ("to", to.as_str()), ("rate", rate)];
    let said = if rate.is_empty() { texts::WIRE } else { texts::WIRE_RATE };
    let more = if open { format!(". {}", lang.t(texts::WIRE_BREAKER_OPEN)) } else { String::new() };
    view.say(&format!("{}{more}", lang.fill(said, &names)));
    let known = if rate.is_empty() { "–" } else { rate };
    view.explain(&format!("{}{more}", lang.fill(texts::WIRE_HELP, &[("rate", known)])));
}

/// Share of a wire's calls that come back as failures, or not in time.
fn failing_share(calls: Option<f32>, failures: Option<f32>) -> f64 {
    let failures = failures.filter(|f| f.is_finite() && *f > 0.0).unwrap_or(0.0);
    let calls = calls.unwrap_or(0.0).max(failures);
    if failures > 0.0 { f64::from(failures / calls) } else { 0.0 }
}
