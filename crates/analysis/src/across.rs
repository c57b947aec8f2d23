//! What a reader asks first of many runs of one design: a short list of numbers, each with its mean over the seeds, how
//! sure that is, and which seed had the least and the most of it.
//!
//! Each number is one of the summary of a run, a percentile that of the merged histogram of its whole run; they are
//! replicate values, one for each seed, and nothing is averaged within a run.

use crate::stats::{CONFIDENCE, Estimate};
use headroom_model::kinds::Kind;
use serde_json::{Map, Value};

/// What is told of all users together: where it stands in a summary, and its field.
pub const WORLD: [(&str, &str); 6] = [
    ("users", "response_p50_s"),
    ("users", "response_p95_s"),
    ("users", "response_p99_s"),
    ("users", "failure_share"),
    ("users", "completions"),
    ("cost", "usd_per_hour"),
];

/// An interval whose half is wider than this share of the mean calls for more seeds or a longer run.
pub const WIDE: f64 = 0.1;

/// What is told of a node of some kind: how busy it is, and what its kind is there for. A field that a node does not have,
/// such as the lag of a database without replicas, is left out.
pub fn fields_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Users => &["response_p99_s", "failure_share"],
        Kind::Dns => &["utilization", "sent_to_dead_sites"],
        Kind::LoadBalancer => &["utilization"],
        Kind::Web | Kind::Workers => &["utilization", "instances_mean"],
        Kind::Cache => &["utilization", "hit_ratio", "stale_hit_share"],
        Kind::Cdn => &["utilization", "edge_hit_ratio"],
        Kind::Relational => &["utilization", "lag_p99_s", "stale_read_share", "lost_writes"],
        Kind::Nosql => &["utilization", "stale_read_share"],
        Kind::Sharded => &["utilization", "hottest_over_mean"],
        Kind::Queue => &["utilization", "backlog_peak", "delay_p99_s"],
        Kind::ObjectStore => &["utilization", "throttled"],
        Kind::SessionStore => &["utilization", "sessions", "sessions_lost"],
        Kind::Autoscaler => &["scale_outs"],
        Kind::Monitoring => &["alarms"],
    }
}

/// One number of many runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The id of its node; none for all users together and for the bill.
    pub node: Option<String>,
    /// The node's kind.
    pub kind: Option<Kind>,
    /// Its field in a summary.
    pub field: String,
    /// Mean and spread over the seeds that had the number.
    pub estimate: Estimate,
    /// Half the width of the 95% confidence interval of the mean; none from one seed.
    pub half_width: Option<f64>,
    /// The seed that had the least of it, and how much; of several the first.
    pub least: (u64, f64),
    /// The seed that had the most of it, and how much.
    pub most: (u64, f64),
}

impl Row {
    fn new(node: Option<(&str, Kind)>, field: &str, values: &[(u64, f64)]) -> Option<Self> {
        let numbers: Vec<f64> = values.iter().map(|v| v.1).collect();
        let estimate = Estimate::of(&numbers)?;
        let mut ends = (values[0], values[0]);
        for &value in values {
            if value.1 < ends.0.1 {
                ends.0 = value;
            }
            if value.1 > ends.1.1 {
                ends.1 = value;
            }
        }
        Some(Self {
            node: node.map(|n| n.0.to_owned()),
            kind: node.map(|n| n.1),
            field: field.to_owned(),
            estimate,
            half_width: Some(estimate.half_width(CONFIDENCE)).filter(|h| h.is_finite()),
            least: ends.0,
            most: ends.1,
        })
    }

    /// Whether the interval is too wide to build on.
    pub fn is_wide(&self) -> bool {
        self.half_width.is_some_and(|half| half > WIDE * self.estimate.mean.abs())
    }
}

/// What is kept of a run: its summary with the numbers of [`rows`] alone, under the names and in the order that they have.
pub fn kept(summary: &Value) -> Value {
    let whole = ["title", "seed", "from_s", "until_s", "simulator_saturated", "detail", "hash"];
    let mut all: Map<String, Value> = fields_in(summary, whole.into_iter()).collect();
    for part in ["users", "cost"] {
        let fields = WORLD.iter().filter(|(of, _)| *of == part).map(|(_, field)| *field);
        all.insert(part.to_owned(), some_of(&summary[part], fields));
    }
    let nodes = summary["nodes"].as_array().into_iter().flatten().map(|row| {
        let own = kind_of(row).map_or(&[][..], fields_of);
        some_of(row, ["id", "kind"].into_iter().chain(own.iter().copied()))
    });
    all.insert("nodes".to_owned(), nodes.collect());
    Value::Object(all)
}

fn some_of<'a>(row: &Value, fields: impl Iterator<Item = &'a str>) -> Value {
    Value::Object(fields_in(row, fields).collect())
}

fn fields_in<'a>(
    row: &Value,
    fields: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = (String, Value)> {
    fields.filter_map(|field| Some((field.to_owned(), row.get(field)?.clone())))
}

fn kind_of(row: &Value) -> Option<Kind> {
    row["kind"].as_str().and_then(Kind::by_id)
}

/// The numbers of many runs of one design, in the order of the design: first those of all users together.
pub fn rows(runs: &[Value]) -> Vec<Row> {
    let Some(first) = runs.first() else { return Vec::new() };
    let values = |get: &dyn Fn(&Value) -> Option<f64>| -> Vec<(u64, f64)> {
        let number = |run: &Value| Some((run["seed"].as_u64()?, get(run).filter(|x| x.is_finite())?));
        runs.iter().filter_map(number).collect()
    };
    let mut rows = Vec::new();
    for (part, field) in WORLD {
        rows.extend(Row::new(None, field, &values(&|run| run[part][field].as_f64())));
    }
    let nodes = first["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    // Of one users node, all users together have told it.
    let one = nodes.iter().filter(|n| kind_of(n) == Some(Kind::Users)).count() == 1;
    for (i, node) in nodes.iter().enumerate() {
        let (Some(id), Some(kind)) = (node["id"].as_str(), kind_of(node)) else { continue };
        if one && kind == Kind::Users {
            continue;
        }
        for field in fields_of(kind) {
            let of_node = values(&|run| run["nodes"].get(i)?.get(*field)?.as_f64());
            rows.extend(Row::new(Some((id, kind)), field, &of_node));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::replicate::{replicated, run_seeds};
    use headroom_model::design::Design;
    use headroom_model::scenarios;
    use headroom_model::summary::summarize;
    use serde_json::json;
    use std::collections::BTreeSet;

    fn run(seed: u64, p99: Value, hits: f64) -> Value {
        json!({"seed": seed, "users": {"response_p99_s": p99, "failure_share": 0.0}, "cost": {"usd_per_hour": 2.0},
            "nodes": [{"id": "u", "kind": "users", "failure_share": 0.0}, {"id": "c", "kind": "cache", "hit_ratio": hits}]})
    }

    #[test]
    fn a_row_knows_its_mean_its_ends_and_whether_it_is_sure() {
        let runs = [
            run(7, json!(1.0), 0.5),
            run(8, json!(3.0), 0.5),
            run(9, Value::Null, 0.5),
            run(10, json!(2.0), 0.5),
        ];
        let rows = rows(&runs);
        let names: Vec<(Option<&str>, &str)> = rows.iter().map(|r| (r.node.as_deref(), &*r.field)).collect();
        let world = |f| (None, f);
        assert_eq!(
            names,
            [
                world("response_p99_s"),
                world("failure_share"),
                world("usd_per_hour"),
                (Some("c"), "hit_ratio")
            ]
        );
        let p99 = &rows[0];
        assert_eq!((p99.estimate.n, p99.estimate.mean, p99.least, p99.most), (3, 2.0, (7, 1.0), (8, 3.0)));
        // t(0.975, 2) = 4.3027, standard error 1/√3.
        assert!((p99.half_width.unwrap() - 4.302_652_729_749_464 / 3.0_f64.sqrt()).abs() < 1e-12);
        assert!(p99.is_wide());
        // All the same: sure, also of a nought, and the first seed stands for all.
        for row in &rows[1..] {
            assert_eq!((row.half_width, row.is_wide(), row.least.0, row.most.0), (Some(0.0), false, 7, 7));
        }
        let alone = super::rows(&runs[..1]);
        assert!(alone[0].half_width.is_none() && !alone[0].is_wide());
        assert!(super::rows(&[]).is_empty());
    }

    #[test]
    fn what_is_kept_gives_the_numbers_that_the_whole_summaries_give() {
        let mut design = Design::parse(scenarios::by_id("replicas-write-burst").unwrap().json).unwrap();
        (design.run.until_s, design.run.replications) = (5.0, 3);
        let whole = run_seeds(&design, 2, |_, design, sim| summarize(design, sim));
        let kept: Vec<Value> = whole.iter().map(kept).collect();
        assert_eq!(rows(&kept), rows(&whole));
        let (few, all) = (replicated(&kept, false), replicated(&whole, false));
        for part in ["replications", "seeds", "hashes"] {
            assert_eq!(few[part], all[part]);
        }
        for row in rows(&kept) {
            let node = |merged: &Value| {
                let nodes = merged["nodes"].as_array().unwrap();
                nodes.iter().find(|n| n["id"].as_str() == row.node.as_deref()).cloned()
            };
            let part = if row.field == "usd_per_hour" { "cost" } else { "users" };
            let of =
                |merged: &Value| node(merged).unwrap_or_else(|| merged[part].clone())[&row.field].clone();
            assert_eq!(of(&few), of(&all), "{row:?}");
            assert_eq!(of(&few)["mean"].as_f64(), Some(row.estimate.mean));
            assert_eq!(of(&few)["ci95"].as_f64(), row.half_width);
        }
        assert!(few.to_string().len() * 4 < all.to_string().len());
    }

    #[test]
    fn every_kind_has_the_fields_that_are_told_of_it() {
        let mut missing: BTreeSet<(&str, &str)> =
            Kind::ALL.iter().flat_map(|k| fields_of(*k).iter().map(|f| (k.spec().id, *f))).collect();
        for scenario in scenarios::small() {
            let mut design = Design::parse(scenario.json).unwrap();
            (design.run.until_s, design.run.warmup_s) = (2.0, 0.0);
            design.timeline.clear();
            let summary = run_seeds(&design, 1, |_, design, sim| summarize(design, sim)).remove(0);
            for node in summary["nodes"].as_array().unwrap() {
                missing.retain(|(kind, field)| node["kind"] != *kind || node.get(field).is_none());
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
