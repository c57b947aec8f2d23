//! A wire on the canvas.

use super::build::{AttrSlot, TextSlot, append, flag, set, svg};
use headroom_editor::{WireKey, WirePath};
use web_sys::Element;

/// A wire on the canvas.
pub struct WireView {
    /// The whole wire.
    pub root: Element,
    /// Its curve, in world px.
    pub path: Option<WirePath>,
    hit: AttrSlot,
    line: AttrSlot,
    width: AttrSlot,
    head: AttrSlot,
    text: TextSlot,
    text_x: AttrSlot,
    text_y: AttrSlot,
    /// Two contacts that stand apart: an open circuit breaker.
    breaker: AttrSlot,
    label: AttrSlot,
    title: TextSlot,
    selected: Option<bool>,
    failing: bool,
    open: bool,
    marked: bool,
}

impl WireView {
    /// A new wire, not yet in the document.
    pub fn new(key: &WireKey) -> Self {
        let root = svg("g", "cv-wire");
        set(&root, "data-wire", &format!("{}->{}", key.from, key.to));
        set(&root, "role", "button");
        set(&root, "tabindex", "0");
        let (title, hit, line) = (svg("title", ""), svg("path", "cv-wire-hit"), svg("path", "cv-wire-line"));
        let (head, text) = (svg("path", "cv-wire-head"), svg("text", "cv-wire-rate"));
        set(&text, "text-anchor", "middle");
        let breaker = svg("g", "cv-wire-breaker");
        // A gap in the wire, and a switch that stands open over it.
        let (gap, lever) = (svg("circle", "cv-breaker-gap"), svg("path", "cv-breaker-lever"));
        set(&gap, "r", "11");
        set(
            &lever,
            "d",
            "M-7,3h-3M7,3h3M-7,3 5,-6M-7,3m-2,0a2,2 0 1,0 4,0a2,2 0 1,0 -4,0M7,3m-2,0a2,2 0 1,0 4,0a2,2 0 1,0 -4,0",
        );
        append(&breaker, &gap);
        append(&breaker, &lever);
        for part in [&title, &hit, &line, &head, &breaker, &text] {
            append(&root, part);
        }
        Self {
            path: None,
            hit: AttrSlot::new(hit, "d"),
            line: AttrSlot::new(line.clone(), "d"),
            width: AttrSlot::new(line, "stroke-width"),
            head: AttrSlot::new(head, "d"),
            text_x: AttrSlot::new(text.clone(), "x"),
            text_y: AttrSlot::new(text.clone(), "y"),
            text: TextSlot::new(text),
            breaker: AttrSlot::new(breaker, "transform"),
            label: AttrSlot::new(root.clone(), "aria-label"),
            title: TextSlot::new(title),
            selected: None,
            failing: false,
            open: false,
            marked: false,
            root,
        }
    }

    /// Lays it along this curve.
    pub fn place(&mut self, path: WirePath) {
        if self.path == Some(path) {
            return;
        }
        let d = path.svg();
        self.hit.show(&d);
        self.line.show(&d);
        let end = path.points[3];
        // In the wire's own coordinates: each transform of its own makes the browser's layers dearer, in every frame.
        let (tip, y) = (end.x - 3.0, end.y);
        let back = tip - 8.0;
        self.head.show(&format!("M{back:.1},{:.1} {tip:.1},{y:.1} {back:.1},{:.1}z", y - 4.5, y + 4.5));
        let middle = path.at(0.5);
        self.text_x.show(&format!("{:.1}", middle.x));
        self.text_y.show(&format!("{:.1}", middle.y - 8.0));
        self.breaker.show(&format!("translate({:.1},{:.1})", middle.x, middle.y));
        self.path = Some(path);
    }

    /// Shows whether it is selected.
    pub fn dress(&mut self, selected: bool) {
        if self.selected != Some(selected) {
            set(&self.root, "aria-pressed", if selected { "true" } else { "false" });
            self.selected = Some(selected);
        }
    }

    /// Shows its rate as a width and a number.
    pub fn show(&mut self, rate_rps: f64, rate: &str, failing: bool) {
        // A decade is a good px: 1/s to 1M/s is 1.5 to 8 px. In half px, so that it rests while the rate trembles.
        let width = if rate_rps > 0.0 { 1.5 + 1.05 * (1.0 + rate_rps).log10() } else { 1.5 };
        let width = (width * 2.0).round() / 2.0;
        self.width.show(&format!("{width:.1}"));
        self.text.show(rate);
        if self.failing != failing {
            flag(&self.root, "data-failing", failing);
            self.failing = failing;
        }
    }

    /// Shows whether a circuit breaker of its callers is open.
    pub fn break_circuit(&mut self, open: bool) {
        if self.open != open {
            flag(&self.root, "data-breaker", open);
            self.open = open;
        }
    }

    /// Marks it as a piece of a request's way.
    pub fn mark(&mut self, on: bool) {
        if self.marked != on {
            flag(&self.root, "data-path", on);
            self.marked = on;
        }
    }

    /// What a pointer that rests on it is told.
    pub fn explain(&mut self, text: &str) {
        self.title.show(text);
    }

    /// What a screen reader hears.
    pub fn say(&mut self, text: &str) {
        self.label.show(text);
    }
}
