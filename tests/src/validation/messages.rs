//! Queues and workers: the fluid law of a backlog, redelivery under a visibility timeout, dead letters.

use super::Experiment;
use super::build::{chain, det_ms, exp_ms, node, run, users};
use serde_json::{Value, json};

/// Publishers whose traffic ends, a queue, and workers.
fn pipeline(until_s: f64, curve: Value, queue: Value, workers: Value) -> Value {
    let mut publishers = users(0.0, json!({}));
    publishers["params"]["traffic"] = json!({"points": curve});
    let mut file = chain(
        until_s,
        0.0,
        vec![publishers, node("queue", "queue", queue), node("workers", "workers", workers)],
    );
    for wire in file["wires"].as_array_mut().expect("wires are a list") {
        wire["latency_ms"] = json!(0);
    }
    file
}

/// A rate for so long, and then nothing.
fn burst(rate_rps: f64, for_s: f64) -> Value {
    json!([[0, rate_rps], [for_s, rate_rps], [for_s, 0]])
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(&["DRAIN.peak", "DRAIN.time", "DRAIN.maxw"], 40, |r| {
            let mut file = pipeline(
                400.0,
                json!([[0, 500], [120, 500], [120, 100], [400, 100]]),
                json!({}),
                json!({"instances": 1, "workers": 3, "service": exp_ms(10.0)}),
            );
            file["run"]["window_s"] = json!(0.1);
            let done = run(&file, r.seed());
            let backlog = done.series("queue", "backlog");
            let empty = backlog.iter().skip(1200).position(|n| *n == 0.0).expect("the backlog drains");
            vec![done.get("queue", "backlog_peak"), 0.1 * empty as f64, done.get("queue", "delay_max_s")]
        })
        .quick(),
        Experiment::new(&["SQS.10"], 20, |r| {
            let done = run(
                &pipeline(
                    2000.0,
                    burst(50.0, 1000.0),
                    json!({"visibility_s": 30}),
                    json!({"instances": 1, "workers": 100_000, "service": exp_ms(10_000.0)}),
                ),
                r.seed(),
            );
            vec![done.get("queue", "deliveries_mean")]
        })
        .quick(),
        Experiment::new(&["DLQ", "DLQ.n"], 20, |r| {
            let done = run(
                &pipeline(
                    1000.0,
                    burst(100.0, 600.0),
                    json!({"visibility_s": 1, "max_receives": 3}),
                    json!({"instances": 1, "workers": 100, "service": det_ms(10.0), "crash_share": 0.2}),
                ),
                r.seed(),
            );
            vec![done.get("queue", "dead_letter_share"), done.get("queue", "deliveries_mean")]
        }),
    ]
}
