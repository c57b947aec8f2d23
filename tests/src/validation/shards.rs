//! Shard functions and hot keys, against combinatorics and Zipf's law.

use super::build::{Done, chain, det_ms, free_web, node, run, users};
use super::{Experiment, mean_and_sd};
use headroom_model::messages::part;
use serde_json::{Value, json};

/// A sharded database that next to nobody asks: only where its items lie matters.
fn placement(items: u32, db: Value) -> Value {
    let people = users(1.0, json!({"items": items, "zipf_s": 0}));
    chain(0.1, 0.0, vec![people, free_web(), node("db", "sharded", db)])
}

fn with_a_new_shard(mut file: Value, times: usize) -> Value {
    let entry = json!({"at_s": 0.05, "do": "add_shard", "node": "db"});
    file["timeline"] = Value::Array(vec![entry; times]);
    file
}

fn ring(virtual_nodes: u32) -> Value {
    json!({"shards": 10, "function": "consistent", "virtual_nodes": virtual_nodes})
}

/// Items of each shard.
fn items(done: &Done) -> Vec<f64> {
    numbers(done, "items")
}

fn numbers(done: &Done, name: &str) -> Vec<f64> {
    let shards = done.node("db")["shards"].as_array().expect("shards");
    shards.iter().map(|s| s[name].as_f64().expect("a number")).collect()
}

fn greatest_over_mean(x: &[f64]) -> f64 {
    x.iter().copied().fold(0.0, f64::max) * x.len() as f64 / x.iter().sum::<f64>()
}

/// The experiments.
pub fn experiments() -> Vec<Experiment> {
    let mut all = vec![
        moved(&["MOD.4-5"], 4, 1).quick(),
        moved(&["MOD.10-11"], 10, 1).quick(),
        Experiment::new(&["MOD.4-8"], 500, |r| vec![four_to_eight(r.seed())]),
        // A replication is 25 rings: the mean, and the standard deviation without the bias of a small sample.
        Experiment::new(&["CHASH.move", "CHASH.sd"], 40, |r| {
            let file = with_a_new_shard(placement(100_000, ring(100)), 1);
            let share = |seed| run(&file, seed).get("db", "items_moved_share");
            let shares: Vec<f64> = r.seeds(25).map(share).collect();
            let (mean, sd) = mean_and_sd(&shares);
            vec![mean, sd]
        })
        .quick(),
        share_of_the_fullest(&["CHASH.V1"], 1, 20_000, 4000),
        share_of_the_fullest(&["CHASH.V100"], 100, 300_000, 400),
        share_of_the_fullest(&["CHASH.V1000"], 1000, 1_000_000, 60),
    ];
    all.push(
        Experiment::new(&["RANGE.hot"], 5, |r| {
            let people = users(1000.0, json!({"items": 10_000, "write_share": 1}));
            let db = json!({"shards": 8, "function": "range", "insert_share": 1, "write": det_ms(0.1)});
            let done = run(&chain(20.0, 0.0, vec![people, free_web(), node("db", "sharded", db)]), r.seed());
            let inserts = numbers(&done, "inserts");
            assert!(inserts.iter().sum::<f64>() > 10_000.0, "there were inserts");
            vec![inserts[7] / inserts.iter().sum::<f64>()]
        })
        .quick(),
    );
    for row in [&["MOVE.only"], &["INV.9"]] {
        all.push(
            Experiment::new(row, 10, |r| {
                // No old shard gains an item, and as many have moved as the new one holds: so none went elsewhere.
                let file = placement(100_000, ring(100));
                let before = items(&run(&file, r.seed()));
                let done = run(&with_a_new_shard(file, 1), r.seed());
                let after = items(&done);
                let gained: f64 = before.iter().zip(&after).map(|(b, a)| (a - b).max(0.0)).sum();
                vec![gained + (done.get("db", "items_moved") - after[10]).abs()]
            })
            .quick(),
        );
    }
    all.push(
        Experiment::new(&["HOT.p1"], 20, |r| {
            let done = run(&zipf(200_000.0, 2.0), r.seed());
            let hottest = &done.node("db")["hottest_items"][0];
            assert_eq!(hottest["item"], 0, "the hottest item is the most popular one");
            vec![hottest["share"].as_f64().expect("a share")]
        })
        .quick(),
    );
    all.push(Experiment::new(&["HOT.shard16", "HOT.cap"], 36, |r| {
        let (mut share, mut load) = (0.0, 0.0);
        for seed in r.seeds(PLACEMENTS) {
            let (s, l) = hot_shard(seed);
            share += s / PLACEMENTS as f64;
            load += l / PLACEMENTS as f64;
        }
        // Each request a second loads the hot shard by `load`: full it is at 1.
        vec![share, 1.0 / load]
    }));
    all
}

/// Placements behind one replication of the hot shard: the mean of 1/x is not 1 over the mean of x.
const PLACEMENTS: u64 = 10;

fn moved(row: &'static [&'static str], shards: u32, added: usize) -> Experiment {
    let db = json!({"shards": shards, "function": "modulo"});
    let file = with_a_new_shard(placement(500_000, db), added);
    Experiment::new(row, 10, move |r| vec![run(&file, r.seed()).get("db", "items_moved_share")])
}

/// From four shards to eight. What the product counts is the moves of each step, so the shard of every item is seen by
/// making one after the other the only one that is asked for.
fn four_to_eight(seed: u64) -> f64 {
    let (before, after) = (shard_of_each(4, seed), shard_of_each(8, seed));
    let moved = before.iter().zip(&after).filter(|(a, b)| a != b).count();
    moved as f64 / before.len() as f64
}

fn shard_of_each(shards: u32, seed: u64) -> Vec<usize> {
    let items = 1000;
    let people = users(10.0, json!({"items": items, "arrivals": "regular"}));
    let db = json!({"shards": shards, "function": "modulo", "read": det_ms(0.0)});
    let mut file = chain(f64::from(items), 0.0, vec![people, free_web(), node("db", "sharded", db)]);
    file["run"]["window_s"] = json!(1);
    let fame = (0..items)
        .map(|i| json!({"at_s": i, "do": "go_viral", "node": "users", "share": 1, "item": i}))
        .collect::<Vec<_>>();
    file["timeline"] = json!(fame);
    let done = run(&file, seed);
    let busiest = |parts: &[f32]| {
        let load = |i: &usize| parts[i * part::COUNT + part::ARRIVALS_RPS];
        (0..shards as usize).max_by(|a, b| load(a).total_cmp(&load(b))).expect("shards")
    };
    // The shards are the last parts of a window.
    let windows = done.sim.windows();
    windows.iter().map(|w| busiest(&w.parts[w.parts.len() - shards as usize * part::COUNT..])).collect()
}

fn share_of_the_fullest(
    row: &'static [&'static str],
    virtual_nodes: u32,
    items_total: u32,
    replications: usize,
) -> Experiment {
    let file = placement(items_total, ring(virtual_nodes));
    Experiment::new(row, replications, move |r| vec![greatest_over_mean(&items(&run(&file, r.seed())))])
}

/// A million items by Zipf's law with exponent 1 over 16 shards of 1000 requests/s each.
fn zipf(rate_rps: f64, until_s: f64) -> Value {
    let people = users(rate_rps, json!({"items": 1_000_000, "zipf_s": 1}));
    let db = json!({
        "shards": 16, "function": "modulo", "workers": 1, "read": det_ms(1.0), "queue_limit": null,
    });
    chain(until_s, 0.0, vec![people, free_web(), node("db", "sharded", db)])
}

/// Share of requests of the shard with the top item, and its utilisation for each request a second.
fn hot_shard(seed: u64) -> (f64, f64) {
    let done = run(&zipf(6000.0, 10.0), seed);
    let top = &done.node("db")["hottest_items"][0];
    assert_eq!(top["item"], 0, "the hottest item is the most popular one");
    let hot = top["shard"].as_u64().expect("a shard") as usize;
    let rate = done.get("db", "arrival_rate_rps");
    (numbers(&done, "request_share")[hot], numbers(&done, "utilization")[hot] / rate)
}
