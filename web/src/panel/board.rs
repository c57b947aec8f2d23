//! Draws the panel's charts past Yew: at most ten times a second for new data, at once for the pointer.

use super::canvas_surface::CanvasSurface;
use super::charts::ChartId;
use super::curve::Draft;
use super::data::{self, Data};
use super::marks::{self, Mark};
use crate::dom::{self, Timer};
use crate::live::{Live, LiveRef};
use crate::texts::{Lang, panel as texts};
use headroom_charts::{
    AlignX, AlignY, CurveChart, Event, HeatChart, HeatRow, Layout, Line, Paint, Point, Rect, Scale, Stroke,
    Surface, TextLook, Theme, TimeChart, TimeFrame, YRange, format_time, format_value,
};
use headroom_model::design::Design;
use headroom_model::kinds::Kind;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlElement, ResizeObserver};

/// New data is drawn so often at most [ms].
const DATA_EVERY_MS: f64 = 100.0;
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
    /// Every chart has its own time labels, because it stands alone.
    pub alone: bool,
    /// The curve has handles.
    pub editable: bool,
    /// The design on the canvas.
    pub design: Rc<Design>,
    /// Charts from top to bottom.
    pub shown: Vec<ChartId>,
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
    /// A moment that was clicked: the crosshair stays there.
    pinned: Cell<Option<f64>>,
    asked: Cell<bool>,
    drawn_at: Cell<f64>,
    later: RefCell<Option<Timer>>,
    /// New data waits for that timer.
    waiting: Cell<bool>,
    /// Some chart's words are older than what it shows.
    speak_later: Cell<bool>,
    observer: RefCell<Option<Observer>>,
}

struct Observer {
    observer: ResizeObserver,
    _call: Closure<dyn FnMut()>,
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The numbers of the charts as of a version of the live data.
#[derive(Default)]
struct Gathered {
    version: Option<u64>,
    lang: Lang,
    charts: Vec<(ChartId, Data)>,
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
            pinned: Cell::default(),
            asked: Cell::default(),
            drawn_at: Cell::new(f64::NEG_INFINITY),
            later: RefCell::default(),
            waiting: Cell::default(),
            speak_later: Cell::default(),
            observer: RefCell::default(),
        }));
        let weak = Rc::downgrade(&board.0);
        let call: Closure<dyn FnMut()> = Closure::new(move || ask(&weak));
        if let Ok(observer) = ResizeObserver::new(call.as_ref().unchecked_ref()) {
            board.0.observer.replace(Some(Observer { observer, _call: call }));
        }
        board
    }

    /// Draws on this canvas from now on.
    pub fn enter(&self, key: Key, canvas: HtmlCanvasElement) {
        if let Some(observer) = &*self.0.observer.borrow() {
            observer.observer.observe(&canvas);
        }
        let slot =
            Slot { key, canvas, layout: Layout::default(), words_at: f64::NEG_INFINITY, words_of: None };
        self.0.slots.borrow_mut().push(slot);
        self.ask();
    }

    /// Draws on this canvas no more.
    pub fn leave(&self, canvas: &HtmlCanvasElement) {
        if let Some(observer) = &*self.0.observer.borrow() {
            observer.observer.unobserve(canvas);
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
        let wait = self.0.drawn_at.get() + DATA_EVERY_MS - dom::now_ms();
        if wait <= 0.0 {
            self.ask();
        } else if !self.0.waiting.replace(true) {
            let weak = Rc::downgrade(&self.0);
            self.0.later.replace(Some(Timer::after(wait.ceil() as i32, move || ask(&weak))));
        }
    }

    /// Draws everything in the next frame.
    pub fn ask(&self) {
        ask(&Rc::downgrade(&self.0));
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
            self.0.pointer.replace(at);
            self.ask();
        }
    }

    /// The moment under the crosshair [s].
    pub fn crosshair(&self) -> Option<f64> {
        self.0.pinned.get().or_else(|| self.0.pointer.borrow().as_ref().map(|p| p.0))
    }

    /// The crosshair stays at a moment, or follows the pointer again.
    pub fn pin(&self, at: Option<f64>) {
        if self.0.pinned.replace(at) != at {
            self.ask();
        }
    }

    /// The numbers of a chart as last drawn, or fresh.
    pub fn with_data<T>(&self, id: &ChartId, live: &Live, look: impl FnOnce(&Data) -> T) -> T {
        let lang = self.0.look.borrow().lang;
        let mut gathered = self.0.gathered.borrow_mut();
        look(gathered.of(id, live, lang))
    }

    /// All charts in one picture, with a caption, as the data of a PNG file.
    pub fn picture(&self, caption: &str) -> Option<String> {
        const MARGIN: f32 = 12.0;
        const ROW: f32 = 22.0;
        let look = self.0.look.borrow();
        let (theme, ratio) = (theme(look.dark), dom::window().device_pixel_ratio());
        let slots = self.0.slots.borrow();
        let size = |s: &Slot| (s.canvas.client_width() as f32, s.canvas.client_height() as f32);
        let width = slots.iter().map(|s| size(s).0).fold(0.0, f32::max) + 2.0 * MARGIN;
        let height = slots.iter().map(|s| size(s).1).sum::<f32>() + 2.0 * MARGIN + 2.0 * ROW;
        let canvas: HtmlCanvasElement = dom::document().create_element("canvas").ok()?.unchecked_into();
        let mut surface = CanvasSurface::new(&canvas, width, height, ratio)?;
        surface.rect(Rect { x: 0.0, y: 0.0, w: width, h: height }, &Paint::Fill(theme.paper));
        let plain = TextLook {
            size: theme.text_px,
            bold: false,
            color: theme.text,
            align_x: AlignX::Left,
            align_y: AlignY::Middle,
            rotate: 0.0,
        };
        let mut y = MARGIN;
        for slot in slots.iter() {
            let (w, h) = size(slot);
            if slot.key == Key::Curve {
                // On the page this row belongs to the editor.
                let at = Point { x: MARGIN, y: y + ROW / 2.0 };
                surface.text(look.lang.t(texts::RATES), at, &TextLook { bold: true, ..plain });
                self.draw_legend(&mut surface, (width - MARGIN - 12.0, y + ROW / 2.0), &plain, &theme);
                y += ROW;
            }
            surface.put(&slot.canvas, Rect { x: MARGIN, y, w, h });
            y += h;
        }
        let quiet = TextLook { size: theme.small_px, color: theme.axis_text, ..plain };
        surface.text(caption, Point { x: MARGIN, y: y + ROW / 2.0 }, &quiet);
        canvas.to_data_url().ok()
    }

    /// The lines of the traffic curve by name, ending at a place.
    fn draw_legend(
        &self,
        surface: &mut CanvasSurface,
        (right, y): (f32, f32),
        look: &TextLook,
        theme: &Theme,
    ) {
        let lang = self.0.look.borrow().lang;
        let own = self.0.gathered.borrow_mut();
        let rates = own.charts.iter().find(|(id, _)| *id == ChartId::Rates).map(|(_, data)| data);
        let mut entries = vec![(lang.t(texts::DRAWN).to_owned(), theme.series[0], &[][..])];
        for line in rates.iter().flat_map(|data| &data.series) {
            entries.push((line.name.clone(), theme.color(line.role), line.dash.pattern()));
        }
        let mut x = right;
        for (name, color, dash) in entries.into_iter().rev() {
            x -= surface.text_width(&name, look.size, look.bold);
            surface.text(&name, Point { x, y }, look);
            x -= 22.0;
            let ends = [Point { x, y }, Point { x: x + 16.0, y }];
            surface.path(&ends, &Stroke { color, width: 2.0, dash });
            x -= 16.0;
        }
    }
}

fn ask(inner: &Weak<Inner>) {
    let Some(strong) = inner.upgrade() else { return };
    if !strong.asked.replace(true) {
        let weak = inner.clone();
        dom::next_frame(move || {
            if let Some(inner) = weak.upgrade() {
                inner.asked.set(false);
                inner.draw();
            }
        });
    }
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
    fn of(&mut self, id: &ChartId, live: &Live, lang: Lang) -> &Data {
        if self.version != Some(live.version) || self.lang != lang {
            self.version = Some(live.version);
            self.lang = lang;
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
        let entry = &mut self.charts[index].1;
        if entry.fresh == usize::MAX {
            let mut data = data::gather(id, live, lang);
            if data::is_replaying(live) {
                data.keep_tail_of(entry);
            }
            *entry = data;
        }
        entry
    }
}

impl Inner {
    fn draw(&self) {
        self.later.replace(None);
        self.waiting.set(false);
        self.drawn_at.set(dom::now_ms());
        let live = self.live.get();
        let look = self.look.borrow();
        let theme = theme(look.dark);
        let marks = marks::marks(&live, &look.design, look.lang);
        let events: Vec<Event<'_>> =
            marks.iter().map(|Mark { t, label, kind }| Event { t: *t, label, kind: *kind }).collect();
        let until_s = look.design.run.until_s;
        let base = TimeFrame {
            events: &events,
            now: Some(live.now_s().min(until_s)).filter(|now| *now > 0.0),
            crosshair: self.pinned.get().or_else(|| self.pointer.borrow().as_ref().map(|p| p.0)),
            ..TimeFrame::new(0.0, until_s)
        };
        let ratio = dom::window().device_pixel_ratio();
        let mut slots = self.slots.borrow_mut();
        slots.sort_by_key(|s| place(&look, &s.key));
        let count = slots.len();
        for (i, slot) in slots.iter_mut().enumerate() {
            let (w, h) = (slot.canvas.client_width() as f32, slot.canvas.client_height() as f32);
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
            let drawn = match &key {
                Key::Chart(id) => self.draw_chart(id, slot, &mut surface, &theme, frame, &look, &live),
                Key::Curve => self.draw_curve(slot, &mut surface, &theme, frame, &look, &live),
            };
            if let Some(layout) = drawn {
                slot.layout = layout;
            }
        }
        if self.speak_later.take() {
            let weak = self.me.clone();
            self.later.replace(Some(Timer::after(WORDS_EVERY_MS as i32, move || ask(&weak))));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what a drawing depends on")]
    fn draw_chart(
        &self,
        id: &ChartId,
        slot: &mut Slot,
        surface: &mut CanvasSurface,
        theme: &Theme,
        frame: TimeFrame<'_>,
        look: &Look,
        live: &Live,
    ) -> Option<Layout> {
        let mut gathered = self.gathered.borrow_mut();
        let data = gathered.of(id, live, look.lang);
        let title = id.title(&look.design, look.lang);
        let empty = look.lang.t(if live.now_s() > 0.0 { texts::NO_DATA } else { texts::EMPTY });
        let layout = if matches!(id, ChartId::Heat(_)) {
            let rows: Vec<HeatRow<'_>> =
                data.series.iter().map(|s| HeatRow { label: &s.name, values: &s.values }).collect();
            let hovered_row = self.heat_row(&slot.key, &slot.layout, data, frame.crosshair);
            HeatChart {
                title: &title,
                hovered_row,
                empty,
                ..HeatChart::new(frame, id.unit(), &data.times, &rows)
            }
            .draw(surface, theme)
        } else {
            let lines = lines(data);
            let share = matches!(id, ChartId::HitRate | ChartId::Utilization);
            let log = *id == ChartId::Latency && look.log;
            TimeChart {
                title: &title,
                y: if share { YRange::Fixed(0.0, 1.0) } else { YRange::Auto },
                scale: if log { Scale::Log } else { Scale::Linear },
                empty,
                ..TimeChart::new(frame, id.unit(), &lines)
            }
            .draw(surface, theme)
        };
        // Where the button stands that explains the chart.
        let after_title = surface.text_width(&title, theme.text_px, true);
        if let Some(parent) = slot.canvas.parent_element() {
            let style = parent.unchecked_ref::<HtmlElement>().style();
            let _ = style.set_property("--title-width", &format!("{after_title:.0}px"));
        }
        self.put_in_words(slot, id, &title, data, look.lang);
        layout.ok()
    }

    /// What the chart shows, for those who do not see it.
    fn put_in_words(&self, slot: &mut Slot, id: &ChartId, title: &str, data: &Data, lang: Lang) {
        if let Some(parent) = slot.canvas.parent_element() {
            tell_tests(&parent, id, data);
        }
        let (now, version) = (dom::now_ms(), self.live.get().version);
        if now - slot.words_at >= WORDS_EVERY_MS {
            (slot.words_at, slot.words_of) = (now, Some(version));
            let _ = slot.canvas.set_attribute("aria-label", &in_words(title, id, data, lang));
        } else if slot.words_of != Some(version) {
            self.speak_later.set(true);
        }
    }

    /// The row under the pointer; if it is on another chart, the one that was hottest at the moment pointed at.
    fn heat_row(&self, key: &Key, layout: &Layout, data: &Data, crosshair: Option<f64>) -> Option<usize> {
        let t = crosshair?;
        match &*self.pointer.borrow() {
            Some((_, on, y)) if on == key => layout.row_of(*y),
            _ => {
                let window = data.times.partition_point(|&x| f64::from(x) <= t).checked_sub(1)?;
                data.hottest_at(window).map(|(row, _)| row)
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what a drawing depends on")]
    fn draw_curve(
        &self,
        slot: &mut Slot,
        surface: &mut CanvasSurface,
        theme: &Theme,
        frame: TimeFrame<'_>,
        look: &Look,
        live: &Live,
    ) -> Option<Layout> {
        let mut gathered = self.gathered.borrow_mut();
        let data = gathered.of(&ChartId::Rates, live, look.lang);
        let curve = self.curve.borrow();
        // Of several users nodes, what is measured is shown of the one whose curve it is.
        let several = look.design.nodes.iter().filter(|n| n.kind() == Kind::Users).count() > 1;
        let own = curve.node.as_deref().filter(|_| several);
        let own = own.map(|node| data::rates_of(node, live, look.lang));
        let measured = lines(own.as_ref().unwrap_or(data));
        let draft = &curve.draft;
        let full = |handle: Option<usize>| handle.and_then(|h| draft.handles.get(h).copied());
        // While a handle is held, the axis stays put, unless the handle leaves it.
        let top = curve.drag.as_ref().map(|layout| {
            let top = layout.value.1;
            if draft.peak() > top { draft.peak() * 1.1 } else { top }
        });
        let chart = CurveChart {
            name: look.lang.t(texts::DRAWN),
            measured: &measured,
            top,
            selected: full(curve.selected),
            hovered: full(curve.hovered),
            handles: look.editable,
            handles_at: (draft.handles.len() < draft.points.len()).then_some(&draft.handles[..]),
            empty: look.lang.t(texts::CURVE_NONE),
            ..CurveChart::new(frame, &draft.points)
        };
        let layout = chart.draw(surface, theme).ok()?;
        place_handles(&slot.canvas, &layout, draft);
        self.put_in_words(slot, &ChartId::Rates, look.lang.t(texts::RATES), data, look.lang);
        Some(layout)
    }
}

/// A chart's series as its lines.
fn lines(data: &Data) -> Vec<Line<'_>> {
    let series = data.series.iter();
    series
        .map(|s| Line {
            dash: s.dash,
            filled: s.filled,
            ..Line::new(&s.name, s.role, &data.times, &s.values)
        })
        .collect()
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
        let outside = x > layout.plot.right() + 0.5;
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

/// What tests read of a chart.
fn tell_tests(element: &web_sys::Element, id: &ChartId, data: &Data) {
    if let Some(value) = data.headline(id) {
        let _ = element.set_attribute("data-last", &value.to_string());
    }
    let _ = element.set_attribute("data-windows", &data.fresh.to_string());
    if matches!(id, ChartId::Heat(_))
        && let Some((row, value)) = data.hottest()
    {
        let _ = element.set_attribute("data-hottest", &row.to_string());
        let _ = element.set_attribute("data-hottest-value", &value.to_string());
    }
}

/// A chart in words: its last values.
fn in_words(title: &str, id: &ChartId, data: &Data, lang: Lang) -> String {
    let Some(last) = data.last() else { return lang.fill(texts::SUMMARY_EMPTY, &[("chart", title)]) };
    let time = format_time(f64::from(data.times[data.fresh - 1]));
    let values: Vec<String> = data
        .series
        .iter()
        .zip(last)
        .map(|(s, v)| format!("{} {}", s.name, format_value(id.unit(), f64::from(v))))
        .collect();
    lang.fill(texts::SUMMARY, &[("chart", title), ("time", &time), ("values", &values.join(", "))])
}
