//! Caches, against exact Markov chains, Che's approximation and renewal theory.

use super::build::{Done, chain, design, det_ms, free_web, node, run, users};
use super::{Experiment, Replication};
use crate::random::Dice;
use serde_json::{Value, json};

/// Users, a web tier, and beside each other a cache and a database, all of them free unless told otherwise.
fn beside(until_s: f64, warmup_s: f64, people: Value, mut cache: Value, read_ms: f64) -> Value {
    let params = cache.as_object_mut().expect("params");
    params.entry("service").or_insert(det_ms(0.0));
    design(
        until_s,
        warmup_s,
        vec![people, free_web(), node("cache", "cache", cache), database(read_ms)],
        vec![json!(["users", "web"]), json!(["web", "cache"]), json!(["web", "db"])],
    )
}

fn database(read_ms: f64) -> Value {
    let free = det_ms(0.0);
    let params = json!({"workers": 10_000, "read": det_ms(read_ms), "write": free, "queue_limit": null});
    node("db", "relational", params)
}

/// Requests at a metronome's pace, each long answered before the next comes: independent references, nothing else.
fn references(items: u32, zipf_s: f64, more: Value) -> Value {
    let mut params = json!({"arrivals": "regular", "items": items, "zipf_s": zipf_s});
    params.as_object_mut().expect("params").extend(more.as_object().expect("params").clone());
    users(1000.0, params)
}

fn hit_ratio(rows: &'static [&'static str], replications: usize, file: Value) -> Experiment {
    Experiment::new(rows, replications, move |r| vec![run(&file, r.seed()).get("cache", "hit_ratio")])
}

/// Hit ratio of a policy: `warmup` requests, then `measured` ones, in thousands.
fn zipf(
    row: &'static [&'static str],
    (items, s, capacity): (u32, f64, u32),
    policy: &str,
    replications: usize,
    (warmup, measured): (u32, u32),
) -> Experiment {
    let cache = json!({"capacity_items": capacity, "eviction": policy});
    let (warmup_s, measured_s) = (f64::from(warmup), f64::from(measured));
    let file = beside(warmup_s + measured_s, warmup_s, references(items, s, json!({})), cache, 0.0);
    hit_ratio(row, replications, file)
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let mut all = capacity();
    all.extend(ages());
    all.extend(cold());
    all.extend(write_back());
    all
}

fn capacity() -> Vec<Experiment> {
    let exact = (8, 1.0, 3);
    // A replacement policy settles after a few times its capacity; perfect LFU has to learn how popular each item is.
    // The fewer are kept, the more often each of them is asked for, and the sooner it has.
    let (short, long, few) = ((200, 1000), (4000, 2000), (1000, 2000));
    vec![
        zipf(&["CEX.LRU"], exact, "lru", 20, (10, 1300)).quick(),
        zipf(&["CEX.FIFO"], exact, "fifo", 20, (10, 1300)),
        zipf(&["CEX.LFU"], exact, "perfect_lfu", 20, (100, 1600)),
        zipf(&["CZ06-10000-1000.FIFO"], (10_000, 0.6, 1000), "fifo", 20, short),
        zipf(&["CZ06-10000-1000.LFU_ideal"], (10_000, 0.6, 1000), "perfect_lfu", 12, long),
        zipf(&["CZ08-10000-1000.LRU"], (10_000, 0.8, 1000), "lru", 20, (100, 800)).quick(),
        zipf(&["CZ08-10000-1000.FIFO"], (10_000, 0.8, 1000), "fifo", 20, (100, 800)),
        zipf(&["CZ08-10000-1000.LFU_ideal"], (10_000, 0.8, 1000), "perfect_lfu", 12, long),
        zipf(&["CZ08-10000-100.LRU"], (10_000, 0.8, 100), "lru", 20, short),
        zipf(&["CZ08-10000-100.FIFO"], (10_000, 0.8, 100), "fifo", 20, short),
        zipf(&["CZ08-10000-100.LFU_ideal"], (10_000, 0.8, 100), "perfect_lfu", 16, few),
        zipf(&["CZ10-10000-100.LRU"], (10_000, 1.0, 100), "lru", 20, short),
        zipf(&["CZ10-10000-100.FIFO"], (10_000, 1.0, 100), "fifo", 20, short),
        zipf(&["CZ10-10000-100.LFU_ideal"], (10_000, 1.0, 100), "perfect_lfu", 16, few),
        zipf(&["CZ10-10000-1000.LRU"], (10_000, 1.0, 1000), "lru", 20, short),
        zipf(&["CZ10-10000-1000.LFU_ideal"], (10_000, 1.0, 1000), "perfect_lfu", 12, long),
        zipf(&["CZ12-10000-100.LRU"], (10_000, 1.2, 100), "lru", 20, short),
        zipf(&["CZ12-10000-100.FIFO"], (10_000, 1.2, 100), "fifo", 20, short),
        zipf(&["CZ12-10000-100.LFU_ideal"], (10_000, 1.2, 100), "perfect_lfu", 16, few),
        zipf(&["CZ09-100000-10000.FIFO"], (100_000, 0.9, 10_000), "fifo", 20, (400, 1000)),
        zipf(&["CZ09-100000-10000.LFU_ideal"], (100_000, 0.9, 10_000), "perfect_lfu", 12, (12_000, 2000)),
        zipf(&["CZ06-10000-1000.RANDOM"], (10_000, 0.6, 1000), "random", 20, short),
        zipf(&["CZ08-10000-1000.RANDOM"], (10_000, 0.8, 1000), "random", 20, short),
        zipf(&["CZ10-10000-100.RANDOM"], (10_000, 1.0, 100), "random", 20, short),
        zipf(&["CZ10-10000-1000.RANDOM"], (10_000, 1.0, 1000), "random", 20, short),
        zipf(&["CZ12-10000-100.RANDOM"], (10_000, 1.2, 100), "random", 20, short),
        zipf(&["CZ09-100000-10000.RANDOM"], (100_000, 0.9, 10_000), "random", 20, (400, 1000)),
        Experiment::new(&["CPEER.LRU"], 3, |r| vec![hits_beyond_libcachesim(r)]).quick(),
        zipf(&["CPEER.LFU"], (10_000, 0.8, 1000), "lfu", 20, (400, 1600)),
    ]
}

fn ages() -> Vec<Experiment> {
    let one = |rate: f64, more: Value| {
        let mut params = json!({"items": 1});
        params.as_object_mut().expect("params").extend(more.as_object().expect("params").clone());
        users(rate, params)
    };
    let aged = |ttl_s: f64| json!({"ttl_s": ttl_s});
    vec![
        Experiment::new(&["TTL1.h", "TTL1.origin"], 20, {
            let file = beside(600_100.0, 100.0, one(0.5, json!({})), aged(10.0), 0.0);
            move |r| {
                let done = run(&file, r.seed());
                vec![done.get("cache", "hit_ratio"), done.get("db", "arrival_rate_rps")]
            }
        })
        .quick(),
        Experiment::new(&["TTLZ.h", "TTLZ.occ"], 20, {
            let people = users(1000.0, json!({"items": 10_000, "zipf_s": 0.9}));
            let cache = json!({"capacity_items": 100_000, "ttl_s": 60});
            let file = beside(900.0, 300.0, people, cache, 0.0);
            move |r| {
                let done = run(&file, r.seed());
                vec![done.get("cache", "hit_ratio"), done.get("cache", "items_mean")]
            }
        })
        .quick(),
        hit_ratio(
            &["INVAL.h"],
            20,
            beside(180_100.0, 100.0, one(11.0, json!({"write_share": 1.0 / 11.0})), json!({}), 0.0),
        ),
        Experiment::new(&["STALE.ttl"], 20, {
            let people = one(10.02, json!({"write_share": 0.02 / 10.02}));
            let cache = json!({"ttl_s": 60, "on_write": "ignore"});
            let file = beside(121_000.0, 1000.0, people, cache, 0.0);
            move |r| vec![run(&file, r.seed()).get("users", "stale_read_share")]
        }),
        // 19 requests of 20 come while the copy is fresh: the hit ratio is 0.95 to the last digit.
        Experiment::new(&["READLAT"], 3, {
            let people = users(1.0, json!({"items": 1, "arrivals": "regular"}));
            let cache = json!({"ttl_s": 19.5, "service": det_ms(1.0)});
            let file = beside(2000.5, 0.0, people, cache, 20.0);
            move |r| {
                let done = run(&file, r.seed());
                assert_eq!(done.get("users", "completions"), 2000.0, "whole turns of twenty");
                vec![done.get("users", "response_mean_s") * 1e3]
            }
        })
        .quick(),
        Experiment::new(&["STAMP.n"], 25, |r| vec![stampede(r, json!({"ttl_s": 60}))]),
        Experiment::new(&["STAMP.sf50"], 30, |r| vec![stampede_of_fifty(r)]).quick(),
        // The median cluster's popularity, a million items, and room for a tenth of them.
        Experiment::new(&["PUB.twemcache"], 4, {
            let cache = json!({"capacity_items": 100_000});
            let file = beside(2000.0, 1000.0, references(1_000_000, 1.2117, json!({})), cache, 0.0);
            move |r| vec![1.0 - run(&file, r.seed()).get("cache", "hit_ratio")]
        }),
        Experiment::new(&["PUB.fblease"], 4, |r| vec![drop_by_leases(r)]).quick(),
        Experiment::new(&["STAMP.sf"], 4, |r| vec![stampede(r, json!({"ttl_s": 60, "single_flight": true}))]),
    ]
}

/// The same with 200 requests a second by lot to fifty web servers, each of which goes for the item once at a time.
fn stampede_of_fifty(r: Replication) -> f64 {
    let (turns, turn_s) = (1000.0, 62.0);
    let curve = json!({"points": [[0, 200], [0.4, 200], [0.4, 0], [turn_s, 0]], "repeat": true});
    let people = users(1.0, json!({"traffic": curve, "items": 1}));
    let mut file = beside(turns * turn_s, 0.0, people, json!({"ttl_s": 60}), 100.0);
    let web = &mut file["nodes"][1]["params"];
    web["instances"] = json!(50);
    web["single_flight"] = json!(true);
    run(&file, r.seed()).get("db", "arrivals") / turns
}

/// How many times more a database is asked about keys that are read and written much, when every miss goes to it than
/// when each missed key is fetched by the holder of its lease: 20 keys, 1,000 reads and 10 writes a second each.
fn drop_by_leases(r: Replication) -> f64 {
    let reads = |single_flight: bool| {
        let people = users(20_200.0, json!({"items": 20, "zipf_s": 0, "write_share": 200.0 / 20_200.0}));
        let cache = json!({"single_flight": single_flight});
        let done = run(&beside(30.0, 5.0, people, cache, 10.0), r.seed());
        done.node("db")["classes"]["read"]["arrivals"].as_f64().expect("reads")
    };
    reads(false) / reads(true)
}

/// Hits of LRU and of FIFO on the very items that the first users ask for, less those of libCacheSim 0.3.5: two million
/// requests by Zipf(0.8) for ten thousand items, capacity a thousand.
fn hits_beyond_libcachesim(r: Replication) -> f64 {
    const LIBCACHESIM: [(u64, f64, f64); 3] =
        [(1, 873_410.0, 788_402.0), (2, 873_382.0, 788_233.0), (3, 873_800.0, 789_221.0)];
    let (seed, lru, fifo) = LIBCACHESIM[r.number as usize];
    let hits = |policy: &str| {
        let cache = json!({"capacity_items": 1000, "eviction": policy});
        run(&beside(2000.0005, 0.0, references(10_000, 0.8, json!({})), cache, 0.0), seed)
    };
    let (by_lru, by_fifo) = (hits("lru"), hits("fifo"));
    assert_eq!(by_lru.get("cache", "lookups"), 2_000_000.0, "two million requests");
    (by_lru.get("cache", "hits") - lru).abs() + (by_fifo.get("cache", "hits") - fifo).abs()
}

/// Fetches from the database for each expiry of a hot key.
fn stampede(r: Replication, cache: Value) -> f64 {
    // Traffic only when an expiry falls due: between two of them all requests would be hits.
    let (turns, turn_s) = (100.0, 62.0);
    let curve = json!({"points": [[0, 2000], [1.5, 2000], [1.5, 0], [turn_s, 0]], "repeat": true});
    let people = users(1.0, json!({"traffic": curve, "items": 1}));
    run(&beside(turns * turn_s, 0.0, people, cache, 100.0), r.seed()).get("db", "arrivals") / turns
}

fn cold() -> Vec<Experiment> {
    let start = |warmup_s: f64, until_s: f64| {
        let cache = json!({"capacity_items": 1_000_000});
        beside(until_s, warmup_s, references(10_000, 1.0, json!({})), cache, 0.0)
    };
    let misses = |done: &Done| done.get("cache", "lookups") - done.get("cache", "hits");
    vec![
        Experiment::new(&["COLD.distinct"], 100, {
            let file = start(0.0, 20.0005);
            move |r| {
                let done = run(&file, r.seed());
                assert_eq!(done.get("cache", "lookups"), 20_000.0, "the first 20,000 requests");
                vec![misses(&done)]
            }
        })
        .quick(),
        // The miss ratio is as good as straight over the thousand requests around the 20,000th.
        Experiment::new(&["COLD.miss"], 200, {
            let file = start(19.5, 20.5);
            move |r| {
                let done = run(&file, r.seed());
                vec![misses(&done) / done.get("cache", "lookups")]
            }
        }),
        Experiment::new(&["INV.12"], 10, move |r| {
            // Read through and beside, with and without writes, capacity and age: lookups are hits and misses, and
            // each miss is one read of the database. The traffic ends before the run, so that nothing is on its way.
            let curve = json!({"points": [[0, 400], [30, 400], [30, 0]]});
            let people = users(
                1.0,
                json!({
                    "traffic": curve, "items": 500, "zipf_s": 0.9, "write_share": 0.02 * r.number as f64,
                }),
            );
            let cache = json!({"capacity_items": 50 + 20 * r.number, "ttl_s": 1.0 + r.number as f64});
            let file = if r.number % 2 == 0 {
                beside(60.0, 0.0, people, cache, 3.0)
            } else {
                chain(60.0, 0.0, vec![people, free_web(), node("cache", "cache", cache), database(3.0)])
            };
            let done = run(&file, r.seed());
            let reads = done.node("db")["classes"]["read"]["arrivals"].as_f64().expect("reads");
            vec![(misses(&done) - reads).abs()]
        })
        .quick(),
    ]
}

/// Writes to items that only a write-back cache takes; what it saves is counted at the store behind.
fn write_back() -> Vec<Experiment> {
    let saves = |rate: f64, until_s: f64| {
        let people = users(rate, json!({"items": 1, "write_share": 1}));
        chain(until_s + 100.0, 100.0, vec![people, free_web(), write_back_cache(), database(0.0)])
    };
    let save_rate = |row: &'static [&'static str], rate: f64, until_s: f64| {
        let file = saves(rate, until_s);
        Experiment::new(row, 20, move |r| vec![run(&file, r.seed()).get("db", "arrival_rate_rps")]).quick()
    };
    vec![
        save_rate(&["WB50.rate"], 50.0, 10_000.0),
        save_rate(&["WB0.5.rate"], 0.5, 200_000.0),
        Experiment::new(&["WB50.loss"], 40, |r| vec![lost_per_crash(r)]),
    ]
}

fn write_back_cache() -> Value {
    let params = json!({"on_write": "write_back", "write_back_delay_s": 5, "service": det_ms(0.0)});
    node("cache", "cache", params)
}

/// Mean number of acknowledged writes that an item loses in a crash at a random time: three items of 50 writes a second each,
/// crashes long after the cache was last empty.
fn lost_per_crash(r: Replication) -> f64 {
    const ITEMS: f64 = 3.0;
    const CRASHES: usize = 100;
    // A turn of filling and saving takes 5.02 s on average and hardly varies, so it is the time of the crash that makes it
    // random where in its turn an item is: one time at random in each hundredth of two turns.
    const TURNS_S: f64 = 2.0 * 5.02;
    let mut dice = Dice::new(r.seed());
    let mut at_s = 0.0;
    let mut timeline = Vec::new();
    for crash in 0..CRASHES {
        at_s += 10.0 + TURNS_S * (crash as f64 + dice.unit()) / CRASHES as f64;
        timeline.push(json!({"at_s": at_s, "do": "kill", "node": "cache"}));
        timeline.push(json!({"at_s": at_s, "do": "revive", "node": "cache"}));
    }
    let people = users(50.0 * ITEMS, json!({"items": ITEMS, "zipf_s": 0, "write_share": 1}));
    let mut file = chain(at_s + 1.0, 0.0, vec![people, free_web(), write_back_cache(), database(0.0)]);
    file["timeline"] = Value::Array(timeline);
    run(&file, r.seed()).get("cache", "lost_writes") / (ITEMS * CRASHES as f64)
}
