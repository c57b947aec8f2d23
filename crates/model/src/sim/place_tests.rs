//! What places do to a run: distance, shared cores, shared fate.
#![allow(clippy::unwrap_used)]

use super::Simulation;
use crate::design::Design;
use crate::summary::summarize;
use serde_json::{Value, json};

fn run(file: &Value) -> Value {
    let design = Design::from_json(file).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    summarize(&design, &mut sim)
}

fn users(id: &str, place: Value, more: Value) -> Value {
    let mut params =
        json!({"traffic": {"preset": "constant", "rps": 50}, "write_share": 0, "timeout_ms": null});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"id": id, "kind": "users", "place": place, "params": params})
}

fn web(id: &str, place: Value, ms: f64, more: Value) -> Value {
    let mut params =
        json!({"service": {"law": "deterministic", "mean_ms": ms}, "workers": 1000, "queue_limit": null});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"id": id, "kind": "web", "place": place, "params": params})
}

#[test]
fn a_request_takes_the_round_trips_that_its_places_say() {
    let file = json!({
        "nodes": [
            users("near", json!("us"), json!({})),
            users("far", json!("eu"), json!({})),
            users("nowhere", Value::Null, json!({})),
            web("web", json!("zone"), 10.0, json!({})),
            web("behind", Value::Null, 0.0, json!({"instances": 2})),
        ],
        "wires": [
            {"from": "near", "to": "web"},
            {"from": "far", "to": "web", "latency_ms": 3},
            {"from": "nowhere", "to": "web"},
            {"from": "web", "to": "behind"},
        ],
        "places": [
            {"id": "us", "kind": "region"},
            {"id": "zone", "kind": "zone", "parent": "us"},
            {"id": "other", "kind": "zone", "parent": "us"},
            {"id": "eu", "kind": "region", "params": {"site": "ireland"}},
        ],
        "run": {"until_s": 30},
    });
    let mean = |summary: &Value, at: usize| summary["nodes"][at]["response_mean_s"].as_f64().unwrap() * 1e3;
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    let summary = run(&file);
    close(mean(&summary, 0), 1.55 + 10.0);
    close(mean(&summary, 1), 80.5 + 6.0 + 10.0);
    close(mean(&summary, 2), 10.0);
    // Spread over both zones, every other request crosses.
    let mut spread = file.clone();
    spread["nodes"][4]["spread"] = json!(["zone", "other"]);
    let crossing = mean(&run(&spread), 2);
    assert!((crossing - (10.0 + (0.9 + 1.55) / 2.0)).abs() < 0.05, "{crossing}");
}

#[test]
fn places_that_say_nothing_change_nothing() {
    let scenario = crate::scenarios::by_id("cache-aside").unwrap().json;
    let mut file: Value = serde_json::from_str(scenario).unwrap();
    file["run"]["until_s"] = json!(20);
    file["timeline"] = json!([]);
    let plain = run(&file);
    file["places"] =
        json!([{"id": "dc", "kind": "data_centre", "params": {"rtt_ms": 0}}, {"id": "r", "kind": "region"}]);
    let nodes = file["nodes"].as_array_mut().unwrap();
    for node in nodes.iter_mut().filter(|n| n["kind"] != "users") {
        node["place"] = json!("dc");
    }
    assert_eq!(run(&file)["hash"], plain["hash"]);
}
