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

fn on_one_machine(cores: u32, timeline: Value) -> Value {
    let heavy = json!({"service": {"law": "lognormal", "mean_ms": 5, "cv": 2}});
    json!({
        "nodes": [
            users("a", Value::Null, json!({"traffic": {"preset": "constant", "rps": 40 * cores}})),
            users("b", Value::Null, json!({"traffic": {"preset": "constant", "rps": 40 * cores}})),
            web("web", json!("box"), 2.0, json!({})),
            web("other", json!("box"), 5.0, heavy),
            {"id": "db", "kind": "relational", "place": "box", "params": {
                "workers": 1000, "queue_limit": null, "read": {"law": "exponential", "mean_ms": 8}}},
        ],
        "wires": [
            {"from": "a", "to": "web"},
            {"from": "web", "to": "db"},
            {"from": "b", "to": "other"},
        ],
        "places": [{"id": "box", "kind": "machine", "params": {"cores": cores}}],
        "timeline": timeline,
        "run": {"until_s": 3000, "warmup_s": 50},
    })
}

/// M/G/1-PS with two classes: E[T] = E[S]/(1 − ρ) for both, whatever the law. Web work and database work of one request
/// follow each other at once, so they are one demand of 10 ms. ρ = 40/s × (10 ms + 5 ms) = 0.6.
#[test]
fn web_and_database_share_the_cores_of_their_machine() {
    let summary = run(&on_one_machine(1, json!([])));
    for (at, expected) in [(0, 0.010 / 0.4), (1, 0.005 / 0.4)] {
        let mean = summary["nodes"][at]["response_mean_s"].as_f64().unwrap();
        assert!((mean / expected - 1.0).abs() < 0.03, "{at}: {mean} {expected}");
    }
    let machine = &summary["places"][0];
    assert!((machine["utilization"].as_f64().unwrap() - 0.6).abs() < 0.01, "{machine}");
    // L = ρ/(1 − ρ) jobs on the machine.
    assert!((machine["jobs_mean"].as_f64().unwrap() - 1.5).abs() < 0.1, "{machine}");
}

/// What the windows say of a machine adds up to what the summary says.
#[test]
fn windows_of_a_machine_add_up_to_its_summary() {
    let mut file = on_one_machine(2, json!([]));
    file["run"] = json!({"until_s": 60, "warmup_s": 0, "window_s": 3});
    let design = Design::from_json(&file).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    let shares: Vec<f64> = sim.windows().iter().map(|w| f64::from(w.machines[0])).collect();
    let summary = summarize(&design, &mut sim);
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let whole = summary["places"][0]["utilization"].as_f64().unwrap();
    assert!(shares.len() == 20 && (mean - whole).abs() < 1e-5, "{mean} {whole} {}", shares.len());
}

#[test]
fn deaths_on_a_shared_machine_leave_the_others_their_work() {
    let mut timeline = Vec::new();
    for i in 0..150 {
        for (j, node) in ["web", "db", "other"].iter().enumerate() {
            let at_s = 1.0 + 2.0 * f64::from(i) + 0.3 * j as f64;
            timeline.push(json!({"at_s": at_s, "do": "kill", "node": node}));
            timeline.push(json!({"at_s": at_s + 0.25, "do": "revive", "node": node}));
        }
    }
    let mut file = on_one_machine(2, json!(timeline));
    file["run"]["until_s"] = json!(320);
    let kinds = [json!("fifo"), json!("processor_sharing")];
    for kind in kinds {
        file["nodes"][2]["params"]["discipline"] = kind;
        let summary = run(&file);
        assert!(summary["users"]["failures"]["died"].as_u64().unwrap() > 100);
        assert!(
            summary["users"]["in_flight"].as_u64().unwrap() < 50,
            "nothing is stuck: {}",
            summary["users"]
        );
    }
}

/// Two data centres: a balancer in one, and a tier spread over both.
fn two_sites(timeline: Value) -> Value {
    json!({
        "nodes": [
            users("u", Value::Null, json!({"traffic": {"preset": "constant", "rps": 200}, "timeout_ms": null})),
            {"id": "lb", "kind": "load_balancer", "place": "a", "params": {"health_checks": false}},
            {"id": "back", "kind": "web", "spread": ["a", "b"], "params": {"instances": 4, "service": {"law": "deterministic", "mean_ms": 1}}},
        ],
        "wires": [{"from": "u", "to": "lb"}, {"from": "lb", "to": "back"}],
        "places": [{"id": "a", "kind": "data_centre"}, {"id": "b", "kind": "data_centre"}],
        "timeline": timeline,
        "run": {"until_s": 100},
    })
}

#[test]
fn a_place_dies_and_comes_back_with_all_that_is_in_it() {
    let summary = run(&two_sites(json!([
        {"at_s": 20, "do": "kill", "node": "b"},
        {"at_s": 40, "do": "revive", "node": "b"},
        {"at_s": 60, "do": "kill", "node": "a"},
        {"at_s": 80, "do": "revive", "node": "a"},
    ])));
    let refused = summary["users"]["failures"]["refused"].as_f64().unwrap();
    // Half of the requests for 20 s, then all of them for 20 s.
    let expected = 200.0 * (20.0 * 0.5 + 20.0);
    assert!((refused / expected - 1.0).abs() < 0.03, "{refused}");
}

#[test]
fn a_cut_between_places_leaves_calls_without_an_answer() {
    let summary = run(&two_sites(json!([
        {"at_s": 20, "do": "partition", "from": "a", "to": "b"},
        {"at_s": 20, "do": "partition", "from": "b", "to": "a"},
        {"at_s": 40, "do": "rejoin", "from": "a", "to": "b"},
    ])));
    let lost = summary["users"]["failures"]["unreachable"].as_f64().unwrap();
    let expected = 200.0 * 20.0 * 0.5;
    assert!((lost / expected - 1.0).abs() < 0.05, "{lost}");
    assert_eq!(summary["users"]["failures_total"].as_f64().unwrap(), lost);
    assert_eq!(summary["nodes"][1]["failures"]["unreachable"].as_f64().unwrap(), lost, "the caller gives up");
}

#[test]
fn replication_takes_the_way_and_waits_out_a_cut() {
    let file = |timeline: Value| {
        json!({
            "nodes": [
                users("u", Value::Null, json!({"write_share": 1})),
                web("web", json!("us"), 0.0, json!({})),
                {"id": "db", "kind": "relational", "spread": ["us", "eu"], "params": {
                    "replicas": 1, "replication_delay_ms": 1, "workers": 50,
                    "apply": {"law": "deterministic", "mean_ms": 0}, "write": {"law": "deterministic", "mean_ms": 1}}},
            ],
            "wires": [{"from": "u", "to": "web"}, {"from": "web", "to": "db"}],
            "places": [
                {"id": "us", "kind": "region"},
                {"id": "eu", "kind": "region", "params": {"site": "ireland"}},
            ],
            "timeline": timeline,
            "run": {"until_s": 60},
        })
    };
    let calm = run(&file(json!([])));
    let lag = |s: &Value, name: &str| s["nodes"][2][name].as_f64().unwrap();
    assert!((lag(&calm, "lag_mean_s") - 0.04125).abs() < 1e-6, "{calm}");
    let cut = run(&file(json!([
        {"at_s": 20, "do": "partition", "from": "us", "to": "eu"},
        {"at_s": 50, "do": "rejoin", "from": "us", "to": "eu"},
    ])));
    assert!((lag(&cut, "lag_max_s") - 30.0).abs() < 0.5, "{}", lag(&cut, "lag_max_s"));
    assert_eq!(cut["users"]["failures_total"], 0, "the primary goes on");
}

/// The first request of a connection: DNS + TCP + TLS + HTTP + work; the next one finds all of that done.
#[test]
fn a_first_request_pays_for_name_and_connection() {
    let file = |connect: &str, until_s: f64, more: Value| {
        let mut wire = json!({"from": "dns", "to": "web", "latency_ms": 40, "connect": connect});
        wire.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let calm = json!({"traffic": {"preset": "constant", "rps": 1}, "arrivals": "regular", "clients": 1});
        json!({
            "nodes": [
                users("u", Value::Null, calm),
                {"id": "dns", "kind": "dns", "params": {"lookup_ms": 30, "ttl_s": 1000}},
                web("web", Value::Null, 20.0, json!({})),
            ],
            "wires": [{"from": "u", "to": "dns"}, wire],
            "run": {"until_s": until_s},
        })
    };
    let mean = |file: Value| (run(&file)["users"]["response_mean_s"].as_f64().unwrap() * 1e6).round() / 1e3;
    for (connect, ms) in [("open", 130.0), ("tcp", 210.0), ("tls13", 290.0), ("tls12", 370.0)] {
        assert_eq!(mean(file(connect, 1.9, json!({}))), ms, "{connect}");
        assert_eq!(
            mean(file(connect, 2.9, json!({}))),
            (ms + 100.0) / 2.0,
            "{connect}: the second is spared all of it"
        );
    }
    // Without keep-alive, and with one request for each connection, only the name is spared.
    assert_eq!(mean(file("tls13", 2.9, json!({"keep_alive_s": 0.5}))), (290.0 + 260.0) / 2.0);
    assert_eq!(mean(file("tls13", 2.9, json!({"requests_per_connection": 1}))), (290.0 + 260.0) / 2.0);
}

/// Two sites behind a name server; resolvers of all ages keep the answer for up to the TTL. One site dies at 100 s.
#[test]
fn resolvers_keep_sending_to_a_dead_site_until_their_answers_expire() {
    let file = |policy: &str, health: bool| {
        json!({
            "nodes": [
                users("u", Value::Null, json!({"traffic": {"preset": "constant", "rps": 1000}})),
                {"id": "dns", "kind": "dns", "params": {
                    "policy": policy, "ttl_s": 40, "resolvers": 400, "health_checks": health,
                    "health_interval_s": 1, "unhealthy_after": 1, "lookup_ms": 5}},
                web("a", Value::Null, 0.1, json!({})),
                web("b", Value::Null, 0.1, json!({})),
            ],
            "wires": [{"from": "u", "to": "dns"}, {"from": "dns", "to": "a", "weight": 3}, {"from": "dns", "to": "b"}],
            "timeline": [{"at_s": 100, "do": "kill", "node": "a"}],
            "run": {"until_s": 200},
        })
    };
    let refused = |s: &Value| s["users"]["failures"]["refused"].as_f64().unwrap_or(0.0);
    // Ages are even over the TTL: what asks for the dead site fades from its share to nothing over 40 s.
    for (policy, share, slack) in
        [("round_robin", 0.5, 0.1), ("weighted", 0.75, 0.12), ("failover", 1.0, 0.1)]
    {
        let summary = run(&file(policy, true));
        let expected = 1000.0 * share * (40.0 / 2.0 + 0.5);
        assert!(
            (refused(&summary) / expected - 1.0).abs() < slack,
            "{policy}: {} {expected}",
            refused(&summary)
        );
        assert_eq!(summary["nodes"][1]["sent_to_dead_sites"].as_f64().unwrap(), refused(&summary));
    }
    // Nobody looks: half of the answers go on being wrong.
    let blind = refused(&run(&file("round_robin", false)));
    assert!((blind / (1000.0 * 0.5 * 100.0) - 1.0).abs() < 0.05, "{blind}");
}

#[test]
fn users_are_sent_to_the_nearest_site_and_lookups_fail_without_a_name_server() {
    let file = json!({
        "nodes": [
            users("u1", json!("us"), json!({})),
            users("u2", json!("eu"), json!({})),
            {"id": "dns", "kind": "dns", "params": {"policy": "nearest", "lookup_ms": 0, "ttl_s": 10, "health_interval_s": 1}},
            web("west", json!("us"), 1.0, json!({})),
            web("east", json!("eu"), 1.0, json!({})),
        ],
        "wires": [
            {"from": "u1", "to": "dns", "latency_ms": 7},
            {"from": "u2", "to": "dns"},
            {"from": "dns", "to": "west"},
            {"from": "dns", "to": "east"},
        ],
        "places": [
            {"id": "us", "kind": "region", "params": {"rtt_ms": 4}},
            {"id": "eu", "kind": "region", "params": {"site": "ireland", "rtt_ms": 6}},
        ],
        "timeline": [{"at_s": 40, "do": "kill", "node": "east"}, {"at_s": 160, "do": "kill", "node": "dns"}],
        "run": {"until_s": 200},
    });
    let summary = run(&file);
    let p50 = |at: usize, ms: f64| {
        let measured = summary["nodes"][at]["response_p50_s"].as_f64().unwrap() * 1e3;
        assert!((measured / ms - 1.0).abs() < 0.01, "{at}: {measured} {ms}");
    };
    p50(0, 5.0);
    // Their own site is dead for most of the run, and the other one is far.
    p50(1, 81.5);
    // A resolver of the first region pays the way to the DNS when it looks up: 2 × 7 ms.
    let slowest = summary["nodes"][0]["response_max_s"].as_f64().unwrap();
    assert!((slowest - 0.019).abs() < 1e-3, "{slowest}");
    let lost = summary["users"]["failures"]["no_name"].as_f64().unwrap();
    // From 160 s to 200 s, after the answers' last half TTL on average.
    assert!((lost / (100.0 * (40.0 - 5.0)) - 1.0).abs() < 0.1, "{lost}");
}

#[test]
fn a_wire_with_a_timeout_does_not_wait_out_a_cut() {
    let mut file = two_sites(json!([{"at_s": 20, "do": "partition", "from": "a", "to": "b"}]));
    file["wires"][1]["timeout_ms"] = json!(100);
    let summary = run(&file);
    let failures = &summary["nodes"][1]["failures"];
    assert!(failures["unreachable"].is_null() && failures["timeout"].as_u64().unwrap() > 7000, "{failures}");
    assert!(summary["nodes"][1]["response_max_s"].as_f64().unwrap() < 0.2);
}
