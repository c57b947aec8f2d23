//! What the simulator says of its own numbers: how sure a mean is, and how long a run it would take.

use super::Experiment;
use super::build::{chain, exp_ms, run, users, web};
use serde_json::json;

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    // One worker, exponential service of 10 ms, with a warm-up of 200 mean interarrival times by 20.
    let station = |utilization: f64, requests: f64| {
        let (rate_rps, warmup_s) = (100.0 * utilization, 40.0 / utilization);
        chain(
            warmup_s + requests / rate_rps,
            warmup_s,
            vec![users(rate_rps, json!({})), web("web", 1, exp_ms(10.0), json!({}))],
        )
    };
    let wanted = |row: &'static [&'static str], utilization: f64, requests: f64| {
        let file = station(utilization, requests);
        Experiment::new(row, 20, move |r| vec![run(&file, r.seed()).get("web", "waits_for_1_percent")])
    };
    vec![
        Experiment::new(&["COVER"], 400, {
            let file = station(0.8, 500_000.0);
            move |r| {
                let done = run(&file, r.seed());
                let off = (done.get("web", "response_mean_s") - 0.05).abs();
                vec![f64::from(u8::from(off <= done.get("web", "ci95_response_mean_s")))]
            }
        }),
        wanted(&["RUNLEN.rho50"], 0.5, 4e5),
        wanted(&["RUNLEN.rho80"], 0.8, 1e6),
        wanted(&["RUNLEN.rho90"], 0.9, 3e6),
        wanted(&["RUNLEN.rho95"], 0.95, 8e6),
    ]
}
