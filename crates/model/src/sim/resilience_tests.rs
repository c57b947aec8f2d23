//! What wires do besides carrying, seen from outside and held against exact values.
#![allow(clippy::unwrap_used)]

use super::Simulation;
use crate::design::Design;
use crate::summary::summarize;
use serde_json::{Value, json};

fn det(ms: f64) -> Value {
    json!({"law": "deterministic", "mean_ms": ms})
}

/// Users at a steady 10/s (every 100 ms from 0.1 s on) unless told otherwise.
fn users(more: Value) -> Value {
    let mut params = json!({"traffic": {"preset": "constant", "rps": 10}, "arrivals": "regular", "write_share": 0,
        "items": 100, "timeout_ms": null});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"id": "users", "kind": "users", "params": params})
}

fn web(id: &str, ms: f64, more: Value) -> Value {
    let mut params = json!({"workers": 1000, "service": det(ms), "queue_limit": null});
    params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"id": id, "kind": "web", "params": params})
}

/// Each node wired to the next, with the settings of each wire.
fn chain(nodes: Vec<Value>, wires: Vec<Value>, timeline: Value, until_s: f64) -> Value {
    let ends: Vec<Value> = nodes.iter().map(|n| n["id"].clone()).collect();
    let wires: Vec<Value> = wires
        .into_iter()
        .zip(ends.windows(2))
        .map(|(mut wire, pair)| {
            wire["from"] = pair[0].clone();
            wire["to"] = pair[1].clone();
            wire
        })
        .collect();
    json!({"nodes": nodes, "wires": wires, "timeline": timeline, "run": {"until_s": until_s}})
}

fn run(file: &Value) -> Value {
    let design = Design::from_json(file).unwrap_or_else(|f| panic!("{f:?}"));
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    summarize(&design, &mut sim)
}

fn node<'a>(summary: &'a Value, id: &str) -> &'a Value {
    summary["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap()
}

fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is not a whole number"))
}

fn real(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

#[test]
fn settings_that_never_come_to_bear_change_no_number() {
    let nodes = || vec![users(json!({"arrivals": "poisson"})), web("web", 8.0, json!({"workers": 1}))];
    let plain = run(&chain(nodes(), vec![json!({})], json!([]), 100.0));
    let idle = json!({"timeout_ms": 3_600_000, "retries": 3, "breaker": "consecutive", "cancel": true,
        "rate_limit_rps": 1e7, "rate_limit_burst": 1e7, "bandwidth_mbps": 1e8, "hedge": "after", "hedge_after_ms": 3_600_000});
    let guarded = run(&chain(nodes(), vec![idle], json!([]), 100.0));
    for (a, b) in plain["nodes"].as_array().unwrap().iter().zip(guarded["nodes"].as_array().unwrap()) {
        assert_eq!(a, b);
    }
    let wire = &guarded["wires"][0];
    assert_eq!(wire["calls"], plain["wires"][0]["calls"]);
    assert_eq!((whole(&wire["attempts"]), whole(&wire["failed"])), (whole(&wire["calls"]), 0));
}

#[test]
fn a_timed_out_attempt_is_tried_again_and_its_work_goes_on() {
    // Every attempt takes 50 ms and is given 20: three of them, with waits of 10 and 20 ms between.
    let wire = json!({"timeout_ms": 20, "retries": 2, "backoff_ms": 10, "jitter": "none"});
    let hundred = json!({"traffic": {"points": [[0, 10], [10.05, 10], [10.05, 0]]}});
    let s = run(&chain(vec![users(hundred), web("web", 50.0, json!({}))], vec![wire], json!([]), 12.0));
    let (u, w, wire) = (node(&s, "users"), node(&s, "web"), &s["wires"][0]);
    assert_eq!(whole(&u["failures"]["timeout"]), 100);
    assert_eq!(whole(&u["failures_total"]), 100);
    assert_eq!((whole(&wire["calls"]), whole(&wire["attempts"]), whole(&wire["retries"])), (100, 300, 200));
    assert_eq!((whole(&wire["timeouts"]), whole(&wire["failed"])), (300, 100));
    // 20 + 10 + 20 + 20 + 20 ms each.
    assert!((real(&u["in_system_mean"]) - 100.0 * 0.09 / 12.0).abs() < 1e-9, "{u}");
    assert_eq!(whole(&w["completions"]), 300, "abandoned work is done to its end");
    assert_eq!(whole(&wire["wasted_answers"]), 300);
}

#[test]
fn cancellation_drops_what_waits_and_finishes_what_has_begun() {
    // One worker, 50 ms each; a request every 100 ms, given up after 20 ms and sent once more.
    let wire = |cancel: bool| json!({"timeout_ms": 20, "retries": 1, "backoff_ms": 0, "jitter": "none", "cancel": cancel});
    let nodes = || vec![users(json!({})), web("web", 50.0, json!({"workers": 1}))];
    let off = run(&chain(nodes(), vec![wire(false)], json!([]), 10.19));
    let on = run(&chain(nodes(), vec![wire(true)], json!([]), 10.19));
    // Off: both attempts are worked on, one after the other. On: the second waits behind the first and is dropped.
    assert_eq!(whole(&node(&off, "web")["completions"]), 202 - 1);
    assert_eq!(whole(&node(&on, "web")["completions"]), 101);
    assert_eq!(whole(&node(&on, "web")["failures"]["cancelled"]), 101);
    assert_eq!(whole(&on["wires"][0]["cancelled"]), 202);
}

#[test]
fn cancellation_reaches_what_was_called_on_behalf() {
    // The gateway asks a slow worker; clients give up after 30 ms and their requests wait at the worker.
    let cancel = |latency: f64| json!({"cancel": true, "latency_ms": latency});
    let nodes = vec![
        users(json!({"timeout_ms": 30})),
        web("gateway", 0.0, json!({})),
        web("worker", 250.0, json!({"workers": 1})),
    ];
    let s = run(&chain(nodes, vec![cancel(1.0), cancel(2.0)], json!([]), 20.0));
    let (gateway, worker) = (node(&s, "gateway"), node(&s, "worker"));
    // Of three requests in 300 ms the first is begun and takes 250; the others are dropped after 28 ms, when the word comes.
    assert_eq!(whole(&worker["completions"]) + whole(&worker["in_flight"]), 67);
    assert_eq!(whole(&worker["failures"]["cancelled"]), 132);
    assert_eq!(whole(&gateway["failures"]["cancelled"]), whole(&gateway["failures_total"]));
    assert!(real(&worker["queue_mean"]) < 0.5, "nobody waits for long: {worker}");
    assert_eq!(whole(&node(&s, "users")["failures"]["timeout"]), whole(&node(&s, "users")["failures_total"]));
}

#[test]
fn each_layer_of_retries_multiplies_the_load() {
    let nodes =
        vec![users(json!({})), web("a", 0.0, json!({})), web("b", 0.0, json!({})), web("c", 0.0, json!({}))];
    let wire = || json!({"retries": 3, "backoff_ms": 0, "jitter": "none"});
    let dead = json!([{"at_s": 0, "do": "kill", "node": "c"}]);
    let s = run(&chain(nodes, vec![wire(), wire(), wire()], dead, 10.05));
    assert_eq!(whole(&node(&s, "c")["arrivals"]), 64 * whole(&node(&s, "users")["arrivals"]));
    assert_eq!(whole(&node(&s, "users")["failures"]["refused"]), 100);
}

#[test]
fn a_budget_bounds_the_retries_of_an_outage() {
    let wire = json!({"retries": 3, "backoff_ms": 0, "retry_budget_share": 0.1, "retry_budget_burst": 5});
    let dead = json!([{"at_s": 0, "do": "kill", "node": "web"}]);
    let s = run(&chain(vec![users(json!({})), web("web", 1.0, json!({}))], vec![wire], dead, 100.05));
    let wire = &s["wires"][0];
    assert_eq!(whole(&wire["calls"]), 1000);
    // 5 at the start, and a tenth of every call but the first, whose share found the budget full: 104.9.
    assert_eq!(whole(&wire["retries"]), 104, "{wire}");
    assert_eq!(whole(&wire["failed"]), 1000);
}

#[test]
fn an_open_breaker_fails_at_once_and_closes_when_a_trial_succeeds() {
    // The server is dead from 1 s to 5 s. Five failures open the breaker; every 2 s it tries once.
    let wire = json!({"breaker": "consecutive", "breaker_failures": 5, "breaker_open_ms": 2000});
    let timeline =
        json!([{"at_s": 1.01, "do": "kill", "node": "web"}, {"at_s": 5, "do": "revive", "node": "web"}]);
    let s = run(&chain(vec![users(json!({})), web("web", 1.0, json!({}))], vec![wire], timeline, 10.05));
    let (u, wire) = (node(&s, "users"), &s["wires"][0]);
    // Requests at 1.1 ... 1.5 fail; open until 3.5, when a trial fails; open until 5.5, when one succeeds.
    assert_eq!(whole(&u["failures"]["refused"]), 6);
    assert_eq!(whole(&u["failures"]["circuit_open"]), 19 + 19);
    assert_eq!((whole(&wire["circuit_opened"]), whole(&wire["refused_circuit_open"])), (1, 38));
    assert!((real(&wire["circuit_open_share"]) - 4.001 / 10.05).abs() < 1e-6, "{wire}");
    assert_eq!(whole(&u["completions"]) + 6 + 38, whole(&u["arrivals"]));
}

#[test]
fn the_first_answer_of_a_hedged_read_counts() {
    // A quarter of the instances is slow: 100 ms instead of 10. After 20 ms a read goes out again.
    let nodes = || vec![users(json!({})), web("web", 10.0, json!({"instances": 4}))];
    let slow = json!([{"at_s": 0, "do": "slow", "node": "web", "part": 0, "factor": 10}]);
    let wire = json!({"hedge": "after", "hedge_after_ms": 20});
    let s = run(&chain(nodes(), vec![wire], slow.clone(), 1000.05));
    let (u, wire) = (node(&s, "users"), &s["wires"][0]);
    assert_eq!(whole(&u["failures_total"]), 0);
    let hedges = real(&wire["hedges"]) / real(&wire["calls"]);
    assert!((hedges - 0.25).abs() < 0.02, "{wire}");
    // Both fell on the slow one in 1 of 16: the first is back at 100 ms.
    assert!((real(&u["response_p90_s"]) - 0.03).abs() < 1e-3, "{u}");
    assert!((real(&u["response_max_s"]) - 0.1).abs() < 1e-9);
    assert!((real(&wire["hedge_wins"]) / real(&wire["hedges"]) - 0.75).abs() < 0.04, "{wire}");
    // Writes are not sent twice.
    let mut writes = nodes();
    writes[0]["params"]["write_share"] = json!(1);
    let s = run(&chain(writes, vec![json!({"hedge": "after", "hedge_after_ms": 20})], slow, 20.0));
    assert_eq!(whole(&s["wires"][0]["hedges"]), 0);
}

#[test]
fn a_rate_limit_lets_through_its_rate_and_its_burst() {
    let wire = json!({"rate_limit_rps": 4, "rate_limit_burst": 3});
    let s = run(&chain(vec![users(json!({})), web("web", 1.0, json!({}))], vec![wire], json!([]), 100.05));
    let (u, wire) = (node(&s, "users"), &s["wires"][0]);
    // 1000 requests from 0.1 to 100 s; the bucket is full when the first comes: 3, and 4 a second from then on.
    let passed = 3 + (4.0_f64 * 99.9).floor() as u64;
    assert_eq!((whole(&u["completions"]), whole(&u["failures"]["rate_limited"])), (passed, 1000 - passed));
    assert_eq!(whole(&wire["refused_rate_limited"]), 1000 - passed);
}

#[test]
fn a_lost_attempt_fails_after_a_round_trip_and_never_arrives() {
    let wire = json!({"error_share": 1, "latency_ms": 7, "retries": 1, "backoff_ms": 0});
    let s = run(&chain(vec![users(json!({})), web("web", 1.0, json!({}))], vec![wire], json!([]), 10.05));
    let u = node(&s, "users");
    assert_eq!(whole(&u["failures"]["network"]), 100);
    assert_eq!(whole(&node(&s, "web")["arrivals"]), 0);
    assert!((real(&u["in_system_mean"]) - 100.0 * 0.028 / 10.05).abs() < 1e-9, "{u}");
}

#[test]
fn a_random_delay_is_drawn_each_way() {
    let wire = json!({"latency_ms": 3, "extra_delay": {"law": "uniform", "min_ms": 1, "max_ms": 3}});
    let s = run(&chain(vec![users(json!({})), web("web", 10.0, json!({}))], vec![wire], json!([]), 1000.05));
    let u = node(&s, "users");
    assert!((real(&u["response_mean_s"]) - 0.020).abs() < 0.00005, "{u}");
    assert!(real(&u["response_max_s"]) < 0.022 && real(&u["response_max_s"]) > 0.0218);
}

#[test]
fn retries_stop_when_their_caller_dies() {
    let nodes = vec![users(json!({})), web("a", 0.0, json!({})), web("b", 0.0, json!({}))];
    let wire = json!({"retries": 10, "backoff_ms": 1000, "backoff_factor": 1, "jitter": "none"});
    let timeline = json!([{"at_s": 0, "do": "kill", "node": "b"}, {"at_s": 5.05, "do": "kill", "node": "a"}]);
    let s = run(&chain(nodes, vec![json!({}), wire], timeline, 30.0));
    let wire = &s["wires"][1];
    // Calls at 0.1, 0.2 ... 5.0 s, each with as many retries as whole seconds up to 5.05 s: 4 for the first ten, and so on.
    assert_eq!(whole(&wire["calls"]), 50);
    assert_eq!(whole(&wire["retries"]), 10 * (4 + 3 + 2 + 1) + 50, "each began one more wait: {wire}");
    assert_eq!(whole(&wire["attempts"]), 50 + 10 * (4 + 3 + 2 + 1));
    assert_eq!(whole(&node(&s, "users")["failures"]["died"]), 50);
}

#[test]
fn a_pool_and_a_timeout_together_give_connections_back() {
    // One connection, held for the 20 ms of a timed-out attempt: the next request waits for it and not for the answer.
    let wire = json!({"timeout_ms": 20, "pool": 1, "pool_wait_ms": 1000});
    let s = run(&chain(
        vec![users(json!({"traffic": {"preset": "constant", "rps": 50}})), web("web", 500.0, json!({}))],
        vec![wire],
        json!([]),
        10.01,
    ));
    let u = node(&s, "users");
    assert_eq!(whole(&u["failures"]["timeout"]), whole(&u["failures_total"]));
    assert!(whole(&u["failures_total"]) >= 498, "{u}");
}

/// The design of the gallery, changed, and its users' completions and failures from a moment on.
fn scenario(id: &str, change: impl Fn(&mut Value), from_s: f64) -> Value {
    let mut file: Value = serde_json::from_str(crate::scenarios::by_id(id).unwrap().json).unwrap();
    file["run"]["warmup_s"] = json!(from_s);
    change(&mut file);
    run(&file)
}

#[test]
fn a_retry_storm_outlives_its_cause_until_it_is_mended() {
    let good = |change: fn(&mut Value)| {
        let s = scenario("retry-storm", change, 90.0);
        1.0 - real(&node(&s, "users")["failure_share"])
    };
    assert!(good(|_| {}) < 0.01, "{}", good(|_| {}));
    assert!(good(|f| f["wires"][1]["retry_budget_share"] = json!(0.1)) > 0.99);
    assert!(good(|f| f["timeline"] = json!([])) > 0.999, "without the slow time there is no storm");
}

#[test]
fn a_breaker_saves_the_requests_that_need_nothing_of_the_dead() {
    let s = scenario("circuit-breaker", |f| f["run"]["until_s"] = json!(80), 45.0);
    let served = |id: &str| 1.0 - real(&node(&s, id)["failure_share"]);
    assert!(served("users") < 0.5, "{}", served("users"));
    assert!((served("users2") - 0.7).abs() < 0.03, "{}", served("users2"));
    let s = scenario("circuit-breaker", |_| {}, 100.0);
    assert!(real(&node(&s, "users2")["failure_share"]) < 0.001, "it closes again");
}

#[test]
fn hedges_cut_the_tail_for_little_more_load() {
    let s = scenario("hedged-requests", |_| {}, 20.0);
    let p99 = |id: &str| real(&node(&s, id)["response_p99_s"]);
    assert!(p99("users2") < 0.4 * p99("users"), "{} {}", p99("users2"), p99("users"));
    let wire = &s["wires"][3];
    assert!((real(&wire["attempts_per_call"]) - 1.05).abs() < 0.01, "{wire}");
}

#[test]
fn a_read_that_asks_many_waits_for_the_slowest_or_for_enough() {
    let file = |need: Value| {
        let root = web("root", 0.0, json!({"fan_out": 4, "fan_out_need": need}));
        let leaf = web("leaf", 10.0, json!({"instances": 1}));
        let mut file =
            chain(vec![users(json!({})), root, leaf], vec![json!({}), json!({})], json!([]), 100.05);
        file["nodes"].as_array_mut().unwrap().push(web("slow", 70.0, json!({})));
        file["wires"].as_array_mut().unwrap().push(json!({"from": "root", "to": "slow"}));
        file
    };
    // Two of the four go to the slow tier.
    let all = run(&file(Value::Null));
    assert!((real(&node(&all, "users")["response_mean_s"]) - 0.07).abs() < 1e-9);
    assert_eq!(
        (whole(&node(&all, "leaf")["arrivals"]), whole(&node(&all, "slow")["arrivals"])),
        (2000, 2000)
    );
    let two = run(&file(json!(2)));
    assert!((real(&node(&two, "users")["response_mean_s"]) - 0.01).abs() < 1e-9);
    let done = whole(&node(&two, "slow")["completions"]) + whole(&node(&two, "slow")["in_flight"]);
    assert_eq!(done, 2000, "what was asked is done all the same");
    // With the slow tier dead two answers are enough, or the request fails.
    let dead = |mut f: Value| {
        f["timeline"] = json!([{"at_s": 0, "do": "kill", "node": "slow"}]);
        run(&f)
    };
    assert_eq!(whole(&node(&dead(file(json!(2))), "users")["completions"]), 1000);
    assert_eq!(whole(&node(&dead(file(Value::Null)), "users")["failures"]["refused"]), 1000);
}
