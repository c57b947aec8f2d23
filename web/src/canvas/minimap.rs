//! The minimap: the whole design, small, with a frame around what is seen. It is drawn from geometry, four shapes in all,
//! and stands in the corner only while something is out of view.

use super::StageRef;
use super::build::{AttrSlot, append, html, set, svg};
use crate::dom::Listener;
use headroom_editor::{Point, Rect, View, content, node_rect, note_rect, place_rect};
use headroom_model::design::Design;
use std::fmt::Write as _;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

/// Its size [px]; the style sheet has the same.
const WIDTH: f64 = 176.0;
const HEIGHT: f64 = 116.0;
/// Room around the design, as a part of its size.
const MARGIN: f64 = 0.05;

/// The minimap.
pub struct Minimap {
    /// The whole of it.
    pub root: HtmlElement,
    view_box: AttrSlot,
    places: AttrSlot,
    notes: AttrSlot,
    nodes: AttrSlot,
    seen: AttrSlot,
    shown: AttrSlot,
    all: Option<Rect>,
    /// What it shows of the world.
    area: Rect,
    /// It is dragged: what it shows stays.
    held: bool,
}

impl Minimap {
    /// A minimap without a design, not yet in the document.
    pub fn new() -> Self {
        let root = html("div", "cv-map");
        for (name, value) in [("aria-hidden", "true"), ("data-testid", "minimap")] {
            set(&root, name, value);
        }
        let board = svg("svg", "");
        append(&root, &board);
        let path = |class: &str| -> Element {
            let element = svg("path", class);
            append(&board, &element);
            element
        };
        let slot = |class: &str| AttrSlot::new(path(class), "d");
        Self {
            places: slot("cv-map-places"),
            notes: slot("cv-map-notes"),
            nodes: slot("cv-map-nodes"),
            seen: slot("cv-map-seen"),
            view_box: AttrSlot::new(board, "viewBox"),
            shown: AttrSlot::new(root.clone().into(), "data-shown"),
            all: None,
            area: Rect::default(),
            held: false,
            root,
        }
    }

    /// Draws a design.
    pub fn draw(&mut self, design: &Design) {
        self.all = content(design);
        self.places.show(&outline(design.places.iter().map(place_rect)));
        self.notes.show(&outline(design.notes.iter().map(note_rect)));
        self.nodes.show(&outline(design.nodes.iter().map(node_rect)));
    }

    /// Frames what is seen.
    pub fn look(&mut self, view: &View) {
        let seen = view.seen();
        let hidden = self.all.is_none_or(|all| seen.holds(&all)) && !self.held;
        self.shown.show(if hidden { "false" } else { "true" });
        let Some(all) = self.all.filter(|_| !hidden) else { return };
        if !self.held {
            let area = all.joined(&seen);
            self.area = area.grown(area.w.max(area.h) * MARGIN);
        }
        let a = &self.area;
        self.view_box.show(&format!("{:.0} {:.0} {:.0} {:.0}", a.x, a.y, a.w, a.h));
        self.seen.show(&outline([seen]));
    }

    /// The world point under a point of it [px from its corner].
    fn world(&self, at: Point) -> Point {
        let a = &self.area;
        let scale = (WIDTH / a.w.max(1.0)).min(HEIGHT / a.h.max(1.0));
        a.centre() + (at - Point::new(WIDTH / 2.0, HEIGHT / 2.0)) * (1.0 / scale)
    }
}

/// The outlines of rectangles as one path.
fn outline(rects: impl IntoIterator<Item = Rect>) -> String {
    let mut path = String::new();
    for r in rects {
        let _ = write!(path, "M{:.0},{:.0}h{:.0}v{:.0}h{:.0}z", r.x, r.y, r.w, r.h, -r.w);
    }
    path
}

/// Listens to the pointer: the picture goes where it is.
pub fn listen(stage: &StageRef) -> Vec<Listener> {
    let Ok(root) = stage.0.try_borrow().map(|s| s.minimap.root.clone()) else { return Vec::new() };
    let on = |name: &'static str, f: fn(&StageRef, &PointerEvent)| {
        let weak = stage.weak();
        Listener::new(&root, name, move |event: Event| {
            if let Some(stage) = weak.get() {
                event.stop_propagation();
                f(&stage, event.unchecked_ref());
            }
        })
    };
    vec![
        on("pointerdown", |stage, e| {
            e.prevent_default();
            stage.act(|stage| {
                let _ = stage.minimap.root.set_pointer_capture(e.pointer_id());
                stage.minimap.held = true;
                Vec::new()
            });
            go_to(stage, e);
        }),
        on("pointermove", |stage, e| {
            if e.buttons() != 0 {
                go_to(stage, e);
            }
        }),
        on("pointerup", |stage, _| let_go(stage)),
        on("pointercancel", |stage, _| let_go(stage)),
    ]
}

fn go_to(stage: &StageRef, e: &PointerEvent) {
    stage.act(|stage| {
        if stage.minimap.held {
            let rect = stage.minimap.root.get_bounding_client_rect();
            let at = Point::new(f64::from(e.client_x()) - rect.left(), f64::from(e.client_y()) - rect.top());
            let by = stage.view.middle() - stage.minimap.world(at);
            stage.view.pan(by * stage.view.camera.zoom);
            stage.show_camera();
        }
        Vec::new()
    });
}

fn let_go(stage: &StageRef) {
    stage.act(|stage| {
        stage.minimap.held = false;
        stage.show_camera();
        Vec::new()
    });
}
