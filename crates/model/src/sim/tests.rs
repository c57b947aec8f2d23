//! What the mechanisms do, seen from outside: designs as a user writes them, judged by their summaries.
#![allow(clippy::unwrap_used)]

use super::{Simulation, Stop};
use crate::design::{Action, Design};
use crate::messages::What;
use crate::summary::summarize;
use headroom_engine::SimTime;
use serde_json::Value;

fn design(text: &str) -> Design {
    Design::parse(text).unwrap_or_else(|f| panic!("{f:?}"))
}

fn run(text: &str) -> Value {
    let design = design(text);
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    summarize(&design, &mut sim)
}

fn node<'a>(summary: &'a Value, id: &str) -> &'a Value {
    summary["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn near(value: &Value, wanted: f64, share: f64) {
    let x = number(value);
    assert!((x - wanted).abs() <= share * wanted.abs(), "{x} is not within {share} of {wanted}");
}

/// Users, one tier behind, and further nodes and wires.
fn tiers(users: &str, web: &str, nodes: &str, wires: &str, rest: &str) -> String {
    format!(
        r#"{{"nodes": [{{"id": "users", "kind": "users", "params": {{{users}}}}}, {{"id": "web", "kind": "web", "params": {{{web}}}}}{nodes}],
            "wires": [{{"from": "users", "to": "web"}}{wires}]{rest}}}"#
    )
}

const EXP_10MS: &str = r#""service": {"law": "exponential", "mean_ms": 10}"#;
const FAST: &str = r#""workers": 1000, "service": {"law": "deterministic", "mean_ms": 0}"#;

#[test]
fn one_worker_is_an_m_m_1() {
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 50}, "timeout_ms": null"#,
        &format!(r#""workers": 1, {EXP_10MS}, "queue_limit": null"#),
        "",
        "",
        r#", "run": {"until_s": 4000, "warmup_s": 50}"#,
    );
    let s = run(&text);
    let web = node(&s, "web");
    near(&web["utilization"], 0.5, 0.02);
    near(&web["response_mean_s"], 0.02, 0.03);
    near(&web["in_system_mean"], 1.0, 0.05);
    near(&web["delayed_share"], 0.5, 0.03);
    near(&web["found_empty_share"], 0.5, 0.03);
    near(&web["time_share_with_more_than"][1], 0.25, 0.06);
}

#[test]
fn a_client_that_gives_up_leaves_its_work_behind() {
    // M/M/1 at 80%: P(T > 100 ms) = e^-2 of the answers come too late, and the server works on for them.
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 80}, "timeout_ms": 100"#,
        &format!(r#""workers": 1, {EXP_10MS}, "queue_limit": null"#),
        "",
        "",
        r#", "run": {"until_s": 4000}"#,
    );
    let s = run(&text);
    let arrivals = number(&s["users"]["arrivals"]);
    let late = number(&s["users"]["failures"]["timeout"]);
    assert!((late / arrivals - 0.1353).abs() < 0.012, "{}", late / arrivals);
    near(&node(&s, "users")["wasted_answers"], late, 0.01);
    near(&node(&s, "web")["utilization"], 0.8, 0.02);
    assert!(number(&s["users"]["response_max_s"]) <= 0.1001);
}

#[test]
fn retries_are_bounded_and_counted() {
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 20}, "retries": 2, "backoff_ms": 10"#,
        FAST,
        "",
        "",
        r#", "timeline": [{"at_s": 0, "do": "kill", "node": "web"}], "run": {"until_s": 100}"#,
    );
    let s = run(&text);
    let arrivals = number(&s["users"]["arrivals"]);
    assert_eq!(number(&s["users"]["failures"]["refused"]), arrivals - number(&s["users"]["in_flight"]));
    near(&node(&s, "web")["arrivals"], 3.0 * arrivals, 0.01);
}

#[test]
fn a_blocking_worker_waits_along_and_an_async_one_does_not() {
    let web = |waiting: &str| {
        tiers(
            r#""traffic": {"preset": "constant", "rps": 100}, "write_share": 0"#,
            &format!(
                r#""workers": 4, "waiting": "{waiting}", "service": {{"law": "deterministic", "mean_ms": 1}}"#
            ),
            r#", {"id": "db", "kind": "relational", "params": {"workers": 100, "read": {"law": "deterministic", "mean_ms": 19}}}"#,
            r#", {"from": "web", "to": "db"}"#,
            r#", "run": {"until_s": 200}"#,
        )
    };
    near(&node(&run(&web("async")), "web")["utilization"], 100.0 * 0.001 / 4.0, 0.05);
    near(&node(&run(&web("blocking")), "web")["utilization"], 100.0 * 0.020 / 4.0, 0.05);
}

#[test]
fn a_pool_that_is_too_small_is_what_fails() {
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 100}, "write_share": 0"#,
        FAST,
        r#", {"id": "db", "kind": "relational", "params": {"workers": 100, "read": {"law": "deterministic", "mean_ms": 20}}}"#,
        r#", {"from": "web", "to": "db", "pool": 1, "pool_wait_ms": 50}"#,
        r#", "run": {"until_s": 100}"#,
    );
    let s = run(&text);
    // One connection carries 50 a second; the other half waits in vain.
    near(&s["users"]["throughput_rps"], 50.0, 0.02);
    near(&s["users"]["failures"]["pool_exhausted"], 5000.0, 0.06);
    assert!(number(&s["users"]["response_max_s"]) <= 0.0701);
}

#[test]
fn cache_aside_and_read_through_have_the_same_hit_ratio() {
    let users =
        r#""traffic": {"preset": "constant", "rps": 2000}, "items": 2000, "zipf_s": 1, "write_share": 0"#;
    let nodes = r#", {"id": "cache", "kind": "cache", "params": {"capacity_items": 200}}, {"id": "db", "kind": "relational", "params": {"workers": 100}}"#;
    let rest = r#", "run": {"until_s": 100, "warmup_s": 10}"#;
    let aside = run(&tiers(
        users,
        FAST,
        nodes,
        r#", {"from": "web", "to": "cache"}, {"from": "web", "to": "db"}"#,
        rest,
    ));
    let through = run(&tiers(
        users,
        FAST,
        nodes,
        r#", {"from": "web", "to": "cache"}, {"from": "cache", "to": "db"}"#,
        rest,
    ));
    let ratio = number(&node(&aside, "cache")["hit_ratio"]);
    // Che's approximation for LRU with N = 2000, s = 1, C = 200.
    assert!((ratio - 0.596).abs() < 0.02, "{ratio}");
    near(&node(&through, "cache")["hit_ratio"], ratio, 0.01);
    for s in [&aside, &through] {
        let misses = number(&node(s, "cache")["lookups"]) - number(&node(s, "cache")["hits"]);
        near(&node(s, "db")["arrivals"], misses, 0.001);
    }
}

#[test]
fn writes_make_cached_copies_stale_unless_they_are_deleted() {
    let stale = |on_write: &str| {
        let text = tiers(
            r#""traffic": {"preset": "constant", "rps": 500}, "items": 50, "zipf_s": 0, "write_share": 0.1"#,
            FAST,
            &format!(
                r#", {{"id": "cache", "kind": "cache", "params": {{"capacity_items": 100, "ttl_s": 20, "on_write": "{on_write}", "service": {{"law": "deterministic", "mean_ms": 0}}}}}}, {{"id": "db", "kind": "relational", "params": {{"workers": 100, "read": {{"law": "deterministic", "mean_ms": 0}}, "write": {{"law": "deterministic", "mean_ms": 0}}}}}}"#
            ),
            r#", {"from": "web", "to": "cache"}, {"from": "web", "to": "db"}"#,
            r#", "run": {"until_s": 300, "warmup_s": 30}"#,
        );
        number(&node(&run(&text), "cache")["stale_hit_share"])
    };
    assert_eq!(stale("invalidate"), 0.0);
    // Each item: reads 9/s, writes 1/s, copy of age uniform on [0, 20] s: 1 - (1 - e^-20)/20 of hits are stale.
    assert!((stale("ignore") - 0.95).abs() < 0.01);
}

#[test]
fn a_dead_cache_sends_everybody_to_the_database() {
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 500}, "items": 50, "write_share": 0"#,
        FAST,
        r#", {"id": "cache", "kind": "cache"}, {"id": "db", "kind": "relational", "params": {"workers": 100}}"#,
        r#", {"from": "web", "to": "cache"}, {"from": "web", "to": "db"}"#,
        r#", "timeline": [{"at_s": 50, "do": "kill", "node": "cache"}], "run": {"until_s": 100}"#,
    );
    let s = run(&text);
    assert_eq!(number(&s["users"]["failures_total"]), 0.0);
    near(&node(&s, "db")["arrivals"], 25_000.0, 0.05);
}

#[test]
fn a_dead_server_costs_requests_until_it_is_noticed() {
    let text = r#"{"nodes": [
        {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 1000}}},
        {"id": "lb", "kind": "load_balancer", "params": {"health_interval_s": 5, "unhealthy_after": 2}},
        {"id": "web", "kind": "web", "params": {"instances": 4, "workers": 50}}
    ], "wires": [{"from": "users", "to": "lb"}, {"from": "lb", "to": "web"}],
       "timeline": [{"at_s": 21, "do": "kill", "node": "web", "part": 1}], "run": {"until_s": 100}}"#;
    let design = design(text);
    let mut sim = Simulation::new(&design);
    sim.run();
    let out = sim.happenings().iter().find(|h| h.what == What::TakenOut).unwrap();
    assert_eq!((out.at_ns, out.part), (30_000_000_000, Some(1)));
    let s = summarize(&design, &mut sim);
    // A quarter of 1,000 requests/s for 9 s.
    near(&s["users"]["failures"]["refused"], 2250.0, 0.02);
}

fn replicated(database: &str, users: &str, rest: &str) -> String {
    tiers(
        users,
        FAST,
        &format!(
            r#", {{"id": "db", "kind": "relational", "params": {{"workers": 1000, "write": {{"law": "deterministic", "mean_ms": 0}}, "read": {{"law": "deterministic", "mean_ms": 0}}, {database}}}}}"#
        ),
        r#", {"from": "web", "to": "db"}"#,
        rest,
    )
}

const WRITERS: &str = r#""traffic": {"preset": "constant", "rps": 500}, "write_share": 1, "items": 1000"#;

#[test]
fn failover_loses_what_was_on_the_link_and_refuses_writes_meanwhile() {
    let mut lost = Vec::new();
    for seed in 1..=40 {
        let s = run(&replicated(
            r#""replicas": 2, "apply": {"law": "deterministic", "mean_ms": 0}, "replication_delay_ms": 50, "detect_s": 3, "promote_s": 2"#,
            WRITERS,
            &format!(
                r#", "timeline": [{{"at_s": 20, "do": "kill", "node": "db", "part": 0}}], "run": {{"until_s": 40, "seed": {seed}}}"#
            ),
        ));
        let db = node(&s, "db");
        lost.push(number(&db["lost_writes"]));
        assert_eq!(number(&db["failovers"]), 1.0);
        near(&db["no_primary_s"], 5.0, 0.001);
        // Refused until noticed, then "no primary" until promoted.
        near(&s["users"]["failures"]["refused"], 1500.0, 0.12);
        near(&s["users"]["failures"]["no_primary"], 1000.0, 0.15);
    }
    let mean = lost.iter().sum::<f64>() / lost.len() as f64;
    // Poisson with mean 500 x 0.05 = 25; of the mean of 40, standard error 0.8.
    assert!((mean - 25.0).abs() < 3.2, "{mean}");
}

#[test]
fn a_primary_that_is_back_before_anyone_notices_loses_nothing() {
    let s = run(&replicated(
        r#""replicas": 1, "apply": {"law": "deterministic", "mean_ms": 0}, "replication_delay_ms": 50, "detect_s": 10"#,
        WRITERS,
        r#", "timeline": [{"at_s": 20, "do": "kill", "node": "db", "part": 0}, {"at_s": 24, "do": "revive", "node": "db", "part": 0}], "run": {"until_s": 40}"#,
    ));
    let db = node(&s, "db");
    assert_eq!((number(&db["lost_writes"]), number(&db["failovers"])), (0.0, 0.0));
    near(&db["no_primary_s"], 4.0, 0.001);
    assert!(number(&db["replicas"][0]["behind"]) < 60.0);
}

#[test]
fn the_old_primary_rejoins_as_a_replica_and_catches_up() {
    let text = replicated(
        r#""replicas": 1, "apply": {"law": "deterministic", "mean_ms": 1}, "replication_delay_ms": 50, "detect_s": 2, "promote_s": 1"#,
        WRITERS,
        r#", "timeline": [{"at_s": 20, "do": "kill", "node": "db", "part": 0}, {"at_s": 60, "do": "revive", "node": "db", "part": 0}], "run": {"until_s": 150}"#,
    );
    let design = design(&text);
    let mut sim = Simulation::new(&design);
    sim.run();
    let at = |what: &What| {
        sim.happenings().iter().find(|h| h.what == *what && h.part == Some(0)).map(|h| h.at_ns as f64 / 1e9)
    };
    // Down for 37 s of 500 writes/s: 18,500 to apply at 1,000/s while 500/s come in takes about 37 s more.
    let caught_up = at(&What::CaughtUp).unwrap();
    assert!((caught_up - 97.0).abs() < 4.0, "{caught_up}");
    let s = summarize(&design, &mut sim);
    assert!(number(&node(&s, "db")["replicas"][0]["lag_now_s"]) < 1.0);
}

#[test]
fn lag_is_the_sojourn_in_the_apply_queue() {
    // Apply is M/M/1 with 400 writes/s at 1 ms: mean 1/(1000 - 400).
    let s = run(&replicated(
        r#""replicas": 1, "apply": {"law": "exponential", "mean_ms": 1}, "replication_delay_ms": 0"#,
        r#""traffic": {"preset": "constant", "rps": 400}, "write_share": 1, "items": 1000"#,
        r#", "run": {"until_s": 400, "warmup_s": 10}"#,
    ));
    near(&node(&s, "db")["lag_mean_s"], 1.0 / 600.0, 0.03);
}

#[test]
fn a_replica_busy_with_reads_falls_behind() {
    let lag = |reads: u32| {
        let text = tiers(
            &format!(
                r#""traffic": {{"preset": "constant", "rps": {}}}, "write_share": {}, "timeout_ms": null"#,
                reads + 200,
                200.0 / f64::from(reads + 200)
            ),
            FAST,
            r#", {"id": "db", "kind": "relational", "params": {"replicas": 1, "workers": 4, "queue_limit": null, "read": {"law": "exponential", "mean_ms": 2}, "write": {"law": "exponential", "mean_ms": 1}, "replication_delay_ms": 0}}"#,
            r#", {"from": "web", "to": "db"}"#,
            r#", "run": {"until_s": 100}"#,
        );
        number(&node(&run(&text), "db")["lag_mean_s"])
    };
    assert!(lag(1600) > 2.0 * lag(100));
}

#[test]
fn one_famous_item_fills_one_shard() {
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 1000}, "write_share": 0, "zipf_s": 0, "celebrity_share": 0.4, "celebrity_at_s": 50"#,
        FAST,
        r#", {"id": "db", "kind": "sharded", "params": {"shards": 4}}"#,
        r#", {"from": "web", "to": "db"}"#,
        r#", "timeline": [{"at_s": 99.99, "do": "add_shard", "node": "db"}], "run": {"until_s": 100, "warmup_s": 50}"#,
    );
    let s = run(&text);
    let db = node(&s, "db");
    // The celebrity and a quarter of the rest.
    let hottest =
        db["shards"].as_array().unwrap().iter().map(|x| number(&x["request_share"])).fold(0.0, f64::max);
    assert!((hottest - 0.55).abs() < 0.02, "{hottest}");
    near(&db["items_moved_share"], 0.8, 0.02);
    assert_eq!(db["hottest_items"][0]["item"], 7);
}

#[test]
fn the_same_client_comes_to_the_same_server() {
    let text = r#"{"nodes": [
        {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 1000}, "clients": 1}},
        {"id": "lb", "kind": "load_balancer", "params": {"policy": "ip_hash"}},
        {"id": "web", "kind": "web", "params": {"instances": 4, "workers": 50}}
    ], "wires": [{"from": "users", "to": "lb"}, {"from": "lb", "to": "web"}], "run": {"until_s": 10}}"#;
    let s = run(text);
    let used =
        node(&s, "lb")["requests_per_server"].as_array().unwrap().iter().filter(|n| number(n) > 0.0).count();
    assert_eq!(used, 1);
}

#[test]
fn a_clone_goes_on_as_the_original() {
    let design = design(crate::scenarios::by_id("replicas-write-burst").unwrap().json);
    let mut a = Simulation::new(&design);
    a.run_until(SimTime(45_000_000_000), u64::MAX);
    let mut b = a.clone();
    a.act(Action::kill("db", Some(0)));
    b.act(Action::kill("db", Some(0)));
    a.run();
    while b.run_until(b.end(), 977) == Stop::Events {}
    assert_eq!((a.hash(), a.events()), (b.hash(), b.events()));
}

#[test]
fn a_wire_takes_its_time_each_way() {
    let text = r#"{"nodes": [{"id": "users", "kind": "users"}, {"id": "web", "kind": "web", "params": {"service": {"law": "deterministic", "mean_ms": 5}, "workers": 1000}}],
        "wires": [{"from": "users", "to": "web", "latency_ms": 40}], "run": {"until_s": 20}}"#;
    let s = run(text);
    near(&s["users"]["response_mean_s"], 0.085, 1e-9);
    near(&node(&s, "web")["response_mean_s"], 0.005, 1e-9);
}

#[test]
fn weights_of_wires_share_the_load() {
    let shares = |policy: &str| {
        let text = format!(
            r#"{{"nodes": [
            {{"id": "users", "kind": "users", "params": {{"traffic": {{"preset": "constant", "rps": 1000}}}}}},
            {{"id": "lb", "kind": "load_balancer", "params": {{"policy": "{policy}"}}}},
            {{"id": "a", "kind": "web", "params": {{"workers": 100}}}}, {{"id": "b", "kind": "web", "params": {{"workers": 100}}}}
        ], "wires": [{{"from": "users", "to": "lb"}}, {{"from": "lb", "to": "a", "weight": 3}}, {{"from": "lb", "to": "b"}}], "run": {{"until_s": 50}}}}"#
        );
        let s = run(&text);
        number(&node(&s, "a")["arrivals"]) / number(&node(&s, "lb")["arrivals"])
    };
    assert!((shares("weighted_round_robin") - 0.75).abs() < 0.0001);
    assert!((shares("weighted_random") - 0.75).abs() < 0.01);
    assert!((shares("round_robin") - 0.5).abs() < 0.0001);
}

#[test]
fn shared_cores_do_not_care_about_the_law() {
    // M/G/1-PS: mean response S/(1 - rho) for every law (Kleinrock 1976): 20 ms / (1 - 0.7).
    for law in
        [r#"{"law": "deterministic", "mean_ms": 20}"#, r#"{"law": "lognormal", "mean_ms": 20, "cv": 2}"#]
    {
        let text = tiers(
            r#""traffic": {"preset": "constant", "rps": 35}, "timeout_ms": null"#,
            &format!(
                r#""workers": 1, "discipline": "processor_sharing", "queue_limit": null, "service": {law}"#
            ),
            "",
            "",
            r#", "run": {"until_s": 6000, "warmup_s": 50}"#,
        );
        let s = run(&text);
        near(&node(&s, "web")["response_mean_s"], 0.02 / 0.3, 0.05);
        near(&node(&s, "web")["utilization"], 0.7, 0.02);
    }
}

#[test]
fn a_stampede_and_how_single_flight_ends_it() {
    // A hot item read 2,000 times a second, fetched in 100 ms, expires every 60 s: until the first fetch is back, every read
    // is a miss, 1 + 2000 x 0.1 fetches on average; with single flight it is one.
    let fetches = |single_flight: bool| {
        let text = tiers(
            r#""traffic": {"preset": "constant", "rps": 2000}, "items": 1, "write_share": 0"#,
            FAST,
            &format!(
                r#", {{"id": "cache", "kind": "cache", "params": {{"ttl_s": 60, "single_flight": {single_flight}, "service": {{"law": "deterministic", "mean_ms": 0}}}}}}, {{"id": "db", "kind": "relational", "params": {{"workers": 1000, "read": {{"law": "deterministic", "mean_ms": 100}}}}}}"#
            ),
            r#", {"from": "web", "to": "cache"}, {"from": "web", "to": "db"}"#,
            r#", "run": {"until_s": 600}"#,
        );
        let s = run(&text);
        assert_eq!(number(&s["users"]["failures_total"]), 0.0);
        number(&node(&s, "db")["arrivals"]) / 10.0
    };
    assert!((fetches(false) - 201.0).abs() < 15.0, "{}", fetches(false));
    assert_eq!(fetches(true), 1.0);
}

#[test]
fn a_lease_whose_fetch_fails_passes_to_the_next() {
    let text = tiers(
        r#""traffic": {"preset": "constant", "rps": 100}, "items": 1, "write_share": 0, "timeout_ms": null"#,
        FAST,
        r#", {"id": "cache", "kind": "cache", "params": {"single_flight": true, "lease_ms": 500}}, {"id": "db", "kind": "relational", "params": {"detect_s": 0, "promote_s": 0}}"#,
        r#", {"from": "web", "to": "cache"}, {"from": "web", "to": "db"}"#,
        r#", "timeline": [{"at_s": 0, "do": "kill", "node": "db"}, {"at_s": 5, "do": "revive", "node": "db"}], "run": {"until_s": 10}"#,
    );
    let s = run(&text);
    // One fetch fails every half second while the database is dead; then one succeeds and all that waited have it.
    assert_eq!(number(&s["users"]["failures_total"]), 10.0);
    assert_eq!(number(&s["users"]["in_flight"]), 0.0);
}

/// Two users nodes call one balancer; a wire is marked for its own failures, not for those of its target.
#[test]
fn a_wire_counts_the_failures_of_its_own_calls() {
    let text = r#"{"nodes": [
            {"id": "patient", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 200}, "timeout_ms": null}},
            {"id": "hasty", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 100}, "timeout_ms": 5}},
            {"id": "lb", "kind": "load_balancer"},
            {"id": "web", "kind": "web", "params": {"workers": 100, "service": {"law": "deterministic", "mean_ms": 8}, "queue_limit": null}}],
        "wires": [{"from": "patient", "to": "lb"}, {"from": "hasty", "to": "lb"}, {"from": "lb", "to": "web"}],
        "run": {"until_s": 20, "window_s": 1},
        "timeline": [{"at_s": 10, "do": "kill", "node": "web"}]}"#;
    let mut sim = Simulation::new(&design(text));
    sim.run();
    let share = |wire: usize, from: usize, to: usize| {
        let windows = &sim.windows()[from..to];
        let sum = |of: fn(&crate::messages::Window) -> &Vec<f32>| {
            windows.iter().map(|w| f64::from(of(w)[wire])).sum::<f64>()
        };
        sum(|w| &w.wire_failures) / sum(|w| &w.wires)
    };
    // Who waits gets all answers, who does not gets none, and the balancer has nothing to complain of.
    assert_eq!((share(0, 0, 9), share(2, 0, 9)), (0.0, 0.0));
    assert!(share(1, 1, 9) > 0.97, "{}", share(1, 1, 9));
    // Then the tier is dead, and all fail, once each.
    for wire in 0..2 {
        let share = share(wire, 11, 20);
        assert!((share - 1.0).abs() < 0.02, "{share}");
    }
}

#[test]
fn users_of_the_same_taste_share_a_table() {
    let users =
        |id: &str, items: u32| format!(r#"{{"id":"{id}","kind":"users","params":{{"items":{items}}}}}"#);
    let nodes = [users("a", 500), users("b", 500), users("c", 600)].join(",");
    let design =
        Design::parse(&format!(r#"{{"version":1,"nodes":[{nodes}],"wires":[],"run":{{"until_s":1}}}}"#))
            .unwrap_or_else(|f| panic!("{f:?}"));
    let sim = Simulation::new(&design);
    // 500 items, 1,000 assets, 600 items.
    let sizes: Vec<u32> = sim.core().popularities.iter().map(headroom_engine::Popularity::n).collect();
    assert_eq!(sizes, [500, 1_000, 600]);
}
