//! What users send, seen from outside.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

/// Users in front of one server that answers at once, 10 ms away.
fn run(params: Value, until_s: f64) -> Value {
    let zero = json!({"law": "deterministic", "mean_ms": 0});
    let server = json!({"workers": 1000, "service": zero, "static_service": zero, "queue_limit": null});
    let file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": params},
            {"id": "web", "kind": "web", "params": server},
        ],
        "wires": [{"from": "users", "to": "web", "latency_ms": 10}],
        "run": {"until_s": until_s, "seed": 5},
    });
    let design = Design::parse(&file.to_string()).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    summarize(&design, &mut sim)["nodes"][0].clone()
}

#[test]
fn classes_come_in_their_shares() {
    let shares = [("write", 0.2), ("static", 0.1), ("query", 0.05), ("job", 0.02), ("read", 0.63)];
    let mut params = json!({"traffic": {"preset": "constant", "rps": 1000}});
    for (name, share) in &shares[..4] {
        params[format!("{name}_share")] = json!(share);
    }
    let users = run(params, 40.0);
    let all = users["arrivals"].as_f64().unwrap();
    for (name, share) in shares {
        let n = users["classes"][name]["arrivals"].as_f64().unwrap();
        let sd = (all * share * (1.0 - share)).sqrt();
        assert!((n - all * share).abs() < 4.5 * sd, "{name}: {n} of {all}");
    }
}

/// A page is its document and then all assets at once: two round trips, and the bytes of all.
#[test]
fn a_page_brings_its_assets() {
    let users = run(
        json!({"traffic": {"preset": "constant", "rps": 50}, "write_share": 0, "web_share": 1, "assets_per_page": 7, "ends_s": 20}),
        30.0,
    );
    let class = |name: &str| users["classes"][name]["completions"].as_u64().unwrap();
    let pages = class("read");
    assert!(pages > 800 && class("static") == 7 * pages);
    for name in ["page_mean_s", "page_max_s"] {
        assert!((users[name].as_f64().unwrap() - 0.04).abs() < 1e-3, "{name}: {users}");
    }
    assert_eq!(users["received_bytes"], json!(pages * (18_000 + 7 * 38_000)));
    assert_eq!(users["pages_broken"], json!(0));
}

/// Users of a closed loop are as many as they are: each thinks, and waits for a whole page.
#[test]
fn a_closed_loop_waits_for_whole_pages() {
    let users = run(
        json!({
            "mode": "closed", "population": 30, "think": {"law": "deterministic", "mean_ms": 460}, "write_share": 0,
            "web_share": 1, "assets_per_page": 3,
        }),
        100.0,
    );
    let pages = users["classes"]["read"]["completions"].as_f64().unwrap();
    // N / (R + Z) with two round trips of 20 ms.
    assert!((pages / 100.0 - 30.0 / 0.5).abs() < 0.5, "{pages}");
    assert_eq!(users["present"], json!(30));
}

/// Visits come along the curve and last as long as they are said to: Little's law for those who are there.
#[test]
fn visits_come_and_go() {
    let users = run(
        json!({
            "mode": "visits", "traffic": {"preset": "constant", "rps": 40}, "visit": {"law": "deterministic", "mean_ms": 5000},
            "think": {"law": "exponential", "mean_ms": 1000}, "ends_s": 50,
        }),
        100.0,
    );
    assert_eq!(users["present"], json!(0), "all have left");
    let requests = users["arrivals"].as_f64().unwrap();
    // One request at once, then one for each second of thinking and 20 ms of waiting.
    let expected = 40.0 * 50.0 * (1.0 + 5.0 / 1.02);
    assert!((requests / expected - 1.0).abs() < 0.06, "{requests} and {expected}");
}
