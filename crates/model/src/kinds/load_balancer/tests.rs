//! Which servers get requests, and when.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Map, Value, json};

fn file(balancer: Value, web: Value, timeline: Value, until_s: f64) -> Value {
    let users = json!({"traffic": {"preset": "constant", "rps": 400}, "write_share": 0, "items": 100, "clients": 500});
    json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": users},
            {"id": "lb", "kind": "load_balancer", "params": balancer},
            {"id": "web", "kind": "web", "params": web},
        ],
        "wires": [{"from": "users", "to": "lb"}, {"from": "lb", "to": "web"}],
        "timeline": timeline, "run": {"until_s": until_s, "seed": 4},
    })
}

fn run(file: &Value) -> (Simulation, Vec<Map<String, Value>>) {
    let design = Design::parse(&file.to_string()).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let nodes = summarize(&design, &mut sim)["nodes"].clone();
    (sim, serde_json::from_value(nodes).unwrap())
}

fn served(lb: &Map<String, Value>) -> Vec<f64> {
    lb["requests_per_server"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect()
}

fn ms(mean: f64) -> Value {
    json!({"law": "exponential", "mean_ms": mean})
}

/// Who is sent back to the server of its cookie finds new servers idle: only new clients would go there.
#[test]
fn sticky_clients_stay_and_new_servers_are_idle() {
    let scale = json!([{"at_s": 20, "do": "scale", "node": "web", "instances": 4}]);
    let web = json!({"instances": 2, "service": ms(1.0), "boot_s": 5});
    let (_, plain) = run(&file(json!({}), web.clone(), scale.clone(), 60.0));
    let counts = served(&plain[1]);
    assert_eq!(counts.len(), 4);
    // 35 of 60 s at four servers instead of two.
    assert!((counts[2] / (35.0 * 100.0) - 1.0).abs() < 0.05, "{counts:?}");
    let (_, sticky) = run(&file(json!({"sticky": true}), web, scale, 60.0));
    let counts = served(&sticky[1]);
    assert_eq!(&counts[2..], [0.0, 0.0], "{counts:?}");
}

#[test]
fn a_server_that_drains_gets_nothing_and_finishes() {
    let timeline = json!([{"at_s": 20, "do": "scale", "node": "web", "instances": 1}]);
    let (_, nodes) = run(&file(json!({}), json!({"instances": 2, "service": ms(5.0)}), timeline, 40.0));
    assert_eq!(nodes[0]["failures_total"], json!(0));
    let counts = served(&nodes[1]);
    assert!((counts[1] / 4000.0 - 1.0).abs() < 0.05, "{counts:?}");
}

/// A probe that waits in the queue finds the server that is too slow; a mere connection does not.
#[test]
fn a_slow_server_fails_probes_by_request() {
    let slow = json!([{"at_s": 10, "do": "slow", "node": "web", "part": 1, "factor": 500}]);
    let web = json!({"instances": 2, "workers": 2, "service": ms(4.0), "static_service": ms(1.0), "queue_limit": 100_000});
    let failed = |probe: &str| {
        let lb = json!({"probe": probe, "health_interval_s": 1, "probe_timeout_s": 0.5, "policy": "random"});
        let (sim, nodes) = run(&file(lb, web.clone(), slow.clone(), 60.0));
        let out = sim.happenings().iter().any(|h| h.what == crate::messages::What::TakenOut);
        (out, served(&nodes[1])[1])
    };
    let (out, there) = failed("connect");
    assert!(!out && there > 10_000.0, "{there}");
    let (out, there) = failed("request");
    assert!(out && there < 3_500.0, "{there}");
}

/// With slow start a server that is put back gets half of its share in the time, on average, where luck decides.
#[test]
fn a_server_that_is_back_warms_up() {
    let kill = json!([
        {"at_s": 1, "do": "kill", "node": "web", "part": 1}, {"at_s": 19.5, "do": "revive", "node": "web", "part": 1},
    ]);
    let lb = |slow_start_s: f64| json!({"policy": "random", "health_interval_s": 1, "healthy_after": 1, "unhealthy_after": 1, "slow_start_s": slow_start_s});
    let web = json!({"instances": 10, "service": ms(1.0)});
    let after = |slow: f64| {
        let whole = served(&run(&file(lb(slow), web.clone(), kill.clone(), 60.0)).1[1])[1];
        let before = served(&run(&file(lb(slow), web.clone(), kill.clone(), 15.0)).1[1])[1];
        whole - before
    };
    let (at_once, slowly) = (after(0.0), after(40.0));
    // Put back at 20 s: a tenth of 400 a second for 40 s, or half of that.
    assert!((at_once / 1600.0 - 1.0).abs() < 0.1, "{at_once}");
    assert!((0.4..0.65).contains(&(slowly / at_once)), "{slowly} of {at_once}");
}

/// Two cores of 25 µs each take 80,000 requests/s, and no more; a cloud service has no limit.
#[test]
fn a_balancer_of_software_has_a_capacity() {
    let flooded = |flavour: &str| {
        let lb = json!({"flavour": flavour, "cores": 1});
        let mut file = file(
            lb,
            json!({"workers": 10_000, "service": {"law": "deterministic", "mean_ms": 0}}),
            json!([]),
            2.0,
        );
        file["nodes"][0]["params"]["traffic"]["rps"] = json!(50_000);
        let (_, nodes) = run(&file);
        (nodes[0]["throughput_rps"].as_f64().unwrap(), nodes[1]["utilization"].as_f64())
    };
    let (rate, utilization) = flooded("l7");
    assert!((rate / 40_000.0 - 1.0).abs() < 0.02 && utilization.unwrap() > 0.99, "{rate} {utilization:?}");
    let (rate, utilization) = flooded("l4");
    assert!((rate / 50_000.0 - 1.0).abs() < 0.02 && (utilization.unwrap() - 0.25).abs() < 0.01);
    let (rate, utilization) = flooded("cloud");
    assert!((rate / 50_000.0 - 1.0).abs() < 0.02 && utilization.is_none());
}

/// Least response time leaves the slow server nearly alone.
#[test]
fn a_slow_server_gets_less_by_response_time() {
    let timeline = json!([{"at_s": 0, "do": "slow", "node": "web", "part": 0, "factor": 10}]);
    let web = json!({"instances": 2, "workers": 50, "service": ms(5.0)});
    let (_, nodes) = run(&file(json!({"policy": "least_response"}), web, timeline, 40.0));
    let counts = served(&nodes[1]);
    assert!(counts[0] < 0.25 * counts[1], "{counts:?}");
}

/// Busy time is requests times their work and new connections times theirs: what a balancer is made of decides how much a
/// connection costs it.
#[test]
fn new_connections_are_work() {
    let busy_s = |flavour: &str, connect: &str| {
        let mut design =
            file(json!({"flavour": flavour, "cores": 8}), json!({"service": ms(1.0)}), json!([]), 20.0);
        // Each connection carries four requests.
        design["wires"][0]["connect"] = json!(connect);
        design["wires"][0]["requests_per_connection"] = json!(4);
        let (_, nodes) = run(&design);
        let of = |name: &str| nodes[1][name].as_f64().unwrap();
        (of("utilization") * 8.0 * 20.0, of("arrivals"))
    };
    for (flavour, each_us, [tcp_us, tls_us]) in
        [("l7", 25.0, [22.25, 2336.4]), ("l4", 5.0, [5.0, 5.0]), ("hardware", 1.0, [1.0, 50.0])]
    {
        let (open_s, n) = busy_s(flavour, "open");
        assert!((open_s * 1e6 / n / each_us - 1.0).abs() < 0.01, "{flavour}");
        for (connect, us) in [("tcp", tcp_us), ("tls13", tls_us)] {
            let (busy_s, n) = busy_s(flavour, connect);
            // Of 500 clients each has on the mean a request of its last connection left over.
            let connections = n / 4.0 + 500.0 * 3.0 / 8.0;
            let expected = n * each_us + connections * us;
            assert!(
                (busy_s * 1e6 / expected - 1.0).abs() < 0.03,
                "{flavour} {connect}: {busy_s} and {expected}"
            );
        }
    }
}
