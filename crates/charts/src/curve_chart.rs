//! The traffic curve that the user draws by hand.

use plotters::element::Polygon;
use plotters::series::{AreaSeries, LineSeries};

use crate::ChartError;
use crate::format::{Unit, format_tick, format_time, format_value};
use crate::frame::{ReadOutRow, TimeFrame, draw_read_out};
use crate::layout::{Layout, Scale};
use crate::series::{Band, Ghost, Line, flatten, thin, visible};
use crate::sheet::{Sheet, style};
use crate::surface::{AlignX, Paint, Point, Stroke, Surface, TextLook};
use crate::theme::{Role, Theme};
use crate::ticks::{ValueAxis, auto_axis, fixed_axis};

const LINE_WIDTH: f32 = 2.0;
const MEASURED_WIDTH: f32 = 1.5;
const HEADER_ROW: f32 = 20.0;

/// A piecewise-linear curve with a handle on each of its points. It is level before the first point and after the
/// last.
#[derive(Clone, Debug)]
pub struct CurveChart<'a> {
    /// Heading at the top left; may be empty.
    pub title: &'a str,
    /// The time axis, events and cursors.
    pub frame: TimeFrame<'a>,
    /// What the values are.
    pub unit: Unit,
    /// The curve: (time [s], value), times rising.
    pub points: &'a [(f64, f64)],
    /// What its colour stands for.
    pub role: Role,
    /// Its name beside measured lines; may be empty.
    pub name: &'a str,
    /// What came of it: measured lines in the same unit, thin, below the curve's handles.
    pub measured: &'a [Line<'a>],
    /// The top of the upright axis; `None` takes a round number with room to drag upwards. Keep it fixed during a
    /// drag, so that the axis does not run away from the pointer.
    pub top: Option<f64>,
    /// The handle that is selected: bigger and filled.
    pub selected: Option<usize>,
    /// The handle under the pointer: bigger.
    pub hovered: Option<usize>,
    /// Whether handles are drawn (not where the curve is only shown).
    pub handles: bool,
    /// Positions of the points that have handles, where the points are too many; `None` gives one to each.
    pub handles_at: Option<&'a [usize]>,
    /// What to say where there are no points.
    pub empty: &'a str,
}

impl<'a> CurveChart<'a> {
    /// A chart of this curve in requests per second, with everything else as usual.
    pub fn new(frame: TimeFrame<'a>, points: &'a [(f64, f64)]) -> Self {
        Self {
            title: "",
            frame,
            unit: Unit::Rate,
            points,
            role: Role::Series1,
            name: "",
            measured: &[],
            top: None,
            selected: None,
            hovered: None,
            handles: true,
            handles_at: None,
            empty: "",
        }
    }

    /// Draws the chart over the whole surface; the layout's `handles` are where the points went.
    pub fn draw(&self, surface: &mut impl Surface, theme: &Theme) -> Result<Layout, ChartError> {
        self.check()?;
        let sheet = Sheet::new(surface, theme);
        let header = if self.title.is_empty() { 4.0 } else { HEADER_ROW };
        let plot = self.frame.plot_rect((sheet.width, sheet.height), header);
        let axis = self.axis(plot.h);
        let mut layout = Layout {
            plot,
            time: (self.frame.t0, self.frame.t1),
            value: (axis.low, axis.high),
            scale: Scale::Linear,
            ..Layout::default()
        };
        layout.handles =
            self.points.iter().map(|&(t, v)| Point { x: layout.x_of(t), y: layout.y_of(v) }).collect();
        if plot.w < 8.0 || plot.h < 8.0 {
            return Ok(layout);
        }
        let title = sheet.title();
        sheet.text(&sheet.fitted(self.title, &title, sheet.width), Point { x: 0.0, y: 10.0 }, &title)?;
        let (ticks, step) = self.frame.ticks(plot.w);
        self.draw_curve(&sheet, &layout, &axis, &ticks)?;
        let look = TextLook { align_x: AlignX::Right, ..sheet.small() };
        for &v in &axis.ticks {
            let place = Point { x: plot.x - 8.0, y: layout.y_of(v) };
            sheet.text(&format_tick(axis.prefix, v, axis.step), place, &look)?;
        }
        self.frame.draw_time_axis(&sheet, &layout, &ticks, step)?;
        if self.points.is_empty() {
            let look = TextLook { align_x: AlignX::Center, ..sheet.small() };
            let middle = Point { x: plot.x + plot.w / 2.0, y: plot.y + plot.h / 2.0 };
            sheet.text(&sheet.fitted(self.empty, &look, plot.w), middle, &look)?;
        }
        self.frame.draw_event_marks(&sheet, &layout)?;
        self.frame.draw_now(&sheet, &layout)?;
        if self.handles {
            self.draw_handles(&sheet, &layout)?;
        }
        let pointed = self.frame.draw_crosshair(&sheet, &layout)?;
        self.draw_value(&sheet, &layout, pointed)?;
        Ok(layout)
    }

    /// The curve's value at a moment; `None` where there are no points.
    pub fn value_at(&self, t: f64) -> Option<f64> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        let after = self.points.partition_point(|p| p.0 <= t);
        Some(match after {
            0 => first.1,
            n if n == self.points.len() => last.1,
            n => {
                let (a, b) = (self.points[n - 1], self.points[n]);
                a.1 + (b.1 - a.1) * (t - a.0) / (b.0 - a.0)
            }
        })
    }

    fn check(&self) -> Result<(), ChartError> {
        self.frame.check()?;
        for line in self.measured {
            if line.times.len() != line.values.len() {
                let (times, values) = (line.times.len(), line.values.len());
                return Err(ChartError::Lengths { name: line.name.to_owned(), times, values });
            }
        }
        let finite = self.points.iter().all(|p| p.0.is_finite() && p.1.is_finite());
        if !finite || !self.points.is_sorted_by(|a, b| a.0 <= b.0) {
            return Err(ChartError::Curve);
        }
        match self.top {
            Some(high) if !(high.is_finite() && high > 0.0) => Err(ChartError::ValueRange { low: 0.0, high }),
            _ => Ok(()),
        }
    }

    fn axis(&self, plot_height: f32) -> ValueAxis {
        let target = ((plot_height / 34.0) as usize).clamp(1, 6);
        match self.top {
            Some(top) => fixed_axis(self.unit, 0.0, top, target),
            None => {
                let curve = self.points.iter().map(|p| p.1).fold(0.0, f64::max);
                let (t0, t1) = (self.frame.t0, self.frame.t1);
                let extents = self.measured.iter().filter_map(|line| line.extent_of_both(t0, t1, 0.0));
                let measured = extents.map(|e| e.1).fold(0.0, f64::max);
                auto_axis(self.unit, 0.0, (curve * 1.25).max(measured), target)
            }
        }
    }

    /// The curve over the window, level beyond its ends.
    fn extended(&self) -> Vec<(f64, f64)> {
        let (t0, t1) = (self.frame.t0, self.frame.t1);
        let inside = self.points.iter().copied().filter(|p| p.0 >= t0 && p.0 <= t1);
        let mut curve = Vec::with_capacity(self.points.len() + 2);
        curve.extend(self.value_at(t0).map(|v| (t0, v)));
        curve.extend(inside);
        curve.extend(self.value_at(t1).map(|v| (t1, v)));
        curve
    }

    fn draw_curve<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        axis: &ValueAxis,
        time_ticks: &[f64],
    ) -> Result<(), ChartError> {
        let (t0, t1) = (self.frame.t0, self.frame.t1);
        let mut chart = sheet.plot(layout.plot, (t0, t1, time_ticks), (axis.low, axis.high, &axis.ticks))?;
        self.frame.draw_event_lines(sheet, layout)?;
        let curve = self.extended();
        let color = sheet.theme.color(self.role);
        if !curve.is_empty() {
            let area = flatten(curve.clone(), axis.low, axis.high);
            chart.draw_series(AreaSeries::new(area, axis.low, style(color.alpha(0.16), 0.0, true)))?;
        }
        let columns = layout.plot.w.max(1.0) as usize;
        for (line, band) in self.measured.iter().filter_map(|line| Some((line, line.band?))) {
            let look = style(sheet.theme.color(line.role).alpha(Band::TINT), 0.0, true);
            for outline in band.outlines((t0, t1), columns, |v| v, (axis.low, axis.high)) {
                chart.draw_series(std::iter::once(Polygon::new(outline, look)))?;
            }
        }
        let ghosts = self.measured.iter().filter_map(|line| {
            let look = style(sheet.theme.color(line.role).alpha(0.8), Ghost::WIDTH, false);
            Some((line.ghost.as_ref()?.line(line.role).runs(t0, t1), look, Ghost::DASH))
        });
        let lines = self.measured.iter().map(|line| {
            let look = style(sheet.theme.color(line.role), MEASURED_WIDTH, false);
            (line.runs(t0, t1), look, line.dash.pattern())
        });
        for (runs, look, dash) in ghosts.chain(lines) {
            for run in runs {
                for part in visible(&thin(run, t0, t1, columns), axis.low, axis.high) {
                    sheet.dashed(dash, || chart.draw_series(LineSeries::new(part, look)).map(|_| ()))?;
                }
            }
        }
        for part in visible(&curve, axis.low, axis.high) {
            chart.draw_series(LineSeries::new(part, style(color, LINE_WIDTH, false)))?;
        }
        Ok(())
    }

    fn draw_handles<S: Surface>(&self, sheet: &Sheet<'_, S>, layout: &Layout) -> Result<(), ChartError> {
        let color = sheet.theme.color(self.role);
        for (i, &center) in layout.handles.iter().enumerate() {
            let has_one = self.handles_at.is_none_or(|at| at.contains(&i));
            if !has_one || center.x < layout.plot.x - 0.5 || center.x > layout.plot.right() + 0.5 {
                continue;
            }
            let (selected, hovered) = (self.selected == Some(i), self.hovered == Some(i));
            let radius = if selected || hovered { 6.5 } else { 4.5 };
            if selected || hovered {
                sheet.circle(center, radius + 5.0, Paint::Fill(color.alpha(0.2)))?;
            }
            let fill = if selected { color } else { sheet.theme.paper };
            sheet.circle(center, radius, Paint::Fill(fill))?;
            let edge = if selected { sheet.theme.paper } else { color };
            sheet.circle(center, radius, Paint::Outline(Stroke { color: edge, width: 2.0, dash: &[] }))?;
        }
        Ok(())
    }

    /// Reads out the handle that is pointed at or held, or else the curve and what was measured at the crosshair.
    fn draw_value<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        pointed: Option<f64>,
    ) -> Result<(), ChartError> {
        let row = |v: f64| ReadOutRow { name: format_value(self.unit, v), ..ReadOutRow::default() };
        let held = self.hovered.or(self.selected.filter(|_| pointed.is_none()));
        let handle = held.and_then(|i| self.points.get(i)).copied();
        if let Some((t, v)) = handle.filter(|p| p.0 >= self.frame.t0 && p.0 <= self.frame.t1) {
            let at = (layout.x_of(t), Some(layout.y_of(v)));
            return draw_read_out(sheet, layout, at, (&format_time(t), ""), &[row(v)]);
        }
        let Some(t) = pointed else { return Ok(()) };
        let drawn = self.value_at(t);
        if self.measured.is_empty() {
            let Some(v) = drawn else { return Ok(()) };
            let at = (layout.x_of(t), Some(layout.y_of(v)));
            return draw_read_out(sheet, layout, at, (&format_time(t), ""), &[row(v)]);
        }
        let swatch = |role: Role, dash: &'static [f32]| {
            Some(Stroke { color: sheet.theme.color(role), width: 2.0, dash })
        };
        let mut rows = Vec::with_capacity(self.measured.len() + 1);
        rows.extend(drawn.map(|v| ReadOutRow {
            swatch: swatch(self.role, &[]),
            name: self.name.to_owned(),
            value: format_value(self.unit, v),
            before: None,
        }));
        rows.extend(self.measured.iter().map(|line| ReadOutRow {
            swatch: swatch(line.role, line.dash.pattern()),
            name: line.name.to_owned(),
            value: format_value(self.unit, line.sample_at(t).map_or(f64::NAN, |s| s.1)),
            before: line.ghost.map(|g| format_value(self.unit, g.value_at(t))),
        }));
        let heading = format_time(t);
        draw_read_out(sheet, layout, (layout.x_of(t), None), (&heading, self.frame.ghosts), &rows)
    }
}
