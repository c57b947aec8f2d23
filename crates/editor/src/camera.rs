//! Where the canvas looks: world px to screen px and back.

use crate::geometry::{Point, Rect};
use headroom_model::design::Camera;

/// Least zoom by hand.
pub const ZOOM_MIN: f64 = 0.1;
/// Greatest zoom by hand.
pub const ZOOM_MAX: f64 = 4.0;
/// Fitting never enlarges beyond this.
const FIT_ZOOM_MAX: f64 = 1.25;

/// Size of the canvas [screen px].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// Where a world point is seen, from the canvas's top left corner [screen px].
pub fn screen_from_world(camera: &Camera, viewport: Viewport, p: Point) -> Point {
    Point::new(
        (p.x - camera.x) * camera.zoom + viewport.w / 2.0,
        (p.y - camera.y) * camera.zoom + viewport.h / 2.0,
    )
}

/// The world point that is seen at a screen point.
pub fn world_from_screen(camera: &Camera, viewport: Viewport, p: Point) -> Point {
    Point::new(
        (p.x - viewport.w / 2.0) / camera.zoom + camera.x,
        (p.y - viewport.h / 2.0) / camera.zoom + camera.y,
    )
}

/// The camera after zooming by `factor` with the world point under `at` (screen) held in place.
pub(crate) fn zoomed_at(camera: &Camera, viewport: Viewport, at: Point, factor: f64) -> Camera {
    let held = world_from_screen(camera, viewport, at);
    let zoom = (camera.zoom * factor).clamp(ZOOM_MIN, ZOOM_MAX);
    Camera {
        x: held.x - (at.x - viewport.w / 2.0) / zoom,
        y: held.y - (at.y - viewport.h / 2.0) / zoom,
        zoom,
    }
}

/// The camera that shows a world rectangle whole, with `padding` screen px around.
pub(crate) fn fitted(content: Rect, viewport: Viewport, padding: f64) -> Camera {
    let room = |size: f64| (size - 2.0 * padding).max(size / 2.0).max(1.0);
    let zoom = (room(viewport.w) / content.w.max(1.0))
        .min(room(viewport.h) / content.h.max(1.0))
        .clamp(ZOOM_MIN, FIT_ZOOM_MAX);
    let centre = content.centre();
    Camera { x: centre.x, y: centre.y, zoom }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Viewport = Viewport { w: 800.0, h: 600.0 };

    #[test]
    fn screen_and_world_are_inverse() {
        let camera = Camera { x: 120.0, y: -40.0, zoom: 1.7 };
        let p = Point::new(33.0, 412.0);
        let back = screen_from_world(&camera, VIEW, world_from_screen(&camera, VIEW, p));
        assert!(p.distance(back) < 1e-9);
    }

    #[test]
    fn zooming_holds_the_point_under_the_pointer_and_stays_in_its_limits() {
        let camera = Camera { x: 0.0, y: 0.0, zoom: 1.0 };
        let at = Point::new(200.0, 100.0);
        let held = world_from_screen(&camera, VIEW, at);
        for factor in [1.1, 0.5, 100.0, 0.0001] {
            let next = zoomed_at(&camera, VIEW, at, factor);
            assert!(screen_from_world(&next, VIEW, held).distance(at) < 1e-6);
            assert!((ZOOM_MIN..=ZOOM_MAX).contains(&next.zoom));
        }
    }

    #[test]
    fn fitting_shows_everything() {
        let content = Rect { x: -500.0, y: 20.0, w: 2000.0, h: 300.0 };
        let camera = fitted(content, VIEW, 40.0);
        for corner in [Point::new(-500.0, 20.0), Point::new(1500.0, 320.0)] {
            let p = screen_from_world(&camera, VIEW, corner);
            assert!(p.x >= 39.9 && p.x <= 760.1 && p.y >= 0.0 && p.y <= 600.0, "{p:?}");
        }
        // Even a canvas smaller than its padding gives a camera.
        assert!(fitted(content, Viewport { w: 10.0, h: 0.0 }, 40.0).zoom >= ZOOM_MIN);
    }
}
