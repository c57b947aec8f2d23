//! Where a canvas looks. It moves with every pointer event, so it is apart from the [`Editor`](crate::Editor): who
//! watches the design is not disturbed by a pan.

use crate::geometry::{Point, Rect, content, node_rect};
use headroom_model::design::{Camera, Design, Node};

/// Least zoom by hand.
pub const ZOOM_MIN: f64 = 0.1;
/// Greatest zoom by hand.
pub const ZOOM_MAX: f64 = 4.0;
/// Fitting never enlarges beyond this.
const FIT_ZOOM_MAX: f64 = 1.25;
/// Room around what is fitted, as a part of the canvas, and at most [screen px].
const FIT_MARGIN: f64 = 1.0 / 16.0;
const FIT_MARGIN_MAX: f64 = 56.0;
/// Room between a revealed node and the canvas's edge [screen px].
const REVEAL_MARGIN: f64 = 16.0;
/// A number beyond this is no place.
pub(crate) const PLACE_MAX: f64 = 1e6;

/// Camera and size of a canvas. Screen points are counted from the canvas's top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// World point in the middle, and zoom.
    pub camera: Camera,
    /// Width [screen px].
    pub width: f64,
    /// Height [screen px].
    pub height: f64,
    /// Room at the foot that something else covers: what is fitted stays above it [screen px].
    pub foot: f64,
    /// Everything is shown, and shall be when the size changes.
    pub fits: bool,
}

impl Default for View {
    fn default() -> Self {
        Self { camera: Camera { x: 0.0, y: 0.0, zoom: 1.0 }, width: 0.0, height: 0.0, foot: 0.0, fits: true }
    }
}

impl View {
    /// Where a world point is seen.
    pub fn screen_from_world(&self, p: Point) -> Point {
        let c = &self.camera;
        Point::new((p.x - c.x) * c.zoom + self.width / 2.0, (p.y - c.y) * c.zoom + self.height / 2.0)
    }

    /// The world point that is seen at a screen point.
    pub fn world_from_screen(&self, p: Point) -> Point {
        let c = &self.camera;
        Point::new((p.x - self.width / 2.0) / c.zoom + c.x, (p.y - self.height / 2.0) / c.zoom + c.y)
    }

    /// The world point in the middle.
    pub fn middle(&self) -> Point {
        Point::new(self.camera.x, self.camera.y)
    }

    /// Looks as a design asks for when it is opened: where it says, or at everything.
    pub fn open(&mut self, design: &Design) {
        match design.view.camera {
            Some(camera) => {
                self.fits = false;
                self.look(camera);
            }
            None => self.fit(design),
        }
    }

    /// The canvas has this size now.
    pub fn resize(&mut self, width: f64, height: f64, design: &Design) {
        (self.width, self.height) = (width.max(0.0), height.max(0.0));
        if self.fits {
            self.fit(design);
        }
    }

    /// Shifts the picture by so many screen px.
    pub fn pan(&mut self, by: Point) {
        let c = self.camera;
        self.fits = false;
        self.look(Camera { x: c.x - by.x / c.zoom, y: c.y - by.y / c.zoom, zoom: c.zoom });
    }

    /// Zooms by `factor` and holds the world point under `at` (screen) in place.
    pub fn zoom_at(&mut self, at: Point, factor: f64) {
        if !factor.is_finite() {
            return;
        }
        let held = self.world_from_screen(at);
        let zoom = (self.camera.zoom * factor).clamp(ZOOM_MIN, ZOOM_MAX);
        self.fits = false;
        self.look(Camera {
            x: held.x - (at.x - self.width / 2.0) / zoom,
            y: held.y - (at.y - self.height / 2.0) / zoom,
            zoom,
        });
    }

    /// Zooms by `factor` around the middle.
    pub fn zoom(&mut self, factor: f64) {
        self.zoom_at(Point::new(self.width / 2.0, self.height / 2.0), factor);
    }

    /// Shows everything, now and when the size changes.
    pub fn fit(&mut self, design: &Design) {
        self.fits = true;
        let Some(content) = content(design) else {
            self.look(Camera { x: 0.0, y: 0.0, zoom: 1.0 });
            return;
        };
        let room = |size: f64| (size - 2.0 * (size * FIT_MARGIN).min(FIT_MARGIN_MAX)).max(1.0);
        // In a canvas that is low anyway every px is wanted.
        let foot = if self.height >= 4.0 * self.foot { self.foot } else { 0.0 };
        let zoom = (room(self.width) / content.w.max(1.0)).min(room(self.height - foot) / content.h.max(1.0));
        let zoom = zoom.clamp(ZOOM_MIN, FIT_ZOOM_MAX);
        let centre = content.centre();
        self.look(Camera { x: centre.x, y: centre.y + foot / 2.0 / zoom, zoom });
    }

    /// Pans just enough to show a node whole. True when it had to.
    pub fn reveal(&mut self, node: &Node) -> bool {
        self.reveal_rect(node_rect(node))
    }

    /// Pans just enough to show a rectangle whole, or its upper left corner where it does not fit. True when it had to.
    pub fn reveal_rect(&mut self, rect: Rect) -> bool {
        let a = self.screen_from_world(Point::new(rect.x, rect.y));
        let b = self.screen_from_world(Point::new(rect.x + rect.w, rect.y + rect.h));
        // The least shift that brings [lo, hi] inside; its beginning wins where it does not fit.
        let shift = |lo: f64, hi: f64, size: f64| {
            if lo < REVEAL_MARGIN {
                REVEAL_MARGIN - lo
            } else {
                (size - REVEAL_MARGIN - hi).max(REVEAL_MARGIN - lo).min(0.0)
            }
        };
        let by = Point::new(shift(a.x, b.x, self.width), shift(a.y, b.y, self.height));
        let moves = by != Point::default();
        if moves {
            self.pan(by);
        }
        moves
    }

    /// The world rectangle that is seen.
    pub fn seen(&self) -> Rect {
        Rect::between(
            self.world_from_screen(Point::default()),
            self.world_from_screen(Point::new(self.width, self.height)),
        )
    }

    fn look(&mut self, camera: Camera) {
        if camera.x.is_finite() && camera.y.is_finite() && camera.zoom.is_finite() {
            self.camera = Camera {
                x: camera.x.clamp(-PLACE_MAX, PLACE_MAX),
                y: camera.y.clamp(-PLACE_MAX, PLACE_MAX),
                zoom: camera.zoom.clamp(ZOOM_MIN, ZOOM_MAX),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios;

    fn view(x: f64, y: f64, zoom: f64) -> View {
        View { camera: Camera { x, y, zoom }, width: 800.0, height: 600.0, foot: 0.0, fits: false }
    }

    fn design() -> Design {
        Design::parse(scenarios::by_id("cache-aside").unwrap().json).unwrap()
    }

    #[test]
    fn screen_and_world_are_inverse() {
        let view = view(120.0, -40.0, 1.7);
        let p = Point::new(33.0, 412.0);
        assert!(p.distance(view.screen_from_world(view.world_from_screen(p))) < 1e-9);
    }

    #[test]
    fn zooming_holds_the_point_under_the_pointer_and_stays_in_its_limits() {
        let at = Point::new(200.0, 100.0);
        for factor in [1.1, 0.5, 100.0, 0.0001] {
            let mut view = view(0.0, 0.0, 1.0);
            let held = view.world_from_screen(at);
            view.zoom_at(at, factor);
            assert!(view.screen_from_world(held).distance(at) < 1e-6);
            assert!((ZOOM_MIN..=ZOOM_MAX).contains(&view.camera.zoom));
        }
    }

    #[test]
    fn what_fits_goes_on_fitting_until_the_user_looks_elsewhere() {
        let design = design();
        let all_seen = |view: &View| {
            let seen = view.seen();
            design.nodes.iter().map(node_rect).all(|r| {
                seen.contains(Point::new(r.x, r.y)) && seen.contains(Point::new(r.x + r.w, r.y + r.h))
            })
        };
        let mut view = View { foot: 48.0, ..View::default() };
        view.open(&design);
        for (w, h) in [(1000.0, 700.0), (390.0, 400.0), (700.0, 300.0)] {
            view.resize(w, h, &design);
            assert!(all_seen(&view), "{w} x {h}: {view:?}");
        }
        view.pan(Point::new(2_000.0, 0.0));
        view.resize(800.0, 600.0, &design);
        assert!(!all_seen(&view));
        // Even a canvas without any size gives a camera.
        view.fit(&design);
        view.resize(0.0, 0.0, &design);
        assert!(view.camera.zoom >= ZOOM_MIN);
    }

    #[test]
    fn a_node_is_revealed_by_the_least_pan() {
        let design = design();
        let mut view = view(-2_000.0, 0.0, 1.0);
        assert!(view.reveal(&design.nodes[0]));
        let rect = node_rect(&design.nodes[0]);
        let corner = view.screen_from_world(Point::new(rect.x + rect.w, rect.y));
        assert!((corner.x - (800.0 - REVEAL_MARGIN)).abs() < 1e-9);
        assert!(!view.reveal(&design.nodes[0]), "it is in view already");
    }
}
