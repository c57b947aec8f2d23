//! A CDN in small designs, against what can be worked out by hand.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use crate::design::Design;
use crate::sim::Simulation;
use crate::summary::summarize;
use serde_json::{Value, json};

/// Users who ask for assets only, a CDN, and web servers as its origin; gives the parts of the summary of both.
fn run(people: Value, cdn: Value, timeline: Value, until_s: f64) -> (Value, Value, Value) {
    let zero = json!({"law": "deterministic", "mean_ms": 0});
    let mut users = json!({
        "traffic": {"preset": "constant", "rps": 100}, "arrivals": "regular", "write_share": 0, "static_share": 1,
        "assets": 1, "asset_kb": 1, "timeout_ms": null,
    });
    users.as_object_mut().unwrap().extend(people.as_object().unwrap().clone());
    let mut params = json!({"edges": 1, "service": zero, "shield_latency_ms": 0});
    params.as_object_mut().unwrap().extend(cdn.as_object().unwrap().clone());
    let web = json!({"workers": 1000, "service": zero, "static_service": zero, "queue_limit": null});
    let file = json!({
        "nodes": [
            {"id": "users", "kind": "users", "params": users},
            {"id": "cdn", "kind": "cdn", "params": params},
            {"id": "web", "kind": "web", "params": web},
        ],
        "wires": [{"from": "users", "to": "cdn"}, {"from": "cdn", "to": "web"}],
        "timeline": timeline,
        "run": {"until_s": until_s},
    });
    let design = Design::parse(&file.to_string()).unwrap();
    let mut sim = Simulation::new(&design);
    sim.run();
    assert!(sim.is_conserved());
    let nodes = summarize(&design, &mut sim)["nodes"].clone();
    (nodes[0].clone(), nodes[1].clone(), nodes[2].clone())
}

#[test]
fn each_edge_fetches_once_and_with_a_shield_one_for_all() {
    let (_, cdn, web) = run(json!({}), json!({"edges": 4}), json!([]), 60.005);
    assert_eq!((&cdn["origin_requests"], &web["arrivals"]), (&json!(4), &json!(4)));
    assert_eq!(cdn["asset_requests"], json!(6000));
    let (_, cdn, web) = run(json!({}), json!({"edges": 4, "shield": true}), json!([]), 60.005);
    assert_eq!((&cdn["origin_requests"], &web["arrivals"]), (&json!(1), &json!(1)));
    assert_eq!(cdn["shield_hit_ratio"], json!(0.75));
}

#[test]
fn a_release_is_missed_under_new_names_and_stale_under_old_ones_until_the_purge() {
    let timeline = json!([{"at_s": 10.005, "do": "release", "node": "cdn"}, {"at_s": 20.005, "do": "purge", "node": "cdn"}]);
    let (_, cdn, web) = run(json!({}), json!({"purge_delay_s": 0}), timeline.clone(), 40.005);
    assert_eq!((&web["arrivals"], &cdn["stale_asset_share"]), (&json!(3), &json!(0.0)));
    let old = json!({"versioned_names": false, "purge_delay_s": 5});
    let (_, cdn, web) = run(json!({}), old, timeline, 40.005);
    // From 10.005 s, the release, to 25.005 s, when the purge has reached the edge: 1500 of 4000.
    assert_eq!((&web["arrivals"], &cdn["stale_asset_share"]), (&json!(2), &json!(0.375)));
}

#[test]
fn clients_of_a_dead_edge_go_on_to_the_next_one_or_to_the_origin_or_nowhere() {
    let kill = json!([{"at_s": 10.005, "do": "kill", "node": "cdn", "part": 0}]);
    let failures = |cdn: Value| run(json!({}), cdn, kill.clone(), 20.005);
    let (users, _, web) = failures(json!({"edges": 2}));
    assert_eq!((&users["failures"], &web["arrivals"]), (&json!({}), &json!(2)));
    let (users, ..) = failures(json!({"edges": 1}));
    assert_eq!(users["failures"], json!({"refused": 1000}));
    let (users, _, web) = failures(json!({"edges": 1, "on_outage": "origin"}));
    assert_eq!((&users["failures"], &web["arrivals"]), (&json!({}), &json!(1001)));
    let (users, ..) = failures(json!({"edges": 1, "on_outage": "fail"}));
    assert_eq!(users["failures"], json!({"refused": 1000}));
}

#[test]
fn what_is_not_static_passes_through_and_bytes_are_paid_at_the_cdn() {
    let people = json!({"static_share": 0.5, "read_kb": 2});
    let (users, cdn, web) = run(people, json!({}), json!([]), 60.005);
    let reads = users["classes"]["read"]["completions"].as_u64().unwrap();
    assert_eq!(web["arrivals"], json!(reads + 1));
    assert_eq!(cdn["arrivals"], json!(6000));
}
