//! Results of queries in a cache, seen from outside.
#![allow(clippy::unwrap_used)]

use crate::design::Design;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

/// Ten queries and one write a second for each of a few items, all alike; nothing takes time but what is told.
fn run(cache: &Value, through: bool, items: u32, query_ms: f64) -> Value {
    let zero = json!({"law": "deterministic", "mean_ms": 0});
    let mut params = json!({"service": zero, "workers": 1000});
    params.as_object_mut().unwrap().extend(cache.as_object().unwrap().clone());
    let query = json!({"law": "deterministic", "mean_ms": query_ms});
    let mut wires = vec![json!({"from": "users", "to": "web"}), json!({"from": "web", "to": "cache"})];
    wires.push(json!({"from": if through { "cache" } else { "web" }, "to": "db"}));
    let file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 11 * items},
                "query_share": 10.0 / 11.0, "write_share": 1.0 / 11.0, "items": items, "zipf_s": 0, "ends_s": 2000}},
            {"id": "web", "kind": "web", "params": {"workers": 1000, "service": zero}},
            {"id": "cache", "kind": "cache", "params": params},
            {"id": "db", "kind": "relational", "params": {"workers": 1000, "read": zero, "write": zero, "query": query}},
        ],
        "wires": wires,
        "run": {"until_s": 2001, "seed": 4},
    });
    let design = Design::parse(&file.to_string()).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    summarize(&design, &mut sim)
}

/// Renewal theory: in a cycle of one fetch and then its TTL there are λT hits on the mean, and a hit of age a is stale with
/// probability 1 − e^(−wa), where ages are even over the TTL. Writes do not shorten it, whatever they do to items.
#[test]
fn results_live_as_long_as_their_ttl_and_age_meanwhile() {
    for (through, on_write) in
        [(false, "invalidate"), (true, "invalidate"), (false, "write_through"), (true, "write_back")]
    {
        let told =
            run(&json!({"query_results": 10, "query_ttl_s": 1, "on_write": on_write}), through, 5, 0.0);
        let cache = &told["nodes"][2];
        let of = |name: &str| cache[name].as_f64().unwrap();
        assert!((of("query_hit_ratio") - 10.0 / 11.0).abs() < 0.003, "{through} {on_write}: {cache}");
        let (got, aged) = (of("query_stale_hit_share"), libm::exp(-1.0));
        if on_write == "write_back" {
            // An unsaved write, there for 5 s after a wait of 1 s, is in no result.
            assert!((5.0 / 6.0..1.0).contains(&got), "{got}");
        } else {
            assert!((got - aged).abs() < 0.015, "{through} {on_write}: {got} and {aged}");
        }
        let misses = of("query_lookups") * (1.0 - of("query_hit_ratio"));
        let asked = told["nodes"][3]["classes"]["query"]["arrivals"].as_f64().unwrap();
        assert!((asked - misses).abs() < 0.5, "each miss asks the database: {asked} and {misses}");
    }
}

/// Room for three of five results, all alike, that live for ever: three of five queries hit.
#[test]
fn results_have_room_of_their_own() {
    let told =
        run(&json!({"query_results": 3, "query_ttl_s": 31_536_000, "capacity_items": 1}), false, 5, 0.0);
    let hits = told["nodes"][2]["query_hit_ratio"].as_f64().unwrap();
    assert!((hits - 0.6).abs() < 0.01 && told["nodes"][2]["query_results"] == 3, "{hits}");
    let off = run(&json!({}), false, 5, 0.0);
    assert_eq!(off["nodes"][2]["classes"]["query"], Value::Null, "nobody asks");
    assert_eq!(
        off["nodes"][3]["classes"]["query"]["arrivals"],
        off["nodes"][0]["classes"]["query"]["arrivals"]
    );
}

/// With single flight one query asks for all who want its result, be it from the cache or from whoever asked it.
#[test]
fn one_query_asks_for_all() {
    for through in [false, true] {
        let cache = |single: bool| {
            let told = run(
                &json!({"query_results": 3, "query_ttl_s": 2, "single_flight": single, "lease_ms": 10_000}),
                through,
                1,
                500.0,
            );
            told["nodes"][3]["classes"]["query"]["arrivals"].as_f64().unwrap()
        };
        // A cycle is the wait for the next query, 0.1 s, half a second of fetching and the TTL. Alone, 5 more ask meanwhile,
        // and the last of them, at E = T − (1 − e^(−λT))/λ after the first, begins the TTL.
        let (one, all) = (cache(true), cache(false));
        assert!((one / (2000.0 / 2.6) - 1.0).abs() < 0.02, "{through}: {one}");
        let last = 0.5 - (1.0 - libm::exp(-5.0)) / 10.0;
        assert!((all / (6.0 * 2000.0 / (2.6 + last)) - 1.0).abs() < 0.04, "{through}: {all} and {one}");
    }
}
