//! Replication lag, stale reads and lost writes, against the queue that a replica is.

use super::build::{Done, chain, det_ms, exp_ms, free_web, node, run, users};
use super::{Experiment, mean_and_sd};
use serde_json::{Value, json};

/// Writers (and readers), a free web tier, and a database whose machines cost nothing but the applying of writes.
fn replicated(until_s: f64, warmup_s: f64, people: Value, mut db: Value) -> Value {
    let params = db.as_object_mut().expect("params");
    for (name, value) in [
        ("workers", json!(10_000)),
        ("read", det_ms(0.0)),
        ("write", det_ms(0.0)),
        ("replicas", json!(1)),
        ("replication_delay_ms", json!(0)),
        ("queue_limit", Value::Null),
    ] {
        params.entry(name).or_insert(value);
    }
    chain(until_s, warmup_s, vec![people, free_web(), node("db", "relational", db)])
}

fn writers(rate_rps: f64, more: Value) -> Value {
    let mut params = json!({"write_share": 1});
    params.as_object_mut().expect("params").extend(more.as_object().expect("params").clone());
    users(rate_rps, params)
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    // 100 items alike: each gets 1% of the writes. 800 writes and 200 reads a second.
    let some_read = || users(1000.0, json!({"write_share": 0.8, "zipf_s": 0}));
    let stale = |done: &Done| done.get("users", "stale_read_share");
    vec![
        Experiment::new(&["REPL.mean", "REPL.p99"], 20, {
            let file = replicated(1220.0, 20.0, writers(800.0, json!({})), json!({"apply": exp_ms(1.0)}));
            move |r| {
                let done = run(&file, r.seed());
                vec![done.get("db", "lag_mean_s"), done.get("db", "lag_p99_s")]
            }
        })
        .quick(),
        Experiment::new(&["REPL.ryw"], 20, {
            let back = json!({"readback_share": 0.2, "readback_after_ms": 5});
            let file = replicated(1020.0, 20.0, writers(800.0, back), json!({"apply": exp_ms(1.0)}));
            move |r| vec![run(&file, r.seed()).get("users", "read_your_writes_violation_share")]
        }),
        Experiment::new(&["REPL.key"], 20, {
            let file = replicated(2020.0, 20.0, some_read(), json!({"apply": exp_ms(1.0)}));
            move |r| vec![stale(&run(&file, r.seed()))]
        }),
        Experiment::new(&["REPLD.mean", "REPLD.key"], 20, {
            let file = replicated(2620.0, 20.0, some_read(), json!({"apply": det_ms(1.0)}));
            move |r| {
                let done = run(&file, r.seed());
                vec![done.get("db", "lag_mean_s"), stale(&done)]
            }
        }),
        Experiment::new(&["LAGSPIKE.max"], 20, {
            let curve = json!({"points": [[0, 1200], [600, 1200], [600, 700]]});
            let people = writers(1.0, json!({"traffic": curve}));
            let file = replicated(1100.0, 0.0, people, json!({"apply": exp_ms(1.0)}));
            move |r| vec![run(&file, r.seed()).get("db", "lag_max_s")]
        }),
        // A replication is 25 crashes: their mean, and their standard deviation without the bias of a small sample.
        Experiment::new(&["LOSS.async", "LOSS.sd"], 48, |r| {
            let lost: Vec<f64> = r.seeds(25).map(lost_writes).collect();
            let (mean, sd) = mean_and_sd(&lost);
            vec![mean, sd]
        })
        .quick(),
        Experiment::new(&["LOSS.semi"], 20, |r| {
            let db = json!({
                "replicas": 3, "replication": "semi_sync", "acks": 1, "write": exp_ms(1.0), "workers": 200,
                "apply": det_ms(0.1), "replication_delay_ms": 50, "replication_jitter": exp_ms(20.0), "detect_s": 0.1,
                "promote_s": 0.1,
            });
            let mut file = replicated(3.0, 0.0, writers(500.0, json!({})), db);
            file["timeline"] = json!([{"at_s": 1.5, "do": "kill", "node": "db", "part": 0}]);
            let done = run(&file, r.seed());
            assert_eq!(done.get("db", "failovers"), 1.0, "a replica took over");
            assert!(done.get("db", "commits") > 900.0, "there was something to lose");
            vec![done.get("db", "lost_writes")]
        })
        .quick(),
        // Writes far enough apart that none waits behind the one before on its link.
        Experiment::new(&["SEMI.lat"], 20, {
            let db = json!({
                "replicas": 3, "replication": "semi_sync", "acks": 1, "replication_jitter": exp_ms(10.0),
                "apply": det_ms(0.0),
            });
            let file = replicated(1000.0, 0.0, writers(10.0, json!({"arrivals": "regular"})), db);
            move |r| vec![1e3 * run(&file, r.seed()).get("db", "response_mean_s")]
        })
        .quick(),
        // A replication is 80 crashes, each at another phase of the probes.
        Experiment::new(&["RTO.detect"], 24, |r| {
            let db = json!({"probe_interval_s": 10, "probe_failures": 3, "probe_timeout_s": 5, "promote_s": 0});
            let mut file = replicated(60.0, 0.0, writers(1.0, json!({})), db);
            file["timeline"] = json!([{"at_s": 17, "do": "kill", "node": "db", "part": 0}]);
            let found = |seed| run(&file, seed).get("db", "detection_mean_s");
            vec![r.seeds(80).map(found).sum::<f64>() / 80.0]
        })
        .quick(),
        Experiment::new(&["RTO.failed"], 64, {
            let db = json!({
                "detect_s": 30, "promote_s": 20, "endpoint_ttl_s": 5, "apply": det_ms(0.0),
            });
            let mut file = replicated(70.0, 0.0, writers(500.0, json!({})), db);
            file["timeline"] = json!([{"at_s": 5, "do": "kill", "node": "db", "part": 0}]);
            move |r| vec![run(&file, r.seed()).get("users", "failures_total")]
        }),
        // One item; a client always writes at the same one of the two primaries.
        Experiment::new(&["MPRIM.p"], 20, {
            let db = json!({
                "topology": "multi_primary", "replication_delay_ms": 80, "apply": det_ms(0.0),
            });
            let file = replicated(4000.0, 0.0, writers(10.0, json!({"items": 1})), db);
            move |r| vec![run(&file, r.seed()).get("db", "conflict_share")]
        })
        .quick(),
        Experiment::new(&["INV.11"], 8, |r| {
            // Writes stop, the backlog is applied, and only then does anyone read: nobody sees an old item.
            let mut readers = users(1.0, json!({"traffic": {"points": [[0, 0], [60, 0], [60, 500]]}}));
            readers["id"] = json!("readers");
            let burst = json!({"points": [[0, 900], [20, 900], [20, 0]]});
            let mut file = replicated(
                70.0,
                0.0,
                writers(1.0, json!({"traffic": burst, "items": 50})),
                json!({
                    "replicas": 1 + r.number % 3, "apply": exp_ms(1.3), "replication_delay_ms": 10.0 * r.number as f64,
                    "detect_s": 0.5, "promote_s": 0.5, "read": exp_ms(1.0), "write": exp_ms(1.0), "workers": 4,
                }),
            );
            file["nodes"].as_array_mut().expect("nodes").push(readers);
            file["wires"].as_array_mut().expect("wires").push(json!({"from": "readers", "to": "web"}));
            if r.number % 2 == 1 {
                file["timeline"] = json!([
                    {"at_s": 5, "do": "kill", "node": "db", "part": 0},
                    {"at_s": 8, "do": "revive", "node": "db", "part": 0},
                ]);
            }
            let done = run(&file, r.seed());
            let behind: f64 = done.node("db")["replicas"]
                .as_array()
                .expect("replicas")
                .iter()
                .map(|m| m["behind"].as_f64().expect("a count"))
                .sum();
            assert!(done.get("readers", "completions") > 1000.0, "somebody read");
            vec![behind + done.get("readers", "stale_read_share")]
        })
        .quick(),
    ]
}

/// Acknowledged writes that a crash of the primary loses.
fn lost_writes(seed: u64) -> f64 {
    let db = json!({
        "write": exp_ms(1.0), "workers": 200, "apply": det_ms(0.1), "replication_delay_ms": 50,
        "detect_s": 0.1, "promote_s": 0.1,
    });
    let mut file = replicated(1.5, 0.0, writers(500.0, json!({})), db);
    file["timeline"] = json!([{"at_s": 1, "do": "kill", "node": "db", "part": 0}]);
    let done = run(&file, seed);
    assert_eq!(done.get("db", "failovers"), 1.0, "the replica took over");
    done.get("db", "lost_writes")
}
