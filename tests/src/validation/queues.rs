//! Single stations and networks of them, against queueing theory.

use super::Experiment;
use super::build::{chain, design, det_ms, exp_ms, lognormal_ms, node, run, users, web};
use serde_json::{Value, json};

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let mut all = single_stations();
    all.extend(many_workers());
    all.extend(networks());
    all.extend(clients());
    all
}

/// Users, and one tier of one server with an unbounded queue: warm-up of 200 mean interarrival times by 20.
fn station(rate_rps: f64, requests: f64, workers: u32, service: Value, more: Value) -> Value {
    let warmup_s = 4000.0 / rate_rps;
    chain(
        warmup_s + requests / rate_rps,
        warmup_s,
        vec![users(rate_rps, json!({})), web("web", workers, service, more)],
    )
}

/// Reads numbers of the tier's summary.
fn read(
    rows: &'static [&'static str],
    replications: usize,
    file: Value,
    names: &'static [&'static str],
) -> Experiment {
    Experiment::new(rows, replications, move |r| {
        let done = run(&file, r.seed());
        names.iter().map(|name| done.get("web", name)).collect()
    })
}

fn single_stations() -> Vec<Experiment> {
    let none = || json!({});
    let arrivals = |rate_rps: f64, more: Value, requests: f64| {
        let warmup_s = 4000.0 / rate_rps;
        let until_s = warmup_s + requests / rate_rps;
        chain(until_s, warmup_s, vec![users(rate_rps, more), web("web", 1, exp_ms(10.0), json!({}))])
    };
    let bounded_pareto = json!({"law": "bounded_pareto", "alpha": 1.5, "min_ms": 4, "max_ms": 4000});
    let pareto = json!({"law": "pareto", "alpha": 2.5, "min_ms": 6});
    let gamma = json!({"law": "gamma", "mean_ms": 10, "cv": 0.5});
    let h2 = json!({"law": "hyperexponential", "mean_ms": 10, "cv": 2});
    vec![
        Experiment::new(&["MM1", "MM1.p99", "MM1.p50", "MM1.L", "MM1.P0", "MM1.p10"], 20, |r| {
            let done = run(&station(80.0, 2.2e6, 1, exp_ms(10.0), json!({})), r.seed());
            let inside = done.node("web")["time_share_with_more_than"].as_array().expect("shares").clone();
            vec![
                done.get("web", "response_mean_s"),
                done.get("web", "response_p99_s"),
                done.get("web", "response_p50_s"),
                done.get("web", "in_system_mean"),
                done.get("web", "found_empty_share"),
                inside[10].as_f64().expect("a share"),
            ]
        }),
        read(
            &["MM1", "MM1.L"],
            20,
            station(80.0, 1.1e6, 1, exp_ms(10.0), none()),
            &["response_mean_s", "in_system_mean"],
        )
        .quick_only(),
        read(&["MD1.Wq"], 20, station(80.0, 8e5, 1, det_ms(10.0), none()), &["wait_mean_s"]).quick_only(),
        read(&["MG1-LN.Wq"], 20, station(35.0, 1.6e6, 1, lognormal_ms(20.0, 2.0), none()), &["wait_mean_s"])
            .quick_only(),
        read(
            &["MD1.Wq", "MD1.p99"],
            20,
            station(80.0, 1.1e6, 1, det_ms(10.0), none()),
            &["wait_mean_s", "wait_p99_s"],
        ),
        read(
            &["MG1-LN.Wq", "MG1-LN.sdWq"],
            24,
            station(35.0, 3e6, 1, lognormal_ms(20.0, 2.0), none()),
            &["wait_mean_s", "wait_sd_s"],
        ),
        read(
            &["MG1-BP.Wq", "MG1-BP.sdWq"],
            24,
            station(50.0, 2.5e6, 1, bounded_pareto, none()),
            &["wait_mean_s", "wait_sd_s"],
        ),
        read(&["MG1-E4.sdWq"], 20, station(80.0, 8e5, 1, gamma, none()), &["wait_sd_s"]),
        read(&["MG1-H2.sdWq"], 20, station(70.0, 1e6, 1, h2, none()), &["wait_sd_s"]),
        read(&["MG1-PARETO.Wq"], 20, station(60.0, 1.2e6, 1, pareto, none()), &["wait_mean_s"]),
        read(&["DM1.W"], 20, arrivals(90.0, json!({"arrivals": "regular"}), 2.6e6), &["response_mean_s"]),
        read(
            &["H2M1.W"],
            20,
            arrivals(70.0, json!({"arrivals": "bursty", "gap_cv": 3}), 1.5e6),
            &["response_mean_s"],
        ),
    ]
}

fn many_workers() -> Vec<Experiment> {
    let none = || json!({});
    let limit = |n: u32| json!({"queue_limit": n});
    let erlang_b = |law: Value| station(80.0, 4e5, 10, law, limit(0));
    vec![
        read(
            &["MMC10.C", "MMC10.Wq", "MMC10.p95w"],
            20,
            station(85.0, 2.4e6, 10, exp_ms(100.0), none()),
            &["delayed_share", "wait_mean_s", "wait_p95_s"],
        ),
        read(&["MMC10.C"], 20, station(85.0, 8e5, 10, exp_ms(100.0), none()), &["delayed_share"])
            .quick_only(),
        read(&["MMC100.C"], 20, station(950.0, 2e6, 100, exp_ms(100.0), none()), &["delayed_share"]),
        read(
            &["MMCK.loss", "MMCK.X", "MMCK.W"],
            20,
            station(120.0, 4e5, 10, exp_ms(100.0), limit(5)),
            &["failure_share", "throughput_rps", "response_mean_s"],
        )
        .quick(),
        read(&["MM1K.loss"], 20, station(9.0, 6e5, 1, exp_ms(100.0), limit(9)), &["failure_share"]).quick(),
        read(&["ERLB.exp"], 20, erlang_b(exp_ms(100.0)), &["failure_share"]),
        read(&["ERLB.deterministic"], 20, erlang_b(det_ms(100.0)), &["failure_share"]).quick(),
        read(&["POOL.0"], 20, station(32.0, 1.5e6, 1, exp_ms(25.0), none()), &["response_mean_s"]),
        read(&["POOL.1"], 20, station(32.0, 8e5, 4, exp_ms(100.0), none()), &["response_mean_s"]),
        read(&["POOL.2"], 20, split(32.0, 1.5e6, 100.0), &["response_mean_s"]),
        read(&["PS1.exp"], 20, shared(35.0, 8e5, 1, exp_ms(20.0)), &["response_mean_s"]),
        read(&["PS1.deterministic"], 20, shared(35.0, 4e5, 1, det_ms(20.0)), &["response_mean_s"]).quick(),
        read(&["PS4.lognormal"], 20, shared(140.0, 8e5, 4, lognormal_ms(20.0, 2.0)), &["response_mean_s"]),
        // The mean response of a demand hangs on nothing but the demand and the load: here all are of that size.
        read(&["PS1.slow"], 20, shared(140.0, 4e5, 1, det_ms(5.0)), &["response_mean_s"]),
        Experiment::new(&["STAFF.c"], 3, |r| {
            // The smallest tier that keeps the promise, found as a user would: by trying.
            let keeps = |workers: u32| {
                let done = run(&station(1000.0, 2e6, workers, exp_ms(10.0), json!({})), r.seed());
                done.get("web", "wait_p99_s") <= 0.005
            };
            vec![(11..=30).find(|workers| keeps(*workers)).map_or(f64::NAN, f64::from)]
        }),
    ]
}

/// One server whose workers are cores that all requests share.
fn shared(rate_rps: f64, requests: f64, cores: u32, demand: Value) -> Value {
    station(rate_rps, requests, cores, demand, json!({"discipline": "processor_sharing"}))
}

/// Four servers with a queue each, picked by lot.
fn split(rate_rps: f64, requests: f64, mean_ms: f64) -> Value {
    let warmup_s = 4000.0 / rate_rps;
    chain(
        warmup_s + requests / rate_rps,
        warmup_s,
        vec![
            users(rate_rps, json!({})),
            node("lb", "load_balancer", json!({"policy": "random", "health_checks": false})),
            web("web", 1, exp_ms(mean_ms), json!({"instances": 4})),
        ],
    )
}

fn networks() -> Vec<Experiment> {
    vec![
        // A balancer has no capacity of its own here, so that the first station is a web tier like the others.
        Experiment::new(&["TANDEM.p99"], 20, |r| {
            let tier = |id: &str, rate: f64| web(id, 1, exp_ms(1000.0 / rate), json!({}));
            let tiers =
                vec![users(50.0, json!({})), tier("first", 100.0), tier("second", 80.0), tier("third", 60.0)];
            let done = run(&chain(31_000.0, 1000.0, tiers), r.seed());
            vec![done.get("users", "response_p99_s")]
        }),
        Experiment::new(&["JACKSON.W"], 20, |r| {
            let tiers = vec![
                users(80.0, json!({})),
                web("front", 8, exp_ms(1000.0 / 14.0), json!({})),
                web("middle", 1, exp_ms(2.5), json!({"downstream_share": 0.1})),
                web("back", 2, exp_ms(1000.0 / 6.0), json!({})),
            ];
            let done = run(&chain(10_200.0, 200.0, tiers), r.seed());
            vec![done.get("users", "response_mean_s")]
        }),
        Experiment::new(&["INV.4"], 20, |r| {
            // Forced flow: each tier's throughput is its visit ratio times that of the whole, whatever the tiers are.
            let share = 0.1 + 0.04 * r.number as f64;
            let tiers = vec![
                users(100.0, json!({})),
                web("front", 3, lognormal_ms(20.0, 1.0), json!({"downstream_share": share})),
                web("back", 2, exp_ms(10.0), json!({})),
            ];
            let done = run(&chain(4_100.0, 100.0, tiers), r.seed());
            vec![done.get("back", "throughput_rps") / (share * done.get("users", "throughput_rps")) - 1.0]
        }),
        Experiment::new(&["INV.8"], 20, |r| {
            // One Poisson stream, or two of half the rate that meet: the same mean response.
            let tier = || web("web", 1, exp_ms(10.0), json!({}));
            let one = chain(20_050.0, 50.0, vec![users(80.0, json!({})), tier()]);
            let mut other = users(40.0, json!({}));
            other["id"] = json!("others");
            let two = design(
                20_050.0,
                50.0,
                vec![users(40.0, json!({})), other, tier()],
                vec![json!(["users", "web"]), json!(["others", "web"])],
            );
            let mean = |file: &Value, seed: u64| run(file, seed).get("web", "response_mean_s");
            let mut seeds = r.seeds(2);
            let mut next = || seeds.next().expect("two seeds");
            vec![mean(&two, next()) / mean(&one, next()) - 1.0]
        }),
    ]
}

fn clients() -> Vec<Experiment> {
    vec![
        Experiment::new(&["ZOMBIE.frac"], 20, |r| {
            let impatient = users(80.0, json!({"timeout_ms": 100}));
            let done = run(
                &chain(12_050.0, 50.0, vec![impatient, web("web", 1, exp_ms(10.0), json!({}))]),
                r.seed(),
            );
            vec![done.get("users", "wasted_answers") / done.get("web", "completions")]
        }),
        Experiment::new(&["RETRY.amp", "RETRY.ok"], 20, |r| {
            // One attempt in ten goes to a dead tier.
            let mut file = design(
                2000.0,
                1.0,
                vec![
                    users(100.0, json!({"retries": 2, "backoff_ms": 0})),
                    web("good", 100, exp_ms(1.0), json!({})),
                    web("dead", 100, exp_ms(1.0), json!({})),
                ],
                vec![
                    json!({"from": "users", "to": "good", "weight": 0.9}),
                    json!({"from": "users", "to": "dead", "weight": 0.1}),
                ],
            );
            file["timeline"] = json!([{"at_s": 0, "do": "kill", "node": "dead"}]);
            let done = run(&file, r.seed());
            let attempts = done.get("good", "arrivals") + done.get("dead", "arrivals");
            let requests = done.get("users", "arrivals");
            vec![attempts / requests, done.get("users", "completions") / requests]
        })
        .quick(),
        Experiment::new(&["META.thr"], 4, |r| {
            // The highest rate that recovers and the lowest that does not, : the middle between them.
            let recovers = |rate: f64| success_at_the_end(&stall(rate, Value::Null, 2600.0), r.seed()) > 0.9;
            let rates = [244.0, 247.0, 253.0, 256.0];
            let stuck = rates.iter().position(|rate| !recovers(*rate));
            vec![stuck.filter(|i| *i > 0).map_or(f64::NAN, |i| (rates[i - 1] + rates[i]) / 2.0)]
        }),
        Experiment::new(&["META.bound"], 4, |r| {
            let worst = [400.0, 700.0]
                .map(|rate| success_at_the_end(&stall(rate, json!(500), 80.0), r.seed()))
                .into_iter()
                .fold(1.0, f64::min);
            vec![worst]
        }),
    ]
}

/// One server that as good as stands still for 10 s, with clients who give up after 1 s and try three times more at once.
fn stall(rate_rps: f64, queue_limit: Value, until_s: f64) -> Value {
    let eager = json!({"timeout_ms": 1000, "retries": 3, "backoff_ms": 0, "jitter": false});
    let server = web("web", 1, exp_ms(1.0), json!({"queue_limit": queue_limit}));
    let mut file = chain(until_s, 0.0, vec![users(rate_rps, eager), server]);
    // Time for the old requests to be answered or given up: the share is of the last seconds only.
    file["run"]["warmup_s"] = json!(until_s - 20.0);
    file["timeline"] = json!([
        {"at_s": 30, "do": "slow", "node": "web", "factor": 1000},
        {"at_s": 40, "do": "slow", "node": "web", "factor": 1},
    ]);
    file
}

fn success_at_the_end(file: &Value, seed: u64) -> f64 {
    let done = run(file, seed);
    let good = done.get("users", "completions");
    good / (good + done.get("users", "failures_total"))
}
