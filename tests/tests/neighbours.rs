//! Neighbours of the catalogue's rows: other loads, sizes, counts and times than the rows have, against the same formulas. A
//! mechanism that was right at the catalogue's points alone would be found here.

use headroom_analysis::formulas::queues::{GIM1, MG1, MMc, MMcK, Moments, processor_sharing_mean_s};
use headroom_analysis::formulas::{caches, closed, patience, replication, resilience, sharding};
use headroom_tests::validation::build::{
    Done, chain, design, det_ms, exp_ms, free_web, lognormal_ms, node, run, users, web,
};
use headroom_tests::validation::interval;
use serde_json::{Value, json};

/// What is measured with several seeds lies around what theory says: the 99.9% interval of the mean, which must be no wider
/// than this share of it, covers it.
pub fn near(what: &str, theory: f64, width: f64, seeds: u64, measure: impl Fn(u64) -> f64) {
    let sample: Vec<f64> = (1..=seeds).map(|seed| measure(7_000 + seed)).collect();
    let (mean, half) = interval(&sample);
    assert!(half <= width * theory.abs(), "{what}: ±{half} is too wide for {theory}");
    assert!((mean - theory).abs() <= half.max(1e-9 * theory.abs()), "{what}: {mean} ± {half}, not {theory}");
}

fn station(rate_rps: f64, requests: f64, tier: Value, people: Value) -> Value {
    let warmup_s = 0.02 * requests / rate_rps;
    chain(warmup_s + requests / rate_rps, warmup_s, vec![users(rate_rps, people), tier])
}

fn of_web(file: &Value, name: &str) -> impl Fn(u64) -> f64 {
    move |seed| run(file, seed).get("web", name)
}

#[test]
fn stations() {
    let none = || json!({});
    let file = station(105.0, 2e5, web("web", 3, exp_ms(20.0), none()), none());
    let theory = MMc { arrival_rps: 105.0, service_s: 0.02, servers: 3 };
    near("M/M/3 wait", theory.wait_mean_s(), 0.04, 20, of_web(&file, "wait_mean_s"));
    near("M/M/3 delayed", theory.delayed_share(), 0.02, 20, of_web(&file, "delayed_share"));
    near("M/M/3 p95", theory.response_quantile_s(0.95), 0.02, 20, of_web(&file, "response_p95_s"));

    let file = station(450.0, 1e5, web("web", 3, exp_ms(10.0), json!({"queue_limit": 4})), none());
    let theory = MMcK::new(450.0, 0.01, 3, 7);
    near("M/M/3/7 refused", theory.refused_share(), 0.02, 20, of_web(&file, "failure_share"));
    near("M/M/3/7 response", theory.response_mean_s(), 0.01, 20, of_web(&file, "response_mean_s"));

    let gamma = json!({"law": "gamma", "mean_ms": 10, "cv": 0.3});
    let file = station(60.0, 2e5, web("web", 1, gamma, none()), none());
    let theory = MG1 { arrival_rps: 60.0, service: Moments::gamma(0.01, 0.3) };
    near("M/G/1 gamma", theory.wait_mean_s(), 0.03, 20, of_web(&file, "wait_mean_s"));

    let h2 = json!({"law": "hyperexponential", "mean_ms": 10, "cv": 3});
    let file = station(50.0, 4e5, web("web", 1, h2, none()), none());
    let theory = MG1 { arrival_rps: 50.0, service: Moments::hyperexponential(0.01, 3.0) };
    near("M/G/1 hyperexponential", theory.wait_mean_s(), 0.04, 20, of_web(&file, "wait_mean_s"));

    let file = station(70.0, 2e5, web("web", 1, exp_ms(10.0), none()), json!({"arrivals": "regular"}));
    near("D/M/1", GIM1::regular(70.0, 0.01).response_mean_s(), 0.02, 20, of_web(&file, "response_mean_s"));

    let bursty = json!({"arrivals": "bursty", "gap_cv": 2});
    let file = station(60.0, 3e5, web("web", 1, exp_ms(10.0), none()), bursty);
    near(
        "H2/M/1",
        GIM1::bursty(60.0, 2.0, 0.01).response_mean_s(),
        0.03,
        20,
        of_web(&file, "response_mean_s"),
    );

    let shared = json!({"discipline": "processor_sharing"});
    let file = station(120.0, 2e5, web("web", 2, lognormal_ms(10.0, 1.5), shared), none());
    near(
        "PS on two cores",
        processor_sharing_mean_s(120.0, 0.01, 2),
        0.02,
        20,
        of_web(&file, "response_mean_s"),
    );

    // Half of the requests go round again: M/M/2 of twice the load, passed twice on average.
    let file = station(50.0, 2e5, web("web", 2, exp_ms(10.0), json!({"repeat_share": 0.5})), none());
    let theory = 2.0 * MMc { arrival_rps: 100.0, service_s: 0.01, servers: 2 }.response_mean_s();
    near("feedback of a half", theory, 0.02, 20, of_web(&file, "response_mean_s"));
}

#[test]
fn crowds() {
    let loop_of =
        |n: u32, think: Value| users(1.0, json!({"mode": "closed", "population": n, "think": think}));
    let think = json!({"law": "uniform", "min_ms": 1000, "max_ms": 5000});
    let file = chain(4_000.0, 200.0, vec![loop_of(60, think), web("web", 3, exp_ms(200.0), json!({}))]);
    let (x, r) = closed::machine_repair(60, 3.0, 0.2, 3);
    near("repairman, throughput", x, 0.005, 20, of_web(&file, "throughput_rps"));
    near("repairman, response", r, 0.02, 20, of_web(&file, "response_mean_s"));

    let tiers = vec![
        loop_of(30, exp_ms(1000.0)),
        web("web", 1, exp_ms(30.0), json!({})),
        web("app", 1, exp_ms(20.0), json!({})),
    ];
    let file = chain(4_000.0, 200.0, tiers);
    let (x, _) = closed::mean_value_analysis(30, 1.0, &[0.03, 0.02]);
    near("two tiers", x, 0.005, 20, |seed| run(&file, seed).get("users", "throughput_rps"));

    for (law, ms) in [("exponential", 500.0), ("fixed", 100.0)] {
        let tier = json!({"queue_patience_ms": ms, "queue_patience_law": law});
        let file = chain(3_000.0, 50.0, vec![users(42.0, json!({})), web("web", 40, exp_ms(1000.0), tier)]);
        let theory = if law == "fixed" {
            patience::abandoned_fixed(42.0, 1.0, 40, 0.1)
        } else {
            patience::abandoned_exponential(42.0, 1.0, 40, 0.5)
        };
        near(law, theory, 0.04, 20, of_web(&file, "failure_share"));
    }
}

/// A web tier beside a cache and a database.
fn beside(until_s: f64, warmup_s: f64, people: Value, cache: Value, read_ms: f64) -> Value {
    let mut cache = node("cache", "cache", cache);
    cache["params"]["service"] = det_ms(0.0);
    let db = json!({"workers": 10_000, "read": det_ms(read_ms), "write": det_ms(0.0), "queue_limit": null});
    design(
        until_s,
        warmup_s,
        vec![people, free_web(), cache, node("db", "relational", db)],
        vec![json!(["users", "web"]), json!(["web", "cache"]), json!(["web", "db"])],
    )
}

#[test]
fn caches_of_other_sizes() {
    let hits = |file: Value| move |seed| run(&file, seed).get("cache", "hit_ratio");
    let popularity = caches::zipf(3_000, 0.7);
    let people = || users(1000.0, json!({"arrivals": "regular", "items": 3000, "zipf_s": 0.7}));
    let of =
        |policy: &str| beside(400.0, 60.0, people(), json!({"capacity_items": 400, "eviction": policy}), 0.0);
    // Che's approximation is off by up to 0.05 percentage points.
    let near_che = |policy: &str, theory: f64| {
        let sample: Vec<f64> = (1..=8).map(hits(of(policy))).collect();
        let (mean, half) = interval(&sample);
        assert!(
            (mean - theory).abs() <= 5e-4 + half && half < 2e-3,
            "{policy}: {mean} ± {half}, not {theory}"
        );
    };
    near_che("lru", caches::lru(&popularity, 400.0));
    near_che("fifo", caches::fifo(&popularity, 400.0));
    near_che("random", caches::fifo(&popularity, 400.0));

    let one = |rate: f64, more: Value| {
        let mut people = users(rate, json!({"items": 1}));
        let params = people["params"].as_object_mut().unwrap();
        params.extend(more.as_object().unwrap().clone());
        people
    };
    let file = beside(20_100.0, 100.0, one(2.0, json!({})), json!({"ttl_s": 3}), 0.0);
    near("TTL", caches::ttl_hit_ratio(2.0, 3.0), 0.005, 20, hits(file));
    let file = beside(20_100.0, 100.0, one(8.0, json!({"write_share": 0.25})), json!({}), 0.0);
    near("invalidation", caches::invalidation_hit_ratio(6.0, 2.0), 0.005, 20, hits(file));
    let stale = json!({"ttl_s": 20, "on_write": "ignore"});
    let file = beside(20_100.0, 100.0, one(5.1, json!({"write_share": 0.1 / 5.1})), stale, 0.0);
    near("stale", caches::ttl_stale_share(5.0, 0.1, 20.0), 0.02, 20, |seed| {
        run(&file, seed).get("users", "stale_read_share")
    });

    // Stampedes of 500 requests/s while a fetch takes 40 ms, on one server and on eight that each fetch once.
    let turns = |single_flight: bool| {
        let curve = json!({"points": [[0, 500], [0.5, 500], [0.5, 0], [12, 0]], "repeat": true});
        let mut file =
            beside(200.0 * 12.0, 0.0, one(1.0, json!({"traffic": curve})), json!({"ttl_s": 10}), 40.0);
        file["nodes"][1]["params"]["instances"] = json!(8);
        file["nodes"][1]["params"]["single_flight"] = json!(single_flight);
        move |seed| run(&file, seed).get("db", "arrivals") / 200.0
    };
    near("stampede", caches::stampede_fetches(500.0, 0.04), 0.02, 20, turns(false));
    near("eight servers", caches::stampede_fetches_of_servers(500.0, 0.04, 8), 0.02, 20, turns(true));

    let db = json!({"workers": 10_000, "write": det_ms(0.0)});
    let back = json!({"on_write": "write_back", "write_back_delay_s": 2, "service": det_ms(0.0)});
    let people = users(3.0, json!({"items": 1, "write_share": 1}));
    let file = chain(
        20_000.0,
        0.0,
        vec![people, free_web(), node("cache", "cache", back), node("db", "relational", db)],
    );
    near("write back", caches::write_back(3.0, 2.0).0, 0.005, 20, |seed| {
        run(&file, seed).get("db", "arrival_rate_rps")
    });
}

#[test]
fn cdns_of_other_ages() {
    let site = |until_s: f64, cdn: Value| {
        let mut params = json!({"service": det_ms(0.0), "shield": true, "shield_latency_ms": 0});
        params.as_object_mut().unwrap().extend(cdn.as_object().unwrap().clone());
        let mut tier = free_web();
        tier["params"]["static_service"] = det_ms(0.0);
        let people = json!({"static_share": 1, "assets": 1, "asset_kb": 1, "clients": 100_000_000});
        chain(until_s, 500.0, vec![users(0.5, people), node("cdn", "cdn", params), tier])
    };
    let file = site(200_000.0, json!({"edges": 1, "ttl_s": 15, "shield_ttl_s": 40, "hand_on_age": false}));
    near("shield", caches::shield_hit_ratio(0.5, 15.0, 40.0), 0.01, 20, |seed| {
        run(&file, seed).get("cdn", "shield_hit_ratio")
    });
    let file = site(200_000.0, json!({"edges": 4, "ttl_s": 30, "shield_ttl_s": 30, "hand_on_age": true}));
    near("Age", 1.0 - caches::ttl_hit_ratio(0.5, 30.0), 0.01, 20, |seed| {
        run(&file, seed).get("cdn", "origin_share")
    });
}

/// A free web tier before a relational database whose machines cost nothing but the applying of writes.
fn replicated(until_s: f64, people: Value, db: Value) -> Value {
    let mut params = json!({
        "workers": 10_000, "read": det_ms(0.0), "write": det_ms(0.0), "replicas": 1, "replication_delay_ms": 0,
        "queue_limit": null,
    });
    params.as_object_mut().unwrap().extend(db.as_object().unwrap().clone());
    chain(until_s, 0.0, vec![people, free_web(), node("db", "relational", params)])
}

#[test]
fn replicas_of_other_numbers() {
    let writers = |rate: f64, more: Value| {
        let mut people = users(rate, json!({"write_share": 1}));
        people["params"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        people
    };
    let of_db = |file: Value, name: &'static str| move |seed| run(&file, seed).get("db", name);
    // 20 items alike, 300 writes/s that take 2 ms to apply, 100 reads/s at each of two replicas.
    for (law, theory) in [
        (exp_ms(2.0), replication::stale_share_exponential(300.0, 0.002, 0.05)),
        (det_ms(2.0), replication::stale_share_constant(300.0, 0.002, 0.05)),
    ] {
        let people = users(500.0, json!({"write_share": 0.6, "zipf_s": 0, "items": 20}));
        let file = replicated(400.0, people, json!({"apply": law, "replicas": 2}));
        near("stale reads", theory, 0.04, 20, |seed| run(&file, seed).get("users", "stale_read_share"));
    }
    let back = json!({"readback_share": 0.2, "readback_after_ms": 2});
    let file = replicated(300.0, writers(500.0, back), json!({"apply": exp_ms(1.0)}));
    near("own writes", replication::own_write_unseen(500.0, 0.001, 0.002), 0.02, 20, |seed| {
        run(&file, seed).get("users", "read_your_writes_violation_share")
    });
    // Acknowledged by two of three, by all of five.
    for (replicas, acks) in [(3, json!(2)), (5, Value::Null), (5, json!(3))] {
        let db = json!({
            "replicas": replicas, "replication": "semi_sync", "acks": acks, "replication_jitter": exp_ms(10.0),
            "apply": det_ms(0.0),
        });
        let file = replicated(1000.0, writers(5.0, json!({"arrivals": "regular"})), db);
        let theory = resilience::kth_of_exponentials(0.01, replicas, acks.as_u64().unwrap_or(5) as u32);
        near("semi-sync", theory, 0.03, 20, of_db(file, "response_mean_s"));
    }
    let db = json!({"probe_interval_s": 30, "probe_failures": 2, "probe_timeout_s": 5, "promote_s": 0});
    let mut file = replicated(120.0, writers(1.0, json!({})), db);
    file["timeline"] = json!([{"at_s": 17, "do": "kill", "node": "db", "part": 0}]);
    near(
        "detection",
        replication::detection_mean_s(30.0, 2, 5.0),
        0.03,
        600,
        of_db(file, "detection_mean_s"),
    );
    let db = json!({
        "apply": det_ms(0.1), "replication_delay_ms": 120, "replicas": 2, "detect_s": 0.1, "promote_s": 0.1,
    });
    let mut file = replicated(3.0, writers(300.0, json!({})), db);
    file["timeline"] = json!([{"at_s": 2, "do": "kill", "node": "db", "part": 0}]);
    near("lost writes", replication::lost_writes(300.0, 0.12).0, 0.06, 200, of_db(file, "lost_writes"));
    // Failed writes while a primary is missed, found, replaced and found by callers: 10 + 5 + 20/2 seconds.
    let db = json!({"detect_s": 10, "promote_s": 5, "endpoint_ttl_s": 20, "apply": det_ms(0.0)});
    let mut file = replicated(60.0, writers(100.0, json!({})), db);
    file["timeline"] = json!([{"at_s": 5, "do": "kill", "node": "db", "part": 0}]);
    near("failed writes", 100.0 * 25.0, 0.08, 200, |seed| run(&file, seed).get("users", "failures_total"));
    // Three primaries that tell each other, with 2 writes/s each to one item.
    let db =
        json!({"topology": "multi_primary", "replicas": 2, "replication_delay_ms": 50, "apply": det_ms(0.0)});
    let file = replicated(4000.0, writers(6.0, json!({"items": 1})), db);
    near(
        "three primaries",
        resilience::conflict_share(3, 2.0, 0.05),
        0.02,
        20,
        of_db(file, "conflict_share"),
    );
}

#[test]
fn quorums_and_shards_of_other_numbers() {
    let store = |until_s: f64, people: Value, db: Value| {
        let mut params = json!({
            "nodes": 7, "workers": 10_000, "read": det_ms(0.0), "write": det_ms(0.0), "node_delay_ms": 0,
            "queue_limit": null,
        });
        params.as_object_mut().unwrap().extend(db.as_object().unwrap().clone());
        chain(until_s, 0.0, vec![people, free_web(), node("db", "nosql", params)])
    };
    for (copies, acks) in [(5, 3), (5, 1), (4, 4), (1, 1)] {
        let db = json!({"write": exp_ms(10.0), "copies": copies, "write_acks": acks, "read_acks": 1});
        let file = store(20.0, users(500.0, json!({"write_share": 1})), db);
        let theory = resilience::kth_of_exponentials(0.01, copies, acks);
        near("write quorum", theory, 0.02, 20, |seed| run(&file, seed).get("db", "response_mean_s"));
    }
    // Copies that are slow to take a write and quick to be read: whoever has not acknowledged yet does not have it.
    for (copies, w, r) in [(5, 2, 2), (5, 1, 3), (3, 2, 1)] {
        let people = json!({"write_share": 1, "readback_share": 1, "readback_after_ms": 0, "items": 100_000, "zipf_s": 0});
        let db = json!({
            "copies": copies, "write_acks": w, "read_acks": r, "write": exp_ms(1000.0), "read_repair": false,
        });
        let file = store(100.0, users(100.0, people), db);
        let theory = resilience::quorum_stale_share(copies, w, r);
        near("stale quorum", theory, 0.05, 20, |seed| {
            run(&file, seed).get("users", "read_your_writes_violation_share")
        });
    }
    let moved = |db: Value, times: usize| {
        let people = users(1.0, json!({"items": 60_000, "zipf_s": 0}));
        let mut file = chain(0.1, 0.0, vec![people, free_web(), node("db", "sharded", db)]);
        file["timeline"] = Value::Array(vec![json!({"at_s": 0.05, "do": "add_shard", "node": "db"}); times]);
        move |seed| run(&file, seed).get("db", "items_moved_share")
    };
    let theory = sharding::modulo_moved(16, 17);
    near("mod 16", theory, 0.01, 20, moved(json!({"shards": 16, "function": "modulo"}), 1));
    let ring = json!({"shards": 5, "function": "consistent", "virtual_nodes": 50});
    near("ring of 5", sharding::consistent_moved(5, 50).0, 0.05, 200, moved(ring, 1));
    let fullest = |seed| {
        let people = users(1.0, json!({"items": 200_000, "zipf_s": 0}));
        let db = json!({"shards": 16, "function": "consistent", "virtual_nodes": 40});
        let done = run(&chain(0.1, 0.0, vec![people, free_web(), node("db", "sharded", db)]), seed);
        let shards = done.node("db")["shards"].as_array().unwrap();
        let items = shards.iter().map(|s| s["items"].as_f64().unwrap());
        items.fold(0.0, f64::max) * 16.0 / 200_000.0
    };
    near("fullest of 16", sharding::consistent_max_over_mean(16, 40), 0.02, 200, fullest);
}

fn wire(done: &Done, name: &str) -> f64 {
    done.summary["wires"][1][name].as_f64().unwrap()
}

/// Users, a free tier, and one behind it over a wire with these settings.
fn over(settings: Value, rate_rps: f64, until_s: f64, warmup_s: f64, leaf: Value, fan_out: u32) -> Value {
    let mut wire = settings;
    wire["from"] = json!("root");
    wire["to"] = leaf["id"].clone();
    let root = web("root", 100_000, det_ms(0.0), json!({"fan_out": fan_out}));
    design(
        until_s,
        warmup_s,
        vec![users(rate_rps, json!({})), root, leaf],
        vec![json!(["users", "root"]), wire],
    )
}

#[test]
fn wires_of_other_settings() {
    let leaf = |law: Value| web("leaf", 100_000, law, json!({}));
    for (failure, again) in [(0.3, 4), (0.5, 1), (0.05, 3)] {
        let settings = json!({"error_share": failure, "retries": again, "backoff_ms": 0});
        let file = over(settings, 500.0, 60.0, 0.0, leaf(det_ms(0.0)), 1);
        let (attempts, good) = resilience::retries(failure, again);
        near("attempts", attempts, 0.01, 20, |seed| wire(&run(&file, seed), "attempts_per_call"));
        near("success", good, 0.01, 20, |seed| 1.0 - run(&file, seed).get("users", "failure_share"));
    }
    for share in [0.2, 0.5] {
        let settings = json!({"retries": 10, "backoff_ms": 1, "retry_budget_share": share, "error_share": 1});
        let file = over(settings, 300.0, 80.0, 20.0, leaf(det_ms(0.0)), 1);
        near("budget", 1.0 + share, 0.01, 20, |seed| wire(&run(&file, seed), "attempts_per_call"));
    }
    // Two hundred servers with a breaker each, open for good once tripped.
    for (failure, in_a_row) in [(0.7, 3), (0.4, 2)] {
        let mut file = over(
            json!({"error_share": failure, "breaker": "consecutive", "breaker_failures": in_a_row, "breaker_open_ms": 3_600_000}),
            2_000.0,
            30.0,
            0.0,
            leaf(det_ms(0.0)),
            1,
        );
        file["nodes"][1]["params"]["instances"] = json!(200);
        let theory = resilience::attempts_to_trip(failure, in_a_row);
        near("breaker", theory, 0.05, 40, |seed| wire(&run(&file, seed), "attempts") / 200.0);
    }
    for (after_ms, cancel) in [(500.0, true), (1500.0, false)] {
        let settings = json!({"hedge": "after", "hedge_after_ms": after_ms, "cancel": cancel});
        let file = over(settings, 300.0, 170.0, 20.0, leaf(exp_ms(1000.0)), 1);
        let (p99, extra) = resilience::hedged_exponential(1.0, after_ms / 1e3, 0.99);
        near("hedged p99", p99, 0.02, 20, |seed| run(&file, seed).get("root", "response_p99_s"));
        near("hedges", 1.0 + extra, 0.01, 20, |seed| wire(&run(&file, seed), "attempts_per_call"));
    }
    // All of ten, and eight of ten.
    for need in [10, 8] {
        let mut file = over(json!({}), 100.0, 100.0, 1.0, leaf(exp_ms(10.0)), 10);
        file["nodes"][1]["params"]["fan_out_need"] = json!(need);
        let theory = resilience::kth_of_exponentials(0.01, 10, need);
        near("fan-out", theory, 0.02, 20, |seed| run(&file, seed).get("users", "response_mean_s"));
    }
    let impatient = users(60.0, json!({"timeout_ms": 50}));
    let file = chain(3_000.0, 50.0, vec![impatient, web("web", 1, exp_ms(10.0), json!({}))]);
    near("wasted", libm::exp(-(100.0 - 60.0) * 0.05), 0.04, 20, |seed| {
        let done = run(&file, seed);
        done.get("users", "wasted_answers") / done.get("web", "completions")
    });
}

#[test]
fn messages_of_other_ages() {
    let pipeline = |rate: f64, for_s: f64, queue: Value, workers: Value| {
        let mut publishers = users(0.0, json!({}));
        publishers["params"]["traffic"] = json!({"points": [[0, rate], [for_s, rate], [for_s, 0]]});
        let nodes = vec![publishers, node("queue", "queue", queue), node("workers", "workers", workers)];
        let mut file = chain(for_s + 600.0, 0.0, nodes);
        for wire in file["wires"].as_array_mut().unwrap() {
            wire["latency_ms"] = json!(0);
        }
        file
    };
    for visibility_s in [10.0, 5.0] {
        let busy = json!({"instances": 1, "workers": 100_000, "service": exp_ms(10_000.0)});
        let file = pipeline(50.0, 500.0, json!({"visibility_s": visibility_s}), busy);
        let theory = resilience::deliveries_mean(10.0, visibility_s);
        near("deliveries", theory, 0.01, 20, |seed| run(&file, seed).get("queue", "deliveries_mean"));
    }
    let crashing = json!({"instances": 1, "workers": 100, "service": det_ms(10.0), "crash_share": 0.4});
    let file = pipeline(100.0, 300.0, json!({"visibility_s": 1, "max_receives": 2}), crashing);
    near("dead letters", 0.16, 0.03, 20, |seed| run(&file, seed).get("queue", "dead_letter_share"));
    let (attempts, _) = resilience::retries(0.4, 1);
    near("deliveries of crashes", attempts, 0.01, 20, |seed| {
        run(&file, seed).get("queue", "deliveries_mean")
    });
}

#[test]
fn machines_of_other_numbers() {
    for (alpha, beta, size, n) in
        [(0.05, 0.001, "x8", 8.0), (0.01, 0.0, "x16", 16.0), (0.03, 0.0002, "x96", 96.0)]
    {
        let alone = |size: &str| {
            let machine = json!({"size": size, "contention": alpha, "coherency": beta});
            let people = users(0.0001, json!({"arrivals": "regular"}));
            let file = chain(40_000.0, 0.0, vec![people, web("web", 1, det_ms(1_000_000.0), machine)]);
            run(&file, 1).get("web", "response_mean_s")
        };
        let theory = resilience::scalability(n, alpha, beta);
        let measured = n * alone("x1") / alone(size);
        assert!((measured / theory - 1.0).abs() < 1e-9, "{size}: {measured}, not {theory}");
    }
    for (machines, needed, crews) in [(3, 2, 1), (4, 2, 2), (5, 5, 5)] {
        let tier = json!({
            "instances": machines, "mttf_h": 50, "mttr_h": 5, "needed": needed, "repair_crews": crews,
        });
        let nodes: Vec<Value> = (0..300).map(|i| node(&format!("web{i}"), "web", tier.clone())).collect();
        let mut file = design(30.0 * 86_400.0, 4.0 * 86_400.0, nodes, Vec::new());
        file["run"]["window_s"] = json!(86_400);
        let theory = resilience::unavailability(machines, needed, 50.0, 5.0, crews);
        near("unavailability", theory, 0.1, 20, |seed| {
            let done = run(&file, seed);
            (0..300).map(|i| done.get(&format!("web{i}"), "unavailability")).sum::<f64>() / 300.0
        });
    }
}
