//! A node on the canvas: its elements, made once and changed as the run goes on.

use super::build::{AttrSlot, TextSlot, append, flag, html, set, style};
use super::reading::{Cell, Reading, metric, side_of};
use crate::icons::kind_path;
use crate::texts::{Lang, canvas as texts, why};
use headroom_editor::{NODE_HEIGHT, NODE_WIDTH, Point, Side, has_port};
use headroom_model::design::Node;
use headroom_model::kinds::{COMMON, Kind, common};
use headroom_model::messages::PartState;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A node on the canvas.
pub struct Face {
    /// The whole node.
    pub root: HtmlElement,
    kind: Kind,
    at: Option<Point>,
    name: TextSlot,
    badge: TextSlot,
    value: TextSlot,
    side: TextSlot,
    bar: Option<HtmlElement>,
    parts: HtmlElement,
    cells: Vec<CellView>,
    more: TextSlot,
    level: Option<(HtmlElement, TextSlot)>,
    queue: HtmlElement,
    foot: TextSlot,
    label: AttrSlot,
    state: AttrSlot,
    shown: Reading,
    titles: Option<(Lang, &'static str)>,
}

struct CellView {
    root: HtmlElement,
    fill: HtmlElement,
    text: TextSlot,
    shown: Option<Cell>,
}

fn child(parent: &Element, selector: &str) -> HtmlElement {
    let found = parent.query_selector(selector).ok().flatten();
    found.expect("the face's markup holds its parts").unchecked_into()
}

/// The value of `data-part-state`.
pub fn part_state_name(state: PartState) -> &'static str {
    match state {
        PartState::Up => "up",
        PartState::Slow => "slow",
        PartState::Down => "down",
        PartState::Recovering => "recovering",
        PartState::Primary => "primary",
        PartState::Draining => "draining",
        PartState::Gone => "gone",
    }
}

impl Face {
    /// A new face, not yet in the document.
    pub fn new(node: &Node) -> Self {
        let kind = node.kind();
        let root = html("div", "cv-node");
        for (name, value) in [
            ("data-node-id", node.id.as_str()),
            ("data-kind", kind.spec().id),
            ("role", "button"),
            ("tabindex", "0"),
        ] {
            set(&root, name, value);
        }
        style(&root, "width", &format!("{NODE_WIDTH}px"));
        style(&root, "height", &format!("{NODE_HEIGHT}px"));
        // Markup of our own; what users write is set as text.
        root.set_inner_html(&format!(
            r#"<div class="cv-head"><svg class="cv-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg><span class="cv-name"></span><span class="cv-badge"></span></div>
<div class="cv-nums"><b class="cv-value"></b><span class="cv-side"></span></div>
<div class="cv-bar"><i></i></div>
<div class="cv-parts"><span class="cv-more"></span></div>
<div class="cv-foot"><i class="cv-queue"></i><span class="cv-words"></span></div>"#,
            kind_path(kind)
        ));
        for (side, name) in [(Side::In, "in"), (Side::Out, "out")] {
            if has_port(node, side) {
                let port = html("span", "cv-port");
                set(&port, "data-port", name);
                append(&root, &port);
            }
        }
        let slot = |selector: &str| TextSlot::new(child(&root, selector).into());
        let parts = child(&root, ".cv-parts");
        let level = (kind == Kind::Cache).then(|| {
            parts.set_inner_html(
                r#"<span class="cv-level"><i></i><span></span></span><span class="cv-more"></span>"#,
            );
            (child(&parts, ".cv-level i"), TextSlot::new(child(&parts, ".cv-level span").into()))
        });
        let bar = child(&root, ".cv-bar i");
        let has_bar = !matches!(
            kind,
            Kind::Users | Kind::Dns | Kind::LoadBalancer | Kind::Queue | Kind::Autoscaler | Kind::Monitoring
        );
        flag(&child(&root, ".cv-bar"), "hidden", !has_bar);
        Self {
            kind,
            at: None,
            name: slot(".cv-name"),
            badge: slot(".cv-badge"),
            value: slot(".cv-value"),
            side: slot(".cv-side"),
            bar: has_bar.then_some(bar),
            cells: Vec::new(),
            more: TextSlot::new(child(&parts, ".cv-more").into()),
            level,
            queue: child(&root, ".cv-queue"),
            foot: slot(".cv-words"),
            label: AttrSlot::new(root.clone().into(), "aria-label"),
            state: AttrSlot::new(root.clone().into(), "data-state"),
            shown: Reading::default(),
            titles: None,
            parts,
            root,
        }
    }

    /// The kind that the face was made for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Puts it there. (Not by a transform: hundreds of those make the browser's layers costly.)
    pub fn place(&mut self, at: Point) {
        if self.at != Some(at) {
            style(&self.root, "left", &format!("{}px", at.x));
            style(&self.root, "top", &format!("{}px", at.y));
            self.at = Some(at);
        }
    }

    /// Shows name, language and whether it is selected.
    pub fn dress(&mut self, node: &Node, name: &str, lang: Lang, selected: bool) {
        self.name.show(name);
        set(self.name.element(), "title", name);
        set(&self.root, "aria-pressed", if selected { "true" } else { "false" });
        let side = side_of(node);
        if self.titles != Some((lang, side)) {
            self.titles = Some((lang, side));
            let title = |id: &str| {
                let m = metric(self.kind, id);
                format!("{}: {}", lang.t(m.label), lang.t(m.help))
            };
            set(self.value.element(), "title", &title(self.kind.spec().main_metric));
            set(self.side.element(), "title", &title(side));
            if let Some(bar) = self.bar.as_ref().and_then(|b| b.parent_element()) {
                let m = &COMMON[common::UTILIZATION];
                set(&bar, "title", &format!("{}: {}", lang.t(m.label), lang.t(m.help)));
            }
            if let Some(level) = self.level.as_ref().and_then(|l| l.0.parent_element()) {
                set(&level, "title", lang.t(texts::ITEMS_HELP));
            }
            let queue = &COMMON[common::QUEUE];
            set(self.badge.element(), "title", lang.t(why::TITLE));
            set(self.foot.element(), "title", &format!("{}: {}", lang.t(queue.label), lang.t(queue.help)));
            for (port, text) in [("in", texts::PORT_IN), ("out", texts::PORT_OUT)] {
                let found = self.root.query_selector(&format!("[data-port={port}]")).ok().flatten();
                if let Some(port) = found {
                    set(&port, "title", lang.t(text));
                }
            }
        }
    }

    /// Shows numbers; writes only what has changed.
    pub fn show(&mut self, reading: Reading) {
        if reading == self.shown {
            // The first reading of all may equal the empty one.
            self.state.show(reading.health.name());
            self.value.show(if reading.value.is_empty() { "–" } else { &reading.value });
            return;
        }
        self.state.show(reading.health.name());
        self.badge.show(reading.health.badge());
        self.value.show(&reading.value);
        self.side.show(&reading.side);
        if let Some(bar) = &self.bar
            && reading.bar != self.shown.bar
        {
            let u = reading.bar.unwrap_or(0.0);
            style(bar, "width", &format!("{:.1}%", u * 100.0));
            let grade = if u >= super::reading::SATURATED {
                "full"
            } else if u >= super::reading::BUSY {
                "busy"
            } else {
                "ok"
            };
            set(bar, "data-grade", grade);
        }
        if let (Some((fill, words)), Some((level, text))) = (&mut self.level, &reading.level) {
            style(fill, "width", &format!("{:.1}%", level * 100.0));
            words.show(text);
        }
        self.show_cells(&reading);
        if reading.ticks != self.shown.ticks {
            style(&self.queue, "width", &format!("{}px", reading.ticks * 5));
        }
        if reading.failing != self.shown.failing {
            flag(self.foot.element(), "data-failing", reading.failing);
        }
        self.foot.show(&reading.foot);
        self.shown = reading;
    }

    fn show_cells(&mut self, reading: &Reading) {
        while self.cells.len() > reading.cells.len() {
            if let Some(cell) = self.cells.pop() {
                cell.root.remove();
            }
        }
        while self.cells.len() < reading.cells.len() {
            let root = html("span", "cv-cell");
            set(&root, "data-part", &self.cells.len().to_string());
            let (fill, text) = (html("i", ""), html("span", ""));
            append(&root, &fill);
            append(&root, &text);
            let _ = self.parts.insert_before(&root, Some(self.more.element()));
            self.cells.push(CellView { root, fill, text: TextSlot::new(text.into()), shown: None });
        }
        for (view, cell) in self.cells.iter_mut().zip(&reading.cells) {
            view.show(cell);
        }
        let more = if reading.more > 0 { format!("+{}", reading.more) } else { String::new() };
        self.more.show(&more);
    }

    /// What a screen reader hears.
    pub fn say(&mut self, text: &str) {
        self.label.show(text);
    }

    /// The numbers that are shown.
    pub fn shown(&self) -> &Reading {
        &self.shown
    }
}

impl CellView {
    fn show(&mut self, cell: &Cell) {
        if self.shown.as_ref() == Some(cell) {
            return;
        }
        let before = self.shown.take();
        let same = |same: fn(&Cell, &Cell) -> bool| before.as_ref().is_some_and(|b| same(b, cell));
        if !same(|a, b| a.fill == b.fill) {
            style(&self.fill, "height", &format!("{:.0}%", cell.fill * 100.0));
        }
        if !same(|a, b| a.state == b.state) {
            set(&self.root, "data-part-state", part_state_name(cell.state));
        }
        if !same(|a, b| a.heat == b.heat) {
            flag(&self.root, "data-heat", cell.heat >= 0.0);
            style(&self.root, "--heat", &format!("{:.2}", cell.heat.max(0.0)));
        }
        if !same(|a, b| (a.hot, a.full, a.lagging) == (b.hot, b.full, b.lagging)) {
            flag(&self.root, "data-hot", cell.hot);
            flag(&self.root, "data-full", cell.full);
            flag(&self.root, "data-lagging", cell.lagging);
        }
        self.text.show(&cell.text);
        self.shown = Some(cell.clone());
    }
}
