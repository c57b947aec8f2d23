//! Machines that come and go: autoscaling, vertical scaling by the Universal Scalability Law.

use super::build::{Done, chain, design, det_ms, exp_ms, node, run, users, web};
use super::catalogue::digits;
use super::{Experiment, Replication};
use serde_json::{Value, json};

/// Clockwork clients (no randomness in arrivals), a balancer and pods of five workers; requests that find no free worker
/// are refused, so that nothing is carried over from one look of the autoscaler to the next.
fn pods(demand: f64, start: u32, scaler: Value) -> Value {
    let clockwork = json!({"arrivals": "regular"});
    design(
        150.0,
        0.0,
        vec![
            users(500.0 * demand, clockwork),
            node("lb", "load_balancer", json!({"policy": "least_connections", "health_checks": false})),
            web(
                "web",
                5,
                det_ms(10.0),
                json!({"instances": start, "queue_limit": 0, "boot_s": 0, "drain_s": 1}),
            ),
            node("scaler", "autoscaler", scaler),
        ],
        vec![
            json!({"from": "users", "to": "lb", "latency_ms": 0}),
            json!({"from": "lb", "to": "web", "latency_ms": 0}),
            json!(["scaler", "web"]),
        ],
    )
}

/// The numbers of instances that an autoscaler called for, the first being what it found.
fn story(done: &Done) -> Vec<f64> {
    let story = done.node("scaler")["wanted_story"][0].as_array().expect("a list");
    story.iter().filter_map(Value::as_f64).collect()
}

fn hpa(demand: f64, start: u32, target: f64, r: Replication) -> Vec<f64> {
    let scaler = json!({"target": target, "window_s": 15, "max_instances": 1000, "min_instances": 1});
    story(&run(&pods(demand, start, scaler), r.seed()))
}

/// Mean time of a request that has a machine of a size to itself [s].
fn alone(size: &str, alpha: f64, beta: f64, r: Replication) -> f64 {
    let machine = json!({"size": size, "contention": alpha, "coherency": beta});
    // Long work, so that whole nanoseconds leave twelve digits.
    let file = chain(
        40_000.0,
        0.0,
        vec![users(0.0001, json!({"arrivals": "regular"})), web("web", 1, det_ms(1_000_000.0), machine)],
    );
    run(&file, r.seed()).get("web", "response_mean_s")
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let (alpha, beta) = (0.03, 0.0002);
    vec![
        Experiment::new(&["AS.backlog", "AS.clear", "AS.maxdelay"], 20, |r| {
            // The load steps at 600 s, when the autoscaler looks; the metric shows it a minute later.
            let step_s = 600.0;
            let mut publishers = users(0.0, json!({}));
            publishers["params"]["traffic"] =
                json!({"points": [[0, 400], [step_s, 400], [step_s, 1200], [1200, 1200]]});
            let scaler = json!({
                "metric": "requests_per_instance", "target": 105, "interval_s": 60, "window_s": 60,
            });
            let file = design(
                1200.0,
                0.0,
                vec![
                    publishers,
                    node("queue", "queue", json!({"durable": false, "visibility_s": 3600})),
                    node(
                        "workers",
                        "workers",
                        json!({"instances": 4, "workers": 1, "service": exp_ms(1000.0 / 150.0), "boot_s": 120}),
                    ),
                    node("scaler", "autoscaler", scaler),
                ],
                vec![
                    json!({"from": "users", "to": "queue", "latency_ms": 0}),
                    json!({"from": "queue", "to": "workers", "latency_ms": 0}),
                    json!(["scaler", "workers"]),
                ],
            );
            let mut file = file;
            file["run"]["window_s"] = json!(0.5);
            let done = run(&file, r.seed());
            let backlog = done.series("queue", "backlog");
            let after = (step_s / 0.5) as usize + 20;
            let clear =
                backlog.iter().skip(after).position(|n| *n == 0.0).expect("the backlog is worked off");
            vec![
                done.get("queue", "backlog_peak"),
                0.5 * (clear + after) as f64 - step_s,
                done.get("queue", "delay_max_s"),
            ]
        }),
        Experiment::new(&["AS.n"], 1, |r| {
            let scaler = json!({"metric": "requests_per_instance", "target": 105, "window_s": 15});
            let mut file = pods(12.0, 4, scaler);
            file["nodes"][0]["params"]["traffic"] = json!({"preset": "constant", "rps": 1200});
            file["nodes"][2]["params"]["service"] = det_ms(1000.0 * 5.0 / 150.0);
            vec![*story(&run(&file, r.seed())).last().expect("it began somewhere")]
        })
        .quick(),
        Experiment::new(&["HPA.one"], 1, |r| vec![hpa(3.6, 4, 0.5, r)[1]]).quick(),
        Experiment::new(&["HPA.tol"], 1, |r| vec![*hpa(5.4, 10, 0.5, r).last().expect("it began somewhere")])
            .quick(),
        Experiment::new(&["HPA.seq"], 1, |r| vec![digits(hpa(20.0, 4, 0.5, r).into_iter())]),
        Experiment::new(&["USL.x32"], 1, move |r| {
            vec![32.0 * alone("x1", alpha, beta, r) / alone("x32", alpha, beta, r)]
        })
        .quick(),
        Experiment::new(&["USL.peak"], 1, move |r| {
            // Two sizes tell both coefficients: t(N)/t(1) = 1 + α(N − 1) + βN(N − 1).
            let slower = |size| alone(size, alpha, beta, r) / alone("x1", alpha, beta, r) - 1.0;
            let (two, four) = (slower("x2"), slower("x4") / 3.0);
            // α + 2β and α + 4β.
            let b = (four - two) / 2.0;
            let a = two - 2.0 * b;
            vec![((1.0 - a) / b).sqrt()]
        })
        .quick(),
    ]
}
