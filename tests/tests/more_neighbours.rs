//! More neighbours of the catalogue's rows: balancers, autoscalers, places, prices, bursts, and wires that limit.

use super::neighbours::near;
use headroom_analysis::formulas::queues::{GIM1, MMc};
use headroom_analysis::formulas::{caches, replication, resilience, sharding};
use headroom_tests::validation::build::{chain, design, det_ms, exp_ms, free_web, node, run, users, web};
use serde_json::{Value, json};

fn farm(servers: u32, load: f64, policy: &str, requests: f64) -> Value {
    let rate = load * f64::from(servers);
    let balancer = node("lb", "load_balancer", json!({"policy": policy, "health_checks": false}));
    let tier = web("web", 1, exp_ms(1000.0), json!({"instances": servers}));
    chain(500.0 + requests / rate, 500.0, vec![users(rate, json!({})), balancer, tier])
}

#[test]
fn balancers_at_other_loads() {
    let mean = |file: Value| move |seed| run(&file, seed).get("web", "response_mean_s");
    let theory = GIM1::round_robin(3.5, 5, 1.0).response_mean_s();
    near("round robin over five", theory, 0.03, 20, mean(farm(5, 0.7, "round_robin", 6e4)));
    // Two choices among very many: Σ ρ^(2^i − 2).
    let theory = (1..=8).map(|i| libm::pow(0.7, libm::exp2(f64::from(i)) - 2.0)).sum();
    near("two choices", theory, 0.02, 20, mean(farm(800, 0.7, "power_of_two", 6e4)));
    near(
        "the shorter of two queues",
        shorter_of_two(0.7),
        0.03,
        20,
        mean(farm(2, 0.7, "least_connections", 6e4)),
    );
    // Speeds of 3 and 1 by lot, in proportion: both at 60%.
    let tier = |id: &str, ms: f64| web(id, 1, exp_ms(ms), json!({}));
    let nodes = vec![
        users(2.4, json!({})),
        node("lb", "load_balancer", json!({"policy": "weighted_random", "health_checks": false})),
        tier("fast", 1000.0 / 3.0),
        tier("slow", 1000.0),
    ];
    let wires = vec![
        json!(["users", "lb"]),
        json!({"from": "lb", "to": "fast", "weight": 3}),
        json!({"from": "lb", "to": "slow", "weight": 1}),
    ];
    let file = design(25_500.0, 500.0, nodes, wires);
    let theory = 0.75 / (3.0 - 1.8) + 0.25 / (1.0 - 0.6);
    near("by weight", theory, 0.03, 20, |seed| run(&file, seed).get("users", "response_mean_s"));
}

/// Mean response of two servers of rate 1 where each arrival joins the shorter queue, ties by lot: the chain of both queue
/// lengths, solved by sweeps.
fn shorter_of_two(load: f64) -> f64 {
    const N: usize = 50;
    let lambda = 2.0 * load;
    let mut p = vec![[1.0 / (N * N) as f64; N]; N];
    for _ in 0..4000 {
        for i in 0..N {
            for j in 0..N {
                let serving = f64::from(u8::from(i > 0)) + f64::from(u8::from(j > 0));
                let full = i == N - 1 && j == N - 1;
                let out = serving + if full { 0.0 } else { lambda };
                let mut flow = 0.0;
                if i + 1 < N {
                    flow += p[i + 1][j];
                }
                if j + 1 < N {
                    flow += p[i][j + 1];
                }
                let joins = |a: usize, b: usize| {
                    if a < b {
                        1.0
                    } else if a == b {
                        0.5
                    } else {
                        0.0
                    }
                };
                if i > 0 {
                    flow += lambda * joins(i - 1, j) * p[i - 1][j];
                }
                if j > 0 {
                    flow += lambda * joins(j - 1, i) * p[i][j - 1];
                }
                p[i][j] = flow / out;
            }
        }
        let sum: f64 = p.iter().flatten().sum();
        p.iter_mut().flatten().for_each(|x| *x /= sum);
    }
    let inside: f64 =
        (0..N).flat_map(|i| (0..N).map(move |j| (i, j))).map(|(i, j)| (i + j) as f64 * p[i][j]).sum();
    inside / lambda
}

#[test]
fn autoscalers_with_other_targets() {
    let story = |demand: f64, start: u32, scaler: Value| {
        let pods = json!({"instances": start, "queue_limit": 0, "boot_s": 0, "drain_s": 1});
        let nodes = vec![
            users(500.0 * demand, json!({"arrivals": "regular"})),
            node("lb", "load_balancer", json!({"policy": "least_connections", "health_checks": false})),
            web("web", 5, det_ms(10.0), pods),
            node("scaler", "autoscaler", scaler),
        ];
        let wires = vec![json!(["users", "lb"]), json!(["lb", "web"]), json!(["scaler", "web"])];
        let mut file = design(240.0, 0.0, nodes, wires);
        for wire in &mut file["wires"].as_array_mut().unwrap()[..2] {
            wire["latency_ms"] = json!(0);
        }
        let done = run(&file, 1);
        let list = done.node("scaler")["wanted_story"][0].as_array().unwrap().clone();
        list.iter().map(|n| n.as_f64().unwrap()).collect::<Vec<f64>>()
    };
    let target = |share: f64| json!({"target": share, "window_s": 15, "max_instances": 1000});
    // ceil(n · min(1, 20/n) / 0.8) until 20/24 of 83% is within a tenth of the target.
    assert_eq!(story(20.0, 4, target(0.8)), [4.0, 5.0, 7.0, 9.0, 12.0, 15.0, 19.0, 24.0]);
    // ceil(6 · 0.9 / 0.6).
    assert_eq!(story(5.4, 6, target(0.6))[1], 9.0);
    // With steps and a cooldown of 60 s, one more in each minute: at 15 s, 75 s, 135 s and 195 s.
    let steps = json!({
        "policy": "step", "target": 0.8, "low": 0.1, "step": 1, "window_s": 15, "cooldown_s": 60,
    });
    assert_eq!(story(20.0, 4, steps), [4.0, 5.0, 6.0, 7.0, 8.0]);
}

#[test]
fn bursts_of_other_lengths() {
    let curve = json!({"points": [[0, 1500], [100, 1500], [100, 600]]});
    let people = users(1.0, json!({"write_share": 1, "traffic": curve}));
    let db = json!({
        "replicas": 1, "workers": 10_000, "write": det_ms(0.0), "apply": exp_ms(1.0), "replication_delay_ms": 0,
        "queue_limit": null,
    });
    let file = chain(300.0, 0.0, vec![people, free_web(), node("db", "relational", db)]);
    let theory = replication::burst_lag_s(1500.0, 1000.0, 100.0);
    near("lag of a burst", theory, 0.03, 20, |seed| run(&file, seed).get("db", "lag_max_s"));
    // Sessions of 50 s that begin at 60(1 + 0.5 sin(2πt/300 s))/s: the wave is 1/√(1 + (γS)²) of that of the arrivals.
    let curve = json!({"preset": "daily", "mean_rps": 60, "peak_rps": 90, "period_s": 300});
    let people = users(1.0, json!({"traffic": curve}));
    let mut file = chain(3000.0, 0.0, vec![people, web("web", 100_000, exp_ms(50_000.0), json!({}))]);
    file["run"]["window_s"] = json!(5);
    let turn = std::f64::consts::TAU / 300.0;
    let theory = 3000.0 * (1.0 + 0.5 / (1.0 + turn * turn * 2500.0).sqrt());
    near("sessions at the peak", theory, 0.02, 20, |seed| {
        let settled = &run(&file, seed).series("web", "in_system")[60..];
        let n = settled.len() as f64;
        let wave = |f: fn(f64) -> f64| {
            settled.iter().enumerate().map(|(i, x)| x * f(turn * 5.0 * i as f64)).sum::<f64>() * 2.0 / n
        };
        settled.iter().sum::<f64>() / n + libm::hypot(wave(libm::sin), wave(libm::cos))
    });
}

#[test]
fn replication_in_other_ways() {
    let writers = |rate: f64, more: Value| {
        let mut people = users(rate, json!({"write_share": 1}));
        people["params"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        people
    };
    let file = |until_s: f64, people: Value, db: Value| {
        let mut params = json!({"workers": 10_000, "write": det_ms(0.0), "queue_limit": null});
        params.as_object_mut().unwrap().extend(db.as_object().unwrap().clone());
        chain(until_s, 0.0, vec![people, free_web(), node("db", "relational", params)])
    };
    // There, applied, and the word of it back.
    let db = json!({
        "replicas": 2, "replication": "sync", "acks": 2, "replication_delay_ms": 20, "apply": det_ms(3.0),
    });
    let sync = file(100.0, writers(5.0, json!({"arrivals": "regular"})), db);
    near("synchronous", 0.043, 0.001, 20, |seed| run(&sync, seed).get("db", "response_mean_s"));
    // Round a circle of three, word goes d one way and 2d the other: ±3d/2 on average for each of the two others.
    let db = json!({"topology": "circular", "replicas": 2, "replication_delay_ms": 50, "apply": det_ms(0.0)});
    let circle = file(4000.0, writers(6.0, json!({"items": 1})), db);
    let theory = -libm::expm1(-2.0 * 2.0 * 3.0 * 0.05);
    near("a circle of three", theory, 0.02, 20, |seed| run(&circle, seed).get("db", "conflict_share"));
}

#[test]
fn places_and_connections() {
    // Latency of requests that go to another region: the round trip of the table.
    for (a, b, rtt_ms) in
        [("virginia", "tokyo", 145.3), ("ireland", "frankfurt", 19.6), ("oregon", "singapore", 161.4)]
    {
        let mut people = users(10.0, json!({}));
        people["place"] = json!("here");
        let mut tier = web("web", 8, det_ms(5.0), json!({}));
        tier["place"] = json!("there");
        let mut file = chain(20.0, 0.0, vec![people, tier]);
        file["places"] = json!([
            {"id": "here", "kind": "region", "params": {"site": a}},
            {"id": "there", "kind": "region", "params": {"site": b}},
        ]);
        near(b, (rtt_ms + 5.0) / 1e3, 0.01, 3, |seed| run(&file, seed).get("users", "response_mean_s"));
    }
    // Three round trips of TLS 1.2, the request's own, and 7 ms of work; every request over a new connection.
    for (connect, trips) in [("open", 1.0), ("tcp", 2.0), ("tls13", 3.0), ("tls12", 4.0)] {
        let tier = web("web", 8, det_ms(7.0), json!({}));
        let wire = json!({
            "from": "users", "to": "web", "latency_ms": 15, "connect": connect, "requests_per_connection": 1,
        });
        let file = design(20.0, 0.0, vec![users(10.0, json!({})), tier], vec![wire]);
        near(connect, (trips * 30.0 + 7.0) / 1e3, 0.01, 3, |seed| {
            run(&file, seed).get("users", "response_mean_s")
        });
    }
}

#[test]
fn bills_of_other_sizes() {
    // 120 TB in a month's hours, from the servers and from a CDN: answers of 100 MB, for 12 hours.
    let every_s = 730.0 * 3600.0 / 1.2e6;
    let measured_s = 20_000.0 * every_s;
    let tier = || web("web", 1000, det_ms(0.0), json!({"static_service": det_ms(0.0)}));
    let hourly = |file: &Value, id: &str| {
        let done = run(file, 1);
        done.node(id)["cost"]["transfer_usd_per_hour"].as_f64().unwrap() * 730.0
    };
    let plain = json!({"arrivals": "regular", "read_kb": 100_000, "items": 1});
    let file = chain(measured_s, 0.0, vec![users(1.0 / every_s, plain), tier()]);
    let theory = 10.0 * 90.0 + 40.0 * 85.0 + 70.0 * 70.0;
    let usd = hourly(&file, "web");
    assert!((usd / theory - 1.0).abs() < 1e-4, "{usd}, not {theory}, but for an answer at the end");
    let assets = json!({"arrivals": "regular", "static_share": 1, "assets": 1, "asset_kb": 100_000});
    let mut file = chain(
        measured_s,
        0.0,
        vec![users(1.0 / every_s, assets), node("cdn", "cdn", json!({"service": det_ms(0.0)})), tier()],
    );
    file["prices"] = json!({"cdn_usd_million": 0});
    let theory = 10.0 * 85.0 + 110.0 * 80.0;
    let usd = hourly(&file, "cdn");
    assert!((usd / theory - 1.0).abs() < 1e-4, "{usd}, not {theory}, but for an answer at the end");
    assert_eq!(hourly(&file, "web"), 0.0, "what a CDN fetches is free");
    // Nine workers on machines of four vCPU, at another price.
    let mut file = chain(10.0, 0.0, vec![users(10.0, json!({})), web("web", 9, exp_ms(1.0), json!({}))]);
    file["prices"] = json!({"machine_vcpu": 4, "compute_vcpu_usd_h": 0.05});
    let usd_h = run(&file, 1).node("web")["cost"]["machines_usd_per_hour"].as_f64().unwrap();
    assert!((usd_h - 12.0 * 0.05).abs() < 1e-9, "{usd_h}");
}

#[test]
fn one_edge_is_a_cache_by_bytes() {
    // Assets of 40 kB, room for 300 of 3000 by Zipf(0.9): Che's approximation.
    let assets = json!({
        "arrivals": "regular", "static_share": 1, "assets": 3000, "asset_zipf_s": 0.9, "asset_kb": 40,
    });
    for (policy, theory) in [
        ("lru", caches::lru(&caches::zipf(3000, 0.9), 300.0)),
        ("fifo", caches::fifo(&caches::zipf(3000, 0.9), 300.0)),
        ("perfect_lfu", caches::perfect_lfu(&caches::zipf(3000, 0.9), 300)),
    ] {
        let cdn = json!({
            "edges": 1, "capacity_mb": 12, "ttl_s": null, "eviction": policy, "service": det_ms(0.0), "workers": 10_000,
        });
        let mut tier = free_web();
        tier["params"]["static_service"] = det_ms(0.0);
        let file = chain(500.0, 200.0, vec![users(1000.0, assets.clone()), node("cdn", "cdn", cdn), tier]);
        let share = (1..=8).map(|seed| run(&file, seed).get("cdn", "edge_hit_ratio")).sum::<f64>() / 8.0;
        assert!((share - theory).abs() < 2e-3, "{policy}: {share}, not {theory}");
    }
}

#[test]
fn hot_shards_and_outages_of_other_sizes() {
    // The top item of Zipf(0.8) over 8 shards: p₁ + (1 − p₁)/8 on average over placements.
    let popularity = caches::zipf(10_000, 0.8);
    let people = users(2000.0, json!({"items": 10_000, "zipf_s": 0.8}));
    let db = json!({"shards": 8, "function": "modulo", "workers": 100, "read": det_ms(0.0)});
    let file = chain(10.0, 0.0, vec![people, free_web(), node("db", "sharded", db)]);
    let theory = sharding::hot_shard_share(popularity[0], 8);
    near("hot shard", theory, 0.03, 150, |seed| {
        let done = run(&file, seed);
        let rows = done.node("db")["shards"].as_array().unwrap();
        let top = done.node("db")["hottest_items"][0]["shard"].as_u64().unwrap() as usize;
        rows[top]["request_share"].as_f64().unwrap()
    });
    // Two layers of three attempts each, before something dead.
    let wire = |from: &str, to: &str| json!({"from": from, "to": to, "retries": 2, "backoff_ms": 10});
    let mut people = users(1.0, json!({"arrivals": "regular"}));
    people["params"]["traffic"] = json!({"points": [[0, 10], [50, 10], [50, 0]]});
    let tier = |id: &str| web(id, 100_000, det_ms(0.0), json!({}));
    let mut file = design(
        80.0,
        0.0,
        vec![people, tier("edge"), tier("db")],
        vec![wire("users", "edge"), wire("edge", "db")],
    );
    file["timeline"] = json!([{"at_s": 0, "do": "kill", "node": "db"}]);
    let done = run(&file, 1);
    assert_eq!(done.get("db", "arrivals") / done.get("users", "arrivals"), 9.0);
    // Three of five nodes, each up 95% of the time: every state is tried.
    let mut available = 0.0;
    for dead in 0..32_u32 {
        let people = users(100.0, json!({"write_share": 0.5}));
        let db = json!({
            "nodes": 5, "copies": 5, "write_acks": 3, "read_acks": 3, "workers": 1000, "read": det_ms(0.0), "write": det_ms(0.0),
        });
        let mut file = chain(2.0, 0.0, vec![people, free_web(), node("db", "nosql", db)]);
        let kills = (0..5).filter(|i| dead & 1 << i != 0);
        file["timeline"] = kills.map(|i| json!({"at_s": 0, "do": "kill", "node": "db", "part": i})).collect();
        let failed = run(&file, 1).get("users", "failure_share");
        let down = f64::from(dead.count_ones());
        available += (1.0 - failed) * libm::pow(0.95, 5.0 - down) * libm::pow(0.05, down);
    }
    let theory = resilience::at_least(5, 3, 0.95);
    assert!((available - theory).abs() < 1e-9, "{available}, not {theory}");
}

#[test]
fn what_limits() {
    // A bucket that fills at 40 a second lets 40 a second through, whatever comes.
    let wire = json!({"from": "users", "to": "web", "rate_limit_rps": 40, "rate_limit_burst": 5});
    let tier = || web("web", 1000, det_ms(1.0), json!({}));
    let file = design(300.0, 50.0, vec![users(100.0, json!({})), tier()], vec![wire]);
    near("rate limit", 40.0, 0.01, 20, |seed| run(&file, seed).get("web", "throughput_rps"));
    // A pool of connections is a station in front: 10 of them, each held for 100 ms.
    let wire = json!({"from": "front", "to": "back", "pool": 10, "pool_wait_ms": 3_600_000});
    let nodes = vec![
        users(70.0, json!({})),
        web("front", 10_000, det_ms(0.0), json!({})),
        web("back", 10_000, exp_ms(100.0), json!({})),
    ];
    let file = design(3000.0, 50.0, nodes, vec![json!(["users", "front"]), wire]);
    let theory = MMc { arrival_rps: 70.0, service_s: 0.1, servers: 10 }.response_mean_s();
    near("pool", theory, 0.01, 20, |seed| run(&file, seed).get("users", "response_mean_s"));
    // Copies whose TTL varies by half of it to either side hit as those of the mean TTL.
    let nodes = vec![
        users(2.0, json!({"items": 1})),
        free_web(),
        node("cache", "cache", json!({"ttl_s": 4, "ttl_jitter": 0.5, "service": det_ms(0.0)})),
        node("db", "relational", json!({"read": det_ms(0.0)})),
    ];
    let wires = vec![json!(["users", "web"]), json!(["web", "cache"]), json!(["web", "db"])];
    let file = design(20_000.0, 0.0, nodes, wires);
    near("jitter", caches::ttl_hit_ratio(2.0, 4.0), 0.005, 20, |seed| {
        run(&file, seed).get("cache", "hit_ratio")
    });
}
