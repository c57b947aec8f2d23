//! Sampled detail beside exact runs: the same designs with several seeds each way.

pub mod page;

use headroom_analysis::replicate::run_seeds;
use headroom_analysis::stats::Estimate;
use headroom_model::design::{Design, Detail};
use headroom_model::scenarios;
use headroom_model::summary::summarize;
use serde_json::{Value, json};

/// Confidence of the intervals: of a hundred differences that are none, one passes for one.
pub const CONFIDENCE: f64 = 0.99;

/// A design that is run both ways.
pub struct Case {
    /// Name.
    pub id: &'static str,
    /// What it is, and what sampled detail has to get right in it.
    pub about: &'static str,
    /// The design.
    pub design: Design,
    /// Seeds each way.
    pub seeds: u32,
    /// What is compared: a name, and where it is in the summary.
    pub metrics: Vec<(String, Vec<String>)>,
}

/// What came out of one metric.
pub struct Metric {
    /// Name.
    pub name: String,
    /// Over the exact runs, and over the sampled ones.
    pub exact: Estimate,
    /// See `exact`.
    pub sampled: Estimate,
}

impl Metric {
    /// Sampled over exact, less 1.
    pub fn error(&self) -> f64 {
        if self.exact.mean == self.sampled.mean { 0.0 } else { self.sampled.mean / self.exact.mean - 1.0 }
    }

    /// Whether the two are no further apart than seeds are.
    pub fn is_within_noise(&self) -> bool {
        let (a, b) = (self.exact.half_width(CONFIDENCE), self.sampled.half_width(CONFIDENCE));
        let apart = (self.exact.mean - self.sampled.mean).abs();
        // Sums are not equal to the last digit.
        apart <= (a * a + b * b).sqrt() + 1e-6 * self.exact.mean.abs()
    }
}

/// What came out of a case.
pub struct Outcome {
    /// Name and description.
    pub id: &'static str,
    /// See `id`.
    pub about: &'static str,
    /// Seeds each way.
    pub seeds: u32,
    /// Share of the requests that was simulated, over seeds.
    pub simulated: f64,
    /// Requests simulated exactly, over those simulated with sampled detail.
    pub speed_up: f64,
    /// Surprises, over seeds.
    pub surprises: f64,
    /// What was compared.
    pub metrics: Vec<Metric>,
}

/// Runs a case.
pub fn measure(case: &Case, threads: usize) -> Outcome {
    let run = |detail: Detail, first: u64| -> Vec<Value> {
        let mut design = case.design.clone();
        design.run.detail = detail;
        design.run.seed = first;
        design.run.replications = case.seeds;
        run_seeds(&design, threads, |_, design, sim| summarize(design, sim))
    };
    // Other seeds, so that the two have nothing in common but the design.
    let (exact, sampled) = (run(Detail::Exact, 1), run(Detail::Sampled, 1001));
    let mean = |of: &[Value], path: &[&str]| {
        of.iter().filter_map(|s| number(s, path)).sum::<f64>() / of.len() as f64
    };
    let all = |of: &[Value], path: &[String]| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        Estimate::of(&of.iter().filter_map(|s| number(s, &path)).collect::<Vec<_>>())
    };
    let metrics = case.metrics.iter().filter_map(|(name, path)| {
        Some(Metric { name: name.clone(), exact: all(&exact, path)?, sampled: all(&sampled, path)? })
    });
    Outcome {
        id: case.id,
        about: case.about,
        seeds: case.seeds,
        simulated: mean(&sampled, &["detail", "simulated_request_share"]),
        speed_up: mean(&exact, &["users", "arrivals"]) / mean(&sampled, &["detail", "simulated_requests"]),
        surprises: mean(&sampled, &["detail", "surprises"]),
        metrics: metrics.collect(),
    }
}

/// A number of a summary; a node is found by its id.
fn number(summary: &Value, path: &[&str]) -> Option<f64> {
    let mut at = summary;
    for step in path {
        at = match at.as_array() {
            Some(list) => list.iter().find(|x| x["id"] == *step)?,
            None => at.get(*step)?,
        };
    }
    at.as_f64()
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let half_hour = json!({"until_s": 1800, "window_s": null});
    vec![
        case("queue", "Four workers at 70% load, nothing else: M/M/4.", 8, queue(), &["web"], &[]),
        case(
            "cache-aside",
            "The scenario over half an hour: a cache with a TTL of a minute that is emptied at 70 s.",
            8,
            scenario("cache-aside", half_hour.clone(), |_| {}),
            &["cache", "web", "db"],
            &[],
        ),
        case(
            "stampede",
            "The scenario over half an hour: one item that expires every ten seconds, for all at once.",
            8,
            scenario("stampede", half_hour.clone(), |_| {}),
            &["cache", "db"],
            &[],
        ),
        case(
            "replicas-write-burst",
            "The scenario over half an hour: writes rise and fall between 40 s and 72 s, and replicas fall behind.",
            8,
            scenario("replicas-write-burst", half_hour.clone(), |_| {}),
            &["web", "db"],
            &[],
        ),
        case(
            "autoscaling",
            "The scenario's tier along a whole day, between 10 and 110 requests a second of 200 ms each.",
            6,
            scenario("autoscaling", json!({"until_s": 86_400, "window_s": null}), |file| {
                file["nodes"][0]["params"]["traffic"] =
                    json!({"preset": "daily", "mean_rps": 60, "peak_rps": 110, "period_s": 86_400});
                file["nodes"][2]["params"]["service"] = json!({"law": "exponential", "mean_ms": 200});
            }),
            &["web"],
            &[],
        ),
        case(
            "photo-queue",
            "The scenario over half an hour: workers die at 40 s, are back at 100 s, and twice as many from 150 s on.",
            8,
            scenario("photo-queue", half_hour.clone(), |_| {}),
            &["queue", "workers"],
            &[],
        ),
        case(
            "two-data-centres",
            "The scenario over half an hour: one of two data centres is away from 40 s to 90 s.",
            8,
            scenario("two-data-centres", half_hour.clone(), |_| {}),
            &["web_asia", "web_europe"],
            &[],
        ),
        case(
            "circuit-breaker",
            "The scenario over half an hour: what is called is slow from 40 s to 80 s; a breaker opens and closes.",
            8,
            scenario("circuit-breaker", half_hour.clone(), |_| {}),
            &["plain", "guarded"],
            &[],
        ),
        case(
            "celebrity-shard",
            "The scenario over half an hour: from 40 s on a third of all requests goes to one of four shards, which is full from then on.",
            8,
            scenario("celebrity-shard", half_hour, |_| {}),
            &["web", "db"],
            &[],
        ),
        case(
            "one-day",
            "The scenario's tiers on a day of a quarter of a million users. TTLs are ten minutes, in place of a day and an hour.",
            4,
            scenario("one-day", json!({"until_s": 86_400, "window_s": 300}), |file| {
                file["nodes"][0]["params"]["traffic"]["daily_users"] = json!(250_000);
                file["nodes"][1]["params"]["ttl_s"] = json!(600);
                file["nodes"][4]["params"]["ttl_s"] = json!(600);
            }),
            &["cdn", "cache", "web", "db"],
            &[],
        ),
        case(
            "filling-cache",
            "A cache with room for all items and no TTL, which fills for as long as the run lasts.",
            6,
            filling(),
            &["cache", "db"],
            &[],
        ),
    ]
}

/// What is compared where a node has it.
const OF_NODES: [(&str, &str); 6] = [
    ("utilisation", "utilization"),
    ("hit ratio", "hit_ratio"),
    ("edge hit ratio", "edge_hit_ratio"),
    ("lag p95", "lag_p95_s"),
    ("backlog", "backlog_mean"),
    ("instances", "instances_mean"),
];

fn case(
    id: &'static str,
    about: &'static str,
    seeds: u32,
    design: Design,
    nodes: &[&str],
    more: &[(&str, &[&str])],
) -> Case {
    let path = |steps: &[&str]| steps.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let mut metrics: Vec<(String, Vec<String>)> = [
        ("requests", "arrivals"),
        ("mean", "response_mean_s"),
        ("p50", "response_p50_s"),
        ("p95", "response_p95_s"),
        ("p99", "response_p99_s"),
        ("failed share", "failure_share"),
    ]
    .iter()
    .map(|(name, field)| ((*name).to_owned(), path(&["users", field])))
    .collect();
    for node in nodes {
        metrics.extend(OF_NODES.iter().map(|(n, f)| (format!("{node}: {n}"), path(&["nodes", node, f]))));
    }
    metrics.push(("USD/h".to_owned(), path(&["cost", "usd_per_hour"])));
    metrics.extend(more.iter().map(|(name, steps)| ((*name).to_owned(), path(steps))));
    Case { id, about, design, seeds, metrics }
}

fn parsed(file: &Value) -> Design {
    match Design::parse(&file.to_string()) {
        Ok(design) => design,
        Err(faults) => panic!("a case has faults: {faults:?}"),
    }
}

/// A scenario with other run settings, and changed.
fn scenario(id: &str, run: Value, change: impl FnOnce(&mut Value)) -> Design {
    let found = scenarios::by_id(id).expect("the scenario is there");
    let mut file: Value = serde_json::from_str(found.json).expect("scenarios are JSON");
    file["run"] = run;
    change(&mut file);
    parsed(&file)
}

fn queue() -> Design {
    parsed(&json!({
        "nodes": [{"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 280}}},
            {"id": "web", "kind": "web", "params": {"instances": 1, "workers": 4, "queue_limit": null,
                "service": {"law": "exponential", "mean_ms": 10}}}],
        "wires": [{"from": "users", "to": "web"}],
        "run": {"until_s": 3600},
    }))
}

fn filling() -> Design {
    parsed(&json!({
        "nodes": [{"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 500},
                "items": 1_000_000, "zipf_s": 0.8, "write_share": 0}},
            {"id": "web", "kind": "web"}, {"id": "cache", "kind": "cache", "params": {"capacity_items": 1_000_000}},
            {"id": "db", "kind": "relational"}],
        "wires": [{"from": "users", "to": "web"}, {"from": "web", "to": "cache"}, {"from": "web", "to": "db"}],
        "run": {"until_s": 900},
    }))
}
