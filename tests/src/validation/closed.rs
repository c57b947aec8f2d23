//! Users who wait for an answer and think before the next request, and callers who leave a queue, against mean-value analysis
//! and Erlang's formulas with abandonment.

use super::Experiment;
use super::build::{chain, exp_ms, run, users, web};
use headroom_analysis::formulas::closed::saturation_population;
use headroom_model::design::Design;
use headroom_model::kinds::NodeParams;
use serde_json::{Value, json};

/// A closed loop of so many users.
fn loop_of(population: u32, think: Value) -> Value {
    users(1.0, json!({"mode": "closed", "population": population, "think": think}))
}

fn one_tier(population: u32, think: Value, workers: u32, service_ms: f64, until_s: f64) -> Value {
    chain(
        until_s,
        500.0,
        vec![loop_of(population, think), web("web", workers, exp_ms(service_ms), json!({}))],
    )
}

/// Web, application and database, one worker each.
fn three_tiers(population: u32, until_s: f64) -> Value {
    let tier = |id: &str, ms: f64| web(id, 1, exp_ms(ms), json!({}));
    let tiers = vec![
        loop_of(population, exp_ms(7000.0)),
        tier("web", 40.0),
        tier("app", 60.0),
        tier("database", 50.0),
    ];
    chain(until_s, 500.0, tiers)
}

fn read(rows: &'static [&'static str], file: Value, names: &'static [&'static str]) -> Experiment {
    Experiment::new(rows, 20, move |r| {
        let done = run(&file, r.seed());
        names.iter().map(|name| done.get("users", name)).collect()
    })
}

/// Mean think time and mean demand of each tier, as the design says.
fn think_and_demands(file: &Value) -> (f64, Vec<f64>) {
    let design = Design::parse(&file.to_string()).expect("a sound design");
    let (mut think_s, mut demands_s) = (0.0, Vec::new());
    for node in &design.nodes {
        match &node.params {
            NodeParams::Users(p) => think_s = p.think.mean(),
            NodeParams::Web(p) => demands_s.push(p.service.mean() / f64::from(p.workers)),
            _ => {}
        }
    }
    (think_s, demands_s)
}

/// 110 callers a second for 100 workers who take a second each.
fn impatient(law: &str, patience_ms: f64, until_s: f64) -> Value {
    let patience = json!({"queue_patience_ms": patience_ms, "queue_patience_law": law});
    chain(until_s, 50.0, vec![users(110.0, json!({})), web("web", 100, exp_ms(1000.0), patience)])
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let throughput = &["throughput_rps", "response_mean_s"];
    vec![
        read(&["MVA1.X", "MVA1.R"], one_tier(40, exp_ms(5000.0), 1, 200.0, 60_000.0), throughput),
        read(&["REPAIR.R"], one_tier(200, exp_ms(10_000.0), 5, 300.0, 60_000.0), &["response_mean_s"]),
        read(&["MVA3-100.X", "MVA3-100.R"], three_tiers(100, 20_000.0), throughput),
        read(&["MVA3-150.X"], three_tiers(150, 10_000.0), &["throughput_rps"]),
        Experiment::new(&["KNEE.N"], 3, |_| {
            let (think_s, demands_s) = think_and_demands(&three_tiers(150, 10_000.0));
            vec![saturation_population(think_s, &demands_s)]
        })
        .quick(),
        Experiment::new(&["INV.5"], 20, |r| {
            // R = N / X − Z, whatever the tiers and the thinking are, with what was measured of each.
            let law = ["exponential", "deterministic"][r.number as usize % 2];
            let population = 20 + 10 * r.number as u32;
            let file = one_tier(population, json!({"law": law, "mean_ms": 2000}), 2, 30.0, 20_500.0);
            let done = run(&file, r.seed());
            let of = |name: &str| done.get("users", name);
            let expected = f64::from(population) / of("throughput_rps") - of("think_mean_s");
            vec![of("response_mean_s") / expected - 1.0]
        })
        .quick(),
        Experiment::new(&["ERLA.Pab"], 20, |r| {
            vec![run(&impatient("exponential", 2000.0, 10_000.0), r.seed()).get("web", "failure_share")]
        }),
        Experiment::new(&["MMND.Pab"], 20, |r| {
            vec![run(&impatient("fixed", 200.0, 10_000.0), r.seed()).get("web", "failure_share")]
        }),
    ]
}
