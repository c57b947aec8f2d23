//! The eight handles by which a place's box is made larger or smaller.

use crate::geometry::{Point, Rect};
use crate::snap::to_grid;

/// Least width of a box that is drawn by hand [world px].
pub const BOX_WIDTH_MIN: f64 = 96.0;
/// Least height of a box that is drawn by hand [world px].
pub const BOX_HEIGHT_MIN: f64 = 64.0;

/// A handle: the edges that it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    /// -1 moves the left edge, 1 the right one.
    pub x: i8,
    /// -1 moves the upper edge, 1 the lower one.
    pub y: i8,
}

impl Handle {
    /// All handles, corners last, so that they lie above the others.
    pub const ALL: [Handle; 8] = [
        Handle { x: 0, y: -1 },
        Handle { x: 1, y: 0 },
        Handle { x: 0, y: 1 },
        Handle { x: -1, y: 0 },
        Handle { x: -1, y: -1 },
        Handle { x: 1, y: -1 },
        Handle { x: 1, y: 1 },
        Handle { x: -1, y: 1 },
    ];

    /// Name of its direction, as in the names of cursors: `n`, `se`, ...
    pub fn name(self) -> &'static str {
        match (self.x, self.y) {
            (0, -1) => "n",
            (1, 0) => "e",
            (0, 1) => "s",
            (-1, 0) => "w",
            (-1, -1) => "nw",
            (1, -1) => "ne",
            (1, 1) => "se",
            _ => "sw",
        }
    }

    /// Where it stands on a box [world px].
    pub fn point(self, rect: &Rect) -> Point {
        Point::new(
            rect.x + rect.w * f64::from(self.x + 1) / 2.0,
            rect.y + rect.h * f64::from(self.y + 1) / 2.0,
        )
    }

    /// The box after a drag of the handle by `by`; edges keep to the grid unless the drag is `free`.
    pub fn drag(self, rect: &Rect, by: Point, free: bool) -> Rect {
        let along = |side: i8, start: f64, length: f64, by: f64, least: f64| {
            let at = |x: f64| if free { x } else { to_grid(x) };
            let end = start + length;
            // A box that is smaller than the least already may stay so.
            let least = least.min(length);
            match side {
                -1 => {
                    let start = at(start + by).min(end - least);
                    (start, end - start)
                }
                1 => (start, (at(end + by) - start).max(least)),
                _ => (start, length),
            }
        };
        let (x, w) = along(self.x, rect.x, rect.w, by.x, BOX_WIDTH_MIN);
        let (y, h) = along(self.y, rect.y, rect.h, by.y, BOX_HEIGHT_MIN);
        Rect { x, y, w, h }
    }

    /// The handle of a box that is nearest to a point and at most `tolerance` away [world px].
    pub fn at(rect: &Rect, p: Point, tolerance: f64) -> Option<Handle> {
        let distance = |h: &Handle| {
            let d = p - h.point(rect);
            d.x.abs().max(d.y.abs())
        };
        let near = Handle::ALL.into_iter().rev().filter(|h| distance(h) <= tolerance);
        near.min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { x: 100.0, y: 200.0, w: 400.0, h: 300.0 };

    #[test]
    fn each_handle_moves_its_own_edges_and_no_other() {
        for handle in Handle::ALL {
            let drawn = handle.drag(&BOX, Point::new(16.0, 24.0), false);
            let moved = (drawn.x != BOX.x, drawn.y != BOX.y);
            assert_eq!(moved, (handle.x < 0, handle.y < 0), "{}", handle.name());
            let right = drawn.x + drawn.w != BOX.x + BOX.w;
            let lower = drawn.y + drawn.h != BOX.y + BOX.h;
            assert_eq!((right, lower), (handle.x > 0, handle.y > 0), "{}", handle.name());
            assert_eq!(Handle::at(&BOX, handle.point(&BOX) + Point::new(3.0, -3.0), 4.0), Some(handle));
        }
        assert_eq!(Handle::at(&BOX, BOX.centre(), 4.0), None);
    }

    #[test]
    fn a_box_keeps_to_the_grid_and_to_its_least_size() {
        let corner = Handle { x: -1, y: -1 };
        let drawn = corner.drag(&BOX, Point::new(3.0, 5.0), false);
        assert_eq!((drawn.x, drawn.y), (104.0, 208.0));
        let drawn = corner.drag(&BOX, Point::new(3.0, 5.0), true);
        assert_eq!((drawn.x, drawn.y), (103.0, 205.0));
        let drawn = corner.drag(&BOX, Point::new(1e4, 1e4), false);
        assert_eq!((drawn.w, drawn.h), (BOX_WIDTH_MIN, BOX_HEIGHT_MIN));
        assert_eq!((drawn.x + drawn.w, drawn.y + drawn.h), (500.0, 500.0));
        let drawn = Handle { x: 1, y: 1 }.drag(&BOX, Point::new(-1e4, -1e4), false);
        assert_eq!((drawn.x, drawn.y, drawn.w, drawn.h), (100.0, 200.0, BOX_WIDTH_MIN, BOX_HEIGHT_MIN));
    }
}
