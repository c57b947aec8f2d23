//! The numbers behind a chart, taken from the windows of the run.

use super::charts::ChartId;
use crate::live::Live;
use crate::state::node_name;
use crate::texts::{Lang, panel as texts};
use headroom_analysis::bands::{Bands, ERROR_SHARE, error_share};
use headroom_charts::{Band, Dash, Ghost, Role};
use headroom_model::kinds::{Category, Kind, common};
use headroom_model::messages::{RunState, part, world};
use headroom_model::order;
use headroom_model::text::Text;
use std::rc::Rc;

/// Lines that one chart shows at most; of more, the highest are taken.
const LINES_MAX: usize = 8;

/// A percentile of what users wait.
pub struct Percentile {
    /// Its name, the same in every language.
    pub name: &'static str,
    at: usize,
    help: Text,
    role: Role,
    dash: Dash,
}

/// The percentiles that a run carries.
pub const PERCENTILES: [Percentile; 5] = {
    const fn p(name: &'static str, at: usize, help: Text, role: Role, dash: Dash) -> Percentile {
        Percentile { name, at, help, role, dash }
    }
    [
        p("p50", world::P50_S, texts::P50_HELP, Role::Series1, Dash::Solid),
        p("p90", world::P90_S, texts::P90_HELP, Role::Series3, Dash::DashDot),
        p("p95", world::P95_S, texts::P95_HELP, Role::Series2, Dash::Dashed),
        p("p99", world::P99_S, texts::P99_HELP, Role::Series4, Dash::Dotted),
        p("p99.9", world::P999_S, texts::P999_HELP, Role::Series5, Dash::DashDotDot),
    ]
};

/// Which of [`PERCENTILES`] are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen(pub [bool; PERCENTILES.len()]);

impl Default for Chosen {
    fn default() -> Self {
        Self([true, false, true, true, false])
    }
}

/// How a reader wants numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wanted {
    /// The language of names.
    pub lang: Lang,
    /// Percentiles of latency.
    pub percentiles: Chosen,
    /// All lines, however many.
    pub all_lines: bool,
}

/// A line, or a row of a heat map.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Tells it from the others of its chart, whatever the run and the language.
    pub key: String,
    /// The node that it is about.
    pub node: Option<String>,
    /// Its name in the legend.
    pub name: String,
    /// What it means, in a line.
    pub help: &'static str,
    /// Its colour.
    pub role: Role,
    /// Its pattern.
    pub dash: Dash,
    /// The area below is tinted.
    pub filled: bool,
    /// One value for each time; not a number where there is none.
    pub values: Vec<f32>,
}

/// What a chart shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// The middle of each window [s]; for heat maps its beginning.
    pub times: Vec<f32>,
    /// Lines or rows.
    pub series: Vec<Series>,
    /// How many of the times belong to the present run; the others are left from the former one while this one is
    /// replayed.
    pub fresh: usize,
    /// Share of each window that was simulated; empty where all were.
    pub simulated: Vec<f32>,
    /// The same chart of the run to compare with.
    pub ghost: Option<Rc<Data>>,
}

impl Data {
    /// The last values of the present run, by series.
    pub fn last(&self) -> Option<Vec<f32>> {
        let last = self.fresh.checked_sub(1)?;
        Some(self.series.iter().map(|s| s.values.get(last).copied().unwrap_or(f32::NAN)).collect())
    }

    /// What a series was in the run to compare with.
    pub fn ghost_of(&self, series: &Series) -> Option<Ghost<'_>> {
        let ghost = self.ghost.as_deref()?;
        let values = &ghost.series.iter().find(|s| s.key == series.key)?.values;
        Some(Ghost { times: &ghost.times, values })
    }

    /// The number that stands for the chart now: tests read it.
    pub fn headline(&self, id: &ChartId) -> Option<f32> {
        let last = self.last()?;
        let value = match id {
            ChartId::Rates => last.get(1).copied(),
            ChartId::Latency => {
                let p99 = self.series.iter().position(|s| s.key == "p99_s");
                last.get(p99.unwrap_or(last.len().saturating_sub(1))).copied()
            }
            ChartId::Errors | ChartId::HitRate => last.first().copied(),
            _ => last.into_iter().filter(|v| v.is_finite()).reduce(f32::max),
        };
        value.filter(|v| v.is_finite())
    }

    /// The row that is hottest in the last window of the present run, and its value.
    pub fn hottest(&self) -> Option<(usize, f32)> {
        self.hottest_at(self.fresh.checked_sub(1)?)
    }

    /// The row that is hottest in a window.
    pub fn hottest_at(&self, window: usize) -> Option<(usize, f32)> {
        let values = self.series.iter().enumerate();
        let values = values.filter_map(|(i, s)| Some((i, *s.values.get(window)?)));
        values.filter(|(_, v)| v.is_finite()).reduce(|a, b| if b.1 > a.1 { b } else { a })
    }

    /// While a changed design is replayed, the rest of the former run stays in view behind it.
    pub fn keep_tail_of(&mut self, old: &Data) {
        if self.times.is_empty() {
            // Parts are not known before the first window.
            *self = Data { fresh: 0, ..old.clone() };
            return;
        }
        let reached = self.times.last().copied().unwrap_or(f32::NEG_INFINITY);
        let from = old.times.partition_point(|&t| t <= reached);
        let same = self.series.len() == old.series.len()
            && self.series.iter().zip(&old.series).all(|(a, b)| a.name == b.name);
        if same && from < old.times.len() {
            self.times.extend_from_slice(&old.times[from..]);
            for (new, old) in self.series.iter_mut().zip(&old.series) {
                new.values.extend_from_slice(&old.values[from..]);
            }
        }
    }
}

/// Whether the run is being replayed, or about to be.
pub fn is_replaying(live: &Live) -> bool {
    let not_heard_of = live.snapshot.seq == 0 && live.snapshot.now_ns == 0 && live.windows.is_empty();
    live.snapshot.state == RunState::CatchingUp || not_heard_of
}

/// Takes a chart's numbers.
pub fn gather(id: &ChartId, live: &Live, wanted: Wanted) -> Data {
    let lang = wanted.lang;
    let window_s = live.shape.window_s;
    let back = if matches!(id, ChartId::Heat(_)) { window_s } else { window_s / 2.0 };
    let times: Vec<f32> = live.windows.iter().map(|w| (w.end_s - back) as f32).collect();
    let series = match id {
        ChartId::Rates => vec![
            users(live, world::OFFERED_RPS, lang.t(texts::OFFERED), lang.t(texts::OFFERED_HELP))
                .look(Role::Series2, Dash::Dotted),
            users(live, world::SERVED_RPS, lang.t(texts::SERVED), lang.t(texts::SERVED_HELP))
                .look(Role::Good, Dash::Solid),
            users(live, world::FAILED_RPS, lang.t(texts::FAILED), lang.t(texts::FAILED_HELP))
                .look(Role::Bad, Dash::Dashed),
        ],
        ChartId::Latency => {
            let chosen = PERCENTILES.iter().zip(wanted.percentiles.0).filter(|(_, on)| *on);
            chosen.map(|(p, _)| users(live, p.at, p.name, lang.t(p.help)).look(p.role, p.dash)).collect()
        }
        ChartId::Errors => {
            let values = live.windows.iter().map(error_share).collect();
            let (name, help) = (lang.t(texts::ERROR_SHARE), lang.t(texts::ERROR_SHARE_HELP));
            vec![
                series(name.to_owned(), help, values)
                    .keyed(ERROR_SHARE)
                    .look(Role::Bad, Dash::Solid)
                    .filled(),
            ]
        }
        ChartId::HitRate => {
            by_node(id, live, wanted, "hit_ratio", |kind| matches!(kind, Kind::Cache | Kind::Cdn))
        }
        ChartId::Utilization => by_node(id, live, wanted, "utilization", works),
        ChartId::Queue => by_node(id, live, wanted, "queue", works),
        ChartId::Cost => {
            let all = users(live, world::COST_USD_H, lang.t(texts::COST_ALL), lang.t(texts::COST_ALL_HELP));
            let mut series = vec![all.look(Role::Muted, Dash::Dotted)];
            series.extend(by_node(id, live, wanted, "cost_usd_h", works));
            series
        }
        ChartId::Lag(node) => lags(id, live, lang, node),
        ChartId::Heat(node) => shards(live, lang, node),
    };
    let simulated =
        if live.is_sampled() { live.windows.iter().map(|w| w.simulated).collect() } else { Vec::new() };
    Data { fresh: times.len(), times, series, simulated, ghost: None }
}

/// What one of several users nodes sends and gets, and what all send together.
pub fn rates_of(node: &str, live: &Live, wanted: Wanted) -> Data {
    let lang = wanted.lang;
    let all = gather(&ChartId::Rates, live, wanted);
    let Some(index) = live.node_index(node) else { return all };
    let own = [common::ARRIVALS, common::COMPLETIONS, common::FAILURES];
    let mut series: Vec<Series> = Vec::with_capacity(own.len() + 1);
    if let Some(offered) = all.series.first() {
        let name = lang.t(texts::OFFERED_ALL).to_owned();
        series.push(Series { name, ..offered.clone() }.keyed("all").look(Role::Muted, Dash::Solid));
    }
    for (position, like) in own.into_iter().zip(&all.series) {
        let values = live.windows.iter().map(|w| live.node_values(w, index).get(position).copied());
        series.push(Series { values: values.map(|v| v.unwrap_or(f32::NAN)).collect(), ..like.clone() });
    }
    Data { series, ..all }
}

impl Series {
    /// What it lies between in many seeds; only what is told of all users together has that.
    pub fn band<'a>(&self, bands: &'a Bands) -> Option<Band<'a>> {
        let band = bands.of(&self.key).filter(|_| self.node.is_none())?;
        Some(Band { times: band.times, low: band.low, high: band.high })
    }

    fn look(self, role: Role, dash: Dash) -> Self {
        Self { role, dash, ..self }
    }

    fn of_node(self, node: &str) -> Self {
        Self { node: Some(node.to_owned()), ..self }
    }

    /// The same under a key: of those that are told apart by their place in the chart.
    fn keyed(self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self }
    }

    fn filled(self) -> Self {
        Self { filled: true, ..self }
    }
}

fn series(name: String, help: &'static str, values: Vec<f32>) -> Series {
    let key = String::new();
    Series { key, node: None, name, help, role: Role::Series1, dash: Dash::Solid, filled: false, values }
}

/// The number of the users' series at a position.
fn users(live: &Live, position: usize, name: &str, help: &'static str) -> Series {
    let values = live.windows.iter().map(|w| w.world.get(position).copied().unwrap_or(f32::NAN));
    let key = world::NAMES.get(position).copied().unwrap_or_default();
    series(name.to_owned(), help, values.collect()).keyed(key)
}

/// Everything but users has utilisation and a queue.
fn works(kind: Kind) -> bool {
    kind.spec().category != Category::Clients
}

/// A metric of all nodes of some kinds, a line for each.
fn by_node(
    id: &ChartId,
    live: &Live,
    wanted: Wanted,
    metric: &str,
    fits: impl Fn(Kind) -> bool,
) -> Vec<Series> {
    let lang = wanted.lang;
    let help = id.metric_help().map_or("", |text| lang.t(text));
    let mut lines = Vec::new();
    for (index, node_id) in live.shape.nodes.iter().enumerate() {
        let Some(node) = live.design.node(node_id).filter(|n| fits(n.kind())) else { continue };
        let Some(at) = node.kind().spec().metric_index(metric) else { continue };
        let values =
            live.windows.iter().map(|w| live.node_values(w, index).get(at).copied().unwrap_or(f32::NAN));
        let line = series(node_name(node, lang), help, values.collect());
        lines.push(Series { key: node_id.clone(), ..line }.of_node(node_id));
    }
    if lines.len() > LINES_MAX && !wanted.all_lines {
        let top = |s: &Series| s.values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f32::max);
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order::sort_by(&mut order, |a, b| top(&lines[*b]).total_cmp(&top(&lines[*a])));
        order.truncate(LINES_MAX);
        order::sort(&mut order);
        lines = order.into_iter().map(|i| lines[i].clone()).collect();
    }
    in_order(lines)
}

/// Colours and patterns by position.
fn in_order(lines: Vec<Series>) -> Vec<Series> {
    let look = |(i, s): (usize, Series)| s.look(Role::series(i), Dash::nth(i));
    lines.into_iter().enumerate().map(look).collect()
}

/// A number of each part of a node: one row of values for each part.
fn parts(live: &Live, node: usize, position: usize) -> Vec<Vec<f32>> {
    let count = live.windows.iter().filter_map(|w| w.part_counts.get(node)).max();
    let mut rows = vec![vec![f32::NAN; live.windows.len()]; count.map_or(0, |n| usize::from(*n))];
    for (i, window) in live.windows.iter().enumerate() {
        for (row, values) in rows.iter_mut().zip(live.part_values(window, node)) {
            row[i] = values[position];
        }
    }
    rows
}

fn lags(id: &ChartId, live: &Live, lang: Lang, node: &str) -> Vec<Series> {
    let Some(index) = live.node_index(node) else { return Vec::new() };
    let help = id.metric_help().map_or("", |text| lang.t(text));
    let mut lines = Vec::new();
    for (i, values) in parts(live, index, part::EXTRA).into_iter().enumerate() {
        // The first primary lags behind nobody, until another is promoted and it has to catch up.
        if i == 0 && !values.iter().any(|v| *v > 0.0) {
            continue;
        }
        let line = series(part_name(live, index, i, lang), help, values).keyed(&i.to_string()).of_node(node);
        lines.push(line.look(Role::series(i + 4), Dash::nth(i.saturating_sub(1))));
    }
    lines
}

fn shards(live: &Live, lang: Lang, node: &str) -> Vec<Series> {
    let Some(index) = live.node_index(node) else { return Vec::new() };
    let rows = parts(live, index, part::UTILIZATION).into_iter().enumerate();
    let help = lang.t(texts::HEAT_HELP);
    rows.map(|(i, values)| {
        series(part_name(live, index, i, lang), help, values).keyed(&i.to_string()).of_node(node)
    })
    .collect()
}

/// What a part is called: people count from 1.
fn part_name(live: &Live, node: usize, part: usize, lang: Lang) -> String {
    let noun = live.spec(node).and_then(|s| s.parts).map_or("", |p| lang.t(p.noun));
    format!("{noun} {}", part + 1)
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::design::Design;
    use headroom_model::messages::{Shape, Snapshot, Window};
    use headroom_model::scenarios;

    fn wanted(lang: Lang) -> Wanted {
        Wanted { lang, ..Wanted::default() }
    }

    pub fn live(scenario: &str, windows: usize) -> Live {
        let design = Rc::new(Design::parse(scenarios::by_id(scenario).unwrap().json).unwrap());
        let nodes: Vec<String> = design.nodes.iter().map(|n| n.id.clone()).collect();
        let part_counts: Vec<u16> =
            design.nodes.iter().map(|n| if n.kind().spec().parts.is_some() { 3 } else { 0 }).collect();
        let values: usize = design.nodes.iter().map(|n| n.kind().spec().value_count()).sum();
        let parts: usize = part_counts.iter().map(|n| usize::from(*n) * part::COUNT).sum();
        let window = |i: usize| Window {
            simulated: 1.0,
            end_s: (i + 1) as f64,
            world: vec![100.0, 75.0, 25.0, 0.01, 0.02, 0.03, 4.0, 1.5, 0.015, 0.04],
            nodes: vec![0.25; values],
            part_counts: part_counts.clone(),
            parts: (0..parts).map(|p| p as f32 + i as f32).collect(),
            wires: Vec::new(),
            wire_failures: Vec::new(),
            guards: Vec::new(),
            machines: Vec::new(),
        };
        let mut live = Live::default();
        live.begin(design, Shape { window_s: 1.0, until_s: 120.0, nodes, wires: 0 });
        live.take(Snapshot { seq: 1, windows: (0..windows).map(window).collect(), ..Snapshot::default() });
        live
    }

    #[test]
    fn every_chart_of_every_scenario_has_as_many_values_as_times() {
        for scenario in scenarios::ALL {
            let live = live(scenario.id, 3);
            for id in super::super::charts::charts_of(&live.design) {
                let data = gather(&id, &live, wanted(Lang::Ko));
                assert_eq!(data.times.len(), 3);
                assert!(!data.series.is_empty(), "{} {}", scenario.id, id.name());
                assert!(data.series.iter().all(|s| s.values.len() == 3 && !s.help.is_empty()));
                assert!(data.headline(&id).is_some(), "{} {}", scenario.id, id.name());
            }
        }
    }

    #[test]
    fn errors_are_a_share_of_what_ended() {
        let live = live("single-server", 2);
        let data = gather(&ChartId::Errors, &live, wanted(Lang::En));
        assert_eq!(data.headline(&ChartId::Errors), Some(0.25));
        assert_eq!(data.times, [0.5, 1.5]);
    }

    #[test]
    fn one_of_several_users_nodes_is_shown_beside_all() {
        let live = live("replicas-write-burst", 2);
        let node = live.design.nodes[0].id.clone();
        let data = rates_of(&node, &live, wanted(Lang::En));
        assert_eq!(data.series.len(), 4);
        assert_eq!(data.last().unwrap(), [100.0, 0.25, 0.25, 0.25]);
    }

    #[test]
    fn the_hottest_shard_is_found() {
        let live = live("celebrity-shard", 2);
        let data = gather(&ChartId::Heat("db".to_owned()), &live, wanted(Lang::En));
        assert_eq!(data.series.len(), 3);
        assert_eq!(data.hottest().unwrap().0, 2);
    }

    #[test]
    fn a_replay_keeps_the_rest_of_the_former_run_in_view() {
        let (old, new) = (live("single-server", 5), live("single-server", 2));
        let id = ChartId::Rates;
        let mut data = gather(&id, &new, wanted(Lang::En));
        data.keep_tail_of(&gather(&id, &old, wanted(Lang::En)));
        assert_eq!((data.times.len(), data.fresh), (5, 2));
        assert!(data.series.iter().all(|s| s.values.len() == 5));
        // Of a heat map, before the first window of the replay has said how many rows there are.
        let (old, new) = (live("celebrity-shard", 5), live("celebrity-shard", 0));
        let id = ChartId::Heat("db".to_owned());
        let mut data = gather(&id, &new, wanted(Lang::En));
        data.keep_tail_of(&gather(&id, &old, wanted(Lang::En)));
        assert_eq!((data.times.len(), data.series.len(), data.fresh), (5, 3, 0));
        assert!(data.headline(&id).is_none());
    }

    #[test]
    fn a_run_is_compared_with_a_former_one_line_by_line() {
        let mut live = live("cache-aside", 3);
        live.pin_baseline(true);
        let base = live.baseline.clone().unwrap();
        for id in super::super::charts::charts_of(&live.design) {
            let mut data = gather(&id, &live, wanted(Lang::En));
            let all = Wanted { all_lines: true, ..wanted(Lang::Ko) };
            data.ghost = Some(Rc::new(gather(&id, &base, all)));
            for s in &data.series {
                let ghost = data.ghost_of(s).unwrap_or_else(|| panic!("{} {}", id.name(), s.name));
                assert_eq!(ghost.values, s.values, "{} {}", id.name(), s.name);
            }
        }
    }

    #[test]
    fn percentiles_are_shown_as_chosen() {
        let live = live("single-server", 2);
        let chosen = Wanted { percentiles: Chosen([false, true, false, false, true]), ..Wanted::default() };
        let data = gather(&ChartId::Latency, &live, chosen);
        let names: Vec<&str> = data.series.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["p90", "p99.9"]);
        assert_eq!(data.headline(&ChartId::Latency), Some(0.04));
    }
}
