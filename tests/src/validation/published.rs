//! What others have published of systems in production: set up as they were, and the mechanism has to give the rest.

use super::Experiment;
use super::build::{chain, design, det_ms, exp_ms, free_web, node, run, users, web};
use serde_json::{Value, json};

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    vec![
        Experiment::new(&["PUB.nginx"], 4, |r| vec![plateau_gbps(r.seed())]),
        Experiment::new(&["PUB.nginxscale"], 4, |r| {
            vec![saturated_rps("x16", r.seed()) / saturated_rps("x1", r.seed())]
        }),
        // Each layer answers the published share of what reaches it and passes the rest on.
        Experiment::new(&["PUB.fbphoto"], 4, |r| {
            let layer = |id: &str, answered: f64| {
                web(id, 10_000, det_ms(0.0), json!({"downstream_share": 1.0 - answered}))
            };
            let layers = vec![
                users(1000.0, json!({})),
                layer("browser", 0.655),
                layer("edge", 0.58),
                layer("origin", 0.317),
                web("backend", 10_000, exp_ms(10.0), json!({})),
            ];
            let done = run(&chain(400.0, 0.0, layers), r.seed());
            vec![done.get("backend", "arrivals") / done.get("browser", "arrivals")]
        })
        .quick(),
        // The exponent that a fit finds in the requests of users who are set to the median cluster's.
        Experiment::new(&["PUB.twzipf"], 4, |r| {
            let people = users(5260.0, json!({"items": 1_000_000, "zipf_s": 1.2117}));
            let db = json!({"workers": 10_000, "read": det_ms(0.0), "queue_limit": null});
            let done = run(&chain(200.0, 0.0, vec![people, free_web(), node("db", "sharded", db)]), r.seed());
            vec![-slope(done.node("db")["hottest_items"].as_array().expect("a list"))]
        })
        .quick(),
        // 22 writes a second in one region; the other hears nothing of it for 43 s and is promoted.
        Experiment::new(&["PUB.github"], 4, |r| vec![left_behind(r.seed())]).quick(),
    ]
}

/// Slope of the share of requests over the rank, both as logarithms, by least squares.
fn slope(items: &[Value]) -> f64 {
    let share = |item: &Value| libm::log(item["share"].as_f64().expect("a share"));
    let points: Vec<(f64, f64)> =
        items.iter().enumerate().map(|(i, item)| (libm::log(i as f64 + 1.0), share(item))).collect();
    let n = points.len() as f64;
    let mean = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    points.iter().map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
        / points.iter().map(|(x, _)| (x - mx) * (x - mx)).sum::<f64>()
}

fn left_behind(seed: u64) -> f64 {
    let mut people = users(22.0, json!({"write_share": 1}));
    people["place"] = json!("east");
    let mut app = free_web();
    app["place"] = json!("east");
    let mut db = node("db", "relational", json!({"replicas": 1, "detect_s": 0, "promote_s": 0}));
    db["spread"] = json!(["east", "west"]);
    let mut file = chain(120.0, 0.0, vec![people, app, db]);
    file["places"] = json!([
        {"id": "east", "kind": "region"},
        {"id": "west", "kind": "region", "params": {"site": "oregon"}},
    ]);
    file["timeline"] = json!([
        {"at_s": 40, "do": "partition", "from": "east", "to": "west"},
        {"at_s": 83, "do": "kill", "node": "db", "part": 0},
    ]);
    let done = run(&file, seed);
    assert_eq!(done.get("db", "failovers"), 1.0, "the other region took over");
    done.get("db", "lost_writes")
}

/// Bits per second of content that a server of sixteen cores sends over two links of 40 GbE when it is asked for more
/// 100 KB answers than they can carry.
fn plateau_gbps(seed: u64) -> f64 {
    let asked = users(120_000.0, json!({"read_kb": 102.4}));
    // One core answers 74,091 requests a second.
    let server = web("web", 16, exp_ms(1e3 / 74_091.0), json!({}));
    let wire = json!({"from": "users", "to": "web", "bandwidth_mbps": 80_000});
    let done = run(&design(3.0, 1.0, vec![asked, server], vec![wire]), seed);
    done.get("users", "throughput_rps") * 100.0 * 1024.0 * 8.0 / 1e9
}

/// Throughput of a machine of this size that is asked for more than it can do. Contention and coherency are those that fit
/// the published throughputs of the other sizes best (least squares over 1, 2, 4, 8, 32 and 36 cores: 74,091, 131,466,
/// 261,269, 524,745, 1,316,362 and 1,309,358 requests/s), so that sixteen cores are foretold, not fitted.
fn saturated_rps(size: &str, seed: u64) -> f64 {
    let asked = users(1_300_000.0, json!({"read_kb": 1}));
    let server = json!({"size": size, "contention": 0.0105, "coherency": 0.00051, "queue_limit": 1000});
    let file = chain(1.5, 0.5, vec![asked, web("web", 1, exp_ms(1e3 / 74_091.0), server)]);
    run(&file, seed).get("web", "throughput_rps")
}
