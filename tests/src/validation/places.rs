//! Distance, name servers, connections and data centres, against what their round trips and queues add up to.

use super::Experiment;
use super::build::{Done, det_ms, exp_ms, run};
use serde_json::{Value, json};

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![
        // One request at 1 s, over a connection and a name that nobody has used before.
        Experiment::new(&["CONN.first"], 3, |r| {
            let file = json!({
                "nodes": [
                    users("users", Value::Null, 1.0, "regular"),
                    {"id": "dns", "kind": "dns", "params": {"lookup_ms": 30}},
                    {"id": "web", "kind": "web", "params": {"service": det_ms(20.0)}},
                ],
                "wires": [
                    {"from": "users", "to": "dns"},
                    {"from": "dns", "to": "web", "latency_ms": 40, "connect": "tls13"},
                ],
                "run": {"until_s": 1.9},
            });
            vec![run(&file, r.seed()).summary["users"]["response_mean_s"].as_f64().unwrap_or(f64::NAN) * 1e3]
        })
        .quick(),
        Experiment::new(&["GEO.rtt"], 3, |r| {
            let done = run(&two_regions(), r.seed());
            vec![done.summary["users"]["response_mean_s"].as_f64().unwrap_or(f64::NAN) * 1e3]
        })
        .quick(),
        Experiment::new(&["DC.before"], 20, |r| {
            let done = run(&two_data_centres(json!([]), 1e4), r.seed());
            vec![both_sites(&done)]
        }),
        Experiment::new(&["DC.after"], 20, |r| {
            let timeline = json!([{"at_s": 20, "do": "kill", "node": "seoul"}]);
            let done = run(&two_data_centres(timeline, 4e4), r.seed());
            vec![done.get("web_b", "response_mean_s")]
        }),
    ]
}

fn users(id: &str, place: Value, rate_rps: f64, arrivals: &str) -> Value {
    json!({"id": id, "kind": "users", "place": place, "params": {
        "traffic": {"preset": "constant", "rps": rate_rps}, "arrivals": arrivals, "write_share": 0, "items": 100,
        "timeout_ms": null,
    }})
}

/// 60 requests/s from a region whose site is 20 ms away, 40 from one whose site is 80 ms away; a name server sends each to
/// the nearest. Regular arrivals, so that the shares are those told.
fn two_regions() -> Value {
    let site = |id: &str, place: &str| json!({"id": id, "kind": "web", "place": place, "params": {"service": det_ms(0.0)}});
    // Traffic ends a little after a whole second: both have sent their shares, and all is answered.
    let visitors = |id: &str, place: &str, rate_rps: f64| {
        let mut users = users(id, json!(place), rate_rps, "regular");
        users["params"]["traffic"] = json!({"points": [[0, rate_rps], [20.005, rate_rps], [20.005, 0]]});
        users
    };
    json!({
        "nodes": [
            visitors("us", "virginia", 60.0),
            visitors("eu", "ireland", 40.0),
            {"id": "dns", "kind": "dns", "params": {"policy": "nearest", "lookup_ms": 0}},
            site("web_us", "virginia"),
            site("web_eu", "ireland"),
        ],
        "wires": [
            {"from": "us", "to": "dns"}, {"from": "eu", "to": "dns"},
            {"from": "dns", "to": "web_eu"}, {"from": "dns", "to": "web_us"},
        ],
        "places": [
            {"id": "virginia", "kind": "region", "params": {"rtt_ms": 20}},
            {"id": "ireland", "kind": "region", "params": {"site": "ireland", "rtt_ms": 80}},
        ],
        "run": {"until_s": 21},
    })
}

/// 90 requests/s, a name server that gives either answer by lot, two data centres of ten workers each.
fn two_data_centres(timeline: Value, measured_s: f64) -> Value {
    let site = |id: &str, place: &str| {
        json!({"id": id, "kind": "web", "place": place, "params": {
            "workers": 10, "service": exp_ms(100.0), "queue_limit": null}})
    };
    json!({
        "nodes": [
            users("users", Value::Null, 90.0, "poisson"),
            {"id": "dns", "kind": "dns", "params": {"policy": "weighted", "ttl_s": 5, "resolvers": 5000, "lookup_ms": 0, "health_interval_s": 1}},
            site("web_a", "seoul"),
            site("web_b", "tokyo"),
        ],
        "wires": [
            {"from": "users", "to": "dns"}, {"from": "dns", "to": "web_a"}, {"from": "dns", "to": "web_b"},
        ],
        "places": [
            {"id": "seoul", "kind": "data_centre", "params": {"site": "seoul"}},
            {"id": "tokyo", "kind": "data_centre", "params": {"site": "tokyo"}},
        ],
        "timeline": timeline,
        "run": {"warmup_s": 100, "until_s": 100.0 + measured_s},
    })
}

fn both_sites(done: &Done) -> f64 {
    let sum = |name: &str| done.get("web_a", name) + done.get("web_b", name);
    let spent = |id: &str| done.get(id, "response_mean_s") * done.get(id, "completions");
    (spent("web_a") + spent("web_b")) / sum("completions")
}
