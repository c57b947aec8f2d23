//! The stretch of time that all charts show, and the hands that choose it: a drag of the mouse, two fingers, keys.

use super::{Board, Key};
use crate::dom;
use headroom_charts::Layout;
use std::cell::{Cell, RefCell};
use web_sys::{Element, PointerEvent};
use yew::Callback;

/// A mouse that has moved this far is choosing a stretch [px].
const DRAG_PX: f32 = 6.0;
/// The shortest stretch, as a share of the run.
const SHARE_MIN: f64 = 1e-3;
/// What a key makes of the stretch: half of it, or twice.
const STEP: f64 = 2.0;
/// Two clicks within this time [ms] and distance [px] are one double click.
const DOUBLE: (f64, f32) = (450.0, 8.0);

/// First and last moment of a stretch of time [s].
type Span = (f64, f64);

/// A stretch of time and how it is being changed.
#[derive(Default)]
pub(super) struct Zoom {
    shown: Cell<Option<(f64, f64)>>,
    chosen: Cell<Option<(f64, f64)>>,
    /// Where the mouse went down: the moment [s] and the x [px].
    begun: Cell<Option<(f64, f32)>>,
    /// The last press became a drag: the click that ends it is none.
    dragged: Cell<bool>,
    /// Fingers on the charts, by pointer, with the moment that each holds [s].
    fingers: RefCell<Vec<(i32, f32, f64)>>,
    clicked: Cell<(f64, f32, f32)>,
    told: RefCell<Option<Callback<Option<Span>>>>,
}

impl Zoom {
    /// What is shown of a run of this length.
    pub fn range(&self, until_s: f64) -> (f64, f64) {
        let whole = (0.0, until_s);
        let Some((t0, t1)) = self.shown.get() else { return whole };
        if t0 >= until_s * (1.0 - SHARE_MIN) { whole } else { (t0, t1.min(until_s)) }
    }

    /// The stretch that is being dragged over.
    pub fn chosen(&self) -> Option<(f64, f64)> {
        self.chosen.get()
    }
}

/// A stretch brought into the run, not shorter than can be seen; none where it is all of it.
fn fitted((a, b): (f64, f64), until_s: f64) -> Option<(f64, f64)> {
    let length = (b - a).abs().clamp(until_s * SHARE_MIN, until_s);
    let t0 = (a.min(b)).clamp(0.0, until_s - length);
    (length < until_s * (1.0 - SHARE_MIN)).then_some((t0, t0 + length))
}

impl Board {
    fn until_s(&self) -> f64 {
        self.0.look.borrow().design.run.until_s
    }

    /// The stretch of time that is shown, if not all of it.
    pub fn zoom(&self) -> Option<(f64, f64)> {
        self.0.zoom.shown.get()
    }

    /// Shows a stretch of time on all charts, or all of it.
    pub fn set_zoom(&self, range: Option<(f64, f64)>) {
        let range = range.and_then(|range| fitted(range, self.until_s()));
        if self.0.zoom.shown.replace(range) != range {
            self.ask();
            let told = self.0.zoom.told.borrow().clone();
            if let Some(told) = told {
                told.emit(range);
            }
        }
    }

    /// Who hears when another stretch is shown.
    pub fn on_zoom(&self, told: Callback<Option<(f64, f64)>>) {
        self.0.zoom.told.replace(Some(told));
    }

    /// Nearer by steps (farther where negative), about the crosshair or the middle.
    pub fn zoom_by(&self, steps: f64) {
        let (t0, t1) = self.0.zoom.range(self.until_s());
        let about = self.crosshair().filter(|t| (t0..=t1).contains(t)).unwrap_or((t0 + t1) / 2.0);
        let factor = STEP.powf(-steps);
        self.set_zoom(Some((about - (about - t0) * factor, about + (t1 - about) * factor)));
    }

    /// Goes along so that a moment is in view.
    pub fn show(&self, t: f64) {
        if let Some((t0, t1)) = self.zoom() {
            let by = (t - t1).max(0.0) + (t - t0).min(0.0);
            if by != 0.0 {
                self.set_zoom(Some((t0 + by, t1 + by)));
            }
        }
    }

    /// A pointer goes down on a chart at an x.
    pub fn press(&self, key: &Key, x: f32, event: &PointerEvent) {
        let zoom = &self.0.zoom;
        zoom.dragged.set(false);
        let layout = self.layout(key);
        let Some(t) = super::super::chart_view::moment_at(&layout, x) else { return };
        if event.pointer_type() == "touch" {
            let mut fingers = zoom.fingers.borrow_mut();
            fingers.retain(|f| f.0 != event.pointer_id());
            fingers.push((event.pointer_id(), x, t));
            fingers.truncate(2);
        } else if event.button() == 0 {
            zoom.begun.set(Some((t, x)));
        }
    }

    /// A pointer moves over a chart. Says whether that changes the stretch, and so does not point at a moment.
    pub fn drag(&self, key: &Key, x: f32, event: &PointerEvent) -> bool {
        let layout = self.layout(key);
        if event.pointer_type() == "touch" {
            return self.pinch(&layout, x, event.pointer_id());
        }
        let zoom = &self.0.zoom;
        let Some((t, from)) = zoom.begun.get() else { return false };
        if event.buttons() & 1 == 0 {
            self.let_go();
            return false;
        }
        if zoom.chosen.get().is_none() && (x - from).abs() < DRAG_PX {
            return false;
        }
        // Wherever the mouse goes now, it is heard here.
        if let Some(element) = event.target().and_then(|t| wasm_bindgen::JsCast::dyn_into::<Element>(t).ok())
        {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        zoom.dragged.set(true);
        let to = layout.time_of(x).clamp(layout.time.0, layout.time.1);
        zoom.chosen.set(Some((t, to)));
        self.point(None);
        self.ask();
        true
    }

    /// Two fingers hold two moments, wherever they go.
    fn pinch(&self, layout: &Layout, x: f32, pointer: i32) -> bool {
        let mut fingers = self.0.zoom.fingers.borrow_mut();
        if let Some(finger) = fingers.iter_mut().find(|f| f.0 == pointer) {
            finger.1 = x;
        }
        let [a, b] = fingers[..] else { return false };
        let apart = f64::from(b.1 - a.1);
        if apart.abs() >= 12.0 && (b.2 - a.2) / apart > 0.0 {
            let per_px = (b.2 - a.2) / apart;
            let t0 = a.2 - f64::from(a.1 - layout.plot.x) * per_px;
            drop(fingers);
            self.0.zoom.dragged.set(true);
            self.set_zoom(Some((t0, t0 + f64::from(layout.plot.w) * per_px)));
            self.point(None);
        }
        true
    }

    /// A pointer goes up, or is taken away: what was dragged over is shown.
    pub fn release(&self, event: &PointerEvent) {
        let zoom = &self.0.zoom;
        zoom.fingers.borrow_mut().retain(|f| f.0 != event.pointer_id());
        let chosen = zoom.chosen.get();
        self.let_go();
        if let Some(range) = chosen.filter(|_| event.type_() == "pointerup") {
            self.set_zoom(Some(range));
        }
    }

    /// Gives up a drag. Says whether there was one.
    pub fn let_go(&self) -> bool {
        self.0.zoom.begun.set(None);
        let gone = self.0.zoom.chosen.take().is_some();
        if gone {
            self.ask();
        }
        gone
    }

    /// The click that follows a drag is none.
    pub fn take_dragged(&self) -> bool {
        self.0.zoom.dragged.take()
    }

    /// Whether this click is the second of a double click; the browser cannot tell, since the first opens something.
    pub fn is_double(&self, (x, y): (f32, f32)) -> bool {
        let now = dom::now_ms();
        let (then, x0, y0) = self.0.zoom.clicked.replace((now, x, y));
        let double = now - then <= DOUBLE.0 && (x - x0).hypot(y - y0) <= DOUBLE.1;
        if double {
            self.0.zoom.clicked.set((f64::NEG_INFINITY, 0.0, 0.0));
        }
        double
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_lies_in_the_run_and_can_be_seen() {
        assert_eq!(fitted((20.0, 40.0), 120.0), Some((20.0, 40.0)));
        assert_eq!(fitted((40.0, 20.0), 120.0), Some((20.0, 40.0)));
        assert_eq!(fitted((-10.0, 10.0), 120.0), Some((0.0, 20.0)));
        assert_eq!(fitted((110.0, 140.0), 120.0), Some((90.0, 120.0)));
        assert_eq!(fitted((-5.0, 200.0), 120.0), None);
        let (t0, t1) = fitted((50.0, 50.0), 100.0).expect("a short stretch");
        assert!((t1 - t0 - 0.1).abs() < 1e-9);
    }

    #[test]
    fn a_run_that_has_become_shorter_is_shown_whole() {
        let zoom = Zoom::default();
        zoom.shown.set(Some((80.0, 100.0)));
        assert_eq!(zoom.range(90.0), (80.0, 90.0));
        assert_eq!(zoom.range(60.0), (0.0, 60.0));
    }
}
