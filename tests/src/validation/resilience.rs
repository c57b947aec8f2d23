//! What wires do besides carrying, calls to many at once, and work in rounds.

use super::Experiment;
use super::build::{Done, chain, design, det_ms, exp_ms, run, users, web};
use serde_json::{Value, json};

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let mut all = retries();
    all.extend(breakers());
    all.extend(fan_out());
    all.extend(hedges());
    all.push(Experiment::new(&["FEEDBACK.W"], 20, |r| {
        let tier = web("web", 1, exp_ms(100.0), json!({"repeat_share": 0.25}));
        vec![
            run(&chain(82_000.0, 2_000.0, vec![users(6.0, json!({})), tier]), r.seed())
                .get("web", "response_mean_s"),
        ]
    }));
    all
}

/// Nodes wired in a row, each wire with these settings; the last node is dead from the start.
fn outage(nodes: Vec<Value>, settings: &Value) -> Value {
    let last = nodes.last().expect("there are nodes")["id"].clone();
    let wires = nodes
        .windows(2)
        .map(|pair| {
            let mut wire = settings.clone();
            wire["from"] = pair[0]["id"].clone();
            wire["to"] = pair[1]["id"].clone();
            wire
        })
        .collect();
    let mut file = design(300.0, 0.0, nodes, wires);
    file["timeline"] = json!([{"at_s": 0, "do": "kill", "node": last}]);
    file
}

/// A tier that costs nothing.
fn free(id: &str) -> Value {
    web(id, 100_000, det_ms(0.0), json!({}))
}

fn steady(rate_rps: f64) -> Value {
    users(rate_rps, json!({"arrivals": "regular"}))
}

fn retries() -> Vec<Experiment> {
    vec![
        Experiment::new(&["RETRY.layers"], 3, |r| {
            let retry = json!({"retries": 3, "backoff_ms": 10});
            let nodes = vec![steady(10.0), free("edge"), free("app"), free("db")];
            let mut file = outage(nodes, &retry);
            // Users stop in time for the last attempts to be made.
            file["nodes"][0]["params"]["traffic"] = json!({"points": [[0, 10], [200.05, 10], [200.05, 0]]});
            let done = run(&file, r.seed());
            vec![done.get("db", "arrivals") / done.get("users", "arrivals")]
        })
        .quick(),
        Experiment::new(&["RETRY.budget"], 20, |r| {
            let retry = json!({"retries": 3, "backoff_ms": 10, "retry_budget_share": 0.1});
            let mut file = outage(vec![users(500.0, json!({})), free("db")], &retry);
            file["run"]["warmup_s"] = json!(20);
            vec![wire(&run(&file, r.seed()), 0)["attempts_per_call"].as_f64().expect("a ratio")]
        })
        .quick(),
    ]
}

fn wire(done: &Done, at: usize) -> Value {
    done.summary["wires"][at].clone()
}

fn breakers() -> Vec<Experiment> {
    vec![
        // Each of a thousand instances has a breaker of its own and stays open for good once it has tripped: the calls
        // that a breaker let through are those that it took to trip.
        Experiment::new(&["CB.0.5"], 20, |r| {
            let breaker = json!({"from": "web", "to": "db", "error_share": 0.5, "breaker": "consecutive", "breaker_failures": 5,
                "breaker_open_ms": 3_600_000});
            let tier = web("web", 100_000, det_ms(0.0), json!({"instances": 1000}));
            let wires = vec![json!(["users", "lb"]), json!(["lb", "web"]), breaker];
            let nodes = vec![
                steady(10_000.0),
                super::build::node("lb", "load_balancer", json!({})),
                tier,
                free("db"),
            ];
            let done = run(&design(80.0, 0.0, nodes, wires), r.seed());
            let wire = wire(&done, 2);
            assert_eq!(wire["circuit_opened"], 1000, "all have tripped: {wire}");
            vec![wire["attempts"].as_f64().expect("a number") / 1000.0]
        }),
        // Just twenty calls for each breaker: one full window.
        Experiment::new(&["CB.win"], 24, |r| {
            let breaker = json!({"from": "web", "to": "db", "error_share": 0.3, "breaker": "window", "breaker_window": 20,
                "breaker_share": 0.5, "breaker_open_ms": 3_600_000});
            let (mut opened, mut runs) = (0.0, 0.0);
            for seed in r.seeds(16) {
                let tier = web("web", 100_000, det_ms(0.0), json!({"instances": 1000}));
                let wires = vec![json!(["users", "lb"]), json!(["lb", "web"]), breaker.clone()];
                let nodes = vec![
                    steady(1000.0),
                    super::build::node("lb", "load_balancer", json!({})),
                    tier,
                    free("db"),
                ];
                let done = run(&design(20.0005, 0.0, nodes, wires), seed);
                assert_eq!(done.get("web", "arrivals"), 20_000.0, "twenty for each");
                opened += wire(&done, 2)["circuit_opened"].as_f64().expect("a number");
                runs += 1000.0;
            }
            vec![opened / runs]
        }),
    ]
}

/// Users, a tier that fans out, and `leaves` tiers behind it.
fn fanned(rate_rps: f64, fan_out: u32, leaves: Vec<Value>, until_s: f64, warmup_s: f64) -> Value {
    let mut root = free("root");
    root["params"]["fan_out"] = json!(fan_out);
    let mut wires = vec![json!(["users", "root"])];
    wires.extend(leaves.iter().map(|leaf| json!(["root", leaf["id"]])));
    let mut nodes = vec![users(rate_rps, json!({})), root];
    nodes.extend(leaves);
    design(until_s, warmup_s, nodes, wires)
}

fn fan_out() -> Vec<Experiment> {
    vec![
        Experiment::new(&["FORK2.W"], 20, |r| {
            let shard = |id: &str| web(id, 1, exp_ms(1000.0), json!({}));
            let file = fanned(0.8, 2, vec![shard("a"), shard("b")], 805_000.0, 5_000.0);
            vec![run(&file, r.seed()).get("users", "response_mean_s")]
        }),
        Experiment::new(&["TAIL.63"], 20, |r| {
            // One answer in a hundred of an exponential law takes longer than its mean × ln 100.
            let file = fanned(100.0, 100, vec![web("leaf", 100_000, exp_ms(10.0), json!({}))], 280.0, 1.0);
            let done = run(&file, r.seed());
            vec![done.sim.meter(0).classes[0].response.share_above_s(0.01 * libm::log(100.0))]
        }),
        Experiment::new(&["TAIL.mean"], 20, |r| {
            let file = fanned(100.0, 100, vec![web("leaf", 100_000, exp_ms(10.0), json!({}))], 41.0, 1.0);
            vec![1e3 * run(&file, r.seed()).get("users", "response_mean_s")]
        })
        .quick(),
    ]
}

/// A tier of many workers, called by one that hedges: latencies are the law's, and nobody queues.
fn hedged(service: Value, settings: Value, rate_rps: f64, until_s: f64) -> Value {
    let mut wire = settings;
    wire["from"] = json!("root");
    wire["to"] = json!("leaf");
    let leaf = web("leaf", 100_000, service, json!({}));
    design(
        until_s,
        20.0,
        vec![users(rate_rps, json!({})), free("root"), leaf],
        vec![json!(["users", "root"]), wire],
    )
}

fn hedges() -> Vec<Experiment> {
    vec![
        Experiment::new(&["HEDGE.p999", "HEDGE.extra"], 20, |r| {
            let file = hedged(exp_ms(1000.0), json!({"hedge": "p95", "cancel": true}), 1000.0, 620.0);
            let done = run(&file, r.seed());
            let wire = wire(&done, 1);
            let extra = wire["attempts_per_call"].as_f64().expect("a ratio") - 1.0;
            vec![done.get("root", "response_p999_s"), extra]
        }),
        // Reads of 1000 values from 100 servers that are quick, but for one answer in a hundred or so.
        Experiment::new(&["PUB.hedge"], 4, |r| {
            let p999 = |hedge: &str, seed: u64| {
                let law = json!({"law": "bounded_pareto", "alpha": 1.2, "min_ms": 0.5, "max_ms": 2000});
                let mut file = fanned(50.0, 100, vec![web("leaf", 100_000, law, json!({}))], 220.0, 20.0);
                file["wires"][1]["hedge"] = json!(hedge);
                file["wires"][1]["hedge_after_ms"] = json!(10);
                run(&file, seed).get("users", "response_p999_s")
            };
            vec![p999("after", r.seed()) / p999("off", r.seed())]
        }),
    ]
}
