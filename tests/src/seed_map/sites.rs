//! The CDN, data centres, and what is between them.

use super::Expect::{Diff, Ratio};
use super::{Shown, at, gallery, of, placed, shown, sight, span, then, with};
use crate::validation::build::{Done, chain, design, exp_ms, node, users};
use serde_json::{Value, json};

/// Users who want assets, and a web tier far away; with a CDN between them or without.
fn assets(cdn: Option<Value>) -> Value {
    let asked = users(100.0, json!({"static_share": 0.9, "assets": 2000, "timeout_ms": 5000}));
    let web = node("web", "web", json!({"instances": 2, "workers": 16, "service": exp_ms(5.0)}));
    let far = |from: &str| json!({"from": from, "to": "web", "latency_ms": 60});
    match cdn {
        None => design(60.0, 10.0, vec![asked, web], vec![far("users")]),
        Some(params) => {
            let near = json!({"from": "users", "to": "cdn", "latency_ms": 5});
            design(60.0, 10.0, vec![asked, node("cdn", "cdn", params), web], vec![near, far("cdn")])
        }
    }
}

fn released(versioned: bool, purged: bool) -> Value {
    let mut timeline = vec![json!({"at_s": 20, "do": "release", "node": "cdn", "share": 0.5})];
    if purged {
        timeline.push(json!({"at_s": 22, "do": "purge", "node": "cdn"}));
    }
    then(assets(Some(json!({"versioned_names": versioned, "purge_delay_s": 5}))), Value::Array(timeline))
}

/// All edges die at 30 s.
fn dark(on_outage: &str, dies: bool) -> Value {
    let timeline = if dies { json!([{"at_s": 30, "do": "kill", "node": "cdn"}]) } else { json!([]) };
    then(span(assets(Some(json!({"on_outage": on_outage}))), 30.0, 60.0), timeline)
}

fn centres(dns: Value, servers: u32) -> Value {
    let file = with(gallery("two-data-centres"), "dns", dns);
    let file = with(file, "web_europe", json!({"instances": servers}));
    with(file, "web_asia", json!({"instances": servers}))
}

fn origin(done: &Done) -> f64 {
    done.get("web", "arrivals")
}

/// A database whose replica stands in the same zone, or across the sea; the primary dies at 20 s.
fn replicated(far: bool) -> Value {
    let db = json!({"replicas": 1, "workers": 8, "detect_s": 2, "promote_s": 2, "read_from": "primary"});
    let nodes = vec![
        users(300.0, json!({"write_share": 0.5, "timeout_ms": 3000})),
        node("web", "web", json!({"instances": 2, "workers": 32, "service": exp_ms(2.0)})),
        node("db", "relational", db),
    ];
    let places = json!([
        {"id": "seoul", "kind": "region", "params": {"site": "seoul"}}, {"id": "ireland", "kind": "region", "params": {"site": "ireland"}},
    ]);
    let mut file =
        placed(chain(40.0, 2.0, nodes), places, &[("users", "seoul"), ("web", "seoul"), ("db", "seoul")]);
    file["nodes"][2]["spread"] = if far { json!(["seoul", "ireland"]) } else { json!(["seoul"]) };
    then(file, json!([{"at_s": 20, "do": "kill", "node": "db", "part": 0}]))
}

pub(super) fn rows() -> Vec<Shown> {
    let failed = || at("/users/failure_share");
    let edge = || of("cdn", "edge_hit_ratio");
    let nearest = || json!({"policy": "nearest", "ttl_s": 20});
    let quiet = |dns: Value| then(span(centres(dns, 4), 5.0, 30.0), json!([]));
    let dead = |ttl_s: f64, servers: u32, from_s: f64, until_s: f64| {
        let dns = json!({"policy": "nearest", "ttl_s": ttl_s, "health_interval_s": 2});
        let kill = json!([{"at_s": 20, "do": "kill", "node": "dc_asia"}]);
        span(then(centres(dns, servers), kill), from_s, until_s)
    };
    vec![
        shown(
            19,
            "cdn-purge",
            "requests to the origin",
            sight("no CDN", assets(None), origin),
            sight("a CDN", assets(Some(json!({}))), origin),
            Ratio(0.1, 0.6),
        ),
        shown(
            19,
            "cdn-purge",
            "time of a request, mean [s]",
            sight("no CDN", assets(None), at("/users/response_mean_s")),
            sight("a CDN", assets(Some(json!({}))), at("/users/response_mean_s")),
            Ratio(0.1, 0.7),
        ),
        shown(
            19,
            "cdn-purge",
            "edge hit ratio",
            sight("TTL 1 s", assets(Some(json!({"ttl_s": 1}))), edge()),
            sight("TTL 1 h", assets(Some(json!({"ttl_s": 3600}))), edge()),
            Diff(0.1, 0.9),
        ),
        shown(
            19,
            "cdn-purge",
            "traffic of the CDN, USD per hour",
            sight("assets of 38 kB", assets(Some(json!({}))), |d| {
                d.node("cdn")["cost"]["transfer_usd_per_hour"].as_f64().unwrap_or(0.0)
            }),
            sight(
                "assets of half the size",
                with(assets(Some(json!({}))), "users", json!({"asset_kb": 19})),
                |d| d.node("cdn")["cost"]["transfer_usd_per_hour"].as_f64().unwrap_or(0.0),
            ),
            Ratio(0.45, 0.6),
        ),
        shown(
            19,
            "cdn-purge",
            "stale assets, share, after a release",
            sight("names with a version", released(true, false), of("cdn", "stale_asset_share")),
            sight("names without", released(false, false), of("cdn", "stale_asset_share")),
            Diff(0.05, 0.9),
        ),
        shown(
            19,
            "cdn-purge",
            "stale assets, share, after a release",
            sight("until the TTL", released(false, false), of("cdn", "stale_asset_share")),
            sight("purged", released(false, true), of("cdn", "stale_asset_share")),
            Ratio(0.05, 0.6),
        ),
        shown(
            19,
            "cdn-purge",
            "requests to the origin in 30 s",
            sight("the CDN lives", dark("origin", false), origin),
            sight("the CDN dies, users fall back to the origin", dark("origin", true), origin),
            Ratio(1.8, 20.0),
        ),
        shown(
            19,
            "cdn-purge",
            "share of failed requests",
            sight("fallback to the origin", dark("origin", true), failed()),
            sight("no fallback", dark("fail", true), failed()),
            Diff(0.5, 1.0),
        ),
        shown(
            24,
            "two-data-centres",
            "time of users in Asia, mean [s]",
            sight(
                "sites in turn",
                quiet(json!({"policy": "round_robin", "ttl_s": 20})),
                of("asia", "response_mean_s"),
            ),
            sight("the nearest", quiet(nearest()), of("asia", "response_mean_s")),
            Ratio(0.05, 0.5),
        ),
        shown(
            24,
            "two-data-centres",
            "share of requests to the first site",
            sight("weights 1 and 1", quiet(json!({"policy": "weighted", "ttl_s": 0})), first_site),
            sight(
                "weights 9 and 1",
                super::wired(
                    quiet(json!({"policy": "weighted", "ttl_s": 0})),
                    "dns",
                    "lb_asia",
                    json!({"weight": 9}),
                ),
                first_site,
            ),
            Diff(0.35, 0.45),
        ),
        shown(
            25,
            "two-data-centres",
            "failed requests, a data centre dies",
            sight("DNS answers kept for 5 s", dead(5.0, 4, 0.0, 90.0), of("asia", "failures_total")),
            sight("kept for 60 s", dead(60.0, 4, 0.0, 90.0), of("asia", "failures_total")),
            Ratio(1.8, 30.0),
        ),
        shown(
            25,
            "two-data-centres",
            "requests of the other site, per second",
            sight("both live (5 to 20 s)", dead(5.0, 4, 5.0, 20.0), |d| {
                d.get("web_europe", "arrivals") / 15.0
            }),
            sight("one is dead (60 to 75 s)", dead(5.0, 4, 60.0, 75.0), |d| {
                d.get("web_europe", "arrivals") / 15.0
            }),
            Ratio(1.9, 2.1),
        ),
        shown(
            25,
            "two-data-centres",
            "share of failed requests, the other site alone",
            sight("four servers: it holds", dead(5.0, 4, 60.0, 75.0), failed()),
            sight("two: it does not", dead(5.0, 2, 60.0, 75.0), failed()),
            Diff(0.5, 1.0),
        ),
        shown(
            26,
            "semi-sync-failover",
            "replica lag, mean [s]",
            sight("replica in the same place", replicated(false), of("db", "lag_mean_s")),
            sight("across the sea", replicated(true), of("db", "lag_mean_s")),
            Diff(0.05, 0.3),
        ),
        shown(
            26,
            "semi-sync-failover",
            "acknowledged writes lost by the failover",
            sight("replica in the same place", replicated(false), of("db", "lost_writes")),
            sight("across the sea", replicated(true), of("db", "lost_writes")),
            Diff(5.0, 60.0),
        ),
    ]
}

fn first_site(done: &Done) -> f64 {
    let n = super::list(done, "dns", "requests_per_site", "");
    n[0] / (n[0] + n[1])
}
