//! What is drawn: each chart on whatever surface, the page's canvas or a file's.

use super::super::charts::ChartId;
use super::super::data::{self, Data};
use super::super::objective::{self, Objective};
use super::{Inner, Key, Look};
use crate::live::Live;
use crate::texts::panel as texts;
use headroom_analysis::bands::Bands;
use headroom_charts::{
    CurveChart, HeatChart, HeatRow, Layout, Line, Role, Rule, Scale, Surface, Theme, TimeChart, TimeFrame,
    YRange,
};
use headroom_model::kinds::Kind;

/// A line is pointed at from so near [px].
const REACH: f32 = 14.0;

/// What all drawings depend on.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub theme: &'a Theme,
    pub frame: TimeFrame<'a>,
    pub look: &'a Look,
    pub live: &'a Live,
}

/// What came of a drawing.
pub(super) struct Painted {
    pub layout: Layout,
    /// The node whose line or row is pointed at.
    pub node: Option<String>,
}

impl Inner {
    /// Draws one chart; `before` is how it lay when it was last drawn, which is what the pointer saw.
    pub(super) fn paint(
        &self,
        key: &Key,
        before: &Layout,
        mut surface: &mut dyn Surface,
        scene: &Scene<'_>,
    ) -> Option<Painted> {
        let Scene { theme, frame, look, live } = *scene;
        let Key::Chart(id) = key else {
            let layout = self.paint_curve(surface, scene)?;
            return Some(Painted { layout, node: None });
        };
        let mut gathered = self.gathered.borrow_mut();
        let data = gathered.of(id, live, look.wanted());
        let title = id.title(&look.design, look.lang);
        let empty = look.lang.t(if live.now_s() > 0.0 { texts::NO_DATA } else { texts::EMPTY });
        let hovered = self.hovered(key, before, data);
        let node = hovered.and_then(|i| data.series.get(i)?.node.clone());
        let node = node.or_else(|| id.node().filter(|_| self.is_pointed_at(key)).map(str::to_owned));
        let layout = if matches!(id, ChartId::Heat(_)) {
            let row = |s| {
                let series: &data::Series = s;
                HeatRow { label: &series.name, values: &series.values, ghost: data.ghost_of(series) }
            };
            let rows: Vec<HeatRow<'_>> = data.series.iter().map(row).collect();
            let hovered_row = hovered.or_else(|| {
                // Pointed at elsewhere, it shows the row that was hottest at that moment.
                let t = frame.crosshair.filter(|_| !self.is_pointed_at(key))?;
                let window = data.times.partition_point(|&x| f64::from(x) <= t).checked_sub(1)?;
                data.hottest_at(window).map(|(row, _)| row)
            });
            let chart = HeatChart::new(frame, id.unit(), &data.times, &rows);
            HeatChart { title: &title, hovered_row, empty, ..chart }.draw(&mut surface, theme)
        } else {
            let lines = lines(data, look.bands.as_ref().map(|(shown, _)| shown.bands()));
            let share = matches!(id, ChartId::HitRate | ChartId::Utilization);
            let log = *id == ChartId::Latency && look.log;
            let slo = Objective::of(id, live, &look.design);
            let note = slo.map_or_else(String::new, |slo| slo.note(look.lang));
            let label = objective::name(id, look.lang);
            let rule = slo.map(|slo| Rule { value: slo.value, label, role: Role::Warn, note: &note });
            TimeChart {
                title: &title,
                y: if share { YRange::Fixed(0.0, 1.0) } else { YRange::Auto },
                scale: if log { Scale::Log } else { Scale::Linear },
                rules: rule.as_slice(),
                hovered,
                empty,
                ..TimeChart::new(frame, id.unit(), &lines)
            }
            .draw(&mut surface, theme)
        };
        Some(Painted { layout: layout.ok()?, node })
    }

    fn is_pointed_at(&self, key: &Key) -> bool {
        self.pointer.borrow().as_ref().is_some_and(|(_, on, _)| on == key)
    }

    /// The line or row that pointer or keys have chosen.
    fn hovered(&self, key: &Key, layout: &Layout, data: &Data) -> Option<usize> {
        if let Some((on, index)) = &*self.picked.borrow() {
            return (on == key && *index < data.series.len()).then_some(*index);
        }
        let pointer = self.pointer.borrow();
        let (t, _, y) = pointer.as_ref().filter(|(_, on, _)| on == key)?;
        if layout.rows > 0 {
            return layout.row_of(*y);
        }
        let distance = |s: &data::Series| {
            let line = Line::new("", s.role, &data.times, &s.values);
            let (_, v) = line.sample_at(*t)?;
            Some((layout.y_of(v).clamp(layout.plot.y, layout.plot.bottom()) - y).abs())
        };
        let near = data.series.iter().enumerate().filter_map(|(i, s)| Some((i, distance(s)?)));
        near.filter(|(_, d)| *d <= REACH).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
    }

    fn paint_curve(&self, mut surface: &mut dyn Surface, scene: &Scene<'_>) -> Option<Layout> {
        let Scene { theme, frame, look, live } = *scene;
        let mut gathered = self.gathered.borrow_mut();
        let data = gathered.of(&ChartId::Rates, live, look.wanted());
        let curve = self.curve.borrow();
        // Of several users nodes, what is measured is shown of the one whose curve it is.
        let several = look.design.nodes.iter().filter(|n| n.kind() == Kind::Users).count() > 1;
        let own = curve.node.as_deref().filter(|_| several);
        let own = own.map(|node| {
            let of = |live: &Live| data::rates_of(node, live, look.wanted());
            Data { ghost: live.baseline.as_deref().map(|base| of(base).into()), ..of(live) }
        });
        // Bands are of all users together.
        let bands = look.bands.as_ref().filter(|_| own.is_none()).map(|(shown, _)| shown.bands());
        let measured = lines(own.as_ref().unwrap_or(data), bands);
        let draft = &curve.draft;
        let full = |handle: Option<usize>| handle.and_then(|h| draft.handles.get(h).copied());
        // While a handle is held, the axis stays put, unless the handle leaves it.
        let top = curve.drag.as_ref().map(|layout| {
            let top = layout.value.1;
            if draft.peak() > top { draft.peak() * 1.1 } else { top }
        });
        let chart = CurveChart {
            name: look.lang.t(texts::DRAWN),
            measured: &measured,
            top,
            selected: full(curve.selected),
            hovered: full(curve.hovered),
            handles: look.editable,
            handles_at: (draft.handles.len() < draft.points.len()).then_some(&draft.handles[..]),
            empty: look.lang.t(texts::CURVE_NONE),
            ..CurveChart::new(frame, &draft.points)
        };
        chart.draw(&mut surface, theme).ok()
    }
}

/// A chart's series as its lines, with what many seeds of them lie between.
fn lines<'a>(data: &'a Data, bands: Option<&'a Bands>) -> Vec<Line<'a>> {
    let line = |s| {
        let series: &'a data::Series = s;
        // What users want is mostly what it was, and its ghost would only be in the way.
        let ghost = data.ghost_of(series).filter(|_| !matches!(&*series.key, "offered_rps" | "all"));
        Line {
            dash: series.dash,
            filled: series.filled,
            ghost,
            band: bands.and_then(|bands| series.band(bands)),
            ..Line::new(&series.name, series.role, &data.times, &series.values)
        }
    };
    data.series.iter().map(line).collect()
}
