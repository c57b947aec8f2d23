//! Designs of a known size, to time the whole product path with.

use headroom_model::design::Design;
use std::fmt::Write;

/// Parses a design of this file.
fn parse(text: &str) -> Design {
    Design::parse(text).unwrap_or_else(|faults| panic!("a design of this file is valid: {faults:?}"))
}

/// W1 and W2: one queue, exponential arrivals and service, as many requests as told.
pub fn queue(requests: u64, rps: f64, workers: u32, service_ms: f64) -> Design {
    let until_s = requests as f64 / rps;
    parse(&format!(
        r#"{{"nodes": [
    {{"id": "users", "kind": "users", "params": {{"traffic": {{"preset": "constant", "rps": {rps}}}, "items": 1000, "timeout_ms": null}}}},
    {{"id": "web", "kind": "web", "params": {{"workers": {workers}, "service": {{"law": "exponential", "mean_ms": {service_ms}}}, "queue_limit": null}}}}
], "wires": [{{"from": "users", "to": "web"}}], "run": {{"until_s": {until_s}}}}}"#
    ))
}

/// W3: 5,000 requests/s round robin over four servers of eight workers, a fifth of them on to a database.
pub fn tiers(requests: u64) -> Design {
    let until_s = requests as f64 / 5_000.0;
    parse(&format!(
        r#"{{"nodes": [
    {{"id": "users", "kind": "users", "params": {{"traffic": {{"preset": "constant", "rps": 5000}}, "items": 100000, "timeout_ms": null}}}},
    {{"id": "lb", "kind": "load_balancer"}},
    {{"id": "web", "kind": "web", "params": {{"instances": 4, "workers": 8, "service": {{"law": "exponential", "mean_ms": 5}}, "queue_limit": null, "downstream_share": 0.2}}}},
    {{"id": "db", "kind": "relational", "params": {{"workers": 16, "read": {{"law": "exponential", "mean_ms": 10}}, "write": {{"law": "exponential", "mean_ms": 10}}, "queue_limit": null}}}}
], "wires": [{{"from": "users", "to": "lb"}}, {{"from": "lb", "to": "web"}}, {{"from": "web", "to": "db"}}], "run": {{"until_s": {until_s}}}}}"#
    ))
}

/// Requests that all stay for ever: what one in flight takes of memory.
pub fn in_flight(requests: u64) -> Design {
    let (rps, until_s) = (1_000.0, requests as f64 / 1_000.0);
    parse(&format!(
        r#"{{"nodes": [
    {{"id": "users", "kind": "users", "params": {{"traffic": {{"preset": "constant", "rps": {rps}}}, "items": 1000, "timeout_ms": null}}}},
    {{"id": "web", "kind": "web", "params": {{"workers": 100000, "service": {{"law": "exponential", "mean_ms": 3600000}}, "queue_limit": null}}}}
], "wires": [{{"from": "users", "to": "web"}}], "run": {{"until_s": {until_s}}}}}"#
    ))
}

/// So many independent cells of users, balancer, four servers, cache and database, with 10,000 requests/s in all.
pub fn cells(nodes: u32, requests: u64) -> Design {
    let cells = nodes / 5;
    let rps = 10_000.0 / f64::from(cells);
    let (mut list, mut wires) = (Vec::new(), Vec::new());
    for i in 0..cells {
        list.push(format!(
            r#"{{"id": "users{i}", "kind": "users", "params": {{"traffic": {{"preset": "constant", "rps": {rps}}}, "items": 100000}}}},
               {{"id": "lb{i}", "kind": "load_balancer"}},
               {{"id": "web{i}", "kind": "web", "params": {{"instances": 4, "workers": 16, "service": {{"law": "exponential", "mean_ms": 2}}}}}},
               {{"id": "cache{i}", "kind": "cache", "params": {{"capacity_items": 10000, "service": {{"law": "exponential", "mean_ms": 0.05}}}}}},
               {{"id": "db{i}", "kind": "relational", "params": {{"workers": 32, "read": {{"law": "exponential", "mean_ms": 2}}}}}}"#
        ));
        let mut wire = |from: &str, to: &str| {
            wires.push(format!(r#"{{"from": "{from}{i}", "to": "{to}{i}"}}"#));
        };
        wire("users", "lb");
        wire("lb", "web");
        wire("web", "cache");
        wire("web", "db");
    }
    let until_s = requests as f64 / 10_000.0;
    parse(&format!(
        r#"{{"nodes": [{}], "wires": [{}], "run": {{"until_s": {until_s}}}}}"#,
        list.join(","),
        wires.join(",")
    ))
}

/// One cell whose cache has room for so many items: a tenth of all, or all of the most that a design may have.
pub fn cached(items: u32, requests: u64) -> Design {
    let mut text = String::new();
    let until_s = requests as f64 / 10_000.0;
    let all = (u64::from(items) * 10).min(10_000_000);
    write!(
        text,
        r#"{{"nodes": [
    {{"id": "users", "kind": "users", "params": {{"traffic": {{"preset": "constant", "rps": 10000}}, "items": {all}}}}},
    {{"id": "lb", "kind": "load_balancer"}},
    {{"id": "web", "kind": "web", "params": {{"instances": 4, "workers": 16, "service": {{"law": "exponential", "mean_ms": 2}}}}}},
    {{"id": "cache", "kind": "cache", "params": {{"capacity_items": {items}, "service": {{"law": "exponential", "mean_ms": 0.05}}}}}},
    {{"id": "db", "kind": "relational", "params": {{"workers": 32, "read": {{"law": "exponential", "mean_ms": 2}}}}}}
], "wires": [{{"from": "users", "to": "lb"}}, {{"from": "lb", "to": "web"}}, {{"from": "web", "to": "cache"}}, {{"from": "web", "to": "db"}}], "run": {{"until_s": {until_s}}}}}"#
    )
    .expect("writing to a string does not fail");
    parse(&text)
}

/// A cache in front of a database with a replica, steady enough that most of it is skipped with sampled detail.
pub fn sampled(traffic: &str) -> Design {
    let curve = match traffic {
        "daily" => r#"{"preset": "daily", "mean_rps": 200, "peak_rps": 300, "period_s": 3000}"#,
        _ => r#"{"preset": "constant", "rps": 300}"#,
    };
    parse(&format!(
        r#"{{"nodes": [{{"id": "u", "kind": "users", "params": {{"traffic": {curve}, "items": 10000}}}},
            {{"id": "w", "kind": "web"}}, {{"id": "c", "kind": "cache", "params": {{"capacity_items": 1000}}}},
            {{"id": "db", "kind": "relational", "params": {{"replicas": 1}}}}],
          "wires": [{{"from": "u", "to": "w"}}, {{"from": "w", "to": "c"}}, {{"from": "w", "to": "db"}}],
          "timeline": [{{"at_s": 200, "do": "flush", "node": "c"}}],
          "run": {{"until_s": 1000, "warmup_s": 100, "detail": "sampled"}}}}"#
    ))
}
