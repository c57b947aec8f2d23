//! Traffic that changes with time, against Poisson processes of varying rate and fluid limits.

use super::build::{chain, det_ms, exp_ms, run, users, web};
use super::{Experiment, mean_and_variance};
use serde_json::{Value, json};

fn daily(mean_rps: f64, peak_rps: f64, period_s: f64) -> Value {
    let curve = json!({"preset": "daily", "mean_rps": mean_rps, "peak_rps": peak_rps, "period_s": period_s});
    users(1.0, json!({"traffic": curve}))
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(&["NHPP.var", "NHPP.mean"], 40, |r| {
            let period_s = 600.0;
            let server = web("web", 1, det_ms(0.0), json!({"queue_limit": 0}));
            let mut file = chain(100.0 * period_s, 0.0, vec![daily(100.0, 160.0, period_s), server]);
            file["run"]["window_s"] = json!(period_s);
            let done = run(&file, r.seed());
            let counts: Vec<f64> =
                done.series("users", "arrivals_rps").iter().map(|rate| (rate * period_s).round()).collect();
            let (mean, variance) = mean_and_variance(&counts);
            vec![variance / mean, mean]
        }),
        Experiment::new(&["MTINF.peak"], 20, |r| {
            let (period_s, step_s, periods) = (600.0, 10.0, 8);
            let server = web("web", 100_000, exp_ms(100_000.0), json!({}));
            let mut file =
                chain(f64::from(periods + 2) * period_s, 0.0, vec![daily(100.0, 160.0, period_s), server]);
            file["run"]["window_s"] = json!(step_s);
            let done = run(&file, r.seed());
            // After two periods the sessions go with the traffic, as a sine: its mean and amplitude.
            let settled = &done.series("web", "in_system")[120..];
            let n = settled.len() as f64;
            let mean = settled.iter().sum::<f64>() / n;
            let wave = |f: fn(f64) -> f64| {
                let turn = std::f64::consts::TAU * step_s / period_s;
                settled.iter().enumerate().map(|(i, x)| x * f(turn * i as f64)).sum::<f64>() * 2.0 / n
            };
            vec![mean + libm::hypot(wave(libm::sin), wave(libm::cos))]
        })
        .quick(),
        Experiment::new(&["DIURNAL.delay", "DIURNAL.t"], 20, |r| {
            let mut file = chain(
                45_000.0,
                0.0,
                vec![daily(80.0, 120.0, 86_400.0), web("web", 1, exp_ms(10.0), json!({}))],
            );
            file["run"]["window_s"] = json!(20);
            let done = run(&file, r.seed());
            // Whoever comes when the queue is longest waits longest.
            let queue = done.series("web", "queue");
            let longest = (0..queue.len()).max_by(|a, b| queue[*a].total_cmp(&queue[*b])).expect("windows");
            vec![done.get("web", "wait_max_s"), 20.0 * (longest + 1) as f64]
        }),
    ]
}
