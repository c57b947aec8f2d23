//! Balancing policies, against exact chains, mean-field limits and independent simulations.

use super::build::{chain, design, det_ms, exp_ms, lognormal_ms, node, run, users, web};
use super::{Experiment, Replication};
use headroom_model::messages::part;
use serde_json::{Value, json};

/// Servers of one worker and mean service 1 s behind a balancer.
fn farm(servers: u32, load: f64, policy: &str, law: Value, requests: f64, warmup_s: f64) -> Value {
    let rate = load * f64::from(servers);
    chain(
        warmup_s + requests / rate,
        warmup_s,
        vec![
            users(rate, json!({})),
            node("lb", "load_balancer", json!({"policy": policy, "health_checks": false})),
            web("web", 1, law, json!({"instances": servers})),
        ],
    )
}

fn response(rows: &'static [&'static str], file: Value) -> Experiment {
    Experiment::new(rows, 20, move |r| {
        let done = run(&file, r.seed());
        ["response_mean_s", "response_p99_s"][..rows.len()].iter().map(|name| done.get("web", name)).collect()
    })
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let exp = || exp_ms(1000.0);
    let det = || det_ms(1000.0);
    let long = || lognormal_ms(1000.0, 2.0);
    let ten = |policy, requests| farm(10, 0.9, policy, exp(), requests, 500.0);
    let two = |policy, requests| farm(2, 0.9, policy, exp(), requests, 2000.0);
    let g = |policy, law, requests| farm(10, 0.8, policy, law, requests, 1000.0);
    vec![
        response(&["LB10.random"], ten("random", 1.5e6)),
        response(&["LB10.roundrobin"], ten("round_robin", 1.5e6)),
        response(&["LB10.leastconn_JSQ"], ten("least_connections", 1e6)),
        response(&["LB10.p2c_distinct", "LB10.p99_p2c"], ten("power_of_two", 8e5)).quick(),
        response(&["LB2.RR"], two("round_robin", 1.5e6)),
        response(&["LB2.JSQ"], two("least_connections", 1.5e6)),
        response(&["LBG.det_random"], g("random", det(), 6e5)),
        response(&["LBG.det_RR"], g("round_robin", det(), 1e5)),
        response(&["LBG.det_JSQ"], g("least_connections", det(), 1e5)),
        response(&["LBG.lognormal_random"], g("random", long(), 1.5e6)),
        response(&["LBG.lognormal_RR"], g("round_robin", long(), 1.5e6)),
        response(&["LBG.lognormal_P2C"], g("power_of_two", long(), 2e5)),
        response(&["LBG.lognormal_JSQ"], g("least_connections", long(), 2e5)),
        Experiment::new(&["LBINF.P2C", "LBINF.tail"], 20, move |r| {
            let mut file = farm(1000, 0.9, "power_of_two", exp(), 7.2e5, 100.0);
            file["run"]["window_s"] = json!(10);
            let done = run(&file, r.seed());
            // The server in service and three that wait make four.
            let windows = &done.sim.windows()[10..];
            let queues = windows.iter().flat_map(|w| w.parts.chunks(part::COUNT).map(|p| p[part::QUEUE]));
            let (mut servers, mut long) = (0.0, 0.0);
            for queue in queues {
                servers += 1.0;
                long += f64::from(queue >= 3.0);
            }
            vec![done.get("web", "response_mean_s"), long / servers]
        }),
        Experiment::new(&["LBHET.equal"], 20, |r| vec![unequal(r, "random")]),
        Experiment::new(&["LBHET.weighted"], 20, |r| vec![unequal(r, "weighted_random")]),
        Experiment::new(&["LBHET.wrr"], 20, |r| vec![unequal(r, "weighted_round_robin")]),
        Experiment::new(&["STICKY.max"], 1000, |r| {
            // Every client asks often enough that the servers' shares are those of their clients.
            let file = chain(
                10.0,
                0.0,
                vec![
                    users(10_000.0, json!({"clients": 1000})),
                    node("lb", "load_balancer", json!({"policy": "ip_hash", "health_checks": false})),
                    web("web", 100, det_ms(0.0), json!({"instances": 10})),
                ],
            );
            let done = run(&file, r.seed());
            let loads: Vec<f64> = done.node("lb")["requests_per_server"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|n| n.as_f64().expect("a count"))
                .collect();
            let sum: f64 = loads.iter().sum();
            vec![loads.iter().copied().fold(0.0, f64::max) * loads.len() as f64 / sum]
        }),
    ]
}

/// Mean response of servers of speed 2, 1 and 1, wired with these numbers as weights.
fn unequal(r: Replication, policy: &str) -> f64 {
    let tier = |id: &str, mean_ms: f64| web(id, 1, exp_ms(mean_ms), json!({}));
    let wires = vec![
        json!(["users", "lb"]),
        json!({"from": "lb", "to": "fast", "weight": 2}),
        json!({"from": "lb", "to": "slow", "weight": 1}),
        json!({"from": "lb", "to": "slow too", "weight": 1}),
    ];
    let nodes = vec![
        users(2.4, json!({})),
        node("lb", "load_balancer", json!({"policy": policy, "health_checks": false})),
        tier("fast", 500.0),
        tier("slow", 1000.0),
        tier("slow too", 1000.0),
    ];
    run(&design(402_000.0, 2000.0, nodes, wires), r.seed()).get("users", "response_mean_s")
}
