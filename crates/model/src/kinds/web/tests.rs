//! Where sessions live, and what becomes of them.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Map, Value, json};

/// Visits of logged-in users, 10 of 100 s each second, at four servers behind a balancer; `more` is changed in the design.
fn visits(policy: &str, store: Option<Value>, timeline: Value) -> Value {
    let users = json!({
        "mode": "visits", "traffic": {"preset": "constant", "rps": 10}, "visit": {"law": "exponential", "mean_ms": 100_000},
        "think": {"law": "exponential", "mean_ms": 5000}, "logged_in_share": 1, "log_out_share": 1, "write_share": 0,
    });
    let balancer = json!({"policy": policy, "health_interval_s": 0.5});
    let web = json!({"instances": 4, "service": {"law": "exponential", "mean_ms": 1}});
    let mut nodes = vec![
        json!({"id": "users", "kind": "users", "params": users}),
        json!({"id": "lb", "kind": "load_balancer", "params": balancer}),
        json!({"id": "web", "kind": "web", "params": web}),
    ];
    let mut wires = vec![json!({"from": "users", "to": "lb"}), json!({"from": "lb", "to": "web"})];
    if let Some(params) = store {
        nodes.push(json!({"id": "store", "kind": "session_store", "params": params}));
        wires.push(json!({"from": "web", "to": "store"}));
    }
    json!({"nodes": nodes, "wires": wires, "timeline": timeline, "run": {"until_s": 1000, "seed": 9}})
}

fn summary(file: &Value) -> impl Fn(&str) -> Map<String, Value> + use<> {
    let design = Design::parse(&file.to_string()).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let all = summarize(&design, &mut sim);
    move |id| {
        let node = all["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap();
        node.as_object().unwrap().clone()
    }
}

fn get(node: &Map<String, Value>, name: &str) -> f64 {
    node[name].as_f64().unwrap_or_else(|| panic!("{name} of {node:?}"))
}

/// Without stickiness three of four requests land where nobody knows the user: X log-ins for each that works.
#[test]
fn a_session_is_unknown_to_the_other_servers() {
    let of = summary(&visits("random", None, json!([])));
    let (users, web) = (of("users"), of("web"));
    let (ins, outs) = (get(&users, "log_ins"), get(&users, "log_outs"));
    // Each look-up finds the session with probability 1/4.
    let looked = get(&web, "arrivals") - ins;
    assert!((outs / looked - 0.75).abs() < 0.05, "{outs} of {looked}");
    let of = summary(&visits("ip_hash", None, json!([])));
    let (users, web) = (of("users"), of("web"));
    assert_eq!(get(&users, "log_outs"), 0.0);
    // Little's law: 10 a second, 100 s each.
    assert!((get(&web, "sessions") / 1000.0 - 1.0).abs() < 0.1, "{web:?}");
    assert_eq!(get(&web, "sessions"), get(&users, "present"), "who is there has a session, and nobody else");
}

#[test]
fn a_dead_server_logs_its_users_out() {
    let of =
        summary(&visits("ip_hash", None, json!([{"at_s": 900, "do": "kill", "node": "web", "part": 1}])));
    let (users, web) = (of("users"), of("web"));
    let (lost, outs) = (get(&web, "sessions_lost"), get(&users, "log_outs"));
    assert!((lost / 250.0 - 1.0).abs() < 0.25, "{lost}");
    // Some have left before they could notice.
    assert!(outs > 0.7 * lost && outs <= lost, "{outs} of {lost}");
}

#[test]
fn a_shared_store_knows_everybody_until_it_dies() {
    let of = summary(&visits(
        "random",
        Some(json!({})),
        json!([{"at_s": 900, "do": "kill", "node": "web", "part": 1}]),
    ));
    let (users, web, store) = (of("users"), of("web"), of("store"));
    assert_eq!((get(&users, "log_outs"), get(&web, "sessions_lost")), (0.0, 0.0));
    assert!((get(&store, "sessions") / 1000.0 - 1.0).abs() < 0.1);

    let killed = json!([
        {"at_s": 900, "do": "kill", "node": "store", "part": 0},
        {"at_s": 905, "do": "revive", "node": "store", "part": 0},
    ]);
    let of = summary(&visits("random", Some(json!({})), killed.clone()));
    let (users, store) = (of("users"), of("store"));
    let lost = get(&store, "sessions_lost");
    assert!((lost / 1000.0 - 1.0).abs() < 0.1, "{lost}");
    assert!(get(&users, "log_outs") > 0.8 * lost, "{users:?}");
    assert!(users["failures"]["refused"].as_f64().unwrap() > 0.0);

    // A replica takes over with all but what is younger than its delay: 10 log-ins a second for 2 s.
    let replica = json!({"replicas": 1, "failover_s": 3, "replication_ms": 2000});
    let of = summary(&visits("random", Some(replica), killed));
    let lost = get(&of("store"), "sessions_lost");
    assert!((5.0..40.0).contains(&lost), "{lost}");
}

#[test]
fn a_small_store_forgets_those_who_were_idle_longest() {
    let of = summary(&visits("random", Some(json!({"capacity": 400})), json!([])));
    assert_eq!(get(&of("store"), "sessions"), 400.0);
    assert!(get(&of("store"), "sessions_evicted") > 1000.0 && get(&of("users"), "log_outs") > 1000.0);
    let of = summary(&visits("random", Some(json!({"ttl_s": 10})), json!([])));
    // Thinking takes longer than 10 s in e^-2 of all cases.
    let (outs, ins) = (get(&of("users"), "log_outs"), get(&of("users"), "log_ins"));
    let looked = get(&of("web"), "arrivals") - ins;
    assert!((outs / looked / libm::exp(-2.0) - 1.0).abs() < 0.25, "{outs} of {looked}");
}

fn of(node: &Value, name: &str) -> f64 {
    node[name].as_f64().unwrap()
}

/// One server with a worker and 1 ms of exponential work for each request; what its users measure, and its own numbers.
fn shedding(rate_rps: f64, web: Value) -> (Value, Value) {
    let mut params = json!({"workers": 1, "service": {"law": "exponential", "mean_ms": 1}});
    params.as_object_mut().unwrap().extend(web.as_object().unwrap().clone());
    let design = Design::parse(
        &json!({
            "nodes": [
                {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": rate_rps},
                    "query_share": 0.25, "write_share": 0, "timeout_ms": null}},
                {"id": "web", "kind": "web", "params": params},
            ],
            "wires": [{"from": "users", "to": "web"}],
            "run": {"until_s": 90, "warmup_s": 5, "seed": 9},
        })
        .to_string(),
    )
    .unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let summary = summarize(&design, &mut sim);
    (summary["nodes"][0].clone(), summary["nodes"][1].clone())
}

/// Under constant overload the queue always stands, and who waits longer than the target is shed: an M/M/1 queue with
/// constant patience τ (Barrer 1957). Work waits by the density e^((λ−μ)x) up to τ: the mean wait of who is served is
/// τ/(1 − e^(−aτ)) − 1/a with a = λ − μ. Without overload the same tier sheds next to nothing, though many wait longer than τ.
#[test]
fn a_standing_queue_is_shed_by_time_and_a_short_one_is_not() {
    let shed = json!({"shed": "delay", "shed_target_ms": 12, "shed_interval_ms": 100, "queue_limit": null});
    let (_, web) = shedding(2000.0, shed.clone());
    let (a, tau) = (1.0, 12.0);
    let wait_ms = tau / (1.0 - libm::exp(-a * tau)) - 1.0 / a;
    // Probability of an idle server, then of a wait beyond τ: 2 requests come for each that can be served.
    let (lambda, mu) = (2.0, 1.0);
    let grown = libm::exp(a * tau);
    let idle = 1.0 / (1.0 + lambda * (grown - 1.0) / a + lambda * grown / mu);
    let lost = lambda * idle * grown / mu;
    let all = of(&web, "arrivals");
    assert!((of(&web, "wait_mean_s") * 1e3 / wait_ms - 1.0).abs() < 0.01, "{web} {wait_ms}");
    assert!((of(&web["failures"], "shed") / all - lost).abs() < 0.01, "{web} {lost}");

    let (users, calm) = shedding(700.0, shed);
    assert!(of(&users, "failures_total") < 0.001 * of(&users, "arrivals"));
    assert!(of(&calm, "wait_p99_s") > 0.012, "{calm}");
}

/// With trunk reservation the number inside is a birth-death process: all come while it is below the threshold, then reads
/// only, up to the limit.
#[test]
fn queries_are_shed_first() {
    let (users, _) = shedding(1500.0, json!({"shed": "class", "shed_share": 0.5, "queue_limit": 10}));
    let (all, high) = (1.5, 1.5 * 0.75);
    // One is served and up to ten wait; queries join while fewer than five do.
    let mut p = vec![1.0];
    for n in 0..11 {
        let last: f64 = p[n];
        p.push(last * if n < 6 { all } else { high });
    }
    let total: f64 = p.iter().sum();
    let expected = [("read", p[11] / total), ("query", p[6..].iter().sum::<f64>() / total)];
    for (class, refused) in expected {
        let measured = &users["classes"][class];
        let share = 1.0 - of(measured, "completions") / of(measured, "arrivals");
        assert!((share - refused).abs() < 0.02, "{class}: {share} and {refused}");
    }
}
