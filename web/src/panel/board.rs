//! Draws the panel's charts past Yew: at most ten times a second for new data, less often where many are in view, at once for
//! the pointer.
//!
//! While a run plays, new data is drawn one chart to a frame, so that no frame has to wait for all of them. Charts out of
//! view take turns at one in each round.

mod paint;
mod picture;
mod watch;
mod words;
mod zoom;

use super::canvas_surface::CanvasSurface;
use super::charts::ChartId;
use super::curve::Draft;
use super::data::{self, Chosen, Data, Wanted};
use super::marks::{self, Mark};
use crate::dom::{self, Timer};
use crate::live::{Live, LiveRef};
use crate::seeds::Shown;
use crate::texts::{Lang, panel as texts};
use headroom_charts::{Event, Layout, Point, Surface, Theme, TimeFrame, format_time, format_value};
use headroom_model::design::Design;
use headroom_model::messages::RunState;
use headroom_model::order;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use watch::Watch;
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::Callback;

/// New data is drawn so often at most [ms], and with charts in view for so long for each: so that most frames draw none.
const DATA_EVERY_MS: f64 = 100.0;
const DATA_EVERY_MS_A_CHART: f64 = 50.0;
/// What a chart says in words is written so often at most [ms].
const WORDS_EVERY_MS: f64 = 1_000.0;

/// One of the drawings.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    /// A live chart.
    Chart(ChartId),
    /// The traffic curve.
    Curve,
}

/// How the charts are to look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Language.
    pub lang: Lang,
    /// Light letters on dark ground.
    pub dark: bool,
    /// Latency on a logarithmic axis.
    pub log: bool,
    /// Percentiles that are shown.
    pub percentiles: Chosen,
    /// Every chart has its own time labels, because it stands alone.
    pub alone: bool,
    /// The curve has handles.
    pub editable: bool,
    /// The design on the canvas.
    pub design: Rc<Design>,
    /// Charts from top to bottom.
    pub shown: Vec<ChartId>,
    /// What many seeds lie between, and what the legend calls it.
    pub bands: Option<(Shown, String)>,
}

/// The curve editor's state.
#[derive(Default)]
pub struct CurveState {
    /// The node whose curve it is.
    pub node: Option<String>,
    /// The curve in hand.
    pub draft: Draft,
    /// The handle that is selected.
    pub selected: Option<usize>,
    /// The handle under the pointer.
    pub hovered: Option<usize>,
    /// A handle is being dragged: how the chart lay when it was taken, which is what the pointer is measured by.
    pub drag: Option<Layout>,
}

struct Slot {
    key: Key,
    canvas: HtmlCanvasElement,
    /// Its size when everything was last drawn [px]. Who asks the page for it makes it lay itself out at once, so that a
    /// round does not ask; a change of size has everything drawn.
    size: (f32, f32),
    /// It is in view, as far as is known.
    seen: bool,
    layout: Layout,
    /// When its words were last written, and of which version of the data.
    words_at: f64,
    words_of: Option<u64>,
}

/// The drawings of a panel, shared. Cheap to clone.
#[derive(Clone)]
pub struct Board(Rc<Inner>);

impl PartialEq for Board {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    me: Weak<Inner>,
    live: LiveRef,
    look: RefCell<Look>,
    slots: RefCell<Vec<Slot>>,
    gathered: RefCell<Gathered>,
    curve: RefCell<CurveState>,
    /// Where the reader points [s], on which chart, and how far down it [px].
    pointer: RefCell<Option<(f64, Key, f32)>>,
    /// The line or row that the keyboard has chosen, and on which chart.
    picked: RefCell<Option<(Key, usize)>>,
    /// The node that the canvas shows as pointed at.
    lit: RefCell<Option<String>>,
    /// A moment that was clicked: the crosshair stays there.
    pinned: Cell<Option<f64>>,
    zoom: zoom::Zoom,
    /// Hears of every drawing.
    on_draw: RefCell<Option<Callback<()>>>,
    asked: Cell<bool>,
    /// What is asked for concerns charts out of view as well.
    asked_all: Cell<bool>,
    /// The round in hand.
    round: Cell<Option<Round>>,
    /// What the canvas is to show as pointed at when the round is over.
    round_lit: RefCell<Option<String>>,
    drawn_at: Cell<f64>,
    later: RefCell<Option<Timer>>,
    /// New data waits for that timer.
    waiting: Cell<bool>,
    /// Some chart's words are older than what it shows.
    speak_later: Cell<bool>,
    watch: RefCell<Option<Watch>>,
}

/// A round over the charts, to draw new data.
#[derive(Clone, Copy)]
struct Round {
    /// The chart that is drawn in the next frame, counted from the top.
    at: usize,
    /// Out of view, but its turn has come.
    turn: Option<usize>,
}

/// The numbers of the charts as of a version of the live data.
#[derive(Default)]
struct Gathered {
    version: Option<u64>,
    wanted: Wanted,
    charts: Vec<(ChartId, Data)>,
    /// The same of the run to compare with.
    base: Option<Rc<Live>>,
    ghosts: Vec<(ChartId, Rc<Data>)>,
}

impl Board {
    /// A board without charts.
    pub fn new(live: LiveRef) -> Self {
        let board = Board(Rc::new_cyclic(|me| Inner {
            me: me.clone(),
            live,
            look: RefCell::default(),
            slots: RefCell::default(),
            gathered: RefCell::default(),
            curve: RefCell::default(),
            pointer: RefCell::default(),
            picked: RefCell::default(),
            lit: RefCell::default(),
            pinned: Cell::default(),
            zoom: zoom::Zoom::default(),
            on_draw: RefCell::default(),
            asked: Cell::default(),
            asked_all: Cell::default(),
            round: Cell::default(),
            round_lit: RefCell::default(),
            drawn_at: Cell::new(f64::NEG_INFINITY),
            later: RefCell::default(),
            waiting: Cell::default(),
            speak_later: Cell::default(),
            watch: RefCell::default(),
        }));
        let (sizes, sights) = (Rc::downgrade(&board.0), Rc::downgrade(&board.0));
        let seen = move |canvas: &HtmlCanvasElement, seen: bool| {
            if let Some(inner) = sights.upgrade() {
                inner.sighted(canvas, seen);
            }
        };
        board.0.watch.replace(Some(Watch::new(move || ask(&sizes, true), seen)));
        board
    }

    /// Draws on this canvas from now on.
    pub fn enter(&self, key: Key, canvas: HtmlCanvasElement) {
        if let Some(watch) = &*self.0.watch.borrow() {
            watch.enter(&canvas);
        }
        let slot = Slot {
            key,
            canvas,
            size: (0.0, 0.0),
            seen: true,
            layout: Layout::default(),
            words_at: f64::NEG_INFINITY,
            words_of: None,
        };
        self.0.slots.borrow_mut().push(slot);
        self.ask();
    }

    /// Draws on this canvas no more.
    pub fn leave(&self, canvas: &HtmlCanvasElement) {
        if let Some(watch) = &*self.0.watch.borrow() {
            watch.leave(canvas);
        }
        self.0.slots.borrow_mut().retain(|s| s.canvas != *canvas);
        self.ask();
    }

    /// Looks like this from now on.
    pub fn set_look(&self, look: Look) {
        if *self.0.look.borrow() != look {
            self.0.look.replace(look);
            for slot in &mut *self.0.slots.borrow_mut() {
                slot.words_at = f64::NEG_INFINITY;
            }
            self.ask();
        }
    }

    /// The live data has changed.
    pub fn data_changed(&self) {
        let wait = self.0.drawn_at.get() + self.0.pause_ms() - dom::now_ms();
        let weak = Rc::downgrade(&self.0);
        if self.0.live.get().snapshot.state != RunState::Playing {
            // What stands still is shown whole.
            self.ask();
        } else if wait <= 0.0 {
            begin_round(&weak);
        } else if !self.0.waiting.replace(true) {
            self.0.later.replace(Some(Timer::after(wait.ceil() as i32, move || begin_round(&weak))));
        }
    }

    /// Draws everything in the next frame.
    pub fn ask(&self) {
        ask(&Rc::downgrade(&self.0), true);
    }

    /// Draws what is in view in the next frame: the reader points elsewhere.
    fn ask_seen(&self) {
        ask(&Rc::downgrade(&self.0), false);
    }

    /// Looks at the curve editor's state.
    pub fn curve<T>(&self, look: impl FnOnce(&CurveState) -> T) -> T {
        look(&self.0.curve.borrow())
    }

    /// Changes the curve editor's state and draws it.
    pub fn change_curve<T>(&self, change: impl FnOnce(&mut CurveState) -> T) -> T {
        let result = change(&mut self.0.curve.borrow_mut());
        self.ask();
        result
    }

    /// How a chart lay when it was last drawn.
    pub fn layout(&self, key: &Key) -> Layout {
        let slots = self.0.slots.borrow();
        slots.iter().find(|s| s.key == *key).map(|s| s.layout.clone()).unwrap_or_default()
    }

    /// The reader points at a moment of a chart, this far down it [px]; or at nothing.
    pub fn point(&self, at: Option<(f64, Key, f32)>) {
        let end = self.0.look.borrow().design.run.until_s;
        let at = at.filter(|(t, ..)| *t >= 0.0 && *t <= end);
        if *self.0.pointer.borrow() != at {
            let by_keys = at.as_ref().is_some_and(|(.., y)| y.is_nan());
            if !by_keys {
                self.0.picked.replace(None);
            }
            self.0.pointer.replace(at);
            self.ask_seen();
        }
    }

    /// The keyboard goes to the next line or row of a chart, or to the one before.
    pub fn pick(&self, key: &Key, by: isize) {
        let Key::Chart(id) = key else { return };
        let count = self.with_data(id, &self.0.live.get(), |data| data.series.len()) as isize;
        if count > 0 {
            let at = self.0.picked.borrow().as_ref().filter(|(on, _)| on == key).map(|(_, i)| *i as isize);
            let next = at.map_or(if by > 0 { 0 } else { count - 1 }, |at| (at + by).rem_euclid(count));
            self.0.picked.replace(Some((key.clone(), next as usize)));
            self.ask_seen();
        }
    }

    /// Who hears of every drawing; there is one at most.
    pub fn on_draw(&self, callback: Option<Callback<()>>) {
        self.0.on_draw.replace(callback);
    }

    /// The moment under the crosshair [s].
    pub fn crosshair(&self) -> Option<f64> {
        self.0.pinned.get().or_else(|| self.0.pointer.borrow().as_ref().map(|p| p.0))
    }

    /// The crosshair stays at a moment, or follows the pointer again.
    pub fn pin(&self, at: Option<f64>) {
        if self.0.pinned.replace(at) != at {
            self.ask_seen();
        }
    }

    /// The numbers of a chart as last drawn, or fresh.
    pub fn with_data<T>(&self, id: &ChartId, live: &Live, look: impl FnOnce(&Data) -> T) -> T {
        let wanted = self.0.look.borrow().wanted();
        let mut gathered = self.0.gathered.borrow_mut();
        look(gathered.of(id, live, wanted))
    }
}

fn ask(inner: &Weak<Inner>, all: bool) {
    let Some(strong) = inner.upgrade() else { return };
    strong.asked_all.set(all || strong.asked_all.get());
    if !strong.asked.replace(true) {
        let weak = inner.clone();
        dom::next_frame(move || {
            if let Some(inner) = weak.upgrade() {
                inner.asked.set(false);
                inner.draw(inner.asked_all.take());
            }
        });
    }
}

/// New data is drawn, one chart to a frame.
fn begin_round(inner: &Weak<Inner>) {
    let Some(strong) = inner.upgrade() else { return };
    strong.waiting.set(false);
    if !strong.asked.get() && strong.round.get().is_none() {
        strong.round.set(Some(Round { at: 0, turn: strong.longest_unheard() }));
        strong.drawn_at.set(dom::now_ms());
        go_round(inner);
    }
}

fn go_round(inner: &Weak<Inner>) {
    let weak = inner.clone();
    dom::next_frame(move || {
        let Some(inner) = weak.upgrade() else { return };
        // A drawing of everything in the meantime ends the round.
        let Some(round) = inner.round.get() else { return };
        let mut lit = inner.round_lit.take();
        let mut next = inner.next_of(round);
        if let Some(at) = next {
            let drawn = inner.draw_charts(at..at + 1, true);
            lit = lit.or(drawn);
            next = inner.next_of(Round { at: at + 1, ..round });
        }
        match next {
            Some(at) => {
                inner.round_lit.replace(lit);
                inner.round.set(Some(Round { at, ..round }));
                go_round(&weak);
            }
            None => {
                inner.round.set(None);
                inner.finish(lit);
            }
        }
    });
}

fn theme(dark: bool) -> Theme {
    if dark { Theme::dark() } else { Theme::light() }
}

/// Where a chart stands from the top.
fn place(look: &Look, key: &Key) -> usize {
    match key {
        Key::Chart(id) => look.shown.iter().position(|c| c == id).unwrap_or(usize::MAX - 1),
        Key::Curve => usize::MAX,
    }
}

impl Gathered {
    fn of(&mut self, id: &ChartId, live: &Live, wanted: Wanted) -> &Data {
        let same_base = match (&self.base, &live.baseline) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same_base || self.wanted != wanted {
            self.base.clone_from(&live.baseline);
            self.ghosts.clear();
        }
        if self.version != Some(live.version) || self.wanted != wanted {
            self.version = Some(live.version);
            self.wanted = wanted;
            // Kept for the tails of a replay only.
            for (_, data) in &mut self.charts {
                data.fresh = usize::MAX;
            }
        }
        let known = self.charts.iter().position(|(known, _)| known == id);
        let index = known.unwrap_or_else(|| {
            self.charts.push((id.clone(), Data { fresh: usize::MAX, ..Data::default() }));
            self.charts.len() - 1
        });
        let ghost = self.ghost(id);
        let entry = &mut self.charts[index].1;
        if entry.fresh == usize::MAX {
            let mut data = data::gather(id, live, wanted);
            if data::is_replaying(live) {
                data.keep_tail_of(entry);
            }
            data.ghost = ghost;
            *entry = data;
        }
        entry
    }

    fn ghost(&mut self, id: &ChartId) -> Option<Rc<Data>> {
        let base = self.base.as_ref()?;
        if let Some((_, known)) = self.ghosts.iter().find(|(known, _)| known == id) {
            return Some(known.clone());
        }
        let ghost = Rc::new(data::gather(id, base, Wanted { all_lines: true, ..self.wanted }));
        self.ghosts.push((id.clone(), ghost.clone()));
        Some(ghost)
    }
}

impl Look {
    fn wanted(&self) -> Wanted {
        Wanted { lang: self.lang, percentiles: self.percentiles, all_lines: false }
    }
}

impl Inner {
    /// How long after a drawing new data is drawn.
    fn pause_ms(&self) -> f64 {
        let seen = self.slots.borrow().iter().filter(|s| s.seen).count();
        DATA_EVERY_MS.max(seen as f64 * DATA_EVERY_MS_A_CHART)
    }

    /// The next chart of a round, if there is one more.
    fn next_of(&self, round: Round) -> Option<usize> {
        let slots = self.slots.borrow();
        (round.at..slots.len()).find(|i| slots[*i].seen || round.turn == Some(*i))
    }

    /// Draws everything, or what is in view.
    fn draw(&self, all: bool) {
        self.later.replace(None);
        self.waiting.set(false);
        self.round.set(None);
        self.round_lit.take();
        self.drawn_at.set(dom::now_ms());
        let version = self.live.get().version;
        let behind = |s: &Slot| !all && !s.seen && s.words_of != Some(version);
        self.speak_later.set(self.slots.borrow().iter().any(behind));
        let lit = self.draw_charts(0..usize::MAX, all);
        self.finish(lit);
    }

    /// All charts are drawn.
    fn finish(&self, lit: Option<String>) {
        self.light(lit);
        if self.speak_later.take() {
            let weak = self.me.clone();
            self.later.replace(Some(Timer::after(WORDS_EVERY_MS as i32, move || ask(&weak, true))));
        }
        let hears = self.on_draw.borrow().clone();
        if let Some(callback) = hears {
            callback.emit(());
        }
    }

    /// Draws some charts, counted from the top, out of view or only in it; gives the node that a drawn line is of where the
    /// reader points.
    fn draw_charts(&self, range: std::ops::Range<usize>, unseen: bool) -> Option<String> {
        let whole = range.end == usize::MAX;
        let live = self.live.get();
        let look = self.look.borrow();
        let theme = theme(look.dark);
        let marks = marks::marks(&live, &look.design, look.lang);
        let events: Vec<Event<'_>> =
            marks.iter().map(|Mark { t, label, kind }| Event { t: *t, label, kind: *kind }).collect();
        let estimated = live.estimated();
        let base = TimeFrame {
            estimated: &estimated,
            crosshair: self.pinned.get().or_else(|| self.pointer.borrow().as_ref().map(|p| p.0)),
            chosen: self.zoom.chosen(),
            ..self.frame(&look, &live, &events)
        };
        let ratio = dom::window().device_pixel_ratio();
        let mut slots = self.slots.borrow_mut();
        order::sort_by_key(&mut slots, |s| place(&look, &s.key));
        let count = slots.len();
        let mut lit = None;
        let meant = |i: usize, slot: &Slot| range.contains(&i) && (unseen || slot.seen);
        for (i, slot) in slots.iter_mut().enumerate().filter(|(i, slot)| meant(*i, slot)) {
            if whole {
                slot.size = (slot.canvas.client_width() as f32, slot.canvas.client_height() as f32);
            }
            let (w, h) = slot.size;
            if w < 20.0 || h < 20.0 {
                continue;
            }
            let frame = TimeFrame {
                time_labels: look.alone || i + 1 == count,
                event_labels: look.alone || i == 0,
                ..base
            };
            let Some(mut surface) = CanvasSurface::new(&slot.canvas, w, h, ratio) else { continue };
            let key = slot.key.clone();
            let scene = paint::Scene { theme: &theme, frame, look: &look, live: &live };
            let Some(painted) = self.paint(&key, &slot.layout, &mut surface, &scene) else { continue };
            slot.layout = painted.layout;
            lit = lit.or(painted.node);
            match &key {
                Key::Chart(id) => {
                    let title = id.title(&look.design, look.lang);
                    set_title_width(&slot.canvas, surface.text_width(&title, theme.text_px, true));
                    self.put_in_words(slot, id, &title, &look, &live);
                }
                Key::Curve => {
                    place_handles(&slot.canvas, &slot.layout, &self.curve.borrow().draft);
                    self.put_in_words(slot, &ChartId::Rates, look.lang.t(texts::RATES), &look, &live);
                }
            }
        }
        lit
    }

    /// The axis that all charts share.
    fn frame<'a>(&self, look: &'a Look, live: &Live, events: &'a [Event<'a>]) -> TimeFrame<'a> {
        let until_s = look.design.run.until_s;
        let (t0, t1) = self.zoom.range(until_s);
        TimeFrame {
            events,
            ghosts: look.lang.t(texts::BASELINE),
            estimates: look.lang.t(texts::ESTIMATED),
            bands: look.bands.as_ref().map_or("", |(_, name)| name),
            now: Some(live.now_s().min(until_s)).filter(|now| *now > 0.0),
            ..TimeFrame::new(t0, t1)
        }
    }

    /// The canvas shows a node as pointed at, or none.
    fn light(&self, node: Option<String>) {
        if *self.lit.borrow() == node {
            return;
        }
        let Ok(all) = dom::document().query_selector_all("[data-node-id]") else { return };
        for element in (0..all.length()).filter_map(|i| all.get(i)) {
            let element: web_sys::Element = element.unchecked_into();
            let meant = node.is_some() && element.get_attribute("data-node-id") == node;
            let _ = element.toggle_attribute_with_force("data-pointed", meant);
        }
        self.lit.replace(node);
    }
}

/// Where the button stands that explains the chart.
fn set_title_width(canvas: &HtmlCanvasElement, width: f32) {
    if let Some(parent) = canvas.parent_element() {
        let style = parent.unchecked_ref::<HtmlElement>().style();
        let _ = style.set_property("--title-width", &format!("{width:.0}px"));
    }
}

/// The buttons of the keyboard stand where the handles were drawn.
fn place_handles(canvas: &HtmlCanvasElement, layout: &Layout, draft: &Draft) {
    let Some(layer) = canvas.next_element_sibling() else { return };
    let buttons = layer.children();
    for (h, &i) in draft.handles.iter().enumerate() {
        let (Some(button), Some(&Point { x, y })) = (buttons.item(h as u32), layout.handles.get(i)) else {
            continue;
        };
        let button: HtmlElement = button.unchecked_into();
        let style = button.style();
        let _ = style.set_property("left", &format!("{x:.1}px"));
        let _ = style.set_property("top", &format!("{y:.1}px"));
        let outside = x < layout.plot.x - 0.5 || x > layout.plot.right() + 0.5;
        let _ = style.set_property("display", if outside { "none" } else { "block" });
        if let Some(&(t, rps)) = draft.points.get(i) {
            let _ = button.set_attribute("aria-valuetext", &point_words((t, rps)));
            let _ = button.set_attribute("aria-valuenow", &format!("{rps}"));
        }
    }
}

/// A point in words.
pub fn point_words((t, rps): (f64, f64)) -> String {
    format!("{}, {}", format_time(t), format_value(headroom_charts::Unit::Rate, rps))
}
