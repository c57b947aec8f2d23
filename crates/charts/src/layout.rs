//! Where a drawn chart put things: maps mouse positions to times and values and back.

use crate::surface::{Point, Rect};

/// How values are spread along the upright axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps for equal differences.
    #[default]
    Linear,
    /// Equal steps for equal ratios.
    Log,
}

impl Scale {
    /// The value as a height along the axis.
    pub(crate) fn forward(self, v: f64) -> f64 {
        match self {
            Scale::Linear => v,
            Scale::Log => v.log10(),
        }
    }

    fn back(self, u: f64) -> f64 {
        match self {
            Scale::Linear => u,
            Scale::Log => 10f64.powf(u),
        }
    }
}

/// Where a chart was drawn, in CSS pixels of its surface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The part that data is drawn in.
    pub plot: Rect,
    /// First and last moment of the time axis [s].
    pub time: (f64, f64),
    /// Lowest and highest value of the upright axis, in the chart's unit.
    pub value: (f64, f64),
    /// How values are spread along the upright axis.
    pub scale: Scale,
    /// Centres of the curve editor's handles, in the order of its points.
    pub handles: Vec<Point>,
    /// How many rows a heat map has.
    pub rows: usize,
}

impl Layout {
    /// The x of a moment [px].
    pub fn x_of(&self, t: f64) -> f32 {
        let share = (t - self.time.0) / (self.time.1 - self.time.0);
        self.plot.x + (share * f64::from(self.plot.w)) as f32
    }

    /// The moment at an x [s]; outside the plot the axis goes on.
    pub fn time_of(&self, x: f32) -> f64 {
        let share = f64::from((x - self.plot.x) / self.plot.w);
        self.time.0 + share * (self.time.1 - self.time.0)
    }

    /// The y of a value [px].
    pub fn y_of(&self, v: f64) -> f32 {
        let (low, high) = (self.scale.forward(self.value.0), self.scale.forward(self.value.1));
        let share = (self.scale.forward(v) - low) / (high - low);
        self.plot.bottom() - (share * f64::from(self.plot.h)) as f32
    }

    /// The value at a y; outside the plot the axis goes on.
    pub fn value_of(&self, y: f32) -> f64 {
        let (low, high) = (self.scale.forward(self.value.0), self.scale.forward(self.value.1));
        let share = f64::from((self.plot.bottom() - y) / self.plot.h);
        self.scale.back(low + share * (high - low))
    }

    /// Whether a position lies in the plot.
    pub fn contains(&self, x: f32, y: f32) -> bool {
        self.plot.contains(x, y)
    }

    /// The heat map's row at a y, if it is inside the plot.
    pub fn row_of(&self, y: f32) -> Option<usize> {
        let inside = self.rows > 0 && y >= self.plot.y && y < self.plot.bottom();
        inside.then(|| {
            let row = ((y - self.plot.y) / self.plot.h * self.rows as f32) as usize;
            row.min(self.rows - 1)
        })
    }

    /// The curve's handle nearest to a position and no farther than `radius` [px]: about 8 for a mouse, 22 for a
    /// finger.
    pub fn hit_handle(&self, x: f32, y: f32, radius: f32) -> Option<usize> {
        let distance = |p: &Point| (p.x - x).hypot(p.y - y);
        let near = self.handles.iter().enumerate().map(|(i, p)| (i, distance(p)));
        near.filter(|&(_, d)| d <= radius).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
    }

    /// The (time [s], value) at a position, brought inside the plot: what a dragged handle becomes.
    pub fn point_from_px(&self, x: f32, y: f32) -> (f64, f64) {
        let x = x.clamp(self.plot.x, self.plot.right());
        let y = y.clamp(self.plot.y, self.plot.bottom());
        let (t, v) = (self.time_of(x), self.value_of(y));
        (t.clamp(self.time.0, self.time.1), v.clamp(self.value.0, self.value.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(scale: Scale) -> Layout {
        Layout {
            plot: Rect { x: 50.0, y: 20.0, w: 400.0, h: 100.0 },
            time: (30.0, 630.0),
            value: (0.001, 10.0),
            scale,
            handles: vec![Point { x: 100.0, y: 50.0 }, Point { x: 110.0, y: 50.0 }],
            rows: 4,
        }
    }

    #[test]
    fn mapping_there_and_back() {
        for scale in [Scale::Linear, Scale::Log] {
            let l = layout(scale);
            for (t, v) in [(30.0, 0.001), (77.7, 0.02), (400.0, 3.0), (630.0, 10.0)] {
                assert!((l.time_of(l.x_of(t)) - t).abs() < 1e-3);
                assert!((l.value_of(l.y_of(v)) / v - 1.0).abs() < 1e-2, "{scale:?} {v}");
            }
            assert_eq!((l.x_of(30.0), l.x_of(630.0)), (50.0, 450.0));
        }
    }

    #[test]
    fn handles_and_rows_are_found() {
        let l = layout(Scale::Linear);
        assert_eq!(l.hit_handle(107.0, 51.0, 22.0), Some(1));
        assert_eq!(l.hit_handle(97.0, 51.0, 22.0), Some(0));
        assert_eq!(l.hit_handle(97.0, 80.0, 22.0), None);
        assert_eq!((l.row_of(20.0), l.row_of(119.9), l.row_of(120.0)), (Some(0), Some(3), None));
        let (t, v) = l.point_from_px(-5.0, 1000.0);
        assert_eq!((t, v), (30.0, 0.001));
    }
}
