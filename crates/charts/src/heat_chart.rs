//! Rows of shards (or servers) over time, coloured by load.

use crate::ChartError;
use crate::format::{Unit, format_time, format_value};
use crate::frame::{ReadOutRow, TimeFrame, draw_read_out};
use crate::layout::{Layout, Scale};
use crate::series::Ghost;
use crate::sheet::Sheet;
use crate::surface::{AlignX, Paint, Point, Rect, Stroke, Surface, TextLook};
use crate::theme::Theme;

/// How many colours the scale is cut into; neighbours of one colour are drawn as one rectangle.
const SHADES: f32 = 32.0;
const HEADER_ROW: f32 = 20.0;
const LEGEND_BAR: f32 = 72.0;

/// One row of a [`HeatChart`].
#[derive(Clone, Copy, Debug)]
pub struct HeatRow<'a> {
    /// Its name, left of the plot.
    pub label: &'a str,
    /// A value for each of the chart's times, in the chart's unit; not a number leaves a hole.
    pub values: &'a [f32],
    /// What it was in a run to compare with: read out beside its value.
    pub ghost: Option<Ghost<'a>>,
}

/// A heat map: time from left to right, a row for each shard, hotter colours for higher values.
#[derive(Clone, Debug)]
pub struct HeatChart<'a> {
    /// Heading at the top left; may be empty.
    pub title: &'a str,
    /// The time axis, events and cursors.
    pub frame: TimeFrame<'a>,
    /// What the values are: [`Unit::Percent`] for utilisation, [`Unit::Ratio`] for load relative to the mean.
    pub unit: Unit,
    /// When each column begins [s], in rising order.
    pub times: &'a [f32],
    /// The rows from top to bottom.
    pub rows: &'a [HeatRow<'a>],
    /// The value of the hottest colour; `None` takes 1, or a round number above the highest visible value if that is
    /// more.
    pub hottest: Option<f64>,
    /// The row the reader points at; its value at the crosshair is read out.
    pub hovered_row: Option<usize>,
    /// What to say where there is nothing to show.
    pub empty: &'a str,
}

impl<'a> HeatChart<'a> {
    /// A chart of these rows with everything else as usual.
    pub fn new(frame: TimeFrame<'a>, unit: Unit, times: &'a [f32], rows: &'a [HeatRow<'a>]) -> Self {
        Self { title: "", frame, unit, times, rows, hottest: None, hovered_row: None, empty: "" }
    }

    /// Draws the chart over the whole surface. The row with the highest mean over the visible window gets a mark at
    /// its label.
    pub fn draw(&self, surface: &mut impl Surface, theme: &Theme) -> Result<Layout, ChartError> {
        self.check()?;
        let sheet = Sheet::new(surface, theme);
        let plot = self.frame.plot_rect((sheet.width, sheet.height), HEADER_ROW);
        let hottest = self.hottest_value();
        let layout = Layout {
            plot,
            time: (self.frame.t0, self.frame.t1),
            value: (0.0, hottest),
            scale: Scale::Linear,
            rows: self.rows.len(),
            ..Layout::default()
        };
        if plot.w < 8.0 || plot.h < 8.0 {
            return Ok(layout);
        }
        self.draw_header(&sheet, hottest)?;
        let mut drew_any = false;
        for (i, row) in self.rows.iter().enumerate() {
            drew_any |= self.draw_row(&sheet, &layout, i, row, hottest)?;
        }
        self.draw_labels(&sheet, &layout)?;
        let (ticks, step) = self.frame.ticks(plot.w);
        self.frame.draw_time_axis(&sheet, &layout, &ticks, step)?;
        if !drew_any {
            let look = TextLook { align_x: AlignX::Center, ..sheet.small() };
            let middle = Point { x: plot.x + plot.w / 2.0, y: plot.y + plot.h / 2.0 };
            sheet.text(&sheet.fitted(self.empty, &look, plot.w), middle, &look)?;
        }
        self.frame.draw_event_lines(&sheet, &layout)?;
        self.frame.draw_event_marks(&sheet, &layout)?;
        self.frame.draw_now(&sheet, &layout)?;
        if let Some(t) = self.frame.draw_crosshair(&sheet, &layout)? {
            self.draw_value_at(&sheet, &layout, t)?;
        }
        Ok(layout)
    }

    /// The row with the highest mean over the visible window, if any row has a value there.
    pub fn hottest_row(&self) -> Option<usize> {
        let columns = self.visible_columns();
        let mean = |row: &HeatRow<'_>| {
            let values = row.values[columns.clone()].iter().filter(|v| v.is_finite());
            let (sum, n) = values.fold((0.0, 0u32), |(sum, n), &v| (sum + f64::from(v), n + 1));
            (n > 0).then(|| sum / f64::from(n))
        };
        let mut best: Option<(usize, f64)> = None;
        for (i, row) in self.rows.iter().enumerate() {
            if let Some(m) = mean(row)
                && best.is_none_or(|(_, top)| m > top)
            {
                best = Some((i, m));
            }
        }
        best.map(|(i, _)| i)
    }

    fn check(&self) -> Result<(), ChartError> {
        self.frame.check()?;
        for row in self.rows {
            if row.values.len() != self.times.len() {
                let (times, values) = (self.times.len(), row.values.len());
                return Err(ChartError::Lengths { name: row.label.to_owned(), times, values });
            }
        }
        match self.hottest {
            Some(high) if !(high.is_finite() && high > 0.0) => Err(ChartError::ValueRange { low: 0.0, high }),
            _ => Ok(()),
        }
    }

    /// The columns that reach into the window.
    fn visible_columns(&self) -> std::ops::Range<usize> {
        let first = self.times.partition_point(|&t| f64::from(t) <= self.frame.t0).saturating_sub(1);
        let last = self.times.partition_point(|&t| f64::from(t) < self.frame.t1);
        first..last.max(first)
    }

    fn hottest_value(&self) -> f64 {
        let columns = self.visible_columns();
        let values = self.rows.iter().flat_map(|r| &r.values[columns.clone()]);
        let max = values.filter(|v| v.is_finite()).fold(1.0f32, |a, &b| a.max(b));
        self.hottest.unwrap_or_else(|| round_up(f64::from(max)))
    }

    /// When a column ends [s]: where the next begins, or after as long as the one before lasted.
    fn column_end(&self, i: usize) -> f64 {
        match self.times.get(i + 1) {
            Some(&next) => f64::from(next),
            None if i > 0 => f64::from(2.0 * self.times[i] - self.times[i - 1]),
            None => self.frame.t1,
        }
    }

    /// Draws one row: for each pixel column the highest value in it, neighbours of one shade as one rectangle.
    fn draw_row<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        index: usize,
        row: &HeatRow<'_>,
        hottest: f64,
    ) -> Result<bool, ChartError> {
        let plot = layout.plot;
        let columns = self.visible_columns();
        let mut pixels: Vec<Option<f32>> = vec![None; plot.w as usize];
        for i in columns {
            let v = row.values[i];
            if !v.is_finite() {
                continue;
            }
            let from = (layout.x_of(f64::from(self.times[i])) - plot.x).round().max(0.0) as usize;
            let to = (layout.x_of(self.column_end(i)) - plot.x).round().max(0.0) as usize;
            let to = to.max(from + 1).min(pixels.len());
            for pixel in &mut pixels[from.min(to)..to] {
                *pixel = Some(pixel.map_or(v, |old| old.max(v)));
            }
        }
        let (y, h) = row_span(layout, index);
        let shade =
            |v: Option<f32>| v.map(|v| (v / hottest as f32 * SHADES).round().clamp(0.0, SHADES) as i32);
        let mut x = plot.x;
        let mut drew_any = false;
        for chunk in pixels.chunk_by(|a, b| shade(*a) == shade(*b)) {
            let w = chunk.len() as f32;
            if let Some(s) = shade(chunk[0]) {
                drew_any = true;
                let color = sheet.theme.heat_color(s as f32 / SHADES);
                // Half a pixel too wide, under its right neighbour: no seams where a CSS pixel is not a whole number
                // of screen pixels.
                let overlap = if x + w < plot.right() { 0.5 } else { 0.0 };
                sheet.rect(Rect { x, y, w: w + overlap, h }, Paint::Fill(color))?;
            }
            x += w;
        }
        Ok(drew_any)
    }

    fn draw_labels<S: Surface>(&self, sheet: &Sheet<'_, S>, layout: &Layout) -> Result<(), ChartError> {
        let hottest = self.hottest_row();
        let row_height = layout.plot.h / self.rows.len().max(1) as f32;
        let every = (13.0 / row_height).ceil().max(1.0) as usize;
        let middle = |i: usize| layout.plot.y + (i as f32 + 0.5) * row_height;
        // The mark has a place of its own beside the plot.
        let room = layout.plot.x - 15.0;
        for (i, row) in self.rows.iter().enumerate() {
            let is_hottest = hottest == Some(i);
            // Where rows are thin only some have labels; the hottest always has, and pushes its neighbours away.
            let crowded = hottest.is_some_and(|h| h != i && (middle(h) - middle(i)).abs() < 13.0);
            if !is_hottest && (i % every != 0 || crowded) {
                continue;
            }
            let mut look = if is_hottest { sheet.plain() } else { sheet.small() };
            look.align_x = AlignX::Right;
            let bold = TextLook { bold: is_hottest, ..look };
            if sheet.text_width(row.label, &bold) <= room {
                look = bold;
            }
            let y = middle(i);
            sheet.text(&sheet.fitted_tail(row.label, &look, room), Point { x: room, y }, &look)?;
            if is_hottest {
                let x = layout.plot.x - 11.0;
                let mark = [Point { x, y: y - 4.0 }, Point { x: x + 7.0, y }, Point { x, y: y + 4.0 }];
                sheet.polygon(&mark, look.color)?;
            }
        }
        Ok(())
    }

    fn draw_header<S: Surface>(&self, sheet: &Sheet<'_, S>, hottest: f64) -> Result<(), ChartError> {
        let y = HEADER_ROW / 2.0;
        let look = TextLook { align_x: AlignX::Right, ..sheet.small() };
        let high = format_value(self.unit, hottest);
        let low = format_value(self.unit, 0.0);
        let mut x = sheet.width - self.frame.right;
        let title = sheet.title();
        let title_width = sheet.text_width(self.title, &title);
        let high_width = sheet.text_width(&high, &look);
        sheet.text(&high, Point { x, y }, &look)?;
        x -= high_width + 6.0 + LEGEND_BAR;
        let bar_x = x.round();
        let steps = (LEGEND_BAR / 2.0) as usize;
        for i in 0..steps {
            // Each step but the last goes on under the next, so that no seams show.
            let w = if i + 1 < steps { 3.0 } else { 2.0 };
            let color = sheet.theme.heat_color(i as f32 / (steps - 1) as f32);
            sheet.rect(Rect { x: bar_x + i as f32 * 2.0, y: y - 4.0, w, h: 8.0 }, Paint::Fill(color))?;
        }
        x -= 6.0;
        sheet.text(&low, Point { x, y }, &look)?;
        x -= sheet.text_width(&low, &look) + 12.0;
        let room = if title_width <= x { title_width } else { x.max(0.0) };
        sheet.text(&sheet.fitted(self.title, &title, room), Point { x: 0.0, y }, &title)
    }

    fn draw_value_at<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        t: f64,
    ) -> Result<(), ChartError> {
        let Some((index, row)) = self.hovered_row.and_then(|i| Some((i, self.rows.get(i)?))) else {
            return Ok(());
        };
        let column = self.times.partition_point(|&x| f64::from(x) <= t).checked_sub(1);
        let column = column.filter(|&i| t < self.column_end(i));
        let value = column.map_or(f64::NAN, |i| f64::from(row.values[i]));
        let (y, h) = row_span(layout, index);
        let outline = Stroke { color: sheet.theme.cursor, width: 1.0, dash: &[] };
        let band = Rect { x: layout.plot.x + 0.5, y: y + 0.5, w: layout.plot.w - 1.0, h: (h - 1.0).max(1.0) };
        sheet.rect(band, Paint::Outline(outline))?;
        let rows = [ReadOutRow {
            swatch: None,
            name: row.label.to_owned(),
            value: format_value(self.unit, value),
            before: row.ghost.map(|g| format_value(self.unit, g.value_at(t))),
        }];
        let heading = format_time(t);
        draw_read_out(sheet, layout, (layout.x_of(t), Some(y)), (&heading, self.frame.ghosts), &rows)
    }
}

/// The next of a few round numbers, so that colours stay put while the highest value wanders.
fn round_up(v: f64) -> f64 {
    let power = 10f64.powi(v.log10().floor() as i32);
    let steps = [1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|s| s * power).find(|&s| s >= v * 0.999_999).unwrap_or(10.0 * power)
}

/// Top and height of a row [px], on whole pixels, with a hairline between rows where they are tall enough.
fn row_span(layout: &Layout, index: usize) -> (f32, f32) {
    let height = layout.plot.h / layout.rows.max(1) as f32;
    let top = (layout.plot.y + index as f32 * height).round();
    let bottom = (layout.plot.y + (index + 1) as f32 * height).round();
    let last = index + 1 == layout.rows;
    let gap = if height >= 6.0 {
        1.0
    } else if last {
        0.0
    } else {
        -0.5
    };
    (top, (bottom - top - gap).max(1.0))
}
