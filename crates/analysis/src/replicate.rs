//! One design, many seeds: runs on threads, and one summary with confidence intervals made of theirs.

use crate::stats::{CONFIDENCE, Estimate};
use headroom_model::design::Design;
use headroom_model::sim::Simulation;
use serde_json::{Map, Number, Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Threads that this machine can run at once.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Runs a design to its end with the seeds `run.seed`, `run.seed + 1`, … (`run.replications` of them) on at most
/// `threads` threads, and gives what `finish` makes of each run, in the order of the seeds. A result depends on its seed
/// alone, whatever the number of threads. `finish` gets the position of the seed, the design with that seed, and the run.
pub fn run_seeds<T: Send>(
    design: &Design,
    threads: usize,
    finish: impl Fn(usize, &Design, &mut Simulation) -> T + Sync,
) -> Vec<T> {
    let runs = design.run.replications as usize;
    let run = |i: usize| {
        let mut design = design.clone();
        design.run.seed += i as u64;
        let mut sim = Simulation::new(&design);
        sim.run();
        finish(i, &design, &mut sim)
    };
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<T>>> = (0..runs).map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = results.get(i) else { break };
            let result = run(i);
            *slot.lock().expect("nobody panics while holding a result") = Some(result);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(runs) {
            // Where a thread cannot be had (WebAssembly, a full machine), the others do its work.
            if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let taken = results.into_iter().map(|slot| slot.into_inner().expect("the threads have ended"));
    taken.map(|result| result.expect("every run was made")).collect()
}

/// Numbers that name something rather than measure it: never averaged, and rows of a list are told apart by them.
const NAMES: [&str; 3] = ["item", "shard", "machine"];

/// Numbers of a run that say nothing about the next seed's: left out of a merged summary.
const OF_ONE_RUN: [&str; 2] = ["seed", "hash"];

/// One summary made of the summaries of independent runs: the same tree, in which each number has become
/// `{"mean", "ci95", "sd", "n"}`: the mean over runs, half the width of its 95% confidence interval (Student's t over
/// runs), the standard deviation over runs, and the number of runs that had the number; `ci95` and `sd` are null when
/// that is 1. Percentiles are those of each run, estimated independently; nothing is averaged within a run.
///
/// Texts and names (`item`, `shard`, `machine`) stay when all runs agree and are null when they do not. A switch is true
/// when it is in any run. Rows of a list belong together by their name, or else by position. A reason missing from
/// `failures` counts as 0; anything else that is missing or null in a run does not count. `seed` and `hash` are left out.
pub fn merge(summaries: &[Value]) -> Value {
    merge_values(&summaries.iter().map(Some).collect::<Vec<_>>(), false)
}

/// The merged summary with what is known of the runs behind it: as `headroom run --replications --json` prints it.
/// `with_runs` puts the summary of every run under `runs`.
pub fn replicated(summaries: &[Value], with_runs: bool) -> Value {
    let all = |field: &str| -> Value { summaries.iter().map(|s| s[field].clone()).collect() };
    let mut whole = json!({
        "replications": summaries.len(),
        "confidence": CONFIDENCE,
        "seeds": all("seed"),
        "hashes": all("hash"),
    });
    if let (Some(whole), Value::Object(merged)) = (whole.as_object_mut(), merge(summaries)) {
        whole.extend(merged);
        if with_runs {
            whole.insert("runs".to_owned(), Value::Array(summaries.to_vec()));
        }
    }
    whole
}

/// Merges what each run has at one place. `zero`: a missing number is a count of 0.
fn merge_values(values: &[Option<&Value>], zero: bool) -> Value {
    let there = || values.iter().filter_map(|v| v.filter(|v| !v.is_null()));
    let Some(first) = there().next() else { return Value::Null };
    match first {
        Value::Number(_) => {
            let missing = zero.then_some(0.0);
            let numbers: Vec<f64> = values
                .iter()
                .filter_map(|v| v.map_or(missing, Value::as_f64))
                .filter(|x| x.is_finite())
                .collect();
            Estimate::of(&numbers).map_or(Value::Null, |e| estimate_json(&e))
        }
        Value::Object(_) => merge_objects(values),
        Value::Array(_) => merge_lists(values),
        Value::Bool(_) => json!(there().any(|v| v == &Value::Bool(true))),
        Value::String(_) | Value::Null => agreed(values),
    }
}

fn merge_objects(values: &[Option<&Value>]) -> Value {
    let objects: Vec<Option<&Map<String, Value>>> =
        values.iter().map(|v| v.and_then(Value::as_object)).collect();
    let mut keys: Vec<&String> = Vec::new();
    for key in objects.iter().flatten().flat_map(|o| o.keys()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let mut merged = Map::new();
    for key in keys {
        let at: Vec<Option<&Value>> = objects.iter().map(|o| o.and_then(|o| o.get(key))).collect();
        let value = match key.as_str() {
            k if OF_ONE_RUN.contains(&k) => continue,
            k if NAMES.contains(&k) => agreed(&at),
            "failures" => merge_failures(&at),
            _ => merge_values(&at, false),
        };
        merged.insert(key.clone(), value);
    }
    Value::Object(merged)
}

/// Counts by reason, where a run without a reason has none of it.
fn merge_failures(values: &[Option<&Value>]) -> Value {
    let objects: Vec<&Map<String, Value>> =
        values.iter().filter_map(|v| v.and_then(Value::as_object)).collect();
    let mut merged = Map::new();
    for key in objects.iter().flat_map(|o| o.keys()) {
        if !merged.contains_key(key) {
            let at: Vec<Option<&Value>> = objects.iter().map(|o| o.get(key)).collect();
            merged.insert(key.clone(), merge_values(&at, true));
        }
    }
    Value::Object(merged)
}

fn merge_lists(values: &[Option<&Value>]) -> Value {
    let lists: Vec<&[Value]> =
        values.iter().map(|v| v.and_then(Value::as_array).map_or(&[][..], Vec::as_slice)).collect();
    let name_of = |row: &Value| NAMES.iter().find_map(|n| row.get(n)).cloned();
    let mut names: Vec<Value> = Vec::new();
    for name in lists.iter().flat_map(|l| l.iter()).filter_map(name_of) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        let of = |name: &Value| -> Vec<Option<&Value>> {
            lists.iter().map(|l| l.iter().find(|row| name_of(row).as_ref() == Some(name))).collect()
        };
        return names.iter().map(|name| merge_values(&of(name), false)).collect();
    }
    let longest = lists.iter().map(|l| l.len()).max().unwrap_or(0);
    (0..longest).map(|i| merge_values(&lists.iter().map(|l| l.get(i)).collect::<Vec<_>>(), false)).collect()
}

/// The value that all runs share, or null.
fn agreed(values: &[Option<&Value>]) -> Value {
    let mut there = values.iter().flatten();
    match there.next() {
        Some(first) if there.all(|v| v == first) => (*first).clone(),
        _ => Value::Null,
    }
}

fn estimate_json(e: &Estimate) -> Value {
    let number = |x: f64| Number::from_f64(x).map_or(Value::Null, Value::Number);
    json!({"mean": number(e.mean), "ci95": number(e.half_width(CONFIDENCE)), "sd": number(e.sd), "n": e.n})
}

/// Whether a value of a merged summary is a number with its interval.
pub fn is_estimate(value: &Value) -> bool {
    value.as_object().is_some_and(|o| o.len() == 4 && o.contains_key("ci95") && o.contains_key("n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use headroom_model::summary::summarize;

    #[test]
    fn the_tree_stays_and_numbers_become_estimates() {
        let a = json!({"title": "t", "seed": 1, "hash": "x", "full": false, "none": null, "n": 1, "half": null,
            "failures": {"timeout": 4}, "list": [1, 2], "shards": [{"shard": 0, "q": 1}, {"shard": 1, "q": 5}]});
        let b = json!({"title": "t", "seed": 2, "hash": "y", "full": true, "none": null, "n": 3, "half": 8,
            "failures": {}, "list": [3], "shards": [{"shard": 1, "q": 7}]});
        let m = merge(&[a, b]);
        let keys: Vec<&String> = m.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["title", "full", "none", "n", "half", "failures", "list", "shards"]);
        assert_eq!((&m["title"], &m["full"], &m["none"]), (&json!("t"), &json!(true), &Value::Null));
        assert_eq!((&m["n"]["mean"], &m["n"]["n"]), (&json!(2.0), &json!(2)));
        assert!((m["n"]["ci95"].as_f64().unwrap() - 12.706_204_736_432_095).abs() < 1e-9);
        assert!((m["n"]["sd"].as_f64().unwrap() - 2.0_f64.sqrt()).abs() < 1e-15);
        assert_eq!(m["half"], json!({"mean": 8.0, "ci95": null, "sd": null, "n": 1}));
        assert_eq!(
            (&m["failures"]["timeout"]["mean"], &m["failures"]["timeout"]["n"]),
            (&json!(2.0), &json!(2))
        );
        assert_eq!((&m["list"][0]["n"], &m["list"][1]["n"]), (&json!(2), &json!(1)));
        assert_eq!((&m["shards"][0]["shard"], &m["shards"][0]["q"]["n"]), (&json!(0), &json!(1)));
        assert_eq!((&m["shards"][1]["shard"], &m["shards"][1]["q"]["mean"]), (&json!(1), &json!(6.0)));
        assert!(is_estimate(&m["n"]) && !is_estimate(&m["failures"]) && !is_estimate(&m["title"]));
    }

    #[test]
    fn results_are_those_of_the_seeds_whatever_the_threads() {
        let text = r#"{"nodes": [{"id": "u", "kind": "users"}, {"id": "w", "kind": "web"}],
            "wires": [{"from": "u", "to": "w"}], "run": {"seed": 5, "until_s": 3, "replications": 6}}"#;
        let design = Design::parse(text).unwrap();
        let all = |threads| run_seeds(&design, threads, |_, design, sim| summarize(design, sim));
        let (one, four, many) = (all(1), all(4), all(50));
        assert_eq!((one.len(), &one), (6, &four));
        assert_eq!(one, many);
        let seeds: Vec<&Value> = one.iter().map(|s| &s["seed"]).collect();
        assert_eq!(seeds, [5, 6, 7, 8, 9, 10]);
        assert_ne!(one[0]["hash"], one[1]["hash"]);
        let arrivals = &merge(&one)["users"]["arrivals"];
        // 300 ± 7 is what theory says of six Poisson counts of 300.
        assert!((arrivals["mean"].as_f64().unwrap() - 300.0).abs() < 35.0, "{arrivals}");
        assert_eq!(arrivals["n"], 6);
    }
}
