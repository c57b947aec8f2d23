//! Placement, moves, hot items and queries, seen from outside.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::messages::What;
use crate::notes::Note;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

fn run(users: Value, db: Value, timeline: Value, until_s: f64) -> (Simulation, Value) {
    let free = json!({"law": "deterministic", "mean_ms": 0});
    let mut people = json!({"write_share": 0, "items": 10_000, "zipf_s": 0, "timeout_ms": null, "traffic": {"preset": "constant", "rps": 500}});
    people.as_object_mut().unwrap().extend(users.as_object().unwrap().clone());
    let mut params =
        json!({"workers": 1000, "read": free, "write": free, "query": free, "queue_limit": null});
    params.as_object_mut().unwrap().extend(db.as_object().unwrap().clone());
    let file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": people},
            {"id": "web", "kind": "web", "params": {"workers": 1000, "service": free, "queue_limit": null}},
            {"id": "db", "kind": "sharded", "params": params},
        ],
        "wires": [{"from": "users", "to": "web"}, {"from": "web", "to": "db"}],
        "timeline": timeline, "run": {"until_s": until_s},
    });
    let design = Design::parse(&file.to_string()).unwrap_or_else(|f| panic!("{f:?}"));
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let mut summary = summarize(&design, &mut sim);
    let db = summary["nodes"][2].take();
    summary["db"] = db;
    (sim, summary)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn each(summary: &Value, name: &str) -> Vec<f64> {
    summary["db"]["shards"].as_array().unwrap().iter().map(|s| number(&s[name])).collect()
}

fn when(sim: &Simulation, what: What) -> Option<f64> {
    sim.happenings().iter().find(|h| h.what == what).map(|h| h.at_ns as f64 / 1e9)
}

const MOVED: What = What::Noted(Note::AllMoved);

#[test]
fn growing_keys_all_come_to_the_last_range_and_fill_it() {
    let inserts = |function: &str| {
        let db = json!({"shards": 8, "function": function, "insert_share": 1});
        each(&run(json!({"write_share": 1}), db, json!([]), 20.0).1, "inserts")
    };
    let range = inserts("range");
    assert!(range[7] > 9000.0 && range[..7].iter().all(|n| *n == 0.0), "{range:?}");
    assert!(inserts("modulo").iter().all(|n| (n / 1250.0 - 1.0).abs() < 0.15));
    let directory = inserts("directory");
    assert!(directory.iter().all(|n| *n > 1000.0), "{directory:?}");
    // 1,250 items and room for 2,000: the rest fails.
    let db = json!({"shards": 8, "function": "range", "insert_share": 1, "capacity_items": 2000});
    let (_, s) = run(json!({"write_share": 1}), db, json!([]), 20.0);
    assert_eq!(each(&s, "items")[7], 2000.0);
    let full = number(&s["users"]["failures"]["shard_full"]);
    assert_eq!(number(&s["users"]["arrivals"]) - full, 750.0);
}

#[test]
fn a_new_shard_takes_half_a_range_or_an_equal_share() {
    let after = |function: &str| {
        let db = json!({"shards": 4, "function": function});
        run(json!({}), db, json!([{"at_s": 1, "do": "add_shard", "node": "db"}]), 2.0).1
    };
    let s = after("range");
    assert_eq!(number(&s["db"]["items_moved_share"]), 0.125);
    let mut items = each(&s, "items");
    items.sort_by(f64::total_cmp);
    assert_eq!(items, [1250.0, 1250.0, 2500.0, 2500.0, 2500.0]);
    let s = after("directory");
    assert_eq!(number(&s["db"]["items_moved_share"]), 0.2);
    assert!(each(&s, "items").iter().all(|n| (n - 2000.0).abs() < 100.0), "{:?}", each(&s, "items"));
}

#[test]
fn items_are_copied_at_a_rate_and_read_in_both_places_meanwhile() {
    let add = json!([{"at_s": 10, "do": "add_shard", "node": "db"}]);
    let (_, at_once) = run(json!({}), json!({}), add.clone(), 40.0);
    let (sim, s) = run(json!({}), json!({"move_mbps": 1, "workers": 10}), add, 40.0);
    // 8,000 items of 1 kB at 1 MB/s; the last batch of each pair of shards is not full.
    let took = when(&sim, MOVED).unwrap() - 10.0;
    assert!((8.0..10.1).contains(&took), "{took}");
    assert_eq!(each(&s, "items"), each(&at_once, "items"));
    assert_eq!(s["db"]["items_moved"], at_once["db"]["items_moved"]);
    assert_eq!(number(&s["db"]["bytes_moved"]), 1000.0 * number(&s["db"]["items_moved"]));
    // Four in five items move, and half a thousand reads a second come.
    let twice = number(&s["db"]["double_reads"]);
    assert!((twice / (0.8 * 500.0 * took) - 1.0).abs() < 0.06, "{twice}");
    // A worker at each end.
    let busy = number(&s["db"]["utilization"]) * (4.0 * 40.0 + 30.0) * 10.0;
    assert!((busy - 2.0 * took).abs() < 0.2, "{busy}");
    assert_eq!(number(&s["users"]["failures_total"]), 0.0);
}

#[test]
fn a_move_waits_for_a_dead_shard() {
    let timeline = json!([{"at_s": 10, "do": "add_shard", "node": "db"},
        {"at_s": 12, "do": "kill", "node": "db", "part": 4}, {"at_s": 20, "do": "revive", "node": "db", "part": 4}]);
    let (sim, s) = run(json!({}), json!({"move_mbps": 1, "workers": 10}), timeline, 60.0);
    let moved = when(&sim, MOVED).unwrap();
    assert!(moved > 16.0 && moved < 29.0, "{moved}");
    assert_eq!(number(&s["db"]["items_to_move"]), 0.0);
}

#[test]
fn a_famous_item_gets_a_shard_or_is_split() {
    let fame = json!({"celebrity_share": 0.4, "celebrity_item": 7, "write_share": 1});
    let share = |timeline: Value| {
        let mut shares = each(&run(fame.clone(), json!({}), timeline, 100.0).1, "request_share");
        shares.sort_by(f64::total_cmp);
        shares
    };
    let greatest = |shares: Vec<f64>| *shares.last().unwrap();
    assert!((greatest(share(json!([]))) - 0.55).abs() < 0.02);
    let alone = share(json!([{"at_s": 0, "do": "isolate", "node": "db", "item": 7}]));
    assert!(
        alone.len() == 5 && (greatest(alone.clone()) - 0.4).abs() < 0.01 && (alone[3] - 0.15).abs() < 0.01
    );
    let split = share(json!([{"at_s": 0, "do": "split_key", "node": "db", "item": 7, "ways": 4}]));
    assert!(split.iter().all(|s| (s - 0.25).abs() < 0.01), "{split:?}");
    // Who reads it waits for all four: 10 (1 + 1/2 + 1/3 + 1/4) ms.
    let read = json!({"law": "exponential", "mean_ms": 10});
    let only = json!({"celebrity_share": 1, "celebrity_item": 7});
    let cut = json!([{"at_s": 0, "do": "split_key", "node": "db", "item": 7, "ways": 4}]);
    let (_, s) = run(only, json!({"read": read}), cut, 100.0);
    assert!((number(&s["db"]["response_mean_s"]) / 0.0208333 - 1.0).abs() < 0.02);
}

#[test]
fn a_query_waits_for_the_slowest_shard_or_reads_a_copy_that_writes_keep_up() {
    let exp = |ms: f64| json!({"law": "exponential", "mean_ms": ms});
    let users = json!({"query_share": 0.5, "write_share": 0.5});
    let (_, s) =
        run(users.clone(), json!({"shards": 6, "query": exp(10.0), "write": exp(1.0)}), json!([]), 200.0);
    // 10 (1 + 1/2 + ... + 1/6) ms.
    assert!((number(&s["db"]["classes"]["query"]["response_mean_s"]) / 0.0245 - 1.0).abs() < 0.02);
    let plain = number(&s["db"]["classes"]["write"]["response_mean_s"]);
    assert!((plain / 0.001 - 1.0).abs() < 0.02);
    let db = json!({"shards": 6, "query": exp(10.0), "write": exp(1.0), "read": exp(2.0), "query_copies": 2});
    let (_, s) = run(users, db, json!([]), 200.0);
    assert!((number(&s["db"]["classes"]["query"]["response_mean_s"]) / 0.002 - 1.0).abs() < 0.02);
    // Three writes instead of one: 1 + 1/2 + 1/3 ms.
    assert!((number(&s["db"]["classes"]["write"]["response_mean_s"]) / 0.00183333 - 1.0).abs() < 0.02);
    let asked: f64 = each(&s, "requests").iter().sum();
    let of = |class: &str| number(&s["db"]["classes"][class]["arrivals"]);
    assert_eq!(asked, of("query") + 3.0 * of("write"));
}
