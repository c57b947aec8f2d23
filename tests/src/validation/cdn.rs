//! Content delivery: edges and a shield, against renewal theory and brute force.

use super::Experiment;
use super::build::{chain, det_ms, free_web, node, run, users};
use serde_json::{Value, json};

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let mut all = ages();
    all.extend(capacities());
    all
}

/// People who ask for nothing but assets, a CDN that costs no time, and web servers as its origin.
fn site(until_s: f64, warmup_s: f64, people: Value, mut cdn: Value) -> Value {
    let params = cdn.as_object_mut().expect("params");
    params.entry("service").or_insert(det_ms(0.0));
    params.insert("shield_latency_ms".to_owned(), json!(0));
    let mut web = free_web();
    web["params"]["static_service"] = det_ms(0.0);
    chain(until_s, warmup_s, vec![people, node("cdn", "cdn", cdn), web])
}

/// Requests for assets, spread over edges by lot.
fn viewers(rate_rps: f64, more: Value) -> Value {
    let mut params = json!({"static_share": 1, "assets": 1, "asset_kb": 1, "clients": 100_000_000});
    params.as_object_mut().expect("params").extend(more.as_object().expect("params").clone());
    users(rate_rps, params)
}

fn ages() -> Vec<Experiment> {
    // One edge of 10 s behind a shield of 60 s, or both of 60 s; copies from the shield count as new.
    let two = |until_s: f64, ttl_s: f64| {
        let cdn = json!({
            "edges": 1, "ttl_s": ttl_s, "shield": true, "shield_ttl_s": 60, "hand_on_age": false,
        });
        site(until_s, 100.0, viewers(0.2, json!({})), cdn)
    };
    let ten = |until_s: f64, age: bool| {
        let cdn = json!({
            "edges": 10, "ttl_s": 60, "shield": true, "shield_ttl_s": 60, "hand_on_age": age,
        });
        site(until_s, 1000.0, viewers(0.2, json!({})), cdn)
    };
    vec![
        Experiment::new(&["CDN2.shield"], 24, {
            let file = two(2_000_100.0, 10.0);
            move |r| vec![run(&file, r.seed()).get("cdn", "shield_hit_ratio")]
        }),
        Experiment::new(&["CDN2.equal"], 3, {
            let file = two(100_100.0, 60.0);
            move |r| vec![run(&file, r.seed()).get("cdn", "shield_hit_ratio")]
        })
        .quick(),
        Experiment::new(&["CDN10.origin"], 20, {
            let file = ten(301_000.0, true);
            move |r| vec![run(&file, r.seed()).get("cdn", "origin_share")]
        })
        .quick(),
        Experiment::new(&["CDN10.edge_noage", "CDN10.origin_noage"], 20, {
            let file = ten(1_001_000.0, false);
            move |r| {
                let done = run(&file, r.seed());
                vec![done.get("cdn", "edge_hit_ratio"), done.get("cdn", "origin_share")]
            }
        }),
    ]
}

/// Five edges of 200 assets and a shield of 2000, least recently used.
fn capacities() -> Vec<Experiment> {
    let people =
        viewers(1000.0, json!({"arrivals": "regular", "assets": 10_000, "asset_zipf_s": 0.8, "asset_kb": 1}));
    let cdn = json!({
        "edges": 5, "capacity_mb": 0.2, "ttl_s": null, "shield": true, "shield_capacity_mb": 2, "shield_ttl_s": null,
    });
    let file = site(1200.0, 200.0, people, cdn);
    vec![
        Experiment::new(&["CDNLRU.edge", "CDNLRU.total"], 20, move |r| {
            let done = run(&file, r.seed());
            vec![done.get("cdn", "edge_hit_ratio"), 1.0 - done.get("cdn", "origin_share")]
        })
        .quick(),
    ]
}
