//! Chart drawings used by the page, the command line and exported files alike.
//!
//! Every chart is a struct of plain data with `draw(&self, surface, theme) -> Result<Layout, ChartError>`:
//! [`TimeChart`] (lines), [`HeatChart`] (shards over time) and [`CurveChart`] (the traffic curve with its handles).
//! A [`Surface`] is what they are drawn on: the page implements it over a canvas context, [`SvgSurface`] writes files,
//! and a [`Pane`] is a part of either. A chart clears nothing and paints no background; the caller does, if wanted.
//! The [`Layout`] that comes back maps mouse positions to times and values.
//!
//! # Example
//! ```
//! use headroom_charts::{
//!     Dash, Event, EventKind, Line, Role, Rule, SvgSurface, Theme, TimeChart, TimeFrame, Unit,
//! };
//!
//! # fn main() -> Result<(), headroom_charts::ChartError> {
//! let times: Vec<f32> = (0..=300).map(|s| s as f32).collect();
//! let p50: Vec<f32> = times.iter().map(|t| 0.012 + t / 50_000.0).collect();
//! let p99: Vec<f32> = p50.iter().map(|v| v * 6.0).collect();
//!
//! // One frame for all panels: their time axes, events and cursors line up.
//! let events = [Event { t: 120.0, label: "kill db-1", kind: EventKind::Fault }];
//! let frame = TimeFrame { events: &events, now: Some(240.0), crosshair: Some(90.0), ..TimeFrame::new(0.0, 300.0) };
//!
//! let lines = [
//!     Line::new("p50", Role::Series1, &times, &p50),
//!     Line::new("p99", Role::Series2, &times, &p99).dash(Dash::Dashed),
//! ];
//! let rules = [Rule { value: 0.1, label: "SLO", role: Role::Bad, note: "" }];
//! let chart = TimeChart { title: "Latency", rules: &rules, ..TimeChart::new(frame, Unit::Seconds, &lines) };
//!
//! let theme = Theme::dark();
//! let mut svg = SvgSurface::with_background(640.0, 180.0, theme.paper);
//! let layout = chart.draw(&mut svg, &theme)?;
//! let picture: String = svg.finish("Latency");
//!
//! // A mouse move at x = 300 px: the moment it points at becomes the next frame's `crosshair`.
//! let pointed: f64 = layout.time_of(300.0);
//! assert!((layout.x_of(pointed) - 300.0).abs() < 0.01);
//! # assert!(picture.contains("kill db-1"));
//! # Ok(())
//! # }
//! ```
//!
//! # On a canvas
//! The page's surface scales its context by the device pixel ratio once, clears it, and then:
//! `path` = `begin_path`, `move_to`, `line_to`…, `set_line_dash`, `stroke` (round joins; round caps when not dashed);
//! `fill_path` = the same with `close_path` and `fill`; `text` = `fill_text` with baseline `alphabetic`,
//! [`TextLook::baseline_drop`] below its point, weight 600 for bold, turned by `rotate` degrees about its point;
//! `text_width` = `measure_text`, cached by (text, size, bold).
//!
//! # Editing the curve
//! ```
//! use headroom_charts::{CurveChart, SvgSurface, Theme, TimeFrame};
//!
//! # fn main() -> Result<(), headroom_charts::ChartError> {
//! let mut points = vec![(0.0, 100.0), (60.0, 400.0), (120.0, 150.0)];
//! let mut surface = SvgSurface::new(600.0, 160.0);
//! let layout = CurveChart::new(TimeFrame::new(0.0, 120.0), &points).draw(&mut surface, &Theme::light())?;
//!
//! let (x, y) = (layout.x_of(60.0) + 4.0, layout.y_of(400.0) - 3.0);
//! let held = layout.hit_handle(x, y, 22.0).expect("a finger's width from the handle"); // 8.0 for a mouse
//! points[held] = layout.point_from_px(x + 30.0, y); // and redraw with `selected: Some(held)`, `top` fixed
//! assert!(points[1].0 > 60.0);
//! # Ok(())
//! # }
//! ```

// "[s]" and "[px]" in the documentation are units, not links.
#![allow(rustdoc::broken_intra_doc_links)]
#![allow(
    clippy::disallowed_methods,
    reason = "the last bit of a picture does not matter: no run depends on it"
)]

mod curve_chart;
mod format;
mod frame;
mod heat_chart;
mod layout;
mod series;
mod sheet;
mod surface;
mod svg;
mod theme;
mod ticks;
mod time_chart;

pub use curve_chart::CurveChart;
pub use format::{Unit, format_time, format_value};
pub use frame::{Event, EventKind, TimeFrame};
pub use heat_chart::{HeatChart, HeatRow};
pub use layout::{Layout, Scale};
pub use series::{Band, Dash, Ghost, Line, Shape};
pub use surface::{
    AlignX, AlignY, Backend, Paint, Pane, Point, Rect, Rgba, Stroke, Surface, TextLook, estimated_text_width,
};
pub use svg::SvgSurface;
pub use theme::{Role, Theme};
pub use time_chart::{Rule, TimeChart, YRange};

/// Why a chart could not be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum ChartError {
    /// The time axis has no length or no finite ends.
    TimeRange {
        /// Its first moment [s].
        t0: f64,
        /// Its last moment [s].
        t1: f64,
    },
    /// The value axis has no length, no finite ends, or a logarithmic one reaches zero.
    ValueRange {
        /// Its lowest value.
        low: f64,
        /// Its highest value.
        high: f64,
    },
    /// A line or row has not as many values as times.
    Lengths {
        /// Its name.
        name: String,
        /// How many times it has.
        times: usize,
        /// How many values it has.
        values: usize,
    },
    /// A curve's points are not finite or their times fall.
    Curve,
    /// The drawing library refused.
    Drawing(String),
}

impl std::fmt::Display for ChartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TimeRange { t0, t1 } => write!(f, "the time axis from {t0} s to {t1} s has no length"),
            Self::ValueRange { low, high } => write!(f, "the value axis cannot go from {low} to {high}"),
            Self::Lengths { name, times, values } => {
                write!(f, "“{name}” has {values} values for {times} times")
            }
            Self::Curve => write!(f, "the curve's points must be finite and in order of time"),
            Self::Drawing(why) => write!(f, "drawing failed: {why}"),
        }
    }
}

impl std::error::Error for ChartError {}
