//! Databases, caches, shards.

use super::Expect::{Diff, Ratio};
use super::{Shown, at, gallery, list, of, shown, sight, span, then, with};
use crate::validation::build::{Done, chain, design, exp_ms, node, users};
use headroom_model::messages::What;
use serde_json::{Value, json};

/// Users, a web tier that is never the bottleneck, and what stands behind it.
fn served(rate_rps: f64, more: Value, store: Value) -> Value {
    let mut params = json!({"timeout_ms": 2000, "items": 20_000});
    params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let web = node("web", "web", json!({"instances": 8, "workers": 64, "service": exp_ms(1.0)}));
    chain(30.0, 5.0, vec![users(rate_rps, params), web, store])
}

fn relational(more: Value) -> Value {
    let mut params = json!({"workers": 4, "read": exp_ms(4.0), "write": exp_ms(4.0), "queue_limit": 100});
    params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    node("db", "relational", params)
}

fn nosql(more: Value) -> Value {
    let mut params =
        json!({"nodes": 6, "workers": 4, "read": exp_ms(4.0), "read_acks": 1, "queue_limit": 100});
    params.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    node("db", "nosql", params)
}

/// Cache-aside before a database; `None` leaves the cache out.
fn cached(users_params: Value, cache: Option<Value>) -> Value {
    let mut file = served(400.0, users_params, relational(json!({"workers": 8})));
    if let Some(params) = cache {
        let wire = json!({"from": "web", "to": "cache"});
        file["nodes"].as_array_mut().expect("nodes").push(node("cache", "cache", params));
        file["wires"].as_array_mut().expect("wires").push(wire);
    }
    file
}

/// Share of the database's reads that its primary answered.
fn by_primary(done: &Done) -> f64 {
    1.0 - done.get("db", "replica_reads") / done.get("db", "reads")
}

/// From the death of a machine at 5 s until its successor has caught up [s].
fn caught_up_s(done: &Done) -> f64 {
    let caught = done.sim.happenings().iter().find(|h| h.what == What::CaughtUp);
    caught.map_or(f64::INFINITY, |h| h.at_ns as f64 / 1e9 - 5.0)
}

fn requests(done: &Done, node: &str) -> f64 {
    list(done, node, "shards", "requests").iter().sum()
}

fn busiest_over_mean(done: &Done) -> f64 {
    done.get("db", "hottest_over_mean")
}

pub(super) fn rows() -> Vec<Shown> {
    let mut all = stores();
    all.extend(caches());
    all.extend(shards());
    all
}

fn stores() -> Vec<Shown> {
    let rps = || at("/users/throughput_rps");
    let failed = || at("/users/failure_share");
    let queries = json!({"query_share": 0.2, "zipf_s": 0});
    let even = json!({"zipf_s": 0});
    let dying = |replicas: u32, until_s: f64| {
        let file = served(300.0, json!({}), relational(json!({"replicas": replicas})));
        then(span(file, 6.0, until_s), json!([{"at_s": 5, "do": "kill", "node": "db", "part": 1}]))
    };
    let alive =
        |replicas: u32| span(served(300.0, json!({}), relational(json!({"replicas": replicas}))), 6.0, 20.0);
    let copying = |mbps: f64| {
        let params = json!({"replicas": 2, "row_bytes": 5000, "copy_mbps": mbps, "replace_after_s": 1});
        then(
            span(served(100.0, json!({"write_share": 0.2}), relational(params)), 0.0, 120.0),
            json!([{"at_s": 5, "do": "kill", "node": "db", "part": 1}]),
        )
    };
    let failover = || span(gallery("semi-sync-failover"), 0.0, 60.0);
    let detecting = |detect_s: f64| with(failover(), "async_db", json!({"detect_s": detect_s}));
    let conflicts = || span(gallery("multi-primary-conflicts"), 0.0, 30.0);
    let single = || with(conflicts(), "lww", json!({"topology": "single_primary"}));
    let moved = |to_nosql: bool| {
        let tier = |id: &str| node(id, "web", json!({"instances": 2, "workers": 32, "service": exp_ms(1.0)}));
        let nodes = vec![
            users(300.0, json!({})),
            node("carts", "users", json!({"traffic": {"preset": "constant", "rps": 300}})),
            tier("orders"),
            tier("cart"),
            relational(json!({"workers": 4, "read": exp_ms(4.0)})),
            node("kv", "nosql", json!({})),
        ];
        let wires = vec![
            json!(["users", "orders"]),
            json!(["carts", "cart"]),
            json!(["orders", "db"]),
            json!(["cart", if to_nosql { "kv" } else { "db" }]),
        ];
        design(20.0, 2.0, nodes, wires)
    };
    vec![
        shown(
            5,
            "nosql-quorum",
            "share of failed requests, a fifth of them joins",
            sight("relational database", served(200.0, queries.clone(), relational(json!({}))), failed()),
            sight("key-value store: \"cannot do that\"", served(200.0, queries, nosql(json!({}))), failed()),
            Diff(0.17, 0.23),
        ),
        shown(
            5,
            "nosql-quorum",
            "reads per second at 5,000 asked for",
            sight("relational database", served(5000.0, even.clone(), relational(json!({}))), rps()),
            sight("key-value store of six nodes", served(5000.0, even, nosql(json!({}))), rps()),
            Ratio(4.0, 6.2),
        ),
        shown(
            11,
            "replicas-write-burst",
            "reads per second at 3,500 asked for",
            sight("no replica", served(3500.0, json!({}), relational(json!({"read_from": "all"}))), rps()),
            sight(
                "two replicas",
                served(3500.0, json!({}), relational(json!({"read_from": "all", "replicas": 2}))),
                rps(),
            ),
            Ratio(2.7, 3.1),
        ),
        shown(
            11,
            "replicas-write-burst",
            "replica lag, p99 [s]",
            sight("300 writes/s", span(gallery("replicas-write-burst"), 5.0, 40.0), of("db", "lag_p99_s")),
            sight("1,100 writes/s", span(gallery("replicas-write-burst"), 45.0, 70.0), of("db", "lag_p99_s")),
            Ratio(20.0, 1000.0),
        ),
        shown(
            11,
            "replicas-write-burst",
            "stale reads, share",
            sight(
                "300 writes/s",
                span(gallery("replicas-write-burst"), 5.0, 40.0),
                of("db", "stale_read_share"),
            ),
            sight(
                "1,100 writes/s",
                span(gallery("replicas-write-burst"), 45.0, 70.0),
                of("db", "stale_read_share"),
            ),
            Ratio(5.0, 50.0),
        ),
        shown(
            12,
            "",
            "reads that the primary answers, share",
            sight("its only replica lives", alive(1), by_primary),
            sight("it is dead", dying(1, 20.0), by_primary),
            Diff(1.0, 1.0),
        ),
        shown(
            12,
            "",
            "reads of each living replica, per second",
            sight("three replicas", alive(3), |d| d.get("db", "replica_reads") / 14.0 / 3.0),
            sight("one of them dies", dying(3, 20.0), |d| d.get("db", "replica_reads") / 14.0 / 2.0),
            Ratio(1.45, 1.55),
        ),
        shown(
            12,
            "semi-sync-failover",
            "until the new machine serves [s]",
            sight("copied at 20 MB/s", copying(20.0), caught_up_s),
            sight("at 5 MB/s", copying(5.0), caught_up_s),
            Ratio(2.0, 6.0),
        ),
        shown(
            13,
            "semi-sync-failover",
            "time without a primary [s]",
            sight("noticed after 1 s", detecting(1.0), of("async_db", "rto_mean_s")),
            sight("after 10 s", detecting(10.0), of("async_db", "rto_mean_s")),
            Diff(8.99, 9.01),
        ),
        shown(
            13,
            "semi-sync-failover",
            "failed requests",
            sight("noticed after 1 s", detecting(1.0), of("users", "failures_total")),
            sight("after 10 s", detecting(10.0), of("users", "failures_total")),
            Ratio(1.3, 5.0),
        ),
        shown(
            13,
            "semi-sync-failover",
            "acknowledged writes lost",
            sight("asynchronous", failover(), of("async_db", "lost_writes")),
            sight("semi-synchronous", failover(), of("semi_db", "lost_writes")),
            Ratio(0.0, 0.0),
        ),
        shown(
            14,
            "multi-primary-conflicts",
            "writes that conflict, share",
            sight("one primary", single(), |d| {
                d.node("lww").get("conflict_share").and_then(Value::as_f64).unwrap_or(0.0)
            }),
            sight("two primaries", conflicts(), of("lww", "conflict_share")),
            Diff(0.01, 0.5),
        ),
        shown(
            14,
            "multi-primary-conflicts",
            "until every machine has a write, mean [s]",
            sight("two primaries", conflicts(), of("lww", "convergence_mean_s")),
            sight("a circle of four", conflicts(), of("circle", "convergence_mean_s")),
            Ratio(2.5, 4.0),
        ),
        shown(
            35,
            "",
            "utilisation of the relational database",
            sight("orders and carts in it", moved(false), of("db", "utilization")),
            sight("carts moved to a key-value store", moved(true), of("db", "utilization")),
            Ratio(0.45, 0.55),
        ),
    ]
}

fn caches() -> Vec<Shown> {
    let zipf = |s: f64| json!({"zipf_s": s, "write_share": 0.1});
    let usual = || json!({"capacity_items": 4000, "ttl_s": 60});
    let hits = || of("cache", "hit_ratio");
    let db = || of("db", "arrivals");
    let warm = |cache: Value| span(cached(zipf(0.9), Some(cache)), 20.0, 60.0);
    let died = |replicated: bool, workers: u32| {
        let mut file = span(gallery("cache-node-dies"), 60.0, 90.0);
        file = with(
            file,
            "cache",
            json!({"nodes": if replicated { 4 } else { 1 }, "capacity_items": if replicated { 10_000 } else { 40_000 }}),
        );
        file = with(file, "db", json!({"workers": workers}));
        let part = if replicated {
            json!({"at_s": 70, "do": "kill", "node": "cache", "part": 1})
        } else {
            json!({"at_s": 70, "do": "kill", "node": "cache"})
        };
        then(file, json!([part]))
    };
    let slow = |cache: Option<Value>| {
        let file = cached(json!({"write_share": 0.05, "zipf_s": 1.1}), cache);
        let file = with(
            file,
            "users",
            json!({"traffic": {"preset": "constant", "rps": 20}, "items": 200, "timeout_ms": null}),
        );
        span(
            with(file, "db", json!({"workers": 64, "read": exp_ms(2000.0), "queue_limit": null})),
            100.0,
            300.0,
        )
    };
    let queries = |results: u32, ttl_s: f64| {
        let kept = json!({"query_results": results, "query_ttl_s": ttl_s});
        with(then(span(gallery("slow-queries"), 60.0, 300.0), json!([])), "cache", kept)
    };
    let time_of = |class: &'static str| {
        move |d: &Done| {
            d.summary["nodes"][0]["classes"][class]["response_mean_s"].as_f64().unwrap_or(f64::NAN)
        }
    };
    vec![
        shown(
            15,
            "cache-aside",
            "requests that reach the database",
            sight("no cache", cached(zipf(0.9), None), db()),
            sight("a cache of 4,000 of 20,000 items", cached(zipf(0.9), Some(usual())), db()),
            Ratio(0.3, 0.8),
        ),
        shown(
            15,
            "cache-aside",
            "hit ratio",
            sight("popularity Zipf 0.6", span(cached(zipf(0.6), Some(usual())), 20.0, 60.0), hits()),
            sight("Zipf 1.1", span(cached(zipf(1.1), Some(usual())), 20.0, 60.0), hits()),
            Diff(0.2, 0.8),
        ),
        shown(
            15,
            "cache-aside",
            "hit ratio",
            sight("the first five seconds (cold)", span(cached(zipf(0.9), Some(usual())), 0.0, 5.0), hits()),
            sight("from 40 to 60 s", span(cached(zipf(0.9), Some(usual())), 40.0, 60.0), hits()),
            Diff(0.1, 0.8),
        ),
        shown(
            16,
            "",
            "hit ratio",
            sight("TTL 2 s", warm(json!({"capacity_items": 4000, "ttl_s": 2})), hits()),
            sight("TTL 60 s", warm(usual()), hits()),
            Diff(0.1, 0.8),
        ),
        shown(
            16,
            "",
            "stale hits, share (writes leave the copy)",
            sight(
                "TTL 2 s",
                warm(json!({"capacity_items": 4000, "ttl_s": 2, "on_write": "ignore"})),
                of("cache", "stale_hit_share"),
            ),
            sight(
                "TTL 60 s",
                warm(json!({"capacity_items": 4000, "ttl_s": 60, "on_write": "ignore"})),
                of("cache", "stale_hit_share"),
            ),
            Diff(0.1, 0.9),
        ),
        shown(
            16,
            "",
            "hit ratio",
            sight("500 items", warm(json!({"capacity_items": 500, "ttl_s": 60})), hits()),
            sight("4,000 items", warm(usual()), hits()),
            Diff(0.1, 0.8),
        ),
        shown(
            16,
            "",
            "hit ratio of 500 items",
            sight("FIFO", warm(json!({"capacity_items": 500, "eviction": "fifo"})), hits()),
            sight("LFU", warm(json!({"capacity_items": 500, "eviction": "lfu"})), hits()),
            Diff(0.03, 0.5),
        ),
        shown(
            16,
            "stampede",
            "fetches of the item that all want",
            sight("every miss fetches", span(gallery("stampede"), 0.0, 30.0), of("db", "arrivals")),
            sight("single flight", span(gallery("stampede"), 0.0, 30.0), of("db2", "arrivals")),
            Ratio(0.0, 0.1),
        ),
        shown(
            17,
            "cache-node-dies",
            "share of failed requests, a cache machine dies",
            sight("one of four nodes", died(true, 5), at("/users/failure_share")),
            sight("the only one", died(false, 5), at("/users/failure_share")),
            Diff(0.1, 0.9),
        ),
        shown(
            17,
            "cache-node-dies",
            "share of failed requests, the only cache dies",
            sight("a database of 5 workers", died(false, 5), at("/users/failure_share")),
            sight("a database of 16: it bears it", died(false, 16), at("/users/failure_share")),
            Diff(-0.9, -0.1),
        ),
        shown(
            17,
            "cache-node-dies",
            "machines, USD per hour",
            sight(
                "four cache nodes, database of 5 workers",
                died(true, 5),
                at("/cost/machines_usd_per_hour"),
            ),
            sight("one cache node, database of 16", died(false, 16), at("/cost/machines_usd_per_hour")),
            Ratio(0.95, 1.1),
        ),
        shown(
            18,
            "cache-aside",
            "time of a read, mean [s]",
            sight("from the database, 2 s", slow(None), |d| {
                d.summary["nodes"][0]["classes"]["read"]["response_mean_s"].as_f64().unwrap_or(0.0)
            }),
            sight("cached", slow(Some(json!({"ttl_s": 3600}))), |d| {
                d.summary["nodes"][0]["classes"]["read"]["response_mean_s"].as_f64().unwrap_or(0.0)
            }),
            Ratio(0.0, 0.6),
        ),
        shown(
            18,
            "cache-aside",
            "time of a write, which is not cached, mean [s]",
            sight("no cache", slow(None), |d| {
                d.summary["nodes"][0]["classes"]["write"]["response_mean_s"].as_f64().unwrap_or(0.0)
            }),
            sight("reads cached", slow(Some(json!({"ttl_s": 3600}))), |d| {
                d.summary["nodes"][0]["classes"]["write"]["response_mean_s"].as_f64().unwrap_or(0.0)
            }),
            Ratio(0.6, 1.4),
        ),
        shown(
            18,
            "slow-queries",
            "time of a query, mean [s]",
            sight("from the database", queries(0, 60.0), time_of("query")),
            sight("its result cached for a minute", queries(500, 60.0), time_of("query")),
            Ratio(0.1, 0.7),
        ),
        shown(
            18,
            "slow-queries",
            "time of a read, beside the queries, mean [s]",
            sight("queries from the database", queries(0, 60.0), time_of("read")),
            sight("their results cached", queries(500, 60.0), time_of("read")),
            Ratio(0.0, 1.0),
        ),
        shown(
            18,
            "slow-queries",
            "cached results of queries that are out of date, share of hits",
            sight("kept for 10 s", queries(500, 10.0), of("cache", "query_stale_hit_share")),
            sight("kept for 2 min", queries(500, 120.0), of("cache", "query_stale_hit_share")),
            Diff(0.05, 0.9),
        ),
    ]
}

fn shards() -> Vec<Shown> {
    let sharded = |rate_rps: f64, more: Value, shards: u32| {
        let params = json!({"shards": shards, "workers": 2, "read": exp_ms(2.0), "write": exp_ms(3.0), "queue_limit": 200});
        served(rate_rps, more, node("db", "sharded", params))
    };
    let moves = || span(gallery("resharding-online"), 25.0, 110.0);
    let celebrity = |timeline: Value| then(span(gallery("celebrity-shard"), 50.0, 80.0), timeline);
    let hottest = |d: &Done| list(d, "db", "shards", "utilization").into_iter().fold(0.0, f64::max);
    let others = |d: &Done| {
        let mut all = list(d, "db", "shards", "utilization");
        all.sort_by(f64::total_cmp);
        all[..all.len() - 1].iter().sum::<f64>() / (all.len() - 1) as f64
    };
    let failed = || at("/users/failure_share");
    let mut near = celebrity(json!([]));
    near["nodes"].as_array_mut().expect("nodes").push(node("cache", "cache", json!({})));
    near["wires"].as_array_mut().expect("wires").push(json!({"from": "web", "to": "cache"}));
    let joins = || span(gallery("joins-over-shards"), 5.0, 35.0);
    let query = |node: &'static str| {
        move |d: &Done| d.node(node)["classes"]["query"]["response_p99_s"].as_f64().unwrap_or(0.0)
    };
    vec![
        shown(
            31,
            "celebrity-shard",
            "reads per second at 5,000 asked for",
            sight("one shard", sharded(5000.0, json!({"zipf_s": 0}), 1), at("/users/throughput_rps")),
            sight("user_id % 4", sharded(5000.0, json!({"zipf_s": 0}), 4), at("/users/throughput_rps")),
            Ratio(3.8, 4.2),
        ),
        shown(
            31,
            "celebrity-shard",
            "requests of the busiest of four shards over the mean",
            sight("all users alike", sharded(800.0, json!({"zipf_s": 0}), 4), busiest_over_mean),
            sight("popularity Zipf 1.2", sharded(800.0, json!({"zipf_s": 1.2}), 4), busiest_over_mean),
            Diff(0.1, 3.0),
        ),
        shown(
            32,
            "resharding-online",
            "items that a fifth shard moves, share",
            sight("hash mod n", moves(), of("modulo", "items_moved_share")),
            sight("consistent hashing", moves(), of("ring", "items_moved_share")),
            Diff(-0.66, -0.5),
        ),
        shown(
            32,
            "resharding-online",
            "bytes copied",
            sight("hash mod n", moves(), of("modulo", "bytes_moved")),
            sight("consistent hashing", moves(), of("ring", "bytes_moved")),
            Ratio(0.15, 0.4),
        ),
        shown(
            32,
            "resharding-online",
            "time in the database under hash mod n, p95 [s]",
            sight(
                "before (10 to 30 s)",
                span(gallery("resharding-online"), 10.0, 29.0),
                of("modulo", "response_p95_s"),
            ),
            sight(
                "while items move (31 to 45 s)",
                span(gallery("resharding-online"), 31.0, 45.0),
                of("modulo", "response_p95_s"),
            ),
            Ratio(1.1, 100.0),
        ),
        shown(
            33,
            "celebrity-shard",
            "utilisation",
            sight("the other three shards", celebrity(json!([])), others),
            sight("the celebrity's shard", celebrity(json!([])), hottest),
            Ratio(2.0, 10.0),
        ),
        shown(
            33,
            "celebrity-shard",
            "share of failed requests",
            sight(
                "no celebrity",
                with(celebrity(json!([])), "users", json!({"celebrity_share": 0})),
                failed(),
            ),
            sight("35% want one item", celebrity(json!([])), failed()),
            Diff(0.02, 0.5),
        ),
        shown(
            33,
            "celebrity-shard",
            "share of failed requests",
            sight("35% want one item", celebrity(json!([])), failed()),
            sight(
                "the key split in four",
                celebrity(json!([{"at_s": 42, "do": "split_key", "node": "db", "item": 7, "ways": 4}])),
                failed(),
            ),
            Ratio(0.0, 0.4),
        ),
        shown(
            33,
            "celebrity-shard",
            "share of failed requests",
            sight("35% want one item", celebrity(json!([])), failed()),
            sight("with a cache", near, failed()),
            Ratio(0.0, 0.4),
        ),
        shown(
            34,
            "joins-over-shards",
            "time of a query, p99 [s]",
            sight("all eight shards are asked", joins(), query("scatter")),
            sight("de-normalised copies: one is asked", joins(), query("copies")),
            Ratio(0.01, 0.5),
        ),
        shown(
            34,
            "joins-over-shards",
            "work of shards for a write",
            sight("normalised", with(joins(), "users", json!({"query_share": 0, "write_share": 1})), |d| {
                requests(d, "scatter") / d.get("scatter", "arrivals")
            }),
            sight(
                "two de-normalised copies",
                with(joins(), "users", json!({"query_share": 0, "write_share": 1})),
                |d| requests(d, "copies") / d.get("copies", "arrivals"),
            ),
            Diff(1.9, 2.1),
        ),
    ]
}
