//! Quorums, handed-over writes, and what each type can answer, seen from outside.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::messages::What;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

fn store(users: Value, db: Value, rest: Value) -> Value {
    let free = json!({"law": "deterministic", "mean_ms": 0});
    let mut people = json!({"write_share": 0.5, "items": 100, "timeout_ms": null, "traffic": {"preset": "constant", "rps": 200}});
    people.as_object_mut().unwrap().extend(users.as_object().unwrap().clone());
    let mut params =
        json!({"workers": 1000, "read": free, "write": free, "query": free, "queue_limit": null});
    params.as_object_mut().unwrap().extend(db.as_object().unwrap().clone());
    let mut file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": people},
            {"id": "web", "kind": "web", "params": {"workers": 1000, "service": free, "queue_limit": null}},
            {"id": "db", "kind": "nosql", "params": params},
        ],
        "wires": [{"from": "users", "to": "web"}, {"from": "web", "to": "db"}],
        "run": {"until_s": 60},
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

fn latency_ms(db: Value, class: &str) -> f64 {
    let users = json!({"write_share": if class == "write" { 1.0 } else { 0.0 }, "query_share": if class == "query" { 1.0 } else { 0.0 }});
    let (_, s) = run(&store(users, db, json!({"run": {"until_s": 200}})));
    1e3 * number(&s["nodes"][2]["classes"][class]["response_mean_s"])
}

#[test]
fn the_latency_of_a_quorum_is_an_order_statistic() {
    let exp = json!({"law": "exponential", "mean_ms": 10});
    // Of n exponentials the k-th is there after 10 (1/n + ... + 1/(n - k + 1)) ms.
    for (copies, acks, wanted) in
        [(3, 1, 10.0 / 3.0), (3, 2, 10.0 / 3.0 + 5.0), (5, 3, 10.0 / 5.0 + 10.0 / 4.0 + 10.0 / 3.0)]
    {
        let db = json!({"nodes": 7, "copies": copies, "write_acks": acks, "write": exp, "node_delay_ms": 0});
        let mean = latency_ms(db, "write");
        assert!((mean / wanted - 1.0).abs() < 0.03, "{mean} {wanted}");
    }
    // A read asks only as many as it needs: the greatest of two.
    let db = json!({"read_acks": 2, "read": exp, "node_delay_ms": 0});
    assert!((latency_ms(db, "read") / 15.0 - 1.0).abs() < 0.03);
    // The copy that coordinates is asked without a hop, the second one there and back.
    for (acks, wanted) in [(1, 0.0), (2, 6.0)] {
        let db = json!({"read_acks": acks, "node_delay_ms": 3});
        assert!((latency_ms(db, "read") - wanted).abs() < 1e-6);
    }
}

#[test]
fn a_read_meets_every_acknowledged_write_where_quorums_overlap() {
    let stale = |w: u32, r: u32| {
        let db =
            json!({"nodes": 5, "write_acks": w, "read_acks": r, "node_delay_ms": 40, "read_repair": false});
        let users = json!({"items": 5});
        number(&run(&store(users, db, json!({}))).1["nodes"][2]["stale_read_share"])
    };
    for (w, r) in [(2, 2), (3, 1), (1, 3)] {
        assert_eq!(stale(w, r), 0.0, "{w} {r}");
    }
    assert!(stale(1, 1) > 0.2);
    // The second copy is read a hop later, when the write has come to it as well.
    assert_eq!(stale(1, 2), 0.0);
}

#[test]
fn a_node_that_was_dead_gets_the_writes_that_it_missed() {
    let run_with = |hinted: bool, repair: bool| {
        let db = json!({"write_acks": 1, "read_acks": 1, "node_delay_ms": 0.1, "hinted_handoff": hinted, "read_repair": repair});
        let rest = json!({"run": {"until_s": 60, "warmup_s": 31}, "timeline": [
            {"at_s": 10, "do": "kill", "node": "db", "part": 1}, {"at_s": 30, "do": "revive", "node": "db", "part": 1}]});
        // Writes stop while it is still dead: whatever is old afterwards stays so.
        let users = json!({"write_share": 0, "readback_share": 0});
        let mut file = store(users, db, rest);
        file["nodes"].as_array_mut().unwrap().push(json!({"id": "authors", "kind": "users", "params": {
            "traffic": {"points": [[0, 200], [25, 200], [25, 0]]}, "write_share": 1, "items": 100, "timeout_ms": null}}));
        file["wires"].as_array_mut().unwrap().push(json!({"from": "authors", "to": "web"}));
        run(&file)
    };
    let (sim, s) = run_with(true, false);
    assert_eq!(number(&s["nodes"][2]["stale_read_share"]), 0.0);
    assert!(sim.happenings().iter().any(|h| h.what == What::CaughtUp && h.part == Some(1)));
    // Without that a third of the reads see the dead one's old copies, of the items that were written meanwhile.
    let (_, s) = run_with(false, false);
    let stale = number(&s["nodes"][2]["stale_read_share"]);
    assert!(stale > 0.2 && stale < 0.34, "{stale}");
}

#[test]
fn reads_repair_what_they_find_to_be_old() {
    let stale = |repair: bool| {
        let db = json!({"write_acks": 1, "read_acks": 2, "node_delay_ms": 0.1, "hinted_handoff": false, "read_repair": repair});
        let rest = json!({"run": {"until_s": 60, "warmup_s": 50}, "timeline": [
            {"at_s": 2, "do": "kill", "node": "db", "part": 1}, {"at_s": 3, "do": "kill", "node": "db", "part": 2},
            {"at_s": 5, "do": "revive", "node": "db"}]});
        let mut file = store(json!({"write_share": 0}), db, rest);
        file["nodes"].as_array_mut().unwrap().push(json!({"id": "authors", "kind": "users", "params": {
            "traffic": {"points": [[0, 500], [4, 500], [4, 0]]}, "write_share": 1, "items": 100, "timeout_ms": null}}));
        file["wires"].as_array_mut().unwrap().push(json!({"from": "authors", "to": "web"}));
        let (_, s) = run(&file);
        number(&s["nodes"][2]["stale_read_share"])
    };
    assert!(stale(false) > 0.1, "{}", stale(false));
    assert_eq!(stale(true), 0.0);
}

#[test]
fn too_few_live_copies_fail_what_needs_more() {
    let failures = |w: u32| {
        let db = json!({"write_acks": w, "read_acks": 1});
        let rest = json!({"timeline": [{"at_s": 0, "do": "kill", "node": "db", "part": 0}, {"at_s": 0, "do": "kill", "node": "db", "part": 1}]});
        let (_, s) = run(&store(json!({"write_share": 1}), db, rest));
        (number(&s["users"]["failure_share"]), s["users"]["failures"].clone())
    };
    assert_eq!(failures(1).0, 0.0);
    let (share, reasons) = failures(2);
    assert_eq!(share, 1.0);
    assert!(reasons["no_quorum"].is_number());
}

#[test]
fn what_a_query_is_hangs_on_the_type() {
    let det = |ms: f64| json!({"law": "deterministic", "mean_ms": ms});
    let exp = json!({"law": "exponential", "mean_ms": 10});
    let (_, s) =
        run(&store(json!({"write_share": 0, "query_share": 0.5}), json!({"preset": "key_value"}), json!({})));
    let failed = number(&s["users"]["failures"]["unsupported"]);
    assert!((failed / number(&s["users"]["arrivals"]) - 0.5).abs() < 0.03);
    // All of five nodes: 10 (1 + 1/2 + ... + 1/5) ms.
    let db = json!({"preset": "document", "nodes": 5, "query": exp, "node_delay_ms": 0});
    assert!((latency_ms(db, "query") / 22.8333 - 1.0).abs() < 0.03);
    let db = json!({"preset": "column", "read_acks": 1, "query": det(7.0)});
    assert!((latency_ms(db, "query") - 7.0).abs() < 1e-6);
    let db = json!({"preset": "graph", "read": det(2.0), "steps": 6, "node_delay_ms": 0});
    assert!((latency_ms(db, "query") - 12.0).abs() < 1e-6);
}

#[test]
fn queries_go_where_they_can_be_answered() {
    let file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": {"query_share": 0.2, "write_share": 0.1}},
            {"id": "web", "kind": "web"},
            {"id": "sql", "kind": "relational", "params": {"workers": 100}},
            {"id": "db", "kind": "nosql"},
        ],
        "wires": [{"from": "users", "to": "web"}, {"from": "web", "to": "sql", "weight": 0}, {"from": "web", "to": "db", "weight": 1}],
        "run": {"until_s": 30},
    });
    let (_, s) = run(&file);
    assert_eq!(number(&s["users"]["failures_total"]), 0.0);
    assert_eq!(s["nodes"][2]["arrivals"], s["nodes"][2]["classes"]["query"]["arrivals"]);
    assert!(number(&s["nodes"][3]["arrivals"]) > 3.0 * number(&s["nodes"][2]["arrivals"]));
}
