//! The charts of a run, one above the other, as an SVG picture.

use headroom_charts::{
    ChartError, Dash, Event, EventKind, HeatChart, HeatRow, Line, Pane, Rect, Role, Scale, SvgSurface, Theme,
    TimeChart, TimeFrame, Unit,
};
use headroom_model::design::Design;
use headroom_model::kinds::{Kind, common};
use headroom_model::messages::{Happening, What, estimated, part, world};
use headroom_model::notes::Mood;
use headroom_model::sim::Simulation;
use headroom_model::verbs::Tone;

/// Space around the charts, and height of a chart [px].
const MARGIN: f32 = 16.0;
const CHART: f32 = 180.0;
/// Room for a chart's title and time axis, and height of a shard's row [px].
const HEAT_FRAME: f32 = 70.0;
const HEAT_ROW: f32 = 14.0;

/// What one chart shows.
struct Panel {
    title: String,
    unit: Unit,
    scale: Scale,
    /// Name and values of each line, or of each row of a heat map.
    series: Vec<(String, Vec<f32>)>,
    heat: bool,
}

impl Panel {
    fn height(&self) -> f32 {
        if self.heat { HEAT_FRAME + HEAT_ROW * self.series.len().clamp(4, 40) as f32 } else { CHART }
    }
}

/// All charts of a run as an SVG picture of this width [px].
///
/// # Errors
/// A run without a complete window has no time axis to draw on.
pub fn charts_svg(
    design: &Design,
    sim: &Simulation,
    theme: &Theme,
    width: f32,
) -> Result<String, ChartError> {
    let times: Vec<f32> = sim.windows().iter().map(|w| w.end_s as f32).collect();
    let labels: Vec<String> = sim.happenings().iter().map(|h| label(design, h)).collect();
    let events: Vec<Event<'_>> = sim
        .happenings()
        .iter()
        .zip(&labels)
        .map(|(h, label)| Event { t: h.at_ns as f64 / 1e9, label, kind: event_kind(h.what) })
        .collect();
    let estimated = estimated(sim.windows());
    let panels = panels(design, sim);
    let height = 2.0 * MARGIN + panels.iter().map(Panel::height).sum::<f32>();
    let mut svg = SvgSurface::with_background(width, height, theme.paper);
    let mut y = MARGIN;
    for (i, panel) in panels.iter().enumerate() {
        // The events are named above the first chart; their lines run through all.
        let frame = TimeFrame {
            estimated: &estimated,
            estimates: "estimated",
            events: &events,
            event_labels: i == 0,
            time_labels: i + 1 == panels.len(),
            ..TimeFrame::new(0.0, sim.end().as_secs_f64())
        };
        let rect = Rect { x: MARGIN, y, w: width - 2.0 * MARGIN, h: panel.height() - 8.0 };
        draw(panel, frame, &times, &mut Pane::new(&mut svg, rect), theme)?;
        y += panel.height();
    }
    let title = if design.title.is_empty() { "Headroom" } else { &design.title };
    Ok(svg.finish(title))
}

fn draw(
    panel: &Panel,
    frame: TimeFrame<'_>,
    times: &[f32],
    pane: &mut Pane<'_, SvgSurface>,
    theme: &Theme,
) -> Result<(), ChartError> {
    if panel.heat {
        let rows: Vec<HeatRow<'_>> =
            panel.series.iter().map(|(label, values)| HeatRow { label, values, ghost: None }).collect();
        let chart = HeatChart { title: &panel.title, ..HeatChart::new(frame, panel.unit, times, &rows) };
        return chart.draw(pane, theme).map(drop);
    }
    let lines: Vec<Line<'_>> = panel
        .series
        .iter()
        .enumerate()
        .map(|(i, (name, values))| {
            let role = if name == "failed" { Role::Bad } else { Role::series(i) };
            Line::new(name, role, times, values).dash(Dash::nth(i))
        })
        .collect();
    let chart =
        TimeChart { title: &panel.title, scale: panel.scale, ..TimeChart::new(frame, panel.unit, &lines) };
    chart.draw(pane, theme).map(drop)
}

fn panels(design: &Design, sim: &Simulation) -> Vec<Panel> {
    let line = |title: &str, unit, series| Panel {
        title: title.to_owned(),
        unit,
        scale: Scale::Linear,
        series,
        heat: false,
    };
    let of_world = |names: &[(&str, usize)]| -> Vec<(String, Vec<f32>)> {
        let values = |at: usize| sim.windows().iter().map(|w| w.world[at]).collect();
        names.iter().map(|(name, at)| ((*name).to_owned(), values(*at))).collect()
    };
    let rates =
        [("offered", world::OFFERED_RPS), ("served", world::SERVED_RPS), ("failed", world::FAILED_RPS)];
    let latency = [("p50", world::P50_S), ("p95", world::P95_S), ("p99", world::P99_S)];
    let mut panels = vec![
        line("Requests", Unit::Rate, of_world(&rates)),
        Panel { scale: Scale::Log, ..line("Latency", Unit::Seconds, of_world(&latency)) },
    ];
    let mut busy = Vec::new();
    let mut hits = Vec::new();
    let mut lags = Vec::new();
    let mut shards = Vec::new();
    let mut first_value = 0;
    for (n, node) in design.nodes.iter().enumerate() {
        let spec = node.kind().spec();
        let name = if node.label.is_empty() { &node.id } else { &node.label };
        let metric =
            |at: usize| -> Vec<f32> { sim.windows().iter().map(|w| w.nodes[first_value + at]).collect() };
        let utilization = metric(common::UTILIZATION);
        if utilization.iter().any(|u| *u > 0.0) {
            busy.push((name.clone(), utilization));
        }
        if let Some(at) = spec.metric_index("hit_ratio") {
            hits.push((name.clone(), metric(at)));
        }
        match node.kind() {
            Kind::Relational => lags.extend(part_series(sim, n, part::EXTRA, name)),
            Kind::Sharded => shards.push(Panel {
                heat: true,
                ..line(
                    &format!("Load per shard: {name}"),
                    Unit::Percent,
                    part_series(sim, n, part::UTILIZATION, "shard"),
                )
            }),
            _ => {}
        }
        first_value += spec.value_count();
    }
    // A database without replicas has nobody to lag.
    let lagging = lags.iter().any(|(_, lag)| lag.iter().any(|l| *l > 0.0));
    let more = [
        (!busy.is_empty(), line("Utilisation", Unit::Percent, busy)),
        (!hits.is_empty(), line("Cache hit rate", Unit::Percent, hits)),
        (lagging, line("Replica lag", Unit::Seconds, lags)),
    ];
    panels.extend(more.into_iter().filter(|(there, _)| *there).map(|(_, panel)| panel));
    panels.extend(shards);
    panels
}

/// One value of every part of a node over all windows; NaN before a part was there.
fn part_series(sim: &Simulation, node: usize, value: usize, name: &str) -> Vec<(String, Vec<f32>)> {
    let count = sim.windows().iter().map(|w| w.part_counts[node]).max().unwrap_or(0);
    let series = |i: u16| {
        let at = |w: &headroom_model::messages::Window| {
            let before: usize = w.part_counts[..node].iter().map(|c| usize::from(*c)).sum();
            let there = i < w.part_counts[node];
            if there { w.parts[(before + usize::from(i)) * part::COUNT + value] } else { f32::NAN }
        };
        sim.windows().iter().map(at).collect()
    };
    (0..count).map(|i| (format!("{name} {i}").trim().to_owned(), series(i))).collect()
}

fn label(design: &Design, happening: &Happening) -> String {
    let id = design.nodes.get(happening.node as usize).map_or("", |n| n.id.as_str());
    let target = happening.part.map_or_else(|| id.to_owned(), |p| format!("{id} {p}"));
    match happening.what {
        What::Killed => format!("kill {target}"),
        What::Revived => format!("revive {target}"),
        What::Slowed(factor) => format!("{target} ×{factor}"),
        What::Flushed => format!("flush {target}"),
        What::WentViral(share) if share > 0.0 => "viral".to_owned(),
        What::WentViral(_) => "viral ends".to_owned(),
        What::ShardAdded(_) => format!("add shard {target}"),
        What::TakenOut => format!("{target} out"),
        What::PutBack => format!("{target} back"),
        What::DeathNoticed => format!("{target}: noticed"),
        What::Promoted { lost_writes } => format!("promote {target}: {lost_writes} lost"),
        What::CircuitOpened { .. } => format!("{target} opened a circuit"),
        What::CircuitClosed { .. } => format!("{target} closed its circuits"),
        What::CaughtUp => format!("{target} caught up"),
        What::Place { verb, place, to } => {
            let id = |i: u16| design.places.get(usize::from(i)).map_or("", |p| p.id.as_str());
            let to = to.map_or_else(String::new, |to| format!("–{}", id(to)));
            format!("{} {}{to}", verb.name(), id(place))
        }
        What::SimulatorFull => "simulator full".to_owned(),
        What::Did(verb, _) => format!("{} {target}", verb.name().replace('_', " ")),
        What::Noted(note) => format!("{target}: {}", note.text().en),
        What::Told(news) => {
            let n = news.number().map_or_else(String::new, |n| n.to_string());
            news.words().0.en.replace("{target}", &target).replace("{n}", &n)
        }
    }
}

fn event_kind(what: What) -> EventKind {
    match what {
        What::Noted(note) => match note.mood() {
            Mood::Fault => EventKind::Fault,
            Mood::Recovery => EventKind::Recovery,
            Mood::Change => EventKind::Change,
            Mood::Note => EventKind::Note,
        },
        What::Killed | What::SimulatorFull => EventKind::Fault,
        What::Revived
        | What::PutBack
        | What::Promoted { .. }
        | What::CaughtUp
        | What::CircuitClosed { .. } => EventKind::Recovery,
        What::Flushed | What::ShardAdded(_) | What::Slowed(_) => EventKind::Change,
        What::WentViral(_) | What::TakenOut | What::DeathNoticed | What::CircuitOpened { .. } => {
            EventKind::Note
        }
        What::Did(verb, value) => of_tone(verb.words(Some(value)).2),
        What::Place { verb, .. } => of_tone(verb.words(None).2),
        What::Told(news) => of_tone(news.words().1),
    }
}

fn of_tone(tone: Tone) -> EventKind {
    match tone {
        Tone::Fault => EventKind::Fault,
        Tone::Recovery => EventKind::Recovery,
        Tone::Change => EventKind::Change,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::scenarios::by_id;

    #[test]
    fn each_scenario_shows_what_it_is_about() {
        for (id, panel) in [
            ("single-server", "Utilisation"),
            ("cache-aside", "Cache hit rate"),
            ("replicas-write-burst", "Replica lag"),
            ("celebrity-shard", "Load per shard: db"),
        ] {
            let mut design = Design::parse(by_id(id).unwrap().json).unwrap();
            design.run.until_s = 2.0;
            design.timeline.clear();
            let mut sim = Simulation::new(&design);
            sim.run();
            let svg = charts_svg(&design, &sim, &Theme::dark(), 900.0).unwrap();
            for title in ["Requests", "Latency", panel] {
                assert!(svg.contains(title), "{id}: {title}");
            }
            assert!(svg.contains("<svg") && svg.trim_end().ends_with("</svg>"));
        }
    }
}
