//! The time axis that panels share, with its labels, events and cursors.

use crate::ChartError;
use crate::format::format_time_tick;
use crate::layout::Layout;
use crate::sheet::Sheet;
use crate::surface::{AlignX, AlignY, Paint, Point, Rect, Rgba, Stroke, Surface};
use crate::theme::Role;
use crate::ticks::time_ticks;

/// What kind of thing happened; each kind has a colour and a shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventKind {
    /// Something broke: a red triangle pointing down.
    Fault,
    /// Something was changed: an amber diamond.
    Change,
    /// Something was mended: a green triangle pointing up.
    Recovery,
    /// Anything else: a grey dot.
    #[default]
    Note,
}

impl EventKind {
    fn role(self) -> Role {
        match self {
            EventKind::Fault => Role::Bad,
            EventKind::Change => Role::Warn,
            EventKind::Recovery => Role::Good,
            EventKind::Note => Role::Muted,
        }
    }
}

/// Distance of the lines of a hatching [px].
const HATCH_PX: f32 = 9.0;

/// Something that happened at a moment, drawn as an upright line on every panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event<'a> {
    /// When [s].
    pub t: f64,
    /// A word or two, shown above the plot where there is room; may be empty.
    pub label: &'a str,
    /// What kind of thing.
    pub kind: EventKind,
}

/// The part of a panel that must be the same in all panels for their time axes to line up. Make one and copy it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeFrame<'a> {
    /// First visible moment [s].
    pub t0: f64,
    /// Last visible moment [s].
    pub t1: f64,
    /// Room left of the plot, for value labels [px].
    pub left: f32,
    /// Room right of the plot [px].
    pub right: f32,
    /// Whether times are written below the plot; of stacked panels perhaps only the lowest needs them.
    pub time_labels: bool,
    /// What ghosts are called ([`crate::Line::ghost`]).
    pub ghosts: &'a str,
    /// What bands are called ([`crate::Line::band`]).
    pub bands: &'a str,
    /// A stretch of time that is being chosen [s].
    pub chosen: Option<(f64, f64)>,
    /// Stretches of time whose values are estimates [s]: they are hatched.
    pub estimated: &'a [(f64, f64)],
    /// What those are called, written where there is room.
    pub estimates: &'a str,
    /// What happened when.
    pub events: &'a [Event<'a>],
    /// Whether the events' labels are written above the plot; of stacked panels perhaps only the topmost needs them.
    pub event_labels: bool,
    /// Where the run stands [s].
    pub now: Option<f64>,
    /// Where the reader points [s]; a read-out shows the values there.
    pub crosshair: Option<f64>,
}

impl TimeFrame<'_> {
    /// A frame from `t0` to `t1` seconds with usual margins and nothing marked.
    pub fn new(t0: f64, t1: f64) -> Self {
        Self {
            t0,
            t1,
            left: 64.0,
            right: 12.0,
            time_labels: true,
            ghosts: "",
            bands: "",
            chosen: None,
            estimated: &[],
            estimates: "",
            events: &[],
            event_labels: true,
            now: None,
            crosshair: None,
        }
    }

    pub(crate) fn check(&self) -> Result<(), ChartError> {
        let sound = self.t0.is_finite() && self.t1.is_finite() && self.t0 < self.t1;
        if sound { Ok(()) } else { Err(ChartError::TimeRange { t0: self.t0, t1: self.t1 }) }
    }

    fn is_visible(&self, t: f64) -> bool {
        t >= self.t0 && t <= self.t1
    }

    fn has_event_labels(&self) -> bool {
        self.event_labels && self.events.iter().any(|e| !e.label.is_empty() && self.is_visible(e.t))
    }

    /// Room that event labels take above the plot [px].
    pub(crate) fn events_height(&self) -> f32 {
        if self.has_event_labels() { 16.0 } else { 5.0 }
    }

    /// The plot when the header takes `top` px of a surface this big. The height may come out as nothing.
    pub(crate) fn plot_rect(&self, (width, height): (f32, f32), top: f32) -> Rect {
        let top = (top + self.events_height()).round();
        let bottom = if self.time_labels { 20.0 } else { 7.0 };
        let (left, right) = (self.left.round(), self.right.round());
        Rect {
            x: left,
            y: top,
            w: (width.floor() - left - right).max(0.0),
            h: (height.floor() - top - bottom).max(0.0),
        }
    }

    pub(crate) fn ticks(&self, plot_width: f32) -> (Vec<f64>, f64) {
        time_ticks(self.t0, self.t1, ((plot_width / 90.0).ceil() as usize).clamp(2, 12))
    }

    /// The line at the foot of the plot and the times below it.
    pub(crate) fn draw_time_axis<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
        ticks: &[f64],
        step: f64,
    ) -> Result<(), ChartError> {
        let plot = layout.plot;
        let foot = Stroke { color: sheet.theme.baseline, width: 1.0, dash: &[] };
        let ends = [Point { x: plot.x, y: plot.bottom() }, Point { x: plot.right(), y: plot.bottom() }];
        sheet.path(&ends, foot)?;
        if !self.time_labels {
            return Ok(());
        }
        let mut free_from = f32::NEG_INFINITY;
        for &t in ticks {
            let text = format_time_tick(t, step, self.t1);
            let mut look = sheet.small();
            let half = sheet.text_width(&text, &look) / 2.0;
            // Labels at the very ends stay on the surface.
            let x = layout.x_of(t).clamp(half, (sheet.width - half).max(half));
            if x - half < free_from {
                continue;
            }
            free_from = x + half + 8.0;
            look.align_x = AlignX::Center;
            look.align_y = AlignY::Top;
            sheet.text(&text, Point { x, y: plot.bottom() + 5.0 }, &look)?;
        }
        Ok(())
    }

    /// Hatching where values are estimates, and the word for it in the widest of those stretches.
    fn draw_estimated<S: Surface>(&self, sheet: &Sheet<'_, S>, layout: &Layout) -> Result<(), ChartError> {
        let plot = layout.plot;
        let look = sheet.small();
        let color = sheet.theme.axis_text;
        let shown = self.estimated.iter().filter_map(|(a, b)| {
            let (a, b) = (a.max(self.t0), b.min(self.t1));
            (a < b).then(|| (layout.x_of(a), layout.x_of(b)))
        });
        let mut widest = (0.0, plot.x);
        for (left, right) in shown {
            if right - left > widest.0 {
                widest = (right - left, left);
            }
            // Lines at 45 degrees on one grid for all stretches, each cut off at its stretch's edges.
            let first = ((left - plot.h - plot.x) / HATCH_PX).ceil() as i32;
            let last = ((right - plot.x) / HATCH_PX).floor() as i32;
            for i in first..=last {
                let foot = plot.x + i as f32 * HATCH_PX;
                let (from, to) = (foot.max(left), (foot + plot.h).min(right));
                if from < to {
                    let at = |x: f32| Point { x, y: plot.bottom() - (x - foot) };
                    sheet.path(
                        &[at(from), at(to)],
                        Stroke { color: color.alpha(0.16), width: 1.0, dash: &[] },
                    )?;
                }
            }
        }
        if widest.0 > sheet.text_width(self.estimates, &look) + 8.0 {
            sheet.text(self.estimates, Point { x: widest.1 + 4.0, y: plot.y + 8.0 }, &look)?;
        }
        Ok(())
    }

    /// Upright lines where something happened, and what is estimated; drawn below the data.
    pub(crate) fn draw_event_lines<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
    ) -> Result<(), ChartError> {
        self.draw_estimated(sheet, layout)?;
        for event in self.events.iter().filter(|e| self.is_visible(e.t)) {
            let color = sheet.theme.color(event.kind.role()).alpha(0.7);
            upright(sheet, layout, event.t, Stroke { color, width: 1.0, dash: &[2.0, 3.0] })?;
        }
        Ok(())
    }

    /// The shapes and labels that go with [`Self::draw_event_lines`], in the strip above the plot.
    pub(crate) fn draw_event_marks<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
    ) -> Result<(), ChartError> {
        let mut visible: Vec<&Event<'_>> = self.events.iter().filter(|e| self.is_visible(e.t)).collect();
        visible.sort_by(|a, b| a.t.total_cmp(&b.t));
        let labelled = self.has_event_labels();
        let y = layout.plot.y - if labelled { 7.0 } else { 1.0 };
        let look = sheet.plain();
        let mut free_from = f32::NEG_INFINITY;
        for (i, event) in visible.iter().enumerate() {
            let x = layout.x_of(event.t);
            // A note gives way to the label of something weightier; its line stays.
            let is_note = event.kind == EventKind::Note;
            if is_note && labelled && x - 7.0 < free_from {
                continue;
            }
            draw_mark(sheet, event.kind, x, y)?;
            let weighs = |e: &&&Event<'_>| is_note || e.kind != EventKind::Note;
            let next = visible[i + 1..].iter().find(weighs).map(|e| layout.x_of(e.t) - 7.0);
            if !labelled || event.label.is_empty() {
                continue;
            }
            let width = sheet.text_width(event.label, &look);
            if x + 8.0 + width <= next.unwrap_or(sheet.width) && x >= free_from {
                sheet.text(event.label, Point { x: x + 8.0, y }, &look)?;
                free_from = x + 8.0 + width + 6.0;
            } else if x - 8.0 - width >= free_from.max(0.0) && next.is_none() {
                let look = crate::surface::TextLook { align_x: AlignX::Right, ..look };
                sheet.text(event.label, Point { x: x - 8.0, y }, &look)?;
            }
            free_from = free_from.max(x + 7.0);
        }
        Ok(())
    }

    /// The "now" cursor.
    pub(crate) fn draw_now<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
    ) -> Result<(), ChartError> {
        let Some(now) = self.now.filter(|&t| self.is_visible(t)) else { return Ok(()) };
        let color = sheet.theme.cursor;
        upright(sheet, layout, now, Stroke { color: color.alpha(0.85), width: 1.0, dash: &[] })?;
        let (x, y) = (layout.x_of(now), layout.plot.bottom());
        let head =
            [Point { x: x - 4.0, y: y + 5.0 }, Point { x: x + 4.0, y: y + 5.0 }, Point { x, y: y - 1.0 }];
        sheet.polygon(&head, color)
    }

    /// The stretch that is being chosen: a tint between two edges.
    fn draw_chosen<S: Surface>(&self, sheet: &Sheet<'_, S>, layout: &Layout) -> Result<(), ChartError> {
        let Some((a, b)) = self.chosen else { return Ok(()) };
        let (a, b) = (a.min(b).max(self.t0), a.max(b).min(self.t1));
        let (x, plot) = (layout.x_of(a), layout.plot);
        let color = sheet.theme.color(Role::Series1);
        let tint = Rect { x, y: plot.y, w: layout.x_of(b) - x, h: plot.h };
        sheet.rect(tint, Paint::Fill(color.alpha(0.16)))?;
        for t in [a, b] {
            upright(sheet, layout, t, Stroke { color, width: 1.0, dash: &[] })?;
        }
        Ok(())
    }

    /// The moment the reader points at, if it is visible, and its line; below it the stretch that is being chosen.
    pub(crate) fn draw_crosshair<S: Surface>(
        &self,
        sheet: &Sheet<'_, S>,
        layout: &Layout,
    ) -> Result<Option<f64>, ChartError> {
        self.draw_chosen(sheet, layout)?;
        let Some(t) = self.crosshair.filter(|&t| self.is_visible(t)) else { return Ok(None) };
        let color = sheet.theme.cursor.alpha(0.6);
        upright(sheet, layout, t, Stroke { color, width: 1.0, dash: &[3.0, 3.0] })?;
        Ok(Some(t))
    }
}

fn upright<S: Surface>(
    sheet: &Sheet<'_, S>,
    layout: &Layout,
    t: f64,
    stroke: Stroke,
) -> Result<(), ChartError> {
    let x = layout.x_of(t);
    sheet.path(&[Point { x, y: layout.plot.y }, Point { x, y: layout.plot.bottom() }], stroke)
}

fn draw_mark<S: Surface>(sheet: &Sheet<'_, S>, kind: EventKind, x: f32, y: f32) -> Result<(), ChartError> {
    let color = sheet.theme.color(kind.role());
    let shape = |points: &[(f32, f32)]| -> Vec<Point> {
        points.iter().map(|&(dx, dy)| Point { x: x + dx, y: y + dy }).collect()
    };
    match kind {
        EventKind::Fault => sheet.polygon(&shape(&[(-4.5, -3.5), (4.5, -3.5), (0.0, 4.0)]), color),
        EventKind::Recovery => sheet.polygon(&shape(&[(-4.5, 3.5), (4.5, 3.5), (0.0, -4.0)]), color),
        EventKind::Change => {
            sheet.polygon(&shape(&[(0.0, -4.5), (4.5, 0.0), (0.0, 4.5), (-4.5, 0.0)]), color)
        }
        EventKind::Note => sheet.circle(Point { x, y }, 3.0, Paint::Fill(color)),
    }
}

/// One line of a read-out: an optional swatch, a name, a value, and what it was in a run to compare with.
#[derive(Default)]
pub(crate) struct ReadOutRow {
    pub swatch: Option<Stroke>,
    pub name: String,
    pub value: String,
    pub before: Option<String>,
}

/// A small box with values beside an x, at the top of the plot or clear of a given y; it turns to the other side where
/// room is short.
pub(crate) fn draw_read_out<S: Surface>(
    sheet: &Sheet<'_, S>,
    layout: &Layout,
    at: (f32, Option<f32>),
    (heading, ghosts): (&str, &str),
    rows: &[ReadOutRow],
) -> Result<(), ChartError> {
    const ROW: f32 = 16.0;
    const PAD: f32 = 8.0;
    const SWATCH: f32 = 22.0;
    let (plain, quiet) = (sheet.plain(), sheet.small());
    let value_look = crate::surface::TextLook { bold: true, align_x: AlignX::Right, ..plain };
    let names = rows
        .iter()
        .map(|r| sheet.text_width(&r.name, &plain) + if r.swatch.is_some() { SWATCH } else { 0.0 });
    let name_width = names.fold(0.0, f32::max);
    let value_width = rows.iter().map(|r| sheet.text_width(&r.value, &value_look)).fold(0.0, f32::max);
    let quiet_right = crate::surface::TextLook { align_x: AlignX::Right, ..quiet };
    let befores = rows.iter().filter_map(|r| r.before.as_deref());
    let before_width = befores.map(|b| sheet.text_width(b, &quiet)).reduce(f32::max);
    let before_width = before_width.map_or(0.0, |w| 14.0 + w.max(sheet.text_width(ghosts, &quiet)));
    let heading_width = sheet.text_width(heading, &quiet);
    let inner = (name_width + 14.0 + value_width).max(heading_width).ceil() + before_width.ceil();
    let (w, h) = (inner + 2.0 * PAD, ROW * (rows.len() + 1) as f32 + PAD);

    let (x, clear_of) = at;
    let right = x + 10.0;
    let left = x - 10.0 - w;
    let box_x =
        if right + w <= sheet.width || left < 0.0 { right.min(sheet.width - w).max(0.0) } else { left };
    let box_y = match clear_of {
        Some(y) if y - 10.0 - h >= 0.0 => y - 10.0 - h,
        Some(y) => y + 12.0,
        None => layout.plot.y + 2.0,
    };
    let box_y = box_y.min(sheet.height - h - 1.0).max(0.0);
    let rect = Rect { x: box_x.round(), y: box_y.round(), w, h };
    sheet.rect(rect, Paint::Fill(sheet.theme.panel))?;
    let edge = Rect { x: rect.x + 0.5, y: rect.y + 0.5, w: w - 1.0, h: h - 1.0 };
    let outline = Stroke { color: sheet.theme.panel_edge, width: 1.0, dash: &[] };
    sheet.rect(edge, Paint::Outline(outline))?;

    let mut y = rect.y + PAD / 2.0 + ROW / 2.0;
    sheet.text(heading, Point { x: rect.x + PAD, y }, &quiet)?;
    let far = rect.right() - PAD;
    if before_width > 0.0 {
        sheet.text(ghosts, Point { x: far, y }, &quiet_right)?;
    }
    for row in rows {
        y += ROW;
        let mut name_x = rect.x + PAD;
        if let Some(stroke) = row.swatch {
            draw_swatch(sheet, name_x, y, stroke)?;
            name_x += SWATCH;
        }
        sheet.text(&row.name, Point { x: name_x, y }, &plain)?;
        sheet.text(&row.value, Point { x: far - before_width.ceil(), y }, &value_look)?;
        if let Some(before) = &row.before {
            sheet.text(before, Point { x: far, y }, &quiet_right)?;
        }
    }
    Ok(())
}

/// A short piece of a line, as legends show it; 16 px wide.
pub(crate) fn draw_swatch<S: Surface>(
    sheet: &Sheet<'_, S>,
    x: f32,
    y: f32,
    stroke: Stroke,
) -> Result<(), ChartError> {
    sheet.path(&[Point { x, y }, Point { x: x + 16.0, y }], Stroke { width: 2.0, ..stroke })
}

/// The outline of a dot that keeps it apart from the line it sits on.
pub(crate) fn ring(color: Rgba) -> Paint {
    Paint::Outline(Stroke { color, width: 1.5, dash: &[] })
}
