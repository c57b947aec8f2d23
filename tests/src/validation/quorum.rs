//! Quorums of a NoSQL store, against order statistics and combinatorics.

use super::Experiment;
use super::build::{chain, det_ms, exp_ms, free_web, node, run, users};
use serde_json::{Value, json};

/// People who write or read, and a store of three nodes with three copies of each item.
fn store(until_s: f64, people: Value, mut db: Value) -> Value {
    let params = db.as_object_mut().expect("params");
    for (name, value) in [
        ("nodes", json!(3)),
        ("copies", json!(3)),
        ("workers", json!(10_000)),
        ("read", det_ms(0.0)),
        ("write", det_ms(0.0)),
        ("node_delay_ms", json!(0)),
        ("queue_limit", Value::Null),
    ] {
        params.entry(name).or_insert(value);
    }
    chain(until_s, 0.0, vec![people, free_web(), node("db", "nosql", db)])
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let mut all = Vec::new();
    for (row, acks) in [(&["QUORUM.W1"], 1), (&["QUORUM.W2"], 2), (&["QUORUM.W3"], 3)] {
        let people = users(1000.0, json!({"write_share": 1}));
        let file = store(20.0, people, json!({"write": exp_ms(10.0), "write_acks": acks}));
        let mean = move |seed| 1e3 * run(&file, seed).get("db", "response_mean_s");
        all.push(Experiment::new(row, 20, move |r| vec![mean(r.seed())]).quick());
    }
    // The author reads the moment that the write is acknowledged; the other two copies are 50 ms away.
    let people =
        users(200.0, json!({"write_share": 1, "readback_share": 1, "readback_after_ms": 0, "items": 10_000}));
    let db = json!({"write_acks": 1, "read_acks": 1, "node_delay_ms": 50, "read_repair": false});
    let file = store(30.0, people, db);
    let violated = move |seed| run(&file, seed).get("users", "read_your_writes_violation_share");
    all.push(Experiment::new(&["QUORUM.stale"], 20, move |r| vec![violated(r.seed())]).quick());
    // Every state of the three nodes is tried, and weighed with its probability.
    all.push(
        Experiment::new(&["QUORUM.avail"], 2, |r| {
            let up: f64 = 0.99;
            let mut available = 0.0;
            for dead in 0..8_u32 {
                let people = users(100.0, json!({"write_share": 0.5}));
                let mut file = store(2.0, people, json!({"write_acks": 2, "read_acks": 2}));
                let kills = (0..3).filter(|i| dead & 1 << i != 0);
                file["timeline"] =
                    kills.map(|i| json!({"at_s": 0, "do": "kill", "node": "db", "part": i})).collect();
                let failed = run(&file, r.seed()).get("users", "failure_share");
                assert!(failed == 0.0 || failed == 1.0, "all or nothing, not {failed}");
                let down = dead.count_ones() as i32;
                available += (1.0 - failed)
                    * libm::pow(up, f64::from(3 - down))
                    * libm::pow(1.0 - up, f64::from(down));
            }
            vec![available]
        })
        .quick(),
    );
    all
}
