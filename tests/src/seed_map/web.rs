//! Servers, balancers, sessions, the way of one request.

use super::Expect::{Diff, Ratio};
use super::{Shown, at, gallery, list, of, placed, refused, shown, sight, span, then, wired, with};
use crate::validation::build::{Done, chain, design, det_ms, exp_ms, node, users};
use headroom_model::sim::trace::{Phase, breakdown};
use serde_json::{Value, json};

/// Users, a web server and a database, on one machine with two cores or each on its own.
fn tiers(rate_rps: f64, together: bool) -> Value {
    let web = node("web", "web", json!({"workers": 50, "service": exp_ms(5.0), "queue_limit": 200}));
    let db = node(
        "db",
        "relational",
        json!({"workers": 20, "read": exp_ms(4.0), "write": exp_ms(12.0), "queue_limit": 200}),
    );
    let file =
        chain(40.0, 5.0, vec![users(rate_rps, json!({"timeout_ms": 3000, "write_share": 0.1})), web, db]);
    let file = wired(file, "web", "db", json!({"latency_ms": if together { 0.0 } else { 0.5 }}));
    let machine = |id: &str| json!({"id": id, "kind": "machine", "params": {"cores": 2}});
    placed(
        file,
        json!([machine("one"), machine("two")]),
        &[("web", "one"), ("db", if together { "one" } else { "two" })],
    )
}

/// Milliseconds of the network and of setting connections up in the waterfall of a followed request, on average.
fn on_the_network_ms(done: &Done) -> f64 {
    let traces = done.sim.traces().recent;
    let ns: u64 = traces
        .iter()
        .map(|trace| {
            let parts = breakdown(trace);
            let whole: u64 = parts.iter().map(|p| p.2).sum();
            assert_eq!(whole, trace.ended_ns - trace.began_ns, "a waterfall leaves nothing out");
            parts
                .iter()
                .filter(|p| matches!(p.1, Phase::Network | Phase::Connect | Phase::Connection))
                .map(|p| p.2)
                .sum::<u64>()
        })
        .sum();
    ns as f64 / 1e6 / traces.len() as f64
}

fn looked_up(ttl_s: f64) -> Value {
    let nodes = vec![
        users(20.0, json!({"clients": 50})),
        node("dns", "dns", json!({"ttl_s": ttl_s, "lookup_ms": 30})),
        node("web", "web", json!({"service": det_ms(5.0)})),
    ];
    chain(30.0, 5.0, nodes)
}

fn connected(per_connection: Value) -> Value {
    let nodes =
        vec![users(20.0, json!({"clients": 50})), node("web", "web", json!({"service": det_ms(5.0)}))];
    let settings = json!({"latency_ms": 20, "connect": "tls13", "keep_alive_s": 600, "requests_per_connection": per_connection});
    wired(chain(60.0, 20.0, nodes), "users", "web", settings)
}

fn clients(web_share: f64) -> Value {
    let nodes =
        vec![users(10.0, json!({"web_share": web_share})), node("web", "web", json!({"instances": 4}))];
    chain(30.0, 0.0, nodes)
}

/// One server with two workers of 20 ms, of a size.
fn sized(rate_rps: f64, size: &str) -> Value {
    let web = node(
        "web",
        "web",
        json!({"workers": 2, "service": exp_ms(20.0), "queue_limit": 100, "size": size, "restart_s": 10}),
    );
    chain(40.0, 5.0, vec![users(rate_rps, json!({"timeout_ms": 3000})), web])
}

/// So many servers that do 200 requests/s each, before a database that does 1,000.
fn scaled(servers: u32) -> Value {
    let nodes = vec![
        users(3_000.0, json!({"timeout_ms": 2000})),
        node("lb", "load_balancer", json!({"policy": "least_connections", "cores": 64})),
        node(
            "web",
            "web",
            json!({"instances": servers, "workers": 4, "service": exp_ms(20.0), "queue_limit": 50}),
        ),
        node("db", "relational", json!({"workers": 4, "read": exp_ms(4.0), "queue_limit": 50})),
    ];
    chain(20.0, 5.0, nodes)
}

/// Two sites behind DNS; one dies at 20 s.
fn two_sites(ttl_s: f64) -> Value {
    let site = |id: &str| node(id, "web", json!({"instances": 2, "service": det_ms(5.0)}));
    let dns = node("dns", "dns", json!({"ttl_s": ttl_s, "health_interval_s": 2, "unhealthy_after": 2}));
    let wires = vec![json!(["users", "dns"]), json!(["dns", "a"]), json!(["dns", "b"])];
    let file = design(80.0, 0.0, vec![users(100.0, json!({})), dns, site("a"), site("b")], wires);
    then(file, json!([{"at_s": 20, "do": "kill", "node": "a"}]))
}

/// The gallery's sessions: killed at 60 s, two servers more at 20 s.
fn sessions(id: &str, until_s: f64, timeline: Value) -> Value {
    let file = with(gallery(id), "web", json!({"boot_s": 1}));
    then(span(file, 0.0, until_s), timeline)
}

/// Requests of a new server over those of an old one.
fn new_over_old(done: &Done) -> f64 {
    let n = list(done, "lb", "requests_per_server", "");
    2.0 * (n[4] + n[5]) / (n[0] + n[1] + n[2] + n[3])
}

fn state_server(params: Value, timeline: Value) -> Value {
    let file = with(span(gallery("one-state-server"), 0.0, 60.0), "sessions", params);
    let file =
        with(file, "users", json!({"traffic": {"points": [[0, 60], [60, 60]]}, "visit": exp_ms(30_000.0)}));
    then(file, timeline)
}

pub(super) fn rows() -> Vec<Shown> {
    let p95 = || at("/users/response_p95_s");
    let failed = || at("/users/failure_share");
    let killed = |at_s: f64| json!([{"at_s": at_s, "do": "kill", "node": "web", "part": 1}]);
    let subnet = |user_to: &str| {
        let nodes =
            vec![users(10.0, json!({})), node("web", "web", json!({})), node("db", "relational", json!({}))];
        // A database answers servers only: what stands in the private subnet is asked through another.
        let wires = if user_to == "web" {
            vec![json!(["users", "web"]), json!(["web", "db"])]
        } else {
            vec![json!(["users", "api"]), json!(["api", "db"])]
        };
        let mut nodes = nodes;
        nodes.push(node("api", "web", json!({})));
        let places =
            json!([{"id": "front", "kind": "public_subnet"}, {"id": "back", "kind": "private_subnet"}]);
        placed(design(10.0, 0.0, nodes, wires), places, &[("web", "front"), ("db", "back"), ("api", "back")])
    };
    let probes = |interval_s: f64| {
        with(
            span(with(gallery("load-balanced"), "users", json!({"retries": 0})), 0.0, 60.0),
            "lb",
            json!({"health_interval_s": interval_s}),
        )
    };
    let algorithms = || span(gallery("four-algorithms"), 5.0, 55.0);
    vec![
        shown(
            1,
            "shared-machine",
            "p95 of users [s]",
            sight("40 requests/s on one machine", tiers(40.0, true), p95()),
            sight("190 requests/s", tiers(190.0, true), p95()),
            Ratio(2.0, 500.0),
        ),
        shown(
            1,
            "shared-machine",
            "share of failed requests",
            sight("40 requests/s on one machine", tiers(40.0, true), failed()),
            sight("400 requests/s", tiers(400.0, true), failed()),
            Diff(0.2, 0.9),
        ),
        shown(
            1,
            "shared-machine",
            "time in the database, mean [s]",
            sight(
                "at 190 requests/s, on a machine of its own",
                tiers(190.0, false),
                of("db", "response_mean_s"),
            ),
            sight("on the machine of the web server", tiers(190.0, true), of("db", "response_mean_s")),
            Ratio(1.5, 100.0),
        ),
        shown(
            2,
            "",
            "network and connecting in the waterfall of a request, mean [ms]",
            sight("connections are kept", connected(Value::Null), on_the_network_ms),
            sight("each request connects (TCP, TLS 1.3)", connected(json!(1)), on_the_network_ms),
            Diff(60.0, 85.0),
        ),
        shown(
            2,
            "two-data-centres",
            "time of a request, mean [s]",
            sight("DNS answers kept for 60 s", looked_up(60.0), at("/users/response_mean_s")),
            sight("looked up every time", looked_up(0.0), at("/users/response_mean_s")),
            Diff(0.02, 0.035),
        ),
        shown(
            3,
            "",
            "bytes received per second, ten clicks per second",
            sight("mobile clients", clients(0.0), |d| d.get("users", "received_bytes") / 30.0),
            sight("browsers", clients(1.0), |d| d.get("users", "received_bytes") / 30.0),
            Ratio(350.0, 430.0),
        ),
        shown(
            3,
            "",
            "requests to the web tier per second, ten clicks per second",
            sight("mobile clients", clients(0.0), |d| d.get("web", "arrivals") / 30.0),
            sight("browsers", clients(1.0), |d| d.get("web", "arrivals") / 30.0),
            Ratio(20.9, 21.1),
        ),
        shown(
            4,
            "shared-machine",
            "p95 of users [s]",
            sight("one machine at 190 requests/s", tiers(190.0, true), p95()),
            sight("web and database apart", tiers(190.0, false), p95()),
            Ratio(0.0, 0.6),
        ),
        shown(
            4,
            "",
            "time of a request, mean [s]",
            sight("one machine at 5 requests/s", tiers(5.0, true), at("/users/response_mean_s")),
            sight("apart: one more hop of 0.5 ms each way", tiers(5.0, false), at("/users/response_mean_s")),
            Diff(0.0004, 0.0011),
        ),
        shown(
            6,
            "private-subnet",
            "wires that are refused, with a reason",
            refused("users call a server in the public subnet", subnet("web")),
            refused("users call one in the private subnet", subnet("api")),
            Diff(1.0, 1.0),
        ),
        shown(
            7,
            "vertical-scaling",
            "answers per second",
            sight("two workers, 400 requests/s", sized(400.0, "x1"), at("/users/throughput_rps")),
            sight("a machine of size ×4", sized(400.0, "x4"), at("/users/throughput_rps")),
            Ratio(3.0, 4.0),
        ),
        shown(
            7,
            "vertical-scaling",
            "share of failed requests",
            sight("×4 from the start", sized(50.0, "x4"), failed()),
            sight(
                "resized while it runs: it restarts",
                then(sized(50.0, "x1"), json!([{"at_s": 15, "do": "resize", "node": "web", "size": "x4"}])),
                failed(),
            ),
            Diff(0.1, 0.5),
        ),
        shown(
            7,
            "",
            "USD for a million answers at full load",
            sight("size ×1", sized(8000.0, "x1"), |d| {
                d.summary["cost"]["machines_usd_per_hour"].as_f64().unwrap_or(0.0)
                    / d.get("users", "throughput_rps")
                    / 0.0036
            }),
            sight("size ×32", sized(8000.0, "x32"), |d| {
                d.summary["cost"]["machines_usd_per_hour"].as_f64().unwrap_or(0.0)
                    / d.get("users", "throughput_rps")
                    / 0.0036
            }),
            Ratio(1.3, 20.0),
        ),
        shown(
            7,
            "",
            "sizes that are refused: the ladder ends",
            refused("×96", sized(50.0, "x96")),
            refused("×128", sized(50.0, "x128")),
            Diff(1.0, 1.0),
        ),
        shown(
            8,
            "load-balanced",
            "answers per second",
            sight("one server", scaled(1), at("/users/throughput_rps")),
            sight("four servers", scaled(4), at("/users/throughput_rps")),
            Ratio(3.6, 4.2),
        ),
        shown(
            8,
            "",
            "answers per second",
            sight("six servers", scaled(6), at("/users/throughput_rps")),
            sight("twelve: the database is the bottleneck", scaled(12), at("/users/throughput_rps")),
            Ratio(0.7, 1.05),
        ),
        shown(
            9,
            "four-algorithms",
            "p95 of users [s]",
            sight("round robin", algorithms(), of("users_round_robin", "response_p95_s")),
            sight("least connections", algorithms(), of("users_least", "response_p95_s")),
            Ratio(0.0, 0.75),
        ),
        shown(
            9,
            "four-algorithms",
            "p95 of users [s]",
            sight("at random", algorithms(), of("users_random", "response_p95_s")),
            sight("the better of two at random", algorithms(), of("users_two_choices", "response_p95_s")),
            Ratio(0.0, 0.75),
        ),
        shown(
            9,
            "two-data-centres",
            "requests that DNS sent to a dead server",
            sight("TTL 5 s", two_sites(5.0), of("dns", "sent_to_dead_sites")),
            sight("TTL 60 s", two_sites(60.0), of("dns", "sent_to_dead_sites")),
            Ratio(1.8, 30.0),
        ),
        shown(
            10,
            "load-balanced",
            "failed requests, one of four servers dead",
            sight("health checked each second", probes(1.0), of("users", "failures_total")),
            sight("each 5 s", probes(5.0), of("users", "failures_total")),
            Ratio(2.0, 12.0),
        ),
        shown(
            10,
            "load-balanced",
            "share of failed requests",
            sight("until the check notices (40 to 43 s)", span(probes(3.0), 40.0, 43.0), failed()),
            sight("after it has (50 to 60 s)", span(probes(3.0), 50.0, 60.0), failed()),
            Ratio(0.0, 0.02),
        ),
        shown(
            20,
            "sticky-sessions",
            "users logged out",
            sight("no server dies", sessions("sticky-sessions", 90.0, json!([])), of("users", "log_outs")),
            sight(
                "one of four dies",
                sessions("sticky-sessions", 90.0, killed(60.0)),
                of("users", "log_outs"),
            ),
            Diff(50.0, 400.0),
        ),
        shown(
            20,
            "sticky-sessions",
            "requests of a new server over those of an old one",
            sight(
                "any server serves any user",
                sessions(
                    "stateless-servers",
                    60.0,
                    json!([{"at_s": 20, "do": "scale", "node": "web", "instances": 6}]),
                ),
                new_over_old,
            ),
            sight(
                "sticky sessions",
                sessions(
                    "sticky-sessions",
                    60.0,
                    json!([{"at_s": 20, "do": "scale", "node": "web", "instances": 6}]),
                ),
                new_over_old,
            ),
            Ratio(0.0, 0.85),
        ),
        shown(
            21,
            "stateless-servers",
            "users logged out when a server dies",
            sight(
                "sessions in the servers",
                sessions("sticky-sessions", 90.0, killed(60.0)),
                of("users", "log_outs"),
            ),
            sight(
                "sessions in a store",
                sessions("stateless-servers", 90.0, killed(60.0)),
                of("users", "log_outs"),
            ),
            Ratio(0.0, 0.0),
        ),
        shown(
            21,
            "stateless-servers",
            "time of a request, mean [s]",
            sight(
                "sessions in the servers",
                sessions("sticky-sessions", 40.0, json!([])),
                at("/users/response_mean_s"),
            ),
            sight(
                "one more hop to the store",
                sessions("stateless-servers", 40.0, json!([])),
                at("/users/response_mean_s"),
            ),
            Diff(0.0003, 0.002),
        ),
        shown(
            22,
            "one-state-server",
            "p95 of users [s]",
            sight("a store of four workers", state_server(json!({"workers": 4}), json!([])), p95()),
            sight(
                "of one: eight idle servers wait for it",
                state_server(json!({"workers": 1, "service": exp_ms(1.5)}), json!([])),
                p95(),
            ),
            Ratio(1.5, 200.0),
        ),
        shown(
            22,
            "one-state-server",
            "users logged out when the store dies",
            sight(
                "with a replica",
                state_server(
                    json!({"workers": 4, "replicas": 1, "failover_s": 2}),
                    json!([{"at_s": 30, "do": "kill", "node": "sessions", "part": 0}]),
                ),
                of("users", "log_outs"),
            ),
            sight(
                "alone, back after 2 s",
                state_server(
                    json!({"workers": 4}),
                    json!([{"at_s": 30, "do": "kill", "node": "sessions"}, {"at_s": 32, "do": "revive", "node": "sessions"}]),
                ),
                of("users", "log_outs"),
            ),
            Diff(300.0, 5000.0),
        ),
    ]
}
