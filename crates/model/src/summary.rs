//! The summary of a run: what the command line prints and the page shows.

use crate::design::{Design, Detail};
use crate::prices::MONTH_H;
use crate::reason::Reason;
use crate::sim::Simulation;
use crate::sim::behaviour::Behaviour;
use crate::sim::core::{CLASS_NAMES, NodeIdx};
use crate::sim::detail::{Account, Never};
use crate::sim::meter::ClassMeter;
use crate::sim::money::{Cost, GROUPS, Usage};
use headroom_engine::Hist;
use serde_json::{Map, Value, json};

/// Percentiles that a summary has.
pub const PERCENTILES: [(&str, f64); 5] =
    [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

/// `NAME_mean_s`, `NAME_sd_s`, `NAME_p50_s` ... `NAME_max_s` of durations; null where there are none.
pub fn durations(name: &str, hist: &Hist) -> Map<String, Value> {
    let some = |x: f64| if hist.is_empty() { Value::Null } else { json!(x) };
    let mut map = Map::new();
    map.insert(format!("{name}_mean_s"), some(hist.mean_s()));
    map.insert(format!("{name}_sd_s"), some(hist.sd_s()));
    for (p, q) in PERCENTILES {
        map.insert(format!("{name}_{p}_s"), some(hist.quantile_s(q)));
    }
    map.insert(format!("{name}_max_s"), some(hist.max_s()));
    map
}

/// The summary of a run so far, from the end of the warm-up on.
///
/// Top level: `title`, `seed`, `from_s`, `until_s`, `events`, `hash`, `users` (all users together), `cost` (of all nodes)
/// `wires` and `nodes`, one per node in the design's order, each with its own `cost`, and `places`, of which a machine has the `utilization` of its cores and
/// `jobs_mean` in service. A node, and each of its `classes`, has `arrivals`, `completions`, `failures` by reason,
/// `throughput_rps`, `in_system_mean`, wait and response times (mean, standard deviation, p50 ... p99.9, maximum). A node
/// has also `utilization`, `queue_mean`, `delayed_share`, the distribution of the number inside, and its kind's own metrics.
///
/// With sampled detail all of that is measured in the stretches that were simulated, each with the weight of what it stands
/// for; `detail` says how much was simulated.
pub fn summarize(design: &Design, sim: &mut Simulation) -> Value {
    let simulated = sim.measured_arrivals();
    let mut summary = sim.with_weights(|sim| summarize_whole(design, sim));
    if let Some(account) = sim.account() {
        summary["detail"] = detail(&account, simulated, &summary["users"]);
    }
    summary
}

/// How much of a run with sampled detail was simulated.
fn detail(account: &Account, simulated: u64, users: &Value) -> Value {
    let share = |part: f64, whole: f64| if whole > 0.0 { json!(part / whole) } else { Value::Null };
    let (span, skipped) = (account.span_ns as f64, account.skipped_ns as f64);
    let asked = users["arrivals"].as_f64().unwrap_or(0.0);
    json!({
        "mode": Detail::Sampled.name(),
        "simulated_time_share": share(span - skipped, span),
        "simulated_request_share": share(simulated as f64, asked),
        "simulated_requests": simulated,
        "skips": account.skips,
        "surprises": account.surprises,
        "never": account.never.map(Never::id),
    })
}

fn summarize_whole(design: &Design, sim: &mut Simulation) -> Value {
    let (now, since, until) = (sim.core().now, sim.measured_since(), sim.now());
    let span_ns = sim.core().span_ns();
    let span_s = span_ns as f64 / 1e9;
    let mut users: Option<Vec<ClassMeter>> = None;
    let mut nodes = Vec::new();
    for (i, node) in design.nodes.iter().enumerate() {
        let meter = sim.meter(i).clone();
        let mut row = Map::new();
        row.insert("id".to_owned(), json!(node.id));
        row.insert("kind".to_owned(), json!(node.kind().spec().id));
        let integral: u128 = meter.classes.iter().map(|c| c.level.integral_ns(now)).sum();
        counts(&mut row, &meter.classes, integral, span_s);
        let (nodes_state, core) = sim.nodes_mut();
        let (busy, capacity, waiting) = nodes_state[i].effort_ns(core);
        let ratio = |a: u128, b: u128| if b == 0 { Value::Null } else { json!(a as f64 / b as f64) };
        row.insert("utilization".to_owned(), ratio(busy, capacity));
        row.insert(
            "queue_mean".to_owned(),
            if capacity == 0 { Value::Null } else { ratio(waiting, u128::from(span_ns)) },
        );
        row.insert("delayed_share".to_owned(), ratio(u128::from(meter.delayed), u128::from(meter.started)));
        let arrivals: u64 = meter.classes.iter().map(|c| c.arrivals).sum();
        row.insert(
            "found_empty_share".to_owned(),
            ratio(u128::from(meter.found_empty), u128::from(arrivals)),
        );
        row.insert("time_share_with_more_than".to_owned(), more_than(&meter, now));
        let [responses, waits] = sim.sureness(i);
        let told = [("response", "answers", responses), ("wait", "waits", waits)];
        for (time, what, sure) in told {
            let some = |x: Option<f64>| x.map_or(Value::Null, |x| json!(x));
            row.insert(format!("ci95_{time}_mean_s"), some(sure.map(|s| s.half_width_s)));
            row.insert(
                format!("{what}_for_1_percent"),
                some(sure.map(|s| libm::ceil(s.wanted_for_1_percent))),
            );
        }
        let (nodes_state, core) = sim.nodes_mut();
        row.extend(nodes_state[i].summary(core, i as NodeIdx));
        let classes: Map<String, Value> = CLASS_NAMES
            .iter()
            .zip(&meter.classes)
            .filter(|(_, c)| c.arrivals + c.carried > 0)
            .map(|(name, c)| {
                let mut class = Map::new();
                counts(&mut class, std::slice::from_ref(c), c.level.integral_ns(now), span_s);
                ((*name).to_owned(), Value::Object(class))
            })
            .collect();
        row.insert("classes".to_owned(), Value::Object(classes));
        if node.kind() == crate::kinds::Kind::Users {
            users.get_or_insert_default().extend(meter.classes.iter().cloned());
        }
        nodes.push(Value::Object(row));
    }
    let wires: Vec<Value> =
        (0..design.wires.len()).map(|i| Value::Object(sim.core().wire_summary(i))).collect();
    let mut all = Map::new();
    let served: u64 = users.iter().flatten().map(|c| c.completions).sum();
    let cost = cost(sim, &mut nodes, served);
    if let Some(classes) = users {
        let integral: u128 = classes.iter().map(|c| c.level.integral_ns(now)).sum();
        counts(&mut all, &classes, integral, span_s);
    }
    json!({
        "title": design.title,
        "seed": design.run.seed,
        "from_s": since.as_secs_f64(),
        "until_s": until.as_secs_f64(),
        "events": sim.events(),
        "calls_in_flight_peak": sim.calls_peak(),
        "simulator_saturated": sim.is_saturated(),
        "hash": format!("{:016x}", sim.hash()),
        "users": all,
        "cost": cost,
        "nodes": nodes,
        "places": places(design, sim),
        "wires": wires,
    })
}

/// What the run costs: per hour and per month by the lines of a bill, per million answers to users; the part of each node
/// goes to its row.
fn cost(sim: &Simulation, nodes: &mut [Value], served: u64) -> Value {
    let core = sim.core();
    let usages: Vec<Usage> = core.all_bills().map(|bill| bill.whole_usage(core)).collect();
    let mut used = Usage::default();
    for usage in &usages {
        used.add(usage);
    }
    let rates = used.rates(&core.prices);
    let lines = |cost: &Cost| {
        let mut map = Map::new();
        map.insert("usd_per_hour".to_owned(), json!(cost.total()));
        for ((name, _), usd) in GROUPS.iter().zip(cost.0) {
            map.insert(format!("{name}_usd_per_hour"), json!(usd));
        }
        map
    };
    let mut all = Cost::default();
    for (i, usage) in usages.iter().enumerate() {
        let cost = usage.cost(&rates);
        all.add(&cost);
        if let Some(row) = nodes.get_mut(i) {
            row["cost"] = Value::Object(lines(&cost));
        }
    }
    let mut map = lines(&all);
    let hours = core.span_ns() as f64 / 3.6e12;
    map.insert("usd_per_month".to_owned(), json!(all.total() * MONTH_H));
    map.insert(
        "usd_per_million_requests".to_owned(),
        if served == 0 { Value::Null } else { json!(all.total() * hours / served as f64 * 1e6) },
    );
    map.insert("bytes_to_users".to_owned(), json!(used.bytes_to_users()));
    Value::Object(map)
}

/// The places, in the design's order: of a machine, how its cores were used.
fn places(design: &Design, sim: &Simulation) -> Vec<Value> {
    let (core, now) = (sim.core(), sim.core().now);
    let mut rows: Vec<Value> =
        design.places.iter().map(|p| json!({"id": p.id, "kind": p.kind().spec().id})).collect();
    for host in &sim.core().hosts {
        let (busy, jobs) = host.effort_ns(now);
        let span = u128::from(core.span_ns());
        let capacity = u128::from(host.cores()) * span;
        let ratio = |a: u128, b: u128| if b == 0 { Value::Null } else { json!(a as f64 / b as f64) };
        let row = &mut rows[usize::from(host.place)];
        row["utilization"] = ratio(busy, capacity);
        row["jobs_mean"] = ratio(jobs, span);
    }
    rows
}

fn counts(row: &mut Map<String, Value>, classes: &[ClassMeter], integral_ns: u128, span_s: f64) {
    let sum = |f: fn(&ClassMeter) -> u64| classes.iter().map(f).sum::<u64>();
    let completions = sum(|c| c.completions);
    row.insert("arrivals".to_owned(), json!(sum(|c| c.arrivals)));
    row.insert("completions".to_owned(), json!(completions));
    row.insert("in_flight".to_owned(), json!(sum(|c| c.level.level())));
    let failed = sum(ClassMeter::failures);
    row.insert("failures_total".to_owned(), json!(failed));
    let mut failures = Map::new();
    for (r, reason) in Reason::ALL.iter().enumerate() {
        let n: u64 = classes.iter().map(|c| c.failed[r]).sum();
        if n > 0 {
            failures.insert(reason.id().to_owned(), json!(n));
        }
    }
    row.insert("failures".to_owned(), Value::Object(failures));
    let left = completions + failed;
    row.insert(
        "failure_share".to_owned(),
        if left == 0 { Value::Null } else { json!(failed as f64 / left as f64) },
    );
    row.insert(
        "throughput_rps".to_owned(),
        json!(if span_s > 0.0 { completions as f64 / span_s } else { 0.0 }),
    );
    row.insert(
        "arrival_rate_rps".to_owned(),
        json!(if span_s > 0.0 { sum(|c| c.arrivals) as f64 / span_s } else { 0.0 }),
    );
    row.insert(
        "in_system_mean".to_owned(),
        json!(if span_s > 0.0 { integral_ns as f64 / 1e9 / span_s } else { 0.0 }),
    );
    let (mut response, mut wait) = (Hist::new(), Hist::new());
    for c in classes {
        response.merge(&c.response);
        wait.merge(&c.wait);
    }
    row.extend(durations("wait", &wait));
    row.extend(durations("response", &response));
}

/// Share of time with more than n calls inside, for n from 0.
fn more_than(meter: &crate::sim::meter::NodeMeter, now: headroom_engine::SimTime) -> Value {
    let shares: Vec<Value> =
        (0..20).map_while(|n| meter.levels.share_above(now, n)).map(|s| json!(s)).collect();
    Value::Array(shares)
}
