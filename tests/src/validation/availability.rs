//! How much of the time something is there, against products of availabilities and the cycle of failure and failover.

use super::build::{Done, chain, design, det_ms, exp_ms, node, run, users, web};
use super::{Experiment, Replication};
use crate::random::Dice;
use serde_json::{Value, json};

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(&["AV.serial"], 2, |r| vec![in_series([0.9999, 0.999, 0.995], r)]).quick(),
        // A tier that is dead for one thousandth of the time, in the minutes of a year.
        Experiment::new(&["AV.min"], 1, |r| {
            let people = users(10.0, json!({}));
            let mut file = chain(10_000.0, 0.0, vec![people, web("web", 8, exp_ms(10.0), json!({}))]);
            file["timeline"] = json!([
                {"at_s": 4000, "do": "kill", "node": "web"}, {"at_s": 4010, "do": "revive", "node": "web"},
            ]);
            vec![run(&file, r.seed()).get("web", "unavailability") * 365.0 * 24.0 * 60.0]
        })
        .quick(),
        Experiment::new(&["AV.fo"], 24, |r| vec![without_a_primary(r)]).quick(),
        Experiment::new(&["AV.par"], 120, |r| {
            let pair = json!({"instances": 2, "mttf_h": 100, "mttr_h": 10, "needed": 1});
            vec![unavailability(400, pair, r)]
        }),
        Experiment::new(&["AV.crew"], 120, |r| {
            let pair = json!({"instances": 2, "mttf_h": 100, "mttr_h": 10, "needed": 1, "repair_crews": 1});
            vec![unavailability(400, pair, r)]
        }),
    ]
}

/// Availability of a balancer, a web tier and a database in a row: every state of the three is tried, and weighed with its
/// probability.
fn in_series(up: [f64; 3], r: Replication) -> f64 {
    let chain_of_three = || {
        let db = json!({"read": det_ms(1.0), "detect_s": 100});
        chain(
            2.0,
            0.0,
            vec![
                users(100.0, json!({})),
                node("lb", "load_balancer", json!({})),
                web("web", 8, det_ms(1.0), json!({})),
                node("db", "relational", db),
            ],
        )
    };
    let mut available = 0.0;
    for dead in 0..8_usize {
        let is_dead = |i: usize| dead & 1 << i != 0;
        let mut file = chain_of_three();
        let victims = ["lb", "web", "db"].into_iter().enumerate().filter(|(i, _)| is_dead(*i));
        file["timeline"] = victims.map(|(_, id)| json!({"at_s": 0, "do": "kill", "node": id})).collect();
        let done = run(&file, r.seed());
        let failed = done.get("users", "failures_total");
        assert!(failed == 0.0 || done.get("users", "completions") == 0.0, "all or nothing");
        let weight: f64 = (0..3).map(|i| if is_dead(i) { 1.0 - up[i] } else { up[i] }).product();
        available += if failed == 0.0 { weight } else { 0.0 };
    }
    available
}

/// Share of time without a primary, of databases whose primary fails 720 h after it has begun, on average: detection and
/// promotion take 90 s, and a new machine stands by at once.
fn without_a_primary(r: Replication) -> f64 {
    const DATABASES: usize = 400;
    let (days_s, mean_life_s, failover_s) = (30.0 * 86_400.0, 720.0 * 3600.0, 90.0);
    let db = json!({"replicas": 1, "detect_s": 30, "promote_s": 60, "replace_after_s": 0});
    let id = |i: usize| format!("db{i}");
    let nodes = (0..DATABASES).map(|i| node(&id(i), "relational", db.clone())).collect();
    let mut dice = Dice::new(r.seed());
    let mut timeline = Vec::new();
    for i in 0..DATABASES {
        let (mut at_s, mut primary) = (0.0, 0);
        loop {
            at_s -= mean_life_s * libm::log(1.0 - dice.unit());
            if at_s >= days_s {
                break;
            }
            timeline.push(json!({"at_s": at_s, "do": "kill", "node": id(i), "part": primary}));
            at_s += failover_s;
            primary = 1 - primary;
        }
    }
    timeline.sort_by(|a, b| a["at_s"].as_f64().unwrap_or(0.0).total_cmp(&b["at_s"].as_f64().unwrap_or(0.0)));
    let failures = timeline.len() as f64;
    let mut file = design(days_s, 0.0, nodes, Vec::new());
    file["timeline"] = Value::Array(timeline);
    file["run"]["window_s"] = json!(86_400);
    let done = run(&file, r.seed());
    let sum = |name: &str| (0..DATABASES).map(|i| done.get(&id(i), name)).sum::<f64>();
    assert!(
        (sum("failovers") - failures).abs() <= 2.0,
        "each failure is a failover, but for those at the end"
    );
    sum("no_primary_s") / (DATABASES as f64 * days_s)
}

/// Many tiers of machines that fail and are repaired, nobody calling them: the mean of their unavailabilities.
fn unavailability(tiers: u32, machines: Value, r: Replication) -> f64 {
    let nodes: Vec<Value> = (0..tiers).map(|i| node(&format!("web{i}"), "web", machines.clone())).collect();
    let mut file = design(30.0 * 86_400.0, 4.0 * 86_400.0, nodes, Vec::new());
    file["run"]["window_s"] = json!(86_400);
    let done: Done = run(&file, r.seed());
    (0..tiers).map(|i| done.get(&format!("web{i}"), "unavailability")).sum::<f64>() / f64::from(tiers)
}
