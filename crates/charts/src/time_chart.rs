//! Lines over time: rates, latencies, shares.

use plotters::element::Polygon;
use plotters::series::{AreaSeries, LineSeries};

use crate::ChartError;
use crate::format::{Unit, format_tick, format_time, format_value};
use crate::frame::{ReadOutRow, TimeFrame, draw_read_out, draw_swatch, ring};
use crate::layout::{Layout, Scale};
use crate::series::{Band, Ghost, Line, flatten, thin, visible};
use crate::sheet::{Sheet, style};
use crate::surface::{AlignX, AlignY, Paint, Point, Rect, Stroke, Surface, TextLook};
use crate::theme::{Role, Theme};
use crate::ticks::{ValueAxis, auto_axis, fixed_axis, log_axis};

/// Width of data lines [px].
const LINE_WIDTH: f32 = 1.75;
/// Height of a row of title or legend [px].
const HEADER_ROW: f32 = 20.0;

/// Which values the upright axis shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum YRange {
    /// From zero to a round number above the highest visible sample; depends on nothing but the data.
    #[default]
    Auto,
    /// From the first to the second; what lies outside is cut off.
    Fixed(f64, f64),
}

/// A level to compare with, such as an objective: a dashed line across the plot with its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule<'a> {
    /// Where, in the chart's unit.
    pub value: f64,
    /// What it is, such as `SLO`.
    pub label: &'a str,
    /// What its colour stands for.
    pub role: Role,
    /// Words after its value; may be empty.
    pub note: &'a str,
}

/// Lines over a shared time axis.
#[derive(Clone, Debug)]
pub struct TimeChart<'a> {
    /// Heading at the top left; may be empty.
    pub title: &'a str,
    /// The time axis, events and cursors.
    pub frame: TimeFrame<'a>,
    /// What the values are.
    pub unit: Unit,
    /// The lines, drawn in this order.
    pub lines: &'a [Line<'a>],
    /// Which values are shown.
    pub y: YRange,
    /// How they are spread. On a logarithmic axis, values of zero or less lie on its foot.
    pub scale: Scale,
    /// Levels to compare with.
    pub rules: &'a [Rule<'a>],
    /// The line the reader points at: drawn thicker.
    pub hovered: Option<usize>,
    /// What to say where no line has any sample in view.
    pub empty: &'a str,
}

impl<'a> TimeChart<'a> {
    /// A chart of these lines with everything else as usual.
    pub fn new(frame: TimeFrame<'a>, unit: Unit, lines: &'a [Line<'a>]) -> Self {
        Self {
            title: "",
            frame,
            unit,
            lines,
            y: YRange::Auto,
            scale: Scale::Linear,
            rules: &[],
            hovered: None,
            empty: "",
        }
    }

    /// Draws the chart over the whole surface. Draws nothing where the plot would have no room.
    pub fn draw(&self, surface: &mut impl Surface, theme: &Theme) -> Result<Layout, ChartError> {
        self.check()?;
        let sheet = Sheet::new(surface, theme);
        let header = self.header(&sheet);
        let plot = self.frame.plot_rect((sheet.width, sheet.height), header.height);
        let mut axis = self.axis(plot.h);
        let has_data = self.data_extent(f64::NEG_INFINITY).is_some();
        if !has_data && self.y == YRange::Auto && self.rules.is_empty() {
            // Without data a made-up scale would only mislead.
            axis.ticks.clear();
        }
        let layout = Layout {
            plot,
            time: (self.frame.t0, self.frame.t1),
            value: (axis.low, axis.high),
            scale: self.scale,
            ..Layout::default()
        };
        if plot.w < 8.0 || plot.h < 8.0 {
            return Ok(layout);
        }
        self.draw_header(&sheet, &header)?;
        let (ticks, step) = self.frame.ticks(plot.w);
        self.draw_lines(&sheet, &layout, &axis, &ticks)?;
        self.draw_value_labels(&sheet, &layout, &axis)?;
        self.frame.draw_time_axis(&sheet, &layout, &ticks, step)?;
        if !has_data {
            let look = TextLook { align_x: AlignX::Center, ..sheet.small() };
            let middle = Point { x: plot.x + plot.w / 2.0, y: plot.y + plot.h / 2.0 };
            sheet.text(&sheet.fitted(self.empty, &look, plot.w), middle, &look)?;
        }
        self.frame.draw_event_marks(&sheet, &layout)?;
        self.frame.draw_now(&sheet, &layout)?;
        self.draw_rules(&sheet, &layout)?;
        if let Some(t) = self.frame.draw_crosshair(&sheet, &layout)? {
            self.draw_values_at(&sheet, &layout, t)?;
        }
        Ok(layout)
    }

    fn check(&self) -> Result<(), ChartError> {
        self.frame.check()?;
        for line in self.lines {
            if line.times.len() != line.values.len() {
                let (times, values) = (line.times.len(), line.values.len());
                return Err(ChartError::Lengths { name: line.name.to_owned(), times, values });
            }
        }
        if let YRange::Fixed(low, high) = self.y {
            let above_zero = self.scale == Scale::Linear || low > 0.0;
            if !(low.is_finite() && high.is_finite() && low < high && above_zero) {
                return Err(ChartError::ValueRange { low, high });
            }
        }
        Ok(())
    }

    /// Lowest and highest of the visible samples above `floor`.
    fn data_extent(&self, floor: f64) -> Option<(f64, f64)> {
        let (t0, t1) = (self.frame.t0, self.frame.t1);
        let extents = self.lines.iter().filter_map(|line| line.extent_of_both(t0, t1, floor));
        extents.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    fn axis(&self, plot_height: f32) -> ValueAxis {
        let target = ((plot_height / 34.0) as usize).clamp(1, 6);
        let floor = if self.scale == Scale::Log { 0.0 } else { f64::NEG_INFINITY };
        let data = self.data_extent(floor);
        let (min, mut max) = data.unwrap_or((0.0, 0.0));
        // A level far above the data would squash it; it is named at the top edge instead.
        for rule in self.rules.iter().filter(|r| r.value.is_finite()) {
            if data.is_none() || rule.value <= max * 2.5 {
                max = max.max(rule.value);
            }
        }
        match (self.y, self.scale) {
            (YRange::Auto, Scale::Linear) => auto_axis(self.unit, min, max, target),
            (YRange::Auto, Scale::Log) => log_axis(self.unit, min, max, target),
            (YRange::Fixed(low, high), Scale::Linear) => fixed_axis(self.unit, low, high, target),
            (YRange::Fixed(low, high), Scale::Log) => {
                let mut axis = log_axis(self.unit, low, high, target);
                axis.ticks.retain(|&t| t >= low && t <= high);
                ValueAxis { low, high, ..axis }
            }
        }
    }

    fn draw_lines<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        axis: &ValueAxis,
        time_ticks: &[f64],
    ) -> Result<(), ChartError> {
        let forward = |v: f64| self.scale.forward(v);
        let grid: Vec<f64> = axis.ticks.iter().map(|&v| forward(v)).collect();
        let (t0, t1) = (self.frame.t0, self.frame.t1);
        let (low, high) = (forward(axis.low), forward(axis.high));
        let mut chart = sheet.plot(layout.plot, (t0, t1, time_ticks), (low, high, &grid))?;
        self.frame.draw_event_lines(sheet, layout)?;
        let columns = layout.plot.w.max(1.0) as usize;

        let floor = |v: f64| if self.scale == Scale::Log { v.max(axis.low) } else { v };
        for (line, band) in self.lines.iter().filter_map(|line| Some((line, line.band?))) {
            let color = sheet.theme.color(line.role).alpha(Band::TINT);
            for outline in band.outlines((t0, t1), columns, |v| forward(floor(v)), (low, high)) {
                chart.draw_series(std::iter::once(Polygon::new(outline, style(color, 0.0, true))))?;
            }
        }
        for (line, ghost) in self.lines.iter().filter_map(|line| Some((line, line.ghost?))) {
            let color = sheet.theme.color(line.role).alpha(0.8);
            for run in ghost.line(line.role).runs(t0, t1) {
                let raised = run.into_iter().map(|(t, v)| (t, forward(floor(v)))).collect();
                for part in visible(&thin(raised, t0, t1, columns), low, high) {
                    sheet.dashed(Ghost::DASH, || {
                        chart
                            .draw_series(LineSeries::new(part, style(color, Ghost::WIDTH, false)))
                            .map(|_| ())
                    })?;
                }
            }
        }
        for (index, line) in self.lines.iter().enumerate() {
            let color = sheet.theme.color(line.role);
            let width = if self.hovered == Some(index) { LINE_WIDTH + 1.25 } else { LINE_WIDTH };
            for run in line.runs(t0, t1) {
                let raised = run.into_iter().map(|(t, v)| (t, forward(floor(v)))).collect();
                let run = thin(raised, t0, t1, columns);
                if let [(t, u)] = run[..] {
                    if u >= low && u <= high {
                        let y = layout.plot.bottom() - ((u - low) / (high - low)) as f32 * layout.plot.h;
                        sheet.circle(Point { x: layout.x_of(t), y }, LINE_WIDTH, Paint::Fill(color))?;
                    }
                    continue;
                }
                if line.filled {
                    let base = forward(floor(0.0)).clamp(low, high);
                    let area = flatten(run.clone(), low, high);
                    chart.draw_series(AreaSeries::new(area, base, style(color.alpha(0.14), 0.0, true)))?;
                }
                for part in visible(&run, low, high) {
                    sheet.dashed(line.dash.pattern(), || {
                        chart.draw_series(LineSeries::new(part, style(color, width, false))).map(|_| ())
                    })?;
                }
            }
        }
        Ok(())
    }

    fn draw_value_labels<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        axis: &ValueAxis,
    ) -> Result<(), ChartError> {
        let look = TextLook { align_x: AlignX::Right, ..sheet.small() };
        let room = layout.plot.x - 8.0;
        for &v in &axis.ticks {
            let text =
                if axis.log { format_value(self.unit, v) } else { format_tick(axis.prefix, v, axis.step) };
            let place = Point { x: room, y: layout.y_of(v) };
            sheet.text(&sheet.fitted(&text, &look, room), place, &look)?;
        }
        Ok(())
    }

    fn draw_rules<S: Surface>(&self, sheet: &Sheet<'_, S>, layout: &Layout) -> Result<(), ChartError> {
        let plot = layout.plot;
        for rule in self.rules.iter().filter(|r| r.value.is_finite()) {
            let look = TextLook { align_x: AlignX::Right, align_y: AlignY::Bottom, ..sheet.plain() };
            let text = format!("{} {}", rule.label, format_value(self.unit, rule.value));
            let text = if rule.note.is_empty() { text } else { format!("{text} · {}", rule.note) };
            let text = text.trim_start();
            if rule.value > layout.value.1 {
                draw_plated(
                    sheet,
                    &format!("↑ {text}"),
                    Point { x: plot.right() - 4.0, y: plot.y + 16.0 },
                    &look,
                )?;
                continue;
            }
            if rule.value < layout.value.0 {
                continue;
            }
            let y = layout.y_of(rule.value);
            let stroke = Stroke { color: sheet.theme.color(rule.role), width: 1.0, dash: &[5.0, 3.0] };
            sheet.path(&[Point { x: plot.x, y }, Point { x: plot.right(), y }], stroke)?;
            let above = y - 14.0 >= plot.y - 2.0;
            let foot = if above { y - 2.0 } else { y + 16.0 };
            draw_plated(sheet, text, Point { x: plot.right() - 4.0, y: foot }, &look)?;
        }
        Ok(())
    }

    fn draw_values_at<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        t: f64,
    ) -> Result<(), ChartError> {
        let mut rows = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            let color = sheet.theme.color(line.role);
            let sample = line.sample_at(t);
            if let Some((time, v)) = sample.filter(|s| s.0 >= self.frame.t0 && s.0 <= self.frame.t1) {
                let dot = Point { x: layout.x_of(time), y: layout.y_of(v) };
                if layout.contains(dot.x, dot.y) {
                    sheet.circle(dot, 3.0, Paint::Fill(color))?;
                    sheet.circle(dot, 3.5, ring(sheet.theme.paper))?;
                }
            }
            rows.push(ReadOutRow {
                swatch: Some(Stroke { color, width: 2.0, dash: line.dash.pattern() }),
                name: line.name.to_owned(),
                value: format_value(self.unit, sample.map_or(f64::NAN, |s| s.1)),
                before: line.ghost.map(|g| format_value(self.unit, g.value_at(t))),
            });
        }
        let heading = format_time(t);
        draw_read_out(sheet, layout, (layout.x_of(t), None), (&heading, self.frame.ghosts), &rows)
    }

    /// What the legend calls ghosts, if there are any.
    fn ghosts_name(&self) -> Option<&str> {
        self.lines.iter().any(|l| l.ghost.is_some()).then_some(self.frame.ghosts)
    }

    /// What the legend calls bands, if there are any.
    fn bands_name(&self) -> Option<&str> {
        self.lines.iter().any(|l| l.band.is_some()).then_some(self.frame.bands)
    }

    /// Places the title and the legend: on one row if both fit, else the legend on rows of its own.
    fn header<S: Surface>(&self, sheet: &Sheet<'_, S>) -> Header {
        const GAP: f32 = 16.0;
        const SWATCH: f32 = 22.0;
        let look = sheet.plain();
        let width = sheet.width - self.frame.right;
        let names = self.lines.iter().map(|l| l.name).chain(self.ghosts_name()).chain(self.bands_name());
        let widths: Vec<f32> = names.map(|name| SWATCH + sheet.text_width(name, &look)).collect();
        let legend: f32 = widths.iter().sum::<f32>() + GAP * widths.len().saturating_sub(1) as f32;
        let title = sheet.text_width(self.title, &sheet.title());
        let mut spots = Vec::with_capacity(widths.len());
        let title_gap = if self.title.is_empty() { 0.0 } else { GAP * 1.5 };
        if title + title_gap + legend <= width {
            let mut x = width - legend;
            for w in widths {
                spots.push((x, 0));
                x += w + GAP;
            }
            let rows = if self.title.is_empty() && spots.is_empty() { 0.2 } else { 1.0 };
            return Header { spots, height: rows * HEADER_ROW };
        }
        let (mut x, mut row) = (0.0, u32::from(!self.title.is_empty()));
        for w in widths {
            if x > 0.0 && x + w > width {
                x = 0.0;
                row += 1;
            }
            spots.push((x, row));
            x += w + GAP;
        }
        Header { spots, height: (row + 1) as f32 * HEADER_ROW }
    }

    fn draw_header<S: Surface>(&self, sheet: &Sheet<'_, S>, header: &Header) -> Result<(), ChartError> {
        let title = sheet.title();
        let width = sheet.width - self.frame.right;
        sheet.text(
            &sheet.fitted(self.title, &title, width),
            Point { x: 0.0, y: HEADER_ROW / 2.0 },
            &title,
        )?;
        let look = sheet.plain();
        for (line, &(x, row)) in self.lines.iter().zip(&header.spots) {
            let y = (row as f32 + 0.5) * HEADER_ROW;
            let color = sheet.theme.color(line.role);
            if line.filled {
                let tint = Rect { x, y, w: 16.0, h: 5.0 };
                sheet.rect(tint, Paint::Fill(color.alpha(0.14)))?;
            }
            draw_swatch(sheet, x, y, Stroke { color, width: 2.0, dash: line.dash.pattern() })?;
            let name = sheet.fitted(line.name, &look, width - x - 22.0);
            sheet.text(&name, Point { x: x + 22.0, y }, &look)?;
        }
        let mut others = header.spots[self.lines.len()..].iter();
        let named = |name: &str, x: f32, y: f32| {
            sheet.text(&sheet.fitted(name, &look, width - x - 22.0), Point { x: x + 22.0, y }, &look)
        };
        if let Some(name) = self.ghosts_name()
            && let Some(&(x, row)) = others.next()
        {
            let y = (row as f32 + 0.5) * HEADER_ROW;
            let ends = [Point { x, y }, Point { x: x + 16.0, y }];
            let stroke = Stroke { color: sheet.theme.muted, width: Ghost::WIDTH, dash: Ghost::DASH };
            sheet.path(&ends, stroke)?;
            named(name, x, y)?;
        }
        if let Some(name) = self.bands_name()
            && let Some(&(x, row)) = others.next()
        {
            let y = (row as f32 + 0.5) * HEADER_ROW;
            let swatch = Rect { x, y: y - 5.0, w: 16.0, h: 10.0 };
            sheet.rect(swatch, Paint::Fill(sheet.theme.muted.alpha(2.0 * Band::TINT)))?;
            named(name, x, y)?;
        }
        Ok(())
    }
}

/// A text that ends and stands at a point, on a plate that keeps lines from running through it.
fn draw_plated<S: Surface>(
    sheet: &Sheet<'_, S>,
    text: &str,
    at: Point,
    look: &TextLook,
) -> Result<(), ChartError> {
    let w = sheet.text_width(text, look) + 6.0;
    let plate = Rect { x: at.x - w + 3.0, y: at.y - 13.0, w, h: 13.0 };
    sheet.rect(plate, Paint::Fill(sheet.theme.paper.alpha(0.8)))?;
    sheet.text(text, at, look)
}

/// Where the legend's entries go: x [px] and row, in the order of the lines.
struct Header {
    spots: Vec<(f32, u32)>,
    height: f32,
}
