//! Designs of a known size, to time the whole product path with.

use headroom_model::design::Design;

/// M/M/1 at 80% load: the smallest design there is.
const QUEUE: &str = r#"{"nodes": [
    {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 8000}, "items": 1000, "timeout_ms": null}},
    {"id": "web", "kind": "web", "params": {"workers": 1, "service": {"law": "exponential", "mean_ms": 0.1}, "queue_limit": null}}
], "wires": [{"from": "users", "to": "web"}], "run": {"until_s": 100}}"#;

/// 5,000 requests/s round robin over four servers of eight workers, a fifth of them on to a database.
const TIERS: &str = r#"{"nodes": [
    {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 5000}, "items": 100000, "timeout_ms": null}},
    {"id": "lb", "kind": "load_balancer"},
    {"id": "web", "kind": "web", "params": {"instances": 4, "workers": 8, "service": {"law": "exponential", "mean_ms": 5}, "queue_limit": null, "downstream_share": 0.2}},
    {"id": "db", "kind": "relational", "params": {"workers": 16, "read": {"law": "exponential", "mean_ms": 10}, "write": {"law": "exponential", "mean_ms": 10}, "queue_limit": null}}
], "wires": [{"from": "users", "to": "lb"}, {"from": "lb", "to": "web"}, {"from": "web", "to": "db"}], "run": {"until_s": 100}}"#;

/// 100,000 requests/s through a balancer, forty servers, a cache and four shards.
const RUSH: &str = r#"{"nodes": [
    {"id": "users", "kind": "users", "params": {"traffic": {"preset": "constant", "rps": 100000}, "items": 1000000}},
    {"id": "lb", "kind": "load_balancer", "params": {"policy": "power_of_two"}},
    {"id": "web", "kind": "web", "params": {"instances": 40, "workers": 32, "service": {"law": "lognormal", "mean_ms": 5, "cv": 1}}},
    {"id": "cache", "kind": "cache", "params": {"capacity_items": 100000, "workers": 4, "service": {"law": "exponential", "mean_ms": 0.005}}},
    {"id": "db", "kind": "sharded", "params": {"shards": 8, "workers": 16, "read": {"law": "exponential", "mean_ms": 1}, "write": {"law": "exponential", "mean_ms": 2}}}
], "wires": [{"from": "users", "to": "lb", "latency_ms": 10}, {"from": "lb", "to": "web", "latency_ms": 0.25}, {"from": "web", "to": "cache", "latency_ms": 0.25}, {"from": "web", "to": "db", "latency_ms": 0.25}], "run": {"until_s": 10}}"#;

/// Names and designs.
pub fn all() -> Vec<(&'static str, Design)> {
    [
        ("M/M/1", QUEUE),
        ("balancer, four servers, database", TIERS),
        ("100,000 requests/s, cache and shards", RUSH),
    ]
    .map(|(name, text)| (name, Design::parse(text).expect("a design of this file is valid")))
    .to_vec()
}
