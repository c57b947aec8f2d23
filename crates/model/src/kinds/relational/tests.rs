//! What replication modes, locks and replacements do, seen from outside, against theory.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::kinds::Verb;
use crate::messages::What;
use crate::notes::Note;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

/// Users, a free web tier and a database whose machines cost nothing unless told.
fn database(users: Value, db: Value, rest: Value) -> Value {
    let free = json!({"law": "deterministic", "mean_ms": 0});
    let mut people = json!({"write_share": 1, "items": 1000, "timeout_ms": null});
    people.as_object_mut().unwrap().extend(users.as_object().unwrap().clone());
    let mut params =
        json!({"workers": 1000, "read": free, "write": free, "apply": free, "queue_limit": null});
    params.as_object_mut().unwrap().extend(db.as_object().unwrap().clone());
    let mut file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": people},
            {"id": "web", "kind": "web", "params": {"workers": 1000, "service": free, "queue_limit": null}},
            {"id": "db", "kind": "relational", "params": params},
        ],
        "wires": [{"from": "users", "to": "web"}, {"from": "web", "to": "db"}],
    });
    file.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    file
}

fn run(file: &Value) -> (Simulation, Value) {
    let design = Design::parse(&file.to_string()).unwrap_or_else(|f| panic!("{f:?}"));
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let summary = summarize(&design, &mut sim);
    (sim, summary)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn when(sim: &Simulation, what: What) -> f64 {
    sim.happenings().iter().find(|h| h.what == what).map(|h| h.at_ns as f64 / 1e9).unwrap()
}

fn det(ms: f64) -> Value {
    json!({"law": "deterministic", "mean_ms": ms})
}

fn constant(rps: f64) -> Value {
    json!({"preset": "constant", "rps": rps})
}

/// Writes alone, one every 100 ms.
fn slow_writes() -> Value {
    json!({"traffic": constant(10.0), "arrivals": "regular"})
}

#[test]
fn a_write_waits_for_its_replicas_as_long_as_the_way_there_and_back() {
    let latency_ms = |mode: &str, acks: Value| {
        let db = json!({"replicas": 3, "replication": mode, "acks": acks, "replication_delay_ms": 10, "apply": det(2.0)});
        let (_, s) = run(&database(slow_writes(), db, json!({"run": {"until_s": 20}})));
        1e3 * number(&s["nodes"][2]["response_mean_s"])
    };
    assert_eq!(latency_ms("async", json!(1)), 0.0);
    assert!((latency_ms("semi_sync", json!(1)) - 20.0).abs() < 1e-6);
    assert!((latency_ms("sync", Value::Null) - 22.0).abs() < 1e-6);
}

#[test]
fn synchronous_replicas_are_never_stale() {
    let stale = |mode: &str| {
        let users = json!({"traffic": constant(500.0), "write_share": 0.5, "items": 20});
        let db = json!({"replicas": 2, "replication": mode, "acks": null, "replication_delay_ms": 20});
        let (_, s) = run(&database(users, db, json!({"run": {"until_s": 20}})));
        number(&s["nodes"][2]["stale_read_share"])
    };
    assert!(stale("async") > 0.1);
    assert_eq!(stale("sync"), 0.0);
}

#[test]
fn the_loss_of_the_replica_stops_writes_until_the_primary_gives_up() {
    let db =
        json!({"replicas": 1, "replication": "semi_sync", "ack_timeout_ms": 2000, "replication_delay_ms": 5});
    let rest = json!({"run": {"until_s": 40}, "timeline": [
        {"at_s": 10, "do": "kill", "node": "db", "part": 1}, {"at_s": 30, "do": "revive", "node": "db", "part": 1}]});
    let (sim, s) = run(&database(json!({"traffic": constant(100.0)}), db, rest));
    // The first write that hears nothing came within the last round trip or after the kill.
    assert!((when(&sim, What::Noted(Note::AcksGivenUp)) - 12.0).abs() < 0.1);
    assert!((when(&sim, What::Noted(Note::AcksRestored)) - 30.0).abs() < 0.1);
    let unprotected = number(&s["nodes"][2]["unprotected_writes"]);
    assert!((unprotected - 2000.0).abs() < 160.0, "{unprotected}");
    assert!((number(&s["nodes"][2]["response_max_s"]) - 2.0).abs() < 1e-9);
}

#[test]
fn what_was_acknowledged_by_a_replica_survives_the_primary() {
    let lost = |mode: &str| {
        (1..=8).map(|seed| {
            let db = json!({"replicas": 2, "replication": mode, "replication_delay_ms": 30, "detect_s": 1, "promote_s": 1,
                "replication_jitter": {"law": "exponential", "mean_ms": 20}});
            let rest = json!({"run": {"until_s": 15, "seed": seed}, "timeline": [{"at_s": 10, "do": "kill", "node": "db", "part": 0}]});
            let (_, s) = run(&database(json!({"traffic": constant(400.0)}), db, rest));
            assert_eq!(s["nodes"][2]["failovers"], 1);
            number(&s["nodes"][2]["lost_writes"])
        }).sum::<f64>()
    };
    assert!(lost("async") > 8.0 * 400.0 * 0.03 * 0.7);
    assert_eq!(lost("semi_sync"), 0.0);
    assert_eq!(lost("sync"), 0.0);
}

#[test]
fn authors_read_what_they_wrote_where_they_are_sent_to_who_has_it() {
    // A read 5 ms after the own commit; apply is M/M/1: e^-(1000 - 800)(0.005) would not see it.
    let seen = |window_s: f64| {
        let users = json!({"traffic": constant(800.0), "readback_share": 0.2, "readback_after_ms": 5, "clients": 100_000});
        let db = json!({"replicas": 1, "replication_delay_ms": 0, "apply": {"law": "exponential", "mean_ms": 1},
            "read_your_writes_s": window_s});
        let (_, s) = run(&database(users, db, json!({"run": {"until_s": 200, "warmup_s": 10}})));
        let db = &s["nodes"][2];
        let by_replica = number(&db["replica_reads"]) / number(&db["reads"]);
        (number(&s["nodes"][0]["read_your_writes_violation_share"]), by_replica)
    };
    let (violations, by_replica) = seen(0.0);
    assert!((violations - 0.3679).abs() < 0.03, "{violations}");
    assert_eq!(by_replica, 1.0);
    let (violations, by_replica) = seen(1.0);
    assert_eq!(violations, 0.0);
    // Who had it was asked, also where that was the replica.
    assert!((by_replica - 0.632).abs() < 0.03, "{by_replica}");
}

#[test]
fn the_writes_of_one_item_are_a_queue_with_one_server() {
    let response = |items: u32, locks: bool| {
        let users = json!({"traffic": constant(50.0 * f64::from(items)), "items": items, "zipf_s": 0});
        let write = json!({"law": "lognormal", "mean_ms": 10, "cv": 1.5});
        let db = json!({"write": write, "row_locks": locks});
        let (_, s) = run(&database(users, db, json!({"run": {"until_s": 3000, "warmup_s": 10}})));
        number(&s["nodes"][2]["response_mean_s"])
    };
    // Pollaczek-Khinchine at 50%: 10 ms + 50 (10 ms)^2 (1 + 1.5^2) / (2 (1 - 0.5)).
    let wanted = 0.010 + 50.0 * 1e-4 * 3.25 / (2.0 * 0.5);
    assert!((response(1, true) / wanted - 1.0).abs() < 0.06, "{}", response(1, true));
    assert!((response(2, true) / wanted - 1.0).abs() < 0.05);
    assert!((response(1, false) / 0.010 - 1.0).abs() < 0.02);
}

#[test]
fn a_lock_is_held_until_the_replicas_have_it() {
    // One item, 10 ms there and back: 100 writes a second and no more, though a write costs the machine nothing.
    let db = json!({"replicas": 1, "replication": "semi_sync", "replication_delay_ms": 5, "row_locks": true});
    let users = json!({"traffic": constant(400.0), "items": 1});
    let (_, s) = run(&database(users, db, json!({"run": {"until_s": 50}})));
    assert!((number(&s["nodes"][2]["throughput_rps"]) - 100.0).abs() < 0.5);
}

#[test]
fn a_new_machine_copies_then_replays_then_serves() {
    let users = json!({"traffic": constant(500.0), "items": 10_000});
    let db =
        json!({"replicas": 1, "apply": det(1.0), "replace_after_s": 5, "row_bytes": 1000, "copy_mbps": 1});
    let rest =
        json!({"run": {"until_s": 60}, "timeline": [{"at_s": 10, "do": "kill", "node": "db", "part": 1}]});
    let (sim, s) = run(&database(users, db, rest));
    assert!((when(&sim, What::Did(Verb::Replace, 0.0)) - 15.0).abs() < 1e-9);
    // 10 MB at 1 MB/s take 10 s; the 5,000 writes since then 10 s more, for 500/s are applied beyond those that come.
    let served = when(&sim, What::CaughtUp);
    assert!((served - 35.0).abs() < 0.3, "{served}");
    assert_eq!(s["nodes"][2]["machines_replaced"], 1);
    // The copy kept one worker of the primary busy for those 10 s.
    let busy = number(&s["nodes"][2]["utilization"]) * 2.0 * 1000.0 * 60.0;
    let applied = 0.001 * 500.0 * (10.0 + 45.0);
    assert!((busy - 10.0 - applied).abs() < 1.0, "{busy} {applied}");
}

#[test]
fn callers_keep_the_dead_primarys_address_until_it_runs_out() {
    let failed: f64 = (1..=30)
        .map(|seed| {
            let db = json!({"replicas": 1, "detect_s": 2, "promote_s": 3, "endpoint_ttl_s": 4});
            let rest = json!({"run": {"until_s": 20, "seed": seed}, "timeline": [{"at_s": 5, "do": "kill", "node": "db", "part": 0}]});
            let (_, s) = run(&database(json!({"traffic": constant(200.0), "arrivals": "regular"}), db, rest));
            number(&s["users"]["failures_total"]) / 200.0
        })
        .sum::<f64>()
        / 30.0;
    // 2 + 3 s and what is left of 4 s at a random moment; standard error 1.15 / sqrt(30).
    assert!((failed - 7.0).abs() < 0.75, "{failed}");
}

#[test]
fn probes_find_a_death_after_the_phase_the_failures_and_the_last_timeout() {
    let mean = (1..=60)
        .map(|seed| {
            let db = json!({"replicas": 1, "probe_interval_s": 2, "probe_failures": 3, "probe_timeout_s": 1});
            let rest = json!({"run": {"until_s": 20, "seed": seed}, "timeline": [{"at_s": 5, "do": "kill", "node": "db", "part": 0}]});
            let (_, s) = run(&database(json!({"traffic": constant(5.0)}), db, rest));
            number(&s["nodes"][2]["detection_mean_s"])
        })
        .sum::<f64>()
        / 60.0;
    // h/2 + (k - 1) h + timeout; standard error 0.58 / sqrt(60).
    assert!((mean - 6.0).abs() < 0.3, "{mean}");
}

/// Two primaries, each with so many writes a second to one item.
fn two_writers(rate_rps: f64, conflicts: &str, delay_ms: f64, until_s: f64) -> Value {
    let users = json!({"traffic": constant(2.0 * rate_rps), "items": 1, "clients": 1000});
    let db = json!({"replicas": 1, "topology": "multi_primary", "conflicts": conflicts, "replication_delay_ms": delay_ms});
    run(&database(users, db, json!({"run": {"until_s": until_s}}))).1
}

#[test]
fn writes_of_one_item_at_two_primaries_conflict_within_the_delay() {
    let s = two_writers(5.0, "last_write_wins", 80.0, 4000.0);
    let db = &s["nodes"][2];
    // 1 - e^(-2wd); writes that follow each other closely conflict together.
    let p = number(&db["conflict_share"]);
    assert!((p - 0.5507).abs() < 0.012, "{p}");
    assert_eq!(number(&db["response_max_s"]), 0.0);
    assert!((number(&db["convergence_mean_s"]) - 0.080).abs() < 1e-9);
}

/// What two primaries that vote should reject: a write fails if the other had an accepted one within the delay before.
#[allow(clippy::disallowed_methods, reason = "this is the reference, not the simulator")]
fn rejected_by_brute_force(rate: f64, d: f64, writes: usize) -> f64 {
    let mut bits = 7_u64;
    let mut unit = || {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    };
    let (mut t, mut rejected, mut accepted) = (0.0, 0, [f64::NEG_INFINITY; 2]);
    for _ in 0..writes {
        t -= (1.0 - unit()).ln() / (2.0 * rate);
        let side = usize::from(unit() < 0.5);
        if accepted[1 - side] > t - d {
            rejected += 1;
        } else {
            accepted[side] = t;
        }
    }
    f64::from(rejected) / writes as f64
}

#[test]
fn primaries_that_vote_reject_the_later_of_two_and_take_a_round_trip() {
    let s = two_writers(5.0, "reject", 80.0, 4000.0);
    let db = &s["nodes"][2];
    let rejected = number(&db["rejected_writes"]) / number(&db["commits"]);
    let wanted = rejected_by_brute_force(5.0, 0.080, 2_000_000);
    assert!((rejected - wanted).abs() < 0.008, "{rejected} {wanted}");
    assert_eq!(number(&db["failures"]["conflict"]), number(&db["rejected_writes"]));
    assert!((number(&db["response_mean_s"]) - 0.160).abs() < 1e-9);
}

#[test]
fn round_a_circle_a_write_takes_every_hop() {
    let convergence = |topology: &str, apply_ms: f64| {
        let users = json!({"traffic": constant(20.0), "clients": 1000, "arrivals": "regular"});
        let db =
            json!({"replicas": 4, "topology": topology, "replication_delay_ms": 30, "apply": det(apply_ms)});
        let (_, s) = run(&database(users, db, json!({"run": {"until_s": 30}})));
        1e3 * number(&s["nodes"][2]["convergence_mean_s"])
    };
    assert!((convergence("multi_primary", 1.0) - 31.0).abs() < 1e-6);
    assert!((convergence("circular", 1.0) - 4.0 * 31.0).abs() < 1e-6);
}

#[test]
fn a_broken_circle_stands_still_and_catches_up() {
    for topology in ["circular", "multi_primary"] {
        let users = json!({"traffic": constant(200.0), "clients": 1000, "items": 500});
        let db = json!({"replicas": 2, "topology": topology, "detect_s": 1, "apply": det(0.2)});
        let rest = json!({"run": {"until_s": 40}, "timeline": [
            {"at_s": 10, "do": "kill", "node": "db", "part": 1}, {"at_s": 20, "do": "revive", "node": "db", "part": 1},
            {"at_s": 30, "do": "kill", "node": "users"}]});
        let mut file = database(users, db, rest);
        file["timeline"].as_array_mut().unwrap().pop();
        file["nodes"][0]["params"]["traffic"] = json!({"points": [[0, 200], [30, 200], [30, 0]]});
        let design = Design::parse(&file.to_string()).unwrap();
        let mut sim = Simulation::new(&design);
        sim.run_until(headroom_engine::SimTime(19_000_000_000), u64::MAX);
        let lag = |sim: &mut Simulation| summarize(&design, sim)["nodes"][2]["lag_now_s"].clone();
        // Only the circle is broken by a dead member: machine 2 hears nothing of machine 0.
        let behind = number(&lag(&mut sim)[2]);
        assert_eq!(behind > 8.0, topology == "circular", "{topology}: {behind}");
        sim.run();
        assert!(sim.is_conserved());
        assert_eq!(lag(&mut sim), json!([0.0, 0.0, 0.0]), "{topology}");
        let refused = number(&summarize(&design, &mut sim)["users"]["failures"]["refused"]);
        // A third of the clients for the second until they know.
        assert!((refused - 67.0).abs() < 30.0, "{refused}");
        assert!(when(&sim, What::CaughtUp) < 21.0);
    }
}
