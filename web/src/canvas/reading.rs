//! What a node's face says of its numbers: pure, so that it can be tested without a page.

use crate::texts::{Lang, canvas as texts};
use headroom_charts::{Unit as Written, format_value};
use headroom_model::design::Node;
use headroom_model::kinds::{Kind, MetricSpec, NodeParams, Unit, common};
use headroom_model::messages::{NodeNow, PartNow, PartState, part};

/// Utilisation from which a station has no room left to breathe.
pub const SATURATED: f32 = 0.95;
/// Utilisation from which waiting grows fast.
pub const BUSY: f32 = 0.75;
/// Part of a queue's limit from which it is nearly full.
const QUEUE_NEAR_LIMIT: f64 = 0.8;
/// Lag from which readers notice [s]; a slow link shifts it, see [`lag_limit_s`].
const LAG_NOTICED_S: f32 = 1.0;
/// Share of failing requests from which a node is marked.
const FAILING: f32 = 0.01;
/// Load of a shard, over the mean, from which it is hot.
const HOT: f32 = 1.5;
/// Parts that a face has room for.
pub const CELLS_MAX: usize = 32;
/// Parts up to which each has room for a number.
const CELLS_WITH_TEXT: usize = 4;
/// Ticks of the longest queue that is drawn.
pub const TICKS_MAX: u32 = 10;

/// How a node is, from the worst of what holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// Well, or nothing is known.
    #[default]
    Ok,
    /// Waiting begins to grow.
    Busy,
    /// A replica lives in the past.
    Lagging,
    /// It, or one of its parts, is full.
    Saturated,
    /// All of it is dead.
    Down,
}

impl Health {
    /// The value of `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Health::Ok => "ok",
            Health::Busy => "busy",
            Health::Lagging => "lagging",
            Health::Saturated => "saturated",
            Health::Down => "down",
        }
    }

    /// The sign that goes with its colour.
    pub fn badge(self) -> &'static str {
        match self {
            Health::Ok | Health::Busy => "",
            Health::Lagging => "◷",
            Health::Saturated => "!",
            Health::Down => "✕",
        }
    }

    /// What the user reads.
    pub fn text(self, lang: Lang) -> &'static str {
        lang.t(match self {
            Health::Ok => texts::STATE_OK,
            Health::Busy => texts::STATE_BUSY,
            Health::Lagging => texts::STATE_LAGGING,
            Health::Saturated => texts::STATE_SATURATED,
            Health::Down => texts::STATE_DOWN,
        })
    }
}

/// A part as a small cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// How it is.
    pub state: PartState,
    /// Utilisation, 0 to 1.
    pub fill: f32,
    /// Load above the mean of the parts, 0 to 1, where parts share keys; negative where there is no heat to show.
    pub heat: f32,
    /// It carries far more than its fellows.
    pub hot: bool,
    /// It is full.
    pub full: bool,
    /// It lives in the past.
    pub lagging: bool,
    /// A sign, and a number where there is room.
    pub text: String,
}

/// All that a node's face shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// How it is.
    pub health: Health,
    /// The main number.
    pub value: String,
    /// The second number.
    pub side: String,
    /// Utilisation, 0 to 1; none where there is none.
    pub bar: Option<f32>,
    /// Its parts.
    pub cells: Vec<Cell>,
    /// Parts beyond those.
    pub more: usize,
    /// How full it is, and the words for it, for kinds that fill up.
    pub level: Option<(f32, String)>,
    /// Ticks of its queue.
    pub ticks: u32,
    /// A line at the foot: the queue, failures.
    pub foot: String,
    /// The foot tells of failures.
    pub failing: bool,
}

/// Writes a value of a metric.
pub fn write_value(unit: Unit, value: f32) -> String {
    let unit = match unit {
        Unit::Rate => Written::Rate,
        Unit::Seconds => Written::Seconds,
        Unit::Share => Written::Percent,
        Unit::Count => Written::Count,
        Unit::Ratio => Written::Ratio,
        Unit::Money => Written::Money,
    };
    let value = f64::from(value);
    // On a face numbers change all the time: two digits are read more easily than three.
    let value = match unit {
        // The last per cent before all or nothing matters.
        Written::Percent if (0.01..0.99).contains(&value.abs()) => (value * 100.0).round() / 100.0,
        Written::Percent => (value * 1e3).round() / 1e3,
        Written::Count if (1.0..1e4).contains(&value.abs()) => value.round(),
        Written::Rate if (10.0..1e3).contains(&value.abs()) => value.round(),
        Written::Seconds if value > 0.0 => two_digits(value),
        _ => value,
    };
    format_value(unit, value)
}

/// Rounded to two significant digits.
fn two_digits(value: f64) -> f64 {
    let step = 10_f64.powf(value.log10().floor() - 1.0);
    (value / step).round() * step
}

/// The metric that a face shows second.
pub fn side_metric(kind: Kind) -> &'static str {
    match kind {
        Kind::Users => "p95_s",
        Kind::Dns => "lookups_rps",
        Kind::LoadBalancer => "backends_in",
        Kind::Web => "arrivals_rps",
        Kind::Queue => "oldest_s",
        Kind::Autoscaler => "booting",
        Kind::Monitoring => "seen_error_share",
        Kind::Workers => "completions_rps",
        Kind::Cache | Kind::Cdn | Kind::ObjectStore | Kind::SessionStore => "arrivals_rps",
        Kind::Relational => "lag_max_s",
        Kind::Sharded => "hottest_key_share",
        Kind::Nosql => "stale_share",
    }
}

/// The second metric of this very node: a database without replicas has no lag to show.
pub fn side_of(node: &Node) -> &'static str {
    match &node.params {
        NodeParams::Relational(p) if p.replicas == 0 => "arrivals_rps",
        _ => side_metric(node.kind()),
    }
}

/// The spec of a metric of a kind.
pub fn metric(kind: Kind, id: &str) -> &'static MetricSpec {
    kind.spec().all_metrics().find(|m| m.id == id).expect("a face names metrics of its kind")
}

/// Lag from which a replica of this node counts as lagging [s].
fn lag_limit_s(node: &Node) -> f32 {
    match &node.params {
        NodeParams::Relational(p) => LAG_NOTICED_S.max(p.replication_delay_ms as f32 / 1e3 * 3.0),
        _ => f32::INFINITY,
    }
}

/// What a node's face shows: `values` of its last window (see [`headroom_model::kinds`]), `parts` likewise, `now`.
pub fn read(node: &Node, lang: Lang, values: &[f32], parts: &[&[f32]], now: Option<&NodeNow>) -> Reading {
    let spec = node.kind().spec();
    let by_id = |id: &str| -> Option<f32> {
        let v = *values.get(spec.metric_index(id)?)?;
        v.is_finite().then_some(v)
    };
    let write =
        |id: &str| by_id(id).map_or_else(|| "–".to_owned(), |v| write_value(metric(node.kind(), id).unit, v));
    let common = |at: usize| values.get(at).copied().filter(|v| v.is_finite());
    let stations: &[PartNow] = now.map_or(&[], |n| &n.parts);

    let mut reading = Reading {
        value: write(spec.main_metric),
        side: side_text(node, lang, &write),
        bar: common(common::UTILIZATION).filter(|_| has_bar(node.kind())).map(|u| u.clamp(0.0, 1.0)),
        ..Reading::default()
    };
    if spec.parts.is_some() {
        let count = stations.len().max(parts.len());
        reading.cells = (0..count.min(CELLS_MAX)).map(|i| cell(node, i, count, parts, stations)).collect();
        reading.more = count.saturating_sub(CELLS_MAX);
    }
    if let NodeParams::Cache(p) = &node.params {
        let items = by_id("items").unwrap_or(0.0);
        let count = |n: f32| write_value(Unit::Count, n);
        let capacity = p.capacity_items as f32;
        let words = format!("{} / {}", count(items), count(capacity));
        reading.level = Some(((items / capacity).clamp(0.0, 1.0), words));
    }

    // The queue as it is now, the rest over the last window.
    let queue: f64 = stations.iter().map(|p| f64::from(p.queue)).sum();
    reading.ticks = ticks(queue);
    let arrivals = common(common::ARRIVALS).unwrap_or(0.0);
    let failures = common(common::FAILURES).unwrap_or(0.0);
    let failing = failures > 0.0 && failures >= FAILING * arrivals.max(failures);
    if failing {
        let rate = write_value(Unit::Rate, failures);
        reading.foot = lang.fill(texts::FAILING, &[("rate", &rate)]);
        reading.failing = true;
    } else if queue >= 1.0 {
        reading.foot = lang.fill(texts::WAITING, &[("n", &write_value(Unit::Count, queue as f32))]);
    }
    reading.health = health(node, &reading, stations, parts);
    reading
}

/// Users and balancers have no workers of their own.
fn has_bar(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Users | Kind::Dns | Kind::LoadBalancer | Kind::Queue | Kind::Autoscaler | Kind::Monitoring
    )
}

fn side_text(node: &Node, lang: Lang, write: &dyn Fn(&str) -> String) -> String {
    let side = write(side_of(node));
    match side_of(node) {
        "p95_s" => format!("p95 {side}"),
        "backends_in" => lang.fill(texts::SERVERS_IN, &[("n", &side)]),
        "lag_max_s" => lang.fill(texts::LAG, &[("lag", &side)]),
        "hottest_key_share" => lang.fill(texts::TOP_ITEM, &[("share", &side)]),
        _ => side,
    }
}

fn cell(node: &Node, i: usize, count: usize, parts: &[&[f32]], stations: &[PartNow]) -> Cell {
    let value = |i: usize, at: usize| {
        parts.get(i).and_then(|p| p.get(at)).copied().filter(|v| v.is_finite()).unwrap_or(0.0)
    };
    let now = stations.get(i).copied().unwrap_or_default();
    let fill = value(i, part::UTILIZATION).clamp(0.0, 1.0);
    let down = matches!(now.state, PartState::Down);
    let mut cell =
        Cell { state: now.state, fill: if down { 0.0 } else { fill }, heat: -1.0, ..Cell::default() };
    cell.full = !down && (fill >= SATURATED || near_limit(&now));
    let mark = match now.state {
        PartState::Up => "",
        PartState::Slow => "~",
        PartState::Down => "✕",
        PartState::Recovering => "↻",
        PartState::Primary => "★",
        PartState::Draining => "…",
        PartState::Gone => "·",
    };
    let mut number = write_value(Unit::Share, fill);
    match node.kind() {
        Kind::Sharded => {
            let loads = || (0..count).map(|i| value(i, part::ARRIVALS_RPS));
            let (total, top): (f32, f32) = (loads().sum(), loads().fold(0.0, f32::max));
            let own = value(i, part::ARRIVALS_RPS);
            if total > 0.0 {
                let mean = total / count as f32;
                // Even shards are cold; at two and a half times the mean a shard glows.
                cell.heat = ((own / mean - 1.0) / 1.5).clamp(0.0, 1.0);
                cell.hot = count > 1 && own >= top && own >= HOT * mean;
                number = write_value(Unit::Share, own / total);
            }
        }
        Kind::Relational if now.state != PartState::Primary => {
            // The lag of this moment; with a dead machine it means nothing.
            cell.lagging = !down && now.extra > lag_limit_s(node);
            number = write_value(Unit::Seconds, now.extra);
        }
        _ => {}
    }
    let mark = if cell.hot { "▲" } else { mark };
    cell.text = match (count <= CELLS_WITH_TEXT && !down, mark) {
        (true, "") => number,
        (true, mark) => format!("{mark} {number}"),
        (false, mark) => mark.to_owned(),
    };
    cell
}

fn near_limit(part: &PartNow) -> bool {
    part.queue_limit != u32::MAX
        && part.queue_limit > 0
        && f64::from(part.queue) >= QUEUE_NEAR_LIMIT * f64::from(part.queue_limit)
}

fn health(node: &Node, reading: &Reading, stations: &[PartNow], parts: &[&[f32]]) -> Health {
    if !stations.is_empty() && stations.iter().all(|p| p.state == PartState::Down) {
        return Health::Down;
    }
    // One full part is enough: its share of the users suffers while the mean looks healthy.
    let full_part = parts.iter().enumerate().any(|(i, p)| {
        let dead = stations.get(i).is_some_and(|s| s.state == PartState::Down);
        !dead && p.get(part::UTILIZATION).is_some_and(|u| *u >= SATURATED)
    });
    if reading.bar.is_some_and(|u| u >= SATURATED) || full_part || stations.iter().any(near_limit) {
        return Health::Saturated;
    }
    let limit = lag_limit_s(node);
    let lags = |p: &PartNow| matches!(p.state, PartState::Up | PartState::Slow) && p.extra > limit;
    if limit.is_finite() && stations.iter().any(lags) {
        return Health::Lagging;
    }
    if reading.bar.is_some_and(|u| u >= BUSY) { Health::Busy } else { Health::Ok }
}

/// Ticks for a queue of this length: one for each at first, then one for each 2.4 times as many.
fn ticks(queue: f64) -> u32 {
    if queue < 1.0 {
        return 0;
    }
    let mut n = 1;
    let mut reached = 1.0;
    while n < TICKS_MAX && reached < queue {
        reached = (reached * 2.4_f64).max(reached + 1.0);
        n += 1;
    }
    n
}

/// What a screen reader hears of a node.
pub fn summary(node: &Node, name: &str, reading: &Reading, lang: Lang) -> String {
    let spec = node.kind().spec();
    let main = metric(node.kind(), spec.main_metric);
    let mut text = String::new();
    text.push_str(name);
    let kind = lang.t(spec.label);
    if name != kind {
        text.push_str(", ");
        text.push_str(kind);
    }
    if reading.value != "–" {
        text.push_str(&format!(", {} {}", lang.t(main.label), reading.value));
        if let (Some(u), true) = (reading.bar, main.id != "utilization") {
            let label = lang.t(headroom_model::kinds::COMMON[common::UTILIZATION].label);
            text.push_str(&format!(", {label} {}", write_value(Unit::Share, u)));
        }
    }
    if reading.health != Health::Ok {
        text.push_str(", ");
        text.push_str(reading.health.text(lang));
    }
    if !reading.foot.is_empty() {
        text.push_str(", ");
        text.push_str(&reading.foot);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::design::Design;
    use headroom_model::scenarios;

    fn node(scenario: &str, id: &str) -> Node {
        Design::parse(scenarios::by_id(scenario).unwrap().json).unwrap().node(id).unwrap().clone()
    }

    /// Values of a node, all 0 but these.
    fn values(node: &Node, set: &[(&str, f32)]) -> Vec<f32> {
        let spec = node.kind().spec();
        let mut values = vec![0.0; spec.value_count()];
        for (id, v) in set {
            values[spec.metric_index(id).unwrap()] = *v;
        }
        values
    }

    fn station(state: PartState, queue: u32, extra: f32) -> PartNow {
        PartNow { state, queue, queue_limit: 100, extra, busy: 1, servers: 2 }
    }

    #[test]
    fn every_kind_has_a_face_before_and_after_the_first_window() {
        for kind in Kind::ALL {
            let node = Node::new("n", *kind, 0.0, 0.0);
            let empty = read(&node, Lang::En, &[], &[], None);
            assert_eq!((empty.value.as_str(), empty.health), ("–", Health::Ok), "{kind:?}");
            let zeros = values(&node, &[]);
            assert!(!read(&node, Lang::Ko, &zeros, &[], None).value.is_empty());
            let nan = vec![f32::NAN; zeros.len()];
            assert_eq!(read(&node, Lang::En, &nan, &[], None).value, "–");
            assert!(!summary(&node, "Name", &empty, Lang::En).is_empty());
        }
    }

    #[test]
    fn one_hot_shard_is_marked_while_the_mean_looks_healthy() {
        let node = node("celebrity-shard", "db");
        let parts: Vec<[f32; 4]> = vec![
            [300.0, 0.3, 0.0, 9.0],
            [1500.0, 0.99, 50.0, 9.0],
            [300.0, 0.3, 0.0, 9.0],
            [300.0, 0.3, 0.0, 9.0],
        ];
        let parts: Vec<&[f32]> = parts.iter().map(|p| p.as_slice()).collect();
        let reading = read(&node, Lang::En, &values(&node, &[("utilization", 0.47)]), &parts, None);
        assert_eq!(reading.health, Health::Saturated);
        let hot: Vec<bool> = reading.cells.iter().map(|c| c.hot).collect();
        assert_eq!(hot, [false, true, false, false]);
        assert_eq!(reading.cells[1].text, "▲ 63%");
        assert!(reading.cells[1].full && reading.cells[1].heat == 1.0 && reading.cells[0].heat == 0.0);
    }

    #[test]
    fn a_replica_that_falls_behind_makes_the_database_lag() {
        let node = node("replicas-write-burst", "db");
        let parts = [[1.0, 0.4, 0.0, 0.0], [1.0, 0.4, 0.0, 3.0], [1.0, 0.4, 0.0, 0.02]];
        let parts: Vec<&[f32]> = parts.iter().map(|p| p.as_slice()).collect();
        let mut now = NodeNow {
            in_system: 3,
            parts: vec![
                station(PartState::Primary, 0, 0.0),
                station(PartState::Up, 0, 3.0),
                station(PartState::Up, 0, 0.02),
            ],
        };
        let values = values(&node, &[("utilization", 0.4), ("lag_max_s", 3.0)]);
        let reading = read(&node, Lang::En, &values, &parts, Some(&now));
        assert_eq!(reading.health, Health::Lagging);
        let texts: Vec<&str> = reading.cells.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(texts, ["★ 40%", "3 s", "20 ms"]);
        assert_eq!(reading.side, "lag 3 s");
        for part in &mut now.parts {
            part.state = PartState::Down;
        }
        let reading = read(&node, Lang::En, &values, &parts, Some(&now));
        assert_eq!(reading.health, Health::Down);
        assert!(reading.cells.iter().all(|c| c.text == "✕" && c.fill == 0.0));
    }

    #[test]
    fn a_queue_near_its_limit_saturates_and_failures_are_told() {
        let node = node("single-server", "server");
        let now = NodeNow { in_system: 90, parts: vec![station(PartState::Up, 85, 0.0)] };
        let quiet = values(&node, &[("utilization", 0.6), ("arrivals_rps", 100.0)]);
        let reading = read(&node, Lang::En, &quiet, &[], Some(&now));
        assert_eq!(reading.health, Health::Saturated);
        assert!(reading.foot.contains("85") && !reading.failing && reading.ticks > 5);
        let failing = values(&node, &[("arrivals_rps", 100.0), ("failures_rps", 5.0)]);
        let reading = read(&node, Lang::En, &failing, &[], Some(&now));
        assert!(reading.failing && reading.foot.contains("5/s"), "{}", reading.foot);
    }

    #[test]
    fn a_cache_fills_up() {
        let mut node = node("cache-aside", "cache");
        node.params.set("capacity_items", &serde_json::json!(5_000)).unwrap();
        let values = values(&node, &[("items", 2_500.0), ("hit_ratio", 0.8372), ("utilization", 0.1)]);
        let reading = read(&node, Lang::En, &values, &[], None);
        let (level, words) = reading.level.unwrap();
        assert_eq!((level, reading.value.as_str()), (0.5, "84%"));
        assert!(words.contains("2.5k") && words.contains("5k"), "{words}");
    }

    #[test]
    fn ticks_grow_with_the_queue_and_stay_in_their_room() {
        let mut last = 0;
        for queue in [0.0, 1.0, 3.0, 10.0, 100.0, 1_000.0, 1e9] {
            let n = ticks(queue);
            assert!(n >= last && n <= TICKS_MAX, "{queue}: {n}");
            last = n;
        }
        assert_eq!((ticks(0.0), ticks(1.0), last), (0, 1, TICKS_MAX));
    }
}
